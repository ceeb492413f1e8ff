//! What the relay's jobs share: hot pages, the policy in force, counters. All of it may be lost at any time; the
//! store knows better.
//!
//! Pages that a job has written wait in `pending` until their group is committed: the next job of the group must see
//! them, nobody else may.

use super::budget::{Budgets, Limits};
use super::hearing::Hearing;
use super::hot::HotPage;
use super::row::Link;
use super::{Touched, log};
use crate::clock::{Clock, VirtualClock};
use crate::store::{StoreError, Tx, probe};
use lru::LruCache;
use outpost_model::command::{Ask, Place, Question};
use outpost_model::header::Header;
use outpost_model::id::{PageId, TenantId};
use outpost_model::policy::Policy;
use outpost_model::time::Millis;
use parking_lot::Mutex;
use rusqlite::{Connection, params};
use std::collections::{BTreeSet, HashMap};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use tokio::sync::broadcast;

/// Hot pages kept by default: a quarter of a GiB.
const HOT_PAGES: NonZeroUsize = NonZeroUsize::new(4_096).expect("not zero");

pub(super) struct Shared {
    pub tenant: OnceLock<TenantId>,
    pub clock: Arc<dyn Clock>,
    pub mac_key: [u8; 32],
    pub budgets: Budgets,
    pub touched: broadcast::Sender<Touched>,
    pub hearing: Hearing,
    hot: Mutex<LruCache<PageId, Arc<HotPage>>>,
    pending: Mutex<HashMap<PageId, Arc<HotPage>>>,
    /// Known by the chain at its decision: a sequence that was rolled back may come again.
    policy: Mutex<Option<(Link, Arc<Policy>)>>,
    pub counts: Counts,
}

/// What a finished book leaves to its job.
pub(super) struct Closed {
    pub pages: Vec<Arc<HotPage>>,
    pub touched: BTreeSet<String>,
    /// The last row before it, and its own last.
    pub rows: (u64, u64),
}

/// What the relay has done since it was opened.
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

impl Shared {
    pub fn new(limits: Limits, clock: Arc<dyn Clock>, mac_key: [u8; 32]) -> Self {
        Self {
            tenant: OnceLock::new(),
            clock,
            mac_key,
            budgets: Budgets::new(limits),
            touched: broadcast::channel(1_024).0,
            hearing: Hearing::default(),
            hot: Mutex::new(LruCache::new(HOT_PAGES)),
            pending: Mutex::default(),
            policy: Mutex::default(),
            counts: Counts::default(),
        }
    }

    /// To read in by itself, beside the relay or without one.
    pub fn aside() -> Self {
        Self::new(Limits::default(), Arc::new(VirtualClock::at(Millis(0))), [0; 32])
    }

    /// The committed page at that sequence, from memory or from the log.
    pub fn page_at(
        &self,
        db: &Connection,
        tenant: &TenantId,
        (page, last): (PageId, u64),
        header: impl FnOnce() -> Result<Header, StoreError>,
    ) -> Result<Arc<HotPage>, StoreError> {
        if let Some(hot) = self.hot.lock().get(&page).filter(|hot| hot.last == last) {
            return Ok(hot.clone());
        }
        let hot = Arc::new(HotPage::load(db, tenant, header()?, last)?);
        count(&self.counts.page_loads, 1);
        self.keep(&hot);
        Ok(hot)
    }

    /// Keeps a committed page, unless a later state of it is here.
    fn keep(&self, page: &Arc<HotPage>) {
        let mut hot = self.hot.lock();
        if hot.peek(&page.page()).is_none_or(|known| known.last <= page.last) {
            hot.put(page.page(), page.clone());
        }
    }

    pub fn pending(&self, page: &PageId) -> Option<Arc<HotPage>> {
        self.pending.lock().get(page).cloned()
    }

    fn set_pending(&self, pages: &[Arc<HotPage>]) {
        self.pending.lock().extend(pages.iter().map(|page| (page.page(), page.clone())));
    }

    /// Lets the next job of the group see the pages of this one, and the world once they are committed.
    pub fn publish(self: &Arc<Self>, tx: &mut Tx<'_>, closed: Closed) {
        self.set_pending(&closed.pages);
        for page in closed.pages.iter().filter(|page| page.claims_snapshot()) {
            let (shared, page) = (self.clone(), page.clone());
            tx.later(move |db| match shared.tenant.get() {
                Some(tenant) => page.keep_snapshot(db, tenant).map(drop),
                None => Ok(()),
            });
        }
        let shared = self.clone();
        tx.after(move |committed| {
            shared.settle(&closed.pages, committed);
            if committed {
                shared.hearing.told(closed.rows);
            }
            if committed && !closed.touched.is_empty() {
                // Nobody listening is no failure.
                let _ = shared.touched.send(Arc::new(closed.touched));
            }
        });
    }

    /// The fate of a job's pages is known.
    fn settle(&self, pages: &[Arc<HotPage>], committed: bool) {
        for page in pages {
            self.pending.lock().remove(&page.page());
            if committed {
                self.keep(page);
            }
        }
    }

    /// The policy in force in this snapshot.
    pub fn policy(&self, db: &Connection, tenant: &TenantId) -> Result<Option<Arc<Policy>>, StoreError> {
        let records = Place::Records.page(tenant);
        let sql = "select l.seq, l.chain from answer a join log l on l.tenant = a.tenant and l.seq = a.seq \
                   where a.tenant = $1 and a.page = $2 and a.question = $3 order by a.seq desc limit 1";
        let question = Question::Policy.to_string();
        let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, u64>(0)?, row.get::<_, Link>(1)?));
        let Some((seq, link)) = probe(db, sql, params![tenant.as_str(), records.0, question], read)? else {
            return Ok(None);
        };
        if let Some((_, policy)) = self.policy.lock().as_ref().filter(|(known, _)| *known == link) {
            return Ok(Some(policy.clone()));
        }
        let Some((row, _)) = log::at(db, tenant, seq)? else { return Ok(None) };
        match row.decision()?.map(|decision| decision.command.ask) {
            Some(Ask::PutPolicy { policy }) => {
                let policy: Arc<Policy> = Arc::from(policy);
                *self.policy.lock() = Some((link, policy.clone()));
                Ok(Some(policy))
            }
            _ => Err(StoreError::damaged(format!("row {seq} is no policy"))),
        }
    }
}
