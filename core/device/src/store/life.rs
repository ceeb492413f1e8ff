//! Whose phone this is, and how far it has counted: one row.

use super::{Stored, unreadable};
use outpost_model::invitation::Invitation;
use outpost_model::wire::{self, Cursor};
use rusqlite::{Connection, OptionalExtension, params};

#[derive(Debug, Clone, PartialEq)]
pub struct Life {
    pub invitation: Option<Invitation>,
    pub enrolled: bool,
    pub revoked: bool,
    pub last_word: LastWord,
    /// The store was once put back from a backup.
    pub restored: bool,
    pub token: Option<String>,
    pub epoch: u32,
    pub captured: u64,
    pub sends: u64,
    pub cursor: Option<Cursor>,
    /// Version of the fold that list rows are of.
    pub fold: u32,
}

/// What became of the work that was left when access ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastWord {
    Unsaid,
    Taken,
    NotWanted,
}

pub fn load(db: &Connection) -> Stored<Life> {
    let mut query = db.prepare_cached(
        "select invitation, enrolled, revoked, restored, token, epoch, captured, sends, cursor, last_word, fold from life",
    )?;
    let (life, invitation, cursor) = query.query_row([], |row| {
        let life = Life {
            invitation: None,
            enrolled: row.get(1)?,
            revoked: row.get(2)?,
            restored: row.get(3)?,
            token: row.get(4)?,
            epoch: row.get(5)?,
            captured: row.get::<_, i64>(6)? as u64,
            sends: row.get::<_, i64>(7)? as u64,
            cursor: None,
            last_word: match row.get(9)? {
                0 => LastWord::Unsaid,
                1 => LastWord::Taken,
                _ => LastWord::NotWanted,
            },
            fold: row.get(10)?,
        };
        Ok((life, row.get::<_, Option<String>>(0)?, row.get::<_, Option<Vec<u8>>>(8)?))
    })?;
    let invitation = invitation.map(|text| serde_json::from_str(&text)).transpose().map_err(unreadable)?;
    let cursor = cursor.map(|bytes| wire::parse_frame(&bytes)).transpose().map_err(unreadable)?;
    Ok(Life { invitation, cursor, ..life })
}

pub fn accept(db: &Connection, invitation: &Invitation) -> Stored<()> {
    let text = serde_json::to_string(invitation).map_err(unreadable)?;
    db.execute("update life set invitation = ?1, enrolled = 0, revoked = 0, last_word = 0, token = null", [text])?;
    Ok(())
}

pub fn set_enrolled(db: &Connection, enrolled: bool) -> Stored<()> {
    db.execute("update life set enrolled = ?1", [enrolled])?;
    Ok(())
}

pub fn set_revoked(db: &Connection, revoked: bool) -> Stored<()> {
    db.prepare_cached("update life set revoked = ?1, last_word = 0 where revoked <> ?1")?.execute([revoked])?;
    Ok(())
}

pub fn set_fold(db: &Connection, version: u32) -> Stored<()> {
    db.execute("update life set fold = ?1", [version])?;
    Ok(())
}

pub fn set_last_word(db: &Connection, word: LastWord) -> Stored<()> {
    let word = match word {
        LastWord::Unsaid => 0,
        LastWord::Taken => 1,
        LastWord::NotWanted => 2,
    };
    db.execute("update life set last_word = ?1", [word])?;
    Ok(())
}

pub fn set_token(db: &Connection, token: Option<&str>) -> Stored<()> {
    db.execute("update life set token = ?1", [token])?;
    Ok(())
}

pub fn set_captured(db: &Connection, captured: u64) -> Stored<()> {
    db.prepare_cached("update life set captured = ?1")?.execute([captured as i64])?;
    Ok(())
}

/// What this phone seals to headquarters by.
pub fn set_seal_key(db: &Connection, key: [u8; 32]) -> Stored<()> {
    db.prepare_cached("update life set seal_key = ?1 where seal_key is not ?1")?.execute([key])?;
    Ok(())
}

pub fn raise_sends(db: &Connection) -> Stored<u64> {
    let raised: i64 = db
        .prepare_cached("update life set sends = sends + 1 returning sends")?
        .query_row([], |row| row.get(0))
        .optional()?
        .unwrap_or(0);
    Ok(raised as u64)
}

/// A store put back from a backup goes on above everything that was sent before.
pub fn begin_epoch(db: &Connection, epoch: u32, sends: u64) -> Stored<()> {
    // A store without an invitation is new, not restored.
    db.execute(
        "update life set epoch = ?1, captured = 0, sends = ?2, restored = (invitation is not null)",
        params![epoch, sends as i64],
    )?;
    db.execute("delete from actor", [])?;
    Ok(())
}

pub fn set_cursor(db: &Connection, cursor: &Cursor) -> Stored<()> {
    db.prepare_cached("update life set cursor = ?1")?.execute([wire::frame(cursor)])?;
    Ok(())
}
