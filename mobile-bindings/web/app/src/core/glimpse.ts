/* The orders as they stood here last, shown for the moment that opening the store takes. They are read anew as soon as it
 * is open; nothing is decided by this, and it goes with the rest of what belongs to a person. */

import type * as View from "../logbook/views";

const shelf = "outpost-glimpse";
/* After that it is rather a memory. */
const lasts = 24 * 3_600_000;

export interface Glimpse {
  at: number;
  standing: View.Standing;
  today: View.Today;
}

export function glimpse(): Glimpse | null {
  try {
    const seen = JSON.parse(localStorage.getItem(shelf) ?? "null") as Glimpse | null;
    return seen && Date.now() - seen.at < lasts ? seen : null;
  } catch {
    return null;
  }
}

/** While nothing else is to do: a phone that is full, or killed meanwhile, starts without. */
export function keepGlimpse(standing: View.Standing, today: View.Today): void {
  setTimeout(() => {
    try {
      localStorage.setItem(shelf, JSON.stringify({ at: Date.now(), standing, today } satisfies Glimpse));
    } catch {
      localStorage.removeItem(shelf);
    }
  });
}

export const forgetGlimpse = (): void => localStorage.removeItem(shelf);
