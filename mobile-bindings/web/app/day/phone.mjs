// A phone: Chromium with a profile that lasts, in a phone's size, with touch. CHROMIUM names another than Debian's.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export async function phone(origin, profile = mkdtempSync(join(tmpdir(), "outpost-phone-")), some = {}) {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream"],
    viewport: { width: 360, height: 800 },
    hasTouch: true,
    isMobile: true,
    locale: "zh-CN",
    geolocation: { latitude: 36.06, longitude: 120.38, accuracy: 8 },
    permissions: ["geolocation"],
    ...some,
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const bench = await context.newCDPSession(page);
  await bench.send("Browser.grantPermissions", { origin, permissions: ["durableStorage", "geolocation"] });
  const strangers = new Set();
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (/^https?:$/.test(url.protocol) && (url.origin !== origin || !/^\/(app|v1)\//.test(url.pathname))) strangers.add(request.url());
  });
  page.on("pageerror", (error) => console.error("page:", error.message));
  page.on("console", (message) => {
    // A network that is gone is part of the stories; what breaks the policy isn't.
    if (/Content.Security.Policy/i.test(message.text())) strangers.add(message.text());
    else if (["error", "warning"].includes(message.type()) && !/ERR_|Failed to fetch|Failed to load resource/.test(message.text())) console.error("console:", message.text());
  });
  const { processInfo } = await (await context.browser().newBrowserCDPSession()).send("SystemInfo.getProcessInfo");
  const tap = async (target) => {
    await page.locator(target).first().click();
    await page.waitForTimeout(150);
  };
  const slab = async (word) => {
    await page.locator(".slab b", { hasText: word }).first().waitFor({ timeout: 10_000 });
    await tap(".slab");
  };
  const go = async (path) => {
    await page.goto(`${origin}/app/#/${path}`);
    await page.waitForTimeout(300);
  };
  return {
    context,
    page,
    bench,
    profile,
    origin,
    tap,
    /** Taps the next step, once it is the one named. */
    slab,
    go,
    /** Requests to anywhere but the app and the relay's API, and breaches of the policy. */
    strangers,
    enrol: async (code) => {
      await page.goto(`${origin}/app/`);
      await page.fill("textarea", code);
      await tap(".slab");
      await page.locator(".slab b", { hasText: "开始" }).waitFor({ timeout: 20_000 });
      await tap(".slab");
      await page.locator(".truth").waitFor();
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null, null, { timeout: 20_000 });
    },
    /** How many steps Today says are only here. */
    kept: async () => {
      await page.locator(".truth").waitFor({ timeout: 20_000 });
      return Number(/(\d+) 条只在本机/.exec(await page.locator(".truth").innerText())?.[1] ?? 0);
    },
    /** Tries now, and waits until nothing is on its way. */
    sync: async () => {
      await go("sync");
      await page.locator(".dock .button").nth(1).click();
      await page.waitForTimeout(1_500);
    },
    shot: (name) => page.screenshot({ path: `shots/day/${name}.png` }),
    /** As when the battery is pulled: no goodbye. */
    kill: async () => {
      process.kill(processInfo.find((each) => each.type === "browser").id, "SIGKILL");
      await context.close().catch(() => {});
    },
    close: () => context.close(),
  };
}
