/* Writes the service worker of a build: the list of all its files, and a version that changes with any of them. */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export function offlinePlugin(): Plugin {
  return {
    name: "offline",
    apply: "build",
    enforce: "post",
    generateBundle(_, bundle) {
      const hash = createHash("sha256");
      const fixed = readdirSync(here("../public"));
      for (const name of fixed) hash.update(readFileSync(here(`../public/${name}`)));
      for (const name of Object.keys(bundle).sort()) {
        const file = bundle[name];
        hash.update(name).update(file?.type === "chunk" ? file.code : (file?.source ?? ""));
      }
      const files = [...Object.keys(bundle), ...fixed].filter((name) => !/\.(map|br|zst)$/.test(name)).sort();
      const source = readFileSync(here("./sw.js"), "utf8")
        .replace("%VERSION%", hash.digest("hex").slice(0, 16))
        .replace("%FILES%", JSON.stringify(files.map((name) => `./${name}`)));
      this.emitFile({ type: "asset", fileName: "sw.js", source });
    },
  };
}
