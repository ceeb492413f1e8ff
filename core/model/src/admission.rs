//! The gate: nothing enters the log, or a page, that could hurt a replica.
//!
//! In come raw bytes and the device that offers them; out comes an [`Examined`] change, which [`PageIndex::admit`]
//! takes without fail, or a [`Verdict`] why not. The steps, in this order, each bounded by the one before:
//!
//! 1. **scan** (`scan`, `columns`): size, checksum, one plain change, every run and length counted before it is
//!    expanded. The bytes are read by our own strict reader, never by automerge's.
//! 2. **structure** (`structure`): this page, this actor, its next sequence number on top of its own last change,
//!    known dependencies, the exact start operation; and the spelling that automerge itself would write.
//! 3. **grammar** (`grammar`): puts of texts on known fields over exactly what their author saw, and of canonical
//!    entries under ids that are new now; nothing else.
//! 4. **trial** ([`Page::apply_checked`](crate::page::Page::apply_checked)): applied to a clone, saved, loaded, compared.
//!
//! Steps 1 to 3 read only the page's [`PageIndex`]; rights are judged elsewhere. No verdict is cached.

mod clock;
mod columns;
mod grammar;
mod history;
mod index;
mod reader;
mod refusal;
mod scan;
mod structure;
mod trial;

pub use grammar::Put;
pub use index::{ChangeRow, EntryRow, PageIndex, ValueRow};
pub use refusal::{Refusal, RefusalCode};

use crate::entry::Entry;
use crate::header::Kind;
use crate::id::{DeviceId, EntryId, Hash};
use crate::page::ENTRIES;
use clock::Clock;
use std::sync::Arc;

/// An actor of automerge's: random, one per installation and page.
pub type Actor = [u8; 16];

/// Why a change isn't examined through to the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// This change, or the same entries by this change, is on the page.
    AlreadyHad { hash: Hash },
    /// These changes must come first.
    Needs(Vec<Hash>),
    /// For good.
    Refused(Refusal),
}

impl From<Refusal> for Verdict {
    fn from(refusal: Refusal) -> Self {
        Verdict::Refused(refusal)
    }
}

/// A change that passed steps 1 to 3 against one state of one page.
#[derive(Debug, Clone)]
pub struct Examined {
    hash: Hash,
    raw: Vec<u8>,
    actor: Actor,
    device: DeviceId,
    deps: Vec<Hash>,
    entries: Vec<(EntryId, Arc<Entry>)>,
    puts: Vec<Put>,
    place: structure::Place,
    clock: Arc<Clock>,
    /// The page's genesis and the number of changes that it was examined against.
    against: (Hash, usize),
}

impl Examined {
    pub fn hash(&self) -> Hash {
        self.hash
    }
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }
    pub fn actor(&self) -> Actor {
        self.actor
    }
    pub fn device(&self) -> &DeviceId {
        &self.device
    }
    pub fn deps(&self) -> &[Hash] {
        &self.deps
    }
    /// The entries that it writes, in the order of its operations.
    pub fn entries(&self) -> &[(EntryId, Arc<Entry>)] {
        &self.entries
    }
    /// The field values that it puts, in the order of its operations.
    pub fn puts(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.puts.iter().map(|put| (put.field, &*put.value))
    }
    /// Whether the index is still in the state that this was examined against.
    pub fn fits(&self, index: &PageIndex) -> bool {
        self.against == index.state()
    }
}

/// The entries that a change says it writes on a page of that kind, to be shown beside its verdict: read by the scan
/// alone, whatever the other steps think of it. None if it can't be read.
pub fn entries_in(raw: &[u8], kind: Kind) -> Option<Vec<(EntryId, Entry)>> {
    let change = scan::scan(raw).ok()?;
    let entries = change.ops.iter().filter(|op| op.container.0 == ENTRIES);
    entries.map(|op| Some((EntryId::parse(op.key).ok()?, Entry::parse(kind, op.value).ok()?))).collect()
}

impl PageIndex {
    /// Steps 1 to 3 of the gate.
    pub fn examine(&self, raw: &[u8], device: &DeviceId) -> Result<Examined, Verdict> {
        let change = scan::scan(raw)?;
        if self.contains(&change.hash) {
            return Err(Verdict::AlreadyHad { hash: change.hash });
        }
        let (place, clock) = structure::check(self, &change, device)?;
        structure::check_spelling(&change, raw)?;
        let said = grammar::check(self, &change, &clock)?;
        structure::check_quota(self, raw.len(), &place, device)?;
        Ok(Examined {
            hash: change.hash,
            raw: raw.to_vec(),
            actor: change.actor,
            device: device.clone(),
            deps: change.deps,
            entries: said.entries,
            puts: said.puts,
            place,
            clock,
            against: self.state(),
        })
    }
}
