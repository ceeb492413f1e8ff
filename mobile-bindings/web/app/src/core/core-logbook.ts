/* The logbook as the core holds it, behind the interface that the screens know. */

import type { Logbook } from "../logbook/logbook";
import type * as View from "../logbook/views";
import { Untaken, untaken } from "../logbook/untaken";
import { Clerk } from "./clerk";
import { forgetGlimpse, glimpse, keepGlimpse } from "./glimpse";
import { forgetKey } from "./key";
import type { SyncEnd } from "./letters";

const pages = new BroadcastChannel("outpost");
const soon = 1_500;
const often = 60_000;
const noted = "outpost-noted";
const signedOut = "outpost-signed-out";

const notedSteps = (): number[] => JSON.parse(localStorage.getItem(noted) ?? "[]") as number[];

export function coreLogbook(): Logbook {
  const listeners = new Set<() => void>();
  const told = () => {
    for (const listener of listeners) listener();
  };
  const clerk = new Clerk(told);
  /* The store opened, and then turned out not to be readable. */
  let broken: string | null = null;
  /* Asked for before the store is open, so that nobody waits for them one after the other. */
  const early = new Map<string, Promise<string>>();
  const read = (method: string, args: unknown[]): Promise<string> => {
    const asked = args.length === 0 ? early.get(method) : undefined;
    early.delete(method);
    const anew = () => clerk.ask<string>(method, ...args);
    return asked ? asked.catch(anew) : anew();
  };
  const view = async <T>(method: string, ...args: unknown[]): Promise<T> => {
    try {
      return JSON.parse(await read(method, args)) as T;
    } catch (trouble) {
      const { code, detail } = untaken(trouble);
      if (code === "store_damaged" && broken === null) {
        broken = detail;
        told();
      }
      throw trouble;
    }
  };
  let refusal: View.StorageRefusal | null = null;
  /* The code was turned away: another is asked for, and what was captured stays. */
  let turnedAway = false;
  let reached = true;
  let problem: View.Problem | null = null;
  /* When the next sync begins that nobody asked for; after one that didn't go well, not before it is due. */
  let later = 0;
  let due: number | null = null;

  const begin = () => {
    // What is put off while the phone is in a pocket happens when it is looked at again.
    if (document.visibilityState === "visible") void converse();
  };
  const plan = (wait: number) => {
    clearTimeout(later);
    later = window.setTimeout(begin, wait);
  };
  const converse = async (): Promise<SyncEnd | null> => {
    if (clerk.state.is !== "open" || !navigator.onLine) return null;
    try {
      const end = await clerk.ask<SyncEnd>("converse");
      const rest = end.again_in_s === null ? null : end.again_in_s * 1000;
      due = rest === null ? null : Date.now() + rest;
      plan(rest ?? often);
      if (end.outcome === "settled") turnedAway = false;
      problem = end.outcome === "turned_away" || end.outcome === "not_understood" ? { code: end.code || end.outcome, detail: end.detail } : null;
      reached = end.outcome !== "no_answer";
      told();
      return end;
    } catch (trouble) {
      const { code, detail } = untaken(trouble);
      problem = { code, detail };
      plan(often);
      told();
      return null;
    }
  };
  const syncSoon = () => {
    if (due === null || due < Date.now()) plan(soon);
  };
  /* A thousand phones that hear of the network together don't call together. */
  const reconnected = async () => {
    if (due === null) return syncSoon();
    const wait = await clerk.ask<number>("sync_wait_after_reconnecting").catch(() => often);
    due = Date.now() + wait;
    plan(wait);
  };

  pages.onmessage = ({ data }) => {
    if (data === "take-over" && clerk.state.is === "open") clerk.end();
  };
  addEventListener("online", () => void reconnected());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && void reconnected());
  void clerk.opened().then(syncSoon);
  clerk.begin();
  for (const method of ["standing", "today"]) {
    const asked = clerk.ask<string>(method);
    asked.catch(() => {});
    early.set(method, asked);
  }
  // What isn't looked at soon is read when it is.
  void clerk.opened().then(() => setTimeout(() => early.clear(), 1_000));

  /* Until the store was opened for the first time. */
  let before = localStorage.getItem(signedOut) ? null : glimpse();
  let ready: View.Standing | null = null;
  void clerk.opened().then(() => (before = null));

  const standing = async (): Promise<View.Standing> => {
    if (before && clerk.state.is === "opening") return before.standing;
    const said = await standingNow();
    ready = said.is === "ready" ? said : null;
    if (!ready) forgetGlimpse();
    return said;
  };

  const today = async (): Promise<View.Today> => {
    if (before && clerk.state.is === "opening") return { ...before.today, recalled: true };
    const said = await view<View.Today>("today");
    if (ready) keepGlimpse(ready, said);
    return said;
  };

  const standingNow = async (): Promise<View.Standing> => {
    const state = await clerk.opened();
    if (state.is === "elsewhere") return { is: "elsewhere" };
    if (state.is === "unopened") return noStore(state.why);
    if (broken !== null) return { is: "damaged", detail: broken };
    if (refusal) return { is: "storage_refused", why: refusal };
    if (turnedAway || localStorage.getItem(signedOut)) return { is: "unenrolled" };
    return view<View.Standing>("standing");
  };

  const lasting = async (): Promise<View.Trial["result"]> =>
    (await navigator.storage.persisted()) || (await navigator.storage.persist()) ? "passed" : "refused";

  const camera = async (): Promise<View.Trial["result"]> => {
    const devices = await navigator.mediaDevices?.enumerateDevices().catch(() => []);
    return devices?.some((device) => device.kind === "videoinput") ? "passed" : "missing";
  };

  const enrol = async (code: string): Promise<View.Enrolment> => {
    const trials: View.Trial[] = [{ of: "storage", result: await lasting() }];
    if (trials[0]?.result === "refused") {
      refusal = "not_persisted";
      told();
      return { trials, problem: null };
    }
    trials.push({ of: "camera", result: await camera() }, { of: "place", result: "geolocation" in navigator ? "passed" : "missing" });
    try {
      const mine = localStorage.getItem(signedOut) !== null && (await clerk.ask<boolean>("is_mine", code));
      if (mine) {
        localStorage.removeItem(signedOut);
        told();
        syncSoon();
        return { trials, problem: null };
      }
      const server = await clerk.ask<string>("accept", code);
      if (new URL(server).origin !== location.origin) return { trials, problem: { code: "other_server", detail: server } };
    } catch (trouble) {
      return { trials, problem: { code: localStorage.getItem(signedOut) ? "other_person" : "invitation", detail: untaken(trouble).detail } };
    }
    // What was written must be there after reopening: a new worker opens the same files.
    clerk.begin(true);
    await clerk.opened();
    const again = await view<View.Standing>("standing");
    trials.push({ of: "reload", result: again.is === "ready" ? "passed" : "refused" });
    if (again.is !== "ready") {
      refusal = "did_not_survive";
      told();
      return { trials, problem: null };
    }
    const end = await converse();
    if (end?.outcome === "turned_away") {
      turnedAway = true;
      return { trials, problem: { code: end.code, detail: end.detail } };
    }
    told();
    return { trials, problem: null };
  };

  const capture = async (act: View.Act): Promise<View.Captured> => {
    early.clear();
    const { bytes, ...plain } = act as View.Act & { bytes?: Uint8Array };
    try {
      const captured = JSON.parse(await clerk.ask<string>("capture", JSON.stringify(plain), bytes)) as View.Captured;
      told();
      syncSoon();
      return captured;
    } catch (trouble) {
      const why = untaken(trouble);
      // A write that the browser doesn't let through is one for which there is no room.
      const full = why.code === "phone_full" || /storage doesn't answer/.test(why.detail);
      throw full ? new Untaken(bytes ? "full_photo" : "phone_full", null, why.detail) : why;
    }
  };

  const sync = async (): Promise<View.Sync> => {
    const said = await view<View.Sync>("sync");
    const seen = notedSteps();
    const { usage = 0, quota = 0 } = await navigator.storage.estimate();
    const full = await clerk.ask<boolean>("is_full");
    const refused = said.refused.filter((item) => !seen.includes(item.no));
    const next_try = due === null || due < Date.now() ? null : due;
    return { ...said, problem, next_try, refused, storage: { ...said.storage, used: usage, quota, full } };
  };

  return {
    standing,
    reachable: () => reached,
    now: () => Date.now(),
    today,
    orders: () => view("orders"),
    order: (page) => view("order", page),
    visit: (page) => view("visit", page),
    glass: (page, lang) => view("glass", page, lang),
    proof: (page) => view("proof", page),
    month: (month) => view("month", month ?? undefined),
    report: (day) => view("report", day),
    sync,
    refused: async (no) => (await sync()).refused.find((item) => item.no === no) ?? null,
    me: () => view("me"),
    forms: () => view("forms"),
    form: (key) => view("form", JSON.stringify(key)),
    parts: (query) => view("parts", query),
    customers: (query) => view("customers", query),
    blob: async (hash) => (await clerk.ask<Uint8Array | undefined>("file", hash)) ?? null,
    blobAbsence: (hash) => clerk.ask("file_absence", hash),
    fetchBlob: async (hash) => {
      const end = await clerk.ask<SyncEnd>("fetch", hash);
      told();
      if (end.outcome !== "settled") throw new Untaken(end.code || end.outcome, null, end.detail);
    },
    uploading: () => clerk.uploading,
    isDamaged: (page) => clerk.ask("is_damaged", page),
    capture,
    sentence: (code) => view("sentence", code),
    locate: async (entry, place) => {
      if (!place) return;
      await clerk.ask("locate", entry, JSON.stringify(place));
      told();
      syncSoon();
    },
    undo: async (no) => {
      await clerk.ask("undo", no);
      told();
    },
    askAgain: async (no) => {
      await clerk.ask("ask_again", no);
      localStorage.setItem(noted, JSON.stringify([...notedSteps(), no]));
      told();
      syncSoon();
    },
    acknowledge: async (no) => {
      localStorage.setItem(noted, JSON.stringify([...notedSteps(), no]));
      told();
    },
    syncNow: async () => void (await converse()),
    exportAll: async () => new Blob([await clerk.ask<BlobPart>("export_all")], { type: "application/x-ndjson" }),
    exportRefused: async () => new Blob([await clerk.ask<BlobPart>("export_quarantine")], { type: "application/x-ndjson" }),
    exportPage: async (page) => new Blob([await clerk.ask<BlobPart>("export_page", page)], { type: "application/x-ndjson" }),
    rescue: async () => new Blob([(clerk.state.is === "unopened" || broken !== null ? await clerk.salvage() : await clerk.ask<BlobPart>("rescue")) as BlobPart]),
    fetchAnew: async () => void (await converse()),
    freePhotos: async () => {
      const bytes = await clerk.ask<number>("free_files");
      told();
      return bytes;
    },
    enrol,
    takeOver: async () => {
      pages.postMessage("take-over");
      clerk.begin(true);
      await clerk.opened();
    },
    openAgain: async () => {
      broken = null;
      clerk.beginAgain();
      await clerk.opened();
      told();
    },
    signOut: async () => {
      const { unsent } = await view<View.Me>("me");
      if (unsent > 0) {
        // What isn't sent stays, under the key that may send it; the same person's code opens it again.
        localStorage.setItem(signedOut, "yes");
        told();
        return;
      }
      clerk.end();
      await forgetPhone();
      location.reload();
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Leaves nothing of a person behind: the store, the key, drafts and settings. */
async function forgetPhone(): Promise<void> {
  const root = await navigator.storage.getDirectory();
  for (let left = 20; ; left -= 1) {
    try {
      await root.removeEntry(".outpost", { recursive: true });
      break;
    } catch (trouble) {
      if (left === 0) throw trouble;
      // A worker that was ended a moment ago still holds its files.
      await new Promise((later) => setTimeout(later, 100));
    }
  }
  await forgetKey();
  for (const key of Object.keys(localStorage)) if (key.startsWith("outpost-")) localStorage.removeItem(key);
}

function noStore(why: string): View.Standing {
  if (/getDirectory|createSyncAccessHandle|SecurityError|NotSupported/i.test(why)) return { is: "storage_refused", why: "no_file_storage" };
  return { is: "damaged", detail: why };
}
