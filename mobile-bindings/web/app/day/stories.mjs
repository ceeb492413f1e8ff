// Three stories: something is refused, and says why; two phones on one order, and a conflict that loses nothing;
// an update that waits for the visit and keeps what is being typed. Exits with 1 where one doesn't hold.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { front } from "./front.mjs";
import { phone } from "./phone.mjs";
import { relay } from "./relay.mjs";

const dist = new URL("../dist", import.meta.url).pathname;
const company = await relay();
const line = { cut: false };
const { server, port } = await front(dist, company.port, [], line);
const origin = `http://127.0.0.1:${port}`;
mkdirSync("shots/day", { recursive: true });
const holds = (ok, what) => {
  if (!ok) throw new Error(`it doesn't hold: ${what}`);
  console.log(`   ${what}`);
};
const phones = [];
const sync = async (hand) => {
  await hand.go("sync");
  await hand.page.locator(".dock .button").nth(1).click();
  await hand.page.waitForTimeout(1_500);
};

async function refusal(hand) {
  console.log("Something is refused");
  line.cut = true;
  await hand.go("new-order");
  await hand.tap(".list .lead");
  await hand.page.fill("textarea", "传送带跑偏");
  await hand.slab("开单");
  await hand.page.locator(".story").waitFor();
  holds(true, "an order opened offline is there at once");
  const policy = {
    version: 2, zone: "Asia/Shanghai", self_open: false, cash: "forbidden", lock_after_days: 14,
    attendance: { current: "2026-11", closes_on: 26, work_start_min: 510, work_end_min: 1050, grace_min: 10, weekend: [6, 7], holidays: [] },
    sla: { reply_hours: 24, arrival: [{ max_km: 300, hours: 24 }, { max_km: 1000, hours: 48 }, { hours: 72 }] },
  };
  await company.act({ ask: { type: "put_policy", policy } });
  line.cut = false;
  await sync(hand);
  await hand.page.locator(".needs.red").first().waitFor();
  await hand.page.screenshot({ path: "shots/day/refused.png" });
  holds((await hand.page.locator(".needs.red").first().innerText()).includes("self_open_forbidden"), "headquarters had forbidden it meanwhile: refused, with the code");
  const [file] = await Promise.all([hand.page.waitForEvent("download"), hand.page.locator(".dock .button").first().click()]);
  holds(readFileSync(await file.path(), "utf8").includes("self_open_forbidden"), "what was refused can be exported");
}

async function conflict(one, two) {
  console.log("Two phones on one order");
  await company.act({ ask: { type: "add_helper", order: company.order, helper: "u-5" } });
  await sync(two);
  line.cut = true;
  for (const [hand, cause] of [[one, "PLC 输入模块损坏"], [two, "现场电源波动"]]) {
    await hand.go(`order/${company.order}`);
    if (await hand.page.locator(".slab b", { hasText: "联系客户" }).count()) {
      await hand.slab("联系客户");
      await hand.tap(".sheet .answer");
      await hand.tap(".sheet .button.full");
    }
    await hand.slab("出发");
    await hand.slab("到场");
    await hand.page.locator(".picker").click();
    await hand.page.fill(".sheet textarea", cause);
    await hand.tap(".sheet .slab");
  }
  line.cut = false;
  await sync(one);
  await sync(two);
  await sync(one);
  await one.go("sync");
  await one.page.locator(".needs.purple").waitFor({ timeout: 10_000 });
  await one.page.screenshot({ path: "shots/day/conflict.png" });
  const text = await one.page.locator(".needs.purple").innerText();
  holds(text.includes("PLC 输入模块损坏") && text.includes("现场电源波动"), "both causes are there, marked as a conflict");
  holds(company.table("flags").includes("conflict"), "and the export flags it");
}

async function update(hand) {
  console.log("An update with an open draft");
  const next = mkdtempSync(join(tmpdir(), "outpost-next-"));
  cpSync(dist, next, { recursive: true });
  const script = join(next, "sw.js");
  writeFileSync(script, readFileSync(script, "utf8").replace(/version = "[0-9a-f]+"/, 'version = "0000000000000002"'));
  await hand.go(`order/${company.order}`);
  const visit = await hand.page.locator("a.story-row").first().getAttribute("href");
  await hand.go(visit.slice(2));
  await hand.page.locator(".picker").click();
  await hand.page.fill(".sheet textarea", "编码器插头松");
  line.folder = next;
  await hand.page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
  await hand.page.waitForFunction(async () => (await navigator.serviceWorker.getRegistration())?.waiting != null, null, { timeout: 20_000 });
  holds((await hand.page.locator(".update").count()) === 0, "nothing is offered during a visit");
  await hand.go("today");
  await hand.page.locator(".update").waitFor({ timeout: 5_000 });
  await hand.page.screenshot({ path: "shots/day/update.png" });
  await Promise.all([hand.page.waitForEvent("load"), hand.page.locator(".update button").click()]);
  await hand.page.locator(".truth").waitFor({ timeout: 15_000 });
  holds((await hand.page.evaluate(() => caches.keys())).join() === "outpost-0000000000000002", "the new version is in, the old one gone");
  await hand.go(visit.slice(2));
  await hand.page.locator(".picker").click();
  holds((await hand.page.inputValue(".sheet textarea")) === "编码器插头松", "what was being typed is still there");
}

try {
  const one = await phone(origin);
  phones.push(one);
  await one.enrol(company.code("u-3", origin));
  const two = await phone(origin);
  phones.push(two);
  await two.enrol(company.code("u-5", origin));
  await conflict(one, two);
  await update(two);
  await refusal(one);
} catch (trouble) {
  console.error(trouble);
  for (const [n, hand] of phones.entries()) await hand.page.screenshot({ path: `shots/day/trouble-${n}.png` }).catch(() => {});
  process.exitCode = 1;
} finally {
  for (const hand of phones) await hand.close().catch(() => {});
  server.close();
  server.closeAllConnections();
  company.end();
}
