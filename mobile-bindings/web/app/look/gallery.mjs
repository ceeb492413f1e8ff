// Opens the gallery's build in Chromium, one page per dress. CHROMIUM names another browser than Debian's.
import { chromium } from "playwright-core";
import { preview } from "vite";

export const sizes = { small: { width: 360, height: 800 }, usual: { width: 390, height: 844 }, wide: { width: 740, height: 360 } };

export async function open() {
  const server = await preview({ build: { outDir: "dist-gallery" }, preview: { port: 0, host: "127.0.0.1" }, logLevel: "error" });
  const { port } = server.httpServer.address();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  const base = `http://127.0.0.1:${port}/gallery.html`;
  return {
    async page({ lang = "zh-CN", size = "small", offline = true } = {}) {
      const context = await browser.newContext({ viewport: sizes[size], deviceScaleFactor: 2, hasTouch: true, isMobile: true, locale: lang });
      const page = await context.newPage();
      page.on("pageerror", (error) => console.error("page:", error.message));
      if (offline) await page.addInitScript(() => Object.defineProperty(navigator, "onLine", { get: () => false }));
      return page;
    },
    async show(page, scene, { lang = "zh-CN", theme = "light" } = {}) {
      await page.goto("about:blank");
      await page.goto(`${base}?lang=${lang}&theme=${theme}&scene=${scene.scene ?? "day"}${scene.at}`);
      await page.locator("h1").first().waitFor();
      await page.waitForTimeout(60);
      if (scene.type) await page.fill(scene.type[0], scene.type[1]);
      for (const target of scene.then ?? []) {
        await page.locator(target).first().click();
        await page.waitForTimeout(60);
      }
      await page.waitForTimeout(160);
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
