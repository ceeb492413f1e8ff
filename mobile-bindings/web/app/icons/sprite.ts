/* Draws the icons in use into one hidden sprite at the head of the page, so that no icon is ever a request. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { iconNames } from "../src/icons";

const folder = fileURLToPath(new URL("../node_modules/@tabler/icons/icons/outline", import.meta.url));

export function sprite(): string {
  const symbols = iconNames.map((name) => {
    const shapes = readFileSync(join(folder, `${name}.svg`), "utf8")
      .replace(/<!--[\s\S]*?-->/g, "")
      .replace(/^[\s\S]*?<svg[\s\S]*?>/, "")
      .replace(/<\/svg>\s*$/, "")
      .replace(/<path stroke="none"[^>]*\/>/, "")
      .replace(/\s+/g, " ")
      .replace(/> </g, "><")
      .replace(/ \/>/g, "/>")
      .trim();
    return `<symbol id="i-${name}" viewBox="0 0 24 24">${shapes}</symbol>`;
  });
  return `<svg hidden aria-hidden="true"><!-- Tabler Icons 3.51.0, MIT, https://tabler.io/icons -->${symbols.join("")}</svg>`;
}

export function spritePlugin(): Plugin {
  return {
    name: "sprite",
    transformIndexHtml: (html) => html.replace("<!-- sprite -->", sprite()),
  };
}
