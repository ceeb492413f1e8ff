//! What people did, as the log writes it.

use super::moment::optional_moment;
use outpost_model::command::{RevokeReason, ServiceType};
use outpost_model::entry::{Channel, PayMethod, Place, Reach, VisitResult};
use outpost_model::id::{AssetCode, CustomerCode, DeviceId, UserId};
use outpost_model::time::{Day, Millis, Month as CalendarMonth};
use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Action {
    OpenOrder {
        order: String,
        customer: CustomerCode,
        asset: Option<AssetCode>,
        caller: String,
        phone: String,
        fault_code: String,
        fault: String,
        service_type: ServiceType,
        channel: Channel,
    },
    Assign {
        order: String,
        to: UserId,
    },
    AssignHelper {
        order: String,
        to: UserId,
    },
    Contact {
        order: String,
        outcome: Reach,
        note: String,
        #[serde(default, deserialize_with = "optional_moment")]
        appointment: Option<Millis>,
    },
    Depart {
        order: String,
        visit: String,
    },
    Arrive {
        order: String,
        visit: String,
        #[serde(flatten)]
        spot: Spot,
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
        qty: u32,
        unit_price: i64,
        billable: bool,
    },
    Charge {
        order: String,
        visit: String,
        item: String,
        amount: i64,
        method: PayMethod,
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
        minutes: u32,
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
        score: u8,
        comment: String,
    },
    Close {
        order: String,
    },
    ClockIn {
        #[serde(flatten)]
        spot: Spot,
    },
    ClockOut {
        #[serde(flatten)]
        spot: Spot,
    },
    RequestLeave {
        leave: String,
        kind: String,
        from: Day,
        to: Day,
        reason: String,
    },
    DecideLeave {
        leave: String,
        approve: bool,
    },
    Task {
        task: String,
        minutes: u32,
        note: String,
    },
    SealMonth {
        user: UserId,
        month: CalendarMonth,
    },
    Sync {},
    Backup {},
    Restore {},
    Enrol {
        device: DeviceId,
        user: UserId,
    },
    Revoke {
        device: DeviceId,
        reason: RevokeReason,
    },
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Spot {
    lat: f64,
    lng: f64,
    accuracy_m: u32,
}

impl Spot {
    pub fn place(self) -> Place {
        Place { lat_e7: e7(self.lat), lng_e7: e7(self.lng), accuracy_m: self.accuracy_m, mock: false }
    }
}

/// Degrees as the whole number that pages hold.
pub fn e7(degrees: f64) -> i32 {
    (degrees * 1e7).round() as i32
}
