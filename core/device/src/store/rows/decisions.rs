//! Decisions among the rows: of a page, on a question, by id.

use super::super::{Stored, unreadable};
use outpost_model::canon::to_canonical;
use outpost_model::command::{Command, Question};
use outpost_model::decision::{Decision, Pins};
use outpost_model::id::{CommandId, PageId};
use outpost_model::wire;
use rusqlite::{Connection, OptionalExtension};

/// A page's decisions, in log order; those of a newer version's are left out.
pub fn decisions(db: &Connection, page: PageId) -> Stored<Vec<Decision>> {
    decisions_by(
        db,
        "select content, pins, envelope from log_row where page = ?1 and decision is not null order by seq",
        &[&page.0],
    )
}

/// The last answer to a question of that page.
pub fn latest(db: &Connection, page: PageId, question: &Question) -> Stored<Option<Decision>> {
    let sql = "select content, pins, envelope from log_row where page = ?1 and question = ?2 order by seq desc limit 1";
    Ok(decisions_by(db, sql, &[&page.0, &question.to_string()])?.pop())
}

fn decisions_by(db: &Connection, sql: &str, of: &[&dyn rusqlite::ToSql]) -> Stored<Vec<Decision>> {
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query(of)?;
    let mut decisions = Vec::new();
    while let Some(row) = rows.next()? {
        let (text, pins, envelope): (String, String, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        decisions.push(Decision {
            command: Command::parse(&text).map_err(unreadable)?,
            envelope: wire::parse_frame(&envelope).map_err(unreadable)?,
            pins: read_pins(&pins),
        });
    }
    Ok(decisions)
}

/// Pins of a newer version may hold what this one doesn't know: then it goes by the command alone.
fn read_pins(text: &str) -> Pins {
    serde_json::from_str(text).unwrap_or_default()
}

pub fn print_pins(pins: &Pins) -> Stored<String> {
    to_canonical(pins).map_err(unreadable)
}

/// Whether any decision hangs on that page.
pub fn is_decided(db: &Connection, page: PageId) -> Stored<bool> {
    Ok(db.prepare_cached("select 1 from log_row where page = ?1 and pins is not null")?.exists([page.0])?)
}

/// The last decision that hangs on that page.
pub fn last_decision(db: &Connection, page: PageId) -> Stored<Option<CommandId>> {
    let last = db
        .prepare_cached(
            "select decision from log_row where page = ?1 and decision is not null order by seq desc limit 1",
        )?
        .query_row([page.0], |row| row.get(0).map(CommandId));
    Ok(last.optional()?)
}

pub fn seq_of(db: &Connection, decision: CommandId) -> Stored<Option<u64>> {
    let seq = db
        .prepare_cached("select seq from log_row where decision = ?1")?
        .query_row([decision.0], |row| row.get::<_, i64>(0))
        .optional()?;
    Ok(seq.map(|seq| seq as u64))
}
