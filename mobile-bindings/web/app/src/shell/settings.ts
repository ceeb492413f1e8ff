/* Language, theme, vibration: of this browser, and of no consequence elsewhere. */

import type { Settings } from "./desk";

const shelf = "outpost-settings";
const plain: Settings = { lang: null, theme: "auto", vibrate: true };

export function readSettings(): Settings {
  try {
    return { ...plain, ...(JSON.parse(localStorage.getItem(shelf) ?? "{}") as Partial<Settings>) };
  } catch {
    return plain;
  }
}

export function keepSettings(settings: Settings): void {
  localStorage.setItem(shelf, JSON.stringify(settings));
}
