import { holds } from "../house.mjs";
import { visitWithCause } from "../work.mjs";

export const title = "What doesn't fit is said in words; codes are scanned";

export async function story({ company, hand }) {
  const one = await hand("u-3", undefined, { permissions: ["geolocation", "camera"] });
  const { page } = one;
  await visitWithCause(one, company.order, "编码器插头松");
  const visit = new URL(page.url()).hash.slice(2);
  for (const [lang, said] of [["中文", "“金额”填得不对"], ["English", "“Amount” doesn't fit"]]) {
    await one.go("me");
    await page.locator(".choice", { hasText: lang }).click();
    await one.go(`${visit}/charge`);
    await page.locator(".quick .button").first().click();
    await page.fill("input[inputmode=decimal]", "99999999");
    await page.locator(".choice").nth(1).click();
    await one.tap(".dock .slab");
    await page.locator(".toast", { hasText: said }).waitFor({ timeout: 5_000 });
    await page.waitForTimeout(200);
  }
  await one.shot("unfit");
  holds(true, "a sum beyond all sums: the field is named, in both languages");

  // Chromium on a desk reads no codes; what it would say is put in its place.
  await page.addInitScript(() => {
    globalThis.BarcodeDetector = class {
      detect = async (source) => (source.videoWidth > 0 ? [{ rawValue: "P-1003" }] : []);
    };
  });
  await page.reload();
  await one.go(`${visit}/part`);
  await page.locator("button[aria-label='Scan']").first().click();
  await page.locator(".lead", { hasText: "DI16" }).waitFor({ timeout: 10_000 });
  holds(true, "a part's code is read by the camera, and the part is found");
}
