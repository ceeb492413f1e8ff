/* The next step, as the core names it: which icon and words the slab shows, and what a tap on it does. */

import type { IconName } from "../icons";
import type { Logbook } from "../logbook/logbook";
import type { Captured, NextAct, NextStep } from "../logbook/views";
import { Slab } from "../design/controls";
import { clock } from "../words/almanac";
import { useAlmanac, useDesk, type Desk } from "./desk";
import { whereNow } from "./place";
import { go } from "./route";

const icons: Record<NextAct, IconName> = {
  clock_in: "login-2",
  clock_out: "logout-2",
  returned: "arrow-back-up",
  contact: "phone",
  depart: "car",
  arrive: "map-pin",
  work: "tool",
  finish: "clipboard-check",
  sign: "signature",
  return_item: "package-export",
};

/** What was logged stands; the place is added if it comes. */
function locateSoon(captured: Captured | null, logbook: Logbook): void {
  const entry = captured?.entry;
  if (entry) void whereNow().then((place) => logbook.locate(entry, place));
}

export async function take(next: NextStep, desk: Desk): Promise<void> {
  const { log, logbook, words } = desk;
  const said = (act: NextAct) => words.act[act] ?? words.toast.saved;
  switch (next.act) {
    case "clock_in":
    case "clock_out": {
      const captured = await log({ act: next.act, place: null }, said(next.act));
      locateSoon(captured, logbook);
      return;
    }
    case "returned":
      await log({ act: "returned" }, said("returned"));
      return;
    case "depart": {
      if (!next.order) return;
      const captured = await log({ act: "depart", order: next.order }, said("depart"));
      if (captured?.visit) go("visit", captured.visit);
      return;
    }
    case "arrive": {
      if (!next.visit) return;
      const captured = await log({ act: "arrive", visit: next.visit, place: null }, words.toast.arrived);
      locateSoon(captured, logbook);
      go("visit", next.visit);
      return;
    }
    case "sign":
      if (next.visit) go("visit", next.visit, "sign");
      return;
    case "work":
    case "finish":
      if (next.visit) go("visit", next.visit);
      return;
    case "contact":
    case "return_item":
      if (next.order) go("order", next.order);
  }
}

/** `here`: the screen is already about that order, so the slab says what the tap does, not whom it is for. */
export function NextSlab({ next, here, onTap }: { next: NextStep; here?: boolean; onTap?: () => void }) {
  const desk = useDesk();
  const { zone } = useAlmanac();
  const { words } = desk;
  const about = next.outing
    ? (next.outing.overdue ? words.duty.outLate : words.duty.outUntil)(next.outing.destination, clock(next.outing.expected, zone))
    : !here && next.customer
      ? [next.customer, next.model].filter(Boolean).join(" · ")
      : words.hint[next.act];
  return <Slab leads icon={icons[next.act]} title={words.act[next.act] ?? next.act} note={about} onTap={onTap ?? (() => void take(next, desk))} />;
}
