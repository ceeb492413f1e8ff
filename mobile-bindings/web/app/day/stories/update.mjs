import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { holds } from "../house.mjs";
import { visitWithCause } from "../work.mjs";

export const title = "An update with an open draft";

export async function story({ company, hand }) {
  const one = await hand("u-3");
  await visitWithCause(one, company.order, "编码器");
  const visit = new URL(one.page.url()).hash.slice(2);
  await one.page.locator(".picker").click();
  await one.page.fill(".sheet textarea", "编码器插头松");
  const script = join(company.app, "sw.js");
  const next = readFileSync(script, "utf8").replace(/version = "[0-9a-f]+"/, 'version = "0000000000000002"');
  for (const ending of [".br", ".gz"]) rmSync(script + ending, { force: true });
  writeFileSync(script, next);
  await one.page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
  await one.page.waitForFunction(async () => (await navigator.serviceWorker.getRegistration())?.waiting != null, null, { timeout: 20_000 });
  holds((await one.page.locator(".update").count()) === 0, "nothing is offered during a visit");
  await one.go("today");
  await one.page.locator(".update").waitFor({ timeout: 5_000 });
  await one.shot("update");
  await Promise.all([one.page.waitForEvent("load"), one.page.locator(".update button").click()]);
  await one.page.locator(".truth").waitFor({ timeout: 15_000 });
  holds((await one.page.evaluate(() => caches.keys())).join() === "outpost-0000000000000002", "the new version is in, the old one gone");
  await one.go(visit);
  await one.page.locator(".picker").click();
  holds((await one.page.inputValue(".sheet textarea")) === "编码器插头松", "what was being typed is still there");
}
