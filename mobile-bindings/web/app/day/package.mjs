// The package as npm would deliver it: packed, unpacked, type-checked against the README's lines, and those lines
// pasted into a page of the relay's origin. They do what they say.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { holds, tell } from "./house.mjs";

const web = new URL("../../", import.meta.url).pathname;
const readme = readFileSync(join(web, "README.md"), "utf8");
const lines = /```js\n([\s\S]*?)```/.exec(readme)[1];
const desk = mkdtempSync(join(tmpdir(), "outpost-package-"));

function unpacked() {
  execFileSync("npm", ["pack", "--silent", "--pack-destination", desk], { cwd: web });
  const [file] = readdirSync(desk).filter((name) => name.endsWith(".tgz"));
  execFileSync("tar", ["xzf", file], { cwd: desk });
  const here = join(desk, "node_modules/outpost-web");
  mkdirSync(join(desk, "node_modules"));
  cpSync(join(desk, "package"), here, { recursive: true });
  return here;
}

const story = async ({ company, wire, hand }) => {
  const here = unpacked();
  const code = `const code: string = ""; async function pasted() {\n${lines.replace(/^import.*$/m, "")}}\nvoid pasted();\n`;
  writeFileSync(join(desk, "pasted.ts"), `${/^import.*$/m.exec(lines)[0]}\n${code}`);
  writeFileSync(join(desk, "tsconfig.json"), JSON.stringify({ compilerOptions: { strict: true, noEmit: true, target: "es2022", module: "esnext", moduleResolution: "bundler", lib: ["es2023", "dom"], types: [] }, files: ["pasted.ts"] }));
  execFileSync(join(web, "app/node_modules/.bin/tsc"), ["-p", desk], { stdio: "inherit" });
  holds(true, "the README's lines fit the package's types");
  cpSync(join(here, "dist"), company.app, { recursive: true });
  const pasted = lines.replace('"outpost-web"', '"./outpost.js"');
  const run = `${/^import.*$/m.exec(pasted)[0]}\nconst code = ${JSON.stringify(company.code("u-3", wire.origin))};\ntry {\n${pasted.replace(/^import.*$/m, "")}\n  document.title = "done " + today.outbox.kept;\n} catch (trouble) {\n  document.title = "trouble " + trouble;\n}\n`;
  writeFileSync(join(company.app, "pasted.js"), run);
  writeFileSync(join(company.app, "pasted.html"), '<!doctype html><script type="module" src="./pasted.js"></script>');
  const one = await hand();
  await one.page.goto(`${wire.origin}/app/pasted.html`);
  await one.page.waitForFunction(() => /^(done|trouble)/.test(document.title), null, { timeout: 30_000 });
  const ended = await one.page.title();
  holds(ended.startsWith("done"), `pasted, they run: ${ended}`);
  holds(/u-3/.test(company.table("attendance")), "and headquarters has what they logged");
};

process.exit((await tell("The package's first lines", story)) ? 0 : 1);
