/* The worker that holds the core. It takes the lock of this origin's logbook first: the files belong to one worker of
 * one page. Then it answers what the page asks, one thing after the other, and makes the calls of a sync. */

import start, { Core, Salvage, type Effect } from "outpost-core";
import { Ballast } from "./ballast";
import type { Ask, Letter, SyncEnd } from "./letters";
import { phoneKey, type Key } from "./key";

const lock = "outpost";
const app = "outpost-web 0.1.0";

/* Begun before it is known whether the logbook is this page's: the start waits for all of them. */
const compiled = start();
const phone = phoneKey();
for (const early of [compiled, phone]) early.catch(() => {});

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
    body: effect.method === "GET" ? null : (effect.body as BodyInit),
    credentials: "omit",
    cache: "no-store",
    signal: AbortSignal.timeout(60_000),
  });
  // The browser has undone the encoding already.
  return { status: answer.status, encoding: "", body: new Uint8Array(await answer.arrayBuffer()) };
}

/** A sync from its first turn to its end. */
async function converse(core: Core, key: Key, first: () => Effect): Promise<SyncEnd> {
  let effect = first();
  let uploading = "";
  for (;;) {
    if (effect.file || uploading) {
      uploading = effect.file;
      post({ is: "uploading", file: uploading ? { file: uploading, reached: effect.reached, size: effect.size } : null });
    }
    if (effect.is === "done") {
      const { code, detail, again_in_s } = effect;
      return { outcome: effect.outcome as SyncEnd["outcome"], code, detail, again_in_s: again_in_s ?? null };
    }
    if (effect.is === "sign") {
      effect = core.sync_signed(await key.sign(effect.body));
      continue;
    }
    let answer;
    try {
      answer = await call(effect);
    } catch (trouble) {
      effect = core.sync_fault(String(trouble));
      continue;
    }
    effect = core.sync_answer(answer.status, answer.encoding, answer.body);
  }
}

/** What headquarters hasn't got, signed if the key answers, sealed. */
async function rescue(core: Core, key: Key): Promise<Uint8Array> {
  const message = core.rescue_begin();
  return core.rescue_seal(await key.sign(message).catch(() => undefined));
}

/** The same from a store that can't be opened: it is only read. */
async function salvage(): Promise<void> {
  try {
    await compiled;
    const key = await phone;
    const salvage = await Salvage.begin(app, key.publicKey, -new Date().getTimezoneOffset());
    const signature = await key.sign(salvage.message()).catch(() => undefined);
    post({ is: "answer", id: 0, value: salvage.seal(signature) });
  } catch (trouble) {
    post({ is: "trouble", id: 0, why: trouble instanceof Error ? trouble.message : String(trouble) });
  }
}

/* A write that the browser doesn't let through is one for which there is no room. */
const isFull = (trouble: unknown) => trouble instanceof Error && /storage (is full|doesn't answer)/.test(trouble.message);

async function hold(): Promise<void> {
  let core: Core;
  let key: Key;
  try {
    await compiled;
    key = await phone;
    core = await openPatiently(key);
  } catch (trouble) {
    return post({ is: "unopened", why: trouble instanceof Error ? trouble.message : String(trouble) });
  }
  let talking: Promise<SyncEnd> | null = null;
  const methods = core as unknown as Record<string, (...args: unknown[]) => unknown>;
  const ballast = new Ballast();
  /* Something didn't fit, and nothing has been freed since. */
  let full = false;
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
        talking ??= converse(core, key, () => core.sync_begin()).finally(() => (talking = null));
        return post({ is: "answer", id, value: await talking });
      }
      if (method === "fetch") {
        // One conversation at a time.
        while (talking) await talking.catch(() => {});
        talking = converse(core, key, () => core.sync_fetch(String(args[0]))).finally(() => (talking = null));
        return post({ is: "answer", id, value: await talking });
      }
      if (method === "rescue") return post({ is: "answer", id, value: await rescue(core, key) });
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
  // Nobody waits for this to see his orders.
  await ballast.lay();
  full ||= !ballast.held;
  // The lock is held for as long as the worker lives.
  await new Promise(() => {});
}

// A page that was just reloaded gives its lock back a moment later: only after that is it another page's.
const patience = self.name === "logbook" ? 1_500 : 60_000;
navigator.locks.request(lock, { signal: AbortSignal.timeout(patience) }, self.name === "salvage" ? salvage : hold).catch(() => post({ is: "elsewhere" }));
