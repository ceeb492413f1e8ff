//! A month folder as it is written: `org.json` says who there is, `log.jsonl` what they did, one action a line.
//! In come bytes; out come typed lines, or the file, the line and what is wrong with it.

use outpost_model::command::{RevokeReason, ServiceType};
use outpost_model::entry::{Channel, PayMethod, Place, Reach, VisitResult};
use outpost_model::id::{AssetCode, CustomerCode, DeviceId, StationId, UserId};
use outpost_model::policy::{Attendance, Band, Cash, Policy, Sla};
use outpost_model::record::Role;
use outpost_model::time::{Day, Millis, Month as CalendarMonth, Zone, parse_moment};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Longest line that is read.
const MAX_LINE: usize = 64 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum MonthFault {
    #[error("{file}: {cause}. Is this a folder with org.json and log.jsonl?")]
    Unreadable { file: String, cause: std::io::Error },
    #[error("{file}, line {line}: {cause}. Mend the line and replay into a fresh folder.")]
    BadLine { file: &'static str, line: usize, cause: String },
}

#[derive(Debug, Clone)]
pub struct Month {
    pub org: Org,
    pub lines: Vec<Line>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Org {
    pub tenant: String,
    pub timezone: Zone,
    attendance: OrgAttendance,
    sla: OrgSla,
    pub stations: Vec<OrgStation>,
    pub users: Vec<OrgUser>,
    pub devices: Vec<OrgDevice>,
    pub customers: Vec<OrgCustomer>,
    pub assets: Vec<OrgAsset>,
}

#[derive(Debug, Clone, Deserialize)]
struct OrgAttendance {
    month: CalendarMonth,
    first_day: Day,
    closes_on: i8,
    work_start: String,
    work_end: String,
    grace_minutes: u16,
    weekend: Vec<String>,
    holidays: BTreeSet<Day>,
}

#[derive(Debug, Clone, Deserialize)]
struct OrgSla {
    reply_hours: u32,
    arrival: Vec<OrgBand>,
}

#[derive(Debug, Clone, Deserialize)]
struct OrgBand {
    max_km: Option<u32>,
    hours: u32,
}

#[derive(Debug, Clone, Deserialize)]
pub struct OrgStation {
    pub id: StationId,
    pub name: String,
    pub lat: f64,
    pub lng: f64,
}

#[derive(Debug, Clone, Deserialize)]
pub struct OrgUser {
    pub id: UserId,
    pub name: String,
    pub role: Role,
    pub station: Option<StationId>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct OrgDevice {
    pub id: DeviceId,
    pub user: UserId,
}

#[derive(Debug, Clone, Deserialize)]
pub struct OrgCustomer {
    pub id: CustomerCode,
    pub name: String,
    pub address: String,
    pub lat: f64,
    pub lng: f64,
    pub station: StationId,
    pub distance_km: u32,
    pub contact: String,
    pub phone: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct OrgAsset {
    pub id: AssetCode,
    pub customer: CustomerCode,
    pub model: String,
    pub serial: String,
    pub bought: String,
    pub warranty_until: String,
    pub sold_by: String,
}

/// Who acts: a phone, or somebody at the console.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    Device(DeviceId),
    Console(UserId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expect {
    /// Its author has no right to it.
    NoEffect,
    /// The device has been revoked.
    Refused,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Line {
    #[serde(deserialize_with = "moment")]
    pub at: Millis,
    #[serde(deserialize_with = "by")]
    pub by: By,
    /// What the device's own clock showed, where that isn't `at`.
    #[serde(default, deserialize_with = "optional_moment")]
    pub clock: Option<Millis>,
    pub expect: Option<Expect>,
    #[serde(flatten)]
    pub action: Action,
    /// Number of the line in its file, counted from 1.
    #[serde(skip)]
    pub number: usize,
}

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

impl Month {
    pub fn load(folder: &Path) -> Result<Self, MonthFault> {
        let read = |name: &str| {
            let path = folder.join(name);
            fs::read_to_string(&path)
                .map_err(|cause| MonthFault::Unreadable { file: path.display().to_string(), cause })
        };
        Self::parse(&read("org.json")?, &read("log.jsonl")?)
    }

    pub fn parse(org: &str, log: &str) -> Result<Self, MonthFault> {
        let org: Org = serde_json::from_str(org).map_err(|cause| MonthFault::BadLine {
            file: "org.json",
            line: cause.line(),
            cause: cause.to_string(),
        })?;
        org.policy().map_err(|cause| MonthFault::BadLine { file: "org.json", line: 1, cause })?;
        let mut lines: Vec<Line> = Vec::new();
        for (place, text) in log.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
            let bad = |cause: String| MonthFault::BadLine { file: "log.jsonl", line: place + 1, cause };
            if text.len() > MAX_LINE {
                return Err(bad(format!("longer than {MAX_LINE} bytes")));
            }
            let mut line: Line = serde_json::from_str(text).map_err(|cause| bad(cause.to_string()))?;
            line.number = place + 1;
            if lines.last().is_some_and(|last| last.at > line.at) {
                return Err(bad("earlier than the line before it".into()));
            }
            lines.push(line);
        }
        Ok(Self { org, lines })
    }
}

impl Org {
    /// The tenant's policy, as the folder gives it.
    pub fn policy(&self) -> Result<Policy, String> {
        let a = &self.attendance;
        let policy = Policy {
            version: 1,
            zone: self.timezone.clone(),
            attendance: Attendance {
                current: a.month,
                first_day: Some(a.first_day),
                closes_on: a.closes_on,
                work_start_min: minutes_of_day(&a.work_start)?,
                work_end_min: minutes_of_day(&a.work_end)?,
                grace_min: a.grace_minutes,
                weekend: a.weekend.iter().map(|day| weekday(day)).collect::<Result<_, _>>()?,
                holidays: a.holidays.clone(),
            },
            sla: Sla {
                reply_hours: self.sla.reply_hours,
                arrival: self.sla.arrival.iter().map(|b| Band { max_km: b.max_km, hours: b.hours }).collect(),
            },
            self_open: true,
            cash: Cash::WithReceipt,
            lock_after_days: 14,
        };
        policy.check().map_err(|bad| bad.to_string())?;
        Ok(policy)
    }
}

fn minutes_of_day(text: &str) -> Result<u16, String> {
    let bad = || format!("`{text}` is not a time of day (HH:MM)");
    let (hours, minutes) = text.split_once(':').ok_or_else(bad)?;
    let (hours, minutes): (u16, u16) = (hours.parse().map_err(|_| bad())?, minutes.parse().map_err(|_| bad())?);
    if hours < 24 && minutes < 60 { Ok(hours * 60 + minutes) } else { Err(bad()) }
}

fn weekday(name: &str) -> Result<i8, String> {
    let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let place = names.iter().position(|known| *known == name);
    place.map(|place| place as i8 + 1).ok_or_else(|| format!("`{name}` is not a day of the week (mon … sun)"))
}

fn moment<'de, D: Deserializer<'de>>(from: D) -> Result<Millis, D::Error> {
    parse_moment(&String::deserialize(from)?).map_err(serde::de::Error::custom)
}

fn optional_moment<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Millis>, D::Error> {
    moment(from).map(Some)
}

fn by<'de, D: Deserializer<'de>>(from: D) -> Result<By, D::Error> {
    let text = String::deserialize(from)?;
    let by = match text.strip_prefix("console:") {
        Some(user) => UserId::parse(user).map(By::Console),
        None => DeviceId::parse(&text).map(By::Device),
    };
    by.map_err(|bad| serde::de::Error::custom(format!("`{text}`: {bad}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/month")
    }

    #[test]
    fn the_shared_month_reads_whole() {
        let month = Month::load(&folder()).unwrap();
        assert_eq!((month.lines.len(), month.org.users.len()), (2_072, 12));
        assert_eq!(month.lines[1].by, By::Device(DeviceId::parse("d-e2").unwrap()));
        assert!(month.lines[1].clock.is_some());
    }

    #[test]
    fn a_broken_line_is_named() {
        let org = fs::read_to_string(folder().join("org.json")).unwrap();
        let good = r#"{"at": "2026-09-24T23:41:01+08:00", "by": "d-e1", "do": "sync"}"#;
        for (bad, hint) in [
            (r#"{"at": "yesterday", "by": "d-e1", "do": "sync"}"#, "yesterday"),
            (r#"{"at": "2026-09-24T23:41:02+08:00", "by": "d-e1", "do": "fly"}"#, "fly"),
            (r#"{"at": "2026-09-24T23:41:00+08:00", "by": "d-e1", "do": "sync"}"#, "earlier"),
            (r#"{"at": "2026-09-24T23:41:02+08:00", "by": "d e1", "do": "sync"}"#, "d e1"),
            (r#"{"at""#, "EOF"),
        ] {
            let fault = Month::parse(&org, &format!("{good}\n{bad}\n")).unwrap_err().to_string();
            assert!(fault.contains("log.jsonl, line 2") && fault.contains(hint), "{fault}");
        }
    }
}
