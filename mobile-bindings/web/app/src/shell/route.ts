/* Where one is: the part of the address after #. Back is the browser's back, and finds the page where it was left. */

import { useEffect, useState } from "preact/hooks";

export type Route = readonly string[];

export const read = (): Route => location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);

export const to = (...path: string[]): string => `#/${path.map(encodeURIComponent).join("/")}`;

export function go(...path: string[]): void {
  location.hash = to(...path);
}

/** Goes there in place of the screen one is on, so that Back doesn't return to it. */
export function swap(...path: string[]): void {
  history.replaceState(history.state, "", to(...path));
  dispatchEvent(new HashChangeEvent("hashchange"));
}

export function back(fallback: string): void {
  if (history.length > 1 && depth > 0) history.back();
  else swap(fallback);
}

let depth = 0;
const places = new Map<string, number>();

export function useRoute(): Route {
  const [route, set] = useState(read);
  useEffect(() => {
    let shown = location.hash;
    const note = () => places.set(shown, scrollY);
    const moved = () => {
      depth += 1;
      shown = location.hash;
      set(read());
    };
    addEventListener("scroll", note, { passive: true });
    addEventListener("hashchange", moved);
    return () => {
      removeEventListener("scroll", note);
      removeEventListener("hashchange", moved);
    };
  }, []);
  return route;
}

export const placeOf = (hash: string): number => places.get(hash) ?? 0;
