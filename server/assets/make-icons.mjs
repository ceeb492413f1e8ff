// Draws the icons in use into one sprite: node make-icons.mjs FOLDER-OF-@tabler/icons
// Tabler Icons, MIT. The names here are those that templates and code use.
import { readFileSync, writeFileSync } from "node:fs";

const names = `adjustments alarm alert-triangle archive arrow-back-up arrow-left arrow-right arrows-split-2 ban
building calendar calendar-event calendar-month car cash check chevron-down chevron-left chevron-right
circle-check clipboard-check clipboard-list clock clock-pause clock-question cloud-upload copy device-mobile
download file-export flag forms history home hourglass info-circle language link lock login-2 logout map-pin
menu-2 message package pencil pencil-exclamation phone phone-call plus printer receipt refresh report
search signature switch-horizontal tool trash user user-check user-minus user-plus users walk wifi-off x
qrcode shield-lock wrench eye key`.split(/\s+/);
const alias = { wrench: "tool" };
const folder = process.argv[2];
let sprite = '<svg xmlns="http://www.w3.org/2000/svg">';
for (const name of names) {
  const svg = readFileSync(`${folder}/icons/outline/${alias[name] ?? name}.svg`, "utf8");
  const inner = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg)[1].replace(/<!--[\s\S]*?-->/g, "").replace(/\s*\n\s*/g, "").trim();
  sprite += `\n<symbol id="i-${name}" viewBox="0 0 24 24">${inner}</symbol>`;
}
writeFileSync(new URL("icons.svg", import.meta.url), `${sprite}\n</svg>\n`);
