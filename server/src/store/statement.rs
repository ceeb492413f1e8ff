//! Statements, written once in the dialect that SQLite and PostgreSQL share: `$1` placeholders, `on conflict`,
//! `returning`. SQLite numbers such placeholders by their first appearance, so they must first appear in order.

use super::StoreError;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Params, Row, StatementStatus};
use std::cell::Cell;

/// What statements cost: how many ran, and the steps of SQLite's machine that they took, rows that were only looked
/// at included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Work {
    pub statements: u64,
    pub steps: u64,
}

thread_local! {
    static WORK: Cell<Work> = const { Cell::new(Work { statements: 0, steps: 0 }) };
}

/// What statements have cost on this thread.
pub(super) fn done_here() -> Work {
    WORK.get()
}

/// Runs a statement for its effect; the number of rows it changed.
pub fn change(connection: &Connection, sql: &str, params: impl Params) -> Result<usize, StoreError> {
    let mut statement = prepare(connection, sql)?;
    let changed = statement.execute(params);
    count(&statement);
    Ok(changed?)
}

/// The row that a statement yields, if any.
pub fn probe<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>, StoreError> {
    let mut statement = prepare(connection, sql)?;
    let found = statement.query_row(params, read).optional();
    count(&statement);
    Ok(found?)
}

/// The row that a statement must yield.
pub fn one<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<T, StoreError> {
    probe(connection, sql, params, read)?.ok_or(StoreError::Database(rusqlite::Error::QueryReturnedNoRows))
}

/// Every row that a statement yields.
pub fn all<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = prepare(connection, sql)?;
    let rows = statement.query_map(params, read).and_then(Iterator::collect);
    count(&statement);
    Ok(rows?)
}

/// Hands over each row that a statement yields, as it comes: none is kept.
pub fn each(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    mut take: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut statement = prepare(connection, sql)?;
    let mut taken = Ok(());
    let mut rows = statement.query(params)?;
    while let (Ok(()), Some(row)) = (&taken, rows.next()?) {
        taken = take(row);
    }
    drop(rows);
    count(&statement);
    taken
}

fn prepare<'a>(connection: &'a Connection, sql: &str) -> Result<CachedStatement<'a>, StoreError> {
    debug_assert!(is_numbered_in_order(sql), "placeholders out of order: {sql}");
    Ok(connection.prepare_cached(sql)?)
}

fn count(statement: &CachedStatement<'_>) {
    let steps = u64::try_from(statement.reset_status(StatementStatus::VmStep)).unwrap_or(0);
    let Work { statements, steps: before } = WORK.get();
    WORK.set(Work { statements: statements + 1, steps: before + steps });
}

fn is_numbered_in_order(sql: &str) -> bool {
    let mut highest = 0;
    sql.split('$').skip(1).all(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let number: u32 = digits.parse().unwrap_or(0);
        let fits = (1..=highest + 1).contains(&number);
        highest = highest.max(number);
        fits
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_first_appear_in_order() {
        assert!(is_numbered_in_order("select $1, $2 where $1 = $3"));
        assert!(!is_numbered_in_order("select $2, $1"));
        assert!(!is_numbered_in_order("select $1, $3"));
    }
}
