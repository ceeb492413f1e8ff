//! The relay's store: one SQLite file, one thread that writes, readers beside it.
//!
//! In come jobs. Those that write wait in one queue; whatever waits together shares one transaction and one fsync,
//! each in a savepoint of its own, and gets its answer only after the commit. Those that read get a connection with
//! one snapshot. What must stay true: nothing is answered before it is durable; a job that fails leaves nothing.

mod error;
mod layout;
mod readers;
mod statement;
mod writer;

pub use error::StoreError;
pub(crate) use layout::scratch;
pub use statement::{all, change, one, probe};
pub use writer::Tx;

use readers::Readers;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use writer::Writer;

/// The oldest SQLite that keeps every commit: before it, resetting the WAL could lose some.
const OLDEST_SQLITE: i32 = 3_051_003;

pub struct Store {
    file: PathBuf,
    writer: Writer,
    readers: Readers,
}

impl Store {
    /// Opens the store in that folder, and makes both where they don't exist.
    pub fn open(dir: &Path) -> Result<Arc<Self>, StoreError> {
        if rusqlite::version_number() < OLDEST_SQLITE {
            return Err(StoreError::SqliteTooOld(rusqlite::version()));
        }
        layout::make_private(dir)?;
        let file = dir.join("outpost.db");
        layout::make_private_file(&file)?;
        let connection = layout::open(&file)?;
        layout::migrate(&connection)?;
        Ok(Arc::new(Self { writer: Writer::start(connection)?, readers: Readers::new(file.clone()), file }))
    }

    /// Runs a job that writes. Returns after its commit.
    pub fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.writer.run(job)
    }

    /// Runs a job that only reads, all of it in one snapshot.
    pub fn read<T>(&self, job: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.readers.run(job)
    }

    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Transactions committed so far: fewer than jobs when jobs came together.
    pub fn commits(&self) -> u64 {
        self.writer.commits()
    }
}
