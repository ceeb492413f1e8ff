/* The worker that holds the core. It takes the lock of this origin's logbook first: the files belong to one worker of
 * one page. Then it answers what the page asks, one thing after the other, and makes the calls of a sync. */

import start, { Core, type Effect } from "../../../pkg/outpost_web.js";
import { Ballast } from "./ballast";
import type { Ask, Letter, SyncEnd } from "./letters";
import { phoneKey, type Key } from "./key";

const lock = "outpost";
const app = "outpost-web 0.1.0";

const post = (letter: Letter) => self.postMessage(letter);

/** A worker that was ended a moment ago may still hold its files. */
async function openPatiently(key: Key): Promise<Core> {
  const zone = -new Date().getTimezoneOffset();
  for (let left = 20; ; left -= 1) {
    try {
      return await Core.open(app, key.publicKey, zone);
    } catch (trouble) {
      if (left === 0) throw trouble;
      await new Promise((later) => setTimeout(later, 100));
    }
  }
}

async function call(effect: Effect): Promise<{ status: number; encoding: string; body: Uint8Array }> {
  const headers = new Headers();
  for (let n = 0; n + 1 < effect.headers.length; n += 2) headers.append(effect.headers[n] ?? "", effect.headers[n + 1] ?? "");
  const answer = await fetch(new URL(effect.path, location.origin), {
    method: effect.method,
    headers,
    body: effect.body as BodyInit,
    credentials: "omit",
    cache: "no-store",
    signal: AbortSignal.timeout(60_000),
  });
  // The browser has undone the encoding already.
  return { status: answer.status, encoding: "", body: new Uint8Array(await answer.arrayBuffer()) };
}

async function converse(core: Core, key: Key): Promise<SyncEnd> {
  let effect = core.sync_begin();
  for (;;) {
    if (effect.is === "done") {
      return { outcome: effect.outcome as SyncEnd["outcome"], code: effect.code, detail: effect.detail };
    }
    if (effect.is === "sign") {
      effect = core.sync_signed(await key.sign(effect.body));
      continue;
    }
    try {
      const { status, encoding, body } = await call(effect);
      effect = core.sync_answer(status, encoding, body);
    } catch (trouble) {
      if (trouble instanceof WebAssembly.RuntimeError) throw trouble;
      effect = core.sync_fault(String(trouble));
    }
  }
}

/* A write that the browser doesn't let through is one for which there is no room. */
const isFull = (trouble: unknown) => trouble instanceof Error && /storage (is full|doesn't answer)/.test(trouble.message);

async function hold(): Promise<void> {
  let core: Core;
  let key: Key;
  try {
    await start();
    key = await phoneKey();
    core = await openPatiently(key);
  } catch (trouble) {
    return post({ is: "unopened", why: trouble instanceof Error ? trouble.message : String(trouble) });
  }
  let talking: Promise<SyncEnd> | null = null;
  const methods = core as unknown as Record<string, (...args: unknown[]) => unknown>;
  const ballast = new Ballast();
  await ballast.lay();
  /* Something didn't fit, and nothing has been freed since. */
  let full = !ballast.held;
  const capture = (act: unknown, bytes: unknown): unknown => {
    try {
      return methods["capture"]?.call(core, act, bytes);
    } catch (trouble) {
      if (!isFull(trouble)) throw trouble;
      full = true;
      // A photo can be taken again; a sentence is heard once.
      if (bytes || !ballast.held) throw trouble;
      ballast.give();
      return methods["capture"]?.call(core, act, bytes);
    }
  };
  self.onmessage = async ({ data: { id, method, args } }: MessageEvent<Ask>) => {
    try {
      if (method === "converse") {
        talking ??= converse(core, key).finally(() => (talking = null));
        return post({ is: "answer", id, value: await talking });
      }
      if (method === "capture") return post({ is: "answer", id, value: capture(args[0], args[1]) });
      if (method === "is_full") {
        if (full) await ballast.lay();
        full &&= !ballast.held;
        return post({ is: "answer", id, value: full });
      }
      post({ is: "answer", id, value: methods[method]?.call(core, ...args) });
    } catch (trouble) {
      if (trouble instanceof WebAssembly.RuntimeError) return post({ is: "down", why: trouble.message });
      post({ is: "trouble", id, why: trouble instanceof Error ? trouble.message : String(trouble) });
    }
  };
  post({ is: "open" });
  // The lock is held for as long as the worker lives.
  await new Promise(() => {});
}

// A page that was just reloaded gives its lock back a moment later: only after that is it another page's.
const patience = self.name === "wait" ? 60_000 : 1_500;
navigator.locks.request(lock, { signal: AbortSignal.timeout(patience) }, hold).catch(() => post({ is: "elsewhere" }));
