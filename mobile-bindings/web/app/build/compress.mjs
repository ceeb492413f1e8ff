// Lays a compressed file beside each that gains by it, so that the server sends bytes as they lie on disk.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

const folder = new URL("../dist/", import.meta.url).pathname;
let wire = 0;
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  const path = `${entry.parentPath ?? entry.path}/${entry.name}`;
  if (!entry.isFile() || /\.br$/.test(path)) continue;
  const bytes = readFileSync(path);
  if (!/\.(html|js|css|wasm|svg|webmanifest)$/.test(path)) {
    wire += bytes.length;
    continue;
  }
  const small = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  writeFileSync(`${path}.br`, small);
  wire += small.length;
}
console.log(`first visit: ${wire} bytes over the wire`);
