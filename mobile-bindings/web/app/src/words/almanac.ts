/* Days, times and durations as the app says them: in the station's zone, 24 hours, h:mm. Pure: the moment that counts
 * as now is an argument. */

import type { Day, Lang, Limit, Millis } from "../logbook/views";
import type { Words } from "./zh";

export interface Almanac {
  words: Words;
  lang: Lang;
  zone: string;
  now: Millis;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function parts(at: Millis, zone: string) {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    formats.set(zone, format);
  }
  const named: Record<string, string> = {};
  for (const part of format.formatToParts(at)) named[part.type] = part.value;
  return named as { year: string; month: string; day: string; hour: string; minute: string };
}

export function dayOf(at: Millis, zone: string): Day {
  const p = parts(at, zone);
  return `${p.year}-${p.month}-${p.day}`;
}

export function clock(at: Millis, zone: string): string {
  const p = parts(at, zone);
  return `${p.hour}:${p.minute}`;
}

function ymd(day: Day): [number, number, number] {
  const [y = 0, m = 1, d = 1] = day.split("-").map(Number);
  return [y, m, d];
}

/** 0 is Sunday. */
export function weekday(day: Day): number {
  const [y, m, d] = ymd(day);
  return new Date(Date.UTC(y, m - 1, d)).getUTCDay();
}

export function shift(day: Day, by: number): Day {
  const [y, m, d] = ymd(day);
  return new Date(Date.UTC(y, m - 1, d + by)).toISOString().slice(0, 10);
}

/** 10月20日 周二 / Tue 20 Oct */
export function longDay(day: Day, words: Words): string {
  const [, m, d] = ymd(day);
  return words.date.full(m, d, words.date.weekday[weekday(day)] ?? "");
}

/** 10月20日 / 20 Oct */
export function dayMonth(day: Day, words: Words): string {
  const [, m, d] = ymd(day);
  return words.date.dayMonth(m, d);
}

/** 10-20, for tables and asides. */
export function shortDay(day: Day): string {
  return day.slice(5);
}

/** A time of today as it is, one of another day with its day: 16:30 · 明天 12:45 · 10-22 09:00. */
export function moment(at: Millis, almanac: Almanac): string {
  const today = dayOf(almanac.now, almanac.zone);
  const day = dayOf(at, almanac.zone);
  const time = clock(at, almanac.zone);
  if (day === today) return time;
  const { words, lang } = almanac;
  if (day === shift(today, 1)) {
    return lang === "en" ? `${words.date.weekday[weekday(day)]} ${time}` : `${words.date.tomorrow} ${time}`;
  }
  if (day === shift(today, -1)) return `${words.date.yesterday} ${time}`;
  return `${shortDay(day)} ${time}`;
}

/** 今天 13:12, where a list mixes days. */
export function momentOfList(at: Millis, almanac: Almanac): string {
  const same = dayOf(at, almanac.zone) === dayOf(almanac.now, almanac.zone);
  return same ? almanac.words.date.todayAt(clock(at, almanac.zone)) : moment(at, almanac);
}

/** 1:55, 22:10: hours and minutes, without a day. */
export function span(ms: number): string {
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

export function spanOfMinutes(minutes: number): string {
  return span(minutes * 60_000);
}

export function hoursAndMinutes(ms: number): [number, number] {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  return [Math.floor(minutes / 60), minutes % 60];
}

export function ago(at: Millis, almanac: Almanac): string {
  const [h, m] = hoursAndMinutes(almanac.now - at);
  const { sync } = almanac.words;
  if (h >= 48) return sync.agoDays(Math.floor(h / 24));
  if (h === 0 && m === 0) return sync.agoNow;
  return h > 0 ? sync.agoHours(h, m) : sync.agoMinutes(m);
}

/** What a limit says beside its clock. */
export function limitNote(limit: Limit, almanac: Almanac): string {
  const { today } = almanac.words;
  const at = moment(limit.due, almanac);
  if (limit.due < almanac.now) return today.wasDue[limit.kind](at);
  return { reply: today.replyBy, arrival: today.arriveBy, return: today.returnBy }[limit.kind](at);
}

/** For an <input type="datetime-local"> in the station's zone. */
export function localInput(at: Millis, zone: string): string {
  const p = parts(at, zone);
  return `${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}`;
}

/** Reads such an input back: the moment whose wall clock in the zone says so. */
export function fromLocalInput(text: string, zone: string): Millis | null {
  const guess = Date.parse(`${text}:00Z`);
  if (Number.isNaN(guess)) return null;
  const offset = Date.parse(`${localInput(guess, zone)}:00Z`) - guess;
  const first = guess - offset;
  // Around a change of the zone's offset the first guess may be an hour off.
  return first - (Date.parse(`${localInput(first, zone)}:00Z`) - guess);
}
