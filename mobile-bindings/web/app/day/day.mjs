// An engineer's day: enrolled in the morning, offline until the evening, the browser killed in between; then online,
// and the exports have it all. Prints each step; exits with 1 where one didn't hold.
import { mkdirSync, writeFileSync } from "node:fs";
import { front } from "./front.mjs";
import { phone } from "./phone.mjs";
import { relay } from "./relay.mjs";

const company = await relay();
const seen = [];
const line = { cut: false };
const { server, port } = await front(new URL("../dist", import.meta.url).pathname, company.port, seen, line);
const origin = `http://127.0.0.1:${port}`;
mkdirSync("shots/day", { recursive: true });
let step = 0;
const say = (what) => console.log(`${String(++step).padStart(2)} ${what}`);
const holds = (ok, what) => {
  if (!ok) throw new Error(`it doesn't hold: ${what}`);
  say(what);
};
let hand = await phone(origin);
const shot = (name) => hand.page.screenshot({ path: `shots/day/${name}.png` });
const tap = async (target) => {
  await hand.page.locator(target).first().click();
  await hand.page.waitForTimeout(150);
};
const slab = async (word) => {
  await hand.page.locator(".slab b", { hasText: word }).waitFor({ timeout: 10_000 });
  await tap(".slab");
};
const kept = async () => Number(/(\d+) 条只在本机/.exec(await hand.page.locator(".truth").innerText())?.[1] ?? 0);

try {
  const { page } = hand;
  await page.goto(`${origin}/app/`);
  await page.locator("textarea").waitFor();
  await shot("enrol");
  await page.fill("textarea", company.code("u-3", origin));
  await slab("登记");
  await slab("开始");
  await page.locator(".order-card").waitFor({ timeout: 20_000 });
  holds((await page.locator(".order-card").innerText()).includes("青岛化工"), "enrolled, and the order is on the phone");
  await shot("today");

  await page.waitForFunction(() => navigator.serviceWorker.controller !== null, null, { timeout: 20_000 });
  line.cut = true;
  await hand.context.setOffline(true);
  say("the network is gone");
  await slab("上班打卡");
  await page.locator("text=在岗").first().waitFor();
  holds((await kept()) >= 1, "clocked in, kept on the phone");
  await slab("联系客户");
  await slab("联系客户");
  await tap(".answer");
  await page.fill("input[type=datetime-local]", new Date(Date.now() + 3 * 3_600_000 + 8 * 3_600_000).toISOString().slice(0, 16));
  await tap(".sheet .slab");
  await shot("order");
  await slab("出发");
  await page.locator(".track").waitFor();
  await slab("到场");
  await page.locator(".slab b", { hasText: "完工" }).waitFor();
  say("set out, and arrived");
  await tap(".picker");
  await page.fill(".sheet textarea", "PLC 输入模块损坏");
  await page.reload();
  await page.locator(".picker").click();
  holds((await page.inputValue(".sheet textarea")) === "PLC 输入模块损坏", "what was being typed outlives a reload");
  await tap(".sheet .slab");
  await tap("a[href$=part]");
  await page.fill("input[type=search]", "DI16");
  await page.locator(".lead").first().waitFor();
  await tap(".lead");
  await page.locator(".part").waitFor();
  await page.setInputFiles("input[type=file]", { name: "photo.png", mimeType: "image/png", buffer: await page.screenshot() });
  await page.locator(".photo img").waitFor();
  say("cause, part and photo");
  await shot("visit");
  await slab("完工");
  await tap(".sheet .answer");
  await page.locator(".glass svg").waitFor();
  await tap(".rating .choice:nth-child(4)");
  await page.fill(".field.inline input", "王建国");
  const glass = page.locator(".glass svg");
  await glass.scrollIntoViewIfNeeded();
  const box = await glass.boundingBox();
  for (const [from, to] of [[0.2, 0.5], [0.4, 0.8]]) {
    await page.mouse.move(box.x + box.width * from, box.y + 60);
    await page.mouse.down();
    for (let n = 0; n <= 12; n += 1) await page.mouse.move(box.x + box.width * (from + ((to - from) * n) / 12), box.y + 60 + 40 * Math.sin(n / 2));
    await page.mouse.up();
  }
  await shot("signature");
  await slab("确认签字");
  await tap(".sheet .slab");
  await page.locator(".code").waitFor();
  await shot("proof");
  holds(true, "the customer has signed, and sees the code");
  await page.goto(`${origin}/app/#/today`);
  await page.locator(".truth").waitFor();
  await page.waitForTimeout(500);
  const before = await kept();
  holds(before >= 7, `${before} steps only on the phone`);

  await hand.kill();
  say("the browser is killed");
  hand = await phone(origin, hand.profile);
  await hand.context.setOffline(true);
  await hand.page.goto(`${origin}/app/`);
  await hand.page.locator(".truth").waitFor({ timeout: 20_000 });
  holds((await kept()) === before, "a cold start without a network shows the same");
  await shot("restarted");

  line.cut = false;
  await hand.context.setOffline(false);
  await hand.page.goto(`${origin}/app/#/sync`);
  await hand.page.locator(".dock .button").nth(1).click();
  await hand.page.locator("text=都已收录").waitFor({ timeout: 20_000 }).catch(() => {});
  await shot("sync");
  holds((await hand.page.locator(".counts dd").first().innerText()) === "0", "online again: nothing is only on the phone");
  const orders = company.table("orders");
  writeFileSync("shots/day/orders.csv", orders);
  holds(/WO-20261020-0095/.test(orders) && /signed/.test(orders) && /,4,/.test(orders), "the export has the order, signed, with its rating");
  holds(/P-1003/.test(company.table("parts")), "and the part");
  holds(company.files().length === 2, "the photo and the strokes");
  console.log(company.verify().trim().split("\n").slice(-3).join("\n"));

  const second = await hand.context.newPage();
  await second.goto(`${origin}/app/`);
  await second.locator("text=另一个页面正在用").waitFor({ timeout: 10_000 });
  holds(true, "a second tab says that another has it open");
  await second.locator(".button").first().click();
  await second.locator(".truth").waitFor({ timeout: 15_000 });
  await hand.page.locator("text=另一个页面正在用").waitFor({ timeout: 10_000 });
  holds(true, "and can take over");
  const elsewhere = [...new Set(seen)].filter((path) => !path.startsWith("/app/") && !path.startsWith("/v1/"));
  holds(elsewhere.length === 0, "no request anywhere else");
} catch (trouble) {
  console.error(trouble);
  await hand.go("sync").catch(() => {});
  console.error(await hand.page.locator("main").innerText().catch(() => ""));
  await shot("trouble").catch(() => {});
  process.exitCode = 1;
} finally {
  await hand.close().catch(() => {});
  server.close();
  server.closeAllConnections();
  company.end();
}
