//! Which pages name which files, and which files a decision erased.

use super::Book;
use crate::store::{StoreError, change};
use outpost_model::id::{Hash, PageId, TenantId};
use rusqlite::{Connection, params};

impl Book<'_> {
    /// The page names this file from now on.
    pub(super) fn note_blob(&self, blob: &Hash, page: PageId) -> Result<(), StoreError> {
        note_blob(self.db, &self.tenant, blob, page)
    }

    pub(super) fn erase_blob(&self, blob: &Hash, page: PageId, seq: u64) -> Result<(), StoreError> {
        erase_blob(self.db, &self.tenant, blob, page, seq)
    }
}

pub(crate) fn note_blob(db: &Connection, tenant: &TenantId, blob: &Hash, page: PageId) -> Result<(), StoreError> {
    let sql = "insert into blob_mention (tenant, blob, page) values ($1, $2, $3) on conflict do nothing";
    change(db, sql, params![tenant.as_str(), blob.0, page.0]).map(drop)
}

/// The bytes have no row any more from this commit on; they are deleted after it.
pub(crate) fn erase_blob(
    db: &Connection,
    tenant: &TenantId,
    blob: &Hash,
    page: PageId,
    seq: u64,
) -> Result<(), StoreError> {
    let sql = "insert into blob_erasure (tenant, blob, page, seq) values ($1, $2, $3, $4) on conflict do nothing";
    change(db, sql, params![tenant.as_str(), blob.0, page.0, seq])?;
    let sql = "insert into blob_trash (tenant, place) select tenant, place from blob
               where tenant = $1 and blob = $2 on conflict do nothing";
    change(db, sql, params![tenant.as_str(), blob.0])?;
    let sql = "delete from blob where tenant = $1 and blob = $2";
    change(db, sql, params![tenant.as_str(), blob.0]).map(drop)
}
