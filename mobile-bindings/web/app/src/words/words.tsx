/* The language of the screens: chosen in Me, else the phone's; `lang` on the page follows, or glyphs come out wrong. */

import type { Lang } from "../logbook/views";
import { en } from "./en";
import { zh, type Words } from "./zh";

export type { Words };

export const tables: Record<Lang, Words> = { "zh-CN": zh, en };

export function phoneLanguage(): Lang {
  return navigator.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}
