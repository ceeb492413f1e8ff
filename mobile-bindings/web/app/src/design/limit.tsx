/* A limit's clock: what is left of it, or by how much it is late, in words too. */

import { clock, limitNote, span } from "../words/almanac";
import type { Limit } from "../logbook/views";
import { useAlmanac } from "../shell/desk";
import { Chip } from "./chip";

export function LimitClock({ limit, plain }: { limit: Limit; plain?: boolean }) {
  const almanac = useAlmanac();
  const { words, now } = almanac;
  const late = limit.due < now;
  const figure = span(limit.due - now);
  return (
    <span class={late ? "limit late" : "limit"}>
      {late && !plain && <Chip mark="overdue" />}
      <span class="count" aria-hidden="true">
        <small>{late ? words.today.late : words.today.left}</small>
        {figure}
      </span>
      <span class="unseen">{late ? words.today.lateSpoken(figure) : words.today.leftSpoken(figure)}</span>
      <span class="note">{limitNote(limit, almanac)}</span>
    </span>
  );
}

/** The bar is what is left; the words beside it say the same. */
export function LimitBar({ limit }: { limit: Limit }) {
  const { now, zone } = useAlmanac();
  const late = limit.due < now;
  const left = Math.max(0, Math.min(1, (limit.due - now) / Math.max(1, limit.due - limit.from)));
  return (
    <span class={late ? "left-bar late" : "left-bar"} aria-hidden="true" data-due={clock(limit.due, zone)}>
      {!late && <i style={{ width: `${(left * 100).toFixed(1)}%` }} />}
    </span>
  );
}
