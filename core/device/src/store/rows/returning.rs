//! Rows of a time that the server's log lost. They are put aside at once, so that what the server still has is counted
//! anew as it comes; what didn't come is brought back, those with a code as rows, this phone's own without one as steps.

use super::super::{Stored, grants, pages, unreadable};
use super::{ASIDE, COUNTED, KEPT, OFFERED};
use outpost_model::header::Header;
use outpost_model::id::{Hash, PageId};
use outpost_model::wire::{BackRow, BringBack, Content, LogRow, Sum, parse_frame};
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

/// Rows in one request, and about how many bytes of them.
const MOST: i64 = 1_000;
const ROOM: usize = 640 * 1024;

/// The server's log is of another time: nothing counts before it comes again.
pub fn put_all_aside(db: &Connection) -> Stored<()> {
    db.execute(
        "update log_row set aside = case when mac is null then ?1 else ?2 end where aside = ?3",
        params![OFFERED, ASIDE, COUNTED],
    )?;
    db.execute("update page set sum = ?1", [Sum::default().0.to_be_bytes()])?;
    let mut query = db.prepare("select name from scope")?;
    let scopes: Vec<String> = query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    scopes.iter().try_for_each(|scope| grants::count_again(db, scope).map(drop))
}

/// Whether something is to be brought back.
pub fn any(db: &Connection) -> Stored<bool> {
    Ok(db.prepare_cached("select 1 from log_row where aside = 1 and mac is not null")?.exists([])?)
}

/// Whether something of that page is.
pub fn any_on(db: &Connection, page: PageId) -> Stored<bool> {
    let mut query = db.prepare_cached("select 1 from log_row where page = ?1 and aside in (1, 3)")?;
    Ok(query.exists([page.0])?)
}

/// The next rows to be brought back, in the order that they had, with the page and hash of each.
pub fn batch(db: &Connection) -> Stored<(BringBack, Vec<(PageId, Hash)>)> {
    let mut brought = BringBack { pages: Vec::new(), rows: Vec::new() };
    let (mut named, mut places, mut size) = (Vec::new(), BTreeMap::new(), 0);
    let mut query = db.prepare_cached(
        "select page, hash, cast(content as blob), pins, envelope, mac from log_row
         where aside = 1 and mac is not null order by seq limit ?1",
    )?;
    let mut rows = query.query([MOST])?;
    while let Some(row) = rows.next()? {
        let (page, hash) = (PageId(row.get(0)?), Hash(row.get(1)?));
        let (content, envelope): (Vec<u8>, Vec<u8>) = (row.get(2)?, row.get(4)?);
        size += content.len() + envelope.len() + 128;
        let content = match row.get::<_, Option<String>>(3)? {
            None => Content::Change(content.into()),
            Some(pins) => {
                size += pins.len();
                Content::Decision(String::from_utf8(content).map_err(unreadable)?, pins)
            }
        };
        let place = match places.get(&page) {
            Some(place) => *place,
            None => {
                let header = pages::header(db, page)?.map(|header: Header| header.canonical());
                size += header.as_ref().map_or(0, String::len);
                let place = header.map(|header| {
                    brought.pages.push(header);
                    brought.pages.len() as u32 - 1
                });
                places.insert(page, place);
                place
            }
        };
        if size > ROOM && !named.is_empty() {
            break;
        }
        let envelope = parse_frame(&envelope).map_err(unreadable)?;
        brought.rows.push(BackRow { page: place, row: LogRow { page, envelope, content, mac: row.get(5)? } });
        named.push((page, hash));
    }
    Ok((brought, named))
}

/// The server doesn't take it as a row: it stays here, and out of every sum. `again` where it goes as a step instead.
pub fn keep(db: &Connection, page: PageId, hash: &Hash, again: bool) -> Stored<()> {
    let state = if again { OFFERED } else { KEPT };
    db.prepare_cached("update log_row set aside = ?3 where page = ?1 and hash = ?2 and aside = ?4")?
        .execute(params![page.0, hash.0, state, ASIDE])?;
    Ok(())
}

/// A server that takes no rows back.
pub fn keep_all(db: &Connection) -> Stored<Vec<(PageId, Hash)>> {
    let mut query = db.prepare("select page, hash from log_row where aside = 1 and mac is not null order by seq")?;
    let rows = query.query_map([], |row| Ok((PageId(row.get(0)?), Hash(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
