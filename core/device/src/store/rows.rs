//! Rows of the server's log, verbatim, as far as they reached this phone. Each is in the sums of its page and of every
//! scope that holds the page, exactly once, however often it comes.

mod decisions;
pub mod returning;

pub use decisions::*;

use super::{Stored, grants, pages};
use outpost_model::command::Command;
use outpost_model::envelope::Envelope;
use outpost_model::id::{Hash, PageId};
use outpost_model::wire::{self, Sum};
use rusqlite::{Connection, OptionalExtension, params};

/// Whether a row counts in sums. Of those that don't: the server lacks it, and it may be brought back; it doesn't take
/// it; it is this phone's own, and goes up again as a step.
const COUNTED: i64 = 0;
const ASIDE: i64 = 1;
const KEPT: i64 = 2;
const OFFERED: i64 = 3;

/// An admitted change.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeRow {
    pub page: PageId,
    pub hash: Hash,
    pub raw: Vec<u8>,
    pub envelope: Envelope,
    pub mac: Option<[u8; 16]>,
}

impl ChangeRow {
    pub fn seq(&self) -> u64 {
        self.envelope.admitted.map_or(0, |admitted| admitted.seq)
    }
}

/// An admitted decision: the command as it came, and what was read in it if this version can.
#[derive(Debug, Clone, PartialEq)]
pub struct DecisionRow {
    pub page: PageId,
    pub hash: Hash,
    pub text: String,
    pub pins: String,
    pub envelope: Envelope,
    pub mac: Option<[u8; 16]>,
    pub command: Option<Command>,
}

impl DecisionRow {
    pub fn read(page: PageId, text: String, pins: String, envelope: Envelope, mac: Option<[u8; 16]>) -> Self {
        let command = Command::parse(&text).ok();
        Self { page, hash: Hash::of(text.as_bytes()), text, pins, envelope, mac, command }
    }
}

/// What a store knew of a row before it came again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    New,
    /// Had, in this place of the log.
    Known,
    /// Had, but in another place: the page is to be read again.
    Moved,
}

pub fn put_change(db: &Connection, row: &ChangeRow) -> Stored<Arrival> {
    let arrival = put(db, row.page, &row.hash, &row.envelope, row.mac.as_ref())?;
    if arrival == Arrival::New {
        db.prepare_cached(
            "insert into log_row (page, hash, seq, content, envelope, mac) values (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            row.page.0,
            row.hash.0,
            row.seq() as i64,
            row.raw,
            wire::frame(&row.envelope),
            row.mac
        ])?;
    }
    Ok(arrival)
}

pub fn put_decision(db: &Connection, row: &DecisionRow) -> Stored<Arrival> {
    let arrival = put(db, row.page, &row.hash, &row.envelope, row.mac.as_ref())?;
    match arrival {
        Arrival::New => {
            let (id, question) = match &row.command {
                Some(command) => (Some(command.id.0), Some(command.question().to_string())),
                None => (None, None),
            };
            db.prepare_cached(
                "insert into log_row (page, hash, seq, decision, question, content, pins, envelope, mac)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                row.page.0,
                row.hash.0,
                seq(&row.envelope) as i64,
                id,
                question,
                row.text,
                row.pins,
                wire::frame(&row.envelope),
                row.mac
            ])?;
        }
        // The phone's own guess at the pins gives way to the server's.
        Arrival::Known | Arrival::Moved if row.mac.is_some() => {
            db.prepare_cached("update log_row set pins = ?3 where page = ?1 and hash = ?2")?
                .execute(params![row.page.0, row.hash.0, row.pins])?;
        }
        Arrival::Known | Arrival::Moved => {}
    }
    Ok(arrival)
}

/// Counts a row that is new, or brings the envelope of one that isn't up to date.
fn put(db: &Connection, page: PageId, hash: &Hash, envelope: &Envelope, mac: Option<&[u8; 16]>) -> Stored<Arrival> {
    let had: Option<(i64, bool)> = db
        .prepare_cached("select seq, aside <> 0 from log_row where page = ?1 and hash = ?2")?
        .query_row(params![page.0, hash.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    pages::know(db, page, None)?;
    let Some((seq_before, aside)) = had else {
        count(db, page, Sum::of(hash), Sum::default())?;
        return Ok(Arrival::New);
    };
    if aside {
        count(db, page, Sum::of(hash), Sum::default())?;
    }
    // A code goes with its place: without a new one it proves nothing of another place.
    db.prepare_cached(
        "update log_row set seq = ?3, envelope = ?4, mac = coalesce(?5, case when seq = ?3 then mac end), aside = 0
         where page = ?1 and hash = ?2",
    )?
    .execute(params![page.0, hash.0, seq(envelope) as i64, wire::frame(envelope), mac])?;
    Ok(if seq_before == seq(envelope) as i64 && !aside { Arrival::Known } else { Arrival::Moved })
}

fn seq(envelope: &Envelope) -> u64 {
    envelope.admitted.map_or(0, |admitted| admitted.seq)
}

fn count(db: &Connection, page: PageId, plus: Sum, minus: Sum) -> Stored<()> {
    let sum = pages::sum(db, page)?.plus(plus).minus(minus);
    pages::set_sum(db, page, sum)?;
    grants::shift(db, page, plus, minus)
}

/// The row stands in that place of the log now.
pub fn move_to(db: &Connection, page: PageId, hash: &Hash, envelope: &Envelope) -> Stored<()> {
    put(db, page, hash, envelope, None).map(drop)
}

/// The server doesn't hold this row: it stays here, and out of every sum.
pub fn set_aside(db: &Connection, page: PageId, hash: &Hash) -> Stored<()> {
    let moved = db
        .prepare_cached("update log_row set aside = 1 where page = ?1 and hash = ?2 and aside = 0")?
        .execute(params![page.0, hash.0])?;
    if moved > 0 { count(db, page, Sum::default(), Sum::of(hash)) } else { Ok(()) }
}

/// Whether the row is here, out of the sums, and didn't go up again for its own sake.
pub fn is_aside(db: &Connection, page: PageId, hash: &Hash) -> Stored<bool> {
    let mut query = db.prepare_cached("select 1 from log_row where page = ?1 and hash = ?2 and aside in (1, 2)")?;
    Ok(query.exists(params![page.0, hash.0])?)
}

/// Takes a row out: one of this phone's own that the server, asked again, refused, or one that is to come anew.
pub fn remove(db: &Connection, page: PageId, hash: &Hash) -> Stored<()> {
    set_aside(db, page, hash)?;
    db.prepare_cached("delete from log_row where page = ?1 and hash = ?2")?.execute(params![page.0, hash.0])?;
    Ok(())
}

/// The row in that place of the log as it is now, and whether the server itself shipped it.
pub fn at_seq(db: &Connection, page: PageId, seq: u64) -> Stored<Vec<(Hash, bool)>> {
    let mut query =
        db.prepare_cached("select hash, mac is not null from log_row where page = ?1 and seq = ?2 and aside = 0")?;
    let rows = query.query_map(params![page.0, seq as i64], |row| Ok((Hash(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether any page has that row.
pub fn has(db: &Connection, hash: &Hash) -> Stored<bool> {
    Ok(db.prepare_cached("select 1 from log_row where hash = ?1")?.exists([hash.0])?)
}

/// Hashes of what counts in a page's sum.
pub fn hashes(db: &Connection, page: PageId) -> Stored<Vec<Hash>> {
    let mut query = db.prepare_cached("select hash from log_row where page = ?1 and aside = 0")?;
    let hashes = query.query_map([page.0], |row| row.get(0).map(Hash))?;
    Ok(hashes.collect::<Result<_, _>>()?)
}

/// A page's changes, in the order in which they were admitted.
pub fn changes(db: &Connection, page: PageId) -> Stored<Vec<ChangeRow>> {
    Ok(read_changes(db, page)?.sound)
}

/// A page's changes, and what there is besides whose envelope can't be read.
#[derive(Debug, Default)]
pub struct Changes {
    pub sound: Vec<ChangeRow>,
    /// Hash and bytes.
    pub unreadable: Vec<(Hash, Vec<u8>)>,
}

pub fn read_changes(db: &Connection, page: PageId) -> Stored<Changes> {
    let mut query = db.prepare_cached(
        "select hash, content, envelope, mac from log_row where page = ?1 and pins is null order by seq",
    )?;
    let mut rows = query.query([page.0])?;
    let mut changes = Changes::default();
    while let Some(row) = rows.next()? {
        let (hash, raw, envelope) = (Hash(row.get(0)?), row.get(1)?, row.get::<_, Vec<u8>>(2)?);
        match wire::parse_frame(&envelope) {
            Ok(envelope) => changes.sound.push(ChangeRow { page, hash, raw, envelope, mac: row.get(3)? }),
            Err(_) => changes.unreadable.push((hash, raw)),
        }
    }
    Ok(changes)
}

/// The bytes of a row: a change's raw bytes, a command's text.
pub fn content(db: &Connection, page: PageId, hash: &Hash) -> Stored<Option<Vec<u8>>> {
    let content = db
        .prepare_cached("select cast(content as blob) from log_row where page = ?1 and hash = ?2")?
        .query_row(params![page.0, hash.0], |row| row.get(0));
    Ok(content.optional()?)
}
