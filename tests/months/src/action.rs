//! What people do, one variant for each `do` of the log, with the log's fields in the log's order.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Action {
    OpenOrder {
        order: String,
        customer: String,
        asset: String,
        caller: String,
        phone: String,
        fault_code: String,
        fault: String,
        service_type: ServiceType,
        channel: String,
    },
    Assign {
        order: String,
        to: String,
    },
    AssignHelper {
        order: String,
        to: String,
    },
    Contact {
        order: String,
        outcome: Outcome,
        note: String,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        appointment: Option<String>,
    },
    Depart {
        order: String,
        visit: String,
    },
    Arrive {
        order: String,
        visit: String,
        lat: f64,
        lng: f64,
        accuracy_m: u32,
    },
    Leave {
        order: String,
        visit: String,
        result: VisitResult,
    },
    Set {
        order: String,
        field: String,
        value: String,
    },
    UsePart {
        order: String,
        visit: String,
        part_no: String,
        name: String,
        qty: i64,
        unit_price: i64,
        billable: bool,
    },
    Charge {
        order: String,
        visit: String,
        item: String,
        amount: i64,
        method: String,
        #[serde(skip_serializing_if = "Option::is_none", default)]
        receipt_no: Option<String>,
    },
    TakeBack {
        order: String,
        visit: String,
        item: String,
        serial: String,
        receipt_no: String,
    },
    Repair {
        order: String,
        receipt_no: String,
        minutes: i64,
        note: String,
    },
    Inspect {
        order: String,
        receipt_no: String,
        pass: bool,
    },
    ReturnItem {
        order: String,
        receipt_no: String,
    },
    Sign {
        order: String,
        visit: String,
        name: String,
        strokes: String,
        score: i64,
        comment: String,
    },
    Close {
        order: String,
    },
    ClockIn {
        lat: f64,
        lng: f64,
        accuracy_m: u32,
    },
    ClockOut {
        lat: f64,
        lng: f64,
        accuracy_m: u32,
    },
    RequestLeave {
        leave: String,
        kind: String,
        from: String,
        to: String,
        reason: String,
    },
    DecideLeave {
        leave: String,
        approve: bool,
    },
    Task {
        task: String,
        minutes: i64,
        note: String,
    },
    SealMonth {
        user: String,
        month: String,
    },
    Sync,
    Backup,
    Restore,
    Enrol {
        device: String,
        user: String,
    },
    Revoke {
        device: String,
        reason: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ServiceType {
    A,
    B,
    C,
    D,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
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

impl Action {
    /// The log's word for it.
    pub fn name(&self) -> &'static str {
        match self {
            Action::OpenOrder { .. } => "open_order",
            Action::Assign { .. } => "assign",
            Action::AssignHelper { .. } => "assign_helper",
            Action::Contact { .. } => "contact",
            Action::Depart { .. } => "depart",
            Action::Arrive { .. } => "arrive",
            Action::Leave { .. } => "leave",
            Action::Set { .. } => "set",
            Action::UsePart { .. } => "use_part",
            Action::Charge { .. } => "charge",
            Action::TakeBack { .. } => "take_back",
            Action::Repair { .. } => "repair",
            Action::Inspect { .. } => "inspect",
            Action::ReturnItem { .. } => "return_item",
            Action::Sign { .. } => "sign",
            Action::Close { .. } => "close",
            Action::ClockIn { .. } => "clock_in",
            Action::ClockOut { .. } => "clock_out",
            Action::RequestLeave { .. } => "request_leave",
            Action::DecideLeave { .. } => "decide_leave",
            Action::Task { .. } => "task",
            Action::SealMonth { .. } => "seal_month",
            Action::Sync => "sync",
            Action::Backup => "backup",
            Action::Restore => "restore",
            Action::Enrol { .. } => "enrol",
            Action::Revoke { .. } => "revoke",
        }
    }

    /// The order that it is about.
    pub fn order(&self) -> Option<&str> {
        match self {
            Action::OpenOrder { order, .. }
            | Action::Assign { order, .. }
            | Action::AssignHelper { order, .. }
            | Action::Contact { order, .. }
            | Action::Depart { order, .. }
            | Action::Arrive { order, .. }
            | Action::Leave { order, .. }
            | Action::Set { order, .. }
            | Action::UsePart { order, .. }
            | Action::Charge { order, .. }
            | Action::TakeBack { order, .. }
            | Action::Repair { order, .. }
            | Action::Inspect { order, .. }
            | Action::ReturnItem { order, .. }
            | Action::Sign { order, .. }
            | Action::Close { order } => Some(order),
            Action::ClockIn { .. }
            | Action::ClockOut { .. }
            | Action::RequestLeave { .. }
            | Action::DecideLeave { .. }
            | Action::Task { .. }
            | Action::SealMonth { .. }
            | Action::Sync
            | Action::Backup
            | Action::Restore
            | Action::Enrol { .. }
            | Action::Revoke { .. } => None,
        }
    }
}
