//! Hearing of what others commit: another process on the same store, as the command line beside a running relay.
//!
//! Own commits are told to listeners as they happen. While anybody listens, the log's end is looked at once a second;
//! where it lies beyond what was told, the scopes of the pages in between are told. Nobody hears of a row twice, unless
//! another process wrote in between.

use super::shared::Shared;
use super::{Relay, Touched, book};
use crate::store::{Store, StoreError, all};
use outpost_model::id::TenantId;
use parking_lot::Mutex;
use rusqlite::{Connection, params};
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::sync::broadcast;

const PAUSE: Duration = Duration::from_secs(1);

#[derive(Default)]
pub(super) struct Hearing {
    told: Mutex<Told>,
}

#[derive(Default)]
struct Told {
    /// Everything up to this sequence was told.
    seq: u64,
    /// Somebody is looking.
    watched: bool,
}

impl Hearing {
    /// These rows were told as they were committed.
    pub fn told(&self, (before, last): (u64, u64)) {
        let mut told = self.told.lock();
        if told.seq == before {
            told.seq = last;
        }
    }
}

impl Relay {
    pub(super) fn listen(&self) -> broadcast::Receiver<Touched> {
        let mut told = self.shared.hearing.told.lock();
        let listener = self.shared.touched.subscribe();
        if !told.watched
            && let Some(tenant) = self.shared.tenant.get().cloned()
        {
            told.seq = end(&self.store, &tenant).unwrap_or(told.seq);
            let (store, shared) = (Arc::downgrade(&self.store), Arc::downgrade(&self.shared));
            let watch = move || {
                while look(&store, &shared, &tenant) {
                    std::thread::sleep(PAUSE);
                }
            };
            told.watched = std::thread::Builder::new().name("outpost-hearing".into()).spawn(watch).is_ok();
        }
        listener
    }
}

/// Looks once; false when nobody listens any more.
fn look(store: &Weak<Store>, shared: &Weak<Shared>, tenant: &TenantId) -> bool {
    let (Some(store), Some(shared)) = (store.upgrade(), shared.upgrade()) else { return false };
    let told = {
        let mut told = shared.hearing.told.lock();
        told.watched = shared.touched.receiver_count() > 0;
        if !told.watched {
            return false;
        }
        told.seq
    };
    let news = store.read(|db| {
        let end = book::end(db, tenant)?.map_or(told, |end| end.seq);
        Ok((end, if end > told { scopes_between(db, tenant, told, end)? } else { Vec::new() }))
    });
    match news {
        Ok((end, scopes)) if end > told => {
            let mut known = shared.hearing.told.lock();
            // Told by the relay itself meanwhile?
            if known.seq == told {
                known.seq = end;
                // Nobody listening is no failure.
                let _ = shared.touched.send(Arc::new(scopes.into_iter().collect()));
            }
        }
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "the log's end could not be read"),
    }
    true
}

fn end(store: &Store, tenant: &TenantId) -> Option<u64> {
    store.read(|db| book::end(db, tenant)).ok().flatten().map(|end| end.seq)
}

/// Scopes that hold a page with a row in between, or held it then.
fn scopes_between(db: &Connection, tenant: &TenantId, after: u64, to: u64) -> Result<Vec<String>, StoreError> {
    let sql = "select distinct s.scope from log l join scope_page s on s.tenant = l.tenant and s.page = l.page \
               where l.tenant = $1 and l.seq > $2 and l.seq <= $3 and (s.withdrawn is null or s.withdrawn > $2)";
    all(db, sql, params![tenant.as_str(), after, to], |row| row.get(0))
}
