//! What the relay has done since it was opened, in numbers for metrics and tests.

use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Debug, Default)]
pub struct Counts {
    pub folds: AtomicU64,
    pub page_loads: AtomicU64,
    pub rows: AtomicU64,
    pub refusals: AtomicU64,
    pub syncs: AtomicU64,
    pub rows_pulled: AtomicU64,
    pub rows_brought_back: AtomicU64,
    /// Times that the log was noticed to have been put back.
    pub epochs: AtomicU64,
}

pub(super) fn count(counter: &AtomicU64, by: u64) {
    counter.fetch_add(by, Ordering::Relaxed);
}
