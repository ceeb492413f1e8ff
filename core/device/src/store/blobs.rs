//! Strokes and photos: by their hash, uploaded after the text that names them. The bytes go when the server has them and
//! room is needed, or when a decision erases them; what is known of the file stays.

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
    /// At the server, and let go of here.
    LetGo,
    /// Headquarters had it erased.
    Erased,
}

impl BlobState {
    const fn number(self) -> u8 {
        match self {
            BlobState::Kept => 0,
            BlobState::Deferred => 1,
            BlobState::Stored => 2,
            BlobState::Refused => 3,
            BlobState::LetGo => 4,
            BlobState::Erased => 5,
        }
    }
    const fn of(number: u8) -> Self {
        match number {
            1 => BlobState::Deferred,
            2 => BlobState::Stored,
            3 => BlobState::Refused,
            4 => BlobState::LetGo,
            5 => BlobState::Erased,
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
    /// How often the server put it off.
    pub tries: u32,
    /// When it goes again.
    pub retry_at: Option<Millis>,
}

/// Keeps a file that was captured. One that was let go of is here again; one that was erased stays erased.
pub fn put(db: &Connection, page: PageId, bytes: &[u8], at: Millis) -> Stored<Hash> {
    let hash = Hash::of(bytes);
    db.prepare_cached(
        "insert into blob (hash, page, bytes, size, at) values (?1, ?2, ?3, length(?3), ?4)
         on conflict (hash) do update set bytes = excluded.bytes, state = 2 where blob.state = 4",
    )?
    .execute(params![hash.0, page.0, bytes, at.0])?;
    Ok(hash)
}

/// Keeps a file that the server gave.
pub fn keep_fetched(db: &Connection, bytes: &[u8], at: Millis) -> Stored<()> {
    let hash = Hash::of(bytes);
    db.prepare_cached(
        "insert into blob (hash, page, bytes, size, state, at) values (?1, zeroblob(16), ?2, length(?2), 2, ?3)
         on conflict (hash) do update set bytes = excluded.bytes, state = 2 where blob.state = 4",
    )?
    .execute(params![hash.0, bytes, at.0])?;
    Ok(())
}

pub fn bytes(db: &Connection, hash: &Hash) -> Stored<Option<Vec<u8>>> {
    let sql = "select bytes from blob where hash = ?1 and state not in (4, 5)";
    Ok(db.prepare_cached(sql)?.query_row([hash.0], |row| row.get(0)).optional()?)
}

/// A part of a file that is kept here, without reading the rest into memory twice.
pub fn part(db: &Connection, hash: &Hash, from: u64, length: u64) -> Stored<Option<Vec<u8>>> {
    let sql = "select substr(bytes, ?2, ?3) from blob where hash = ?1 and state not in (4, 5)";
    let from = i64::try_from(from).unwrap_or(i64::MAX - 1) + 1;
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    Ok(db.prepare_cached(sql)?.query_row(params![hash.0, from, length], |row| row.get(0)).optional()?)
}

const COLUMNS: &str = "hash, page, size, state, code, at, tries, retry_at";

pub fn list(db: &Connection) -> Stored<Vec<BlobItem>> {
    select(db, &format!("select {COLUMNS} from blob order by at, hash"), params![])
}

pub fn find(db: &Connection, hash: &Hash) -> Stored<Option<BlobItem>> {
    Ok(select(db, &format!("select {COLUMNS} from blob where hash = ?1"), params![hash.0])?.pop())
}

/// Those to be sent now: the small ones first, as strokes belong to signatures, then the oldest.
pub fn due(db: &Connection, now: Millis) -> Stored<Vec<BlobItem>> {
    let sql = format!(
        "select {COLUMNS} from blob where state in (0, 1) and coalesce(retry_at, 0) <= ?1
         order by size > {}, at, hash",
        outpost_model::wire::MAX_WHOLE_BLOB
    );
    select(db, &sql, params![now.0])
}

fn select(db: &Connection, sql: &str, params: impl rusqlite::Params) -> Stored<Vec<BlobItem>> {
    let mut query = db.prepare_cached(sql)?;
    let items = query.query_map(params, |row| {
        Ok(BlobItem {
            hash: Hash(row.get(0)?),
            page: PageId(row.get(1)?),
            size: row.get::<_, i64>(2)? as u64,
            state: BlobState::of(row.get(3)?),
            code: row.get(4)?,
            at: Millis(row.get(5)?),
            tries: row.get(6)?,
            retry_at: row.get::<_, Option<i64>>(7)?.map(Millis),
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
    let sql = "update blob set state = ?2, code = ?3, retry_at = null where hash = ?1 and state <> 5";
    db.prepare_cached(sql)?.execute(params![hash.0, state.number(), code])?;
    Ok(())
}

/// The server put it off.
pub fn defer(db: &Connection, hash: &Hash, code: &str, until: Millis) -> Stored<()> {
    let sql = "update blob set state = 1, code = ?2, tries = tries + 1, retry_at = ?3 where hash = ?1 and state <> 5";
    db.prepare_cached(sql)?.execute(params![hash.0, code, until.0])?;
    Ok(())
}

/// The bytes go; that there was such a file stays.
pub fn erase(db: &Connection, hash: &Hash) -> Stored<()> {
    let sql = "update blob set state = 5, bytes = x'', code = null, retry_at = null where hash = ?1";
    db.prepare_cached(sql)?.execute([hash.0])?;
    Ok(())
}

/// The bytes of what the server has go, to make room; how many there were.
pub fn let_go(db: &Connection) -> Stored<u64> {
    let sql = "select coalesce(sum(size), 0) from blob where state = 2";
    let freed: i64 = db.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    db.prepare_cached("update blob set state = 4, bytes = x'' where state = 2")?.execute([])?;
    Ok(freed as u64)
}
