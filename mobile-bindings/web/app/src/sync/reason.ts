/* A refusal in words: what was wanted, and why it wasn't taken. The code is the server's; the sentence is ours, and
 * where we have none for it the server's own detail is shown. */

import type { RefusedItem } from "../logbook/views";
import { moment, type Almanac } from "../words/almanac";
import type { Words } from "../words/words";

export function headline(item: RefusedItem, words: Words): string {
  const act = words.act[item.act] ?? item.act;
  const about = item.wish ? `${item.about} → ${item.wish}` : item.about;
  return about ? words.sync.aboutWhat(act, about) : act;
}

export function reasonOf(item: RefusedItem, almanac: Almanac): string {
  const { refusal } = almanac.words;
  const sentence = refusal[item.code];
  if (typeof sentence === "function") {
    return sentence(item.by ?? "", item.decided_at === null ? "" : moment(item.decided_at, almanac));
  }
  return sentence ?? (item.detail || (refusal["other"] as string));
}
