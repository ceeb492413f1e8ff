//! The device store: one SQLite file that holds everything the phone knows, written with `synchronous=FULL`, so that
//! what was captured is on disk before the screen moves.
//!
//! The modules below are its shelves: each knows its own tables, reads and writes rows, and decides nothing. They take
//! a connection, so that whoever acts puts them into one transaction.

pub mod blobs;
pub mod contacts;
pub mod grants;
pub mod life;
pub mod lists;
pub mod outbox;
pub mod pages;
pub mod proofs;
pub mod quarantine;
pub mod records;
pub mod rows;
mod schema;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};
use std::path::Path;

/// Why the store didn't do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the phone's storage is full: free some space, then tap again; what was logged before is safe")]
    Full,
    #[error(
        "the phone's storage doesn't answer: free some space, restart the phone, then tap again; what was logged before is safe"
    )]
    NoStorage,
    #[error("another process or page has the logbook open: close it there")]
    InUse,
    #[error("the store can't be opened here: {0}")]
    NotOpened(String),
    #[error("the store's file is damaged: export what can be read, then enrol anew")]
    Damaged,
    #[error("the store was written by a newer version of the app (schema {0}): update the app")]
    Newer(i64),
    #[error("the store holds what this version can't read: {0}")]
    Unreadable(String),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::SystemIoFailure) => Self::NoStorage,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::InUse,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged,
            Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
                Self::NotOpened(error.to_string())
            }
            _ => Self::Unreadable(error.to_string()),
        }
    }
}

impl StoreError {
    /// Whether it goes on by itself once there is room again.
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Full | Self::NoStorage | Self::InUse)
    }
}

pub type Stored<T> = Result<T, StoreError>;

pub(crate) fn unreadable(what: impl std::fmt::Display) -> StoreError {
    StoreError::Unreadable(what.to_string())
}

pub struct Store {
    conn: Connection,
}

impl Store {
    /// Opens the store of that folder, or begins one; an older one is brought up to date.
    pub fn open(dir: &Path) -> Stored<Self> {
        std::fs::create_dir_all(dir).map_err(|trouble| StoreError::NotOpened(trouble.to_string()))?;
        Self::prepare(Connection::open(dir.join("outpost.db"))?)
    }

    /// The store of that folder as it is, for reading alone: nothing is brought up to date, nothing mended.
    pub fn open_to_read(dir: &Path) -> Stored<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(dir.join("outpost.db"), flags)?;
        conn.busy_timeout(std::time::Duration::from_secs(2))?;
        Ok(conn)
    }

    fn prepare(mut conn: Connection) -> Stored<Self> {
        conn.busy_timeout(std::time::Duration::from_secs(2))?;
        // A kept statement stays as it is, whatever is bound to it: else SQLite plans some anew each time.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        // The web's storage has no shared memory for a WAL: there a journal is kept in place.
        let journal = if cfg!(target_family = "wasm") { "persist" } else { "wal" };
        conn.pragma_update(None, "journal_mode", journal)?;
        conn.pragma_update(None, "synchronous", "full")?;
        conn.pragma_update(None, "foreign_keys", true)?;
        conn.set_prepared_statement_cache_capacity(128);
        schema::migrate(&mut conn)?;
        Ok(Self { conn })
    }

    pub fn read(&self) -> &Connection {
        &self.conn
    }

    /// A transaction that takes the write lock at once.
    pub fn begin(&mut self) -> Stored<Transaction<'_>> {
        Ok(self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }

    /// How many pages of the database the file may hold: SQLite says that it is full beyond that.
    pub fn limit(&self, pages: u32) -> Stored<()> {
        Ok(self.conn.query_row(&format!("pragma max_page_count = {pages}"), [], |_| Ok(()))?)
    }

    /// A note that must outlive the process, not the power: it isn't waited for.
    pub fn jot(&mut self, note: impl FnOnce(&Connection) -> Stored<()>) -> Stored<()> {
        self.conn.pragma_update(None, "synchronous", "normal")?;
        let jotted = (|| {
            let tx = self.begin()?;
            note(&tx)?;
            Ok(tx.commit()?)
        })();
        self.conn.pragma_update(None, "synchronous", "full")?;
        jotted
    }
}
