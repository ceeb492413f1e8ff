//! The organisation of a month: `org.json`, field by field, in its order.
//!
//! Policies (attendance, service levels) are data here, as they are for the product.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Org {
    pub tenant: String,
    pub timezone: String,
    pub attendance: AttendancePolicy,
    pub sla: Sla,
    pub stations: Vec<Station>,
    pub users: Vec<User>,
    pub devices: Vec<Device>,
    pub customers: Vec<Customer>,
    pub assets: Vec<Asset>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AttendancePolicy {
    pub month: String,
    pub first_day: String,
    pub closes_on: i8,
    pub work_start: String,
    pub work_end: String,
    pub grace_minutes: i64,
    pub weekend: Vec<String>,
    pub holidays: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sla {
    pub reply_hours: i64,
    pub arrival: Vec<Band>,
}

/// Customers up to and including `max_km` are reached within `hours`; the band without a limit is the last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Band {
    pub max_km: Option<u32>,
    pub hours: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Station {
    pub id: String,
    pub name: String,
    pub lat: f64,
    pub lng: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Engineer,
    Lead,
    Clerk,
    Hq,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct User {
    pub id: String,
    pub name: String,
    pub role: Role,
    pub station: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Device {
    pub id: String,
    pub user: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Customer {
    pub id: String,
    pub name: String,
    pub address: String,
    pub lat: f64,
    pub lng: f64,
    pub station: String,
    pub distance_km: u32,
    pub contact: String,
    pub phone: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Asset {
    pub id: String,
    pub customer: String,
    pub model: String,
    pub serial: String,
    pub bought: String,
    pub warranty_until: String,
    pub sold_by: String,
}

impl Org {
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.timezone).expect("org.json names a time zone of the tz database")
    }

    pub fn user(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    pub fn customer(&self, id: &str) -> Option<&Customer> {
        self.customers.iter().find(|customer| customer.id == id)
    }

    pub fn engineers(&self) -> impl Iterator<Item = &User> {
        self.users.iter().filter(|user| user.role == Role::Engineer)
    }
}

impl Sla {
    /// Hours within which a customer at this distance is to be reached.
    pub fn arrival_hours(&self, distance_km: u32) -> i64 {
        let band = self.arrival.iter().find(|band| band.max_km.is_none_or(|max| distance_km <= max));
        band.expect("the last band of an arrival policy has no limit").hours
    }
}

impl AttendancePolicy {
    /// Every day of the attendance month: from its first day up to the day before it closes.
    pub fn days(&self) -> Vec<Date> {
        let first: Date = self.first_day.parse().expect("first_day is a date");
        let mut days = vec![first];
        let mut day = first.tomorrow().expect("a month has a next day");
        while day.day() != self.closes_on {
            days.push(day);
            day = day.tomorrow().expect("a month has a next day");
        }
        days
    }

    pub fn is_working(&self, day: Date) -> bool {
        let off = self.weekend.iter().any(|name| name == weekday_name(day.weekday()));
        !off && !self.holidays.contains(&day.to_string())
    }

    pub fn start(&self) -> Time {
        clock_face(&self.work_start)
    }

    pub fn end(&self) -> Time {
        clock_face(&self.work_end)
    }
}

pub fn weekday_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "mon",
        Weekday::Tuesday => "tue",
        Weekday::Wednesday => "wed",
        Weekday::Thursday => "thu",
        Weekday::Friday => "fri",
        Weekday::Saturday => "sat",
        Weekday::Sunday => "sun",
    }
}

fn clock_face(text: &str) -> Time {
    Time::strptime("%H:%M", text).expect("working hours are written HH:MM")
}
