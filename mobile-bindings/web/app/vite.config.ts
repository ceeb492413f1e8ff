/* Two builds from one source: the app that is served, and the gallery that designers look at, which alone holds the
 * sample logbook. */

import { defineConfig } from "vite";
import { dev, resolve } from "./build/core";
import { offlinePlugin } from "./build/offline";
import { spritePlugin } from "./icons/sprite";

export default defineConfig(({ mode }) => ({
  base: "./",
  resolve,
  plugins: [spritePlugin(), ...(mode === "gallery" ? [] : [offlinePlugin()])],
  worker: { format: "es" },
  publicDir: "public",
  build: {
    target: "es2022",
    outDir: mode === "gallery" ? "dist-gallery" : dev ? "dist-dev" : "dist",
    modulePreload: false,
    assetsInlineLimit: 0,
    rollupOptions: { input: mode === "gallery" ? "gallery.html" : "index.html" },
  },
}));
