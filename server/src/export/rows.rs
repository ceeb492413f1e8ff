//! The rows of each table, from one snapshot of facts, sorted by their leading columns as text. Orders are made one
//! after the other and never all in memory; the other tables are sums, and small.

use crate::relay::Facts;
use crate::store::StoreError;
use outpost_model::record::Role;
use outpost_model::table::{
    Cells, DailyTotals, PartTotals, Table, attendance_cells, flag_cells, order_cells, sealed_cells,
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
        Table::Orders => each_order(facts, take),
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

/// Orders come by number; the few that share one are put in order among themselves.
fn each_order(facts: &Facts<'_>, take: &mut dyn FnMut(Cells) -> Result<(), StoreError>) -> Result<(), StoreError> {
    let mut same_number: Vec<Cells> = Vec::new();
    facts.each_order(|order| {
        let row = order_cells(&order, &facts.policy.zone);
        if same_number.first().is_some_and(|first| first[0] != row[0]) {
            sorted(std::mem::take(&mut same_number), take)?;
        }
        same_number.push(row);
        Ok(())
    })?;
    sorted(same_number, take)
}

fn sorted(mut rows: Vec<Cells>, take: &mut dyn FnMut(Cells) -> Result<(), StoreError>) -> Result<(), StoreError> {
    rows.sort();
    rows.dedup();
    rows.into_iter().try_for_each(take)
}
