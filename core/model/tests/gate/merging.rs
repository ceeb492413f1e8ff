//! Honest phones: what they write apart comes together, whatever the order of arrival.

use crate::crew::*;
use outpost_model::admission::{PageIndex, Verdict};
use outpost_model::page::{Page, PageFault};

#[test]
fn two_phones_that_begin_a_page_apart_merge_to_one() {
    let header = order("1");
    let (mut a, mut b) = (Phone::new(1, &header), Phone::new(2, &header));
    a.log(&[follow_up("一"), set("remark", "a")]);
    b.log(&[set("remark", "b")]);
    b.log(&[follow_up("二")]);
    a.pull(&b.clone());
    b.pull(&a);
    assert_eq!(a.heads(), b.heads());
    assert_eq!(a.values("remark"), ["a", "b"]);
    assert_eq!(b.values("remark"), ["b", "a"]);
    // A put that knew them all settles the conflict, even with a value that is already there.
    a.log(&[set("remark", "b")]);
    b.pull(&a);
    assert_eq!(b.values("remark"), ["b"]);
    assert_eq!(a.index.entries().len(), 5);
}

#[test]
fn a_page_reloads_from_its_snapshot_and_rebuilds_from_its_changes() {
    let header = order("1");
    let mut a = Phone::new(1, &header);
    for n in 0..20 {
        a.log(&[follow_up("n"), set("remark", &n.to_string())]);
    }
    let heads = a.heads();
    let loaded = Page::load(header.clone(), &a.page.snapshot(), &heads).unwrap();
    assert_eq!(loaded.heads(), heads);
    let mut raws = loaded.raws();
    raws.reverse();
    assert_eq!(Page::rebuild(header.clone(), &raws).unwrap().heads(), heads);
    assert_eq!(Page::rebuild(header.clone(), &raws[1..]).unwrap().heads().len(), 1);
    assert_eq!(Page::rebuild(header.clone(), &raws[..5]).unwrap_err(), PageFault::Incomplete);
    assert_eq!(Page::load(header, &a.page.snapshot(), &heads[1..]).unwrap_err(), PageFault::OtherHeads);
    assert!(matches!(Page::load(order("2"), &a.page.snapshot(), &heads), Err(PageFault::OtherPage)));
}

#[test]
fn a_snapshot_that_was_damaged_anywhere_is_an_error() {
    let header = order("1");
    let mut a = Phone::new(1, &header);
    a.log(&[follow_up("n"), set("remark", "x")]);
    let (heads, snapshot) = (a.heads(), a.page.snapshot());
    let load = |bytes: &[u8]| Page::load(header.clone(), bytes, &heads).map(|page| page.heads());
    assert_eq!(load(&snapshot), Ok(heads.clone()));
    for bit in 0..snapshot.len() * 8 {
        let mut damaged = snapshot.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(load(&damaged), Err(PageFault::Unreadable), "bit {bit}");
    }
    for length in 0..snapshot.len() {
        assert_eq!(load(&snapshot[..length]), Err(PageFault::Unreadable), "{length} bytes");
    }
    // What follows a document would be applied, or dropped, without a word.
    assert_eq!(load(&[&snapshot[..], &a.raws[0].0].concat()), Err(PageFault::Unreadable));
}

#[test]
fn a_replay_at_the_heads_that_were_seen_keeps_a_conflict_a_conflict() {
    let header = order("1");
    let (mut a, mut b) = (Phone::new(1, &header), Phone::new(2, &header));
    let first = a.log(&[set("remark", "first")]);
    b.pull(&a);
    a.log(&[set("remark", "second")]);
    let draft = b.draft(&[set("remark", "other")]);
    let mut page = a.page.clone();
    let written = page.write_at(actor(77), &[first.hash], &draft).unwrap();
    assert!(a.take(&written.raw, &b.device).unwrap());
    assert_eq!(a.values("remark"), ["second", "other"]);
    assert_eq!(a.page.at(&[first.hash]).unwrap().heads(), [first.hash]);
    assert!(matches!(a.page.at(&[]), Err(PageFault::NoHeads)));
}

#[test]
fn a_change_that_came_already_is_had_and_one_too_early_needs_the_others() {
    let header = order("1");
    let mut a = Phone::new(1, &header);
    let (first, second) = (a.log(&[follow_up("1")]), a.log(&[follow_up("2")]));
    let empty = PageIndex::new(header);
    assert_eq!(empty.examine(&second.raw, &a.device).unwrap_err(), Verdict::Needs(vec![first.hash]));
    assert_eq!(a.index.examine(&first.raw, &a.device).unwrap_err(), Verdict::AlreadyHad { hash: first.hash });
}
