//! The day at a glance: on duty or not, my orders by urgency, what isn't sent, the next step.

use super::Screens;
use super::duty::{Duty, Outing};
use super::names::Names;
use super::next::{self, NextAct, NextStep};
use super::order::{OrderLine, line};
use super::sync::Outbox;
use crate::error::DeviceError;
use crate::store::lists::OrderItem;
use outpost_model::fold::attendance::OwnTime;
use outpost_model::time::{Day, Millis};
use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct Today {
    pub duty: Duty,
    pub outbox: Outbox,
    pub orders: Vec<OrderLine>,
    pub next: Option<NextStep>,
    pub report: ReportLine,
}

/// The daily report so far.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct ReportLine {
    pub day: Day,
    pub visits: u32,
    pub minutes: i64,
    pub sent: bool,
}

impl Screens<'_> {
    pub fn today(&mut self) -> Result<Today, DeviceError> {
        let names = self.names()?;
        let own = self.device.own_time(&names.me)?;
        let day = names.records.policy.zone.day(self.now());
        let events = self.own_events(day, day)?;
        let out = self.outing(&own, &events);
        let items = self.device.orders()?;
        let (orders, first) = urgent(&items, &names);
        let next = self.next_of_day(&own, out.clone(), first, &names);
        let (visits, minutes) = day_totals(&own, &names, &items, day);
        Ok(Today {
            duty: Duty { since: own.on_duty_since, place: self.duty_place(&own, &events), out },
            outbox: self.outbox(&items)?,
            orders,
            next,
            report: ReportLine { day, visits, minutes, sent: self.is_report_sent(day)? },
        })
    }

    /// `first` is the order's step that comes first, whether it was begun, and its line.
    fn next_of_day(&self, own: &OwnTime, out: Option<Outing>, first: Option<First>, names: &Names) -> Option<NextStep> {
        if let Some(out) = out.as_ref().filter(|out| out.overdue) {
            return Some(NextStep::back_from(out.clone()));
        }
        let on_duty = own.on_duty_since.is_some();
        match first {
            Some(first) if first.begun || on_duty => Some(first.step),
            _ if !on_duty => Some(NextStep::plain(NextAct::ClockIn)),
            _ => out.map(NextStep::back_from).or_else(|| self.home(names)),
        }
    }

    /// The day's work is over by the policy's clock: the next step is home.
    pub(super) fn home(&self, names: &Names) -> Option<NextStep> {
        let policy = names.records.policy.at(self.now());
        let end = Millis::minutes(i64::from(policy.attendance.work_end_min));
        (policy.zone.time_of_day_ms(self.now()) >= end).then(|| NextStep::plain(NextAct::ClockOut))
    }
}

struct First {
    begun: bool,
    step: NextStep,
}

/// My open orders and whatever I began, by urgency; and the step that comes first.
fn urgent(items: &[OrderItem], names: &Names) -> (Vec<OrderLine>, Option<First>) {
    let mut lines = Vec::new();
    for item in items.iter().filter(|item| item.facts.is_open()) {
        let step = next::of_order(&item.facts, item.mine);
        let begun = step.is_some_and(|(act, _)| act.is_begun());
        if item.mine || begun {
            let line = line(item, names);
            lines.push((line.limit.map_or(i64::MAX, |limit| limit.due.0), begun, step, line));
        }
    }
    lines.sort_by_key(|(due, ..)| *due);
    let first = lines.iter().filter(|(_, _, step, _)| step.is_some()).min_by_key(|(due, begun, ..)| (!*begun, *due));
    let first = first.and_then(|(_, begun, step, line)| {
        let (act, visit) = (*step)?;
        let (order, customer, model) = (Some(line.page), Some(line.customer.clone()), Some(line.model.clone()));
        Some(First { begun: *begun, step: NextStep { act, order, visit, customer, model, outing: None } })
    });
    (lines.into_iter().map(|(.., line)| line).collect(), first)
}

/// Visits and minutes of this person's day.
fn day_totals(own: &OwnTime, names: &Names, items: &[OrderItem], day: Day) -> (u32, i64) {
    let work = items.iter().flat_map(|item| &item.facts.work).filter(|it| it.engineer == names.me && it.day == day);
    let (visits, minutes) = work.fold((0, 0), |(visits, minutes), it| (visits + it.visits, minutes + it.minutes));
    let tasks = own.tasks.iter().filter(|task| task.day == day).map(|task| task.minutes);
    (visits, minutes + tasks.sum::<i64>())
}
