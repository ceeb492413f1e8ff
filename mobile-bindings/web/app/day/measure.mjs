// How long a cold start takes with ORDERS orders on the phone (1,000 unless told), and how long one capture takes to
// be on disk. Exits with 1 beyond the limits, unless the machine is known to be busy (BUSY=1).
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { holds, tell } from "./house.mjs";

const orders = Number(process.env.ORDERS ?? 1_000);
const limits = { start: 300, capture: 10 };
const median = (times) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
const within = (figure, limit, what) => holds(process.env.BUSY || figure < limit, `${what}: ${figure.toFixed(1)} ms (limit ${limit})`);

/** Logs as the app does, through the package, and times each until it is on disk. */
const captures = `
import { coreLogbook } from "./outpost.js";
const logbook = coreLogbook();
await logbook.standing();
const times = [];
for (let n = 0; n < 60; n += 1) {
  const began = performance.now();
  await logbook.capture({ act: "task", minutes: 5, note: "整理备件 " + n });
  times.push(performance.now() - began);
}
globalThis.times = times.slice(10);
`;

const story = async ({ company, hand }) => {
  for (let n = 0; n < orders; n += 8) await Promise.all(Array.from({ length: Math.min(8, orders - n) }, (_, k) => company.open(`WO-${n + k}`, "u-3")));
  const one = await hand("u-3");
  await one.page.waitForFunction((n) => document.querySelectorAll(".order-card").length > n, orders, { timeout: 120_000 });
  await one.page.addInitScript(() => {
    new MutationObserver((_, watch) => {
      if (!document.querySelector(".order-card")) return;
      watch.disconnect();
      globalThis.listed = performance.now();
    }).observe(document, { childList: true, subtree: true });
  });
  const starts = [];
  for (let run = 0; run < 9; run += 1) {
    await one.page.goto("about:blank");
    await one.page.waitForTimeout(700);
    await one.page.goto(`${one.origin}/app/`);
    await one.page.waitForFunction(() => globalThis.listed !== undefined, null, { timeout: 60_000 });
    starts.push(await one.page.evaluate(() => globalThis.listed - (performance.getEntriesByType("resource").find((each) => /index-.*\.js/.test(each.name))?.responseEnd ?? 0)));
  }
  within(median(starts), limits.start, `${orders} orders: from script start to the list, median of ${starts.length}`);
  cpSync(new URL("../../dist", import.meta.url).pathname, company.app, { recursive: true });
  writeFileSync(join(company.app, "captures.js"), captures);
  writeFileSync(join(company.app, "captures.html"), '<!doctype html><script type="module" src="./captures.js"></script>');
  await one.page.goto("about:blank");
  await one.page.waitForTimeout(700);
  await one.page.evaluate(() => 0);
  const bench = await one.context.newPage();
  await bench.goto(`${one.origin}/app/too-old.html`);
  await bench.evaluate(async () => {
    for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
  });
  await bench.goto(`${one.origin}/app/captures.html`);
  await bench.waitForFunction(() => globalThis.times !== undefined, null, { timeout: 60_000 });
  const times = await bench.evaluate(() => globalThis.times);
  within(median(times), limits.capture, `one capture on disk, median of ${times.length}`);
};

process.exit((await tell("How long it takes", story)) ? 0 : 1);
