import { readFileSync } from "node:fs";
import { holds } from "../house.mjs";

export const title = "Something is refused, and says why";

export async function story({ company, wire, hand }) {
  const one = await hand("u-3");
  wire.cut();
  await one.go("new-order");
  await one.tap(".list .lead");
  await one.page.fill("textarea", "传送带跑偏");
  await one.slab("开单");
  await one.page.locator(".story").waitFor();
  holds(true, "an order opened offline is there at once");
  const policy = {
    version: 2, zone: "Asia/Shanghai", self_open: false, cash: "forbidden", lock_after_days: 14,
    attendance: { current: "2026-11", closes_on: 26, work_start_min: 510, work_end_min: 1050, grace_min: 10, weekend: [6, 7], holidays: [] },
    sla: { reply_hours: 24, arrival: [{ max_km: 300, hours: 24 }, { max_km: 1000, hours: 48 }, { hours: 72 }] },
  };
  await company.act({ ask: { type: "put_policy", policy } });
  wire.mend();
  await one.sync();
  await one.page.locator(".needs.red").first().waitFor();
  await one.shot("refused");
  holds((await one.page.locator(".needs.red").first().innerText()).includes("self_open_forbidden"), "headquarters had forbidden it meanwhile: refused, with the code");
  const [file] = await Promise.all([one.page.waitForEvent("download"), one.page.locator(".dock .button").first().click()]);
  holds(readFileSync(await file.path(), "utf8").includes("self_open_forbidden"), "what was refused can be exported");
}
