//! Hearing of what others commit: another process on the same store, as the command line beside a running relay.
//!
//! Own commits are told to listeners as they happen. While anybody listens, the log's end is looked at once a second;
//! where it lies beyond what was told, the scopes of the pages in between are told. Nobody hears of a row twice, unless
//! another process wrote in between.

use super::{Touched, log};
use crate::store::{Store, StoreError, all};
use outpost_model::id::TenantId;
use parking_lot::Mutex;
use rusqlite::{Connection, params};
use std::collections::BTreeSet;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::sync::broadcast;

const PAUSE: Duration = Duration::from_secs(1);

pub(super) struct Hearing {
    told: Mutex<Told>,
    touched: broadcast::Sender<Touched>,
}

#[derive(Default)]
struct Told {
    /// Everything up to this sequence was told.
    seq: u64,
    /// Somebody is looking.
    watched: bool,
}

impl Default for Hearing {
    fn default() -> Self {
        Self { told: Mutex::default(), touched: broadcast::channel(1_024).0 }
    }
}

impl Hearing {
    /// Rows were committed, the last one before them and their own last; these scopes hold their pages.
    pub fn tell(&self, (before, last): (u64, u64), scopes: BTreeSet<String>) {
        let mut told = self.told.lock();
        if told.seq == before {
            told.seq = last;
        }
        drop(told);
        self.send(scopes);
    }

    pub fn listen(self: &Arc<Self>, store: &Arc<Store>, tenant: Option<&TenantId>) -> broadcast::Receiver<Touched> {
        let mut told = self.told.lock();
        let listener = self.touched.subscribe();
        if !told.watched
            && let Some(tenant) = tenant.cloned()
        {
            told.seq = end(store, &tenant).unwrap_or(told.seq);
            let (store, hearing) = (Arc::downgrade(store), Arc::downgrade(self));
            let watch = move || {
                while look(&store, &hearing, &tenant) {
                    std::thread::sleep(PAUSE);
                }
            };
            told.watched = std::thread::Builder::new().name("outpost-hearing".into()).spawn(watch).is_ok();
        }
        listener
    }

    fn send(&self, scopes: BTreeSet<String>) {
        if !scopes.is_empty() {
            // Nobody listening is no failure.
            let _ = self.touched.send(Arc::new(scopes));
        }
    }
}

/// Looks once; false when nobody listens any more.
fn look(store: &Weak<Store>, hearing: &Weak<Hearing>, tenant: &TenantId) -> bool {
    let (Some(store), Some(hearing)) = (store.upgrade(), hearing.upgrade()) else { return false };
    let told = {
        let mut told = hearing.told.lock();
        told.watched = hearing.touched.receiver_count() > 0;
        if !told.watched {
            return false;
        }
        told.seq
    };
    let news = store.read(|db| {
        let end = log::find_end(db, tenant)?.map_or(told, |end| end.seq);
        Ok((end, if end > told { scopes_between(db, tenant, told, end)? } else { BTreeSet::new() }))
    });
    match news {
        Ok((end, scopes)) if end > told => {
            let mut known = hearing.told.lock();
            // Told by the relay itself meanwhile?
            if known.seq == told {
                known.seq = end;
                hearing.send(scopes);
            }
        }
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "the log's end could not be read"),
    }
    true
}

fn end(store: &Store, tenant: &TenantId) -> Option<u64> {
    store.read(|db| log::find_end(db, tenant)).ok().flatten().map(|end| end.seq)
}

/// Scopes that hold a page with a row in between, or held it then.
fn scopes_between(db: &Connection, tenant: &TenantId, after: u64, to: u64) -> Result<BTreeSet<String>, StoreError> {
    let sql = "select distinct s.scope from log l join scope_page s on s.tenant = l.tenant and s.page = l.page \
               where l.tenant = $1 and l.seq > $2 and l.seq <= $3 and (s.withdrawn is null or s.withdrawn > $2)";
    Ok(all(db, sql, params![tenant.as_str(), after, to], |row| row.get(0))?.into_iter().collect())
}
