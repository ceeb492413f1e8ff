//! The rows of each table, from one snapshot of facts, sorted by their leading columns as text; decisions in the order
//! of the log. A row is handed over as soon as it is made: in memory there is one order, or one person's time, at once.
//! Parts alone are sums over all orders: one line each part that was ever fitted.

use crate::relay::Facts;
use crate::store::StoreError;
use outpost_model::fold::order::OrderFacts;
use outpost_model::id::UserId;
use outpost_model::record::{Person, Role};
use outpost_model::table::{
    Cells, Cut, DailyTotals, PartTotals, Table, attendance_cells, charge_cells, custody_cells, decision_cells, moments,
    order_cells, sealed_cells, survey_cells, visit_cells,
};
use outpost_model::time::{Day, Month};
use std::collections::BTreeSet;

pub(super) type Take<'a> = &'a mut dyn FnMut(Cells) -> Result<(), StoreError>;

/// Hands over each row of the table that belongs to the cut. `month` is the attendance month where the cut names no
/// days, the policy's current one if there is none.
pub(super) fn each_row(
    facts: &Facts<'_>,
    table: Table,
    cut: &Cut,
    month: Option<Month>,
    take: Take<'_>,
) -> Result<(), StoreError> {
    let zone = &facts.policy.zone;
    match table {
        Table::Orders => each_order(facts, table, cut, &|order| vec![order_cells(order, zone)], take),
        Table::Visits => each_order(facts, table, cut, &|order| visit_cells(order, zone), take),
        Table::Charges => each_order(facts, table, cut, &|order| charge_cells(order, zone), take),
        Table::Custody => each_order(facts, table, cut, &|order| custody_cells(order, zone), take),
        Table::Surveys => each_order(facts, table, cut, &|order| survey_cells(order, zone), take),
        Table::Flags => facts.each_flag(cut, |flag| take(flag.into())),
        Table::Decisions => facts.each_decision(|decision, number| match cut.period.holds(zone.day(decision.at())) {
            true => take(decision_cells(&decision, number.as_deref(), zone)),
            false => Ok(()),
        }),
        Table::Parts => {
            let mut totals = PartTotals::default();
            facts.each_order_of(cut, |order| {
                totals.add_within(&order, zone, cut.period);
                Ok(())
            })?;
            totals.cells().try_for_each(take)
        }
        Table::Daily => {
            let people = facts.people()?;
            let known: BTreeSet<&UserId> = people.iter().map(|person| &person.user).collect();
            let workers = facts.workers()?;
            for user in known.into_iter().chain(&workers).collect::<BTreeSet<_>>() {
                if is_within(cut, people.iter().find(|person| person.user == *user)) {
                    daily(facts, user, cut, take)?;
                }
            }
            Ok(())
        }
        Table::Attendance => {
            let span = days_of(facts, cut, month);
            for person in engineers(facts, cut)? {
                let days = facts.days_between(&facts.own_time(&person.user)?, span);
                days.iter().try_for_each(|day| take(attendance_cells(&person.user, day, zone)))?;
            }
            Ok(())
        }
        Table::Sealed => {
            let people = facts.people()?;
            for (user, month) in facts.sealed()? {
                let (first, last) = facts.policy.days_of(month);
                let meets =
                    cut.period.to.is_none_or(|to| first <= to) && cut.period.from.is_none_or(|from| from <= last);
                if meets && is_within(cut, people.iter().find(|person| person.user == user)) {
                    take(sealed_cells(&user, month))?;
                }
            }
            Ok(())
        }
    }
}

/// Whether somebody's own time belongs to the cut: it is his station's.
fn is_within(cut: &Cut, person: Option<&Person>) -> bool {
    cut.reach.holds(person.and_then(|person| person.station.as_ref()))
}

/// The engineers of the cut, by id.
pub(super) fn engineers(facts: &Facts<'_>, cut: &Cut) -> Result<Vec<Person>, StoreError> {
    let mut people = facts.people()?;
    people.retain(|person| person.role == Role::Engineer && is_within(cut, Some(person)));
    people.sort_by(|one, other| one.user.cmp(&other.user));
    Ok(people)
}

/// The days that attendance is about: those of the cut, or those of the month.
pub(super) fn days_of(facts: &Facts<'_>, cut: &Cut, month: Option<Month>) -> (Day, Day) {
    let rules = &facts.policy;
    match (cut.period.from, cut.period.to) {
        (None, None) => rules.days_of(month.unwrap_or(rules.attendance.current)),
        (Some(from), Some(to)) => (from, to),
        // One end is enough: up to the end of that month, or from its beginning.
        (Some(day), None) => (day, rules.days_of(rules.month_of(day)).1),
        (None, Some(day)) => (rules.days_of(rules.month_of(day)).0, day),
    }
}

fn daily(facts: &Facts<'_>, user: &UserId, cut: &Cut, take: Take<'_>) -> Result<(), StoreError> {
    let mut totals = DailyTotals::default();
    facts.each_work(user, cut.period, |work, service_type| {
        totals.add_work(&work, service_type);
        Ok(())
    })?;
    let mut own = facts.own_time(user)?;
    own.tasks.retain(|task| cut.period.holds(task.day));
    totals.add_person(user, &own);
    totals.cells().try_for_each(take)
}

/// Orders come by number; the rows of those few that share one are put in order among themselves.
fn each_order(
    facts: &Facts<'_>,
    table: Table,
    cut: &Cut,
    rows_of: &dyn Fn(&OrderFacts) -> Vec<Cells>,
    take: Take<'_>,
) -> Result<(), StoreError> {
    let zone = &facts.policy.zone;
    let mut same_number: Vec<Cells> = Vec::new();
    facts.each_order_of(cut, |order| {
        let mut rows = rows_of(&order);
        if !cut.period.is_open() {
            let mut within = moments(table, &order).into_iter().map(|at| cut.period.holds(zone.day(at)));
            rows.retain(|_| within.next().unwrap_or(false));
        }
        for row in rows {
            if same_number.first().is_some_and(|first| first[0] != row[0]) {
                by_columns(&mut same_number, take)?;
            }
            same_number.push(row);
        }
        Ok(())
    })?;
    by_columns(&mut same_number, take)
}

/// Two charges may read alike and both be true: nothing is dropped.
fn by_columns(rows: &mut Vec<Cells>, take: Take<'_>) -> Result<(), StoreError> {
    rows.sort();
    rows.drain(..).try_for_each(take)
}
