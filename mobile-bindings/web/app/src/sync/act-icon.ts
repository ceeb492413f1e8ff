/* The icon of an act in lists. */

import type { IconName } from "../icons";

const icons: Record<string, IconName> = {
  clock_in: "login-2",
  clock_out: "logout-2",
  go_out: "walk",
  returned: "arrow-back-up",
  contact: "phone",
  rebook: "calendar",
  hand_back: "switch-horizontal",
  assign: "switch-horizontal",
  toolkit: "checklist",
  depart: "car",
  arrive: "map-pin",
  leave: "clipboard-check",
  sign: "signature",
  photo: "camera",
  charge: "cash",
  take_back: "package",
  return_item: "package-export",
  use_part: "tool",
  request_leave: "calendar",
  send_report: "report",
  open_order: "plus",
  void: "trash",
  record: "forms",
};

export const actIcon = (act: string): IconName => icons[act] ?? "pencil";
