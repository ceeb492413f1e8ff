/* Draws the icons in use into one hidden sprite at the head of the page, so that no icon is ever a request. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";
import { iconNames } from "../src/icons";

const folder = join(dirname(createRequire(import.meta.url).resolve("@tabler/icons/package.json")), "icons/outline");

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
