// The clerk registers, the lead dispatches and decides, headquarters sees to people and policy; every page in both
// languages, wide and narrow, at twice the text and without script; axe on each. Ends with 1 and says what didn't hold.
import { generateKeyPairSync, sign } from "node:crypto";
import { createRequire } from "node:module";
import { mkdirSync, readFileSync } from "node:fs";
import { company, id } from "./company.mjs";

const require = createRequire(`${process.env.MODULES}/`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const shots = new URL("shots/", import.meta.url).pathname;
mkdirSync(shots, { recursive: true });

const troubles = [];
const hold = (what, holds) => {
  console.log(`${holds ? "ok  " : "NOT "} ${what}`);
  if (!holds) troubles.push(what);
};

const house = await company();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
const sizes = { wide: { width: 1366, height: 768 }, narrow: { width: 360, height: 740 } };

async function visit(user, { lang = "zh-CN", size = "wide", script = true } = {}) {
  const context = await browser.newContext({ viewport: sizes[size], locale: lang, javaScriptEnabled: script, deviceScaleFactor: 1, timezoneId: "Asia/Shanghai" });
  // ASSETS=server/assets shows style and script as they lie there, without building the program.
  if (process.env.ASSETS) {
    for (const ending of ["css", "js"]) await context.route(`**/assets/console.*.${ending}`, (route) => route.fulfill({ path: `${process.env.ASSETS}/console.${ending}` }));
  }
  const page = await context.newPage();
  page.on("pageerror", (error) => hold(`no script error: ${error}`, false));
  page.on("console", (message) => message.type() === "error" && !/40[0-9]|422|409/.test(message.text()) && hold(`no console error: ${message.text()}`, false));
  await page.goto(`${house.base}/`);
  if (user) {
    await page.fill("#user", user);
    await page.fill("#password", house.passwords[user]);
    await page.click("form button");
    await page.waitForLoadState();
  }
  return page;
}

async function check(page, name, { zoom = true } = {}) {
  const found = await page.evaluate(async (source) => {
    // The page's own policy forbids inline script; the test's world doesn't.
    new Function(source)();
    const result = await window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] });
    return result.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(" | ")}`);
  }, axe).catch((error) => [String(error)]);
  hold(`${name}: axe is clean ${found.join("; ")}`, found.length === 0);
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  hold(`${name}: nothing overflows`, (await overflow()) <= 0);
  await page.screenshot({ path: `${shots}${name}.png`, fullPage: true });
  if (zoom) {
    await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
    hold(`${name}: nothing overflows at twice the text`, (await overflow()) <= 0);
    await page.screenshot({ path: `${shots}${name}-double.png`, fullPage: true });
    await page.evaluate(() => (document.documentElement.style.fontSize = ""));
  }
}

/** Enrols a phone by an invitation's text, and then tries another with the same; the two answers. */
async function enrol(text) {
  const { tenant, device, code } = JSON.parse(Buffer.from(text.slice("OUTPOST1:".length), "base64url").toString());
  const answer = async () => {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const proof = sign(null, Buffer.from(`outpost-enrol-v1\n${tenant}\n${code}\n${device}`), privateKey).toString("base64url");
    const body = JSON.stringify({ tenant, device, code, proof, public_key: publicKey.export({ format: "jwk" }).x });
    return (await fetch(`${house.base}/v1/enrol`, { method: "POST", headers: { "content-type": "application/json" }, body })).status;
  };
  return { first: await answer(), second: await answer() };
}

try {
  // Getting in.
  const door = await visit(null);
  await check(door, "sign-in-zh");
  await door.click("text=English");
  await check(door, "sign-in-en", { zoom: false });
  await door.fill("#user", "u-clerk");
  await door.fill("#password", "wrong");
  await door.click("form button");
  hold("a wrong password keeps the number", (await door.inputValue("#user")) === "u-clerk" && (await door.inputValue("#password")) === "");
  await door.context().close();

  // The clerk's day.
  const clerk = await visit("u-clerk");
  hold("a clerk lands on the call register", clerk.url().endsWith("/orders/new"));
  await check(clerk, "register-empty-zh");
  await clerk.fill("#phone", "80000002");
  await clerk.press("#phone", "Enter");
  await clerk.waitForSelector("text=青岛化工");
  await clerk.check("input[name=asset][value=A-850]", { force: true });
  await clerk.click("button[value=look]");
  await clerk.waitForSelector("text=保修到 2027-10-01");
  hold("the warranty proposes C", await clerk.isChecked("input[name=type][value=C]"));
  await clerk.click("button[value=register]");
  hold("a missing symptom is named, and what was typed is kept", (await clerk.isVisible("#fault-problem")) && (await clerk.inputValue("#phone")) === "80000002");
  await check(clerk, "register-mended-zh");
  await clerk.fill("#fault", "开机报警 E204，无法复位");
  await clerk.click("button[value=register]");
  await clerk.waitForURL(/orders\/[0-9a-f-]{36}/);
  const order = clerk.url().split("?")[0];
  hold("the call is registered", await clerk.isVisible("text=已登记"));
  await clerk.goto(`${house.base}/orders/new?phone=0531-80000002`);
  hold("the open call is offered as a possible duplicate", await clerk.isVisible("section:has-text('可能是同一来电') >> text=E204"));
  await check(clerk, "register-found-zh");
  await clerk.goto(`${house.base}/orders/new?phone=99999`);
  hold("an unknown number says so", await clerk.isVisible("text=没有这个号码的客户"));
  await clerk.goto(`${house.base}/customers/new`);
  await check(clerk, "customer-zh", { zoom: false });
  for (const [n, fault] of ["输送带打滑", "张紧轮松动", "脉冲阀不动作"].entries()) {
    await clerk.goto(`${house.base}/orders/new?phone=${n === 2 ? "024-80000006" : "0531-80000002"}`);
    await clerk.fill("#fault", fault);
    await clerk.click("button[value=register]");
    await clerk.waitForURL(/orders\/[0-9a-f-]{36}/);
  }
  await clerk.goto(`${house.base}/orders?q=SN0203`);
  hold("a serial finds its order", await clerk.isVisible("text=E204"));
  await clerk.goto(`${house.base}/orders`);
  await check(clerk, "orders-zh");

  await clerk.goto(`${house.base}/orders/new?phone=024-80000006`);
  await clerk.fill("#fault", "误动作");
  await clerk.click("button[value=fixed]");
  hold("a telephone fix says what helped", await clerk.isVisible("#fix_note-problem"));
  await clerk.fill("#fix_note", "按复位键后恢复");
  await check(clerk, "register-fixed-zh");
  await clerk.click("button[value=fixed]");
  hold("a call mended by telephone is finished and asked about in time", await clerk.isVisible("text=已记为电话修好"));
  await check(clerk, "order-fixed-zh");

  // The lead's day, while the clerk goes on.
  const lead = await visit("u-lead");
  hold("a lead lands on Today", lead.url().endsWith("/today"));
  await check(lead, "today-zh");
  const before = await lead.locator(".order-row").count();
  await clerk.goto(`${house.base}/orders/new?phone=024-80000006`);
  await clerk.fill("#fault", "除尘压差过高");
  await clerk.click("button[value=register]");
  await lead.waitForSelector("[data-news]:not([hidden])", { timeout: 15000 });
  hold("news comes as a bar and moves nothing", (await lead.locator(".order-row").count()) === before);
  await lead.screenshot({ path: `${shots}today-news-zh.png` });
  await lead.click("[data-news] a");
  await lead.waitForFunction((n) => document.querySelectorAll(".order-row").length === n + 1, before);
  hold("the bar shows it", true);
  await lead.goto(`${order}/dispatch`);
  await check(lead, "dispatch-zh");
  const other = await visit("u-lead-b");
  await other.goto(`${order}/dispatch`);
  await lead.check("input[value=u-e03]");
  await lead.click("main button.next");
  await lead.waitForURL(/done=dispatched/);
  await check(lead, "order-zh");
  await other.check("input[value=u-e05]");
  await other.click("main button.next");
  hold("the other lead is told who decided first", await other.isVisible("text=/济南负责人.*已先决定/"));
  await other.screenshot({ path: `${shots}dispatch-late-zh.png` });
  await lead.goto(`${house.base}/today?state=undelivered`);
  hold("sent isn't delivered", (await lead.locator(".order-row").count()) === 1);
  await lead.goto(order);
  await lead.click("summary:has-text('改约')");
  await lead.fill("#at", "2020-01-01T10:00");
  await lead.fill("#reason-rebook", "客户停机检修");
  await lead.click("details[open] button:has-text('改约')");
  hold("a time that has passed is named and the reason kept", (await lead.isVisible("#at-problem")) && (await lead.inputValue("#reason-rebook")) === "客户停机检修");
  await lead.screenshot({ path: `${shots}order-rebook-zh.png`, fullPage: true });

  // Own time, leave and flags: an engineer logs, the lead decides.
  const engineer = await house.as("u-e03");
  const zone = { timeZone: "Asia/Shanghai" };
  const day = new Date().toLocaleDateString("sv-SE", zone);
  const later = (days) => new Date(Date.now() + days * 86400000).toLocaleDateString("sv-SE", zone);
  const own = { kind: "attendance", person: "u-e03", month: day.slice(0, 7), tenant: house.tenant, v: 1 };
  const place = { lat_e7: 366590000, lng_e7: 1170100000, accuracy_m: 12, mock: false };
  const log = (...entries) => engineer({ write: { header: own, entries: entries.map((one) => [null, one]), seen: "now" } });
  await log({ type: "clock_in", place }, { type: "request_leave", leave: "annual", from: later(3), to: later(4), reason: "家里有事" });
  await log({ type: "request_leave", leave: "sick", from: later(9), to: later(9), reason: "复查" });
  await engineer({ ask: { type: "open", order: id(), number: "S-000001", customer: "C-QD", service_type: "C" } });

  await lead.goto(`${house.base}/attendance`);
  await check(lead, "attendance-zh");
  hold("the grid has a row for each engineer", (await lead.locator(".grid tbody th.name").count()) === 4);
  await lead.locator(`.grid a[href="/attendance/u-e03/${day}"]`).focus();
  await lead.keyboard.press("ArrowUp");
  hold("the grid is walked with the arrow keys", (await lead.evaluate(() => document.activeElement.getAttribute("href"))) === `/attendance/u-e01/${day}`);
  await lead.keyboard.press("ArrowDown");
  await lead.keyboard.press("Enter");
  await lead.waitForURL(new RegExp(`u-e03/${day}`));
  hold("a day shows what the phone said and what the server attests", (await lead.isVisible("text=上班打卡")) && (await lead.isVisible("text=/距驻点 .*±12 米/")));
  await check(lead, "attendance-day-zh");
  await lead.click("summary:has-text('更正')");
  await lead.click("button:has-text('作废这一条')");
  hold("a correction asks for its reason, beside the field", await lead.isVisible("#reason:has-text('写一句理由')"));
  await check(lead, "attendance-mended-zh", { zoom: false });
  await lead.fill("details[open] textarea", "误点");
  await lead.click("button:has-text('作废这一条')");
  await lead.waitForURL(/done=entry_voided/);
  hold("what was voided stays legible, with who and why", await lead.isVisible("text=/济南负责人.*作废：误点/"));
  await lead.screenshot({ path: `${shots}attendance-voided-zh.png`, fullPage: true });
  await lead.goto(`${house.base}/attendance/u-e03`);
  await check(lead, "attendance-person-zh");

  await lead.goto(`${house.base}/approvals`);
  await check(lead, "approvals-zh");
  await other.goto(`${house.base}/approvals`);
  await lead.click(`.task:has-text('${later(9).slice(5)}') button:has-text('批准')`);
  await lead.waitForURL(/done=approved/);
  await lead.click("a:has-text('退回并说明')");
  await lead.check("input[name=ready] >> nth=2", { force: true });
  await lead.click("button:has-text('退回并说明')");
  await lead.waitForURL(/done=returned/);
  hold("nothing waits any more", await lead.isVisible("text=没有等您点头的"));
  await other.click(".task button:has-text('批准') >> nth=0");
  hold("the other lead is told who decided the leave", await other.isVisible("text=/济南负责人.*已先决定/"));
  await lead.goto(`${house.base}/approvals/decided`);
  hold("what was decided stands with its reason", (await lead.isVisible("text=退回请假：人手不够，请推后")) && (await lead.isVisible("text=批准请假")));
  await check(lead, "decided-zh", { zoom: false });

  await lead.goto(`${house.base}/flags`);
  hold("an order opened on site is flagged", await lead.isVisible("tr:has-text('S-000001') >> text=自己开的单"));
  await check(lead, "flags-zh");
  await lead.goto(`${house.base}/flags?kind=conflict`);
  hold("a filter that nothing fits says so", await lead.isVisible("text=没有符合的旗标"));

  // Headquarters' day: a new engineer with his phone, the policy, what couldn't be admitted.
  const hq = await visit("hq");
  await hq.goto(`${house.base}/people`);
  await check(hq, "people-zh");
  await hq.click("text=登记新人");
  await hq.fill("#user", "u-e09");
  await hq.selectOption("#role", "engineer");
  await hq.click("main button.next");
  hold("a missing name and station are named, and the number is kept", (await hq.isVisible("#name-problem")) && (await hq.isVisible("#station-problem")) && (await hq.inputValue("#user")) === "u-e09");
  await check(hq, "person-new-zh", { zoom: false });
  await hq.fill("#name", "工程师09");
  await hq.selectOption("#station", "st-1");
  await hq.click("main button.next");
  await hq.waitForURL(/person\/u-e09/);
  await check(hq, "person-zh");
  await hq.click("main button.next");
  const invited = await hq.inputValue("#text");
  hold("an invitation is a code, a text and a countdown", (await hq.isVisible("svg.qr")) && invited.startsWith("OUTPOST1:") && /天/.test(await hq.textContent("[data-until]")));
  await check(hq, "invitation-zh");
  const phone = await enrol(invited);
  hold("the phone that has it is enrolled, once", phone.first === 200 && phone.second === 403);
  await hq.goto(`${house.base}/person/u-e09`);
  hold("and is in use", await hq.isVisible("text=在用"));
  await hq.click("section >> text=停用");
  await hq.click("main button.danger");
  hold("nobody is locked out without a reason", await hq.isVisible("#reason-problem"));
  await check(hq, "revoke-zh");
  await hq.check("input[value=replaced]", { force: true });
  await hq.click("main button.danger");
  hold("a phone is locked out with its reason", await hq.isVisible("text=/换机，.*停用/"));
  await hq.click("summary:has-text('设新密码')");
  await hq.click("details[open] button");
  hold("a new password is shown once", /^[0-9A-Z-]{17}$/.test(await hq.textContent(".secret")));
  await hq.goto(`${house.base}/policy/edit`);
  await hq.fill("#reply_hours", "0");
  await hq.fill("#holidays", "2026-10-01");
  await hq.click("main button.next");
  hold("a figure out of range is named and the rest kept", (await hq.isVisible("#reply_hours-problem")) && (await hq.inputValue("#holidays")) === "2026-10-01");
  await check(hq, "policy-edit-zh");
  const from = new Date(Date.now() + 10 * 86400000).toISOString().slice(0, 10);
  await hq.fill("#reply_hours", "12");
  await hq.fill("#from", from);
  await hq.click("main button.next");
  await hq.waitForURL(/policy\?done=policy/);
  hold("a change stands with its day and what it changes", (await hq.isVisible(`text=${from} 起`)) && (await hq.isVisible("text=已排定")) && (await hq.isVisible("ins:has-text('12 小时')")));
  await check(hq, "policy-zh");
  await hq.goto(`${house.base}/policy/parts/new`);
  await hq.fill("#part_no", "6205-2RS");
  await hq.fill("#name", "深沟球轴承");
  await hq.fill("#unit_price", "120.50");
  await hq.click("main button.next");
  hold("a part stands in the catalogue", await hq.isVisible("text=¥120.50"));
  await check(hq, "parts-zh");
  await hq.goto(`${house.base}/refused`);
  hold("nothing was refused, and the page says what will stand here", await hq.isVisible("text=没有被拒收的"));
  await check(hq, "refused-zh");
  await hq.goto(`${house.base}/rescue`);
  await hq.setInputFiles("#file", { name: "x.rescue", mimeType: "application/octet-stream", buffer: Buffer.from("something else") });
  await hq.click("main button.next");
  hold("a file that is no rescue is named", await hq.isVisible("#file-problem"));
  await check(hq, "rescue-zh", { zoom: false });

  // English, narrow, and without script.
  for (const [name, user, path] of [["today", "u-lead", "/today"], ["orders", "u-lead", "/orders"], ["order", "u-lead", order.replace(house.base, "")], ["dispatch", "u-lead", `${order.replace(house.base, "")}/dispatch`], ["attendance", "hq", "/attendance"], ["attendance-day", "u-lead", `/attendance/u-e03/${day}`], ["attendance-person", "u-lead", "/attendance/u-e03"], ["approvals", "u-lead", "/approvals"], ["decided", "u-lead", "/approvals/decided"], ["flags", "u-lead", "/flags"], ["register", "u-clerk", "/orders/new?phone=0531-80000002"], ["audit", "u-auditor", "/audit"], ["people", "hq", "/people"], ["person", "hq", "/person/u-e09"], ["stations", "hq", "/stations"], ["policy", "hq", "/policy"], ["policy-edit", "hq", "/policy/edit"], ["parts", "hq", "/policy/parts"], ["refused", "hq", "/refused"]]) {
    for (const size of ["wide", "narrow"]) {
      const page = await visit(user, { lang: size === "wide" ? "en" : "zh-CN", size });
      await page.goto(house.base + path);
      await check(page, `${name}-${size === "wide" ? "en" : "zh-360"}`, { zoom: size === "wide" });
      await page.context().close();
    }
  }
  const plain = await visit("u-lead", { script: false });
  hold("without script the page says when it was drawn", await plain.isVisible("text=/的样子/"));
  hold("without script the orders are there", (await plain.locator(".order-row").count()) > 0);
  await plain.goto(order);
  await plain.click("summary:has-text('归档')");
  await plain.click("details[open] button:has-text('归档')");
  hold("without script an order is filed", await plain.isVisible("text=已归档"));
  await plain.goto(`${house.base}/attendance`);
  hold("without script the month is there", (await plain.locator(".grid td a").count()) > 100);
  const menu = await visit("u-lead", { size: "narrow" });
  await menu.click("a.rail-open");
  hold("the menu opens on a phone", await menu.isVisible("nav >> text=工单"));
  await menu.screenshot({ path: `${shots}menu-zh-360.png` });
} catch (error) {
  hold(String(error.stack ?? error), false);
} finally {
  await browser.close();
  await house.stop();
}
console.log(troubles.length === 0 ? "all of it held" : `${troubles.length} didn't hold:\n${troubles.join("\n")}`);
process.exit(troubles.length === 0 ? 0 : 1);
