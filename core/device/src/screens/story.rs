//! An order's story: what was decided and what was logged, in one row each, by time.

use super::names::Names;
use crate::store::outbox::StepState;
use crate::views::{EventItem, OrderDetail};
use outpost_model::command::Ask;
use outpost_model::decision::Decision;
use outpost_model::entry::{Body, Reach, VisitResult};
use outpost_model::id::{EntryId, PageId};
use outpost_model::time::Millis;
use serde::Serialize;
use std::collections::BTreeSet;

/// One thing of the order's past.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct StoryRow {
    /// Of the entry, or of the decision.
    pub id: String,
    pub what: StoryWhat,
    pub at: Millis,
    pub by: String,
    pub state: StepState,
    pub suspect: bool,
    pub visit: Option<PageId>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Enum, ts_rs::TS))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum StoryWhat {
    Registered,
    SelfOpened,
    Assigned { to: String, mine: bool },
    HelperAdded { to: String },
    Contacted { outcome: Reach, appointment: Option<Millis> },
    Rebooked { appointment: Millis, reason: String },
    HandedBack { reason: String },
    Toolkit { missing: u32 },
    Departed,
    Arrived { accuracy_m: Option<u32> },
    Left { result: VisitResult },
    Signed { name: String, score: u8 },
    Unsigned { reason: String },
    GoodsTaken { receipt_no: String },
    GoodsReturned { receipt_no: String },
    Closed,
    Reopened { reason: String },
}

pub(super) fn story(detail: &OrderDetail, names: &Names) -> Vec<StoryRow> {
    let decided = detail.decisions.iter().filter_map(|decision| {
        Some(StoryRow {
            id: decision.id().to_string(),
            what: settled(decision, names)?,
            at: decision.at(),
            by: names.person(decision.by()),
            state: if decision.envelope.admitted.is_some() { StepState::Admitted } else { StepState::Kept },
            suspect: false,
            visit: None,
        })
    });
    let gone = gone(&detail.events);
    let logged = detail.events.iter().filter(|event| !gone.contains(&event.id)).filter_map(|event| {
        Some(StoryRow {
            id: event.id.to_string(),
            what: told(event)?,
            at: event.at,
            by: names.person(&event.by),
            state: event.state,
            suspect: event.suspect,
            visit: (event.page != detail.item.facts.page).then_some(event.page),
        })
    });
    let mut rows: Vec<StoryRow> = decided.chain(logged).collect();
    rows.sort_by_key(|row| row.at);
    rows
}

fn settled(decision: &Decision, names: &Names) -> Option<StoryWhat> {
    Some(match decision.ask() {
        Ask::Open { .. } if decision.pins.self_opened || *decision.by() == names.me => StoryWhat::SelfOpened,
        Ask::Open { .. } => StoryWhat::Registered,
        Ask::Assign { to, .. } => StoryWhat::Assigned { to: names.person(to), mine: *to == names.me },
        Ask::AddHelper { helper, .. } => StoryWhat::HelperAdded { to: names.person(helper) },
        Ask::Close { .. } => StoryWhat::Closed,
        Ask::Reopen { reason, .. } => StoryWhat::Reopened { reason: reason.clone() },
        _ => return None,
    })
}

fn told(event: &EventItem) -> Option<StoryWhat> {
    Some(match &event.entry.body {
        Body::Contact { outcome, appointment, .. } => {
            StoryWhat::Contacted { outcome: *outcome, appointment: *appointment }
        }
        Body::Rebook { appointment, reason } => {
            StoryWhat::Rebooked { appointment: *appointment, reason: reason.clone() }
        }
        Body::HandBack { reason } => StoryWhat::HandedBack { reason: reason.clone() },
        Body::Toolkit { missing } => StoryWhat::Toolkit { missing: missing.len() as u32 },
        Body::Depart {} => StoryWhat::Departed,
        Body::Arrive { place } => StoryWhat::Arrived { accuracy_m: place.map(|place| place.accuracy_m) },
        Body::Leave { result } => StoryWhat::Left { result: *result },
        Body::Sign(signature) => StoryWhat::Signed { name: signature.name.clone(), score: signature.score },
        Body::Unsigned { reason } => StoryWhat::Unsigned { reason: reason.clone() },
        Body::TakeBack { receipt_no, .. } => StoryWhat::GoodsTaken { receipt_no: receipt_no.clone() },
        Body::ReturnItem { receipt_no } => StoryWhat::GoodsReturned { receipt_no: receipt_no.clone() },
        _ => return None,
    })
}

/// Entries that were voided, or replaced by something that is there.
pub(super) fn gone(events: &[EventItem]) -> BTreeSet<EntryId> {
    let target = |event: &EventItem| match &event.entry.body {
        Body::Void { target, .. } => Some(*target),
        _ => event.entry.replaces,
    };
    events.iter().filter_map(target).collect()
}
