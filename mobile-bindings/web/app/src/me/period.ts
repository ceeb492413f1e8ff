/* The period that a form is for, as people say it. Pure. */

import type { Day } from "../logbook/views";
import type { Words } from "../words/words";
import { dayMonth, longDay } from "../words/almanac";

export function periodOf(from: Day | null, until: Day | null, words: Words): string {
  if (!from) return "";
  return until && until !== from ? words.form.span(dayMonth(from, words), dayMonth(until, words)) : longDay(from, words);
}
