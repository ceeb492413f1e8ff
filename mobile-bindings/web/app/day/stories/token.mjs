import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { holds } from "../house.mjs";

export const title = "A token that counts no more, in the field";

export async function story({ company, hand }) {
  const one = await hand("u-3");
  await one.sync();
  const answers = [];
  one.page.on("response", (answer) => new URL(answer.url()).pathname.startsWith("/v1/") && answers.push([new URL(answer.url()).pathname, answer.status()]));
  one.context.on("response", (answer) => new URL(answer.url()).pathname.startsWith("/v1/") && answers.push([new URL(answer.url()).pathname, answer.status()]));
  // The key that signed it is gone: whatever the clocks say, the token doesn't hold any more.
  await company.restart(() => {
    const keys = join(company.data, "keys");
    for (const name of readdirSync(keys)) if (/^token|\.pem$/.test(name)) rmSync(join(keys, name));
  });
  await one.go("today");
  await one.slab("上班打卡");
  await one.page.locator("text=在岗").first().waitFor();
  await one.sync();
  holds(answers.some(([path, status]) => path === "/v1/sync" && status === 401), "the relay turns the old token away");
  holds((await one.page.locator(".counts dd").first().innerText()) === "0", "the phone fetches another, and what was kept is admitted");
  holds((await one.page.locator(".needs").count()) === 0, "nobody is asked for anything");
}
