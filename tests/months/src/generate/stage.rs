//! What all parts of the generator share: the organisation, the calendar, the diary, and numbers that are given out once.

use super::diary::Diary;
use super::founding;
use super::shape::Shape;
use crate::{
    Action, Month, Org,
    action::ServiceType,
    org::{Customer, Role, User},
};
use jiff::{Span, Timestamp, civil::Date, tz::TimeZone};
use rand::{
    Rng, SeedableRng,
    rngs::StdRng,
    seq::{IndexedRandom, IteratorRandom},
};
use std::collections::{BTreeMap, BTreeSet};

const FAULTS: [(&str, &str); 5] = [
    ("FILTER_BLOCK", "除尘压差过高"),
    ("HYD_LEAK", "液压站漏油,压力不稳"),
    ("PLC_ALARM", "开机报警 E204,无法复位"),
    ("BELT_SLIP", "输送带打滑"),
    ("SPINDLE_NOISE", "主轴异响,加工精度下降"),
];

pub struct Stage {
    pub org: Org,
    pub zone: TimeZone,
    pub days: Vec<Date>,
    pub rng: StdRng,
    pub diary: Diary,
    /// Days of approved leave on which nobody expects to see the engineer.
    pub away: BTreeSet<(String, Date)>,
    /// Devices that nobody carries as his phone: they sync at the end like all others.
    pub tablets: Vec<String>,
    /// Who starts the month with a phone that has never synced.
    pub late_starter: String,
    /// Nights in which a phone's clock was put right.
    put_right: Vec<(Timestamp, String)>,
    told: BTreeSet<&'static str>,
    given: BTreeMap<&'static str, u32>,
}

impl Stage {
    /// Everybody has his phone in hand and, but for the late starter, has synced on the eve of the month.
    pub fn set(seed: u64, shape: &Shape) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let org = founding::found(&mut rng, shape);
        let engineers: Vec<String> = org.engineers().map(|user| user.id.clone()).collect();
        let late_starter = engineers[rng.random_range(0..engineers.len())].clone();
        let zone = org.zone();
        let mut stage = Self {
            days: org.attendance.days(),
            diary: Diary::new(zone.clone()),
            zone,
            org,
            rng,
            away: BTreeSet::new(),
            tablets: Vec::new(),
            late_starter,
            put_right: Vec::new(),
            told: BTreeSet::new(),
            given: BTreeMap::new(),
        };
        stage.hand_out_phones();
        stage
    }

    fn hand_out_phones(&mut self) {
        let eve = self.at(self.eve(), 23, 30, 0);
        for device in self.org.devices.clone() {
            self.diary.carry(&device.user, Timestamp::MIN, &device.id);
            self.set_clock_wrong(&device.id, Timestamp::MIN);
            if device.user != self.late_starter {
                self.diary.phone(eve, &device.user, Action::Sync);
            }
        }
    }

    /// Some clocks are wrong from the beginning, and some of those are put right one night, as by a network's time.
    pub fn set_clock_wrong(&mut self, device: &str, since: Timestamp) {
        if !self.rng.random_bool(0.35) {
            return;
        }
        let ahead = [7200, -3600, 45, -90, 130, -5400, 86_400][self.rng.random_range(0..7)];
        self.diary.set_clock(device, since, ahead);
        if since == Timestamp::MIN && self.rng.random_bool(0.5) {
            let night = self.days[self.rng.random_range(3..self.days.len())];
            let corrected = self.at(night, 3, 30, 0);
            self.diary.set_clock(device, corrected, 0);
            self.put_right.push((corrected, device.to_owned()));
        }
    }

    /// A clock that was put right is learned in the same minute, unless the phone has been lost meanwhile.
    pub fn learn_corrected_clocks(&mut self) {
        for (night, device) in std::mem::take(&mut self.put_right) {
            let owner =
                self.org.devices.iter().find(|known| known.id == device).expect("a phone of org.json").user.clone();
            if self.diary.phone_of(&owner, night) == device {
                self.diary.phone(night, &owner, Action::Sync);
            }
        }
    }

    pub fn eve(&self) -> Date {
        self.days[0].yesterday().expect("a month has a day before it")
    }

    pub fn closing_day(&self) -> Date {
        self.days[self.days.len() - 1].tomorrow().expect("a month has a day after it")
    }

    /// A moment of a day, as the tenant's wall clocks show it.
    pub fn at(&self, day: Date, hour: i8, minute: i8, second: i8) -> Timestamp {
        let local = day.at(hour, minute, second, 0);
        local.to_zoned(self.zone.clone()).expect("the calendar of a month is within range").timestamp()
    }

    /// A moment so many seconds after midnight, on the wall clock.
    pub fn at_second(&self, day: Date, second: i64) -> Timestamp {
        let local = day.to_datetime(jiff::civil::Time::midnight()).saturating_add(Span::new().seconds(second));
        local.to_zoned(self.zone.clone()).expect("the calendar of a month is within range").timestamp()
    }

    pub fn is_working(&self, day: Date) -> bool {
        self.org.attendance.is_working(day)
    }

    pub fn engineers(&self) -> Vec<User> {
        self.org.engineers().cloned().collect()
    }

    pub fn engineers_of(&self, station: &str) -> Vec<String> {
        self.org
            .engineers()
            .filter(|user| user.station.as_deref() == Some(station))
            .map(|user| user.id.clone())
            .collect()
    }

    pub fn lead_of(&self, station: &str) -> String {
        let lead = self.org.users.iter().find(|u| u.role == Role::Lead && u.station.as_deref() == Some(station));
        lead.expect("every station has a lead").id.clone()
    }

    /// A lead who isn't this station's.
    pub fn other_lead(&self, station: &str) -> String {
        let lead = self.org.users.iter().find(|u| u.role == Role::Lead && u.station.as_deref() != Some(station));
        lead.expect("there are two stations").id.clone()
    }

    /// The next number of a series, from 1.
    pub fn next(&mut self, series: &'static str) -> u32 {
        let number = self.given.entry(series).or_default();
        *number += 1;
        *number
    }

    /// A number for an order opened on that day; `mark` tells provisional ones apart.
    pub fn order_number(&mut self, opened: Timestamp, mark: &str) -> String {
        let day = opened.to_zoned(self.zone.clone()).date();
        let number = self.next("order");
        format!("WO-{}-{mark}{number:04}", day.strftime("%Y%m%d"))
    }

    /// The opening of an order: one of the customer's machines, with one of the usual faults.
    pub fn opening(&mut self, order: &str, customer: &Customer, channel: &str, service_type: ServiceType) -> Action {
        let machines = self.org.assets.iter().filter(|asset| asset.customer == customer.id);
        let asset = machines.choose(&mut self.rng).expect("every customer has a machine").id.clone();
        let (fault_code, fault) = *FAULTS.choose(&mut self.rng).expect("there are faults");
        Action::OpenOrder {
            order: order.to_owned(),
            customer: customer.id.clone(),
            asset,
            caller: if channel == "on_site" { "当班班长".to_owned() } else { customer.contact.clone() },
            phone: customer.phone.clone(),
            fault_code: fault_code.to_owned(),
            fault: fault.to_owned(),
            service_type,
            channel: channel.to_owned(),
        }
    }

    pub fn told(&mut self, story: &'static str) {
        self.told.insert(story);
    }

    pub fn strike(self) -> (Month, Vec<&'static str>) {
        let month = Month { org: self.org, log: self.diary.finish() };
        (month, self.told.into_iter().collect())
    }
}
