/* The attendance month: a calendar with one character a day, totals with their legend, the chosen day's events. */

import { useState } from "preact/hooks";
import type { AttendanceDay, AttendanceMonth, AttendanceRow, Located, Month } from "../logbook/views";
import { Button, Choices, IconButton, LinkButton } from "../design/controls";
import { Chip } from "../design/chip";
import { Icon } from "../design/icon";
import { Sheet } from "../design/sheet";
import { Screen } from "../shell/frame";
import { NextSlab, take } from "../shell/next";
import { useAlmanac, useDesk, useView, useWords } from "../shell/desk";
import { go, to } from "../shell/route";
import { clock, dayMonth, longDay, spanOfMinutes, type Almanac } from "../words/almanac";
import { Calendar } from "./calendar";
import { tone } from "./tone";

export function AttendanceScreen({ month }: { month: Month | null }) {
  const { words } = useDesk();
  const view = useView(`month ${month ?? ""}`, (logbook) => logbook.month(month));
  const [chosen, choose] = useState<string | null>(null);
  const [y = 0, m = 1] = (view?.month ?? "").split("-").map(Number);
  const turn = (by: number) => {
    const n = y * 12 + (m - 1) + by;
    go("attendance", `${Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, "0")}`);
  };
  const day = view?.days.find((each) => each.day === (chosen ?? view.today)) ?? view?.days.at(-1);
  return (
    <Screen
      tab="attendance"
      title={view ? words.attendance.title(y, m) : words.tabs.attendance}
      note={
        view &&
        `${words.attendance.range(dayMonth(view.first, words), dayMonth(view.last, words))} · ${view.sealed ? words.attendance.sealed(view.sealed.revision) : words.attendance.closes(String(Number(view.closes_on.slice(8))))}`
      }
      aside={
        view && (
          <>
            <IconButton icon="chevron-left" label={words.attendance.earlier} onTap={() => turn(-1)} />
            <IconButton icon="chevron-right" label={words.attendance.later} onTap={() => turn(1)} />
          </>
        )
      }
      dock={view?.next ? <NextSlab here next={view.next} /> : undefined}
    >
      {view && (
        <>
          <Calendar month={view} chosen={day?.day ?? view.today} onChoose={choose} />
          <Totals month={view} />
          {view.sealed && <p class="notice">{words.attendance.sealedNote(view.sealed.revision)}</p>}
          {day && <DayCard day={day} />}
          <Actions month={view} />
        </>
      )}
    </Screen>
  );
}

function Totals({ month }: { month: AttendanceMonth }) {
  const { attendance } = useWords();
  return (
    <dl class="card totals">
      {month.totals.map(({ status, days }) => (
        <div key={status} class={`total ${days > 0 || status === "present" ? tone[status] : ""}`}>
          <dd>{days}</dd>
          <dt>
            {attendance.mark[status]} {attendance.name[status]}
          </dt>
        </div>
      ))}
    </dl>
  );
}

function Actions({ month }: { month: AttendanceMonth }) {
  const desk = useDesk();
  const { words } = desk;
  const slab = month.next?.act;
  const clockAct = month.on_duty ? "clock_out" : "clock_in";
  return (
    <div class="trio">
      {slab !== clockAct && (
        <Button icon={month.on_duty ? "logout-2" : "login-2"} onTap={() => void take({ act: clockAct, order: null, visit: null, customer: null, model: null, outing: null }, desk)}>
          {month.on_duty ? words.attendance.clockOutDo : words.attendance.clockInDo}
        </Button>
      )}
      {!month.outing && (
        <LinkButton icon="walk" href={to("go-out")}>
          {words.attendance.goOutDo}
        </LinkButton>
      )}
      <LinkButton icon="calendar" href={to("leave")}>
        {words.attendance.leaveDo}
      </LinkButton>
    </div>
  );
}

function DayCard({ day }: { day: AttendanceDay }) {
  const words = useWords();
  const { attendance } = words;
  const [voiding, setVoiding] = useState(false);
  const own = day.rows.filter((row) => row.mine_to_void && !row.voided);
  return (
    <section class="card" aria-live="polite">
      <div class="spread">
        <h2>{longDay(day.day, words)}</h2>
        <DayMark day={day} />
      </div>
      {day.worked_minutes > 0 && <p class="second">{attendance.worked(spanOfMinutes(day.worked_minutes))}</p>}
      {day.rows.length === 0 && <p class="second">{day.status === null ? attendance.future : attendance.noneDay}</p>}
      <ul>
        {day.rows.map((row) => (
          <EventRow key={row.entry} row={row} />
        ))}
      </ul>
      {own.length > 0 && (
        <button type="button" class="wrong" onClick={() => setVoiding(true)}>
          {attendance.wrong}
        </button>
      )}
      {voiding && <VoidSheet rows={own} onClose={() => setVoiding(false)} />}
    </section>
  );
}

function DayMark({ day }: { day: AttendanceDay }) {
  const { attendance } = useWords();
  if (day.status === null || day.status === "rest") return null;
  const word =
    day.minutes !== null && day.status === "late"
      ? attendance.lateBy(day.minutes)
      : day.minutes !== null && day.status === "left_early"
        ? attendance.earlyBy(day.minutes)
        : attendance.name[day.status];
  const look = { green: "green bare", amber: "amber outlined", red: "red solid", blue: "blue outlined", slate: "slate bare", "": "" }[tone[day.status]];
  return (
    <span class={`chip ${look}`}>
      <Icon name="clock" />
      {word}
    </span>
  );
}

function sayRow(row: AttendanceRow, almanac: Almanac): string {
  const { attendance, duty, leave } = almanac.words;
  const { what } = row;
  const where = (place: Located) =>
    place.is === "known"
      ? `${place.name ?? ""} ${duty.metres(place.accuracy_m)}`.trim()
      : { coming: duty.placeComing, none: duty.placeNone, unsaid: "" }[place.is];
  switch (what.is) {
    case "clock_in":
      return attendance.clockIn(where(what.place));
    case "clock_out":
      return attendance.clockOut(where(what.place));
    case "go_out":
      return attendance.goOut(clock(what.expected, almanac.zone));
    case "returned":
      return attendance.returned;
    case "task":
      return attendance.task(what.note, spanOfMinutes(what.minutes));
    case "leave":
      return attendance.leave(leave.kinds[what.leave] ?? what.leave, what.from.slice(5), what.to.slice(5));
  }
}

function EventRow({ row }: { row: AttendanceRow }) {
  const words = useWords();
  const almanac = useAlmanac();
  const decided = row.what.is === "leave" ? row.what.approved : undefined;
  return (
    <li class="event">
      <span class="event-at">{clock(row.at, almanac.zone)}</span>
      <span class={row.voided ? "grow struck" : "grow"}>
        {sayRow(row, almanac)}
        {row.what.is === "go_out" && <span class="second block">{row.what.destination}</span>}
        {row.voided && <span class="second block unstruck">{words.attendance.voided(row.voided)}</span>}
      </span>
      <span class="event-marks">
        {row.suspect && <Chip mark="suspect" />}
        {decided === null && row.state !== "kept" ? <Chip mark="pending" /> : <Chip mark={row.state} />}
        {decided === true && <Chip mark="admitted" word={words.attendance.approved} />}
        {decided === false && <Chip mark="refused" word={words.attendance.returnedLeave} />}
      </span>
    </li>
  );
}

function VoidSheet({ rows, onClose }: { rows: AttendanceRow[]; onClose: () => void }) {
  const { words, log } = useDesk();
  const almanac = useAlmanac();
  const [target, setTarget] = useState(rows.length === 1 ? (rows[0]?.entry ?? null) : null);
  const [reason, setReason] = useState<string>(words.attendance.voidReasons[0] ?? "");
  const [asked, setAsked] = useState(false);
  const keep = async () => {
    if (target === null) return setAsked(true);
    const page = rows.find((row) => row.entry === target)?.page ?? "";
    if (await log({ act: "void", page, target, reason }, words.act["void"])) onClose();
  };
  return (
    <Sheet title={words.attendance.voidTitle} note={words.attendance.voidSub} onClose={onClose}>
      <Choices
        legend={words.attendance.which}
        layout="one"
        value={target}
        onValue={setTarget}
        options={rows.map((row) => ({ value: row.entry, word: `${clock(row.at, almanac.zone)} ${sayRow(row, almanac)}` }))}
        asks={asked && target === null ? words.required : null}
      />
      <Choices legend={words.handBack.reason} value={reason} onValue={setReason} options={words.attendance.voidReasons.map((word) => ({ value: word, word }))} />
      <Button look="full danger" onTap={() => void keep()}>
        {words.attendance.voidDo}
      </Button>
    </Sheet>
  );
}
