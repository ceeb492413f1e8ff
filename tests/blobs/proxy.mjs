// A TCP proxy that cuts connections: after so many bytes that the client sent, both ends are gone at once.
import { connect, createServer } from "node:net";

export function proxy(target, cuts) {
  const left = [...cuts];
  const seen = { cuts: 0 };
  const server = createServer((client) => {
    const upstream = connect(target, "127.0.0.1");
    let bytes = 0;
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    client.on("data", (piece) => {
      bytes += piece.length;
      if (left.length > 0 && bytes >= left[0]) {
        left.shift();
        seen.cuts += 1;
        return end();
      }
      if (!upstream.write(piece)) {
        client.pause();
        upstream.once("drain", () => client.resume());
      }
    });
    upstream.on("data", (piece) => client.write(piece));
    for (const side of [client, upstream]) side.on("close", end).on("error", end);
  });
  return new Promise((ready) => {
    server.listen(0, "127.0.0.1", () => ready({ port: server.address().port, seen, close: () => server.close() }));
  });
}
