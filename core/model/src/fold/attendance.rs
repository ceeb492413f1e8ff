//! A person's attendance month, day by day. Entries are taken by their time, from all of the person's pages.

use super::event::{Event, Sheet};
use crate::command::Ask;
use crate::decision::Decision;
use crate::entry::Body;
use crate::id::EntryId;
use crate::policy::{Attendance, Policy};
use crate::time::{Day, Millis, Month, minutes_between};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Enum, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum DayStatus {
    Rest,
    Leave,
    Absent,
    Incomplete,
    Overtime,
    Late,
    LeftEarly,
    Present,
}

impl DayStatus {
    pub fn name(self) -> &'static str {
        match self {
            DayStatus::Rest => "rest",
            DayStatus::Leave => "leave",
            DayStatus::Absent => "absent",
            DayStatus::Incomplete => "incomplete",
            DayStatus::Overtime => "overtime",
            DayStatus::Late => "late",
            DayStatus::LeftEarly => "left_early",
            DayStatus::Present => "present",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayRow {
    pub day: Day,
    pub status: DayStatus,
    /// Kind of an approved leave that covers the day, whatever the status.
    pub leave: Option<String>,
    pub first_in: Option<Millis>,
    pub last_out: Option<Millis>,
    pub worked_minutes: i64,
}

/// A request for leave and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveFacts {
    pub entry: EntryId,
    pub kind: String,
    pub from: Day,
    pub to: Day,
    pub reason: String,
    /// None while nobody has decided.
    pub approved: Option<bool>,
    /// When, and where in the log: of overlapping leaves the latest decided counts.
    pub decided: Option<(Millis, u64)>,
}

/// General work (D) of one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskLine {
    pub day: Day,
    pub minutes: i64,
}

/// What a person logged of his own time, whatever the month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnTime {
    /// First in and last out of each day that has any.
    pub clocked: BTreeMap<Day, Clocked>,
    pub leaves: Vec<LeaveFacts>,
    pub tasks: Vec<TaskLine>,
    /// An outing that hasn't ended: where to, expected back.
    pub out: Option<(String, Millis)>,
    /// Clocked in and not out since.
    pub on_duty_since: Option<Millis>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clocked {
    pub first_in: Option<Millis>,
    pub last_out: Option<Millis>,
    /// Some of the day's moments lies outside what the server attests.
    #[serde(default)]
    pub suspect: bool,
}

/// Reads all attendance pages of one person, each with the decisions that hang on it.
pub fn own_time(pages: &[(Sheet<'_>, &[Decision])], policy: &Policy) -> OwnTime {
    let mut own = OwnTime::default();
    let mut events: Vec<Event<'_>> = pages.iter().flat_map(|(sheet, decisions)| sheet.live(decisions)).collect();
    events.sort_by_key(Event::order_key);
    for event in &events {
        let day = policy.zone.day(event.at);
        match event.body {
            Body::ClockIn { .. } => {
                let clocked = own.clocked.entry(day).or_default();
                clocked.first_in.get_or_insert(event.at);
                clocked.suspect |= event.suspect;
                own.on_duty_since.get_or_insert(event.at);
            }
            Body::ClockOut { .. } => {
                let clocked = own.clocked.entry(day).or_default();
                clocked.last_out = Some(event.at);
                clocked.suspect |= event.suspect;
                own.on_duty_since = None;
            }
            Body::GoOut { destination, expected_return } => own.out = Some((destination.clone(), *expected_return)),
            Body::Returned {} => own.out = None,
            Body::Task { minutes, .. } => own.tasks.push(TaskLine { day, minutes: i64::from(*minutes) }),
            Body::RequestLeave { leave, from, to, reason } => own.leaves.push(LeaveFacts {
                entry: event.id,
                kind: leave.clone(),
                from: *from,
                to: *to,
                reason: reason.clone(),
                approved: None,
                decided: None,
            }),
            _ => {}
        }
    }
    for decision in pages.iter().flat_map(|(_, decisions)| decisions.iter()) {
        if let Ask::DecideLeave { leave, approve, .. } = decision.ask()
            && let Some(facts) = own.leaves.iter_mut().find(|facts| facts.entry == *leave)
        {
            let seq = decision.envelope.admitted.map_or(u64::MAX, |admitted| admitted.seq);
            facts.approved = Some(*approve);
            facts.decided = Some((decision.at(), seq));
        }
    }
    own
}

/// The days of an attendance month.
pub fn days(own: &OwnTime, policy: &Policy, month: Month) -> Vec<DayRow> {
    let (first, last) = policy.days_of(month);
    days_between(own, policy, first, last)
}

/// The days from one to another, both included.
pub fn days_between(own: &OwnTime, policy: &Policy, first: Day, last: Day) -> Vec<DayRow> {
    let mut rows = Vec::new();
    let mut day = first;
    while day <= last {
        rows.push(row(own, policy, day));
        if day.next() == day {
            break;
        }
        day = day.next();
    }
    rows
}

fn row(own: &OwnTime, policy: &Policy, day: Day) -> DayRow {
    let rules = &policy.on(day).attendance;
    let working = rules.is_working_day(day);
    let leave = own
        .leaves
        .iter()
        .filter(|leave| leave.approved == Some(true) && (leave.from..=leave.to).contains(&day))
        .max_by_key(|leave| leave.decided);
    let clocked = own.clocked.get(&day);
    let (first_in, last_out) = clocked.map_or((None, None), |clocked| (clocked.first_in, clocked.last_out));
    let status = match (clocked.is_some(), first_in, last_out) {
        (false, ..) if working && leave.is_some() => DayStatus::Leave,
        (false, ..) if working => DayStatus::Absent,
        (false, ..) => DayStatus::Rest,
        (true, Some(_), Some(_)) if !working => DayStatus::Overtime,
        (true, Some(came), Some(left)) => by_the_clock(rules, policy, came, left),
        (true, ..) => DayStatus::Incomplete,
    };
    let worked_minutes = match (first_in, last_out) {
        (Some(came), Some(left)) => minutes_between(came, left),
        _ => 0,
    };
    DayRow { day, status, leave: leave.map(|leave| leave.kind.clone()), first_in, last_out, worked_minutes }
}

fn by_the_clock(rules: &Attendance, policy: &Policy, came: Millis, left: Millis) -> DayStatus {
    let minutes = |n: u16| Millis::minutes(i64::from(n));
    let grace = minutes(rules.grace_min);
    if policy.zone.time_of_day_ms(came) > minutes(rules.work_start_min) + grace {
        DayStatus::Late
    } else if policy.zone.time_of_day_ms(left) < minutes(rules.work_end_min) - grace {
        DayStatus::LeftEarly
    } else {
        DayStatus::Present
    }
}
