//! C2, C3, C6 and C9: what became of everything that was captured, acknowledged and asked.

use super::{Inspection, Subject};
use crate::ledger::Ledger;
use outpost_device::store::outbox::{Intent, StepState};
use outpost_model::id::{CommandId, EntryId};
use outpost_model::problem::Code;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeSet;

/// Codes that blame the bytes, which an honest app writes right.
const FORM: [Code; 9] = [
    Code::MalformedFrame,
    Code::BadChange,
    Code::ChecksumWrong,
    Code::BadEntry,
    Code::UnknownField,
    Code::PageMismatch,
    Code::WrongAuthor,
    Code::BadCommand,
    Code::CommandReused,
];

impl Inspection<'_> {
    /// C3: a row that somebody was told of is where he was told.
    pub fn acknowledged(&mut self, ledger: &Ledger) {
        for (seq, hash) in &ledger.acknowledged {
            let row = self.book.rows.get((*seq as usize).wrapping_sub(1));
            if row.is_none_or(|row| row.hash != *hash) {
                self.troubles.push(format!("C3 row {seq} was acknowledged as {hash}, and isn't there"));
            }
        }
    }

    /// C6: no command is in the log twice, and what the console was told is in it.
    pub fn commands(&mut self, ledger: &Ledger) {
        for (command, seqs) in self.book.commands.iter().filter(|(_, seqs)| seqs.len() > 1) {
            self.troubles.push(format!("C6 command {command} was taken at {seqs:?}"));
        }
        for command in ledger.decided.iter().filter(|command| !self.book.commands.contains_key(command)) {
            self.troubles.push(format!("C6 command {command} was taken at the console, and isn't in the log"));
        }
    }

    /// C2 and C6 of one phone.
    pub fn captured(&mut self, phone: &Subject, ledger: &Ledger, db: &Connection, installed: u32) {
        let (entries, commands) = quarantined(db).expect("quarantine can be read");
        let acts = ledger.captured.iter().filter(|act| act.phone == phone.place && act.installed == installed);
        for act in acts {
            for (page, entry) in &act.entries {
                if !act.forgotten && !self.book.has_entry(*page, *entry) && !entries.contains(entry) {
                    self.troubles.push(format!("C2 {}: entry {entry} of {page} is nowhere", phone.name));
                }
            }
            if let Some(command) = act.command {
                let (ids, settled) = lives(db, command).expect("steps can be read");
                let taken: Vec<_> = ids.iter().filter(|id| self.book.commands.contains_key(id)).collect();
                if taken.len() > 1 {
                    self.troubles.push(format!("C6 {}: command {command} was taken as {taken:?}", phone.name));
                }
                let refused = ids.iter().any(|id| commands.contains(id));
                if !act.forgotten && taken.is_empty() && !refused && !settled {
                    self.troubles.push(format!("C2 {}: command {command} is nowhere", phone.name));
                }
            }
        }
        let sql = "select count(*) from step where state in (0, 1, 2)";
        let pending: i64 = db.query_row(sql, [], |row| row.get(0)).expect("steps can be counted");
        if pending > 0 {
            self.troubles.push(format!("C2 {}: {pending} steps still wait at rest", phone.name));
        }
    }

    /// C9, and the codes of what is in quarantine.
    pub fn refused(&mut self, phone: &Subject, db: &Connection) -> Vec<String> {
        let mut query = db.prepare("select name, code, detail from quarantine").expect("quarantine can be read");
        let held = query
            .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?)));
        let mut codes = Vec::new();
        for held in held.expect("quarantine can be read") {
            let (name, code, detail) = held.expect("quarantine can be read");
            codes.push(code.clone());
            match Code::parse(&code) {
                None => self.troubles.push(format!("C2 {}: {name} was refused without a code", phone.name)),
                Some(code) if FORM.contains(&code) => {
                    self.troubles.push(format!("C9 {}: {name} was refused as {}: {detail}", phone.name, code.name()));
                }
                Some(_) => {}
            }
        }
        codes
    }
}

/// Entries and commands in quarantine.
fn quarantined(db: &Connection) -> rusqlite::Result<(BTreeSet<EntryId>, BTreeSet<CommandId>)> {
    let (mut entries, mut commands) = (BTreeSet::new(), BTreeSet::new());
    let mut query = db.prepare("select intent, command from quarantine")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let intent: Option<Intent> = row.get::<_, Option<String>>(0)?.and_then(|text| serde_json::from_str(&text).ok());
        entries.extend(intent.into_iter().flat_map(|intent| intent.entries).map(|(entry, _)| entry));
        commands.extend(row.get::<_, Option<[u8; 16]>>(1)?.map(CommandId));
    }
    Ok((entries, commands))
}

/// The ids under which a command was ever asked, and whether the last was answered with yes.
fn lives(db: &Connection, first: CommandId) -> rusqlite::Result<(Vec<CommandId>, bool)> {
    let mut ids = vec![first];
    while let Some(next) = db
        .query_row("select new from successor where old = ?1", [ids[ids.len() - 1].0], |row| row.get::<_, Vec<u8>>(0))
        .optional()?
        .and_then(|bytes| <[u8; 16]>::try_from(bytes).ok())
        .map(CommandId)
        .filter(|next| !ids.contains(next))
    {
        ids.push(next);
    }
    let sql = "select 1 from step where command = ?1 and state in (?2, ?3)";
    let mut settled = false;
    for id in &ids {
        settled |= db.prepare(sql)?.exists(params![id.0, StepState::Admitted as u8, StepState::AlreadySo as u8])?;
    }
    Ok((ids, settled))
}
