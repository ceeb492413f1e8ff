//! Entries: what somebody logged, each one scalar of canonical JSON under a fresh id, written once.
//! In comes a text from a page; out comes an entry that is well-typed and in range, or the reason why not.

use crate::canon::{NotCanonical, parse_canonical, to_canonical};
use crate::field;
use crate::header::Kind;
use crate::id::{EntryId, Hash, UserId};
use crate::time::{Day, Millis};
use serde::{Deserialize, Serialize};

/// The longest free text of one answer, in bytes.
pub const MAX_TEXT: usize = 2_000;
/// The longest entry, in bytes of its canonical text.
pub const MAX_ENTRY: usize = 4_096;
/// The largest sum of money that one entry may hold: ten million yuan, in fen.
pub const MAX_FEN: i64 = 1_000_000_000;

/// One thing that somebody logged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What happened.
    #[serde(rename = "do")]
    pub body: Body,
    #[serde(rename = "ev")]
    pub evidence: Evidence,
    /// The entry of the same author that this one stands in for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<EntryId>,
    /// When it happened, where a correction says so; else the moment of capture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Millis>,
}

/// Who logged it, and what his device knew of the time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub by: UserId,
    /// The device's own clock, raw.
    pub clock: Millis,
    /// Minutes east of Greenwich that the device's clock was set to.
    pub zone: i16,
    /// Number of the device's last contact with the server; 0 before the first.
    pub contact: u32,
    /// Store epoch: a restored or new store begins another.
    pub epoch: u32,
    /// Gapless capture counter within the epoch.
    pub n: u64,
    /// Milliseconds since that contact by a clock that can't be set, where the platform has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mono: Option<u64>,
}

/// A place as the phone knew it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub lat_e7: i32,
    pub lng_e7: i32,
    pub accuracy_m: u32,
    /// The platform said that the place was made up.
    pub mock: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Phone,
    Letter,
    Web,
    OnSite,
    Visit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    Reached,
    NoAnswer,
    RemoteFixed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitResult {
    Fixed,
    FollowUp,
    TakenBack,
    NoFault,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayMethod {
    Cash,
    Invoice,
}

/// What the customer signs: the content that the glass showed, pinned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    pub name: String,
    /// The strokes, a blob.
    pub strokes: Hash,
    /// 1 to 5.
    pub score: u8,
    pub comment: String,
    /// Heads of the order's page that the glass showed.
    pub order_heads: Vec<Hash>,
    /// Heads of the visit's page that the glass showed.
    pub visit_heads: Vec<Hash>,
    /// SHA-256 of the canonical list of what was shown; see `signature::digest`.
    pub digest: Hash,
    /// Language of the glass.
    pub lang: Lang,
    /// The name was typed instead of drawn, for this reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub typed: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lang {
    #[serde(rename = "zh-CN")]
    Zh,
    #[serde(rename = "en")]
    En,
}

/// Every kind of thing that can be logged. Names are those of DOMAIN's forms; a variant's place is in [`Body::kind_fits`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Body {
    /// A field of the page was given a value; the witness of that change.
    Set {
        field: String,
        value: String,
    },
    /// A mistake of one's own, taken back.
    Void {
        target: EntryId,
        reason: String,
    },

    /// The line in the service-call register (002).
    Register {
        channel: Channel,
        fault_code: String,
        fault: String,
    },
    /// The customer was called before the visit.
    Contact {
        outcome: Reach,
        note: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        appointment: Option<Millis>,
    },
    /// Another time was agreed with the customer.
    Rebook {
        appointment: Millis,
        reason: String,
    },
    /// The engineer asks that somebody else go.
    HandBack {
        reason: String,
    },
    /// The toolkit was checked against the standard list.
    Toolkit {
        missing: Vec<String>,
    },
    /// Work on the bench, on goods taken back (005).
    Repair {
        receipt_no: String,
        minutes: u32,
        note: String,
    },
    /// Goods given back to the customer, whose receipt (003) comes home.
    ReturnItem {
        receipt_no: String,
    },
    /// What the customer said when asked again.
    FollowUp {
        note: String,
    },

    Depart {},
    Arrive {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<Place>,
    },
    Leave {
        result: VisitResult,
    },
    UsePart {
        part_no: String,
        name: String,
        qty: u32,
        /// Fen.
        unit_price: i64,
        billable: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        old_serial: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        new_serial: Option<String>,
    },
    Charge {
        item: String,
        /// Fen.
        amount: i64,
        method: PayMethod,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receipt_no: Option<String>,
    },
    /// The customer's goods leave with the engineer (003, 004).
    TakeBack {
        item: String,
        serial: String,
        receipt_no: String,
    },
    Photo {
        blob: Hash,
        caption: String,
    },
    Sign(Signature),
    /// The customer wouldn't sign or rate; the order goes on, flagged.
    Unsigned {
        reason: String,
    },

    ClockIn {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<Place>,
    },
    ClockOut {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<Place>,
    },
    /// A request for leave; its decision names this entry's id.
    RequestLeave {
        leave: String,
        from: Day,
        to: Day,
        reason: String,
    },
    GoOut {
        destination: String,
        expected_return: Millis,
    },
    Returned {},
    /// General work (D).
    Task {
        minutes: u32,
        note: String,
    },

    /// The customer's production plan of a week (D1 三.3).
    ProductionPlan {
        week: Day,
        text: String,
    },
    /// Staff of the customer's that came, went or changed (D1 三.3).
    StaffChange {
        text: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryFault {
    #[error(transparent)]
    NotCanonical(#[from] NotCanonical),
    #[error("an entry is longer than {MAX_ENTRY} bytes")]
    TooLong,
    #[error("`{0}` doesn't belong on this kind of page")]
    WrongPage(&'static str),
    #[error("`{0}` is out of range")]
    Range(&'static str),
}

impl Body {
    /// The action's name, as the log and the flags call it.
    pub fn name(&self) -> &'static str {
        match self {
            Body::Set { .. } => "set",
            Body::Void { .. } => "void",
            Body::Register { .. } => "register",
            Body::Contact { .. } => "contact",
            Body::Rebook { .. } => "rebook",
            Body::HandBack { .. } => "hand_back",
            Body::Toolkit { .. } => "toolkit",
            Body::Repair { .. } => "repair",
            Body::ReturnItem { .. } => "return_item",
            Body::FollowUp { .. } => "follow_up",
            Body::Depart {} => "depart",
            Body::Arrive { .. } => "arrive",
            Body::Leave { .. } => "leave",
            Body::UsePart { .. } => "use_part",
            Body::Charge { .. } => "charge",
            Body::TakeBack { .. } => "take_back",
            Body::Photo { .. } => "photo",
            Body::Sign(_) => "sign",
            Body::Unsigned { .. } => "unsigned",
            Body::ClockIn { .. } => "clock_in",
            Body::ClockOut { .. } => "clock_out",
            Body::RequestLeave { .. } => "request_leave",
            Body::GoOut { .. } => "go_out",
            Body::Returned {} => "returned",
            Body::Task { .. } => "task",
            Body::ProductionPlan { .. } => "production_plan",
            Body::StaffChange { .. } => "staff_change",
        }
    }

    /// Whether an entry of this type has its place on a page of that kind.
    pub fn kind_fits(&self, kind: Kind) -> bool {
        match self {
            Body::Set { .. } => kind != Kind::Attendance && kind != Kind::Visit,
            Body::Void { .. } => true,
            Body::Register { .. }
            | Body::Contact { .. }
            | Body::Rebook { .. }
            | Body::HandBack { .. }
            | Body::Toolkit { .. }
            | Body::Repair { .. }
            | Body::ReturnItem { .. }
            | Body::FollowUp { .. } => kind == Kind::Order,
            Body::Depart {}
            | Body::Arrive { .. }
            | Body::Leave { .. }
            | Body::UsePart { .. }
            | Body::Charge { .. }
            | Body::TakeBack { .. }
            | Body::Photo { .. }
            | Body::Sign(_)
            | Body::Unsigned { .. } => kind == Kind::Visit,
            Body::ClockIn { .. }
            | Body::ClockOut { .. }
            | Body::RequestLeave { .. }
            | Body::GoOut { .. }
            | Body::Returned {}
            | Body::Task { .. } => kind == Kind::Attendance,
            Body::ProductionPlan { .. } | Body::StaffChange { .. } => kind == Kind::Customer,
        }
    }

    /// Whether what a signature covers includes this (the visit's work, not the order's own steps).
    pub fn is_covered_by_signature(&self) -> bool {
        matches!(
            self,
            Body::Depart {}
                | Body::Arrive { .. }
                | Body::Leave { .. }
                | Body::UsePart { .. }
                | Body::Charge { .. }
                | Body::TakeBack { .. }
        )
    }

    /// The blob that must be kept with this entry, if it names one.
    pub fn blob(&self) -> Option<Hash> {
        match self {
            Body::Photo { blob, .. } => Some(*blob),
            Body::Sign(signature) => Some(signature.strokes),
            _ => None,
        }
    }

    /// Numbers in range, texts not endless, fields known on that kind of page.
    pub fn check(&self, kind: Kind) -> Result<(), EntryFault> {
        if !self.kind_fits(kind) {
            return Err(EntryFault::WrongPage(self.name()));
        }
        match self {
            Body::Set { field, value } => {
                in_range(field::find(kind, field).is_some(), "field")?;
                text(value, "value")
            }
            Body::Void { reason, .. } => text(reason, "reason"),
            Body::Register { fault_code, fault, .. } => {
                text(fault_code, "fault_code")?;
                text(fault, "fault")
            }
            Body::Contact { note, .. } | Body::FollowUp { note } => text(note, "note"),
            Body::Rebook { reason, .. } | Body::HandBack { reason } | Body::Unsigned { reason } => {
                text(reason, "reason")
            }
            Body::Toolkit { missing } => {
                in_range(missing.len() <= 100, "missing")?;
                missing.iter().try_for_each(|item| text(item, "missing"))
            }
            Body::Repair { receipt_no, minutes, note } => {
                number_text(receipt_no, "receipt_no")?;
                minutes_of_work(*minutes)?;
                text(note, "note")
            }
            Body::ReturnItem { receipt_no } => number_text(receipt_no, "receipt_no"),
            Body::Arrive { place } | Body::ClockIn { place } | Body::ClockOut { place } => {
                place.as_ref().map_or(Ok(()), Place::check)
            }
            Body::UsePart { part_no, name, qty, unit_price, old_serial, new_serial, .. } => {
                number_text(part_no, "part_no")?;
                text(name, "name")?;
                in_range((1..=100_000).contains(qty), "qty")?;
                fen(*unit_price, "unit_price")?;
                [old_serial, new_serial].into_iter().flatten().try_for_each(|serial| text(serial, "serial"))
            }
            Body::Charge { item, amount, receipt_no, .. } => {
                text(item, "item")?;
                fen(*amount, "amount")?;
                receipt_no.as_ref().map_or(Ok(()), |number| number_text(number, "receipt_no"))
            }
            Body::TakeBack { item, serial, receipt_no } => {
                text(item, "item")?;
                text(serial, "serial")?;
                number_text(receipt_no, "receipt_no")
            }
            Body::Photo { caption, .. } => text(caption, "caption"),
            Body::Sign(signature) => signature.check(),
            Body::RequestLeave { leave, from, to, reason } => {
                number_text(leave, "leave")?;
                in_range(from <= to, "to")?;
                text(reason, "reason")
            }
            Body::GoOut { destination, .. } => text(destination, "destination"),
            Body::Task { minutes, note } => {
                minutes_of_work(*minutes)?;
                text(note, "note")
            }
            Body::ProductionPlan { text: plan, .. } | Body::StaffChange { text: plan } => text(plan, "text"),
            Body::Depart {} | Body::Leave { .. } | Body::Returned {} => Ok(()),
        }
    }
}

impl Place {
    fn check(&self) -> Result<(), EntryFault> {
        in_range((-900_000_000..=900_000_000).contains(&self.lat_e7), "lat_e7")?;
        in_range((-1_800_000_000..=1_800_000_000).contains(&self.lng_e7), "lng_e7")
    }
}

impl Signature {
    fn check(&self) -> Result<(), EntryFault> {
        text(&self.name, "name")?;
        text(&self.comment, "comment")?;
        in_range((1..=5).contains(&self.score), "score")?;
        in_range(self.order_heads.len() <= 16 && self.visit_heads.len() <= 16, "heads")?;
        self.typed.as_ref().map_or(Ok(()), |reason| text(reason, "typed"))
    }
}

impl Entry {
    /// Reads an entry from a page of that kind.
    pub fn parse(kind: Kind, source: &str) -> Result<Self, EntryFault> {
        if source.len() > MAX_ENTRY {
            return Err(EntryFault::TooLong);
        }
        let entry: Self = parse_canonical(source)?;
        entry.check(kind)?;
        Ok(entry)
    }

    pub fn check(&self, kind: Kind) -> Result<(), EntryFault> {
        self.body.check(kind)?;
        in_range((-1_080..=1_080).contains(&self.evidence.zone), "zone")?;
        // A moment other than that of capture is a correction's to give.
        in_range(self.at.is_none() || self.replaces.is_some(), "at")
    }

    /// The text that goes on the page.
    pub fn canonical(&self) -> Result<String, EntryFault> {
        let source = to_canonical(self)?;
        if source.len() > MAX_ENTRY { Err(EntryFault::TooLong) } else { Ok(source) }
    }
}

fn in_range(fits: bool, what: &'static str) -> Result<(), EntryFault> {
    if fits { Ok(()) } else { Err(EntryFault::Range(what)) }
}

fn text(value: &str, what: &'static str) -> Result<(), EntryFault> {
    in_range(value.len() <= MAX_TEXT, what)
}

/// A number that people write on paper: short, not empty.
fn number_text(value: &str, what: &'static str) -> Result<(), EntryFault> {
    in_range((1..=64).contains(&value.len()), what)
}

fn minutes_of_work(minutes: u32) -> Result<(), EntryFault> {
    in_range(minutes <= 7 * 24 * 60, "minutes")
}

fn fen(amount: i64, what: &'static str) -> Result<(), EntryFault> {
    in_range((0..=MAX_FEN).contains(&amount), what)
}

#[cfg(test)]
mod tests {
    use super::*;

    pub fn evidence() -> Evidence {
        Evidence {
            by: UserId::parse("u-e1").unwrap(),
            clock: Millis(1_790_000_000_000),
            zone: 480,
            contact: 3,
            epoch: 1,
            n: 9,
            mono: None,
        }
    }

    fn entry(body: Body) -> Entry {
        Entry { body, evidence: evidence(), replaces: None, at: None }
    }

    #[test]
    fn an_entry_reads_back_as_it_was_written() {
        let arrive = Body::Arrive {
            place: Some(Place { lat_e7: 366_500_000, lng_e7: 1_171_200_000, accuracy_m: 12, mock: false }),
        };
        for body in [arrive, Body::Depart {}, Body::Leave { result: VisitResult::Fixed }] {
            let written = entry(body).canonical().unwrap();
            assert_eq!(Entry::parse(Kind::Visit, &written).unwrap().canonical().unwrap(), written);
        }
    }

    #[test]
    fn unknown_keys_and_types_are_refused() {
        let good = entry(Body::Depart {}).canonical().unwrap();
        for bad in [
            good.replace(r#""type":"depart""#, r#""type":"depart","x":1"#),
            good.replace("depart", "teleport"),
            good.replace(r#""n":9"#, r#""n":-9"#),
            good.replace(r#""zone":480"#, r#""zone":4800"#),
        ] {
            assert!(Entry::parse(Kind::Visit, &bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_entry_stays_on_its_kind_of_page_and_in_range() {
        assert_eq!(entry(Body::Depart {}).check(Kind::Order), Err(EntryFault::WrongPage("depart")));
        let charge = |amount| {
            entry(Body::Charge { item: "上门费".into(), amount, method: PayMethod::Cash, receipt_no: None })
                .check(Kind::Visit)
        };
        assert_eq!(charge(0), Ok(()));
        assert_eq!(charge(-1), Err(EntryFault::Range("amount")));
        assert_eq!(charge(MAX_FEN + 1), Err(EntryFault::Range("amount")));
    }
}
