//! Attacks on the scan: bytes that stand for more than they are, or are no change at all.

use super::scene;
use crate::mutator::parts::{self, Parts};
use outpost_model::page::{genesis, limits};

/// 104 to 122 bytes that stood for 10⁶ to 10⁹ operations: minutes, or an abort.
#[test]
fn runs_that_stand_for_a_billion_operations_are_refused_before_they_are_expanded() {
    let scene = scene();
    let billion = 1_000_000_000;
    let cases = [
        (parts::ACTION, parts::run(billion, 1), "too_many_operations"),
        (parts::ACTION, parts::run(i64::MAX, 1), "too_many_operations"),
        (parts::ACTION, parts::run(i64::MIN, 1), "too_many_operations"),
        (parts::ACTION, [0, 0xff, 0xff, 0xff, 0xff, 0xf].to_vec(), "not_a_put"),
        (parts::KEY, [parts::run(billion, 1), vec![b'k']].concat(), "malformed"),
        (parts::VALUE_KIND, parts::run(billion, 6), "malformed"),
        (parts::OBJ_OP, parts::run(billion, 1), "malformed"),
        (parts::OBJ_ACTOR, parts::run(billion, 1), "malformed"),
        (parts::INSERT, vec![0xff, 0xff, 0xff, 0xff, 7], "not_a_put"),
        (parts::PRED_COUNT, parts::run(3, billion as u64), "too_many_predecessors"),
        (parts::PRED_COUNT, parts::run(3, u64::MAX), "too_many_predecessors"),
        (parts::PRED_ACTOR, parts::run(billion, 0), "too_many_predecessors"),
        (parts::PRED_OP, parts::run(billion, 1), "too_many_predecessors"),
    ];
    for (column, bytes, code) in cases {
        assert_eq!(scene.spoilt(|parts| *parts.column(column) = bytes), code, "column {column:#x}");
    }
}

/// A key's declared length made the decoder allocate a gigabyte.
#[test]
fn lengths_that_promise_more_than_there_is_are_refused() {
    let scene = scene();
    let mut long_key = vec![0x7f];
    parts::unsigned(&mut long_key, 1_000_000_000);
    assert_eq!(scene.spoilt(|parts| *parts.column(parts::KEY) = long_key), "malformed");
    assert_eq!(scene.spoilt(|parts| parts.column(parts::VALUE).truncate(9)), "malformed");
    let kind = parts::run(3, (1 << 40) | 6);
    assert_eq!(scene.spoilt(|parts| *parts.column(parts::VALUE_KIND) = kind), "too_large");
    let body = |count: u64| {
        let mut body = Vec::new();
        parts::unsigned(&mut body, count);
        parts::chunk(1, &body)
    };
    assert_eq!(scene.judge(&body(u64::MAX)), "too_many_dependencies");
    assert_eq!(scene.judge(&body(0)), "too_many_dependencies");
    assert_eq!(scene.judge(&body(64)), "malformed");
}

/// One megabyte became one gigabyte, inflated before the checksum was looked at.
#[test]
fn nothing_deflated_is_ever_inflated() {
    let scene = scene();
    assert_eq!(scene.judge(&parts::chunk(2, &[0; 1_000])), "not_a_change");
    for place in 0..9 {
        assert_eq!(scene.spoilt(|parts| parts.columns[place].0 |= 8), "unknown_column");
    }
}

/// 3,562 of 30,000 such changes were accepted; stored, they vanished at the next load.
#[test]
fn every_flipped_bit_is_noticed() {
    let scene = scene();
    for bit in 0..scene.next.len() * 8 {
        let mut raw = scene.next.clone();
        raw[bit / 8] ^= 1 << (bit % 8);
        let code = scene.judge(&raw);
        assert!(["checksum", "not_a_change", "malformed", "too_large"].contains(&code), "bit {bit}: {code}");
    }
    for length in 0..scene.next.len() {
        assert!(["malformed", "not_a_change"].contains(&scene.judge(&scene.next[..length])), "{length} bytes");
    }
    assert_eq!(scene.judge(&[&scene.next[..], &[0]].concat()), "malformed");
    assert_eq!(scene.judge(&vec![0; limits::CHANGE_BYTES + 1]), "too_large");
}

/// Panics and hangs.
#[test]
fn documents_and_bundles_are_refused() {
    let scene = scene();
    assert_eq!(scene.judge(&scene.phone.page.snapshot()), "not_a_change");
    for (kind, code) in [(0, "not_a_change"), (3, "not_a_change"), (4, "not_a_change"), (255, "not_a_change")] {
        assert_eq!(scene.spoilt(|parts| parts.chunk = kind), code);
    }
    assert_eq!(scene.judge(&genesis(scene.phone.index.header())), "too_many_dependencies");
    assert_eq!(scene.judge(b"sync"), "not_a_change");
    assert_eq!(scene.judge(b""), "malformed");
}

/// An author footer at sequence 2 panicked.
#[test]
fn times_messages_and_footers_have_no_place() {
    let scene = scene();
    assert_eq!(scene.spoilt(|parts| parts.time = 1), "annotated");
    assert_eq!(scene.spoilt(|parts| parts.time = i64::MIN), "annotated");
    assert_eq!(scene.spoilt(|parts| parts.message = b"hello".to_vec()), "annotated");
    assert_eq!(scene.spoilt(|parts| parts.footer = vec![1, 2, b'm', b'e']), "annotated");
}

#[test]
fn one_content_has_one_spelling() {
    let scene = scene();
    let unused = vec![0xff; 16];
    assert_eq!(scene.spoilt(|parts| parts.others.push(unused)), "not_canonical");
    assert_eq!(scene.spoilt(|parts| parts.deps.reverse()), "not_canonical");
    assert_eq!(scene.spoilt(|parts| parts.deps = vec![parts.deps[0]; 2]), "not_canonical");
    // Three puts in two runs instead of one.
    let split = [parts::run(1, 1), parts::run(2, 1)].concat();
    assert_eq!(scene.spoilt(|parts| *parts.column(parts::ACTION) = split), "not_canonical");
    let literal = vec![0x7d, 1, 1, 1];
    assert_eq!(scene.spoilt(|parts| *parts.column(parts::ACTION) = literal), "not_canonical");
    let padded = vec![0x83, 0, 1];
    assert_eq!(scene.spoilt(|parts| *parts.column(parts::ACTION) = padded), "malformed");
    assert_eq!(scene.spoilt(|parts| parts.columns.swap(0, 1)), "unknown_column");
    assert_eq!(scene.spoilt(|parts| parts.columns.push((0x73, vec![]))), "unknown_column");
    let length = scene.next[9];
    assert!(length >= 0x80, "two bytes of length");
    let body = Parts::of(&scene.next).body();
    let mut padded = vec![1, body.len() as u8 | 0x80, (body.len() >> 7) as u8 | 0x80, 0];
    padded.extend(&body);
    assert_eq!(scene.judge(&parts::seal(&padded)), "malformed");
}

#[test]
fn actors_are_sixteen_bytes() {
    let scene = scene();
    for length in [0, 15, 17, 20, 21] {
        assert_eq!(scene.spoilt(|parts| parts.actor = vec![9; length]), "bad_actor", "{length}");
        assert_eq!(scene.spoilt(|parts| parts.others[0] = vec![9; length]), "bad_actor", "{length}");
    }
}
