//! The file and its tables. Every table leads with the tenant, so that companies can share a database and be
//! spread over several. The layout's number is kept in the file; a file of a later layout is not touched.

use super::StoreError;
use rusqlite::{Connection, OpenFlags};
use std::fs::{self, OpenOptions};
use std::path::Path;
use std::time::Duration;

const LAYOUT: i64 = 1;
const TABLES: &str = include_str!("layout.sql");

pub(super) fn open(file: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(file)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    // A commit that was answered survives a power cut.
    connection.pragma_update(None, "synchronous", "full")?;
    tune(&connection)?;
    Ok(connection)
}

pub(super) fn open_reader(file: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(file, flags)?;
    tune(&connection)?;
    Ok(connection)
}

/// A store of the same layout that nobody keeps: on disk while it is open, for logs of any length.
pub(crate) fn scratch() -> Result<Connection, StoreError> {
    let connection = Connection::open("")?;
    tune(&connection)?;
    migrate(&connection)?;
    Ok(connection)
}

fn tune(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "cache_size", -16_384)?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(())
}

pub(super) fn migrate(connection: &Connection) -> Result<(), StoreError> {
    let found: i64 = connection.query_row("pragma user_version", [], |row| row.get(0))?;
    match found {
        LAYOUT => Ok(()),
        0 => {
            connection.execute_batch(&format!("begin immediate; {TABLES} pragma user_version = {LAYOUT}; commit"))?;
            Ok(())
        }
        newer => Err(StoreError::LayoutTooNew(newer)),
    }
}

/// A folder that only its owner reads.
pub(super) fn make_private(dir: &Path) -> Result<(), StoreError> {
    if !dir.exists() {
        fs::create_dir_all(dir)?;
        #[cfg(unix)]
        fs::set_permissions(dir, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    }
    Ok(())
}

/// A file that only its owner reads; SQLite gives its companions the same rights.
pub(super) fn make_private_file(file: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?;
    Ok(())
}
