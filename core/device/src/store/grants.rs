//! Which pages are in which of this person's scopes, and the sum of each scope, kept up to date row by row so that a
//! comparison costs the same for ten pages and for a hundred thousand.

use super::{Stored, pages};
use outpost_model::id::PageId;
use outpost_model::wire::Sum;
use rusqlite::{Connection, OptionalExtension, params};

pub fn grant(db: &Connection, scope: &str, page: PageId) -> Stored<()> {
    let new = db
        .prepare_cached("insert or ignore into scope_page (scope, page) values (?1, ?2)")?
        .execute(params![scope, page.0])?;
    if new > 0 { shift_scope(db, scope, pages::sum(db, page)?, Sum::default()) } else { Ok(()) }
}

pub fn withdraw(db: &Connection, scope: &str, page: PageId) -> Stored<()> {
    let gone =
        db.prepare_cached("delete from scope_page where scope = ?1 and page = ?2")?.execute(params![scope, page.0])?;
    if gone > 0 { shift_scope(db, scope, Sum::default(), pages::sum(db, page)?) } else { Ok(()) }
}

pub fn scopes_of(db: &Connection, page: PageId) -> Stored<Vec<String>> {
    let mut query = db.prepare_cached("select scope from scope_page where page = ?1")?;
    Ok(query.query_map([page.0], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// Adds to the sum of every scope that holds the page.
pub(super) fn shift(db: &Connection, page: PageId, plus: Sum, minus: Sum) -> Stored<()> {
    scopes_of(db, page)?.iter().try_for_each(|scope| shift_scope(db, scope, plus, minus))
}

fn shift_scope(db: &Connection, scope: &str, plus: Sum, minus: Sum) -> Stored<()> {
    let sum = sum(db, scope)?.plus(plus).minus(minus);
    db.prepare_cached(
        "insert into scope (name, sum) values (?1, ?2)
         on conflict (name) do update set sum = excluded.sum, unreached = null",
    )?
    .execute(params![scope, sum.0.to_be_bytes()])?;
    Ok(())
}

pub fn sum(db: &Connection, scope: &str) -> Stored<Sum> {
    let bytes: Option<[u8; 16]> =
        db.prepare_cached("select sum from scope where name = ?1")?.query_row([scope], |row| row.get(0)).optional()?;
    Ok(bytes.map(|bytes| Sum(u128::from_be_bytes(bytes))).unwrap_or_default())
}

/// Adds a scope up anew from its pages, in case its kept sum has gone astray while they are in order.
pub fn count_again(db: &Connection, scope: &str) -> Stored<Sum> {
    let total = pages_of(db, scope)?.into_iter().fold(Sum::default(), |total, (_, page)| total.plus(page));
    shift_scope(db, scope, total, sum(db, scope)?)?;
    Ok(total)
}

/// The server's sum that a drill-down didn't reach, with ours as it still is.
pub fn unreached(db: &Connection, scope: &str) -> Stored<Option<Sum>> {
    let bytes: Option<Option<[u8; 16]>> = db
        .prepare_cached("select unreached from scope where name = ?1")?
        .query_row([scope], |row| row.get(0))
        .optional()?;
    Ok(bytes.flatten().map(|bytes| Sum(u128::from_be_bytes(bytes))))
}

pub fn set_unreached(db: &Connection, scope: &str, server: Sum) -> Stored<()> {
    db.prepare_cached(
        "insert into scope (name, sum, unreached) values (?1, ?2, ?3)
         on conflict (name) do update set unreached = excluded.unreached",
    )?
    .execute(params![scope, Sum::default().0.to_be_bytes(), server.0.to_be_bytes()])?;
    Ok(())
}

/// Pages of a scope with their sums, by id; those whose id begins with that byte.
pub fn bucket(db: &Connection, scope: &str, last: u8) -> Stored<Vec<(PageId, Sum)>> {
    Ok(pages_of(db, scope)?.into_iter().filter(|(page, _)| page.0[15] == last).collect())
}

pub fn pages_of(db: &Connection, scope: &str) -> Stored<Vec<(PageId, Sum)>> {
    let mut query = db.prepare_cached(
        "select scope_page.page, coalesce(page.sum, zeroblob(16)) from scope_page
         left join page on page.id = scope_page.page where scope = ?1 order by scope_page.page",
    )?;
    let rows = query
        .query_map([scope], |row| Ok((PageId(row.get(0)?), Sum(u128::from_be_bytes(row.get::<_, [u8; 16]>(1)?)))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
