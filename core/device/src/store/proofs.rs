//! Countersignatures: for each customer's signature that was given on this phone, what headquarters says to it.

use super::Stored;
use outpost_model::id::{EntryId, PageId};
use rusqlite::{Connection, OptionalExtension, Row, params};

pub fn want(db: &Connection, visit: PageId, entry: EntryId) -> Stored<()> {
    db.prepare_cached("insert or ignore into proof (entry, visit) values (?1, ?2)")?
        .execute(params![entry.0, visit.0])?;
    Ok(())
}

/// Those that haven't come.
pub fn wanted(db: &Connection) -> Stored<Vec<(PageId, EntryId)>> {
    let mut query = db.prepare_cached("select visit, entry from proof where text is null")?;
    let place = |row: &Row<'_>| Ok((PageId(row.get(0)?), EntryId(row.get(1)?)));
    Ok(query.query_map([], place)?.collect::<Result<_, _>>()?)
}

/// An empty text: there is none to be had.
pub fn keep(db: &Connection, entry: EntryId, text: &str) -> Stored<()> {
    db.prepare_cached("update proof set text = ?2 where entry = ?1")?.execute(params![entry.0, text])?;
    Ok(())
}

pub fn find(db: &Connection, entry: EntryId) -> Stored<Option<String>> {
    let sql = "select text from proof where entry = ?1 and text <> ''";
    Ok(db.prepare_cached(sql)?.query_row([entry.0], |row| row.get(0)).optional()?)
}
