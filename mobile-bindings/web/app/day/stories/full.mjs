import { holds } from "../house.mjs";
import { visitWithCause } from "../work.mjs";

export const title = "Storage that is full";

export async function story({ company, hand }) {
  const one = await hand("u-3");
  await visitWithCause(one, company.order, "编码器插头松");
  const visit = new URL(one.page.url()).hash.slice(2);
  const leave = async (bytes) => {
    const { usage } = await one.page.evaluate(() => navigator.storage.estimate());
    await one.bench.send("Storage.overrideQuotaForOrigin", { origin: one.origin, quotaSize: usage + bytes });
  };
  const photo = async () => one.page.setInputFiles("input[type=file]", { name: "photo.png", mimeType: "image/png", buffer: await one.page.screenshot() });

  await leave(0);
  await photo();
  await one.page.locator(".toast", { hasText: "照片没存下" }).waitFor();
  await one.shot("full-photo");
  holds((await one.page.locator(".photo").count()) === 0, "no byte left: a photo isn't kept, and that is said");
  for (let n = 0; n < 12; n += 1) {
    await one.page.locator(".picker").click();
    await one.page.fill(".sheet textarea", `文字照记 ${n} ${"外".repeat(500)}`);
    await one.tap(".sheet .slab");
    await one.page.locator(".picker", { hasText: `文字照记 ${n}` }).waitFor({ timeout: 5_000 });
  }
  holds(true, "text is still taken");
  await one.go("sync");
  await one.page.locator("text=手机快存满了").waitFor();
  await one.shot("full-sync");
  holds(true, "Sync says so, and what can go");
  await one.go(visit);

  await one.bench.send("Storage.overrideQuotaForOrigin", { origin: one.origin });
  await one.go("today");
  await one.go(visit);
  await photo();
  await one.page.waitForTimeout(800);
  await one.page.locator(".photo img").waitFor({ timeout: 5_000 });
  holds(true, "room again: the photo is kept");
  await one.sync();
  holds((await one.page.locator(".counts dd").first().innerText()) === "0", "and all of it goes to headquarters");
  company.verify();
}
