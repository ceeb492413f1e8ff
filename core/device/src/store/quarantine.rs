//! What was refused: the bytes and the command, word for word, with the reason. Nothing leaves here except by being
//! admitted in another form.

use super::outbox::{Intent, Spelled, Step, StepKind, read_kind, spell};
use super::{Stored, unreadable};
use outpost_model::id::{Hash, PageId, UserId};
use outpost_model::time::Millis;
use rusqlite::{Connection, OptionalExtension, params};

/// Why it was refused.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    pub code: String,
    pub detail: String,
    pub by: Option<UserId>,
    pub at: Option<Millis>,
    pub policy: u32,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Quarantined {
    pub no: u32,
    pub act: u32,
    pub page: PageId,
    pub name: String,
    pub at: Millis,
    pub kind: StepKind,
    pub hash: Hash,
    pub content: Vec<u8>,
    pub intent: Option<Intent>,
    pub needs: Vec<u32>,
    pub origin: u32,
    pub reason: Reason,
    /// The step that says the same anew, while it is under way.
    pub replaced_by: Option<u32>,
}

impl Quarantined {
    /// Strokes and photos that it names.
    pub fn files(&self) -> Vec<Hash> {
        self.intent.as_ref().map(Intent::files).unwrap_or_default()
    }
}

/// Moves a step here.
pub fn put(db: &Connection, step: &Step, content: &[u8], reason: &Reason) -> Stored<()> {
    let Spelled { command, question, intent, needs } = spell(&step.kind, step.intent.as_ref(), &step.needs)?;
    db.prepare_cached(
        "insert into quarantine (no, act, page, name, at, command, question, hash, content, intent, needs, origin,
             code, detail, decided_by, decided_at, policy)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
    )?
    .execute(params![
        step.no,
        step.act,
        step.page.0,
        step.name,
        step.at.0,
        command,
        question,
        step.hash.0,
        content,
        intent,
        needs,
        step.origin,
        reason.code,
        reason.detail,
        reason.by.as_ref().map(UserId::as_str),
        reason.at.map(|at| at.0),
        reason.policy
    ])?;
    // What it was a replay of is superseded by it for good.
    db.prepare_cached("delete from quarantine where replaced_by = ?1")?.execute([step.no])?;
    super::outbox::remove(db, step.no)
}

/// All of it, or what isn't being replayed just now, in capture order.
pub fn list(db: &Connection) -> Stored<Vec<Quarantined>> {
    let mut query = db.prepare_cached(
        "select no, act, page, name, at, command, question, hash, content, intent, needs, origin,
             code, detail, decided_by, decided_at, policy, replaced_by from quarantine order by origin, no",
    )?;
    let mut rows = query.query([])?;
    let mut list = Vec::new();
    while let Some(row) = rows.next()? {
        let (intent, needs): (Option<String>, String) = (row.get(9)?, row.get(10)?);
        let by: Option<String> = row.get(14)?;
        list.push(Quarantined {
            no: row.get(0)?,
            act: row.get(1)?,
            page: PageId(row.get(2)?),
            name: row.get(3)?,
            at: Millis(row.get(4)?),
            kind: read_kind(row, 5)?,
            hash: Hash(row.get(7)?),
            content: row.get(8)?,
            intent: intent.map(|text| serde_json::from_str(&text)).transpose().map_err(unreadable)?,
            needs: serde_json::from_str(&needs).map_err(unreadable)?,
            origin: row.get(11)?,
            reason: Reason {
                code: row.get(12)?,
                detail: row.get(13)?,
                by: by.map(|by| UserId::parse(&by)).transpose().map_err(unreadable)?,
                at: row.get::<_, Option<i64>>(15)?.map(Millis),
                policy: row.get(16)?,
            },
            replaced_by: row.get(17)?,
        });
    }
    Ok(list)
}

pub fn holds(db: &Connection, no: u32) -> Stored<bool> {
    Ok(db.prepare_cached("select 1 from quarantine where no = ?1")?.exists([no])?)
}

/// Whether something of that page is here.
pub fn is_on(db: &Connection, page: PageId) -> Stored<bool> {
    Ok(db.prepare_cached("select 1 from quarantine where page = ?1")?.exists([page.0])?)
}

pub fn set_replaced(db: &Connection, no: u32, by: u32) -> Stored<()> {
    db.prepare_cached("update quarantine set replaced_by = ?2 where no = ?1")?.execute([no, by])?;
    Ok(())
}

/// The replay of something here was admitted.
pub fn release(db: &Connection, replay: u32) -> Stored<()> {
    db.prepare_cached("delete from quarantine where replaced_by = ?1")?.execute([replay])?;
    Ok(())
}

pub fn was_replayed(db: &Connection, origin: u32, code: &str, policy: u32) -> Stored<bool> {
    Ok(db
        .prepare_cached("select 1 from replayed where origin = ?1 and code = ?2 and policy = ?3")?
        .exists(params![origin, code, policy])?)
}

pub fn note_replay(db: &Connection, origin: u32, code: &str, policy: u32) -> Stored<()> {
    db.prepare_cached("insert or ignore into replayed (origin, code, policy) values (?1, ?2, ?3)")?
        .execute(params![origin, code, policy])?;
    Ok(())
}

/// Notes what a refused hash or command id became.
pub fn note_successor(db: &Connection, old: &[u8], new: &[u8]) -> Stored<()> {
    db.prepare_cached("insert or replace into successor (old, new) values (?1, ?2)")?.execute(params![old, new])?;
    Ok(())
}

/// What it became at last, through every replay.
pub fn successor(db: &Connection, old: &[u8]) -> Stored<Option<Vec<u8>>> {
    let mut query = db.prepare_cached("select new from successor where old = ?1")?;
    let mut found = None;
    let mut at = old.to_vec();
    // A chain is as long as there were replays; bounded, should a store hold a circle.
    for _ in 0..64 {
        let next: Option<Vec<u8>> = query.query_row([&at], |row| row.get(0)).optional()?;
        match next {
            Some(next) => {
                at.clone_from(&next);
                found = Some(next);
            }
            None => break,
        }
    }
    Ok(found)
}
