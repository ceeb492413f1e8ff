// An engineer's day: enrolled in the morning, offline until the evening, the browser killed in between; then online,
// and the exports have it all, signature and photo included. Exits with 1 where something doesn't hold.
import { createPublicKey, verify } from "node:crypto";
import { writeFileSync } from "node:fs";
import { renderSVG } from "uqr";
import { holds, tell } from "./house.mjs";
import { visitToTheEnd } from "./work.mjs";

/** The customer's code carries headquarters' own signature, which holds against the key that anybody can have. */
async function proof(one, [word]) {
  const { tenant, visit, entry, digest, received, key, signature } = word;
  await one.go(`visit/${visit}/proof`);
  const drawn = decodeURIComponent((await one.page.locator(".code").getAttribute("src")).split(",").slice(1).join(","));
  const text = ["OUTPOST-PROOF2", tenant, visit, entry, digest, received, key, signature, "WO-20261020-0095"].join(":");
  holds(drawn === renderSVG(text, { border: 2, ecc: "M" }), "online again: headquarters has countersigned, and the customer's code has it");
  await one.shot("countersigned");
  const { keys } = await (await fetch(`${one.origin}/v1/keys`)).json();
  const publicKey = createPublicKey({ key: keys.find((each) => each.kid === key), format: "jwk" });
  const signed = ["outpost-countersignature-v1", tenant, visit, entry, digest, received].join("\n");
  holds(verify(null, Buffer.from(signed), publicKey, Buffer.from(signature, "base64url")), "its signature holds");
}

const day = async ({ company, wire, hand }) => {
  let one = await hand("u-3");
  const { page } = one;
  await page.locator(".order-card").waitFor({ timeout: 20_000 });
  holds((await page.locator(".order-card").innerText()).includes("青岛化工"), "enrolled, and the order is on the phone");
  await one.shot("today");

  wire.cut();
  await one.context.setOffline(true);
  await one.slab("上班打卡");
  await page.locator("text=在岗").first().waitFor();
  holds((await one.kept()) >= 1, "offline: clocked in, kept on the phone");
  await visitToTheEnd(one);
  holds(true, "set out, arrived, cause, part and photo; the customer has signed, and sees the code");
  await one.go("today");
  await page.waitForTimeout(500);
  const before = await one.kept();
  holds(before >= 7, `${before} steps only on the phone`);

  await one.kill();
  one = await hand(null, one.profile);
  await one.context.setOffline(true);
  await one.page.goto(`${one.origin}/app/`);
  holds((await one.kept()) === before, "killed: a cold start without a network shows the same");
  await one.shot("restarted");

  wire.mend();
  await one.context.setOffline(false);
  const words = [];
  one.context.on("response", (answer) => answer.url().includes("/signatures/") && words.push(answer.json()));
  await one.go("sync");
  await one.page.locator(".dock .button").nth(1).click();
  await one.page.locator("text=都已收录").waitFor({ timeout: 30_000 });
  await one.shot("sync");
  holds((await one.page.locator(".counts dd").first().innerText()) === "0", "online again: nothing is only on the phone");
  const orders = company.table("orders");
  writeFileSync("shots/day/orders.csv", orders);
  holds(/WO-20261020-0095/.test(orders) && /signed/.test(orders) && /,4,/.test(orders), "the export has the order, signed, with its rating");
  holds(/P-1003/.test(company.table("parts")), "and the part");
  for (let tries = 0; tries < 40 && company.files().length < 2; tries += 1) await one.page.waitForTimeout(250);
  holds(company.files().length === 2, "the photo and the strokes");
  await proof(one, await Promise.all(words));
  console.log(company.verify().trim().split("\n").slice(-3).join("\n"));
};

process.exit((await tell("An engineer's day, offline", day)) ? 0 : 1);
