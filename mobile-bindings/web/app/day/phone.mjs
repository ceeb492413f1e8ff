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
  return {
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
