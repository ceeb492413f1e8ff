// A real S3 server over a folder, and what the relay must be told to use it.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { child } from "./children.mjs";

const freePort = () => new Promise((found) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => found(port));
  });
});

export async function bucket() {
  const home = mkdtempSync(join(tmpdir(), "outpost-s3-"));
  const [root, side] = [join(home, "root"), join(home, "side")];
  mkdirSync(join(root, "acme-files"), { recursive: true });
  mkdirSync(side);
  const port = await freePort();
  const keys = { ROOT_ACCESS_KEY: "outpost-test", ROOT_SECRET_KEY: "outpost-test-secret" };
  const server = child(process.env.VERSITYGW, ["--port", `127.0.0.1:${port}`, "--region", "us-east-1", "--quiet", "posix", "--sidecar", side, root], keys, "ignore");
  const address = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries += 1) {
    const answer = await fetch(address).catch(() => null);
    if (answer) break;
    if (tries > 200) throw new Error("the S3 server doesn't answer");
    await new Promise((soon) => setTimeout(soon, 50));
  }
  return {
    env: {
      OUTPOST_BLOBS: "s3://acme-files/outpost",
      AWS_ENDPOINT_URL: address,
      AWS_ALLOW_HTTP: "true",
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: keys.ROOT_ACCESS_KEY,
      AWS_SECRET_ACCESS_KEY: keys.ROOT_SECRET_KEY,
    },
    objects: () => readdirSync(join(root, "acme-files"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes(".sgwtmp"))
      .map((entry) => join(entry.parentPath, entry.name).slice(join(root, "acme-files").length + 1)),
    end: async () => {
      const ended = new Promise((done) => server.once("exit", done));
      server.kill("SIGTERM");
      await ended;
      rmSync(home, { recursive: true, force: true });
    },
  };
}
