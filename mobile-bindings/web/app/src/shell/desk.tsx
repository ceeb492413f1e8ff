/* What every screen has at hand: the logbook, the words, the moment, and how to say that something was saved. */

import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { Logbook } from "../logbook/logbook";
import type { Act, Captured, Lang, Millis, Owner } from "../logbook/views";
import type { Almanac } from "../words/almanac";
import type { Words } from "../words/words";

export interface Desk {
  logbook: Logbook;
  words: Words;
  lang: Lang;
  now: Millis;
  online: boolean;
  owner: Owner | null;
  /** Logs an act, says so, and offers to take it back. None where it wasn't written; the desk says why. */
  log: (act: Act, word?: string) => Promise<Captured | null>;
  say: (text: string) => void;
  /** What went wrong, in words. */
  explain: (trouble: unknown) => Promise<string>;
  settings: Settings;
  set: (settings: Partial<Settings>) => void;
}

export interface Settings {
  lang: Lang | null;
  theme: "auto" | "light" | "dark";
  vibrate: boolean;
}

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error("a screen stands on a desk");
  return desk;
}

export const useWords = (): Words => useDesk().words;

export function useAlmanac(): Almanac {
  const { words, lang, now, owner } = useDesk();
  return { words, lang, now, zone: owner?.zone ?? "Asia/Shanghai" };
}

/* Views read before stay at hand, so that going back shows the screen as it was, at once. */
const seen = new Map<string, unknown>();
/* A view that two components want at once is read once. */
const reading = new Map<string, Promise<unknown>>();

export function forgetViews(): void {
  seen.clear();
}

/** Reads a view, and again whenever the logbook changes. Undefined while it was never read. */
export function useView<T>(key: string, read: (logbook: Logbook) => Promise<T>): T | undefined {
  const { logbook } = useDesk();
  const [, redraw] = useState(0);
  useEffect(() => {
    let current = true;
    const load = () => {
      let shared = reading.get(key) as Promise<T> | undefined;
      if (!shared) {
        shared = read(logbook);
        reading.set(key, shared);
        // Shared within this turn only: what changes later is read anew.
        setTimeout(() => reading.delete(key));
      }
      shared
        .then((view) => {
          if (!current) return;
          seen.set(key, view);
          redraw((n) => n + 1);
        })
        // The logbook was closed meanwhile; what it says of itself replaces this screen.
        .catch(() => {});
    };
    load();
    const stop = logbook.onChange(load);
    return () => {
      current = false;
      stop();
    };
  }, [key, logbook]);
  return seen.get(key) as T | undefined;
}
