//! Files that entries name by their SHA-256: photos, and the strokes of signatures.
//!
//! A file is taken only where an admitted entry names it, so nobody can park files here, and what arrives can be
//! nothing but what was named. It comes piece by piece ([`upload`]); bytes stand on a [`shelf`], a folder or a bucket,
//! and the [`ledger`] in the database names every place that is in use. What nobody needs any more is collected
//! ([`collection`]). What must stay true: what was acknowledged is durable; a file under its place is whole and is
//! what its hash says; nothing is deleted that a row names.

pub mod collection;
pub mod ledger;
pub mod location;
pub mod proof;
pub mod rights;
pub mod shelf;
pub mod turn;
pub mod upload;

#[cfg(test)]
mod interleaving;

use crate::store::{Store, StoreError, Tx};
use ledger::Upload;
use outpost_model::id::{Hash, TenantId};
use outpost_model::time::Millis;
use parking_lot::Mutex;
use shelf::{Shelf, ShelfFault, Take};
use std::ops::Range;
use std::sync::Arc;
use turn::Turns;
use upload::Writing;

const DAY: i64 = Millis::hours(24);

#[derive(Debug, thiserror::Error)]
pub enum BlobFault {
    /// The bytes hash to something else, or are of another length.
    #[error("the bytes don't match the hash")]
    Mismatch,
    #[error("the bytes are neither a photo nor strokes")]
    Kind,
    #[error("the file is too large")]
    TooLarge,
    /// The device has brought its day's share; milliseconds until the next day.
    #[error("the day's share is used up")]
    Share(i64),
    /// The company has no room left, or the shelf hasn't.
    #[error("there is no room")]
    NoRoom,
    #[error("a decision erased the file")]
    Erased,
    #[error("there is no such upload")]
    UploadUnknown,
    /// The upload stands elsewhere.
    #[error("the upload stands at {0}")]
    Offset(u64),
    /// Somebody else is writing it.
    #[error("the upload is being written")]
    Busy,
    #[error("what is stored isn't what was stored")]
    Damaged,
    #[error("{0}")]
    Shelf(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ShelfFault> for BlobFault {
    fn from(fault: ShelfFault) -> Self {
        match fault {
            ShelfFault::Full(said) => {
                tracing::error!(said, "no room for files");
                Self::NoRoom
            }
            ShelfFault::Trouble(said) => Self::Shelf(said),
        }
    }
}

/// How much is taken, and how long what isn't finished or named is kept, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct BlobLimits {
    pub bytes_a_day: u64,
    pub bytes: u64,
    pub upload_life: i64,
    pub orphan_life: i64,
}

/// What is known of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    Here(ledger::Kept),
    Erased,
    NotHere,
}

pub struct BlobStore {
    store: Arc<Store>,
    shelf: Box<dyn Shelf>,
    limits: BlobLimits,
    turns: Turns,
    /// One sweep at a time.
    sweeping: Mutex<()>,
}

impl BlobStore {
    pub fn new(store: Arc<Store>, shelf: Box<dyn Shelf>, limits: BlobLimits) -> Self {
        Self { store, shelf, limits, turns: Turns::default(), sweeping: Mutex::default() }
    }

    pub fn shelf(&self) -> &dyn Shelf {
        &*self.shelf
    }

    pub fn turns(&self) -> &Turns {
        &self.turns
    }

    /// Runs a job that writes to the ledger. A fault undoes it.
    fn in_commit<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Tx<'_>) -> Result<T, BlobFault> + Send + 'static,
    ) -> Result<T, BlobFault> {
        self.store.write(move |tx| match job(tx) {
            Ok(done) => Ok(Ok(done)),
            Err(BlobFault::Store(error)) => Err(error),
            Err(fault) => {
                tx.undo();
                Ok(Err(fault))
            }
        })?
    }

    /// Brings what an upload still lacks of a file that is at hand; true if it is new here.
    pub fn bring(&self, tenant: &TenantId, upload: Upload, file: &[u8], now: Millis) -> Result<bool, BlobFault> {
        if upload.is_here() {
            return Ok(false);
        }
        let mut writing = Writing::on(upload);
        let rest = usize::try_from(writing.at).ok().and_then(|at| file.get(at..)).unwrap_or_default();
        self.write(&mut writing, rest)?;
        self.commit(tenant, &mut writing, now)?;
        self.finish(tenant, &writing.upload, now)?;
        Ok(true)
    }

    pub fn find(&self, tenant: &TenantId, blob: &Hash) -> Result<Found, BlobFault> {
        Ok(self.store.read(|db| {
            if ledger::is_erased(db, tenant, blob)? {
                return Ok(Found::Erased);
            }
            let kept = ledger::find(db, tenant, blob)?.filter(|kept| kept.kind.is_some());
            Ok(kept.map_or(Found::NotHere, Found::Here))
        })?)
    }

    /// Reads a part of a file, piece by piece.
    pub fn read(&self, file: &ledger::Kept, range: Range<u64>, take: &mut Take<'_>) -> Result<(), BlobFault> {
        match self.shelf.read(&file.place, range, take)? {
            true => Ok(()),
            false => Err(BlobFault::Damaged),
        }
    }
}
