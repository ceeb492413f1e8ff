/* What the core says, and what it can be told. Made from the core's own types by a test of the crate outpost-ffi;
 * don't change it by hand. */

/** What somebody does with one tap. */
export type Act =
  | { act: "clock_in"; place: Place | null }
  | { act: "clock_out"; place: Place | null }
  | { act: "go_out"; destination: string; expected_return: Millis }
  | { act: "returned" }
  | { act: "request_leave"; leave: string; from: Day; to: Day; reason: string }
  | { act: "task"; minutes: number; note: string }
  | { act: "open_order"; customer: CustomerCode; asset: AssetCode | null; fault: string; service_type: ServiceType }
  | { act: "contact"; order: PageId; outcome: Reach; note: string; appointment: Millis | null }
  | { act: "rebook"; order: PageId; appointment: Millis; reason: string }
  | { act: "hand_back"; order: PageId; reason: string }
  | { act: "toolkit"; order: PageId; missing: string[] }
  | { act: "depart"; order: PageId }
  | { act: "arrive"; visit: PageId; place: Place | null }
  | { act: "leave"; visit: PageId; result: VisitResult }
  | { act: "set"; page: PageId; field: string; value: string }
  | { act: "use_part"; visit: PageId; part: NewPart; replaces: EntryId | null }
  | { act: "charge"; visit: PageId; item: string; amount: number; method: PayMethod }
  | { act: "take_back"; visit: PageId; item: string; serial: string }
  | { act: "return_item"; order: PageId; receipt_no: string }
  | { act: "photo"; visit: PageId; caption: string }
  | { act: "sign"; visit: PageId; signature: NewSignature }
  | { act: "unsigned"; visit: PageId; reason: string }
  | { act: "void"; page: PageId; target: EntryId; reason: string }
  | { act: "answer"; key: FormKey; answer: Answer }
  | { act: "add_row"; key: FormKey; table: string; cells: Answer[]; replaces: EntryId | null }
  | { act: "send_form"; key: FormKey }
  | { act: "send_report"; day: Day };

/** One answer: a day as YYYY-MM-DD, a choice by its code, yes and no as `true` and `false`, money in fen. */
export interface Answer {
  field: string;
  text: string;
}

export type AssetCode = string;

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

export interface AttendanceMonth {
  month: Month;
  first: Day;
  last: Day;
  today: Day;
  closes_on: Day;
  days: AttendanceDay[];
  totals: DayCount[];
  sealed: Sealed | null;
  earlier: boolean;
  later: boolean;
  next: NextStep | null;
  on_duty: boolean;
  outing: Outing | null;
}

export interface AttendanceRow {
  entry: EntryId;
  page: PageId;
  what: RowWhat;
  at: Millis;
  state: StepState;
  suspect: boolean;
  /** Why it was voided. */
  voided: string | null;
  mine_to_void: boolean;
}

/** What policy and contract let this visit charge. */
export interface Billing {
  cash: Cash;
  /** Parts are paid by the customer. */
  billable: boolean;
  /** The leased number that the next receipt gets; none left is no reason not to log. */
  receipt_no: string | null;
  take_back_no: string | null;
}

/** What became of an act: it is durable. */
export interface Captured {
  no: number;
  entry: EntryId | null;
  /** The order that was opened, or that the act is about. */
  order: PageId | null;
  /** The visit that was begun, or that the act is about. */
  visit: PageId | null;
  /** A thumb may take it back. */
  undo: boolean;
}

/** Money taken on site: allowed with a receipt and handed in the same day (D13), or forbidden (D19). */
export type Cash = "with_receipt" | "forbidden";

export interface CataloguePart {
  part_no: string;
  name: string;
  /** Fen. */
  unit_price: number;
}

export interface Cause {
  value: string;
  conflict: boolean;
}

export interface ChargeMade {
  entry: EntryId;
  item: string;
  /** Fen. */
  amount: number;
  method: PayMethod;
  receipt_no: string | null;
  state: StepState;
}

export interface ConflictItem {
  order: PageId;
  number: string;
  customer: string;
  conflict: FieldConflict;
}

export type CustomerCode = string;

export interface CustomerHit {
  code: string;
  name: string;
  address: string;
  units: SoldUnit[];
}

export interface DamagedPage {
  page: PageId;
  kind: string;
  about: string;
  unsent: number;
}

export type Day = string;

export interface DayCount {
  status: DayStatus;
  days: number;
}

export interface DayReport {
  day: Day;
  visits: ReportVisit[];
  tasks: ReportTask[];
  minutes: ServiceMinutes[];
  /** Its last sending. */
  sent: FormSent | null;
  /** It wasn't sent, or would say something else now. */
  may_send: boolean;
}

export type DayStatus = "rest" | "leave" | "absent" | "incomplete" | "overtime" | "late" | "left_early" | "present";

export type DeviceId = string;

export interface Duty {
  /** Clocked in and not out since. */
  since: Millis | null;
  place: Located;
  out: Outing | null;
}

export type EntryId = string;

export interface FieldAsked {
  name: string;
  title: Sentence;
  needed: boolean;
  is: FieldType;
  options: FieldOption[];
}

/** Values that didn't know of each other. */
export interface FieldConflict {
  field: string;
  values: FieldValue[];
}

export interface FieldFilled {
  asks: FieldAsked;
  /** What was answered, as text; see `Answer`. */
  text: string;
  /** Columns and lines of a table. */
  columns: FieldAsked[];
  rows: RowFilled[];
}

export interface FieldOption {
  code: string;
  title: Sentence;
}

export type FieldType = "text" | "number" | "money" | "date" | "yes_no" | "choice" | "table";

export interface FieldValue {
  value: string;
  by: string;
  at: Millis;
}

/** Photos and strokes that aren't at the server yet. */
export interface FilesWaiting {
  count: number;
  bytes: number;
  state: StepState;
}

/** One form in full. */
export interface FilledForm {
  key: FormKey;
  title: Sentence;
  number: string | null;
  approved: boolean;
  /** The last day of its period. */
  until: Day | null;
  state: FormState;
  changed: boolean;
  reason: string | null;
  sent: FormSent | null;
  fields: FieldFilled[];
  /** Names of what is needed and isn't there: a field, or `table.column`. */
  missing: string[];
}

export type FlagKind = "amended_after_signature" | "before_assignment" | "cash_forbidden" | "closed_unsigned" | "conflict" | "former_assignee" | "late_form" | "self_opened" | "time_suspect" | "unassigned";

export interface FlagNote {
  kind: FlagKind;
  detail: string;
}

/** A form that this person may begin, or go on with. */
export interface FormChoice {
  key: FormKey;
  title: Sentence;
  /** The number that is printed on it. */
  number: string | null;
  /** Somebody has to approve it. */
  approved: boolean;
  /** The last day of its period. */
  until: Day | null;
}

/** Which of a person's forms. `page` names it where the form has no periods, `period` where it has. */
export interface FormKey {
  form: string;
  page: PageId;
  period: Day | null;
}

export interface FormSent {
  at: Millis;
  revision: number;
  state: StepState;
}

/** How far a form got among people. */
export type FormState = "draft" | "sent" | "pending" | "approved" | "returned";

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
  /** Fen. */
  total: number;
  service_type: ServiceType;
  photos: number;
  covered: number;
  /** Changes with anything that is covered. */
  digest: Hash;
}

/** The customer's goods in our hands. */
export interface Goods {
  receipt_no: string;
  item: string;
  serial: string;
  taken_at: Millis;
  bench_minutes: number;
  inspected: boolean | null;
  returned_at: Millis | null;
}

export type Hash = string;

export type Lang = "zh-CN" | "en";

/** What a sync has still to send. */
export interface Left {
  steps: number;
  files: number;
  file_bytes: number;
}

/** A limit that runs: since when, until when. */
export interface Limit {
  kind: LimitKind;
  from: Millis;
  due: Millis;
}

export type LimitKind = "reply" | "arrival";

/** A place comes late or never; what was logged stands without it. */
export type Located =
  | { is: "known"; name: string | null; accuracy_m: number }
  | { is: "coming" }
  | { is: "none" }
  | { is: "unsaid" };

export interface Me {
  owner: Owner;
  device_since: Millis | null;
  /** Name and version of the app. */
  app: string;
  receipts: NumbersLeft;
  orders: NumbersLeft;
  /** Plans, logs and forms of this person's, and what became of each. */
  records: RecordLine[];
  may_write: boolean;
  unsent: number;
}

export type Millis = number;

export type Missing = "cause" | "result" | "arrival";

export type Month = string;

export interface NewPart {
  part_no: string;
  name: string;
  qty: number;
  /** Fen. */
  unit_price: number;
  billable: boolean;
  old_serial: string;
  new_serial: string;
}

export interface NewSignature {
  name: string;
  /** SVG path data of the strokes, in glass coordinates; empty where the name was typed. */
  strokes: string;
  /** 1 to 5. */
  score: number;
  comment: string;
  lang: Lang;
  /** The name was typed instead of drawn, for this reason. */
  typed: string | null;
  /** The digest of the glass that the customer saw. */
  digest: Hash;
}

export type NextAct = "clock_in" | "clock_out" | "returned" | "contact" | "depart" | "arrive" | "work" | "finish" | "sign" | "return_item";

/** The one thing to do now. */
export interface NextStep {
  act: NextAct;
  order: PageId | null;
  visit: PageId | null;
  customer: string | null;
  /** The unit's model. */
  model: string | null;
  outing: Outing | null;
}

/** What is left of the leased numbers of a series. */
export interface NumbersLeft {
  next: string | null;
  left: number;
}

export interface Order {
  line: OrderLine;
  service_type: ServiceType;
  address: string;
  contact: string;
  phone: string;
  place: Point | null;
  serial: string;
  warranty_until: string | null;
  /** Earlier repairs of the same unit, the latest first. */
  history: PastRepair[];
  story: StoryRow[];
  next: NextStep | null;
  /** Setting out later than this can't arrive in time. */
  latest_departure: Millis | null;
  too_late: boolean;
  toolkit: ToolkitCheck;
  visits: VisitLine[];
  goods: Goods[];
  flags: FlagNote[];
  conflicts: FieldConflict[];
  voucher: string | null;
  may: OrderRights;
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

export interface OrderRights {
  contact: boolean;
  rebook: boolean;
  hand_back: boolean;
  depart: boolean;
}

/** Where a call stands, the first that holds. */
export type OrderState = "cancelled" | "closed" | "in_custody" | "signed" | "finished" | "follow_up" | "on_site" | "travelling" | "replied" | "assigned" | "open";

export interface Outbox {
  kept: number;
  sending: number;
  deferred: number;
  admitted: number;
  refused: number;
  conflicts: number;
  /** By the phone's own clock. */
  last_contact: Millis | null;
}

/** On the way somewhere, and expected back. */
export interface Outing {
  entry: EntryId;
  destination: string;
  since: Millis;
  expected: Millis;
  overdue: boolean;
}

export interface Owner {
  user: UserId;
  name: string;
  station: string;
  tenant: TenantId;
  device: DeviceId;
  /** IANA name of the station's zone. */
  zone: string;
  cash: Cash;
  self_open: boolean;
}

export type PageId = string;

export interface PartUsed {
  entry: EntryId;
  part_no: string;
  name: string;
  qty: number;
  /** Fen. */
  unit_price: number;
  billable: boolean;
  old_serial: string;
  new_serial: string;
  state: StepState;
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

export type PayMethod = "cash" | "invoice";

/** Asked of authority, and not decided yet. */
export interface PendingItem {
  no: string;
  act: string;
  about: string;
  since: Millis;
  with: string;
}

export interface Photo {
  entry: EntryId;
  blob: Hash;
  caption: string;
  state: StepState;
}

/** A place as the phone knew it. */
export interface Place {
  lat_e7: number;
  lng_e7: number;
  accuracy_m: number;
  /** The platform said that the place was made up. */
  mock: boolean;
}

/** Degrees. */
export interface Point {
  lat: number;
  lng: number;
}

/** What the customer takes along. */
export interface Proof {
  number: string;
  customer: string;
  signed: Signed;
  /** What the QR code says. */
  text: string;
  /** Headquarters' own signature is in it, which anybody can check. */
  countersigned: boolean;
}

export type Reach = "reached" | "no_answer" | "remote_fixed";

/** One of this person's forms, in a list. */
export interface RecordLine {
  key: FormKey;
  title: Sentence;
  begun_at: Millis;
  /** The last day of its period. */
  until: Day | null;
  state: FormState;
  /** It says something else now than what was sent. */
  changed: boolean;
  /** Why it was sent back. */
  reason: string | null;
}

export interface RefusedItem {
  no: number;
  act: string;
  about: string;
  /** Whom or what the asker wanted. */
  wish: string | null;
  at: Millis;
  code: string;
  /** What the code means. */
  why: Sentence;
  detail: string;
  by: string | null;
  decided_at: Millis | null;
  refused_at: Millis;
  order: PageId | null;
  /** It can be asked again, knowing what was decided meanwhile. */
  again: boolean;
  bytes: number;
  hash: Hash;
}

/** The daily report so far. */
export interface ReportLine {
  day: Day;
  visits: number;
  minutes: number;
  sent: boolean;
}

export interface ReportTask {
  entry: EntryId;
  minutes: number;
  note: string;
  state: StepState;
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

export interface RowFilled {
  entry: EntryId;
  /** One a column, in its order. */
  cells: string[];
}

export type RowWhat =
  | { is: "clock_in"; place: Located }
  | { is: "clock_out"; place: Located }
  | { is: "go_out"; destination: string; expected: Millis }
  | { is: "returned" }
  | { is: "task"; minutes: number; note: string }
  | { is: "leave"; leave: string; from: Day; to: Day; reason: string; approved: boolean | null };

/** Which revision was signed off, and when. */
export interface Sealed {
  revision: number;
  at: Millis;
}

/** A sentence in both languages. */
export interface Sentence {
  "zh-CN": string;
  en: string;
}

export interface ServiceMinutes {
  of: ServiceType;
  minutes: number;
}

export type ServiceType = "A" | "B" | "C" | "D";

export interface Signed {
  name: string;
  score: number;
  at: Millis;
  digest: Hash;
  /** How many entries it covers. */
  covered: number;
  amended: boolean;
  /** The name was typed instead of drawn. */
  typed: boolean;
}

/** A unit that was sold to a customer. */
export interface SoldUnit {
  code: string;
  model: string;
  serial: string;
  unit: string;
}

/** Whether this phone is somebody's. */
export type Standing =
  | { is: "ready"; owner: Owner }
  | { is: "unenrolled" }
  | { is: "revoked"; handed_in: boolean };

/** How far a step got. */
export type StepState = "kept" | "sending" | "deferred" | "admitted" | "already_so";

/** Bytes. What the platform grants, and whether it is used up, is the host's to say. */
export interface Storage {
  used: number;
  quota: number;
  /** In files that the server has too. */
  freeable: number;
  freeable_photos: number;
  full: boolean;
}

/** One thing of the order's past. */
export interface StoryRow {
  /** Of the entry, or of the decision. */
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

/** How a sync ended. */
export interface SyncEnd {
  outcome: SyncOutcome;
  /** The server's own code, where it turned the phone away. */
  code: string;
  detail: string;
  /** After a failure: seconds before the next sync that nobody taps for, so that phones that lost the server together don't come back together. None: whenever there is something to sync. */
  again_in_s: number | null;
}

export type SyncOutcome = "settled" | "revoked" | "turned_away" | "no_answer" | "not_understood" | "cancelled" | "files_wait";

export interface SyncView {
  outbox: Outbox;
  refused: RefusedItem[];
  conflicts: ConflictItem[];
  waiting: Transit[];
  blobs: FilesWaiting | null;
  pending: PendingItem[];
  settled: Transit[];
  /** When it goes again, where the server put it off. */
  retry_at: Millis | null;
  storage: Storage;
  damaged: DamagedPage[];
  /** When this phone and headquarters last agreed. */
  agreed_at: Millis | null;
}

export interface TakenBack {
  entry: EntryId;
  item: string;
  serial: string;
  receipt_no: string;
  state: StepState;
}

export type TenantId = string;

export interface Today {
  duty: Duty;
  outbox: Outbox;
  orders: OrderLine[];
  next: NextStep | null;
  report: ReportLine;
}

export interface ToolItem {
  name: string;
  missing: boolean;
}

export interface ToolkitCheck {
  checked: number;
  of: number;
  items: ToolItem[];
}

/** One captured thing on its way. */
export interface Transit {
  no: number;
  act: string;
  /** Whom or what it is about. */
  about: string;
  at: Millis;
  state: StepState;
  code: string | null;
}

export type UserId = string;

export interface Visit {
  page: PageId;
  order: PageId;
  number: string;
  ordinal: number;
  customer: string;
  model: string;
  service_type: ServiceType;
  steps: VisitStep[];
  cause: Cause;
  parts: PartUsed[];
  charges: ChargeMade[];
  taken_back: TakenBack[];
  photos: Photo[];
  result: VisitResult | null;
  signed: Signed | null;
  taken_by: string | null;
  /** What Finish and Signature will ask for. */
  missing: Missing[];
  next: NextStep | null;
  billing: Billing;
}

export interface VisitLine {
  page: PageId;
  ordinal: number;
  arrived_at: Millis | null;
  left_at: Millis | null;
  result: VisitResult | null;
  signed: boolean;
}

export type VisitResult = "fixed" | "follow_up" | "taken_back" | "no_fault";

export interface VisitStep {
  is: VisitStepName;
  at: Millis | null;
  state: StepState | null;
  now: boolean;
}

export type VisitStepName = "depart" | "arrive" | "work" | "finish" | "sign";
