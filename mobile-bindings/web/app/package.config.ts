/* The package: the logbook without the screens, as one module with its worker and the core beside it. */

import { defineConfig } from "vite";
import { resolve } from "./build/core";

export default defineConfig({
  base: "./",
  resolve,
  publicDir: false,
  worker: { format: "es", rollupOptions: { output: { entryFileNames: "worker.js", assetFileNames: "[name][extname]" } } },
  build: {
    target: "es2022",
    outDir: "../dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: false,
    rollupOptions: {
      input: "src/core/core-logbook.ts",
      preserveEntrySignatures: "strict",
      output: { entryFileNames: "outpost.js", assetFileNames: "[name][extname]" },
    },
  },
});
