/* The month as a grid: one character a day, weeks from Monday; arrow keys move, Enter chooses. */

import { useRef } from "preact/hooks";
import type { AttendanceMonth, Day } from "../logbook/views";
import { useWords } from "../shell/desk";
import { longDay, shift, weekday } from "../words/almanac";
import { tone } from "./tone";

export function Calendar({ month, chosen, onChoose }: { month: AttendanceMonth; chosen: Day; onChoose: (day: Day) => void }) {
  const words = useWords();
  const { attendance } = words;
  const grid = useRef<HTMLDivElement>(null);
  const lead = (weekday(month.first) + 6) % 7;
  const cells = [...Array.from({ length: lead }, () => null), ...month.days];
  const weeks = Array.from({ length: Math.ceil(cells.length / 7) }, (_, week) => cells.slice(week * 7, week * 7 + 7));
  const move = (event: KeyboardEvent, day: Day) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key];
    if (!by) return;
    event.preventDefault();
    grid.current?.querySelector<HTMLElement>(`[data-day="${shift(day, by)}"]`)?.focus();
  };
  return (
    <div class="calendar" role="grid" aria-label={attendance.calendar} ref={grid}>
      <div role="row" class="week">
        {attendance.weekdays.map((word, n) => (
          <span role="columnheader" class="weekday" key={word} aria-label={attendance.weekdaysLong[n]}>
            {word}
          </span>
        ))}
      </div>
      {weeks.map((week, n) => (
        <div role="row" class="week" key={n}>
          {week.map((day, place) => {
            if (!day) return <span role="gridcell" key={place} />;
            const [, m, d] = day.day.split("-").map(Number);
            const figure = day.day === month.first || d === 1 ? `${m}/${d}` : String(d);
            const status = day.status;
            const name = status ? attendance.name[status] : attendance.future;
            return (
              <span role="gridcell" key={day.day} aria-selected={day.day === chosen}>
                <button
                  type="button"
                  class={`day ${status ? `${status} ${tone[status]}` : ""}${day.day === chosen ? " chosen" : ""}`}
                  data-day={day.day}
                  tabIndex={day.day === chosen ? 0 : -1}
                  aria-current={day.day === month.today ? "date" : undefined}
                  onClick={() => onChoose(day.day)}
                  onKeyDown={(event) => move(event, day.day)}
                >
                  <span class="unseen">{attendance.dayLabel(longDay(day.day, words), name)}</span>
                  <span class="day-no" aria-hidden="true">
                    {figure}
                  </span>
                  <span class="day-mark" aria-hidden="true">{status ? attendance.mark[status] : ""}</span>
                </button>
              </span>
            );
          })}
        </div>
      ))}
    </div>
  );
}
