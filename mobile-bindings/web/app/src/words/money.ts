/* Money: fen inside, ¥1,050.00 outside. */

import type { Fen } from "../logbook/views";

export function yuan(fen: Fen): string {
  const [whole = "0", cents] = (Math.abs(fen) / 100).toFixed(2).split(".");
  return `${fen < 0 ? "−" : ""}¥${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${cents}`;
}

/** Reads what somebody typed; none if it is no sum. */
export function parseYuan(text: string): Fen | null {
  const match = /^(\d{1,8})(?:[.。](\d{1,2}))?$/.exec(text.trim());
  return match ? Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0")) : null;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
