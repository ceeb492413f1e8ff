//! One ordinary service call, from the telephone at the clerk's desk to the filed voucher.

use super::super::{acts::*, stage::Stage};
use super::{HalfDay, free_half};
use crate::{
    Action, Moment,
    action::{Outcome, ServiceType, VisitResult},
    org::{Customer, User},
};
use jiff::{SignedDuration, Timestamp};
use rand::{Rng, seq::IndexedRandom};
use std::collections::BTreeSet;

pub struct Errand<'a> {
    engineer: &'a User,
    lead: String,
    customer: Customer,
    service_type: ServiceType,
    order: String,
    opened: Timestamp,
    half: (usize, bool),
}

const CAUSES: [&str; 5] = ["滤袋堵塞", "PLC 输入模块损坏", "张紧轮松动", "主轴轴承磨损", "接线松动"];

impl<'a> Errand<'a> {
    /// Opened up to two days before the half-day in which the engineer will come.
    pub fn begin(stage: &mut Stage, engineer: &'a User, half: (usize, bool)) -> Self {
        let station = engineer.station.as_deref().expect("engineers have a station");
        let lead = stage.lead_of(station);
        let customers: Vec<Customer> = stage.org.customers.iter().filter(|c| c.station == station).cloned().collect();
        let customer = customers.choose(&mut stage.rng).expect("every station has customers").clone();
        let before = stage.rng.random_range(0..=2);
        let latest = if before == 0 { 7 * 3600 } else { 23 * 3600 };
        let second = stage.rng.random_range(0..latest);
        let opened = stage.at_second(stage.days[half.0 - before], second);
        let types = [ServiceType::A, ServiceType::B, ServiceType::C, ServiceType::D];
        let service_type =
            *types[..if stage.rng.random_bool(0.1) { 4 } else { 3 }].choose(&mut stage.rng).expect("types");
        let order = stage.order_number(opened, "");
        Self { engineer, lead, customer, service_type, order, opened, half }
    }

    pub fn run(mut self, stage: &mut Stage, taken: &mut BTreeSet<HalfDay>) {
        let channel = *["phone", "letter", "web"].choose(&mut stage.rng).expect("there are channels");
        let opening = stage.opening(&self.order, &self.customer, channel, self.service_type);
        stage.diary.console(self.opened, "u-clerk", opening);
        let pause = *[3, 20, 45].choose(&mut stage.rng).expect("there are pauses");
        let assigned = self.opened + SignedDuration::from_mins(pause);
        stage.diary.console(assigned, &self.lead, assign(&self.order, &self.engineer.id));
        if stage.rng.random_bool(0.1) {
            let told = assigned + SignedDuration::from_mins(2);
            stage.diary.console(told, "u-clerk", set(&self.order, "address_note", "北门登记"));
        }
        let remote = stage.rng.random_bool(0.06);
        self.call(stage, remote);
        if !remote {
            let result = self.travel(stage, 1);
            if result == VisitResult::FollowUp
                && let Some(half) = free_half(stage, taken, &self.engineer.id, self.half.0 + 1)
            {
                self.half = half;
                self.travel(stage, 2);
            }
            if result == VisitResult::TakenBack {
                self.mend(stage);
            }
        }
        self.file(stage);
    }

    /// Early on the day of the visit, with what his phone knows by then.
    fn call(&self, stage: &mut Stage, remote: bool) {
        let second = stage.rng.random_range(8 * 3600 + 600..9 * 3600);
        let at = |before: i64| stage.at_second(stage.days[self.half.0], second - before);
        let (called, tried, synced) = (at(0), at(90), at(900));
        if stage.rng.random_bool(0.85) {
            self.by_phone(stage, synced, Action::Sync);
        }
        if stage.rng.random_bool(0.25) {
            self.by_phone(stage, tried, contact(&self.order, Outcome::NoAnswer));
        }
        let mut call = contact(&self.order, if remote { Outcome::RemoteFixed } else { Outcome::Reached });
        if let Action::Contact { appointment, outcome: Outcome::Reached, .. } = &mut call {
            let agreed = called + SignedDuration::from_hours(2);
            *appointment = Some(Moment::in_zone(agreed, &stage.zone).to_string());
        }
        if remote || stage.rng.random_bool(0.92) {
            self.by_phone(stage, called, call);
        }
    }

    fn travel(&self, stage: &mut Stage, number: usize) -> VisitResult {
        let begin = if self.half.1 { 13 * 3600 + 2400 } else { 9 * 3600 + 1200 };
        let second = begin + stage.rng.random_range(0..2400);
        let departed = stage.at_second(stage.days[self.half.0], second);
        let arrived = departed + SignedDuration::from_secs(stage.rng.random_range(600..3000));
        let left = arrived
            + SignedDuration::from_secs(stage.rng.random_range(20..120) * 60 + stage.rng.random_range(0..3) * 30);
        let later = |minutes: i64| arrived + SignedDuration::from_mins(minutes);
        let visit = visit(&self.order, number);
        self.by_phone(stage, departed, depart(&self.order, &visit));
        let mut stray = |degrees: f64| ((degrees + stage.rng.random_range(-0.002..0.002)) * 1e6).round() / 1e6;
        let (lat, lng) = (stray(self.customer.lat), stray(self.customer.lng));
        self.by_phone(stage, arrived, arrive_at(&self.order, &visit, lat, lng));
        if number == 1 && stage.rng.random_bool(0.8) {
            let value = CAUSES.choose(&mut stage.rng).expect("there are causes");
            self.by_phone(stage, later(6), cause(&self.order, value));
        }
        for minute in 8..8 + stage.rng.random_range(0..=2) {
            let (part, qty) = (stage.rng.random_range(0..PARTS.len()), stage.rng.random_range(1..=3));
            let billable = self.service_type == ServiceType::A;
            self.by_phone(stage, later(minute), use_part(&self.order, &visit, part, qty, billable));
        }
        if self.service_type == ServiceType::A && stage.rng.random_bool(0.8) {
            let receipt = stage.rng.random_bool(0.5).then(|| format!("R-{visit}"));
            let amount = 5_000 * stage.rng.random_range(3..13);
            self.by_phone(stage, later(15), charge(&self.order, &visit, amount, receipt));
        }
        let result = match stage.rng.random_range(0..100) {
            0..8 if number == 1 => VisitResult::TakenBack,
            8..20 if number == 1 => VisitResult::FollowUp,
            20..27 => VisitResult::NoFault,
            _ => VisitResult::Fixed,
        };
        if result == VisitResult::TakenBack {
            self.by_phone(stage, later(18), take_back(&self.order, &visit, &self.receipt()));
        }
        self.by_phone(stage, left, leave(&self.order, &visit, result));
        if stage.rng.random_bool(0.85) {
            let score = *[5, 5, 4, 4, 3, 2, 1].choose(&mut stage.rng).expect("there are scores");
            self.by_phone(stage, left + SignedDuration::from_mins(3), sign(&self.order, &visit, score));
        }
        if stage.rng.random_bool(0.7) {
            self.by_phone(stage, left + SignedDuration::from_mins(10), Action::Sync);
        }
        result
    }

    /// On the bench the next mornings, before the day begins.
    fn mend(&mut self, stage: &mut Stage) {
        if self.half.0 + 2 >= stage.days.len() {
            return;
        }
        let morning = |stage: &Stage, day: usize, minute: i8| stage.at(stage.days[day], 7, minute, 0);
        let next = self.half.0 + 1;
        let minutes = *[40, 55, 95].choose(&mut stage.rng).expect("there are lengths");
        self.by_phone(stage, morning(stage, next, 20), repair(&self.order, &self.receipt(), minutes));
        self.by_phone(stage, morning(stage, next, 30), Action::Sync);
        let inspected = stage.at(stage.days[next], 9, 20, 0);
        stage.diary.console(inspected, &self.lead, inspect(&self.order, &self.receipt()));
        if stage.rng.random_bool(0.6) {
            self.by_phone(stage, morning(stage, next + 1, 40), return_item(&self.order, &self.receipt()));
            self.half = (next + 1, false);
        }
    }

    /// The voucher is filed the day after, or stays on the desk.
    fn file(&self, stage: &mut Stage) {
        if self.half.0 + 1 < stage.days.len() && stage.rng.random_bool(0.7) {
            let second = stage.rng.random_range(10 * 3600..18 * 3600);
            let at = stage.at_second(stage.days[self.half.0 + 1], second);
            stage.diary.console(at, "u-clerk", close(&self.order));
        }
    }

    fn receipt(&self) -> String {
        format!("K-{}", self.order)
    }

    fn by_phone(&self, stage: &mut Stage, at: Timestamp, action: Action) {
        stage.diary.phone(at, &self.engineer.id, action);
    }
}
