/* What is being typed outlives a kill, a reload and an update: it is kept beside the screen it belongs to until that
 * screen saves. Nothing of it is in the logbook yet. */

import { useState } from "preact/hooks";

const shelf = "outpost-draft";
const keyOf = (name: string) => `${shelf} ${location.hash} ${name}`;

export function useDraft(name: string, initial = ""): [string, (text: string) => void] {
  const [key] = useState(() => keyOf(name));
  const [text, set] = useState(() => localStorage.getItem(key) ?? initial);
  const keep = (typed: string) => {
    set(typed);
    try {
      localStorage.setItem(key, typed);
    } catch {
      // A full phone keeps no drafts; what is typed stays on the screen.
    }
  };
  return [text, keep];
}

/** The screen has saved: its drafts are done. */
export function dropDrafts(hash: string = location.hash): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(`${shelf} ${hash} `)) localStorage.removeItem(key);
}
