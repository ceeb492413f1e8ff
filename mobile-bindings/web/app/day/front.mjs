// Serves the built app under /app/ with the policy it must live under, and hands /v1 on to a relay: one origin, as
// phones see it.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, request } from "node:http";
import { extname, join, normalize } from "node:path";

export const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src blob:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".svg": "image/svg+xml", ".png": "image/png", ".webmanifest": "application/manifest+json" };

/** `line.cut` takes the network away: every connection is broken off, as in a cellar. `line.folder` serves another build. */
export function front(folder, relayPort, seen = [], line = { cut: false }) {
  const server = createServer((incoming, answer) => {
    if (line.cut) return void incoming.socket.destroy();
    const { pathname } = new URL(incoming.url, "http://localhost");
    seen.push(pathname);
    if (!pathname.startsWith("/app/")) {
      const onward = request({ port: relayPort, host: "127.0.0.1", path: incoming.url, method: incoming.method, headers: incoming.headers }, (reply) => {
        answer.writeHead(reply.statusCode, reply.headers);
        reply.pipe(answer);
      });
      onward.on("error", () => answer.writeHead(502).end());
      incoming.pipe(onward);
      return;
    }
    const root = line.folder ?? folder;
    const path = join(root, normalize(pathname.slice(4)).replace(/^(\.\.[/\\])+/, ""));
    const file = existsSync(path) && statSync(path).isFile() ? path : join(root, "index.html");
    answer.writeHead(200, {
      "content-type": types[extname(file)] ?? "application/octet-stream",
      "content-security-policy": policy,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-cache",
    });
    createReadStream(file).pipe(answer);
  });
  return new Promise((listening) => server.listen(0, "127.0.0.1", () => listening({ server, port: server.address().port })));
}
