import { holds } from "../house.mjs";

export const title = "A form, and the day report";

export async function story({ company, wire, hand }) {
  const one = await hand("u-3");
  const { page } = one;
  wire.cut();
  await one.go("me");
  await page.locator("a[href='#/me/forms']").click();
  await page.locator("a.lead", { hasText: "周工作计划" }).click();
  await one.slab("送出");
  await page.locator(".asks").first().waitFor();
  holds(true, "a plan without lines says what it lacks");
  await one.tap(".card .button.full");
  await page.fill(".sheet input[type=date]", "2026-11-24");
  await page.locator(".sheet .field").nth(1).locator("input").fill("青岛化工");
  await page.locator(".sheet .field").nth(2).locator("input").fill("XH-850 巡检");
  await one.tap(".sheet .slab");
  await page.locator(".lead.flat", { hasText: "XH-850 巡检" }).waitFor();
  await page.fill("main textarea", "周三开会");
  await page.locator("h1").click();
  await one.slab("送出");
  await page.locator(".bar", { hasText: "有网就送" }).waitFor();
  await one.shot("form");
  holds(true, "filled in and sent, without a network");

  await one.go("today");
  await page.locator("a.lead", { hasText: "日报" }).click();
  await one.tap(".button.spaced");
  await page.fill(".sheet input", "整理备件");
  await one.tap(".sheet .slab");
  await page.locator("main", { hasText: "整理备件" }).waitFor();
  await one.slab("送出日报");
  await page.locator(".bar", { hasText: "有网就送" }).waitFor();
  await one.shot("report");
  holds((await page.locator("#next-step").count()) === 0, "the day report is sent with its general work");
  await one.tap(".button.spaced");
  await page.fill(".sheet input", "写总结");
  await one.tap(".sheet .slab");
  await page.locator(".slab b", { hasText: "补送日报" }).waitFor();
  holds(true, "what came later is sent again");

  wire.mend();
  await one.sync();
  await one.shot("forms-sync");
  holds((await page.locator(".counts dd").first().innerText()) === "0" && (await page.locator(".needs").count()) === 0, "all of it is admitted");
  await one.go("me");
  await page.locator("a.lead", { hasText: "周工作计划" }).locator("text=待审批").waitFor();
  await one.shot("me");
  holds(true, "the plan waits for headquarters to approve it");
}
