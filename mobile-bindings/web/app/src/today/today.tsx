/* Today: am I on duty, what is only on this phone, which order is next. The slab is the next step of the first. */

import type { OrderLine, Today } from "../logbook/views";
import { Button, Lead } from "../design/controls";
import { Chip, FlagChip } from "../design/chip";
import { Icon } from "../design/icon";
import { LimitBar, LimitClock } from "../design/limit";
import { NextSlab, take } from "../shell/next";
import { Network, Screen } from "../shell/frame";
import { useGradual } from "../shell/gradual";
import { useAlmanac, useDesk, useView, useWords } from "../shell/desk";
import { to } from "../shell/route";
import { clock, dayOf, hoursAndMinutes, longDay, moment, spanOfMinutes } from "../words/almanac";

export function TodayScreen() {
  const { owner, words } = useDesk();
  const almanac = useAlmanac();
  const today = useView("today", (logbook) => logbook.today());
  const day = dayOf(almanac.now, almanac.zone);
  return (
    <Screen
      tab="today"
      title={longDay(day, words)}
      note={owner ? `${owner.station} · ${owner.name}` : ""}
      aside={<Network />}
      dock={today?.next && !today.recalled ? <NextSlab next={today.next} /> : undefined}
    >
      {today ? <Sheets today={today} day={day} /> : <p class="notice">{words.loading}</p>}
    </Screen>
  );
}

function Sheets({ today, day }: { today: Today; day: string }) {
  const { words, owner } = useDesk();
  const drawn = useGradual(today.orders.length);
  return (
    <>
      {today.recalled ? (
        <p class="card recalled">{words.loading}</p>
      ) : (
        <>
          <DutyCard today={today} />
          <TruthLine today={today} />
        </>
      )}
      <div class="spread">
        <h2 class="section">{words.today.orders(today.orders.length)}</h2>
        {owner?.self_open && (
          <a class="plain-link" href={to("new-order")}>
            <Icon name="plus" size="small" />
            {words.today.newOnSite}
          </a>
        )}
      </div>
      {today.orders.length === 0 && (
        <div class="card empty">
          <Icon name="clipboard-list" size="large" />
          <p>{words.today.empty}</p>
        </div>
      )}
      {today.orders.length > 0 && (
        <ul class="stack">
          {today.orders.slice(0, drawn).map((order) => (
            <li key={order.page}>
              <OrderCard order={order} />
            </li>
          ))}
        </ul>
      )}
      <div class="card flush list">
        <Lead icon="report" href={to("report", day)} aside={today.report.sent && <Chip mark="admitted" word={words.today.reportSent} />}>
          <span class="strong">{words.today.report}</span>
          <span class="second block">{words.today.reportSub(today.report.visits, spanOfMinutes(today.report.minutes))}</span>
        </Lead>
      </div>
    </>
  );
}

function DutyCard({ today }: { today: Today }) {
  const desk = useDesk();
  const { words } = desk;
  const { now, zone } = useAlmanac();
  const { duty } = today;
  if (duty.since === null) {
    return (
      <section class="card row" aria-label={words.duty.off}>
        <div class="grow">
          <h2 class="name">{words.duty.off}</h2>
          <p class="second">{words.duty.offSub}</p>
        </div>
        {today.next?.act !== "clock_in" && <ClockButton act="clock_in" />}
      </section>
    );
  }
  const where =
    duty.place.is === "known"
      ? words.duty.metres(duty.place.accuracy_m)
      : { coming: words.duty.placeComing, none: words.duty.placeNone, unsaid: "" }[duty.place.is];
  return (
    <section class="card">
      <div class="row wrap">
        <div class="grow duty">
          <h2 class="name">{words.duty.on(...hoursAndMinutes(now - duty.since))}</h2>
          <p class="second">
            {[words.duty.since(clock(duty.since, zone)), where].filter(Boolean).join(" · ")}
          </p>
        </div>
        <ClockButton act="clock_out" />
      </div>
      {duty.out && (
        <p class={duty.out.overdue ? "outing warn" : "outing second"}>
          <Icon name="walk" size="small" />
          {(duty.out.overdue ? words.duty.outLate : words.duty.outUntil)(duty.out.destination, clock(duty.out.expected, zone))}
        </p>
      )}
    </section>
  );
}

function ClockButton({ act }: { act: "clock_in" | "clock_out" }) {
  const desk = useDesk();
  const next = { act, order: null, visit: null, customer: null, model: null, outing: null };
  return <Button onTap={() => void take(next, desk)}>{desk.words.act[act]}</Button>;
}

/** One line of truth: how much is only here, what was refused, when headquarters was last heard. */
function TruthLine({ today }: { today: Today }) {
  const words = useWords();
  const almanac = useAlmanac();
  const { outbox } = today;
  const here = outbox.kept + outbox.sending + outbox.deferred;
  return (
    <a class={here > 0 ? "card truth kept" : "card truth"} href={to("sync")}>
      <Icon name={here > 0 ? "device-mobile" : "circle-check"} />
      <span class="grow">
        <span class="strong block">{here > 0 ? words.outbox.kept(here) : words.outbox.none}</span>
        <span class="second block">
          {outbox.last_contact === null ? words.outbox.never : words.outbox.lastContact(moment(outbox.last_contact, almanac))}
        </span>
      </span>
      {outbox.refused > 0 && <Chip mark="refused" word={words.outbox.refused(outbox.refused)} />}
      {outbox.conflicts > 0 && outbox.refused === 0 && <Chip mark="conflict" word={words.outbox.conflicts(outbox.conflicts)} />}
      <Icon name="chevron-right" size="go" />
    </a>
  );
}

export function OrderCard({ order }: { order: OrderLine }) {
  const words = useWords();
  const { now } = useAlmanac();
  const late = order.limit !== null && order.limit.due < now;
  return (
    <a class="card order-card" href={to("order", order.page)}>
      <span class="row top">
        <span class="grow">
          <span class="name block">{order.customer}</span>
          <span class="second block">
            {[order.model, order.unit].filter(Boolean).join(" ")}
            <br />
            {order.fault}
          </span>
        </span>
        <span class="order-side">
          {!late && (
            order.state === "closed" ? <Chip mark="closed" /> : <span class="order-state">{words.orderState[order.state]}</span>
          )}
          {order.limit && <LimitClock limit={order.limit} />}
        </span>
      </span>
      {(order.flags.length > 0 || order.provisional || order.taken_by) && (
        <span class="marks">
          {order.provisional && <Chip mark="kept" />}
          {order.taken_by && <span class="chip slate outlined">{words.today.takenBy(order.taken_by)}</span>}
          {order.flags.map((flag) => (
            <FlagChip key={flag} flag={flag} />
          ))}
        </span>
      )}
      {order.limit && <LimitBar limit={order.limit} />}
    </a>
  );
}
