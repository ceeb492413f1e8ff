//! `org.json`: the company of a month, and the policy that it goes by.

use outpost_model::id::{AssetCode, CustomerCode, DeviceId, StationId, UserId};
use outpost_model::policy::{Attendance, Band, Cash, Policy, Sla};
use outpost_model::record::Role;
use outpost_model::time::{Day, Month as CalendarMonth, Zone};
use serde::Deserialize;
use std::collections::BTreeSet;

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
                follow_up_hours: 24,
                arrival: self.sla.arrival.iter().map(|b| Band { max_km: b.max_km, hours: b.hours }).collect(),
            },
            self_open: true,
            cash: Cash::WithReceipt,
            cash_since: None,
            toolkit: Vec::new(),
            lock_after_days: 14,
            before: Vec::new(),
            until: None,
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
