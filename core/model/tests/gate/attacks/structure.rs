//! Attacks on the structure: changes that stand where they may not, or in another's name.

use super::scene;
use crate::crew::*;
use crate::mutator::parts::Parts;
use automerge::ActorId;
use outpost_model::admission::Verdict;
use outpost_model::entry::Body;
use outpost_model::id::{DeviceId, Hash};
use outpost_model::page::{Page, genesis_actor};

/// Applied and saved cleanly, and panicked at load.
#[test]
fn a_second_change_on_the_genesis_alone_overlaps_the_first_and_is_refused() {
    let scene = scene();
    let header = scene.phone.index.header().clone();
    let genesis_hash = Page::begin(header).heads()[0];
    let code = scene.reworded(|change| {
        change.deps = vec![genesis_hash.into()];
        change.start_op = 3.try_into().unwrap();
    });
    assert_eq!(code, "own_previous_missing");
}

/// Applied cleanly to any page with the same genesis.
#[test]
fn a_change_replayed_into_another_page_is_refused() {
    let scene = scene();
    let elsewhere = Phone::new(3, &order("2"));
    for raw in scene.phone.raws.iter().map(|(raw, _)| raw).chain([&scene.next]) {
        assert_eq!(refusal(elsewhere.index.examine(raw, &scene.mallory.device)), "other_page");
    }
}

#[test]
fn a_derived_id_pushed_as_another_kind_fits_no_page() {
    let mut phone = Phone::new(1, &attendance("u-1"));
    let written = phone.log(&[Body::Returned {}]);
    for header in [customer("u-1"), asset("u-1"), order("u-1"), attendance("u-2")] {
        assert_ne!(header.page(), phone.page.header().page());
        let index = Phone::new(2, &header).index;
        assert_eq!(refusal(index.examine(&written.raw, &phone.device)), "other_page");
    }
}

/// The next honest edit panicked on every replica.
#[test]
fn poisoned_start_ops_are_refused() {
    let scene = scene();
    let honest = Parts::of(&scene.next).start_op;
    for start in [0, 1, honest - 1, honest + 1, 1 << 30, u64::from(u32::MAX) - 1, u64::from(u32::MAX), u64::MAX] {
        assert_eq!(scene.spoilt(|parts| parts.start_op = start), "bad_start_op", "{start}");
    }
}

/// The owner's own next change became a duplicate: wedged.
#[test]
fn another_devices_actor_is_refused_and_so_is_the_genesis() {
    let scene = scene();
    let victim = ActorId::from(scene.phone.actor);
    assert_eq!(scene.reworded(|change| (change.actor_id, change.seq) = (victim, 2)), "actor_taken");
    let nobody = ActorId::from(genesis_actor(scene.phone.index.header()));
    assert_eq!(scene.reworded(|change| (change.actor_id, change.seq) = (nobody, 2)), "genesis_actor");
}

/// Panicked in `apply_changes` and left the document mutated.
#[test]
fn sequence_gaps_and_repetitions_are_refused() {
    let scene = scene();
    for seq in [0, 1, 3, 4, u64::from(u32::MAX) + 2, u64::MAX] {
        assert_eq!(scene.spoilt(|parts| parts.seq = seq), "sequence", "{seq}");
    }
}

/// Queued silently, and kept by save.
#[test]
fn an_orphan_is_told_what_it_needs_and_never_queued() {
    let scene = scene();
    let unknown = Hash([7; 32]);
    let mut parts = Parts::of(&scene.next);
    parts.deps.push(unknown.0);
    parts.deps.sort_unstable();
    let raw = parts.encode();
    let verdict = scene.phone.index.examine(&raw, &scene.mallory.device).unwrap_err();
    assert_eq!(verdict, Verdict::Needs(vec![unknown]));
    assert_eq!(scene.phone.page.apply_checked(&[&raw]).unwrap_err().code.code(), "unsound");
}

#[test]
fn a_verdict_is_the_same_for_whoever_asks_again() {
    let scene = scene();
    let stranger: DeviceId = device("phone-9");
    assert_eq!(refusal(scene.phone.index.examine(&scene.next, &stranger)), "actor_taken");
    assert_eq!(refusal(scene.phone.index.examine(&scene.next, &stranger)), "actor_taken");
    assert!(scene.phone.index.examine(&scene.next, &scene.mallory.device).is_ok());
}
