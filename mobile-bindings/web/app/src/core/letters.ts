/* What page and worker write to each other. */

export interface Ask {
  id: number;
  method: string;
  args: unknown[];
}

export type Letter =
  | { is: "open" }
  /** Another page of this browser has the logbook. */
  | { is: "elsewhere" }
  | { is: "unopened"; why: string }
  | { is: "answer"; id: number; value: unknown }
  | { is: "trouble"; id: number; why: string }
  /** The core has come down; the worker is of no more use. */
  | { is: "down"; why: string };

export interface SyncEnd {
  outcome: "settled" | "revoked" | "turned_away" | "no_answer" | "not_understood";
  code: string;
  detail: string;
}
