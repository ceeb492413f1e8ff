//! What the phone knows of each page besides its rows: header, sums, heads, strikes, and the actor it writes under.

use super::{Stored, outbox, unreadable};
use outpost_model::header::{Header, Kind, Subject};
use outpost_model::id::{Hash, PageId, UserId};
use outpost_model::wire::Sum;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// A page that can't be opened twice running is damaged.
const STRIKES: u8 = 2;

/// Makes sure the page is known, and its header once somebody has told it.
pub fn know(db: &Connection, id: PageId, header: Option<&Header>) -> Stored<()> {
    let (text, kind) = header.map_or((String::new(), ""), |header| (header.canonical(), header.kind().name()));
    let (parent, person) = match header.map(|header| &header.subject) {
        Some(Subject::Visit { order, .. }) => (Some(order.0), None),
        Some(Subject::Attendance { person, .. }) => (None, Some(person.as_str())),
        _ => (None, None),
    };
    db.prepare_cached(
        "insert into page (id, header, kind, parent, person, sum) values (?1, ?2, ?3, ?4, ?5, ?6)
         on conflict (id) do update set header = excluded.header, kind = excluded.kind,
             parent = excluded.parent, person = excluded.person
         where page.header = '' and excluded.header <> ''",
    )?
    .execute(params![id.0, text, kind, parent, person, Sum::default().0.to_be_bytes()])?;
    Ok(())
}

pub fn header(db: &Connection, id: PageId) -> Stored<Option<Header>> {
    let text: Option<String> =
        db.prepare_cached("select header from page where id = ?1")?.query_row([id.0], |row| row.get(0)).optional()?;
    text.filter(|text| !text.is_empty()).map(|text| Header::parse(&text).map_err(unreadable)).transpose()
}

pub fn is_known(db: &Connection, id: PageId) -> Stored<bool> {
    Ok(db.prepare_cached("select 1 from page where id = ?1")?.exists([id.0])?)
}

pub fn visits_of(db: &Connection, order: PageId) -> Stored<Vec<PageId>> {
    ids(db, "select id from page where parent = ?1 order by id", &[&order.0])
}

pub fn attendance_of(db: &Connection, person: &UserId) -> Stored<Vec<PageId>> {
    ids(db, "select id from page where person = ?1 order by id", &[&person.as_str()])
}

pub fn of_kind(db: &Connection, kind: Kind) -> Stored<Vec<PageId>> {
    ids(db, "select id from page where kind = ?1 order by id", &[&kind.name()])
}

pub fn all(db: &Connection) -> Stored<Vec<PageId>> {
    ids(db, "select id from page order by id", &[])
}

pub fn withdrawn(db: &Connection) -> Stored<Vec<PageId>> {
    ids(db, "select id from page where withdrawn = 1 order by id", &[])
}

pub fn damaged(db: &Connection) -> Stored<Vec<PageId>> {
    ids(db, "select id from page where damaged = 1 order by id", &[])
}

fn ids(db: &Connection, sql: &str, of: &[&dyn rusqlite::ToSql]) -> Stored<Vec<PageId>> {
    let id = |row: &Row<'_>| row.get(0).map(PageId);
    Ok(db.prepare_cached(sql)?.query_map(of, id)?.collect::<Result<_, _>>()?)
}

pub fn sum(db: &Connection, id: PageId) -> Stored<Sum> {
    let bytes: Option<[u8; 16]> =
        db.prepare_cached("select sum from page where id = ?1")?.query_row([id.0], |row| row.get(0)).optional()?;
    Ok(bytes.map(|bytes| Sum(u128::from_be_bytes(bytes))).unwrap_or_default())
}

pub fn set_sum(db: &Connection, id: PageId, sum: Sum) -> Stored<()> {
    db.prepare_cached("update page set sum = ?2 where id = ?1")?.execute(params![id.0, sum.0.to_be_bytes()])?;
    Ok(())
}

/// Heads of what the server has, and heads of what the phone has.
pub fn set_heads(db: &Connection, id: PageId, admitted: &[Hash], local: &[Hash]) -> Stored<()> {
    let text = |heads: &[Hash]| serde_json::to_string(heads).map_err(unreadable);
    db.prepare_cached("update page set admitted_heads = ?2, local_heads = ?3 where id = ?1")?.execute(params![
        id.0,
        text(admitted)?,
        text(local)?
    ])?;
    Ok(())
}

/// Admitted heads, then local heads, without opening the page.
pub fn heads(db: &Connection, id: PageId) -> Stored<(Vec<Hash>, Vec<Hash>)> {
    let texts: Option<(String, String)> = db
        .prepare_cached("select admitted_heads, local_heads from page where id = ?1")?
        .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((admitted, local)) = texts else { return Ok((Vec::new(), Vec::new())) };
    Ok((serde_json::from_str(&admitted).map_err(unreadable)?, serde_json::from_str(&local).map_err(unreadable)?))
}

pub fn set_own(db: &Connection, id: PageId) -> Stored<()> {
    db.prepare_cached("update page set own = 1 where id = ?1 and own = 0")?.execute([id.0])?;
    Ok(())
}

pub fn set_not_own(db: &Connection, id: PageId) -> Stored<()> {
    db.prepare_cached("update page set own = 0 where id = ?1 and own = 1")?.execute([id.0])?;
    Ok(())
}

pub fn is_own(db: &Connection, id: PageId) -> Stored<bool> {
    Ok(db.prepare_cached("select 1 from page where id = ?1 and own = 1")?.exists([id.0])?)
}

pub fn set_withdrawn(db: &Connection, id: PageId, withdrawn: bool) -> Stored<()> {
    db.prepare_cached("update page set withdrawn = ?2 where id = ?1 and withdrawn <> ?2")?
        .execute(params![id.0, withdrawn])?;
    Ok(())
}

/// Marks a page as being opened. The second time running it is damaged.
pub fn strike(db: &Connection, id: PageId) -> Stored<()> {
    db.prepare_cached(
        "update page set damaged = (damaged or strikes >= ?2), strikes = min(strikes + 1, ?2)
         where id = ?1 and header <> ''",
    )?
    .execute(params![id.0, STRIKES])?;
    // Whoever writes on a page that can't be read doesn't know how far its actor has counted.
    db.prepare_cached("delete from actor where page = (select id from page where id = ?1 and damaged = 1)")?
        .execute([id.0])?;
    Ok(())
}

/// It opened after all.
pub fn clear_strikes(db: &Connection, id: PageId) -> Stored<()> {
    let sql = "update page set strikes = 0 where id = ?1 and strikes > 0 and damaged = 0";
    db.prepare_cached(sql)?.execute([id.0])?;
    Ok(())
}

/// Some of its rows can't be read: it is to be fetched anew, and what is sound of it is shown until then.
pub fn mark_spoilt(db: &Connection, id: PageId) -> Stored<()> {
    db.prepare_cached("update page set damaged = 1 where id = ?1 and damaged = 0")?.execute([id.0])?;
    // What this phone wrote before may be among what can't be read: it goes on under another actor.
    db.prepare_cached("delete from actor where page = ?1")?.execute([id.0])?;
    Ok(())
}

/// It came anew, and whole.
pub fn set_sound(db: &Connection, id: PageId) -> Stored<()> {
    db.prepare_cached("update page set damaged = 0, strikes = 0 where id = ?1")?.execute([id.0])?;
    Ok(())
}

/// Opening it brought the app down, as often as is tried: it isn't read any more.
pub fn is_shunned(db: &Connection, id: PageId) -> Stored<bool> {
    let sql = "select 1 from page where id = ?1 and damaged = 1 and strikes >= ?2";
    Ok(db.prepare_cached(sql)?.exists(params![id.0, STRIKES])?)
}

pub fn is_damaged(db: &Connection, id: PageId) -> Stored<bool> {
    Ok(db.prepare_cached("select 1 from page where id = ?1 and damaged = 1")?.exists([id.0])?)
}

/// Drops a page. What was asked of authority on it here stays with its step, to be shown, and offered to a server that
/// lost it.
pub fn forget(db: &Connection, id: PageId) -> Stored<()> {
    outbox::take_back(db, id)?;
    for sql in [
        "delete from log_row where page = ?1",
        "delete from actor where page = ?1",
        "delete from record where page = ?1",
        "delete from order_row where page = ?1",
        "delete from register_row where page = ?1",
        "delete from record_row where page = ?1",
        "delete from proof where visit = ?1",
        "delete from page where id = ?1",
    ] {
        db.prepare_cached(sql)?.execute([id.0])?;
    }
    Ok(())
}

pub fn actor(db: &Connection, id: PageId) -> Stored<Option<[u8; 16]>> {
    Ok(db.prepare_cached("select actor from actor where page = ?1")?.query_row([id.0], |row| row.get(0)).optional()?)
}

pub fn set_actor(db: &Connection, id: PageId, actor: [u8; 16], epoch: u32) -> Stored<()> {
    db.prepare_cached("insert or replace into actor (page, actor, epoch) values (?1, ?2, ?3)")?
        .execute(params![id.0, actor, epoch])?;
    Ok(())
}
