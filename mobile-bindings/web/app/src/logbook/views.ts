/* What the screens see of the logbook. The core says most of it, in types made from its own (core/views.ts); here is what
 * a browser adds: whether it may be a logbook at all, what the platform grants, what isn't the core's yet. The screens
 * put it into words and colours and decide nothing. */

import type * as Core from "../core/views";

export type * from "../core/views";

/** Hundredths of a yuan. */
export type Fen = number;
export type BlobHash = Core.Hash;
export type StepNo = number;
export type CashPolicy = Core.Cash;

/** How far something got: what was refused leaves its page, and is shown on its own. */
export type StepState = Core.StepState | "refused";

/* ---- Whose phone this is, and whether it can be one. ---- */

export type Standing =
  | Core.Standing
  /** Another page of this browser has the logbook open. */
  | { is: "elsewhere" }
  | { is: "storage_refused"; why: StorageRefusal }
  /** The store can't be opened; what can be read of it can be exported. */
  | { is: "damaged"; detail: string };

export type StorageRefusal = "not_persisted" | "private_window" | "no_file_storage" | "did_not_survive";

/** One line of what was tested while enrolling. */
export interface Trial {
  of: "storage" | "reload" | "camera" | "place" | "code";
  result: "waiting" | "passed" | "missing" | "refused";
}

export interface Enrolment {
  trials: Trial[];
  problem: Problem | null;
}

/** Why something wasn't taken: a stable code, and what exactly. */
export interface Problem {
  code: string;
  detail: string;
}

/** A limit that is running, or one that was passed; an outing has one, too. */
export interface Limit extends Omit<Core.Limit, "kind"> {
  kind: Core.LimitKind | "return";
}

/** `recalled`: as it was when it was last looked at, for the moment that opening the store takes. Its orders may be
 * shown; what is on the phone and what comes next isn't known yet. */
export interface Today extends Core.Today {
  recalled?: true;
}

/* ---- Sync ---- */

export type { Uploading } from "../core/letters";

export interface Sync extends Core.SyncView {
  /** The last attempt was turned away, or not understood. */
  problem: Problem | null;
  /** When headquarters is called again by itself, after a time when it didn't answer. */
  next_try: Core.Millis | null;
}

export type SyncItem = Core.Transit;

/* ---- Me ---- */

export type NumberBlock = Core.NumbersLeft;

export const leaveKinds = ["annual", "personal", "sick", "home", "marriage", "bereavement", "compensatory"] as const;
export type LeaveKind = (typeof leaveKinds)[number];

/* ---- Acts: what a tap logs ---- */

export type Act =
  | Exclude<Core.Act, { act: "photo" }>
  | (Extract<Core.Act, { act: "photo" }> & { bytes: Uint8Array });
