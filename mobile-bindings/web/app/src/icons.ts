/* The icons in use, of Tabler Icons (MIT); the build draws exactly these into one sprite. */
export const iconNames = [
  "alarm", "alert-triangle", "archive", "arrow-back-up", "arrow-left", "arrow-right", "arrows-split-2", "ban", "barcode",
  "calendar", "calendar-month", "calendar-event", "camera", "car", "cash", "check", "checklist", "chevron-down", "chevron-left",
  "chevron-right", "circle-check", "clipboard-check", "clipboard-list", "clock", "clock-pause", "clock-question",
  "cloud-upload", "copy", "database", "device-mobile", "dots", "download", "eraser", "file-export", "flag", "forms", "history",
  "home", "hourglass", "info-circle", "key", "language", "list-check", "lock", "login-2", "logout", "logout-2", "map-pin",
  "message", "minus", "package", "pencil", "pencil-exclamation", "phone", "phone-off", "plus", "qrcode", "receipt",
  "refresh", "report", "scan", "search", "signature", "sun-moon", "switch-horizontal", "tool", "trash", "user",
  "users", "walk", "wifi", "wifi-off", "x", "star", "keyboard", "package-export", "device-floppy", "bell",
] as const;

export type IconName = (typeof iconNames)[number];
