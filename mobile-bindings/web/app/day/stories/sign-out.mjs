import { readFileSync } from "node:fs";
import { holds } from "../house.mjs";

export const title = "Signed out with unsent work";

export async function story({ company, wire, hand }) {
  const one = await hand("u-3");
  const code = company.code("u-3", one.origin);
  wire.cut();
  await one.slab("上班打卡");
  await one.page.locator("text=在岗").first().waitFor();
  const before = await one.kept();
  await one.go("me");
  await one.tap("button.lead");
  await one.shot("sign-out");
  holds(/条没送出/.test(await one.page.locator(".sheet h2").innerText()), "it says how much isn't sent");
  const [file] = await Promise.all([one.page.waitForEvent("download"), one.page.locator(".sheet .button").first().click()]);
  holds(readFileSync(await file.path()).length > 100, "which can be exported first");
  await one.tap(".sheet .danger");
  holds((await one.page.locator("textarea").count()) === 0, "one tap isn't enough");
  await one.tap(".sheet .danger.solid");
  await one.page.locator("textarea").waitFor();
  await one.page.reload();
  await one.page.locator("textarea").waitFor();
  holds(true, "signed out, after a reload too");
  wire.mend();
  await one.page.fill("textarea", code);
  await one.tap(".slab");
  await one.slab("开始");
  await one.go("today");
  await one.page.locator("text=在岗").first().waitFor();
  holds(before > 0, `enrolled again: the ${before} are there`);
  await one.sync();
  holds((await one.page.locator(".counts dd").first().innerText()) === "0", "and go to headquarters");
  holds(/u-3/.test(company.table("attendance")), "whose export has them");
}
