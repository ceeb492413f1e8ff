/* What the screens see of the logbook. Everything here is said by the core: what stands, what is due, what may be
 * done next. The screens put it into words and colours and decide nothing. One file, so that it can be generated
 * from the core's own view structs in one piece. */

/** Milliseconds since 1970, UTC. */
export type Millis = number;
/** YYYY-MM-DD, in the station's zone. */
export type Day = string;
/** YYYY-MM. */
export type Month = string;
/** Hundredths of a yuan. */
export type Fen = number;
export type PageId = string;
export type EntryId = string;
export type BlobHash = string;
export type StepNo = number;

export type Lang = "zh-CN" | "en";

/** How far something got on its way to headquarters. */
export type StepState = "kept" | "sending" | "deferred" | "admitted" | "already_so" | "refused";

export type OrderState =
  | "cancelled"
  | "closed"
  | "in_custody"
  | "signed"
  | "finished"
  | "follow_up"
  | "on_site"
  | "travelling"
  | "replied"
  | "assigned"
  | "open";

export type FlagKind =
  | "amended_after_signature"
  | "closed_unsigned"
  | "conflict"
  | "former_assignee"
  | "self_opened"
  | "time_suspect"
  | "unassigned";

export type ServiceType = "A" | "B" | "C" | "D";
export type Reach = "reached" | "no_answer" | "remote_fixed";
export type VisitResult = "fixed" | "follow_up" | "taken_back" | "no_fault";
export type PayMethod = "cash" | "invoice";
export type CashPolicy = "with_receipt" | "forbidden";

export interface Place {
  lat_e7: number;
  lng_e7: number;
  accuracy_m: number;
  mock: boolean;
}

/* ---- Whose phone this is, and whether it can be one. ---- */

export type Standing =
  | { is: "ready"; owner: Owner }
  | { is: "unenrolled" }
  /** Another page of this browser has the logbook open. */
  | { is: "elsewhere" }
  | { is: "storage_refused"; why: StorageRefusal }
  | { is: "revoked" }
  /** The store can't be opened; what can be read of it can be exported. */
  | { is: "damaged"; detail: string };

export type StorageRefusal = "not_persisted" | "private_window" | "no_file_storage" | "did_not_survive";

export interface Owner {
  user: string;
  name: string;
  station: string;
  tenant: string;
  device: string;
  /** IANA name of the station's zone. */
  zone: string;
  cash: CashPolicy;
  self_open: boolean;
}

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

/* ---- Clocks ---- */

/** A limit that is running, or one that was passed. */
export interface Limit {
  kind: "reply" | "arrival" | "return";
  from: Millis;
  due: Millis;
}

/* ---- Today ---- */

export interface Today {
  duty: Duty;
  outbox: Outbox;
  orders: OrderLine[];
  next: NextStep | null;
  report: ReportLine;
}

export interface Duty {
  /** Clocked in and not out since. */
  since: Millis | null;
  place: Located;
  out: Outing | null;
}

/** A place comes late or never; what was logged stands without it. */
export type Located = { is: "known"; name: string | null; accuracy_m: number } | { is: "coming" } | { is: "none" } | { is: "unsaid" };

export interface Outing {
  entry: EntryId;
  destination: string;
  since: Millis;
  expected: Millis;
  overdue: boolean;
}

export interface Outbox {
  kept: number;
  sending: number;
  deferred: number;
  admitted: number;
  refused: number;
  conflicts: number;
  last_contact: Millis | null;
}

export interface ReportLine {
  day: Day;
  visits: number;
  minutes: number;
  sent: boolean;
}

export interface OrderLine {
  page: PageId;
  number: string;
  customer: string;
  model: string;
  unit: string;
  fault: string;
  state: OrderState;
  limit: Limit | null;
  /** The arrival that was agreed with the customer. */
  appointment: Millis | null;
  flags: FlagKind[];
  /** Somebody else has it now; what was begun can still be written. */
  taken_by: string | null;
  closed_at: Millis | null;
  /** Opened on this phone and not yet admitted. */
  provisional: boolean;
}

/** The one thing to do now. */
export interface NextStep {
  act: NextAct;
  order: PageId | null;
  visit: PageId | null;
  /** The customer, and the unit's model. */
  customer: string | null;
  model: string | null;
  outing: Outing | null;
}

export type NextAct =
  | "clock_in"
  | "clock_out"
  | "returned"
  | "contact"
  | "depart"
  | "arrive"
  | "work"
  | "finish"
  | "sign"
  | "return_item";

/* ---- Order ---- */

export interface Order {
  line: OrderLine;
  service_type: ServiceType;
  address: string;
  contact: string;
  phone: string;
  place: { lat: number; lng: number } | null;
  serial: string;
  warranty_until: Day | null;
  /** Earlier repairs of the same unit, the latest first. */
  history: PastRepair[];
  story: StoryRow[];
  next: NextStep | null;
  /** Setting out later than this can't arrive in time. */
  latest_departure: Millis | null;
  too_late: boolean;
  toolkit: { checked: number; of: number; items: ToolItem[] };
  visits: VisitLine[];
  goods: Goods[];
  flags: FlagNote[];
  conflicts: FieldConflict[];
  voucher: string | null;
  may: OrderRights;
}

export interface OrderRights {
  contact: boolean;
  rebook: boolean;
  hand_back: boolean;
  depart: boolean;
}

export interface ToolItem {
  name: string;
  missing: boolean;
}

export interface PastRepair {
  page: PageId;
  number: string;
  day: Day;
  fault: string;
  cause: string;
  result: VisitResult | null;
  engineer: string;
  parts: string[];
}

/** One thing of the order's past. */
export interface StoryRow {
  id: string;
  what: StoryWhat;
  at: Millis;
  by: string;
  state: StepState;
  suspect: boolean;
  visit: PageId | null;
}

export type StoryWhat =
  | { is: "registered" }
  | { is: "self_opened" }
  | { is: "assigned"; to: string; mine: boolean }
  | { is: "helper_added"; to: string }
  | { is: "contacted"; outcome: Reach; appointment: Millis | null }
  | { is: "rebooked"; appointment: Millis; reason: string }
  | { is: "handed_back"; reason: string }
  | { is: "toolkit"; missing: number }
  | { is: "departed" }
  | { is: "arrived"; accuracy_m: number | null }
  | { is: "left"; result: VisitResult }
  | { is: "signed"; name: string; score: number }
  | { is: "unsigned"; reason: string }
  | { is: "goods_taken"; receipt_no: string }
  | { is: "goods_returned"; receipt_no: string }
  | { is: "closed" }
  | { is: "reopened"; reason: string };

export interface VisitLine {
  page: PageId;
  ordinal: number;
  arrived_at: Millis | null;
  left_at: Millis | null;
  result: VisitResult | null;
  signed: boolean;
}

export interface Goods {
  receipt_no: string;
  item: string;
  serial: string;
  taken_at: Millis;
  bench_minutes: number;
  inspected: boolean | null;
  returned_at: Millis | null;
}

export interface FlagNote {
  kind: FlagKind;
  detail: string;
}

export interface FieldConflict {
  field: string;
  values: { value: string; by: string; at: Millis }[];
}

/* ---- Visit ---- */

export interface Visit {
  page: PageId;
  order: PageId;
  number: string;
  ordinal: number;
  customer: string;
  model: string;
  service_type: ServiceType;
  steps: VisitStep[];
  cause: { value: string; conflict: boolean };
  parts: PartUsed[];
  charges: ChargeMade[];
  taken_back: TakenBack[];
  photos: Photo[];
  result: VisitResult | null;
  signed: Signed | null;
  taken_by: string | null;
  /** What Finish and Signature will ask for. */
  missing: ("cause" | "result" | "arrival")[];
  next: NextStep | null;
  billing: Billing;
}

/** What policy and contract let this visit charge. */
export interface Billing {
  cash: CashPolicy;
  /** Parts are paid by the customer. */
  billable: boolean;
  /** The leased number that the next receipt gets; none left is no reason not to log. */
  receipt_no: string | null;
  take_back_no: string | null;
}

export interface VisitStep {
  is: "depart" | "arrive" | "work" | "finish" | "sign";
  at: Millis | null;
  state: StepState | null;
  now: boolean;
}

export interface PartUsed {
  entry: EntryId;
  part_no: string;
  name: string;
  qty: number;
  unit_price: Fen;
  billable: boolean;
  old_serial: string;
  new_serial: string;
  state: StepState;
}

export interface ChargeMade {
  entry: EntryId;
  item: string;
  amount: Fen;
  method: PayMethod;
  receipt_no: string | null;
  state: StepState;
}

export interface TakenBack {
  entry: EntryId;
  item: string;
  serial: string;
  receipt_no: string;
  state: StepState;
}

export interface Photo {
  entry: EntryId;
  blob: BlobHash;
  caption: string;
  state: StepState;
}

export interface Signed {
  name: string;
  score: number;
  at: Millis;
  digest: string;
  covered: number;
  amended: boolean;
  typed: boolean;
}

export interface CataloguePart {
  part_no: string;
  name: string;
  unit_price: Fen;
}

/* ---- Signature ---- */

/** Exactly what the glass shows, and what its digest covers. */
export interface Glass {
  visit: PageId;
  day: Day;
  customer: string;
  contact: string;
  unit: string;
  serial: string;
  fault: string;
  cause: string;
  arrived_at: Millis | null;
  left_at: Millis | null;
  minutes: number;
  parts: PartUsed[];
  charges: ChargeMade[];
  taken_back: TakenBack[];
  result: VisitResult | null;
  total: Fen;
  service_type: ServiceType;
  photos: number;
  covered: number;
  /** Changes with anything that is covered. */
  digest: string;
  order_heads: string[];
  visit_heads: string[];
}

/** What the customer takes along. */
export interface Proof {
  number: string;
  customer: string;
  signed: Signed;
  /** What the QR code says. */
  text: string;
}

/* ---- Attendance ---- */

export type DayStatus =
  | "rest"
  | "leave"
  | "absent"
  | "incomplete"
  | "overtime"
  | "late"
  | "left_early"
  | "present";

export interface AttendanceMonth {
  month: Month;
  first: Day;
  last: Day;
  today: Day;
  closes_on: Day;
  days: AttendanceDay[];
  totals: { status: DayStatus; days: number }[];
  /** Which revision was signed off, and when. */
  sealed: { revision: number; at: Millis } | null;
  earlier: boolean;
  later: boolean;
  next: NextStep | null;
  on_duty: boolean;
  outing: Outing | null;
}

export interface AttendanceDay {
  day: Day;
  /** None while the day is still to come. */
  status: DayStatus | null;
  /** Minutes late, or early. */
  minutes: number | null;
  worked_minutes: number;
  leave: string | null;
  rows: AttendanceRow[];
}

export interface AttendanceRow {
  entry: EntryId;
  page: PageId;
  what:
    | { is: "clock_in"; place: Located }
    | { is: "clock_out"; place: Located }
    | { is: "go_out"; destination: string; expected: Millis }
    | { is: "returned" }
    | { is: "task"; minutes: number; note: string }
    | { is: "leave"; leave: string; from: Day; to: Day; reason: string; approved: boolean | null };
  at: Millis;
  state: StepState;
  suspect: boolean;
  voided: string | null;
  mine_to_void: boolean;
}

export const leaveKinds = ["annual", "personal", "sick", "home", "marriage", "bereavement", "compensatory"] as const;
export type LeaveKind = (typeof leaveKinds)[number];

/* ---- Day report (006) ---- */

export interface DayReport {
  day: Day;
  visits: ReportVisit[];
  tasks: ReportTask[];
  minutes: { of: ServiceType; minutes: number }[];
  sent: { at: Millis; state: StepState } | null;
  may_send: boolean;
}

export interface ReportVisit {
  page: PageId;
  number: string;
  customer: string;
  model: string;
  service_type: ServiceType;
  minutes: number | null;
  result: VisitResult | null;
}

export interface ReportTask {
  entry: EntryId;
  minutes: number;
  note: string;
  state: StepState;
}

/* ---- Sync ---- */

export interface Sync {
  outbox: Outbox;
  refused: RefusedItem[];
  conflicts: ConflictItem[];
  waiting: SyncItem[];
  blobs: { count: number; bytes: number; state: StepState } | null;
  pending: PendingItem[];
  settled: SyncItem[];
  /** When it goes again, where the server put it off. */
  retry_at: Millis | null;
  storage: { used: number; quota: number; freeable: number; freeable_photos: number; full: boolean };
  damaged: DamagedPage[];
  /** The last attempt was turned away, or not understood. */
  problem: Problem | null;
  agreed_at: Millis | null;
}

export interface SyncItem {
  no: StepNo;
  act: string;
  about: string;
  at: Millis;
  state: StepState;
  code: string | null;
}

export interface RefusedItem {
  no: StepNo;
  act: string;
  about: string;
  /** Whom or what the asker wanted. */
  wish: string | null;
  at: Millis;
  code: string;
  /** What the code means. */
  why: Record<Lang, string>;
  detail: string;
  by: string | null;
  decided_at: Millis | null;
  refused_at: Millis;
  order: PageId | null;
  again: boolean;
  bytes: number;
  hash: string;
}

export interface ConflictItem {
  order: PageId;
  number: string;
  customer: string;
  conflict: FieldConflict;
}

export interface PendingItem {
  no: string;
  act: string;
  about: string;
  since: Millis;
  with: string;
}

export interface DamagedPage {
  page: PageId;
  kind: string;
  about: string;
  unsent: number;
}

/* ---- Me ---- */

export interface Me {
  owner: Owner;
  device_since: Millis | null;
  app: string;
  receipts: NumberBlock;
  orders: NumberBlock;
  /** Plans, logs and forms, and what became of each. */
  records: RecordLine[];
  may_write: boolean;
  unsent: number;
}

export interface NumberBlock {
  next: string | null;
  left: number;
}

export interface RecordLine {
  form: RecordForm;
  day: Day;
  title: string;
  state: StepState;
  decision: "pending" | "approved" | "returned" | null;
  reason: string | null;
}

export const recordForms = [
  "week_plan",
  "week_log",
  "month_summary",
  "quality",
  "incident",
  "safety_training",
  "handover",
  "expense",
  "production_plan",
  "staff_change",
] as const;
export type RecordForm = (typeof recordForms)[number];

/* ---- What is looked up while typing ---- */

export interface CustomerHit {
  code: string;
  name: string;
  address: string;
  units: { code: string; model: string; serial: string; unit: string }[];
}

/* ---- Acts: what a tap logs ---- */

export type Act =
  | { act: "clock_in"; place: Place | null }
  | { act: "clock_out"; place: Place | null }
  | { act: "go_out"; destination: string; expected_return: Millis }
  | { act: "returned" }
  | { act: "request_leave"; leave: string; from: Day; to: Day; reason: string }
  | { act: "task"; minutes: number; note: string }
  | { act: "open_order"; customer: string; asset: string | null; fault: string; service_type: ServiceType }
  | { act: "contact"; order: PageId; outcome: Reach; note: string; appointment: Millis | null }
  | { act: "rebook"; order: PageId; appointment: Millis; reason: string }
  | { act: "hand_back"; order: PageId; reason: string }
  | { act: "toolkit"; order: PageId; missing: string[] }
  | { act: "depart"; order: PageId }
  | { act: "arrive"; visit: PageId; place: Place | null }
  | { act: "leave"; visit: PageId; result: VisitResult }
  | { act: "set"; page: PageId; field: string; value: string }
  | { act: "use_part"; visit: PageId; part: NewPart; replaces: EntryId | null }
  | { act: "charge"; visit: PageId; item: string; amount: Fen; method: PayMethod }
  | { act: "take_back"; visit: PageId; item: string; serial: string }
  | { act: "return_item"; order: PageId; receipt_no: string }
  | { act: "photo"; visit: PageId; bytes: Uint8Array; caption: string }
  | { act: "sign"; visit: PageId; signature: NewSignature }
  | { act: "unsigned"; visit: PageId; reason: string }
  | { act: "void"; page: PageId; target: EntryId; reason: string }
  | { act: "send_report"; day: Day }
  | { act: "record"; form: RecordForm; day: Day; text: string };

export interface NewPart {
  part_no: string;
  name: string;
  qty: number;
  unit_price: Fen;
  billable: boolean;
  old_serial: string;
  new_serial: string;
}

export interface NewSignature {
  name: string;
  /** SVG path data of the strokes, in glass coordinates; empty where the name was typed. */
  strokes: string;
  score: number;
  comment: string;
  lang: Lang;
  /** The name was typed instead of drawn, for this reason. */
  typed: string | null;
  /** The digest of the glass that the customer saw. */
  digest: string;
}

/** What capture gives back: it is durable, and can be undone while it is unsent. */
export interface Captured {
  no: StepNo;
  entry: EntryId | null;
  order: PageId | null;
  visit: PageId | null;
  undo: boolean;
}
