//! Flags: what a supervisor must see. They inform; they never block.

use crate::id::UserId;
use crate::time::Millis;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Enum, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FlagKind {
    AmendedAfterSignature,
    BeforeAssignment,
    CashForbidden,
    ClosedUnsigned,
    Conflict,
    FormerAssignee,
    LateForm,
    SelfOpened,
    TimeSuspect,
    Unassigned,
}

impl FlagKind {
    pub const ALL: [FlagKind; 10] = [
        FlagKind::AmendedAfterSignature,
        FlagKind::BeforeAssignment,
        FlagKind::CashForbidden,
        FlagKind::ClosedUnsigned,
        FlagKind::Conflict,
        FlagKind::FormerAssignee,
        FlagKind::LateForm,
        FlagKind::SelfOpened,
        FlagKind::TimeSuspect,
        FlagKind::Unassigned,
    ];

    pub fn name(self) -> &'static str {
        match self {
            FlagKind::AmendedAfterSignature => "amended_after_signature",
            FlagKind::BeforeAssignment => "before_assignment",
            FlagKind::CashForbidden => "cash_forbidden",
            FlagKind::ClosedUnsigned => "closed_unsigned",
            FlagKind::Conflict => "conflict",
            FlagKind::FormerAssignee => "former_assignee",
            FlagKind::LateForm => "late_form",
            FlagKind::SelfOpened => "self_opened",
            FlagKind::TimeSuspect => "time_suspect",
            FlagKind::Unassigned => "unassigned",
        }
    }
}

/// One flag of one order or filled form; the detail is empty where the kind names none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Flag {
    pub kind: FlagKind,
    pub detail: String,
    /// Since when it could be seen: when what raised it was received, or logged where it is still on the phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Millis>,
    /// Who wrote what raised it first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
}

/// Flags as they are found: each kind and detail once, since the first thing that raised it.
#[derive(Debug, Default)]
pub(super) struct Raised(BTreeMap<(FlagKind, String), (Millis, UserId)>);

impl Raised {
    pub fn raise(&mut self, kind: FlagKind, detail: impl Into<String>, since: Millis, by: &UserId) {
        let first = self.0.entry((kind, detail.into())).or_insert_with(|| (since, by.clone()));
        // Of two at one moment one is named, whatever the order in which they are read.
        if (since, by) < (first.0, &first.1) {
            *first = (since, by.clone());
        }
    }

    pub fn flags(self) -> BTreeSet<Flag> {
        let flag = |((kind, detail), (since, by))| Flag { kind, detail, since: Some(since), by: Some(by) };
        self.0.into_iter().map(flag).collect()
    }
}
