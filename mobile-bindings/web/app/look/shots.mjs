// Draws every screen: node look/shots.mjs [part of a name] [zh-CN,en] [light,dark] [small,usual]
import { mkdirSync } from "node:fs";
import { open } from "./gallery.mjs";
import { scenes } from "./scenes.mjs";

const [only = "", langs = "zh-CN,en", themes = "light,dark", sizes = "small"] = process.argv.slice(2);
mkdirSync("shots", { recursive: true });
const gallery = await open();
for (const lang of langs.split(",")) {
  for (const size of sizes.split(",")) {
    const page = await gallery.page({ lang, size });
    for (const theme of themes.split(",")) {
      for (const scene of scenes.filter((scene) => scene.name.includes(only))) {
        try {
          await gallery.show(page, scene, { lang, theme });
          await page.screenshot({ path: `shots/${scene.name}-${lang}-${theme}-${size}.png` });
        } catch (trouble) {
          console.error(scene.name, String(trouble).split("\n")[0]);
        }
      }
    }
  }
}
await gallery.close();
