/* The sample's attendance month: October 2026, from the 26th of September. */

import type * as View from "../logbook/views";
import { shift } from "../words/almanac";
import { at, nextOf, outing, type Say } from "./day";

const marks =
  "rr ppprrrr rrrpprr pppeeor pl.....".replaceAll(" ", "");
const status: Record<string, View.DayStatus | null> = { r: "rest", p: "present", l: "late", e: "left_early", o: "overtime", a: "absent", v: "leave", i: "incomplete", ".": null };

export function month(say: Say, chosen: View.Month | null): View.AttendanceMonth {
  const sealed = chosen === "2026-09";
  const first = sealed ? "2026-08-26" : "2026-09-26";
  const pattern = sealed ? "ppprrppiaprrpppvvrrpppplrrppppp" : marks;
  const days = [...pattern.slice(0, sealed ? 31 : 30)].map((mark, n): View.AttendanceDay => {
    const day = shift(first, n);
    const weekend = [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
    const said = status[mark] ?? null;
    return { day, status: said === null && weekend ? "rest" : said, minutes: mark === "l" ? 22 : null, worked_minutes: mark === "p" ? 541 : 0, leave: null, rows: day === "2026-10-20" ? rows(say) : [] };
  });
  const count = (of: View.DayStatus) => days.filter((day) => day.status === of).length;
  return {
    month: sealed ? "2026-09" : "2026-10",
    first,
    last: shift(first, days.length - 1),
    today: "2026-10-20",
    closes_on: sealed ? "2026-09-26" : "2026-10-26",
    days,
    totals: (sealed ? (["present", "late", "incomplete", "absent", "leave"] as const) : (["present", "late", "left_early", "overtime", "leave"] as const)).map((of) => ({ status: of, days: count(of) })),
    sealed: sealed ? { revision: 1, at: at("09:00", "2026-09-26") } : null,
    earlier: true,
    later: sealed,
    next: sealed ? null : nextOf("returned", { outing: outing(say) }),
    on_duty: true,
    outing: sealed ? null : outing(say),
  };
}

function rows(say: Say): View.AttendanceRow[] {
  const row = (entry: string, time: string, what: View.AttendanceRow["what"], state: View.AttendanceRow["state"]): View.AttendanceRow => ({ entry, page: "att", what, at: at(time), state, suspect: false, voided: null, mine_to_void: false });
  return [
    row("e-in", "08:52", { is: "clock_in", place: { is: "known", name: say("济南驻点", "Jinan station"), accuracy_m: 12 } }, "admitted"),
    { ...row("e-out", "13:20", { is: "go_out", destination: say("青岛化工", "Qingdao Chemical"), expected: at("18:00") }, "kept"), mine_to_void: true },
  ];
}
