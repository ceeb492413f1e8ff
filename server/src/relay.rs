//! The relay: takes what phones and people at the console log, orders it, and hands each what is his.
//!
//! In come pushes of steps and acts at the console; out go verdicts, the rows that are new for whoever asks, and a
//! word to those who listen. What must stay true: admitted means durable, in one gapless chained sequence; nothing
//! enters that didn't pass the gate and the judge; whoever is told of a row may see it; caches change only after the
//! commit that they speak of.

mod act;
mod book;
mod bootstrap;
mod bring_back;
mod budget;
mod contact;
mod context;
mod countersign;
mod counts;
mod decided;
mod denied;
mod device;
mod drill;
mod epoch;
mod facts;
mod form;
mod hearing;
mod hot;
mod log;
mod memory;
mod month;
mod pull;
mod push;
mod records;
mod remake;
mod replay;
mod review;
mod roster;
mod row;
mod scope;
mod signed;
mod snapshot;
mod story;
mod take;
mod trip;
mod verdicts;
mod walk;

pub use act::{ActReply, Decided};
pub(crate) use book::lists::{digits, searched};
#[cfg(test)]
pub(crate) use book::{erase_blob, note_blob};
pub use bootstrap::SYSTEM;
pub use budget::Limits;
pub use countersign::Countersigned;
pub use counts::Counts;
pub use decided::form_version;
pub use denied::Denied;
pub use device::{Device, DeviceKind};
pub use epoch::{Beginning, Gap, Lost, Reached, Why, begin_epoch, epochs, has_been, reached, turn};
pub(crate) use epoch::{gap, knows_place};
pub use facts::Facts;
pub use form::{After, ConsoleAct, ConsoleWrite, Heads};
pub use month::{PersonMonth, SignOff, month_page, signed_cells};
pub(crate) use remake::{Fate, end_of, find_headers, raise_moment, remake, remake_devices};
pub(crate) use replay::{BOOKS, play_aside};
pub use replay::{Played, rebuild};
pub use review::{HandedIn, Review, ReviewHead, ReviewId, ReviewState, ReviewStep, Said, Source, Word};
pub use roster::Records;
pub(crate) use row::{Link, Row, first_link, next_link};
pub use story::{Aftermath, Correction, Leaf, OrderStory, Sheaf, Value};
pub use walk::Walked;
pub(crate) use walk::walk;

use crate::clock::Clock;
use crate::store::{Store, StoreError, all, probe};
use context::Context;
use outpost_model::command::Ask;
use outpost_model::id::{DeviceId, Hash, PageId, TenantId, UserId};
use outpost_model::policy::Policy;
use outpost_model::problem::Code;
use outpost_model::record::Person;
use outpost_model::wire::{Drill, DrillReply, SyncReply, SyncRequest};
use rusqlite::params;
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::broadcast;

/// Scopes in which a commit left something new.
pub type Touched = Arc<BTreeSet<String>>;

pub struct Relay {
    store: Arc<Store>,
    context: Arc<Context>,
    /// People, stations and policy as they were last read.
    records: parking_lot::Mutex<Option<Arc<Records>>>,
}

impl Relay {
    /// Over a store, for the one tenant that it holds; `mac_key` is kept outside the store.
    pub fn open(store: Arc<Store>, clock: Arc<dyn Clock>, mac_key: [u8; 32]) -> Result<Arc<Self>, StoreError> {
        Self::open_within(Limits::default(), store, clock, mac_key)
    }

    /// With other limits than the usual ones.
    pub fn open_within(
        limits: Limits,
        store: Arc<Store>,
        clock: Arc<dyn Clock>,
        mac_key: [u8; 32],
    ) -> Result<Arc<Self>, StoreError> {
        let context = Context::new(limits, clock, mac_key);
        if let Some(tenant) = tenant_of(&store)? {
            roster::make_old_books_anew(&store, &tenant)?;
            context.tenant.get_or_init(|| tenant);
        }
        Ok(Arc::new(Self { store, context: Arc::new(context), records: parking_lot::Mutex::default() }))
    }

    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.context.clock
    }

    pub fn counts(&self) -> &Counts {
        &self.context.counts
    }

    /// The tenant, once there is one.
    pub fn tenant(&self) -> Option<TenantId> {
        self.context.tenant.get().cloned()
    }

    /// A tenant's first records, decided by the system itself: its policy, then what `asks` puts (stations, people,
    /// customers' places, devices). Only where there is no tenant yet.
    pub fn bootstrap(&self, tenant: &TenantId, policy: Policy, asks: Vec<Ask>) -> Result<(), Denied> {
        self.found(tenant, policy, asks)
    }

    /// One round trip of a phone. Blocks.
    pub fn sync(&self, device: &DeviceId, request: SyncRequest) -> Result<SyncReply, Denied> {
        self.round_trip(device, request)
    }

    /// The drill-down after a digest disagreed. Blocks.
    pub fn drill(&self, device: &DeviceId, drill: Drill) -> Result<DrillReply, Denied> {
        self.drill_down(device, drill)
    }

    /// What a signed-in person does at the console. Blocks.
    pub fn act(&self, user: &UserId, act: ConsoleAct) -> Result<ActReply, Denied> {
        self.take_act(user, act)
    }

    /// Hears of each commit in which scopes something new stands; of another process' within a second.
    pub fn subscribe(&self) -> broadcast::Receiver<Touched> {
        self.context.hearing.listen(&self.store, self.context.tenant.get())
    }

    /// The scopes that the device's person holds now.
    pub fn scopes_of(&self, device: &DeviceId) -> Result<BTreeSet<String>, Denied> {
        let denied = || Denied::new(Code::DeviceUnknown, device.as_str());
        let tenant = self.context.tenant.get().ok_or_else(denied)?;
        self.store.read(|db| match device::actor(db, tenant, device)? {
            Ok(actor) => {
                let held = pull::holdings(db, tenant, &actor.user)?;
                Ok(Ok(held
                    .into_iter()
                    .filter(|holding| holding.until.is_none())
                    .map(|holding| holding.scope)
                    .collect()))
            }
            Err(denied) => Ok(Err(denied)),
        })?
    }

    /// The device's row, if it was ever enrolled.
    pub fn device(&self, device: &DeviceId) -> Result<Option<Device>, StoreError> {
        let Some(tenant) = self.context.tenant.get() else { return Ok(None) };
        self.store.read(|db| device::find(db, tenant, device))
    }

    pub fn devices(&self) -> Result<Vec<Device>, StoreError> {
        let Some(tenant) = self.context.tenant.get() else { return Ok(Vec::new()) };
        self.store.read(|db| device::list(db, tenant))
    }

    /// Keeps the public key that an enrolment code was redeemed with. The same key again changes nothing; another
    /// one is denied until the device is enrolled anew.
    pub fn certify(&self, device: &DeviceId, key: [u8; 32]) -> Result<(), Denied> {
        let denied = Denied::new(Code::DeviceUnknown, device.as_str());
        let Some(tenant) = self.tenant() else { return Err(denied) };
        let device = device.clone();
        let kept = self.store.write(move |tx| device::certify(tx, &tenant, &device, key))?;
        if kept { Ok(()) } else { Err(denied) }
    }

    pub fn person(&self, user: &UserId) -> Result<Option<Person>, StoreError> {
        let Some(tenant) = self.context.tenant.get() else { return Ok(None) };
        self.store.read(|db| records::person(db, tenant, user))
    }

    pub fn people(&self) -> Result<Vec<Person>, StoreError> {
        let Some(tenant) = self.context.tenant.get() else { return Ok(Vec::new()) };
        self.store.read(|db| records::people(db, tenant))
    }

    /// The policy in force.
    pub fn policy(&self) -> Result<Arc<Policy>, Denied> {
        let denied = || Denied::new(Code::NotFound, "no policy yet");
        let tenant = self.context.tenant.get().ok_or_else(denied)?;
        self.store.read(|db| self.context.memory.policy(db, tenant))?.ok_or_else(denied)
    }

    /// Whether this person sees, through a scope of his, a page that names the blob.
    pub fn may_read_blob(&self, user: &UserId, blob: &Hash) -> Result<bool, StoreError> {
        let Some(tenant) = self.context.tenant.get() else { return Ok(false) };
        self.store.read(|db| {
            let sql = "select page from blob_mention where tenant = $1 and blob = $2";
            let pages = all(db, sql, params![tenant.as_str(), blob.0], |row| row.get(0).map(PageId))?;
            for page in pages {
                if pull::visible_since(db, tenant, user, page)?.is_some() {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }

    /// Reads what is exported, all in one snapshot.
    pub fn facts<T>(&self, read: impl FnOnce(&Facts<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        facts::read(&self.store, read)
    }
}

/// The tenant that a store holds.
pub(crate) fn tenant_of(store: &Store) -> Result<Option<TenantId>, StoreError> {
    let found = store.read(|db| probe(db, "select tenant from tenant limit 1", [], |row| row.get::<_, String>(0)))?;
    found.map(|name| TenantId::parse(&name).map_err(StoreError::damaged)).transpose()
}
