//! A person's attendance month, day by day, with what was logged on each.

use super::Screens;
use super::duty::{Located, Outing, located};
use super::names::Names;
use super::next::{NextAct, NextStep};
use crate::error::DeviceError;
use crate::store::outbox::StepState;
use crate::store::{pages, rows};
use crate::views::EventItem;
use outpost_model::command::Ask;
use outpost_model::entry::Body;
use outpost_model::fold::attendance::{DayRow, DayStatus, OwnTime};
use outpost_model::header::Subject;
use outpost_model::id::{EntryId, PageId};
use outpost_model::policy::Policy;
use outpost_model::time::{Day, Millis, Month};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct AttendanceMonth {
    pub month: Month,
    pub first: Day,
    pub last: Day,
    pub today: Day,
    pub closes_on: Day,
    pub days: Vec<AttendanceDay>,
    pub totals: Vec<DayCount>,
    pub sealed: Option<Sealed>,
    pub earlier: bool,
    pub later: bool,
    pub next: Option<NextStep>,
    pub on_duty: bool,
    pub outing: Option<Outing>,
}

/// Which revision was signed off, and when.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct Sealed {
    pub revision: u32,
    pub at: Millis,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct DayCount {
    pub status: DayStatus,
    pub days: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct AttendanceDay {
    pub day: Day,
    /// None while the day is still to come.
    pub status: Option<DayStatus>,
    /// Minutes late, or early.
    pub minutes: Option<i64>,
    pub worked_minutes: i64,
    pub leave: Option<String>,
    pub rows: Vec<AttendanceRow>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct AttendanceRow {
    pub entry: EntryId,
    pub page: PageId,
    pub what: RowWhat,
    pub at: Millis,
    pub state: StepState,
    pub suspect: bool,
    /// Why it was voided.
    pub voided: Option<String>,
    pub mine_to_void: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Enum, ts_rs::TS))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum RowWhat {
    ClockIn { place: Located },
    ClockOut { place: Located },
    GoOut { destination: String, expected: Millis },
    Returned,
    Task { minutes: u32, note: String },
    Leave { leave: String, from: Day, to: Day, reason: String, approved: Option<bool> },
}

/// Always counted; the others only where there are any.
const COUNTED: [DayStatus; 5] =
    [DayStatus::Present, DayStatus::Late, DayStatus::LeftEarly, DayStatus::Overtime, DayStatus::Leave];
const IF_ANY: [DayStatus; 2] = [DayStatus::Incomplete, DayStatus::Absent];

impl Screens<'_> {
    /// A month, or the one that is now.
    pub fn month(&mut self, month: Option<Month>) -> Result<AttendanceMonth, DeviceError> {
        let names = self.names()?;
        let policy = &names.records.policy;
        let today = policy.zone.day(self.now());
        let month = month.unwrap_or_else(|| policy.month_of(today));
        let (first, last) = policy.days_of(month);
        let own = self.device.own_time(&names.me)?;
        let events = self.own_events(first, last.max(today))?;
        let rows = self.device.attendance(month)?;
        let mut logged = self.logged(&events, &own, policy);
        let days =
            rows.iter().map(|row| day(row, policy, today, logged.remove(&row.day).unwrap_or_default())).collect();
        let outing = self.outing(&own, &events);
        let on_duty = own.on_duty_since.is_some();
        let next = match &outing {
            Some(out) => Some(NextStep::back_from(out.clone())),
            None if !on_duty => Some(NextStep::plain(NextAct::ClockIn)),
            None => self.home(&names),
        };
        Ok(AttendanceMonth {
            month,
            first,
            last,
            today,
            closes_on: policy.closing_day(month),
            days,
            totals: totals(&rows, today),
            sealed: self.sealed(&names, month)?,
            earlier: true,
            later: true,
            next: next.filter(|_| (first..=last).contains(&today)),
            on_duty,
            outing,
        })
    }

    /// What this person logged of his own time, on the pages of these days and of a month to each side: what was
    /// corrected may stand on a neighbouring page.
    pub(super) fn own_events(&mut self, first: Day, last: Day) -> Result<Vec<EventItem>, DeviceError> {
        let person = self.user()?;
        let mut family = Vec::new();
        let mut month = first.month().previous();
        while month <= following(last.month()) {
            let header = self.device.header(Subject::Attendance { person: person.clone(), month })?;
            if pages::is_known(self.device.store.read(), header.page())? {
                family.push(header.page());
            }
            month = following(month);
        }
        self.device.opening(family.clone(), |device| device.events(&family))?
    }

    fn logged(&self, events: &[EventItem], own: &OwnTime, policy: &Policy) -> BTreeMap<Day, Vec<AttendanceRow>> {
        let void = |id: EntryId| {
            events.iter().find_map(|event| match &event.entry.body {
                Body::Void { target, reason } if *target == id => Some(reason.clone()),
                _ => None,
            })
        };
        let mut days: BTreeMap<Day, Vec<AttendanceRow>> = BTreeMap::new();
        for event in events {
            let Some(what) = self.told(event, own) else { continue };
            if events.iter().any(|other| other.entry.replaces == Some(event.id)) {
                continue;
            }
            let voided = void(event.id);
            let row = AttendanceRow {
                entry: event.id,
                page: event.page,
                what,
                at: event.at,
                state: event.state,
                suspect: event.suspect,
                mine_to_void: voided.is_none(),
                voided,
            };
            match &row.what {
                RowWhat::Leave { from, to, .. } => {
                    let (mut day, to) = (*from, *to);
                    // A request spans what it spans; nobody's leave lasts longer than a year.
                    for _ in 0..366 {
                        if day > to {
                            break;
                        }
                        days.entry(day).or_default().push(row.clone());
                        day = day.next();
                    }
                }
                _ => days.entry(policy.zone.day(event.at)).or_default().push(row),
            }
        }
        days
    }

    fn told(&self, event: &EventItem, own: &OwnTime) -> Option<RowWhat> {
        Some(match &event.entry.body {
            Body::ClockIn { place } => RowWhat::ClockIn { place: located(*place, event, self.now()) },
            Body::ClockOut { place } => RowWhat::ClockOut { place: located(*place, event, self.now()) },
            Body::GoOut { destination, expected_return } => {
                RowWhat::GoOut { destination: destination.clone(), expected: *expected_return }
            }
            Body::Returned {} => RowWhat::Returned,
            Body::Task { minutes, note } => RowWhat::Task { minutes: *minutes, note: note.clone() },
            Body::RequestLeave { leave, from, to, reason } => RowWhat::Leave {
                leave: leave.clone(),
                from: *from,
                to: *to,
                reason: reason.clone(),
                approved: own.leaves.iter().find(|leave| leave.entry == event.id).and_then(|leave| leave.approved),
            },
            _ => return None,
        })
    }

    fn sealed(&self, names: &Names, month: Month) -> Result<Option<Sealed>, DeviceError> {
        let page = self.device.header(Subject::Attendance { person: names.me.clone(), month })?.page();
        let mut sealed = None;
        for decision in rows::decisions(self.device.store.read(), page)? {
            match decision.ask() {
                Ask::SignOff { .. } => {
                    let revision = decision.pins.signed.as_ref().map_or(1, |signed| signed.revision);
                    sealed = Some(Sealed { revision, at: decision.at() });
                }
                Ask::Unseal { .. } => sealed = None,
                _ => {}
            }
        }
        Ok(sealed)
    }
}

fn totals(rows: &[DayRow], today: Day) -> Vec<DayCount> {
    let count = |status| rows.iter().filter(|row| row.day < today && row.status == status).count() as u32;
    let always = COUNTED.into_iter().map(|status| DayCount { status, days: count(status) });
    let if_any = IF_ANY.into_iter().map(|status| DayCount { status, days: count(status) });
    always.chain(if_any.filter(|it| it.days > 0)).collect()
}

fn following(month: Month) -> Month {
    month.day(31).next().month()
}

fn day(row: &DayRow, policy: &Policy, today: Day, rows: Vec<AttendanceRow>) -> AttendanceDay {
    let rules = &policy.on(row.day).attendance;
    let minutes = |at: Millis| policy.zone.time_of_day_ms(at) / Millis::minutes(1);
    let off = match row.status {
        DayStatus::Late => row.first_in.map(|at| minutes(at) - i64::from(rules.work_start_min)),
        DayStatus::LeftEarly => row.last_out.map(|at| i64::from(rules.work_end_min) - minutes(at)),
        _ => None,
    };
    AttendanceDay {
        day: row.day,
        // A day that runs has no verdict yet.
        status: (row.status == DayStatus::Rest || row.day < today).then_some(row.status),
        minutes: off,
        worked_minutes: row.worked_minutes,
        leave: row.leave.clone(),
        rows,
    }
}
