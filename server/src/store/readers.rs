//! Readers beside the writer: connections that are lent out and given back. Each loan is one snapshot.

use super::{StoreError, layout};
use parking_lot::Mutex;
use rusqlite::{Connection, TransactionBehavior};
use std::path::PathBuf;

/// Connections kept open when nobody reads.
const KEPT: usize = 8;

pub(super) struct Readers {
    file: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(super) fn new(file: PathBuf) -> Self {
        Self { file, idle: Mutex::new(Vec::new()) }
    }

    pub(super) fn run<T>(&self, job: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let lent = self.idle.lock().pop();
        let mut connection = match lent {
            Some(connection) => connection,
            None => layout::open_reader(&self.file)?,
        };
        let answer = {
            let snapshot = connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
            job(&snapshot)
        };
        let mut idle = self.idle.lock();
        if idle.len() < KEPT {
            idle.push(connection);
        }
        answer
    }
}
