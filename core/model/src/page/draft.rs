//! Writing: what somebody logs here and now becomes one change.
//!
//! The change is put together by hand, not by automerge's transaction: that one leaves out a put of the value that is
//! already shown, and settles a conflict for the winner by *deleting* the others. Here a put is always a put, and
//! names exactly the values that its author knew of.

use super::engine::guarded;
use super::genesis::{ENTRIES, FIELDS};
use super::{Page, PageFault, limits};
use crate::field;
use crate::id::{EntryId, Hash};
use automerge::legacy::{Key, Op, OpId, OpType, SortedVec};
use automerge::{ActorId, Automerge, Change, ChangeHash, ExpandedChange, ObjId, ReadDoc, ScalarValue};
use std::collections::HashSet;
use std::num::NonZeroU64;

/// What is to be written in one change. Each field put has its witness, a `set` entry, among the entries:
/// the caller makes both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// Canonical texts of entries, under fresh ids.
    pub entries: Vec<(EntryId, String)>,
    /// Field names and values.
    pub fields: Vec<(String, String)>,
}

/// A change that was written, and is on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub hash: Hash,
    pub raw: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotWritten {
    #[error("nothing to write")]
    Empty,
    #[error("more than one change may hold")]
    TooMuch,
    #[error("`{0}` is no field of this kind of page")]
    UnknownField(String),
    #[error("a field or an entry id is named twice")]
    Twice,
    #[error("the entry {0} is already on the page")]
    EntryExists(EntryId),
    #[error("the genesis belongs to nobody")]
    GenesisActor,
    #[error("the actor's own last change is not among what those heads hold")]
    OwnPreviousMissing,
    #[error(transparent)]
    Page(#[from] PageFault),
}

impl Page {
    /// One change at the current heads.
    pub fn write(&mut self, actor: [u8; 16], draft: &Draft) -> Result<Written, NotWritten> {
        let own = own_last(&mut self.doc, actor);
        let mut deps = self.doc.get_heads();
        // No change may name more heads than the gate takes; what is left out stays concurrent for one change more.
        if deps.len() > limits::DEPENDENCIES {
            deps.sort_unstable();
            deps.truncate(limits::DEPENDENCIES - 1);
            deps.extend(own.as_ref().map(Change::hash).filter(|hash| !deps.contains(hash)));
        }
        self.write_on(actor, own, deps, draft)
    }

    /// One change at earlier heads, for a replay: fields replace what was seen there and nothing else, so that a
    /// conflict stays a conflict. The actor is a fresh one, or one whose changes those heads hold.
    pub fn write_at(&mut self, actor: [u8; 16], heads: &[Hash], draft: &Draft) -> Result<Written, NotWritten> {
        let mut deps = self.known(heads)?;
        deps.sort_unstable();
        deps.dedup();
        if deps.len() > limits::DEPENDENCIES {
            return Err(NotWritten::TooMuch);
        }
        let own = own_last(&mut self.doc, actor);
        if own.as_ref().is_some_and(|own| !is_ancestor(&self.doc, own.hash(), &deps)) {
            return Err(NotWritten::OwnPreviousMissing);
        }
        self.write_on(actor, own, deps, draft)
    }

    fn write_on(
        &mut self,
        actor: [u8; 16],
        own: Option<Change>,
        deps: Vec<ChangeHash>,
        draft: &Draft,
    ) -> Result<Written, NotWritten> {
        self.check(actor, draft)?;
        let operations = self.operations(&deps, draft)?;
        let highest = deps.iter().filter_map(|dep| self.doc.get_change_meta_by_hash(dep)).map(|meta| meta.max_op).max();
        let change = Change::from(ExpandedChange {
            operations,
            actor_id: ActorId::from(actor),
            hash: None,
            seq: own.map_or(1, |own| own.seq() + 1),
            start_op: NonZeroU64::MIN.saturating_add(highest.unwrap_or_default()),
            time: 0,
            message: None,
            deps,
            extra_bytes: Vec::new(),
            author: None,
        });
        let written = Written { hash: change.hash().into(), raw: change.raw_bytes().to_vec() };
        if written.raw.len() > limits::CHANGE_BYTES {
            return Err(NotWritten::TooMuch);
        }
        *self = self.with(vec![change])?;
        Ok(written)
    }

    fn check(&self, actor: [u8; 16], draft: &Draft) -> Result<(), NotWritten> {
        if ActorId::from(actor) == self.genesis.actor {
            return Err(NotWritten::GenesisActor);
        }
        match draft.entries.len() + draft.fields.len() {
            0 => return Err(NotWritten::Empty),
            1..=limits::OPERATIONS => {}
            _ => return Err(NotWritten::TooMuch),
        }
        let kind = self.header.kind();
        if let Some((name, _)) = draft.fields.iter().find(|(name, _)| field::find(kind, name).is_none()) {
            return Err(NotWritten::UnknownField(name.clone()));
        }
        let (mut names, mut ids) = (HashSet::new(), HashSet::new());
        let once = draft.fields.iter().all(|(name, _)| names.insert(name))
            && draft.entries.iter().all(|(id, _)| ids.insert(id));
        if !once {
            return Err(NotWritten::Twice);
        }
        let entries = self.genesis.container(ENTRIES);
        match draft.entries.iter().find(|(id, _)| !self.visible(&entries, &id.to_string(), None).is_empty()) {
            Some((id, _)) => Err(NotWritten::EntryExists(*id)),
            None => Ok(()),
        }
    }

    fn operations(&self, deps: &[ChangeHash], draft: &Draft) -> Result<Vec<Op>, NotWritten> {
        let fields = self.genesis.container(FIELDS);
        let put = |container: u64, key: &str, value: &str, pred: SortedVec<OpId>| Op {
            action: OpType::Put(ScalarValue::Str(value.into())),
            obj: self.genesis.container_op(container),
            key: Key::Map(key.into()),
            pred,
            insert: false,
        };
        let mut operations = Vec::with_capacity(draft.entries.len() + draft.fields.len());
        for (name, value) in &draft.fields {
            let known = self.visible(&fields, name, Some(deps));
            operations.push(put(FIELDS, name, value, known.into_iter().collect()));
        }
        for (id, text) in &draft.entries {
            operations.push(put(ENTRIES, &id.to_string(), text, SortedVec::new()));
        }
        match operations.iter().map(|op| op.pred.len()).sum::<usize>() <= limits::PREDECESSORS {
            true => Ok(operations),
            false => Err(NotWritten::TooMuch),
        }
    }

    /// The puts that show under a key, at those heads or now.
    fn visible(&self, container: &ObjId, key: &str, heads: Option<&[ChangeHash]>) -> Vec<OpId> {
        let values = guarded(|| match heads {
            Some(heads) => self.doc.get_all_at(container, key, heads),
            None => self.doc.get_all(container, key),
        });
        let values = values.and_then(Result::ok).unwrap_or_default();
        let op = |id| match id {
            ObjId::Id(counter, actor, _) => Some(OpId(counter, actor)),
            ObjId::Root => None,
        };
        values.into_iter().filter_map(|(_, id)| op(id)).collect()
    }
}

fn own_last(doc: &mut Automerge, actor: [u8; 16]) -> Option<Change> {
    doc.set_actor(ActorId::from(actor));
    doc.get_last_local_change()
}

fn is_ancestor(doc: &Automerge, wanted: ChangeHash, heads: &[ChangeHash]) -> bool {
    let (mut seen, mut queue) = (HashSet::new(), heads.to_vec());
    while let Some(hash) = queue.pop() {
        if hash == wanted {
            return true;
        }
        if seen.insert(hash) {
            queue.extend(doc.get_change_meta_by_hash(&hash).into_iter().flat_map(|meta| meta.deps));
        }
    }
    false
}
