//! Strokes and photos: by their hash, uploaded after the text that names them.

use super::Stored;
use outpost_model::id::{Hash, PageId};
use outpost_model::time::Millis;
use rusqlite::{Connection, OptionalExtension, params};

/// How far a blob got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlobState {
    Kept,
    /// Tried, and to be tried again.
    Deferred,
    /// At the server.
    Stored,
    /// Not taken, for good.
    Refused,
}

impl BlobState {
    const fn number(self) -> u8 {
        match self {
            BlobState::Kept => 0,
            BlobState::Deferred => 1,
            BlobState::Stored => 2,
            BlobState::Refused => 3,
        }
    }
    const fn of(number: u8) -> Self {
        match number {
            1 => BlobState::Deferred,
            2 => BlobState::Stored,
            3 => BlobState::Refused,
            _ => BlobState::Kept,
        }
    }
}

/// A blob's way to the server, without its bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct BlobItem {
    pub hash: Hash,
    pub page: PageId,
    pub size: u64,
    pub state: BlobState,
    /// Why it wasn't taken.
    pub code: Option<String>,
    pub at: Millis,
}

pub fn put(db: &Connection, page: PageId, bytes: &[u8], at: Millis) -> Stored<Hash> {
    let hash = Hash::of(bytes);
    db.prepare_cached("insert or ignore into blob (hash, page, bytes, at) values (?1, ?2, ?3, ?4)")?
        .execute(params![hash.0, page.0, bytes, at.0])?;
    Ok(hash)
}

pub fn bytes(db: &Connection, hash: &Hash) -> Stored<Option<Vec<u8>>> {
    Ok(db.prepare_cached("select bytes from blob where hash = ?1")?.query_row([hash.0], |row| row.get(0)).optional()?)
}

pub fn list(db: &Connection) -> Stored<Vec<BlobItem>> {
    select(db, "select hash, page, length(bytes), state, code, at from blob order by at, hash")
}

/// Those not yet at the server, the oldest first.
pub fn pending(db: &Connection) -> Stored<Vec<BlobItem>> {
    select(db, "select hash, page, length(bytes), state, code, at from blob where state in (0, 1) order by at, hash")
}

fn select(db: &Connection, sql: &str) -> Stored<Vec<BlobItem>> {
    let mut query = db.prepare_cached(sql)?;
    let items = query.query_map([], |row| {
        Ok(BlobItem {
            hash: Hash(row.get(0)?),
            page: PageId(row.get(1)?),
            size: row.get::<_, i64>(2)? as u64,
            state: BlobState::of(row.get(3)?),
            code: row.get(4)?,
            at: Millis(row.get(5)?),
        })
    })?;
    Ok(items.collect::<Result<_, _>>()?)
}

/// Takes out a file that nothing names any more.
pub fn remove(db: &Connection, hash: &Hash) -> Stored<()> {
    db.prepare_cached("delete from blob where hash = ?1 and state = 0")?.execute([hash.0])?;
    Ok(())
}

/// The page whose entry names it.
pub fn set_page(db: &Connection, hash: &Hash, page: PageId) -> Stored<()> {
    db.prepare_cached("update blob set page = ?2 where hash = ?1")?.execute(params![hash.0, page.0])?;
    Ok(())
}

pub fn set_state(db: &Connection, hash: &Hash, state: BlobState, code: Option<&str>) -> Stored<()> {
    db.prepare_cached("update blob set state = ?2, code = ?3 where hash = ?1")?.execute(params![
        hash.0,
        state.number(),
        code
    ])?;
    Ok(())
}
