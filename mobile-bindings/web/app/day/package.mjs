// The README's lines, pasted into a page of the relay's origin, do what they say.
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { front } from "./front.mjs";
import { phone } from "./phone.mjs";
import { relay } from "./relay.mjs";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const lines = /```js\n([\s\S]*?)```/.exec(readme)[1];
const site = mkdtempSync(join(tmpdir(), "outpost-package-"));
cpSync(new URL("../../dist", import.meta.url).pathname, site, { recursive: true });
const company = await relay();
const { server, port } = await front(site, company.port);
const origin = `http://127.0.0.1:${port}`;
const pasted = lines.replace('"outpost-web"', '"./outpost.js"');
writeFileSync(join(site, "pasted.js"), `const code = ${JSON.stringify(company.code("u-3", origin))};\ntry {\n${pasted.replace(/^import.*$/m, "")}\n  document.title = "done " + today.outbox.kept;\n} catch (trouble) { document.title = "trouble " + trouble; }\n`.replace(/^/, `${/^import.*$/m.exec(pasted)[0]}\n`));
writeFileSync(join(site, "index.html"), '<!doctype html><script type="module" src="./pasted.js"></script>');
const hand = await phone(origin);
let ended = "";
try {
  await hand.page.goto(`${origin}/app/`);
  await hand.page.waitForFunction(() => /^(done|trouble)/.test(document.title), null, { timeout: 30_000 });
  ended = await hand.page.title();
} finally {
  await hand.close();
  server.close();
  server.closeAllConnections();
  company.end();
}
console.log(ended);
process.exit(ended.startsWith("done") ? 0 : 1);
