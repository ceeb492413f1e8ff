// The line between phones and the relay, which can be cut: every connection is broken off, as in a cellar; or slow, as at
// the edge of a cell. What the relay says goes through untouched.
import { connect, createServer } from "node:net";
import { Transform } from "node:stream";

export async function line(relayPort) {
  const open = new Set();
  let isCut = false;
  let pause = 0;
  const slowly = () =>
    new Transform({
      transform: (piece, _, done) => {
        if (pause === 0) done(null, piece);
        else setTimeout(() => done(null, piece), pause);
      },
    });
  const server = createServer((phone) => {
    if (isCut) return void phone.destroy();
    const relay = connect(relayPort, "127.0.0.1");
    for (const [end, other] of [[phone, relay], [relay, phone]]) {
      open.add(end);
      end.on("error", () => other.destroy());
      end.on("close", () => open.delete(end));
    }
    phone.pipe(slowly()).pipe(relay).pipe(phone);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const breakOff = () => {
    for (const end of open) end.destroy();
  };
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    cut: () => {
      isCut = true;
      breakOff();
    },
    mend: () => {
      isCut = false;
    },
    /** So many milliseconds for each piece of some 64 kB that a phone sends. */
    slow: (milliseconds) => {
      pause = milliseconds;
    },
    end: () => {
      server.close();
      breakOff();
    },
  };
}
