//! Hot pages and the policy in force, as the last commit left them. All of it may be lost at any time; the store knows
//! better.
//!
//! Pages that a job has written wait in `pending` until their group is committed: the next job of the group must see
//! them, nobody else may.

use super::counts::{Counts, count};
use super::hot::HotPage;
use super::log;
use super::row::Link;
use crate::store::{StoreError, probe};
use lru::LruCache;
use outpost_model::command::{Ask, Place, Question};
use outpost_model::header::Header;
use outpost_model::id::{PageId, TenantId};
use outpost_model::policy::Policy;
use parking_lot::Mutex;
use rusqlite::{Connection, params};
use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::Arc;

/// Hot pages kept by default: a quarter of a GiB.
const HOT_PAGES: NonZeroUsize = NonZeroUsize::new(4_096).expect("not zero");

pub(super) struct Memory {
    hot: Mutex<LruCache<PageId, Arc<HotPage>>>,
    pending: Mutex<HashMap<PageId, Arc<HotPage>>>,
    /// Known by the chain at its decision: a sequence that was rolled back may come again.
    policy: Mutex<Option<(Link, Arc<Policy>)>>,
}

impl Default for Memory {
    fn default() -> Self {
        Self { hot: Mutex::new(LruCache::new(HOT_PAGES)), pending: Mutex::default(), policy: Mutex::default() }
    }
}

impl Memory {
    /// The committed page at that sequence, from memory or from the log.
    pub fn page_at(
        &self,
        db: &Connection,
        tenant: &TenantId,
        (page, last): (PageId, u64),
        counts: &Counts,
        header: impl FnOnce() -> Result<Header, StoreError>,
    ) -> Result<Arc<HotPage>, StoreError> {
        if let Some(hot) = self.hot.lock().get(&page).filter(|hot| hot.last == last) {
            return Ok(hot.clone());
        }
        let hot = Arc::new(HotPage::load(db, tenant, header()?, last)?);
        count(&counts.page_loads, 1);
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

    /// Written, not committed yet: for the next job of the group.
    pub fn set_pending(&self, pages: &[Arc<HotPage>]) {
        self.pending.lock().extend(pages.iter().map(|page| (page.page(), page.clone())));
    }

    /// The fate of a job's pages is known.
    pub fn settle(&self, pages: &[Arc<HotPage>], committed: bool) {
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
