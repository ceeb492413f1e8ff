//! A log made anew from rows that were saved from a damaged one. Rows that still fit follow each other without a gap,
//! under numbers of their own; each passes the gate again, so that nothing is kept that rests on what is lost.

use super::book::{Book, header_of};
use super::context::Context;
use super::log::End;
use super::replay::{Played, begin, enter};
use super::row::{Row, next_link};
use super::{device, log};
use crate::store::StoreError;
use outpost_model::admission::PageIndex;
use outpost_model::command::Ask;
use outpost_model::header::{Header, Subject};
use outpost_model::id::{PageId, TenantId};
use outpost_model::time::Millis;
use outpost_model::wire::Content;
use rusqlite::Connection;
use std::collections::{BTreeSet, HashMap};

/// Rows that are entered together, as long as all of them fit.
const CHUNK: usize = 500;

/// What became of a row: its number now, or why it wasn't taken.
pub(crate) type Fate = Result<u64, String>;

/// Begins the tenant in an empty store and enters the rows, in their order. The fate of each, in the same order.
pub(crate) fn remake(
    into: &Connection,
    tenant: &TenantId,
    epoch: u32,
    headers: &HashMap<PageId, String>,
    rows: &[Row],
) -> Result<Vec<Fate>, StoreError> {
    begin(into, tenant, epoch)?;
    let mut fates = Vec::with_capacity(rows.len());
    for chunk in rows.chunks(CHUNK) {
        match together(into, tenant, headers, chunk)? {
            Some(all) => fates.extend(all),
            None => {
                for row in chunk {
                    fates.push(alone(into, tenant, headers, row)?);
                }
            }
        }
    }
    Ok(fates)
}

/// All of them, or nothing of any.
fn together(
    db: &Connection,
    tenant: &TenantId,
    headers: &HashMap<PageId, String>,
    rows: &[Row],
) -> Result<Option<Vec<Fate>>, StoreError> {
    let mut fates = Vec::new();
    let done = in_savepoint(db, || append(db, tenant, headers, rows, &mut fates))?;
    Ok(done.is_ok().then_some(fates))
}

fn alone(db: &Connection, tenant: &TenantId, headers: &HashMap<PageId, String>, row: &Row) -> Result<Fate, StoreError> {
    let mut fates = Vec::new();
    let done = in_savepoint(db, || append(db, tenant, headers, std::slice::from_ref(row), &mut fates))?;
    Ok(done.and_then(|()| fates.pop().unwrap_or_else(|| Err("it wasn't entered".into()))))
}

/// The outer error is the savepoint's; the inner one says why nothing of the work was kept.
fn in_savepoint(
    db: &Connection,
    work: impl FnOnce() -> Result<(), StoreError>,
) -> Result<Result<(), String>, StoreError> {
    db.execute_batch("savepoint saved")?;
    match work() {
        Ok(()) => {
            db.execute_batch("release saved")?;
            Ok(Ok(()))
        }
        Err(why) => {
            db.execute_batch("rollback to saved; release saved")?;
            Ok(Err(why.to_string()))
        }
    }
}

fn append(
    db: &Connection,
    tenant: &TenantId,
    headers: &HashMap<PageId, String>,
    rows: &[Row],
    fates: &mut Vec<Fate>,
) -> Result<(), StoreError> {
    // Nothing that was rolled back may be remembered.
    let context = Context::aside();
    let mut book = Book::open(db, tenant, &context)?;
    for row in rows {
        let mut row = row.clone();
        let End { seq, chain, moment, .. } = book.end;
        let received = row.envelope.admitted.map_or(Millis(0), |admitted| admitted.received);
        if let Some(admitted) = &mut row.envelope.admitted {
            admitted.seq = seq + 1;
        }
        let link = next_link(&chain, &row.canonical(tenant));
        log::insert(db, tenant, &row, &link)?;
        book.end = End { seq: seq + 1, chain: link, moment: moment.max(received), ..book.end };
        enter(&mut book, row, headers, &mut Played::default())?;
        fates.push(Ok(seq + 1));
    }
    book.close().map(drop)
}

/// Headers that decisions name, and those of pages whose first change fits one that can be guessed: none of this is
/// believed unless the page's own bytes agree.
pub(crate) fn find_headers(tenant: &TenantId, rows: &[Row], headers: &mut HashMap<PageId, String>) {
    let of_decisions = rows.iter().filter_map(|row| row.decision().ok().flatten());
    for decision in of_decisions {
        if let Some(header) = header_of(&decision.command.ask, tenant) {
            headers.entry(header.page()).or_insert_with(|| header.canonical());
        }
    }
    let mut orders: BTreeSet<PageId> = rows.iter().map(|row| row.page).collect();
    orders.extend(headers.values().filter_map(|text| Header::parse(text).ok()?.order()));
    for row in rows {
        let Content::Change(raw) = &row.content else { continue };
        if headers.contains_key(&row.page) {
            continue;
        }
        let fits = |subject: Subject| {
            let header = Header::new(tenant.clone(), subject);
            let is_its_own = header.page() == row.page;
            let begins = || PageIndex::new(header.clone()).examine(raw, &row.envelope.device).is_ok();
            (is_its_own && begins()).then(|| header.canonical())
        };
        let received = row.envelope.admitted.map_or(Millis(0), |admitted| admitted.received);
        let months = (-400..=60).step_by(20).map(|days| received.plus(Millis::hours(24 * days)));
        let utc = outpost_model::time::Zone::parse("UTC").ok();
        let person = &row.envelope.user;
        let own_time = months.filter_map(|at| Some(utc.as_ref()?.day(at).month()));
        let own_time = own_time.map(|month| Subject::Attendance { person: person.clone(), month });
        let visits = orders.iter().map(|order| Subject::Visit { id: row.page, order: *order });
        let guesses = std::iter::once(Subject::Order { id: row.page }).chain(own_time).chain(visits);
        if let Some(header) = guesses.into_iter().find_map(fits) {
            headers.insert(row.page, header);
        }
    }
}

/// Phones of which only their enrolment is left; their keys are gone. Which they are.
pub(crate) fn remake_devices(db: &Connection, tenant: &TenantId, rows: &[Row]) -> Result<Vec<String>, StoreError> {
    let mut made = BTreeSet::new();
    for row in rows {
        let Some(decision) = row.decision().ok().flatten() else { continue };
        let at = row.envelope.admitted.map_or(Millis(0), |admitted| admitted.received);
        match decision.command.ask {
            Ask::Enrol { device: id, user }
                if made.contains(id.as_str()) || device::find(db, tenant, &id)?.is_none() =>
            {
                device::enrol(db, tenant, &id, &user, at)?;
                made.insert(id.as_str().to_owned());
            }
            Ask::Revoke { device: id, reason } if made.contains(id.as_str()) => {
                device::revoke(db, tenant, &id, reason, at)?;
            }
            _ => {}
        }
    }
    Ok(made.into_iter().collect())
}

/// Attested time never runs backwards.
pub(crate) fn raise_moment(db: &Connection, tenant: &TenantId, moment: Millis) -> Result<(), StoreError> {
    let sql = "update tenant set moment = $1 where tenant = $2 and moment < $1";
    crate::store::change(db, sql, rusqlite::params![moment.0, tenant.as_str()]).map(drop)
}

/// How far a store's log has come, where that can be read.
pub(crate) fn end_of(db: &Connection, tenant: &TenantId) -> Option<(u32, u64, [u8; 32], Millis)> {
    log::find_end(db, tenant).ok().flatten().map(|end| (end.epoch, end.seq, end.chain, end.moment))
}
