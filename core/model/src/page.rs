//! A page: one automerge document of one shape, with the header that it was begun from.
//!
//! In come raw changes that passed the gate ([`crate::admission`]), or a draft of what somebody logs here and now;
//! out go raw changes, heads and snapshots. What must stay true: the genesis is built from the header alone and is
//! implied, never listed; a page in hand has applied everything it was given (nothing waits in a queue); nothing that
//! automerge does to hostile or damaged bytes, panics included, reaches the caller other than as an error.

mod draft;
pub(crate) mod engine;
mod genesis;
pub mod limits;

pub use draft::{Draft, NotWritten, Written};
pub use genesis::{ENTRIES, FIELDS, genesis, genesis_actor};
pub(crate) use genesis::{LAST_OP, genesis_hash};

use crate::header::Header;
use crate::id::Hash;
use automerge::{Automerge, Change, ReadDoc};
use engine::guarded;
use genesis::Genesis;

/// Bytes that don't make a page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PageFault {
    #[error("bytes that are no change")]
    NotAChange,
    #[error("changes are missing that others depend on")]
    Incomplete,
    #[error("a snapshot that can't be read")]
    Unreadable,
    #[error("a snapshot of other heads than were kept with it")]
    OtherHeads,
    #[error("begun from another header")]
    OtherPage,
    #[error("heads that this page doesn't hold: {0:?}")]
    UnknownHeads(Vec<Hash>),
    #[error("no heads named")]
    NoHeads,
}

/// A page in memory. A clone costs microseconds.
#[derive(Debug, Clone)]
pub struct Page {
    header: Header,
    genesis: Genesis,
    doc: Automerge,
}

impl Page {
    /// The empty page: its genesis and nothing else.
    pub fn begin(header: Header) -> Self {
        let (doc, genesis) = Genesis::begin(&header);
        Self { header, genesis, doc }
    }

    /// The page made of these changes, in any order, all of which passed the gate.
    pub fn rebuild(header: Header, raws: &[impl AsRef<[u8]>]) -> Result<Self, PageFault> {
        let mut page = Self::begin(header);
        page.extend(raws)?;
        Ok(page)
    }

    /// Adds changes that were admitted. On an error the page is left as it was.
    pub fn extend(&mut self, raws: &[impl AsRef<[u8]>]) -> Result<(), PageFault> {
        let changes = parse_changes(raws)?;
        *self = self.with(changes)?;
        Ok(())
    }

    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The heads, sorted. Those of an empty page are its genesis.
    pub fn heads(&self) -> Vec<Hash> {
        engine::sorted_heads(&self.doc)
    }

    pub fn contains(&self, change: &Hash) -> bool {
        self.doc.get_change_meta_by_hash(&(*change).into()).is_some()
    }

    /// The raw bytes of every change but the genesis, dependencies first.
    pub fn raws(&self) -> Vec<Vec<u8>> {
        let changes = self.doc.get_changes(&[self.genesis.hash.into()]);
        changes.iter().map(|change| change.raw_bytes().to_vec()).collect()
    }

    /// The page in one piece, for a store. Two saves of the same changes need not be the same bytes: never hash one.
    pub fn snapshot(&self) -> Vec<u8> {
        self.doc.save()
    }

    /// Reads a snapshot that was kept with its heads; damage of any kind is an error.
    pub fn load(header: Header, snapshot: &[u8], heads: &[Hash]) -> Result<Self, PageFault> {
        let page = Self::begin(header);
        let doc = engine::load(snapshot).ok_or(PageFault::Unreadable)?;
        let mut wanted = heads.to_vec();
        wanted.sort_unstable();
        if engine::sorted_heads(&doc) != wanted {
            return Err(PageFault::OtherHeads);
        }
        if doc.get_change_meta_by_hash(&page.genesis.hash.into()).is_none() {
            return Err(PageFault::OtherPage);
        }
        Ok(Self { doc, ..page })
    }

    /// The page as of those heads, all of which it must hold.
    pub fn at(&self, heads: &[Hash]) -> Result<Self, PageFault> {
        let heads = self.known(heads)?;
        let doc = guarded(|| self.doc.fork_at(&heads).ok()).flatten().ok_or(PageFault::Incomplete)?;
        // Heads of which one is the other's ancestor leave fewer than were named; anything else is a loss.
        if doc.get_heads().iter().any(|head| !heads.contains(head)) {
            return Err(PageFault::Incomplete);
        }
        Ok(Self { header: self.header.clone(), genesis: self.genesis.clone(), doc })
    }

    /// Unknown heads are ignored silently by automerge's own readers: they are looked up first.
    fn known(&self, heads: &[Hash]) -> Result<Vec<automerge::ChangeHash>, PageFault> {
        let unknown: Vec<_> = heads.iter().filter(|head| !self.contains(head)).copied().collect();
        match (heads.is_empty(), unknown.is_empty()) {
            (true, _) => Err(PageFault::NoHeads),
            (false, false) => Err(PageFault::UnknownHeads(unknown)),
            (false, true) => Ok(heads.iter().map(|head| (*head).into()).collect()),
        }
    }

    /// A copy with these changes, all of them applied.
    pub(crate) fn with(&self, changes: Vec<Change>) -> Result<Self, PageFault> {
        let mut doc = self.doc.clone();
        let applied = guarded(|| {
            doc.apply_changes(changes).is_ok().then(|| {
                let whole = doc.get_missing_deps(&[]).is_empty();
                (doc, whole)
            })
        });
        match applied.flatten() {
            Some((doc, true)) => Ok(Self { header: self.header.clone(), genesis: self.genesis.clone(), doc }),
            Some((_, false)) => Err(PageFault::Incomplete),
            None => Err(PageFault::NotAChange),
        }
    }

    pub(crate) fn doc(&self) -> &Automerge {
        &self.doc
    }
}

pub(crate) fn parse_changes(raws: &[impl AsRef<[u8]>]) -> Result<Vec<Change>, PageFault> {
    raws.iter().map(|raw| engine::parse_change(raw.as_ref()).ok_or(PageFault::NotAChange)).collect()
}
