/* A refusal in words: what was wanted, and why it wasn't taken. What a code means is the core's to say; who decided
 * meanwhile, and when, is put beside it. */

import type { RefusedItem } from "../logbook/views";
import { moment, type Almanac } from "../words/almanac";
import type { Words } from "../words/words";

export function headline(item: RefusedItem, words: Words): string {
  const act = words.act[item.act] ?? item.act;
  const about = item.wish ? `${item.about} → ${item.wish}` : item.about;
  return about ? words.sync.aboutWhat(act, about) : act;
}

export function reasonOf(item: RefusedItem, almanac: Almanac): string {
  const { words, lang } = almanac;
  if (item.by && item.decided_at !== null) return words.sync.decidedBefore(item.by, moment(item.decided_at, almanac));
  return item.why[lang] || item.detail || words.sync.unsaid;
}
