//! What the attendance pages have in common: which month and whose, how a day is marked, what is still open.

use super::super::page::Nav;
use super::super::show::span;
use super::super::sight::keeps_time;
use super::super::visit::Visitor;
use super::super::words::Words;
use crate::http::Problem;
use crate::relay::PersonMonth;
use outpost_model::access::Action;
use outpost_model::fold::attendance::{DayRow, DayStatus};
use outpost_model::id::UserId;
use outpost_model::problem::Code;
use outpost_model::record::Person;
use outpost_model::roster::{Totals, mark_of};
use outpost_model::time::{Day, Millis, Month};

/// The month that the address names, or that of the last day which has ended.
pub fn month_asked(visitor: &Visitor) -> Month {
    let policy = &visitor.directory.policy;
    let yesterday = policy.zone.day(visitor.now.plus(-Millis::hours(24)));
    Month::parse(visitor.asked("month")).unwrap_or_else(|_| policy.month_of(yesterday))
}

pub fn next_month(month: Month) -> Month {
    month.day(31).next().month()
}

/// The last day that has ended: a day that runs has no verdict yet.
pub fn ended(visitor: &Visitor) -> Day {
    visitor.directory.policy.zone.day(visitor.now.plus(-Millis::hours(24)))
}

/// A person whose time this visitor may read; in the same words as where there is none.
pub fn person_for<'a>(visitor: &'a Visitor, id: &str) -> Result<&'a Person, Problem> {
    let none = || Problem::of(Code::NotFound);
    Nav::Attendance.check(visitor)?;
    let user = UserId::parse(id).map_err(|_| none())?;
    let person = visitor.directory.people.get(&user).ok_or_else(none)?;
    let may = visitor.sight.may_time(Action::Read, &user, person.station.as_ref());
    if may && keeps_time(person) { Ok(person) } else { Err(none()) }
}

/// What stands for a day: its verdict; of a day to come only what is known beforehand.
pub fn shown(row: &DayRow, verdict: Option<DayStatus>) -> Option<DayStatus> {
    verdict.or(Some(row.status).filter(|status| matches!(status, DayStatus::Rest | DayStatus::Leave)))
}

pub fn mark(w: Words, status: DayStatus) -> String {
    let mark = mark_of(status);
    if w.is_zh() { mark.zh.to_string() } else { mark.en.to_string() }
}

pub fn look_of(status: DayStatus) -> &'static str {
    match status {
        DayStatus::Present => "there",
        DayStatus::Late | DayStatus::LeftEarly | DayStatus::Incomplete => "ask",
        DayStatus::Absent => "gone",
        DayStatus::Leave => "leave",
        DayStatus::Overtime => "over",
        DayStatus::Rest => "rest",
    }
}

/// Short heads of the totals, with what they mean.
pub fn columns(w: Words) -> Vec<(&'static str, &'static str)> {
    vec![
        (w.total_there(), w.total_there_note()),
        (w.total_late(), w.total_late_note()),
        (w.total_missing(), w.day_status(DayStatus::Incomplete)),
        (w.total_absent(), w.day_status(DayStatus::Absent)),
        (w.total_over(), w.day_status(DayStatus::Overtime)),
        (w.total_leave(), w.day_status(DayStatus::Leave)),
        (w.total_hours(), w.total_hours_note()),
    ]
}

pub fn totals(totals: &Totals) -> Vec<String> {
    let days = |status| totals.of(status);
    vec![
        totals.attended.to_string(),
        (days(DayStatus::Late) + days(DayStatus::LeftEarly)).to_string(),
        days(DayStatus::Incomplete).to_string(),
        days(DayStatus::Absent).to_string(),
        days(DayStatus::Overtime).to_string(),
        days(DayStatus::Leave).to_string(),
        span(Millis::minutes(totals.worked_minutes)),
    ]
}

/// What a month holds that nobody has settled; it is said, and forbids nothing.
pub fn unresolved(w: Words, own: &PersonMonth, until: Day) -> Vec<String> {
    let count = |status| own.days.iter().filter(|row| row.day <= until && row.status == status).count();
    [(count(DayStatus::Incomplete), DayStatus::Incomplete), (count(DayStatus::Absent), DayStatus::Absent)]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, status)| w.days_of_status(n, w.day_status(status)))
        .chain((!own.asked.is_empty()).then(|| w.days_asked(own.asked.len())))
        .chain((!own.suspect.is_empty()).then(|| w.days_in_doubt(own.suspect.len())))
        .collect()
}
