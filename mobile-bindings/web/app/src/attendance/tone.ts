/* Which colour a day has, wherever it is shown. */

import type { DayStatus } from "../logbook/views";

export const tone: Record<DayStatus, string> = {
  present: "green",
  late: "amber",
  left_early: "amber",
  incomplete: "amber",
  absent: "red",
  overtime: "blue",
  leave: "slate",
  rest: "",
};
