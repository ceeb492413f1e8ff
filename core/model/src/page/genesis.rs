//! The first change of every page: it makes the two containers, and is built from the header alone, so that two
//! phones that begin the same page apart merge to one, and no change of one page fits another. Its bytes are fixed
//! for ever: a test holds them.

use super::engine::ENCODING;
use crate::header::Header;
use crate::id::Hash;
use automerge::legacy::{Key, ObjectId, Op, OpId, OpType, SortedVec};
use automerge::{ActorId, Automerge, Change, ExpandedChange, ObjId, ObjType};
use sha2::{Digest, Sha256};
use std::num::NonZeroU64;

/// The operation that makes the map of corrigible fields.
pub const FIELDS: u64 = 1;
/// The operation that makes the map of entries.
pub const ENTRIES: u64 = 2;
/// The last operation of the genesis.
pub(crate) const LAST_OP: u64 = ENTRIES;

/// The actor of the genesis: the header's own name, and nobody's to write under.
pub fn genesis_actor(header: &Header) -> [u8; 16] {
    let digest = Sha256::digest(header.canonical());
    let mut actor = [0; 16];
    actor.copy_from_slice(&digest[..16]);
    actor
}

/// The raw bytes of the genesis.
pub fn genesis(header: &Header) -> Vec<u8> {
    change(header).raw_bytes().to_vec()
}

pub(crate) fn genesis_hash(header: &Header) -> Hash {
    change(header).hash().into()
}

/// The genesis of a page in hand.
#[derive(Debug, Clone)]
pub(super) struct Genesis {
    pub(super) hash: Hash,
    pub(super) actor: ActorId,
}

impl Genesis {
    /// The document of an empty page, and its genesis.
    pub(super) fn begin(header: &Header) -> (Automerge, Self) {
        let change = change(header);
        let genesis = Self { hash: change.hash().into(), actor: change.actor_id().clone() };
        let mut doc = Automerge::new_with_encoding(ENCODING).with_actor(genesis.actor.clone());
        doc.apply_changes([change]).expect("the genesis depends on nothing");
        (doc, genesis)
    }

    /// A container as automerge's readers name it.
    pub(super) fn container(&self, op: u64) -> ObjId {
        ObjId::Id(op, self.actor.clone(), 0)
    }

    /// A container as a change names it.
    pub(super) fn container_op(&self, op: u64) -> ObjectId {
        ObjectId::Id(OpId(op, self.actor.clone()))
    }
}

fn change(header: &Header) -> Change {
    let make = |name: &str| Op {
        action: OpType::Make(ObjType::Map),
        obj: ObjectId::Root,
        key: Key::Map(name.into()),
        pred: SortedVec::new(),
        insert: false,
    };
    Change::from(ExpandedChange {
        operations: vec![make("fields"), make("entries")],
        actor_id: ActorId::from(genesis_actor(header)),
        hash: None,
        seq: 1,
        start_op: NonZeroU64::MIN,
        time: 0,
        message: None,
        deps: Vec::new(),
        extra_bytes: Vec::new(),
        author: None,
    })
}
