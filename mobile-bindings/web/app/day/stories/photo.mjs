import { holds } from "../house.mjs";
import { visitWithCause } from "../work.mjs";

export const title = "A photo of twelve megabytes";

/** As a new phone takes it: 12 million points, full of detail, so that nothing makes it small. */
const camera = async () => {
  const [width, height] = [4_000, 3_000];
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext("2d");
  const row = pen.createImageData(width, 8);
  for (let at = 0; at < height; at += 8) {
    for (let n = 0; n < row.data.length; n += 1) row.data[n] = n % 4 === 3 ? 255 : Math.random() * 256;
    pen.putImageData(row, 0, at);
  }
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg", quality: 0.97 })).arrayBuffer());
  let text = "";
  for (let n = 0; n < bytes.length; n += 32_768) text += String.fromCharCode(...bytes.subarray(n, n + 32_768));
  return btoa(text);
};

export async function story({ company, wire, hand }) {
  const one = await hand("u-3");
  const { page } = one;
  const calls = [];
  one.context.on("request", (request) => calls.push(`${request.method()} ${new URL(request.url()).pathname}`));
  await visitWithCause(one, company.order, "编码器插头松");
  const visit = new URL(page.url()).hash.slice(2);
  await one.sync();
  const taken = Buffer.from(await page.evaluate(camera), "base64");
  holds(taken.length > 12_000_000, `the camera gives ${(taken.length / 1e6).toFixed(1)} MB`);

  wire.cut();
  await one.go(visit);
  await page.setInputFiles("input[type=file]", { name: "IMG_0001.jpg", mimeType: "image/jpeg", buffer: taken });
  await page.locator(".photo.kept img").waitFor({ timeout: 20_000 });
  const [width, height] = await page.locator(".photo img").evaluate((image) => [image.naturalWidth, image.naturalHeight]);
  await one.go("sync");
  const waits = await page.locator(".list .item", { hasText: "照片 1 张" }).innerText();
  const megabytes = Number(/([\d.]+) MB/.exec(waits)[1]);
  holds(width === 1_600 && height === 1_200 && megabytes < 3, `shrunk to ${width} × ${height}, ${megabytes} MB, and kept on the phone`);

  wire.mend();
  wire.slow(120);
  await page.locator(".dock .button").nth(1).click();
  await one.go(visit);
  const bar = page.locator(".photo progress");
  await bar.waitFor({ timeout: 20_000 });
  const seen = new Set();
  let shown = false;
  while (await bar.count()) {
    const part = await bar.evaluate((bar) => bar.value / bar.max).catch(() => null);
    if (part !== null) seen.add(part);
    if (!shown && part > 0.3) shown = Boolean(await one.shot("photo-sending"));
    await page.waitForTimeout(40);
  }
  wire.slow(0);
  holds(seen.size > 2 && [...seen].every((part, n, all) => n === 0 || part >= all[n - 1]), `its progress stands on it: ${[...seen].map((part) => `${Math.round(part * 100)} %`).join(", ")}`);
  await page.locator(".photo.admitted img").waitFor({ timeout: 10_000 });
  holds(calls.some((call) => call.startsWith("PATCH /v1/uploads/")) && company.files().length === 1, "it went in pieces, and is at headquarters");

  await one.go("me");
  await page.locator("button", { hasText: "腾出" }).click();
  await one.go(visit);
  const away = page.locator("button.photo.absent");
  await away.waitFor();
  await one.shot("photo-away");
  wire.cut();
  await away.click();
  await page.locator(".toast", { hasText: "没联系上总部" }).waitFor({ timeout: 10_000 });
  wire.mend();
  await away.click();
  await page.locator(".photo img").waitFor({ timeout: 10_000 });
  holds(true, "let go of to make room, it is fetched again when somebody wants to see it");
}
