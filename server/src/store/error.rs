//! What can go wrong with the store, by what its reader can do about it.

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Disk, lock or statement: try again, or look after the machine.
    #[error("the database: {0}")]
    Database(#[from] rusqlite::Error),
    #[error("the data folder: {0}")]
    Folder(#[from] std::io::Error),
    #[error("SQLite {0} is too old: 3.51.3 or later is needed")]
    SqliteTooOld(&'static str),
    #[error("the database has layout {0}, which this version doesn't know: use a newer one")]
    LayoutTooNew(i64),
    /// The group that the job was in could not be committed; nothing of it was kept.
    #[error("the transaction was not committed: {0}")]
    NotCommitted(String),
    #[error("the store is shutting down")]
    Closed,
    /// Something in the log doesn't read back as it was written: run `outpost verify`.
    #[error("the log is damaged: {0}")]
    Damaged(String),
}

impl StoreError {
    pub fn damaged(what: impl std::fmt::Display) -> Self {
        Self::Damaged(what.to_string())
    }
}
