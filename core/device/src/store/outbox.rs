//! What was captured here, step by step, in that order, and how far each step got.

mod progress;
mod step;

pub use progress::*;
pub use step::*;
pub(super) use step::{Spelled, spell};

use super::{Stored, unreadable};
use outpost_model::id::{CommandId, Hash, PageId};
use outpost_model::time::Millis;
use rusqlite::{Connection, Row, params};

pub fn append(db: &Connection, step: &NewStep) -> Stored<u32> {
    let Spelled { command, question, intent, needs } = spell(&step.kind, step.intent.as_ref(), &step.needs)?;
    db.prepare_cached(
        "insert into step (act, page, name, at, command, question, hash, content, intent, needs, origin)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?
    .execute(params![
        step.act.unwrap_or(0),
        step.page.0,
        step.name,
        step.at.0,
        command,
        question,
        step.hash.0,
        step.content,
        intent,
        needs,
        step.origin
    ])?;
    let no = u32::try_from(db.last_insert_rowid()).map_err(unreadable)?;
    if step.act.is_none() {
        db.prepare_cached("update step set act = ?1 where no = ?1")?.execute([no])?;
    }
    Ok(no)
}

const COLUMNS: &str =
    "no, act, page, name, at, command, question, hash, content, intent, needs, state, code, retry_at, origin";

pub(super) fn read_kind(row: &Row<'_>, at: usize) -> rusqlite::Result<StepKind> {
    let id: Option<[u8; 16]> = row.get(at)?;
    Ok(match id {
        None => StepKind::Change,
        Some(id) => StepKind::Command { id: CommandId(id), question: row.get(at + 1)? },
    })
}

fn read(row: &Row<'_>) -> Stored<Step> {
    let no = row.get(0)?;
    let (intent, needs): (Option<String>, String) = (row.get(9)?, row.get(10)?);
    Ok(Step {
        no,
        act: row.get(1)?,
        page: PageId(row.get(2)?),
        name: row.get(3)?,
        at: Millis(row.get(4)?),
        kind: read_kind(row, 5)?,
        hash: Hash(row.get(7)?),
        content: row.get::<_, Option<Vec<u8>>>(8)?.unwrap_or_default(),
        intent: intent.map(|text| serde_json::from_str(&text)).transpose().map_err(unreadable)?,
        needs: serde_json::from_str(&needs).map_err(unreadable)?,
        state: StepState::of(row.get(11)?),
        code: row.get(12)?,
        retry_at: row.get::<_, Option<i64>>(13)?.map(Millis),
        origin: row.get::<_, Option<u32>>(14)?.unwrap_or(no),
    })
}

fn select(db: &Connection, rest: &str, of: &[&dyn rusqlite::ToSql]) -> Stored<Vec<Step>> {
    let mut query = db.prepare_cached(&format!("select {COLUMNS} from step {rest}"))?;
    let mut rows = query.query(of)?;
    let mut steps = Vec::new();
    while let Some(row) = rows.next()? {
        steps.push(read(row)?);
    }
    Ok(steps)
}

/// Everything that isn't settled, in capture order.
pub fn pending(db: &Connection) -> Stored<Vec<Step>> {
    select(db, "where state in (0, 1, 2) order by no", &[])
}

pub fn pending_on(db: &Connection, page: PageId) -> Stored<Vec<Step>> {
    select(db, "where page = ?1 and state in (0, 1, 2) order by no", &[&page.0])
}

/// A pending step by its number, hash and kind alone.
pub struct Waiting {
    pub no: u32,
    pub hash: Hash,
    pub kind: StepKind,
}

/// What is pending on a page, in capture order, without its content.
pub fn waiting_on(db: &Connection, page: PageId) -> Stored<Vec<Waiting>> {
    let mut query = db.prepare_cached(
        "select no, hash, command, question from step where page = ?1 and state in (0, 1, 2) order by no",
    )?;
    let rows = query.query_map([page.0], |row| {
        Ok(Waiting { no: row.get(0)?, hash: Hash(row.get(1)?), kind: read_kind(row, 2)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Commands of this phone's on a page that are under way, in capture order.
pub fn commands_on(db: &Connection, page: PageId) -> Stored<Vec<Step>> {
    select(db, "where page = ?1 and command is not null and state in (0, 1, 2) order by no", &[&page.0])
}

/// How many steps are in each state, settled ones included.
pub fn count(db: &Connection, state: StepState) -> Stored<u32> {
    let mut count = db.prepare_cached("select count(*) from step where state = ?1")?;
    Ok(count.query_row([state.number()], |row| row.get(0))?)
}

/// The last commands, settled ones included, the newest first.
pub fn commands(db: &Connection, most: u32) -> Stored<Vec<Step>> {
    select(db, "where command is not null order by no desc limit ?1", &[&most])
}

/// Pages on which something is pending.
pub fn pending_pages(db: &Connection) -> Stored<Vec<PageId>> {
    let mut query = db.prepare_cached("select distinct page from step where state in (0, 1, 2)")?;
    Ok(query.query_map([], |row| row.get(0).map(PageId))?.collect::<Result<_, _>>()?)
}

/// The steps of an act of which no byte has left yet, in capture order.
pub fn unsent_of(db: &Connection, act: u32) -> Stored<Vec<Step>> {
    select(db, "where act = ?1 and state = 0 and sent = 0 order by no", &[&act])
}

/// The steps of an act, settled ones included, in capture order.
pub fn of_act(db: &Connection, act: u32) -> Stored<Vec<Step>> {
    select(db, "where act = ?1 order by no", &[&act])
}

/// Pages of the last steps, the newest first.
pub fn lately(db: &Connection, most: u32) -> Stored<Vec<PageId>> {
    let mut query = db.prepare_cached("select page from step where command is null order by no desc limit ?1")?;
    Ok(query.query_map([most], |row| row.get(0).map(PageId))?.collect::<Result<_, _>>()?)
}

/// Whether this phone ever wrote on a page, as far as its steps tell.
pub fn has_written(db: &Connection, page: PageId) -> Stored<bool> {
    Ok(db.prepare_cached("select 1 from step where page = ?1 and command is null")?.exists([page.0])?)
}

pub fn find(db: &Connection, no: u32) -> Stored<Option<Step>> {
    Ok(select(db, "where no = ?1", &[&no])?.pop())
}

pub fn find_by_hash(db: &Connection, page: PageId, hash: &Hash) -> Stored<Option<Step>> {
    Ok(select(db, "where page = ?1 and hash = ?2", &[&page.0, &hash.0])?.pop())
}

/// The step that a hash names, on whatever page.
pub fn find_hash(db: &Connection, hash: &Hash) -> Stored<Option<Step>> {
    Ok(select(db, "where hash = ?1", &[&hash.0])?.pop())
}

pub fn last_admitted(db: &Connection, most: u32) -> Stored<Vec<Step>> {
    select(db, "where state in (3, 4) order by no desc limit ?1", &[&most])
}
