// Every screen, measured: axe finds nothing, nothing overflows, every target is at least 44 px; nothing overflows in
// landscape and at twice the text size. Exits with 1 where something is wrong.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { open, sizes } from "./gallery.mjs";
import { scenes } from "./scenes.mjs";

const [only = "", langs = "zh-CN,en", themes = "light,dark"] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const gallery = await open();
let wrong = 0;
const complain = (where, what) => {
  wrong += 1;
  console.log(`NOT  ${where}: ${what}`);
};

const overflow = () => {
  const found = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) found.push(`page is ${document.documentElement.scrollWidth} wide`);
  for (const node of document.querySelectorAll("body *")) {
    if (node.closest(".unseen, svg, .skip, .over, .week, .finder") || node.classList.contains("unseen")) continue;
    const box = node.getBoundingClientRect();
    if (box.width && (box.right > width + 1 || box.left < -1)) found.push(`${node.tagName}.${node.className} sticks out to ${Math.round(box.right)}`);
    const style = getComputedStyle(node);
    if (style.overflow === "hidden" && node.scrollWidth > node.clientWidth + 1 && !node.matches(".photo, .glass, .left-bar")) found.push(`${node.tagName}.${node.className} is cut`);
  }
  return found;
};

const small = () => {
  const found = [];
  const open = document.querySelector("dialog[open]");
  for (const node of document.querySelectorAll("a[href], button, input, textarea, select")) {
    if (open && !open.contains(node)) continue;
    if (node.closest(".skip") || node.matches(".skip")) continue;
    const box = (node.matches(".choice input, .over") ? node.parentElement : node).getBoundingClientRect();
    if (box.width && (box.height < 44 || box.width < 44)) found.push(`${node.tagName}.${node.className} "${(node.ariaLabel ?? node.textContent ?? "").slice(0, 20)}" is ${Math.round(box.width)}×${Math.round(box.height)}`);
  }
  return found;
};

for (const lang of langs.split(",")) {
  const page = await gallery.page({ lang });
  for (const theme of themes.split(",")) {
    const before = wrong;
    let seen = 0;
    for (const scene of scenes.filter((scene) => scene.name.includes(only))) {
      const where = `${scene.name} ${lang} ${theme}`;
      seen += 1;
      await gallery.show(page, scene, { lang, theme });
      await page.evaluate(axe);
      const result = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
      for (const violation of result.violations) complain(where, `${violation.id}: ${violation.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(" | ")}`);
      for (const each of await page.evaluate(overflow)) complain(where, each);
      if (theme === "light") for (const each of await page.evaluate(small)) complain(where, each);
      if (theme === "light") {
        await page.setViewportSize(sizes.wide);
        await page.waitForTimeout(40);
        for (const each of await page.evaluate(overflow)) complain(`${where} landscape`, each);
        await page.setViewportSize(sizes.small);
      }
      if (theme === "light" && process.env.TWICE !== "no") {
        await page.addStyleTag({ content: "html { font-size: 200% !important; }" });
        await page.evaluate(() => dispatchEvent(new Event("resize")));
        await page.waitForTimeout(40);
        for (const each of await page.evaluate(overflow)) complain(`${where} 200 %`, each);
        if (process.env.SHOTS) await page.screenshot({ path: `shots/${scene.name}-${lang}-200.png` });
      }
    }
    if (wrong === before) console.log(`ok   ${seen} screens, ${lang}, ${theme}: axe, overflow${theme === "light" ? ", targets of 44 px, landscape, text at twice its size" : ""}`);
  }
}
await gallery.close();
process.exit(wrong === 0 ? 0 : 1);
