//! Step 2, the structure: where a change stands on its page. Each rule is here because leaving it out once bricked
//! a page, wedged an honest phone, or let one in another's name.

use super::clock::Clock;
use super::refusal::{Refusal, RefusalCode};
use super::scan::Scanned;
use super::{PageIndex, Verdict};
use crate::id::DeviceId;
use crate::page::{engine, limits};
use automerge::legacy::{Key, ObjectId, Op, OpId, OpType};
use automerge::{ActorId, Change, ExpandedChange, ScalarValue};
use std::num::NonZeroU64;
use std::sync::Arc;

/// Where an examined change will stand.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The actor's place among the page's; the next free one for a new actor.
    pub(super) actor: u32,
    pub(super) new_actor: bool,
    pub(super) seq: u32,
    pub(super) last_op: u32,
    /// Places of the dependencies.
    pub(super) deps: Vec<u32>,
}

/// The place and what is seen from there (without the change itself).
pub(super) fn check(
    index: &PageIndex,
    change: &Scanned<'_>,
    device: &DeviceId,
) -> Result<(Place, Arc<Clock>), Verdict> {
    let refuse = |code, detail: String| Verdict::Refused(Refusal::new(code, detail));
    // Every operation of a page names a container, and so the genesis' actor.
    if change.actor == index.genesis_actor() {
        return Err(refuse(RefusalCode::GenesisActor, "of this page".into()));
    }
    if !change.actors.contains(&index.genesis_actor()) {
        return Err(refuse(RefusalCode::OtherPage, "its containers are another page's".into()));
    }
    let known = index.actor(&change.actor);
    if let Some(owner) = known.map(|(_, row)| &row.device).filter(|owner| *owner != device) {
        return Err(refuse(RefusalCode::ActorTaken, format!("by {owner}")));
    }
    let needs: Vec<_> = change.deps.iter().filter(|dep| !index.contains(dep)).copied().collect();
    if !needs.is_empty() {
        return Err(Verdict::Needs(needs));
    }
    let deps: Vec<u32> = change.deps.iter().filter_map(|dep| index.place_of(dep)).collect();
    let clock = index.clock_of(&deps);

    let last_seq = known.map_or(0, |(_, row)| row.last_seq);
    if change.seq != u64::from(last_seq) + 1 {
        return Err(refuse(RefusalCode::Sequence, format!("{} after {last_seq}", change.seq)));
    }
    if let Some((actor, _)) = known.filter(|(actor, _)| clock.seen(*actor as usize) != last_seq) {
        let seen = clock.seen(actor as usize);
        return Err(refuse(RefusalCode::OwnPreviousMissing, format!("sees {seen} of {last_seq}")));
    }
    let highest = index.highest_op(&deps);
    if change.start_op != u64::from(highest) + 1 {
        return Err(refuse(RefusalCode::BadStartOp, format!("{} after {highest}", change.start_op)));
    }
    let last_op = change.last_op().filter(|last| *last <= limits::HIGHEST_OP);
    let last_op = last_op.ok_or_else(|| refuse(RefusalCode::OpCeiling, format!("{}", change.start_op)))?;
    let place = Place {
        actor: known.map_or(index.actor_count() as u32, |(place, _)| place),
        new_actor: known.is_none(),
        seq: last_seq + 1,
        last_op: last_op as u32,
        deps,
    };
    Ok((place, clock))
}

/// The content must be spelled as automerge itself would write it: the actors, runs and predecessors in their one
/// order. Automerge encodes here what was read; it decodes nothing.
pub(super) fn check_spelling(change: &Scanned<'_>, raw: &[u8]) -> Result<(), Refusal> {
    let other_spelling = || Refusal::new(RefusalCode::NotCanonical, "another spelling of the same content");
    let name = |(op, actor): &(u64, usize)| (*op, change.actors[*actor]);
    if !change.ops.iter().all(|op| op.preds.is_sorted_by(|a, b| name(a) < name(b))) {
        return Err(other_spelling());
    }
    let actors: Vec<ActorId> = change.actors.iter().map(|actor| ActorId::from(*actor)).collect();
    let id = |(op, actor): &(u64, usize)| OpId(*op, actors[*actor].clone());
    let put = |op: &super::columns::PageOp<'_>| Op {
        action: OpType::Put(ScalarValue::Str(op.value.into())),
        obj: ObjectId::Id(id(&op.container)),
        key: Key::Map(op.key.into()),
        pred: op.preds.iter().map(id).collect(),
        insert: false,
    };
    let expanded = ExpandedChange {
        operations: change.ops.iter().map(put).collect(),
        actor_id: actors[0].clone(),
        hash: None,
        seq: change.seq,
        start_op: NonZeroU64::MIN.saturating_add(change.start_op.saturating_sub(1)),
        time: 0,
        message: None,
        deps: change.deps.iter().map(|dep| (*dep).into()).collect(),
        extra_bytes: Vec::new(),
        author: None,
    };
    match engine::guarded(|| Change::from(expanded).raw_bytes() == raw) {
        Some(true) => Ok(()),
        Some(false) | None => Err(other_spelling()),
    }
}

/// Quotas of a lifetime. They come last: what the page already has is never refused for lack of room.
pub(super) fn check_quota(index: &PageIndex, bytes: usize, place: &Place, device: &DeviceId) -> Result<(), Refusal> {
    let full = |what: &str| Err(Refusal::new(RefusalCode::PageFull, what));
    if index.len() >= limits::CHANGES_OF_A_PAGE {
        return full("changes of the page");
    }
    let (kind, share) = (index.header().kind(), index.share_of(device));
    if share.changes >= limits::CHANGES_OF_A_DEVICE {
        return full("changes of the device");
    }
    if place.new_actor && share.actors >= limits::actors_of_a_device(kind) {
        return full("actors of the device");
    }
    if place.new_actor && index.actor_count() >= limits::actors(kind) {
        return full("actors of the page");
    }
    if index.raw_bytes() + bytes as u64 > limits::BYTES_OF_A_PAGE {
        return full("bytes of the page");
    }
    Ok(())
}
