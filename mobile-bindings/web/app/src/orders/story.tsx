/* An order's past, from top to bottom, ending in the next step. A dot's edge says how far each got. */

import type { Order, StoryRow } from "../logbook/views";
import { Chip, markIcon } from "../design/chip";
import { Icon } from "../design/icon";
import { useAlmanac, useWords } from "../shell/desk";
import { to } from "../shell/route";
import { clock, moment, type Almanac } from "../words/almanac";

export function tell(row: StoryRow, almanac: Almanac): string {
  const { story, result, duty } = almanac.words;
  const { what } = row;
  switch (what.is) {
    case "registered":
      return story.registered;
    case "self_opened":
      return story.self_opened;
    case "assigned":
      return story.assigned(what.to);
    case "helper_added":
      return story.helper_added(what.to);
    case "contacted":
      if (what.outcome === "reached") return what.appointment ? story.reachedAt(moment(what.appointment, almanac)) : story.reached;
      return story[what.outcome];
    case "rebooked":
      return story.rebooked(moment(what.appointment, almanac));
    case "handed_back":
      return story.handed_back;
    case "toolkit":
      return story.toolkit(what.missing);
    case "departed":
      return story.departed;
    case "arrived":
      return story.arrived(what.accuracy_m === null ? "" : duty.metres(what.accuracy_m));
    case "left":
      return story.left(result[what.result]);
    case "signed":
      return story.signed(what.name, what.score);
    case "unsigned":
      return story.unsigned;
    case "goods_taken":
      return story.goods_taken(what.receipt_no);
    case "goods_returned":
      return story.goods_returned(what.receipt_no);
    case "closed":
      return story.closed;
    case "reopened":
      return story.reopened;
  }
}

function stage(row: StoryRow, almanac: Almanac): string {
  const { order, state } = almanac.words;
  if (row.state === "kept") return order.unsentNote;
  if (row.state === "sending") return order.onItsWay;
  if (row.state === "deferred") return state[row.state];
  return row.by;
}

export function Story({ order }: { order: Order }) {
  const words = useWords();
  const almanac = useAlmanac();
  const settled = (row: StoryRow) => row.state === "admitted" || row.state === "already_so";
  return (
    <section class="card">
      <ol class="story">
        {order.story.map((row) => {
          const body = (
            <>
              <span class={`dot ${settled(row) ? "done" : row.state}`}>
                <Icon name={settled(row) ? "check" : markIcon(row.state)} size="small" />
              </span>
              <span class="grow">
                <span class="block">
                  {tell(row, almanac)} {row.suspect && <Chip mark="suspect" />}
                </span>
                <span class="second block">{stage(row, almanac)}</span>
              </span>
              <span class="when">{moment(row.at, almanac)}</span>
            </>
          );
          return (
            <li key={row.id}>
              {row.visit ? (
                <a class="plain story-row" href={to("visit", row.visit)}>
                  {body}
                </a>
              ) : (
                <span class="story-row">{body}</span>
              )}
            </li>
          );
        })}
        {order.next && (
          <li>
            <span class="story-row">
              <span class="dot next" />
              <span class="grow strong">{words.order.nextIs(words.act[order.next.act] ?? "")}</span>
              {order.latest_departure && order.next.act === "depart" && (
                <span class={order.too_late ? "when warn" : "when"}>{words.order.latest(clock(order.latest_departure, almanac.zone))}</span>
              )}
            </span>
          </li>
        )}
      </ol>
    </section>
  );
}
