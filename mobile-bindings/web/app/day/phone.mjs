// A phone: Chromium with a profile that lasts, in a phone's size, with touch.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export async function phone(origin, profile = mkdtempSync(join(tmpdir(), "outpost-phone-"))) {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    viewport: { width: 360, height: 800 },
    hasTouch: true,
    isMobile: true,
    locale: "zh-CN",
    geolocation: { latitude: 36.06, longitude: 120.38, accuracy: 8 },
    permissions: ["geolocation"],
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const bench = await context.newCDPSession(page);
  const grant = () => bench.send("Browser.grantPermissions", { origin, permissions: ["durableStorage", "geolocation"] });
  await grant();
  page.on("pageerror", (error) => console.error("page:", error.message));
  page.on("console", (line) => ["error", "warning"].includes(line.type()) && console.error("console:", line.text()));
  const { processInfo } = await (await context.browser().newBrowserCDPSession()).send("SystemInfo.getProcessInfo");
  const tap = async (target) => {
    await page.locator(target).first().click();
    await page.waitForTimeout(150);
  };
  return {
    tap,
    /** Taps the next step, once it is the one named. */
    slab: async (word) => {
      await page.locator(".slab b", { hasText: word }).first().waitFor({ timeout: 10_000 });
      await tap(".slab");
    },
    enrol: async (code) => {
      await page.goto(`${origin}/app/`);
      await page.fill("textarea", code);
      await tap(".slab");
      await page.locator(".slab b", { hasText: "开始" }).waitFor({ timeout: 20_000 });
      await tap(".slab");
      await page.locator(".truth").waitFor();
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null, null, { timeout: 20_000 });
    },
    go: async (path) => {
      await page.goto(`${origin}/app/#/${path}`);
      await page.waitForTimeout(300);
    },
    context,
    page,
    profile,
    /** As when the battery is pulled: no goodbye. */
    kill: async () => {
      process.kill(processInfo.find((each) => each.type === "browser").id, "SIGKILL");
      await context.close().catch(() => {});
    },
    close: () => context.close(),
  };
}
