/* The one interface between screens and core. Reading says what stands; `capture` returns once it is on disk. */

import type * as View from "./views";

export interface Logbook {
  standing(): Promise<View.Standing>;
  /** Whether headquarters answered when it was last called. */
  reachable(): boolean;
  /** The moment as the phone's clock has it. */
  now(): View.Millis;

  today(): Promise<View.Today>;
  orders(): Promise<View.OrderLine[]>;
  order(page: View.PageId): Promise<View.Order | null>;
  visit(page: View.PageId): Promise<View.Visit | null>;
  glass(visit: View.PageId, lang: View.Lang): Promise<View.Glass | null>;
  proof(visit: View.PageId): Promise<View.Proof | null>;
  month(month: View.Month | null): Promise<View.AttendanceMonth>;
  report(day: View.Day): Promise<View.DayReport>;
  sync(): Promise<View.Sync>;
  refused(no: View.StepNo): Promise<View.RefusedItem | null>;
  me(): Promise<View.Me>;
  /** Forms that may be begun, or gone on with. */
  forms(): Promise<View.FormChoice[]>;
  form(key: View.FormKey): Promise<View.FilledForm | null>;
  parts(query: string): Promise<View.CataloguePart[]>;
  customers(query: string): Promise<View.CustomerHit[]>;
  /** Bytes of a photo or of strokes, while this phone holds them. */
  blob(hash: View.BlobHash): Promise<Uint8Array | null>;
  /** Why they aren't here: headquarters had them erased, or has them and they can be fetched. */
  blobAbsence(hash: View.BlobHash): Promise<"erased" | "away">;
  fetchBlob(hash: View.BlobHash): Promise<void>;
  /** The file that is on its way to headquarters just now. */
  uploading(): View.Uploading | null;
  /** Whether some of a page can't be read. */
  isDamaged(page: View.PageId): Promise<boolean>;

  /** Rejects with [Untaken](./untaken.ts). */
  capture(act: View.Act): Promise<View.Captured>;
  /** The place came after the tap. */
  locate(entry: View.EntryId, place: View.Place | null): Promise<void>;
  /** Takes back what is still unsent. */
  undo(no: View.StepNo): Promise<void>;

  /** What a problem's code means. */
  sentence(code: string): Promise<Record<View.Lang, string>>;

  /** Asks again for what was refused, knowing what was decided meanwhile. */
  askAgain(no: View.StepNo): Promise<void>;
  acknowledge(no: View.StepNo): Promise<void>;
  syncNow(): Promise<void>;
  exportAll(): Promise<Blob>;
  exportRefused(no: View.StepNo): Promise<Blob>;
  exportPage(page: View.PageId): Promise<Blob>;
  /** What headquarters hasn't got, signed, and sealed so that it alone can read it. */
  rescue(): Promise<Blob>;
  fetchAnew(page: View.PageId): Promise<void>;
  freePhotos(): Promise<number>;

  enrol(code: string): Promise<View.Enrolment>;
  takeOver(): Promise<void>;
  /** Opens the logbook again after it couldn't be opened. */
  openAgain(): Promise<void>;
  signOut(): Promise<void>;

  /** Tells when anything that a screen may show has changed. */
  onChange(listener: () => void): () => void;
}
