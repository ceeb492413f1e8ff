/* What page and worker write to each other. */

import type * as Core from "./views";

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
  /** A piece of a file is on its way; so much of it headquarters has. None: no file is. */
  | { is: "uploading"; file: Uploading | null }
  | { is: "trouble"; id: number; why: string }
  /** The core has come down; the worker is of no more use. */
  | { is: "down"; why: string };

/** Bytes. */
export interface Uploading {
  file: string;
  reached: number;
  size: number;
}

export type SyncEnd = Core.SyncEnd;
