//! The file and its tables. Every table leads with the tenant, so that companies can share a database and be
//! spread over several. The layout's number is kept in the file: what is new since is added to an older one, and a
//! later one is not touched.

use super::StoreError;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::fs::{self, OpenOptions};
use std::path::Path;
use std::time::Duration;

/// The tables as they first were, then each change to them. What is here is never changed, only added to.
const LAYOUTS: [&str; 12] = [
    include_str!("layout.sql"),
    include_str!("layout/2.sql"),
    include_str!("layout/3.sql"),
    include_str!("layout/4.sql"),
    include_str!("layout/5.sql"),
    include_str!("layout/6.sql"),
    include_str!("layout/7.sql"),
    include_str!("layout/8.sql"),
    include_str!("layout/9.sql"),
    include_str!("layout/10.sql"),
    include_str!("layout/11.sql"),
    include_str!("layout/12.sql"),
];

/// The layout that this program writes.
pub(crate) const LAYOUT: usize = LAYOUTS.len();

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
    // A kept statement stays as it is, whatever is bound to it: else SQLite plans those over partial indexes anew.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "cache_size", -16_384)?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(())
}

pub(super) fn migrate(connection: &Connection) -> Result<(), StoreError> {
    if number(connection)? == LAYOUTS.len() {
        return Ok(());
    }
    connection.execute_batch("begin immediate")?;
    let done = add_what_is_new(connection).and_then(|()| Ok(connection.execute_batch("commit")?));
    if done.is_err() && !connection.is_autocommit() {
        connection.execute_batch("rollback")?;
    }
    done
}

fn add_what_is_new(connection: &Connection) -> Result<(), StoreError> {
    // Read again: somebody else may have opened the file meanwhile.
    let found = number(connection)?;
    let missing = LAYOUTS.get(found..).ok_or(StoreError::LayoutTooNew(found as i64))?;
    missing.iter().try_for_each(|tables| connection.execute_batch(tables))?;
    if !missing.is_empty() && found > 0 {
        // What is new in the tables is worked out from the log when a relay opens the store.
        connection.execute_batch("update tenant set books = null")?;
    }
    Ok(connection.pragma_update(None, "user_version", LAYOUTS.len() as i64)?)
}

fn number(connection: &Connection) -> Result<usize, StoreError> {
    let found: i64 = connection.query_row("pragma user_version", [], |row| row.get(0))?;
    usize::try_from(found).map_err(|_| StoreError::LayoutTooNew(found))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_the_first_layout_is_brought_up_to_date_and_a_later_one_is_left_alone() {
        let old = Connection::open("").unwrap();
        old.execute_batch(&format!("{} pragma user_version = 1", LAYOUTS[0])).unwrap();
        let kept =
            "insert into verdict values ('t', 'd', x'01', x'02', 7, x'8203'), ('t', 'd', x'02', x'02', 7, x'8202')";
        old.execute_batch(kept).unwrap();
        migrate(&old).unwrap();
        let fresh = Connection::open("").unwrap();
        migrate(&fresh).unwrap();
        let tables = |db: &Connection| -> Vec<Option<String>> {
            let mut tables = db.prepare("select sql from sqlite_schema order by name").unwrap();
            tables.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
        };
        assert_eq!(tables(&old), tables(&fresh));
        let left: i64 = old.query_row("select count(*) from verdict", [], |row| row.get(0)).unwrap();
        assert_eq!(left, 1, "what was refused is judged anew");
        fresh.pragma_update(None, "user_version", 99).unwrap();
        assert!(matches!(migrate(&fresh), Err(StoreError::LayoutTooNew(99))));
    }

    /// Tables, indexes and whatever else there is, word for word.
    fn schema(db: &Connection) -> Vec<(String, String, Option<String>)> {
        let sql = "select type, name, sql from sqlite_schema order by type, name";
        let mut things = db.prepare(sql).unwrap();
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        things.query_map([], read).unwrap().collect::<Result<_, _>>().unwrap()
    }

    /// One row in every table, of whatever fits its columns.
    fn fill(db: &Connection) -> Vec<String> {
        let tables: Vec<String> =
            schema(db).into_iter().filter(|(kind, ..)| kind == "table").map(|(_, name, _)| name).collect();
        for table in &tables {
            let mut columns = db.prepare(&format!("select type from pragma_table_info('{table}')")).unwrap();
            let types: Vec<String> =
                columns.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
            let values = types.iter().map(|kind| match kind.as_str() {
                "text" => "'x'",
                "bytea" => "x'0102'",
                _ => "7",
            });
            let values: Vec<&str> = values.collect();
            db.execute(&format!("insert into {table} values ({})", values.join(", ")), []).unwrap();
        }
        tables
    }

    #[test]
    fn a_store_of_every_earlier_layout_ends_up_like_a_new_one_and_keeps_its_rows() {
        let fresh = Connection::open("").unwrap();
        migrate(&fresh).unwrap();
        for version in 1..LAYOUTS.len() {
            let old = Connection::open("").unwrap();
            LAYOUTS[..version].iter().for_each(|tables| old.execute_batch(tables).unwrap());
            old.pragma_update(None, "user_version", version as i64).unwrap();
            let tables = fill(&old);
            migrate(&old).unwrap();
            assert_eq!(schema(&old), schema(&fresh), "layout {version}");
            for table in tables {
                let rows: i64 = old.query_row(&format!("select count(*) from {table}"), [], |row| row.get(0)).unwrap();
                assert!(rows >= 1, "layout {version}: {table} lost its row");
            }
        }
    }
}
