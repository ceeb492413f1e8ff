import { holds } from "../house.mjs";

export const title = "Headquarters isn't reached";

export async function story({ wire, hand }) {
  const one = await hand("u-3");
  const { page } = one;
  await one.sync();
  wire.cut();
  let calls = 0;
  one.context.on("request", (request) => {
    if (new URL(request.url()).pathname.startsWith("/v1/")) calls += 1;
  });
  await one.go("sync");
  await page.locator(".dock .button").nth(1).click();
  await page.locator(".bar.amber", { hasText: "自动再试" }).waitFor({ timeout: 10_000 });
  await one.shot("unreached");
  holds(calls > 0, "it says so, and when it tries again");
  const before = calls;
  await one.go("today");
  await one.slab("上班打卡");
  await page.locator("text=在岗").first().waitFor();
  await page.waitForTimeout(3_500);
  holds(calls === before, "what is logged meanwhile doesn't make it knock before that");
  wire.mend();
  await one.sync();
  holds((await page.locator(".counts dd").first().innerText()) === "0", "a tap doesn't wait");
  holds((await page.locator(".bar.amber").count()) === 0, "reached again, nothing is said any more");
}
