//! The relay: takes what phones and people at the console log, orders it, and hands each what is his.
//!
//! In come pushes of steps and acts at the console; out go verdicts, the rows that are new for whoever asks, and a
//! word to those who listen. What must stay true: admitted means durable, in one gapless chained sequence; nothing
//! enters that didn't pass the gate and the judge; whoever is told of a row may see it; caches change only after the
//! commit that they speak of.

mod act;
mod denied;
mod device;

pub use act::{ActReply, ConsoleAct, ConsoleWrite, Decided};
pub use denied::Denied;
pub use device::{Device, DeviceKind};

use crate::clock::Clock;
use crate::store::{Store, StoreError};
use outpost_model::command::Ask;
use outpost_model::id::{DeviceId, Hash, TenantId, UserId};
use outpost_model::policy::Policy;
use outpost_model::problem::Code;
use outpost_model::record::Person;
use outpost_model::wire::{Drill, DrillReply, SyncReply, SyncRequest};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::broadcast;

/// Scopes in which a commit left something new.
pub type Touched = Arc<BTreeSet<String>>;

pub struct Relay {
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    touched: broadcast::Sender<Touched>,
}

impl Relay {
    /// Over a store, for the one tenant that it holds; `mac_key` is kept outside the store.
    pub fn open(store: Arc<Store>, clock: Arc<dyn Clock>, _mac_key: [u8; 32]) -> Result<Arc<Self>, StoreError> {
        let (touched, _) = broadcast::channel(1_024);
        Ok(Arc::new(Self { store, clock, touched }))
    }

    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// The tenant, once there is one.
    pub fn tenant(&self) -> Option<TenantId> {
        None
    }

    /// A tenant's first records, decided by the system itself: its policy, then what `asks` puts (stations, people,
    /// customers' places, devices). Only where there is no tenant yet.
    pub fn bootstrap(&self, _tenant: &TenantId, _policy: Policy, _asks: Vec<Ask>) -> Result<(), Denied> {
        Err(Denied::new(Code::ServerBusy, ""))
    }

    /// One round trip of a phone. Blocks.
    pub fn sync(&self, _device: &DeviceId, _request: SyncRequest) -> Result<SyncReply, Denied> {
        Err(Denied::new(Code::ServerBusy, ""))
    }

    /// The drill-down after a digest disagreed. Blocks.
    pub fn drill(&self, _device: &DeviceId, _drill: Drill) -> Result<DrillReply, Denied> {
        Err(Denied::new(Code::ServerBusy, ""))
    }

    /// What a signed-in person does at the console. Blocks.
    pub fn act(&self, _user: &UserId, _act: ConsoleAct) -> Result<ActReply, Denied> {
        Err(Denied::new(Code::ServerBusy, ""))
    }

    /// Hears of each commit in which scopes something new stands.
    pub fn subscribe(&self) -> broadcast::Receiver<Touched> {
        self.touched.subscribe()
    }

    /// The scopes that the device's person holds now.
    pub fn scopes_of(&self, _device: &DeviceId) -> Result<BTreeSet<String>, Denied> {
        Ok(BTreeSet::new())
    }

    /// The device's row, if it was ever enrolled.
    pub fn device(&self, _device: &DeviceId) -> Result<Option<Device>, StoreError> {
        Ok(None)
    }

    pub fn devices(&self) -> Result<Vec<Device>, StoreError> {
        Ok(Vec::new())
    }

    /// Keeps the public key that an enrolment code was redeemed with. The same key again changes nothing; another
    /// one is denied until the device is enrolled anew.
    pub fn certify(&self, _device: &DeviceId, _key: [u8; 32]) -> Result<(), Denied> {
        Err(Denied::new(Code::ServerBusy, ""))
    }

    pub fn person(&self, _user: &UserId) -> Result<Option<Person>, StoreError> {
        Ok(None)
    }

    pub fn people(&self) -> Result<Vec<Person>, StoreError> {
        Ok(Vec::new())
    }

    /// The policy in force.
    pub fn policy(&self) -> Result<Arc<Policy>, Denied> {
        Err(Denied::new(Code::ServerBusy, ""))
    }

    /// Whether this person may read a page that names the blob.
    pub fn may_read_blob(&self, _user: &UserId, _blob: &Hash) -> Result<bool, StoreError> {
        Ok(false)
    }
}
