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
pub(crate) use layout::{LAYOUT, scratch};
pub use statement::{Work, all, change, each, one, probe};
pub use writer::Tx;

use readers::Readers;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use writer::Writer;

/// The oldest SQLite that keeps every commit: before it, resetting the WAL could lose some.
const OLDEST_SQLITE: i32 = 3_051_003;

pub struct Store {
    file: PathBuf,
    // Readers go first: the last connection to close empties the WAL into the file, and a reader can't.
    readers: Readers,
    writer: Writer,
    spent: Arc<Spent>,
}

/// What all jobs have cost.
#[derive(Debug, Default)]
struct Spent {
    statements: AtomicU64,
    steps: AtomicU64,
}

impl Spent {
    /// Adds what this thread has done since then.
    fn add(&self, before: Work) {
        let now = statement::done_here();
        self.statements.fetch_add(now.statements - before.statements, Ordering::Relaxed);
        self.steps.fetch_add(now.steps - before.steps, Ordering::Relaxed);
    }
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
        let (writer, readers) = (Writer::start(connection)?, Readers::new(file.clone()));
        Ok(Arc::new(Self { file, writer, readers, spent: Arc::default() }))
    }

    /// Runs a job that writes. Returns after its commit.
    pub fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let spent = self.spent.clone();
        self.writer.run(move |tx| {
            let before = statement::done_here();
            let result = job(tx);
            spent.add(before);
            result
        })
    }

    /// Runs a job that only reads, all of it in one snapshot.
    pub fn read<T>(&self, job: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let before = statement::done_here();
        let result = self.readers.run(job);
        self.spent.add(before);
        result
    }

    pub fn file(&self) -> &Path {
        &self.file
    }

    /// What all jobs have cost so far.
    pub fn work(&self) -> Work {
        let Spent { statements, steps } = &*self.spent;
        Work { statements: statements.load(Ordering::Relaxed), steps: steps.load(Ordering::Relaxed) }
    }

    /// Transactions committed so far: fewer than jobs when jobs came together.
    pub fn commits(&self) -> u64 {
        self.writer.commits()
    }
}
