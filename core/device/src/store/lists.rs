//! List rows: what the fold said last of each order and person, with the columns that lists sort by. A list screen
//! reads these and parses no page.

use super::{Stored, unreadable};
use outpost_model::fold::attendance::OwnTime;
use outpost_model::fold::order::OrderFacts;
use outpost_model::fold::record::RecordFacts;
use outpost_model::header::Kind;
use outpost_model::id::{PageId, UserId};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeMap;

/// An order as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderItem {
    pub facts: OrderFacts,
    /// It is this person's now, as engineer or helper.
    pub mine: bool,
    /// Opened on this phone, and not yet admitted.
    pub provisional: bool,
}

/// A customer or a unit as lists show it: each field's values, the one to show first.
#[derive(Debug, Clone, PartialEq)]
pub struct RegisterItem {
    pub page: PageId,
    pub kind: Kind,
    pub code: String,
    pub fields: BTreeMap<String, Vec<String>>,
}

pub fn put_order(db: &Connection, item: &OrderItem) -> Stored<()> {
    let facts = &item.facts;
    let open = [
        facts.replied_at.is_none().then_some(facts.reply_due),
        facts.arrived_at.is_none().then_some(facts.arrival_due),
    ];
    let due = open.into_iter().flatten().min().map_or(i64::MAX, |due| due.0);
    db.prepare_cached(
        "insert or replace into order_row (page, number, closed, mine, due, provisional, facts)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        facts.page.0,
        facts.number,
        facts.closed_at.is_some(),
        item.mine,
        due,
        item.provisional,
        serde_json::to_string(facts).map_err(unreadable)?
    ])?;
    Ok(())
}

pub fn drop_order(db: &Connection, page: PageId) -> Stored<()> {
    db.prepare_cached("delete from order_row where page = ?1")?.execute([page.0])?;
    Ok(())
}

/// Open ones first, the most urgent first.
pub fn orders(db: &Connection) -> Stored<Vec<OrderItem>> {
    let mut query = db.prepare_cached(
        "select facts, mine, provisional from order_row indexed by order_row_by_due order by closed, due",
    )?;
    let mut rows = query.query([])?;
    let mut items = Vec::new();
    while let Some(row) = rows.next()? {
        items.push(read_order(row)?);
    }
    Ok(items)
}

pub fn order(db: &Connection, page: PageId) -> Stored<Option<OrderItem>> {
    let mut query = db.prepare_cached("select facts, mine, provisional from order_row where page = ?1")?;
    let mut rows = query.query([page.0])?;
    rows.next()?.map(read_order).transpose()
}

fn read_order(row: &rusqlite::Row<'_>) -> Stored<OrderItem> {
    let facts: String = row.get(0)?;
    Ok(OrderItem {
        facts: serde_json::from_str(&facts).map_err(unreadable)?,
        mine: row.get(1)?,
        provisional: row.get(2)?,
    })
}

pub fn put_own_time(db: &Connection, person: &UserId, facts: &OwnTime) -> Stored<()> {
    let facts = serde_json::to_string(facts).map_err(unreadable)?;
    db.prepare_cached("insert or replace into own_time_row (person, facts) values (?1, ?2)")?
        .execute(params![person.as_str(), facts])?;
    Ok(())
}

pub fn own_time(db: &Connection, person: &UserId) -> Stored<OwnTime> {
    let facts: Option<String> = db
        .prepare_cached("select facts from own_time_row where person = ?1")?
        .query_row([person.as_str()], |row| row.get(0))
        .optional()?;
    facts.map_or(Ok(OwnTime::default()), |facts| serde_json::from_str(&facts).map_err(unreadable))
}

pub fn put_record(db: &Connection, facts: &RecordFacts) -> Stored<()> {
    db.prepare_cached(
        "insert or replace into record_row (page, person, form, period, state, at, facts)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        facts.page.0,
        facts.person.as_str(),
        facts.form.as_str(),
        facts.period.map(|day| day.to_string()),
        facts.state.name(),
        facts.last_sent().map_or(facts.begun_at, |sent| sent.at).0,
        serde_json::to_string(facts).map_err(unreadable)?
    ])?;
    Ok(())
}

pub fn drop_record(db: &Connection, page: PageId) -> Stored<()> {
    db.prepare_cached("delete from record_row where page = ?1")?.execute([page.0])?;
    Ok(())
}

/// Filled forms that the phone holds, the newest first.
pub fn records(db: &Connection) -> Stored<Vec<RecordFacts>> {
    let mut query = db.prepare_cached("select facts from record_row order by at desc, page")?;
    let texts = query.query_map([], |row| row.get::<_, String>(0))?;
    texts.map(|text| serde_json::from_str(&text?).map_err(unreadable)).collect()
}

pub fn record(db: &Connection, page: PageId) -> Stored<Option<RecordFacts>> {
    let text: Option<String> = db
        .prepare_cached("select facts from record_row where page = ?1")?
        .query_row([page.0], |row| row.get(0))
        .optional()?;
    text.map(|text| serde_json::from_str(&text).map_err(unreadable)).transpose()
}

pub fn put_register(db: &Connection, item: &RegisterItem) -> Stored<()> {
    db.prepare_cached("insert or replace into register_row (page, kind, code, fields) values (?1, ?2, ?3, ?4)")?
        .execute(params![
            item.page.0,
            item.kind.name(),
            item.code,
            serde_json::to_string(&item.fields).map_err(unreadable)?
        ])?;
    Ok(())
}

pub fn register(db: &Connection, kind: Kind) -> Stored<Vec<RegisterItem>> {
    let mut query = db.prepare_cached("select page, code, fields from register_row where kind = ?1 order by code")?;
    let mut rows = query.query([kind.name()])?;
    let mut items = Vec::new();
    while let Some(row) = rows.next()? {
        let fields: String = row.get(2)?;
        items.push(RegisterItem {
            page: PageId(row.get(0)?),
            kind,
            code: row.get(1)?,
            fields: serde_json::from_str(&fields).map_err(unreadable)?,
        });
    }
    Ok(items)
}
