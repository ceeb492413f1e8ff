//! A step: a command or a change, what it says and how far it got.

use super::super::{Stored, unreadable};
use outpost_model::entry::Entry;
use outpost_model::header::Kind;
use outpost_model::id::{CommandId, EntryId, Hash, PageId};
use outpost_model::time::Millis;
use serde::{Deserialize, Serialize};

/// How far a step got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Enum, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Durable here, not sent.
    Kept,
    /// On its way: no answer yet.
    Sending,
    /// To be sent again, unchanged.
    Deferred,
    /// Durable and visible at headquarters.
    Admitted,
    /// The same was there before, by another command or change.
    AlreadySo,
}

impl StepState {
    pub(super) const fn number(self) -> u8 {
        match self {
            StepState::Kept => 0,
            StepState::Sending => 1,
            StepState::Deferred => 2,
            StepState::Admitted => 3,
            StepState::AlreadySo => 4,
        }
    }
    pub(super) fn of(number: u8) -> Self {
        match number {
            1 => StepState::Sending,
            2 => StepState::Deferred,
            3 => StepState::Admitted,
            4 => StepState::AlreadySo,
            _ => StepState::Kept,
        }
    }
    pub const fn is_pending(self) -> bool {
        matches!(self, StepState::Kept | StepState::Sending | StepState::Deferred)
    }
}

/// What a change says, kept until it is admitted, so that it can be written anew should it be refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    pub entries: Vec<(EntryId, String)>,
    pub fields: Vec<(String, String)>,
    /// The heads that its author saw.
    pub heads: Vec<Hash>,
}

impl Intent {
    /// Strokes and photos that the entries name.
    pub fn files(&self) -> Vec<Hash> {
        let read = |(_, text): &(EntryId, String)| Kind::ALL.iter().find_map(|kind| Entry::parse(*kind, text).ok());
        self.entries.iter().filter_map(read).filter_map(|entry| entry.body.blob()).collect()
    }
}

/// A command, or a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepKind {
    Change,
    Command { id: CommandId, question: String },
}

#[derive(Debug, Clone, PartialEq)]
pub struct NewStep {
    /// The first step of the same act; none for the first.
    pub act: Option<u32>,
    pub page: PageId,
    /// The action, as lists call it.
    pub name: String,
    pub at: Millis,
    pub kind: StepKind,
    pub hash: Hash,
    pub content: Vec<u8>,
    pub intent: Option<Intent>,
    pub needs: Vec<u32>,
    pub origin: Option<u32>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub no: u32,
    pub act: u32,
    pub page: PageId,
    pub name: String,
    pub at: Millis,
    pub kind: StepKind,
    pub hash: Hash,
    /// Empty while the log's row holds it.
    pub content: Vec<u8>,
    pub intent: Option<Intent>,
    pub needs: Vec<u32>,
    pub state: StepState,
    pub code: Option<String>,
    pub retry_at: Option<Millis>,
    pub origin: u32,
}

/// How tables spell what steps and refused steps have alike.
pub(in crate::store) struct Spelled<'a> {
    pub command: Option<[u8; 16]>,
    pub question: Option<&'a str>,
    pub intent: Option<String>,
    pub needs: String,
}

pub(in crate::store) fn spell<'a>(kind: &'a StepKind, intent: Option<&Intent>, needs: &[u32]) -> Stored<Spelled<'a>> {
    let (command, question) = match kind {
        StepKind::Change => (None, None),
        StepKind::Command { id, question } => (Some(id.0), Some(question.as_str())),
    };
    let intent = intent.map(serde_json::to_string).transpose().map_err(unreadable)?;
    Ok(Spelled { command, question, intent, needs: serde_json::to_string(needs).map_err(unreadable)? })
}

impl Step {
    /// Strokes and photos that it names, while it isn't settled.
    pub fn files(&self) -> Vec<Hash> {
        self.intent.as_ref().map(Intent::files).unwrap_or_default()
    }
}
