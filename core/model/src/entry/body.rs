//! Every kind of thing that can be logged, its name, and the kind of page it belongs on.

use super::answer::{Channel, PayMethod, Place, Reach, Signature, Value, VisitResult};
use crate::header::Kind;
use crate::id::{EntryId, Hash};
use crate::time::{Day, Millis};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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

    /// An answer on the page's form, to the version that it names; a later one of the same field stands for it.
    Answer {
        field: String,
        value: Value,
        v: u32,
    },
    /// A line of one of the form's tables.
    Row {
        field: String,
        cells: BTreeMap<String, Value>,
        v: u32,
    },
    /// The form is sent as it stands at these heads.
    Submit {
        heads: Vec<Hash>,
        /// SHA-256 of the answers and lines that these heads show; see `signature::sent`.
        digest: Hash,
        v: u32,
        /// What the fold wrote on it, pinned: cells as the `daily` export has them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        lines: Vec<Vec<String>>,
    },
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
            Body::Answer { .. } => "answer",
            Body::Row { .. } => "row",
            Body::Submit { .. } => "submit",
        }
    }

    /// Whether an entry of this type has its place on a page of that kind.
    pub fn kind_fits(&self, kind: Kind) -> bool {
        match self {
            Body::Set { .. } => matches!(kind, Kind::Order | Kind::Customer | Kind::Asset),
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
            Body::Answer { .. } | Body::Row { .. } | Body::Submit { .. } => kind == Kind::Record,
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

    /// Whether a sending of a form pins this.
    pub fn is_on_a_form(&self) -> bool {
        matches!(self, Body::Answer { .. } | Body::Row { .. })
    }

    /// The version of the form that this was written to.
    pub fn form_version(&self) -> Option<u32> {
        match self {
            Body::Answer { v, .. } | Body::Row { v, .. } | Body::Submit { v, .. } => Some(*v),
            _ => None,
        }
    }

    /// The blob that must be kept with this entry, if it names one.
    pub fn blob(&self) -> Option<Hash> {
        match self {
            Body::Photo { blob, .. } => Some(*blob),
            Body::Sign(signature) => Some(signature.strokes),
            _ => None,
        }
    }
}
