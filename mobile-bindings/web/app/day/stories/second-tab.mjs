import { holds } from "../house.mjs";

export const title = "A second tab";

export async function story({ hand }) {
  const one = await hand("u-3");
  await one.slab("上班打卡");
  await one.page.locator("text=在岗").first().waitFor();
  const second = await one.context.newPage();
  await second.goto(`${one.origin}/app/`);
  await second.locator("text=另一个页面正在用").waitFor({ timeout: 10_000 });
  await second.screenshot({ path: "shots/day/second-tab.png" });
  holds(true, "a second tab says that another has it open");
  await second.locator(".button").first().click();
  await second.locator(".truth").waitFor({ timeout: 15_000 });
  await one.page.locator("text=另一个页面正在用").waitFor({ timeout: 10_000 });
  holds(await second.locator("text=在岗").first().isVisible(), "it can take over, and has what was logged");
}
