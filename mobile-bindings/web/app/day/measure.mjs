// How long a cold start takes with ORDERS orders on the phone (1,000 unless told), and how long one capture takes to
// be on disk. Ratios matter more than figures: machines differ.
import { front } from "./front.mjs";
import { phone } from "./phone.mjs";
import { id, relay } from "./relay.mjs";

const orders = Number(process.env.ORDERS ?? 1_000);
const median = (times) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
const company = await relay();
const { server, port } = await front(new URL("../dist", import.meta.url).pathname, company.port);
const origin = `http://127.0.0.1:${port}`;
const open = async (n) => {
  const order = id();
  await company.act({
    ask: { type: "open", order, number: `WO-${n}`, customer: "C-QD", asset: "A-850", service_type: "B" },
    write: { header: { kind: "order", id: order, tenant: "acme", v: 1 }, entries: [[null, { type: "register", channel: "phone", fault_code: "E204", fault: "开机报警" }]] },
  });
  await company.act({ ask: { type: "assign", order, to: "u-3" } });
};
for (let n = 0; n < orders; n += 8) await Promise.all(Array.from({ length: Math.min(8, orders - n) }, (_, k) => open(n + k)));
let hand = await phone(origin);
try {
  await hand.enrol(company.code("u-3", origin));
  await hand.page.waitForFunction((n) => document.querySelectorAll(".order-card").length > n, orders, { timeout: 120_000 });
  const starts = [];
  for (let run = 0; run < 7; run += 1) {
    await hand.page.addInitScript(() => {
      new MutationObserver((_, watch) => {
        if (!document.querySelector(".order-card")) return;
        watch.disconnect();
        globalThis.listed = performance.now();
      }).observe(document, { childList: true, subtree: true });
    });
    await hand.page.reload();
    await hand.page.waitForFunction(() => globalThis.listed !== undefined, null, { timeout: 60_000 });
    starts.push(await hand.page.evaluate(() => globalThis.listed - (performance.getEntriesByType("resource").find((each) => each.name.endsWith(".js") && each.name.includes("index"))?.responseEnd ?? 0)));
  }
  console.log(`${orders} orders: from script start to the list ${Math.round(median(starts))} ms (median of ${starts.length})`);
} finally {
  await hand.close();
  server.close();
  server.closeAllConnections();
  company.end();
}
