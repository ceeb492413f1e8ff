//! Everybody's records as one value: people, stations, policy. Read again only when a decision about them came.

use super::context::Context;
use super::{Relay, records, replay};
use crate::store::{Store, StoreError, all, one, probe};
use outpost_model::command::{Ask, Place, Question};
use outpost_model::decision::Decision;
use outpost_model::fold;
use outpost_model::id::{StationId, TenantId, UserId};
use outpost_model::policy::Policy;
use outpost_model::record::{Part, Person, Station};
use rusqlite::{Connection, params};
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Debug, Clone)]
pub struct Records {
    /// The last decision that is in it.
    seq: u64,
    pub tenant: TenantId,
    pub people: BTreeMap<UserId, Person>,
    pub stations: BTreeMap<StationId, Station>,
    pub policy: Arc<Policy>,
}

impl Relay {
    /// The records as they stand now.
    pub fn records(&self) -> Result<Arc<Records>, StoreError> {
        let tenant = self.context.tenant.get().ok_or_else(|| StoreError::damaged("there is no company yet"))?;
        let known = self.records.lock().clone();
        let now = self.store.read(|db| {
            let seq = last(db, tenant)?;
            match known.filter(|known| known.seq == seq) {
                Some(known) => Ok(known),
                None => read(db, tenant, &self.context, seq).map(Arc::new),
            }
        })?;
        *self.records.lock() = Some(now.clone());
        Ok(now)
    }
}

impl Relay {
    /// What was decided about one of the records, the oldest first.
    pub fn history_of(&self, question: &Question) -> Result<Vec<Decision>, StoreError> {
        let tenant = self.context.tenant.get().ok_or_else(|| StoreError::damaged("there is no company yet"))?;
        self.store.read(|db| records::history(db, tenant, question))
    }

    /// The catalogue of parts as it stands, by number.
    pub fn parts(&self) -> Result<Vec<Part>, StoreError> {
        let tenant = self.context.tenant.get().ok_or_else(|| StoreError::damaged("there is no company yet"))?;
        self.store.read(|db| records::parts(db, tenant))
    }
}

fn last(db: &Connection, tenant: &TenantId) -> Result<u64, StoreError> {
    let sql = "select coalesce(max(seq), 0) from answer where tenant = $1 and page = $2";
    one(db, sql, params![tenant.as_str(), Place::Records.page(tenant).0], |row| row.get(0))
}

fn read(db: &Connection, tenant: &TenantId, context: &Context, seq: u64) -> Result<Records, StoreError> {
    let people = records::people(db, tenant)?.into_iter().map(|person| (person.user.clone(), person)).collect();
    let sql = "select max(seq) from answer where tenant = $1 and page = $2 and question like 'station:%' \
               group by question";
    let place = Place::Records.page(tenant);
    let latest: Vec<u64> = all(db, sql, params![tenant.as_str(), place.0], |row| row.get(0))?;
    let mut stations = BTreeMap::new();
    for seq in latest {
        if let Some(Ask::PutStation { station }) =
            records::decision_at(db, tenant, seq)?.map(|decision| decision.command.ask)
        {
            stations.insert(station.station.clone(), station);
        }
    }
    let policy = context.memory.policy(db, tenant)?.ok_or_else(|| StoreError::damaged("there is no policy"))?;
    Ok(Records { seq, tenant: tenant.clone(), people, stations, policy })
}

/// Rows between two words about how far it is.
const WORD_EVERY: u64 = 10_000;

/// What an older program worked out from the log lacks what pages read now, or says it otherwise: it is worked out anew.
pub(super) fn make_old_books_anew(store: &Store, tenant: &TenantId) -> Result<(), StoreError> {
    let sql = "select seq from tenant where tenant = $1 and (books is null or books <> $2)";
    let find = |db: &Connection| probe(db, sql, params![tenant.as_str(), fold::VERSION], |row| row.get::<_, u64>(0));
    let Some(of) = store.read(find)? else { return Ok(()) };
    tracing::info!(rows = of, "an older version worked out what the log says; it is worked out anew");
    let mut told = 0;
    let played = replay::rebuild_telling(store, move |rows| {
        if rows >= told + WORD_EVERY {
            told = rows;
            tracing::info!(rows, of, "worked out anew so far");
        }
    })?;
    tracing::info!(rows = played.rows, orders = played.orders, "everything is worked out anew");
    Ok(())
}
