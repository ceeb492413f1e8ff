//! What the history itself remembers, outside every store: what was captured where, what was acknowledged, and what a
//! person at the console was told.

use crate::tally::Tally;
use outpost_model::header::Header;
use outpost_model::id::{CommandId, EntryId, Hash, PageId};
use std::collections::BTreeMap;

/// One act on one phone.
#[derive(Debug, Clone)]
pub struct Captured {
    pub phone: usize,
    /// The store it was captured in: a reinstalled app begins another.
    pub installed: u32,
    pub entries: Vec<(PageId, EntryId)>,
    pub command: Option<CommandId>,
    /// The store forgot it: put back from a backup, or gone.
    pub forgotten: bool,
}

#[derive(Default)]
pub struct Ledger {
    pub captured: Vec<Captured>,
    /// Rows of the log that somebody was told of, by sequence.
    pub acknowledged: BTreeMap<u64, Hash>,
    /// Commands that the console was told were taken.
    pub decided: Vec<CommandId>,
    /// Headers of all pages that anybody named.
    pub headers: BTreeMap<PageId, Header>,
    pub orders: Vec<PageId>,
    pub leaves: Vec<(PageId, EntryId)>,
    pub charges: Vec<(PageId, EntryId)>,
    pub tally: Tally,
    /// What went wrong while the history ran.
    pub troubles: Vec<String>,
}

impl Ledger {
    /// Somebody was told that this row stands there. It may never change.
    pub fn acknowledge(&mut self, seq: u64, hash: Hash) {
        let known = self.acknowledged.insert(seq, hash);
        if known.is_some_and(|known| known != hash) {
            self.troubles.push(format!("row {seq} was told to be two different things"));
        }
    }

    /// The phone's memory of what came after this many acts is gone.
    pub fn forget(&mut self, phone: usize, installed: u32, after: usize) {
        for act in self.captured.iter_mut().skip(after) {
            act.forgotten |= act.phone == phone && act.installed == installed;
        }
    }

    pub fn visits_of(&self, order: PageId) -> Vec<Header> {
        let is_visit = |header: &&Header| header.order() == Some(order) && header.page() != order;
        self.headers.values().filter(is_visit).cloned().collect()
    }
}
