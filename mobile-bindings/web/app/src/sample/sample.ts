/* The sample logbook: holds data, keeps no rule, and writes nothing. For the gallery only; the app's build never
 * sees it. */

import type { Logbook } from "../logbook/logbook";
import type * as View from "../logbook/views";
import * as day from "./day";
import { month } from "./month";
import * as wire from "./wire";

export type Scene = "day" | "empty" | "off" | "out" | "unenrolled" | "elsewhere" | "storage" | "recalled" | "revoked" | "lost" | "damaged" | "troubled" | "idle" | "trials";

export function sample(lang: View.Lang, scene: Scene): Logbook {
  const say = day.sayIn(lang);
  const owner = day.owner(say);
  const standing = (): View.Standing => {
    switch (scene) {
      case "unenrolled":
      case "trials":
        return { is: "unenrolled" };
      case "elsewhere":
        return { is: "elsewhere" };
      case "revoked":
        return { is: "revoked", handed_in: true };
      case "lost":
        return { is: "revoked", handed_in: false };
      case "storage":
        return { is: "storage_refused", why: "not_persisted" };
      case "damaged":
        return { is: "damaged", detail: "database disk image is malformed" };
      default:
        return { is: "ready", owner };
    }
  };
  const today = (): View.Today => {
    const full = day.today(say);
    if (scene === "recalled") return { ...full, recalled: true };
    if (scene === "empty") return { ...full, orders: [], outbox: { ...day.outbox, kept: 0, refused: 0 }, next: null };
    if (scene === "off") return { ...full, duty: { since: null, place: { is: "none" }, out: null }, next: day.nextOf("clock_in") };
    if (scene === "out") {
      const out = { ...day.outing(say), expected: day.at("14:00"), overdue: true };
      return { ...full, duty: { ...full.duty, out }, next: day.nextOf("returned", { outing: out }) };
    }
    if (scene === "troubled") return { ...full, outbox: wire.troubled(say).outbox };
    if (scene === "idle") return { ...full, outbox: wire.idle(say).outbox };
    return full;
  };
  let captured = 100;
  return {
    reachable: () => true,
    standing: async () => standing(),
    // Visits are looked at in mid-afternoon.
    now: () => (location.hash.startsWith("#/visit") ? day.at("16:58") : day.now),
    today: async () => today(),
    orders: async () => (scene === "empty" ? [] : [...day.lines(say), ...day.shelved(say)]),
    order: async (page) => day.order(say, page),
    visit: async (page) => day.visit(say, page),
    glass: async (page) => day.glass(say, page),
    proof: async () => day.proof(say),
    month: async (chosen) => month(say, chosen),
    report: async (on) => wire.report(say, on),
    sync: async () => (scene === "troubled" ? wire.troubled(say) : scene === "idle" ? wire.idle(say) : wire.sync(say)),
    refused: async () => wire.refused(say),
    me: async () => wire.me(say),
    forms: async () => wire.forms(),
    form: async (key) => wire.form(say, key),
    parts: async (query) => wire.catalogue(say).filter((part) => `${part.name} ${part.part_no}`.toLowerCase().includes(query.toLowerCase())),
    customers: async (query) => wire.customers(say).filter((customer) => customer.name.toLowerCase().includes(query.toLowerCase())),
    blob: (hash) => day.photo(hash),
    blobAbsence: async (hash) => (hash.startsWith("erased") ? "erased" : "away"),
    fetchBlob: async () => {},
    uploading: () => day.uploading,
    isDamaged: async (page) => page === "v-paid",
    capture: async (act) => {
      captured += 1;
      return { no: captured, entry: `e-${captured}`, order: "o95", visit: act.act === "depart" ? "v1" : null, undo: true };
    },
    sentence: async () => ({ "zh-CN": "", en: "" }),
    locate: async () => {},
    undo: async () => {},
    askAgain: async () => {},
    acknowledge: async () => {},
    syncNow: async () => {},
    exportAll: async () => new Blob(["{}"]),
    exportRefused: async () => new Blob(["{}"]),
    exportPage: async () => new Blob(["{}"]),
    rescue: async () => new Blob([""]),
    fetchAnew: async () => {},
    freePhotos: async () => 86_000_000,
    enrol: async () => ({
      trials: [
        { of: "storage", result: "passed" },
        { of: "reload", result: "passed" },
        { of: "camera", result: "missing" },
        { of: "place", result: "waiting" },
      ],
      problem: { code: "code_invalid", detail: "" },
    }),
    takeOver: async () => {},
    openAgain: async () => {},
    signOut: async () => {},
    onChange: () => () => {},
  };
}
