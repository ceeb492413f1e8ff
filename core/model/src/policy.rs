//! What a company has settled for itself: every figure of the regulations is a field here, with their value as
//! default. Versioned; a decision remembers the version it was taken under. A version carries what held before it, so
//! that each thing is read by the terms of its own day, wherever it is read.

use crate::entry::PayMethod;
use crate::id::{StationId, UserId};
use crate::time::{Day, Millis, Month, Zone};
use jiff::ToSpan;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Counts up with every change.
    pub version: u32,
    pub zone: Zone,
    pub attendance: Attendance,
    pub sla: Sla,
    /// An engineer may open an order himself, for himself.
    pub self_open: bool,
    pub cash: Cash,
    /// From which day money on site is forbidden, where it is and wasn't always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cash_since: Option<Day>,
    /// The standard list that toolkits are checked against before setting out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub toolkit: Vec<Tool>,
    /// Days without contact after which other people's data lock on a phone. Capture never does.
    pub lock_after_days: u32,
    /// What held until this one does, the oldest first. One without any is read as having held always.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<Policy>,
    /// Of an earlier one: the first day on which it holds no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attendance {
    /// The month that lists and exports show unless told otherwise.
    pub current: Month,
    /// First day of the current month, where it isn't simply the last closing day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_day: Option<Day>,
    /// Day of the calendar month on which the attendance month closes; that day belongs to the next.
    pub closes_on: i8,
    /// Minutes after midnight.
    pub work_start_min: u16,
    pub work_end_min: u16,
    pub grace_min: u16,
    /// Days off each week; 1 is Monday.
    pub weekend: BTreeSet<i8>,
    pub holidays: BTreeSet<Day>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sla {
    pub reply_hours: u32,
    /// Hours after which a customer is asked again whether what was mended by telephone holds.
    #[serde(default = "a_day", skip_serializing_if = "is_a_day")]
    pub follow_up_hours: u32,
    /// By rising distance; the last has no limit.
    pub arrival: Vec<Band>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Up to and including this many kilometres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_km: Option<u32>,
    pub hours: u32,
}

/// Money taken on site: allowed with a receipt and handed in the same day (D13), or forbidden (D19).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Enum, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Cash {
    WithReceipt,
    Forbidden,
}

/// One line of the standard toolkit: everybody's, a station's, or one engineer's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub station: Option<StationId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engineer: Option<UserId>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("policy field `{0}` is out of range")]
pub struct BadPolicy(pub &'static str);

/// Earlier terms that are carried along.
const MAX_BEFORE: usize = 60;

fn a_day() -> u32 {
    24
}

fn is_a_day(hours: &u32) -> bool {
    *hours == a_day()
}

impl Policy {
    /// The regulations' own figures, for a month and a zone.
    pub fn regulations(zone: Zone, current: Month) -> Self {
        Self {
            version: 1,
            zone,
            attendance: Attendance {
                current,
                first_day: None,
                closes_on: 26,
                work_start_min: 8 * 60 + 30,
                work_end_min: 17 * 60 + 30,
                grace_min: 10,
                weekend: [6, 7].into(),
                holidays: BTreeSet::new(),
            },
            sla: Sla {
                reply_hours: 24,
                follow_up_hours: a_day(),
                arrival: vec![
                    Band { max_km: Some(300), hours: 24 },
                    Band { max_km: Some(1_000), hours: 48 },
                    Band { max_km: None, hours: 72 },
                ],
            },
            self_open: true,
            cash: Cash::WithReceipt,
            cash_since: None,
            toolkit: Vec::new(),
            lock_after_days: 14,
            before: Vec::new(),
            until: None,
        }
    }

    pub fn check(&self) -> Result<(), BadPolicy> {
        let ends: Vec<Option<Day>> = self.before.iter().map(|earlier| earlier.until).collect();
        let follow = ends.iter().all(Option::is_some) && ends.windows(2).all(|pair| pair[0] < pair[1]);
        let is_flat = self.before.iter().all(|earlier| earlier.before.is_empty() && earlier.zone == self.zone);
        if !follow || !is_flat || self.until.is_some() || self.before.len() > MAX_BEFORE {
            return Err(BadPolicy("before"));
        }
        self.before.iter().chain([self]).try_for_each(Self::check_terms)
    }

    fn check_terms(&self) -> Result<(), BadPolicy> {
        let a = &self.attendance;
        let day_minutes = 0..24 * 60;
        for (fits, name) in [
            ((1..=31).contains(&a.closes_on), "closes_on"),
            (day_minutes.contains(&a.work_start_min) && a.work_start_min < a.work_end_min, "work_start_min"),
            (day_minutes.contains(&a.work_end_min), "work_end_min"),
            (a.grace_min <= 240, "grace_min"),
            (a.weekend.iter().all(|day| (1..=7).contains(day)), "weekend"),
            (a.holidays.len() <= 2_000, "holidays"),
            ((1..=8_760).contains(&self.sla.reply_hours), "reply_hours"),
            ((1..=8_760).contains(&self.sla.follow_up_hours), "follow_up_hours"),
            (self.sla.is_ordered(), "arrival"),
            ((1..=3_650).contains(&self.lock_after_days), "lock_after_days"),
            (self.toolkit.len() <= 300, "toolkit"),
            (self.toolkit.iter().all(|tool| (1..=200).contains(&tool.name.len())), "toolkit"),
        ] {
            if !fits {
                return Err(BadPolicy(name));
            }
        }
        Ok(())
    }

    /// What held, holds or will hold on that day.
    pub fn on(&self, day: Day) -> &Policy {
        self.before.iter().find(|earlier| earlier.until.is_some_and(|until| day < until)).unwrap_or(self)
    }

    /// The same, at that moment.
    pub fn at(&self, at: Millis) -> &Policy {
        self.on(self.zone.day(at))
    }

    /// Each span of terms with the day from which it holds; none is from the beginning.
    pub fn spans(&self) -> Vec<(Option<Day>, &Policy)> {
        let starts = std::iter::once(None).chain(self.before.iter().map(|earlier| earlier.until));
        starts.zip(self.before.iter().chain([self])).collect()
    }

    /// This policy with other terms from that day on. What had been settled for later days gives way to them.
    pub fn changed(&self, from: Day, terms: Policy) -> Policy {
        let mut before: Vec<Policy> = Vec::new();
        for (start, span) in self.spans() {
            if start.is_none_or(|start| start < from) {
                let until = span.until.map_or(from, |until| until.min(from));
                before.push(Policy { before: Vec::new(), until: Some(until), ..span.clone() });
            }
        }
        // Terms that only go on need no border.
        while before.last().is_some_and(|last| last.has_terms_of(&terms)) {
            before.pop();
        }
        Policy { version: self.version.saturating_add(1), zone: self.zone.clone(), before, until: None, ..terms }
    }

    /// Whether two say the same of a day, whatever their versions.
    pub fn has_terms_of(&self, other: &Policy) -> bool {
        let terms = |policy: &Policy| Policy { version: 0, before: Vec::new(), until: None, ..policy.clone() };
        terms(self) == terms(other)
    }

    /// Whether this one leaves every day before `today` as `now` has it. One that brings no history states anew how
    /// all days are read, as a founding does, or a correction of it.
    pub fn keeps_the_past_of(&self, now: &Policy, today: Day) -> bool {
        let borders =
            [self, now].into_iter().flat_map(|policy| policy.before.iter().filter_map(|earlier| earlier.until));
        let mut days: Vec<Day> = borders.filter(|border| *border <= today).map(Day::previous).collect();
        days.push(today.previous());
        self.before.is_empty() || days.into_iter().all(|day| self.on(day).has_terms_of(now.on(day)))
    }

    /// First and last day of an attendance month. It begins where the one before was closed, by the closing day that
    /// held on each calendar month's first.
    pub fn days_of(&self, month: Month) -> (Day, Day) {
        let (opens, closes) = (self.on(month.previous().first()), self.on(month.first()));
        if opens.attendance.closes_on == closes.attendance.closes_on {
            return closes.attendance.days_of(month);
        }
        let (first, _) = opens.attendance.days_of(month);
        let next = match closes.attendance.closes_on {
            1 => month.next().first(),
            day => month.day(day),
        };
        (first, next.previous().max(first))
    }

    /// The attendance month that a day falls into.
    pub fn month_of(&self, day: Day) -> Month {
        let calendar = day.month();
        let (_, last) = self.days_of(calendar);
        if day <= last { calendar } else { calendar.next() }
    }

    /// The day on which a month can be signed off: all of its days have ended.
    pub fn closing_day(&self, month: Month) -> Day {
        self.days_of(month).1.next()
    }

    /// Whether money may be taken on site at that moment. What is taken all the same is logged, and flagged.
    pub fn takes_cash(&self, at: Millis) -> bool {
        let terms = self.at(at);
        match (terms.cash, terms.cash_since) {
            (Cash::WithReceipt, _) => true,
            (Cash::Forbidden, Some(since)) => self.zone.day(at) < since,
            (Cash::Forbidden, None) => false,
        }
    }

    /// The ways to pay that a phone offers at that moment.
    pub fn pay_methods(&self, at: Millis) -> &'static [PayMethod] {
        if self.takes_cash(at) { &[PayMethod::Cash, PayMethod::Invoice] } else { &[PayMethod::Invoice] }
    }

    /// What belongs in somebody's toolkit by these terms, in the order of the list.
    pub fn toolkit_of(&self, user: &UserId, station: Option<&StationId>) -> Vec<&str> {
        let his = |tool: &&Tool| {
            tool.station.as_ref().is_none_or(|here| Some(here) == station)
                && tool.engineer.as_ref().is_none_or(|his| his == user)
        };
        self.toolkit.iter().filter(his).map(|tool| tool.name.as_str()).collect()
    }
}

impl Attendance {
    /// First and last day of an attendance month, were these the terms of all of it.
    fn days_of(&self, month: Month) -> (Day, Day) {
        let first = match self.first_day {
            Some(day) if month == self.current => day,
            _ if self.closes_on == 1 => month.first(),
            _ => month.previous().day(self.closes_on),
        };
        // Up to the day before the first closing day after it.
        let mut close = first.month().day(self.closes_on);
        if close <= first {
            close = Month { ..Day(first.month().first().0.saturating_add(1.month())).month() }.day(self.closes_on);
        }
        (first, Day(close.0.saturating_sub(1.day())))
    }

    pub fn is_working_day(&self, day: Day) -> bool {
        !self.weekend.contains(&day.weekday()) && !self.holidays.contains(&day)
    }
}

impl Sla {
    fn is_ordered(&self) -> bool {
        let limits: Vec<u64> = self.arrival.iter().map(|band| band.max_km.map_or(u64::MAX, u64::from)).collect();
        !limits.is_empty()
            && limits.len() <= 16
            && limits.windows(2).all(|pair| pair[0] < pair[1])
            && limits.last() == Some(&u64::MAX)
            && self.arrival.iter().all(|band| (1..=8_760).contains(&band.hours))
    }

    pub fn follow_up_limit(&self, fixed: Millis) -> Millis {
        fixed.plus(Millis::hours(i64::from(self.follow_up_hours)))
    }

    pub fn reply_limit(&self, opened: Millis) -> Millis {
        opened.plus(Millis::hours(i64::from(self.reply_hours)))
    }

    /// When somebody has to be there: by the customer's distance.
    pub fn arrival_limit(&self, opened: Millis, distance_km: u32) -> Millis {
        let band = self.arrival.iter().find(|band| band.max_km.is_none_or(|max| distance_km <= max));
        let hours = band.or(self.arrival.last()).map_or(0, |band| band.hours);
        opened.plus(Millis::hours(i64::from(hours)))
    }
}

/// When one has to set out at the latest to be there in time. No regulation says how long a way takes: a minute for
/// each kilometre is reckoned, and nothing is judged by it.
pub fn latest_departure(arrive_by: Millis, distance_km: u32) -> Millis {
    arrive_by.plus(-Millis::minutes(i64::from(distance_km)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> Policy {
        Policy::regulations(Zone::parse("Asia/Shanghai").unwrap(), Month::parse("2026-10").unwrap())
    }

    fn span(policy: &Policy, month: &str) -> String {
        let (first, last) = policy.days_of(Month::parse(month).unwrap());
        format!("{first}..{last}")
    }

    #[test]
    fn an_attendance_month_runs_from_closing_day_to_closing_day() {
        let mut policy = policy();
        assert_eq!(policy.check(), Ok(()));
        assert_eq!(span(&policy, "2026-10"), "2026-09-26..2026-10-25");
        assert_eq!(span(&policy, "2026-01"), "2025-12-26..2026-01-25");
        let day = |text| Day::parse(text).unwrap();
        for (of, month) in [("2026-10-25", "2026-10"), ("2026-10-26", "2026-11"), ("2025-12-26", "2026-01")] {
            assert_eq!(policy.month_of(day(of)).to_string(), month);
        }
        assert_eq!(policy.closing_day(Month::parse("2026-10").unwrap()), day("2026-10-26"));
        policy.attendance.closes_on = 1;
        assert_eq!(span(&policy, "2026-02"), "2026-02-01..2026-02-28");
        policy.attendance.closes_on = 31;
        assert_eq!(span(&policy, "2026-03"), "2026-02-28..2026-03-30");
    }

    #[test]
    fn who_is_to_be_ninety_kilometres_away_by_three_sets_out_by_half_past_one() {
        let three = Millis::hours(15);
        assert_eq!(latest_departure(Millis(three), 90), Millis(three - Millis::minutes(90)));
        assert_eq!(latest_departure(Millis(three), 0), Millis(three));
    }

    #[test]
    fn arrival_bands_include_their_edge() {
        let sla = policy().sla;
        let hours = |km| sla.arrival_limit(Millis(0), km).0 / 3_600_000;
        assert_eq!([300, 301, 1_000, 1_001].map(hours), [24, 48, 48, 72]);
    }

    #[test]
    fn cash_is_forbidden_from_its_day_on() {
        let mut policy = policy();
        let at = |text| crate::time::parse_moment(text).unwrap();
        let (eve, dawn) = (at("2026-10-11T23:59:59+08:00"), at("2026-10-12T00:00:00+08:00"));
        assert!(policy.takes_cash(dawn));
        policy.cash = Cash::Forbidden;
        assert!(!policy.takes_cash(eve));
        policy.cash_since = Some(Day::parse("2026-10-12").unwrap());
        assert_eq!((policy.takes_cash(eve), policy.takes_cash(dawn)), (true, false));
        assert_eq!(policy.pay_methods(dawn), [PayMethod::Invoice]);
    }

    #[test]
    fn a_toolkit_is_everybodys_the_stations_and_ones_own() {
        let mut policy = policy();
        let (user, station) = (UserId::parse("u-e1").unwrap(), StationId::parse("ST-1").unwrap());
        let tool = |name: &str| Tool { name: name.into(), station: None, engineer: None };
        policy.toolkit = vec![
            tool("扳手"),
            Tool { station: Some(station.clone()), ..tool("绝缘手套") },
            Tool { station: Some(StationId::parse("ST-2").unwrap()), ..tool("防尘罩") },
            Tool { engineer: Some(user.clone()), ..tool("老花镜") },
        ];
        assert_eq!(policy.toolkit_of(&user, Some(&station)), ["扳手", "绝缘手套", "老花镜"]);
        assert_eq!(policy.toolkit_of(&UserId::parse("u-e2").unwrap(), None), ["扳手"]);
    }

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn each_day_is_read_by_the_terms_that_held_on_it() {
        let first = policy();
        let with = |reply_hours| {
            let mut terms = policy();
            terms.sla.reply_hours = reply_hours;
            terms
        };
        let second = first.changed(day("2026-11-01"), with(12));
        let third = second.changed(day("2027-01-01"), with(6));
        assert_eq!((third.check(), third.version), (Ok(()), 3));
        let hours = |policy: &Policy, on| policy.on(day(on)).sla.reply_hours;
        let read = |policy: &Policy| {
            ["2020-01-01", "2026-10-31", "2026-11-01", "2026-12-31", "2027-01-01"].map(|on| hours(policy, on))
        };
        assert_eq!(read(&third), [24, 24, 12, 12, 6]);
        // What was settled for later gives way to what is decided for earlier.
        let sooner = third.changed(day("2026-12-01"), with(3));
        assert_eq!((read(&sooner), sooner.before.len()), ([24, 24, 12, 3, 3], 2));
        let back = third.changed(day("2026-10-15"), with(24));
        assert_eq!((read(&back), back.before.len()), ([24; 5], 0), "what only goes on has no border");
        let same_day = third.changed(day("2026-11-01"), with(3));
        assert_eq!((read(&same_day), same_day.before.len()), ([24, 24, 3, 3, 3], 1));
    }

    #[test]
    fn days_gone_by_stay_as_they_were() {
        let with = |hours| {
            let mut terms = policy();
            terms.sla.reply_hours = hours;
            terms
        };
        let now = policy().changed(day("2026-10-10"), with(12));
        let today = day("2026-10-20");
        assert!(now.changed(today, with(6)).keeps_the_past_of(&now, today));
        assert!(now.changed(day("2026-12-01"), with(6)).keeps_the_past_of(&now, today));
        assert!(!now.changed(day("2026-10-19"), with(6)).keeps_the_past_of(&now, today));
        assert!(!now.changed(day("2026-10-05"), with(6)).keeps_the_past_of(&now, today));
        let mut forged = now.changed(today, with(6));
        forged.before[0].sla.reply_hours = 48;
        assert!(!forged.keeps_the_past_of(&now, today));
        assert!(with(6).keeps_the_past_of(&now, today), "one that states everything anew");
    }

    #[test]
    fn another_closing_day_leaves_no_day_out_and_none_twice() {
        for (before, after) in [(26, 20), (20, 26), (26, 1), (1, 26), (26, 31), (31, 5)] {
            let closing = |on| {
                let mut terms = policy();
                terms.attendance.closes_on = on;
                terms
            };
            let changed = closing(before).changed(day("2026-11-01"), closing(after));
            let mut month = Month::parse("2026-08").unwrap();
            let (_, mut last) = changed.days_of(month);
            for _ in 0..8 {
                month = month.next();
                let (first, end) = changed.days_of(month);
                assert!(
                    first == last.next() && end >= first,
                    "{before} to {after}, {month}: {first}..{end} after {last}"
                );
                last = end;
            }
        }
    }

    #[test]
    fn a_history_that_isnt_one_is_refused() {
        let with = |reply_hours| Policy { sla: Sla { reply_hours, ..policy().sla }, ..policy() };
        let sound = policy().changed(day("2026-11-01"), with(12)).changed(day("2026-12-01"), with(6));
        assert_eq!(sound.check(), Ok(()));
        for spoil in [
            |policy: &mut Policy| policy.before[0].until = None,
            |policy: &mut Policy| policy.before.reverse(),
            |policy: &mut Policy| policy.until = Some(Day::parse("2027-01-01").unwrap()),
            |policy: &mut Policy| policy.before[0].before = vec![policy.before[1].clone()],
            |policy: &mut Policy| policy.before[1].zone = Zone::parse("UTC").unwrap(),
        ] {
            let mut bad = sound.clone();
            spoil(&mut bad);
            assert_eq!(bad.check(), Err(BadPolicy("before")));
        }
        let mut bad = sound;
        bad.before[0].sla.reply_hours = 0;
        assert_eq!(bad.check(), Err(BadPolicy("reply_hours")));
    }

    #[test]
    fn a_policy_out_of_range_names_its_field() {
        let mut bad = policy();
        bad.sla.arrival.reverse();
        assert_eq!(bad.check(), Err(BadPolicy("arrival")));
    }
}
