//! Statements, written once in the dialect that SQLite and PostgreSQL share: `$1` placeholders, `on conflict`,
//! `returning`. SQLite numbers such placeholders by their first appearance, so they must first appear in order.

use super::StoreError;
use rusqlite::{Connection, OptionalExtension, Params, Row};
use std::cell::Cell;

thread_local! {
    static STATEMENTS: Cell<u64> = const { Cell::new(0) };
    static ROWS: Cell<u64> = const { Cell::new(0) };
}

/// Statements run and rows read on this thread: what a test of costs looks at.
#[cfg(test)]
pub(crate) fn probed() -> (u64, u64) {
    (STATEMENTS.get(), ROWS.get())
}

/// Runs a statement for its effect; the number of rows it changed.
pub fn change(connection: &Connection, sql: &str, params: impl Params) -> Result<usize, StoreError> {
    count(sql);
    Ok(connection.prepare_cached(sql)?.execute(params)?)
}

/// The row that a statement yields, if any.
pub fn probe<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>, StoreError> {
    count(sql);
    let found = connection.prepare_cached(sql)?.query_row(params, read).optional()?;
    ROWS.set(ROWS.get() + u64::from(found.is_some()));
    Ok(found)
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
    count(sql);
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params, read)?.collect::<Result<Vec<_>, _>>()?;
    ROWS.set(ROWS.get() + rows.len() as u64);
    Ok(rows)
}

fn count(sql: &str) {
    debug_assert!(is_numbered_in_order(sql), "placeholders out of order: {sql}");
    STATEMENTS.set(STATEMENTS.get() + 1);
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
