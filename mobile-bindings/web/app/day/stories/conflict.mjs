import { holds } from "../house.mjs";
import { visitWithCause } from "../work.mjs";

export const title = "Two phones on one order";

export async function story({ company, wire, hand }) {
  const [one, two] = [await hand("u-3"), await hand("u-5")];
  await company.act({ ask: { type: "add_helper", order: company.order, helper: "u-5" } });
  await two.sync();
  wire.cut();
  await visitWithCause(one, company.order, "PLC 输入模块损坏");
  await visitWithCause(two, company.order, "现场电源波动");
  wire.mend();
  for (const hand of [one, two, one]) await hand.sync();
  await one.page.locator(".needs.purple").waitFor({ timeout: 10_000 });
  await one.shot("conflict");
  const text = await one.page.locator(".needs.purple").innerText();
  holds(text.includes("PLC 输入模块损坏") && text.includes("现场电源波动"), "both causes are there, marked as a conflict");
  holds(company.table("flags").includes("conflict"), "and the export flags it");
}
