//! Flags: what a supervisor must see. They inform; they never block.

use serde::{Deserialize, Serialize};

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
}

impl Flag {
    pub fn plain(kind: FlagKind) -> Self {
        Self { kind, detail: String::new() }
    }
}
