import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { holds } from "../house.mjs";

export const title = "A page that makes the core panic";

/* Runs before the worker: whenever the core opens that page it traps, as a panic does, after the page was marked as
 * being opened and before the mark is taken off. Heals when the server no longer has the file `ill.svg`. */
const trap = (page) => `
{
  let opening = false, marked = false;
  const isIll = () => {
    const asked = new XMLHttpRequest();
    asked.open("GET", "../ill.svg?" + Math.random(), false);
    try { asked.send(); return asked.status === 200; } catch { return true; }
  };
  addEventListener("message", ({ data }) => {
    opening = data.method === "order" && data.args[0] === ${JSON.stringify(page)} && isIll();
    marked = false;
  });
  const begin = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = (answer, imports) => {
    for (const module of Object.values(imports)) {
      for (const [name, real] of Object.entries(module)) {
        if (!/_write_/.test(name)) continue;
        module[name] = (...args) => {
          if (opening && marked) throw new WebAssembly.RuntimeError("unreachable");
          const written = real(...args);
          // A journal's head of nothing: SQLite has committed.
          if (opening && args.includes(28)) marked = true;
          return written;
        };
      }
    }
    return begin.call(WebAssembly, answer, imports);
  };
}
`;

export async function story({ company, hand }) {
  const ill = join(company.app, "ill.svg");
  writeFileSync(ill, "ill");
  const assets = join(company.app, "assets");
  const worker = join(assets, readdirSync(assets).find((name) => /^worker-.*\.js$/.test(name)));
  writeFileSync(worker, trap(company.order) + readFileSync(worker, "utf8"));
  for (const ending of [".br", ".gz"]) if (existsSync(worker + ending)) rmSync(worker + ending);

  const one = await hand("u-3");
  const { page } = one;
  let falls = 0;
  page.on("worker", () => (falls += 1));
  await one.sync();
  // What was opened by the sync stays open: the next start reads it from its rows.
  await one.go("today");
  await page.reload();
  await page.locator(".order-card").waitFor();
  falls = 0;
  await one.go(`order/${company.order}`);
  await page.locator(".bar.red", { hasText: "读不出来" }).waitFor({ timeout: 20_000 });
  await one.shot("damaged-page");
  holds(falls === 2, "the core came down twice, was begun anew each time, and the page is shown as damaged");

  await one.context.setOffline(true);
  await one.go("today");
  await page.locator(".order-card").waitFor();
  await one.slab("上班打卡");
  await page.locator("text=在岗").first().waitFor();
  holds(true, "everything else goes on, and the list still has the order");
  await one.go("sync");
  await page.locator(".needs.red", { hasText: "有一页打不开" }).waitFor();
  await one.shot("damaged-sync");
  const [file] = await Promise.all([page.waitForEvent("download"), page.locator(".needs.red .button").first().click()]);
  const lines = readFileSync(await file.path(), "utf8").trim().split("\n").map((line) => JSON.parse(line));
  holds(lines.length > 1 && lines.slice(1).every((line) => line.raw.length > 20), "Sync shows it, and it can be exported, row by row");

  rmSync(ill);
  await one.context.setOffline(false);
  await page.locator(".needs.red .button").nth(1).click();
  await page.locator(".needs.red").waitFor({ state: "detached", timeout: 20_000 });
  await one.go(`order/${company.order}`);
  await page.locator(".story li").nth(1).waitFor({ timeout: 10_000 });
  holds((await page.locator(".bar.red").count()) === 0, "with a core that is mended it comes anew from headquarters, whole");
}
