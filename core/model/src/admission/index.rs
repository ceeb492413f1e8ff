//! What the gate and the fold need to know of a page, without a document: its changes and what each sees, its actors
//! and whose they are, its entries, and the history of its fields. It grows only by what was examined.

mod rows;

pub use rows::{ChangeRow, EntryRow, ValueRow};

use super::clock::Clock;
use super::history::{FieldHistory, PutPlace};
use super::{Actor, Examined};
use crate::entry::Entry;
use crate::header::Header;
use crate::id::{DeviceId, EntryId, Hash};
use crate::page;
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Debug, Clone)]
pub struct PageIndex {
    header: Header,
    genesis_actor: Actor,
    /// The genesis, then every change in admission order.
    changes: Vec<Indexed>,
    by_hash: HashMap<Hash, u32>,
    /// Every actor but the genesis', in admission order.
    actors: Vec<ActorRow>,
    by_actor: HashMap<Actor, u32>,
    devices: HashMap<DeviceId, Share>,
    heads: Vec<u32>,
    entries: Vec<Logged>,
    by_entry: HashMap<EntryId, u32>,
    fields: HashMap<&'static str, FieldHistory>,
    raw_bytes: u64,
}

/// What a device has used of the page.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Share {
    pub(super) changes: u32,
    pub(super) actors: u32,
}

/// The place of the genesis among the changes.
const GENESIS: u32 = 0;

#[derive(Debug, Clone)]
struct Indexed {
    hash: Hash,
    actor: u32,
    seq: u32,
    last_op: u32,
    raw_len: u32,
    deps: Vec<u32>,
    /// What it sees besides itself.
    clock: Arc<Clock>,
}

#[derive(Debug, Clone)]
pub(super) struct ActorRow {
    actor: Actor,
    pub(super) device: DeviceId,
    pub(super) last_seq: u32,
}

#[derive(Debug, Clone)]
struct Logged {
    id: EntryId,
    change: u32,
    entry: Arc<Entry>,
}

impl PageIndex {
    pub fn new(header: Header) -> Self {
        let genesis = Indexed {
            hash: page::genesis_hash(&header),
            actor: u32::MAX,
            seq: 1,
            last_op: page::LAST_OP as u32,
            raw_len: 0,
            deps: Vec::new(),
            clock: Arc::default(),
        };
        Self {
            genesis_actor: page::genesis_actor(&header),
            header,
            by_hash: HashMap::from([(genesis.hash, GENESIS)]),
            changes: vec![genesis],
            actors: Vec::new(),
            by_actor: HashMap::new(),
            devices: HashMap::new(),
            heads: vec![GENESIS],
            entries: Vec::new(),
            by_entry: HashMap::new(),
            fields: HashMap::new(),
            raw_bytes: 0,
        }
    }

    /// Takes a change that was examined against this very state ([`Examined::fits`]); its actor is the device's
    /// from now on.
    ///
    /// # Panics
    /// If something else was admitted since: that is a caller's mistake, which no bytes can bring about.
    pub fn admit(&mut self, change: Examined) {
        assert!(change.fits(self), "a change is admitted to the state of the page that it was examined against");
        let place = self.changes.len() as u32;
        self.raw_bytes += change.raw.len() as u64;
        let share = self.devices.entry(change.device.clone()).or_default();
        share.changes += 1;
        share.actors += u32::from(change.place.new_actor);
        match self.actors.get_mut(change.place.actor as usize) {
            Some(row) => row.last_seq = change.place.seq,
            None => {
                self.by_actor.insert(change.actor, change.place.actor);
                self.actors.push(ActorRow { actor: change.actor, device: change.device, last_seq: change.place.seq });
            }
        }
        for put in change.puts {
            self.fields.entry(put.field).or_default().push(place, put.op, put.value, put.replaces);
        }
        for (id, entry) in change.entries {
            self.by_entry.insert(id, self.entries.len() as u32);
            self.entries.push(Logged { id, change: place, entry });
        }
        self.heads.retain(|head| !change.place.deps.contains(head));
        self.heads.push(place);
        self.by_hash.insert(change.hash, place);
        self.changes.push(Indexed {
            hash: change.hash,
            actor: change.place.actor,
            seq: change.place.seq,
            last_op: change.place.last_op,
            raw_len: change.raw.len() as u32,
            deps: change.place.deps,
            clock: change.clock,
        });
    }

    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The heads, sorted. Those of an empty page are its genesis.
    pub fn heads(&self) -> Vec<Hash> {
        let mut heads: Vec<Hash> = self.heads.iter().map(|place| self.changes[*place as usize].hash).collect();
        heads.sort_unstable();
        heads
    }

    /// Whether the page holds that change; it always holds its genesis.
    pub fn contains(&self, change: &Hash) -> bool {
        self.by_hash.contains_key(change)
    }

    /// The number of changes, without the genesis.
    pub fn len(&self) -> usize {
        self.changes.len() - 1
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of actors that ever wrote, without the genesis'.
    pub fn actor_count(&self) -> usize {
        self.actors.len()
    }

    /// The raw bytes of all changes.
    pub fn raw_bytes(&self) -> u64 {
        self.raw_bytes
    }

    /// The device that an actor belongs to.
    pub fn owner_of(&self, actor: &Actor) -> Option<&DeviceId> {
        self.actor(actor).map(|(_, row)| &row.device)
    }

    /// Whether that change is one of those heads or an ancestor of one. What isn't on the page covers nothing and
    /// is covered by nothing.
    pub fn covers(&self, heads: &[Hash], change: &Hash) -> bool {
        let Some(wanted) = self.place_of(change) else { return false };
        heads.iter().filter_map(|head| self.place_of(head)).any(|head| self.sees(head, wanted))
    }

    /// Every entry, in admission order.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = EntryRow<'_>> {
        self.entries.iter().map(|logged| self.entry_row(logged))
    }

    pub fn entry(&self, id: &EntryId) -> Option<EntryRow<'_>> {
        self.by_entry.get(id).map(|place| self.entry_row(&self.entries[*place as usize]))
    }

    /// The values that a field shows, in admission order: none, one, or a conflict.
    pub fn values(&self, field: &str) -> impl Iterator<Item = ValueRow<'_>> {
        let showing = self.fields.get(field).into_iter().flat_map(FieldHistory::showing);
        showing.map(|put| ValueRow { value: &put.value, change: self.changes[put.change as usize].hash })
    }

    /// Every change but the genesis, in admission order.
    pub fn changes(&self) -> impl ExactSizeIterator<Item = ChangeRow<'_>> {
        self.changes[1..].iter().map(|change| {
            let author = &self.actors[change.actor as usize];
            ChangeRow {
                hash: change.hash,
                actor: author.actor,
                device: &author.device,
                seq: change.seq,
                deps: change.deps.iter().map(|dep| self.changes[*dep as usize].hash).collect(),
                raw_len: change.raw_len as usize,
            }
        })
    }

    fn entry_row<'a>(&self, logged: &'a Logged) -> EntryRow<'a> {
        EntryRow { id: logged.id, change: self.changes[logged.change as usize].hash, entry: &logged.entry }
    }

    fn sees(&self, head: u32, wanted: u32) -> bool {
        let change = &self.changes[wanted as usize];
        head == wanted || wanted == GENESIS || self.seen(head, change.actor) >= change.seq
    }

    fn seen(&self, head: u32, actor: u32) -> u32 {
        let head = &self.changes[head as usize];
        if head.actor == actor { head.seq } else { head.clock.seen(actor as usize) }
    }
}

/// What the steps of the gate ask.
impl PageIndex {
    pub(super) fn share_of(&self, device: &DeviceId) -> Share {
        self.devices.get(device).copied().unwrap_or_default()
    }

    pub(super) fn state(&self) -> (Hash, usize) {
        (self.changes[GENESIS as usize].hash, self.changes.len())
    }

    pub(super) fn genesis_actor(&self) -> Actor {
        self.genesis_actor
    }

    pub(super) fn actor(&self, actor: &Actor) -> Option<(u32, &ActorRow)> {
        self.by_actor.get(actor).map(|place| (*place, &self.actors[*place as usize]))
    }

    pub(super) fn place_of(&self, change: &Hash) -> Option<u32> {
        self.by_hash.get(change).copied()
    }

    pub(super) fn highest_op(&self, changes: &[u32]) -> u32 {
        changes.iter().map(|place| self.changes[*place as usize].last_op).max().unwrap_or(0)
    }

    /// What somebody sees who stands on these changes.
    pub(super) fn clock_of(&self, changes: &[u32]) -> Arc<Clock> {
        let mut clock = Clock::default();
        for place in changes.iter().filter(|place| **place != GENESIS) {
            let change = &self.changes[*place as usize];
            clock.join(&change.clock);
            clock.raise(change.actor as usize, change.seq);
        }
        Arc::new(clock)
    }

    /// The puts that a field shows to somebody with that clock: place, operation number, actor.
    pub(super) fn showing_at(&self, field: &str, clock: &Clock) -> Vec<(PutPlace, u32, Actor)> {
        let Some(history) = self.fields.get(field) else { return Vec::new() };
        let change = |place: u32| &self.changes[place as usize];
        let shown = history.showing_at(|place| clock.seen(change(place).actor as usize) >= change(place).seq);
        let actor = |place: u32| self.actors[change(place).actor as usize].actor;
        shown.into_iter().map(|(place, put)| (place, put.op, actor(put.change))).collect()
    }
}
