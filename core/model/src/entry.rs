//! Entries: what somebody logged, each one scalar of canonical JSON under a fresh id, written once.
//! In comes a text from a page; out comes an entry that is well-typed and in range, or the reason why not.

mod answer;
mod body;
mod check;

pub use answer::{Channel, Lang, PayMethod, Place, Reach, Signature, Value, VisitResult};
pub use body::Body;
pub use check::is_field_name;

use crate::canon::{NotCanonical, parse_canonical, to_canonical};
use crate::header::Kind;
use crate::id::{EntryId, UserId};
use crate::time::Millis;
use check::in_range;
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
