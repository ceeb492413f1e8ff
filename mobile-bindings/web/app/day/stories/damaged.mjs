import { readFileSync } from "node:fs";
import { holds } from "../house.mjs";

export const title = "A page on which the core comes down";

/** Changes one number inside an order's first change, in the very file that the store lies in: its sequence number has
 * a gap then, and the document's engine panics on it. Nothing below tells: SQLite keeps no sums of its pages. */
async function spoil(needle) {
  const root = await navigator.storage.getDirectory();
  const files = [];
  const walk = async (folder) => {
    for await (const entry of folder.values()) await (entry.kind === "directory" ? walk(entry) : files.push(entry));
  };
  await walk(root);
  const wanted = new TextEncoder().encode(needle);
  const starts = (bytes, at, with_) => with_.every((byte, n) => bytes[at + n] === byte);
  let spoilt = 0;
  for (const file of files) {
    const bytes = new Uint8Array(await (await file.getFile()).arrayBuffer());
    for (let at = 0; at < bytes.length; at += 1) {
      if (!starts(bytes, at, [0x85, 0x6f, 0x4a, 0x83]) || bytes[at + 8] !== 1) continue;
      let [p, length, shift] = [at + 9, 0, 0];
      do (length |= (bytes[p] & 127) << shift), (shift += 7); while (bytes[p++] & 128);
      const end = p + length;
      const text = bytes.subarray(at, end);
      if (!text.some((_, n) => starts(text, n, [...wanted]))) continue;
      const sequence = p + 1 + 32 * bytes[p] + 1 + 16;
      const patch = await file.createWritable({ keepExistingData: true });
      await patch.write({ type: "write", position: sequence, data: new Uint8Array([bytes[sequence] + 5]) });
      await patch.close();
      spoilt += 1;
      at = end;
    }
  }
  return spoilt;
}

export async function story({ company, hand }) {
  let one = await hand("u-3");
  await one.sync();
  await one.close();
  one = await hand(null, one.profile);
  await one.page.goto(`${one.origin}/app/too-old.html`);
  holds((await one.page.evaluate(spoil, "E204")) > 0, "a byte of an order has changed on the disk");
  await one.page.goto(`${one.origin}/app/#/order/${company.order}`);
  await one.page.reload();
  await one.go("sync");
  await one.page.locator(".needs.red").waitFor({ timeout: 30_000 });
  await one.shot("damaged");
  const text = await one.page.locator(".needs.red").innerText();
  holds(text.includes("青岛化工"), `after two strikes it is shown by name: ${text.split("\n")[1]}`);
  const [file] = await Promise.all([one.page.waitForEvent("download"), one.page.locator(".needs.red .button").first().click()]);
  holds(readFileSync(await file.path(), "utf8").length > 200, "what is left of it can be exported");
  await one.go("today");
  await one.slab("上班打卡");
  await one.page.locator("text=在岗").first().waitFor();
  holds(true, "everything else goes on");
  await one.go("sync");
  await one.page.locator(".needs.red .button").nth(1).click();
  await one.page.locator(".needs.red").waitFor({ state: "detached", timeout: 30_000 });
  await one.go(`order/${company.order}`);
  await one.page.locator(".story").waitFor();
  holds((await one.page.locator("main").innerText()).includes("E204"), "and it is fetched anew");
}
