import { readFileSync } from "node:fs";
import { holds } from "../house.mjs";

export const title = "Phones that are revoked";

/** Logs something without a network, is revoked meanwhile, and calls again. */
async function revoked({ company, wire, hand }, user, reason) {
  const one = await hand(user);
  wire.cut();
  await one.slab("上班打卡");
  await one.page.locator("text=在岗").first().waitFor();
  await company.act({ ask: { type: "revoke", device: company.device(user), reason } });
  wire.mend();
  await one.go("sync");
  await one.page.locator(".dock .button").nth(1).click();
  await one.page.locator("h1", { hasText: "这台手机已停用" }).waitFor({ timeout: 20_000 });
  return one;
}

export async function story(house) {
  const { company } = house;
  const replaced = await revoked(house, "u-3", "replaced");
  await replaced.page.locator("text=已交总部审核").waitFor({ timeout: 10_000 });
  await replaced.shot("revoked-replaced");
  holds(/u-3/.test(company.cli("review", "list")), "a phone that was replaced hands in by itself what it had, and says so");

  const lost = await revoked(house, "u-5", "lost");
  await lost.page.locator("text=联系总部").waitFor({ timeout: 10_000 });
  await lost.shot("revoked-lost");
  holds(!/u-5/.test(company.cli("review", "list")), "of one that was lost nothing counts");
  const [file] = await Promise.all([lost.page.waitForEvent("download"), lost.page.locator(".button", { hasText: "导出密封文件" }).click()]);
  const path = await file.path();
  holds(!readFileSync(path).includes("clock_in"), "what it holds leaves it sealed");
  const told = company.cli("rescue", "open", path);
  holds(/steps that headquarters hasn't got/.test(told) && !/NOT signed/.test(told), `headquarters opens it, signed by the phone's key: ${told.split("\n")[0]}`);
}
