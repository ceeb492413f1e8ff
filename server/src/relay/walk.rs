//! The chain, walked from the first row to the last: whether the log is whole, without making anything from it.

use super::log;
use super::row::{Link, first_link, next_link};
use crate::store::StoreError;
use outpost_model::id::TenantId;
use rusqlite::Connection;

/// Rows that are in memory at a time.
const CHUNK: usize = 1_000;

/// A log whose every row follows from the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Walked {
    pub epoch: u32,
    pub seq: u64,
    pub chain: Link,
}

/// Walks the chain; the first thing that isn't right ends it. `at` hears of each step.
pub(crate) fn walk(db: &Connection, tenant: &TenantId, mut at: impl FnMut(u64, u64)) -> Result<Walked, StoreError> {
    let end = log::end(db, tenant)?;
    let (mut seq, mut chain) = (0, first_link(tenant));
    loop {
        let rows = log::after(db, tenant, seq, CHUNK)?;
        if rows.is_empty() {
            break;
        }
        for (row, link) in rows {
            if row.seq() != seq + 1 {
                return Err(StoreError::damaged(format!("after row {seq} comes row {}", row.seq())));
            }
            seq = row.seq();
            if row.content.hash() != row.hash {
                return Err(StoreError::damaged(format!("row {seq} has another content than its hash says")));
            }
            chain = next_link(&chain, &row.canonical(tenant));
            if chain != link {
                return Err(StoreError::damaged(format!("row {seq} doesn't follow from the chain")));
            }
        }
        at(seq, end.seq);
    }
    if (seq, chain) != (end.seq, end.chain) {
        return Err(StoreError::damaged(format!("the log ends at row {seq}, and should at row {}", end.seq)));
    }
    Ok(Walked { epoch: end.epoch, seq, chain })
}
