//! What the relay's jobs have in common: whose log it is, the clock, the key of the rows' proofs, limits, and what is
//! remembered and counted.

use super::budget::{Budgets, Limits};
use super::counts::Counts;
use super::hearing::Hearing;
use super::hot::HotPage;
use super::memory::Memory;
use crate::clock::{Clock, VirtualClock};
use crate::store::Tx;
use outpost_model::id::TenantId;
use outpost_model::time::Millis;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

pub(super) struct Context {
    pub tenant: OnceLock<TenantId>,
    pub clock: Arc<dyn Clock>,
    pub mac_key: [u8; 32],
    pub budgets: Budgets,
    pub memory: Memory,
    pub hearing: Arc<Hearing>,
    pub counts: Counts,
}

/// What a finished book leaves to its job.
pub(super) struct Closed {
    pub pages: Vec<Arc<HotPage>>,
    pub touched: BTreeSet<String>,
    /// The last row before it, and its own last.
    pub rows: (u64, u64),
}

impl Context {
    pub fn new(limits: Limits, clock: Arc<dyn Clock>, mac_key: [u8; 32]) -> Self {
        Self {
            tenant: OnceLock::new(),
            clock,
            mac_key,
            budgets: Budgets::new(limits),
            memory: Memory::default(),
            hearing: Arc::default(),
            counts: Counts::default(),
        }
    }

    /// To read in by itself, beside the relay or without one.
    pub fn aside() -> Self {
        Self::new(Limits::default(), Arc::new(VirtualClock::at(Millis(0))), [0; 32])
    }

    /// Lets the next job of the group see the pages of this one, and the world once they are committed.
    pub fn publish(self: &Arc<Self>, tx: &mut Tx<'_>, closed: Closed) {
        self.memory.set_pending(&closed.pages);
        for page in closed.pages.iter().filter(|page| page.claims_snapshot()) {
            let (context, page) = (self.clone(), page.clone());
            tx.later(move |db| match context.tenant.get() {
                Some(tenant) => page.keep_snapshot(db, tenant).map(drop),
                None => Ok(()),
            });
        }
        let context = self.clone();
        tx.after(move |committed| {
            context.memory.settle(&closed.pages, committed);
            if committed {
                context.hearing.tell(closed.rows, closed.touched);
            }
        });
    }
}
