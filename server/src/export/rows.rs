//! The rows of each table, from one snapshot of facts, sorted by their leading columns as text; decisions in the order
//! of the log. Orders, what stands below them, and decisions are made one after the other and never all in memory; the
//! other tables are sums, and small.

use crate::relay::Facts;
use crate::store::StoreError;
use outpost_model::fold::order::OrderFacts;
use outpost_model::record::Role;
use outpost_model::table::{
    Cells, DailyTotals, PartTotals, Table, attendance_cells, charge_cells, custody_cells, decision_cells, flag_cells,
    order_cells, sealed_cells, survey_cells, visit_cells,
};
use outpost_model::time::Month;

/// Hands over each row of the table. `month` is the attendance month, the policy's current one if none is named.
pub fn each_row(
    facts: &Facts<'_>,
    table: Table,
    month: Option<Month>,
    take: &mut dyn FnMut(Cells) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    match table {
        Table::Orders => each_order(facts, &|order| vec![order_cells(order, &facts.policy.zone)], take),
        Table::Visits => each_order(facts, &|order| visit_cells(order, &facts.policy.zone), take),
        Table::Charges => each_order(facts, &|order| charge_cells(order, &facts.policy.zone), take),
        Table::Custody => each_order(facts, &|order| custody_cells(order, &facts.policy.zone), take),
        Table::Surveys => each_order(facts, &|order| survey_cells(order, &facts.policy.zone), take),
        Table::Decisions => facts
            .each_decision(|decision, number| take(decision_cells(&decision, number.as_deref(), &facts.policy.zone))),
        Table::Parts => {
            let mut totals = PartTotals::default();
            facts.each_order(|order| {
                totals.add(&order);
                Ok(())
            })?;
            sorted(totals.cells().collect(), take)
        }
        Table::Daily => {
            let mut totals = DailyTotals::default();
            facts.each_order(|order| {
                totals.add_order(&order);
                Ok(())
            })?;
            for person in facts.people()? {
                totals.add_person(&person.user, &facts.own_time(&person.user)?);
            }
            sorted(totals.cells().collect(), take)
        }
        Table::Attendance => {
            let month = month.unwrap_or(facts.policy.attendance.current);
            let zone = &facts.policy.zone;
            let mut rows = Vec::new();
            for person in facts.people()?.iter().filter(|person| person.role == Role::Engineer) {
                let days = facts.days(&facts.own_time(&person.user)?, month);
                rows.extend(days.iter().map(|day| attendance_cells(&person.user, day, zone)));
            }
            sorted(rows, take)
        }
        Table::Flags => {
            let mut rows = Vec::new();
            facts.each_order(|order| {
                rows.extend(flag_cells(&order));
                Ok(())
            })?;
            sorted(rows, take)
        }
        Table::Sealed => {
            sorted(facts.sealed()?.iter().map(|(person, month)| sealed_cells(person, *month)).collect(), take)
        }
    }
}

/// Orders come by number; the rows of those few that share one are put in order among themselves.
fn each_order(
    facts: &Facts<'_>,
    rows_of: &dyn Fn(&OrderFacts) -> Vec<Cells>,
    take: &mut dyn FnMut(Cells) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut same_number: Vec<Cells> = Vec::new();
    facts.each_order(|order| {
        for row in rows_of(&order) {
            if same_number.first().is_some_and(|first| first[0] != row[0]) {
                by_columns(std::mem::take(&mut same_number), take)?;
            }
            same_number.push(row);
        }
        Ok(())
    })?;
    by_columns(same_number, take)
}

/// Two charges may read alike and both be true: nothing is dropped.
fn by_columns(mut rows: Vec<Cells>, take: &mut dyn FnMut(Cells) -> Result<(), StoreError>) -> Result<(), StoreError> {
    rows.sort();
    rows.into_iter().try_for_each(take)
}

fn sorted(mut rows: Vec<Cells>, take: &mut dyn FnMut(Cells) -> Result<(), StoreError>) -> Result<(), StoreError> {
    rows.sort();
    rows.dedup();
    rows.into_iter().try_for_each(take)
}
