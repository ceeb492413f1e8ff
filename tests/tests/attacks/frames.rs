//! Frames that aren't frames, that are too large, or that stand for more than they are.

use crate::scene::scene;
use flate2::Compression;
use flate2::write::GzEncoder;
use outpost_model::wire::{Cursor, MAX_REQUEST, Step, What, frame};
use outpost_tests::wire::{Mallory, code, nobodys_page, words};
use std::io::Write;

fn is(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

fn command(n: usize) -> What {
    What::Command(format!("command {n}"))
}

fn steps(mallory: &mut Mallory, steps: impl IntoIterator<Item = (u32, Vec<u32>)>) -> (u16, String) {
    mallory.steps = steps.into_iter().map(|(no, needs)| Step { no, needs, what: command(no as usize) }).collect();
    code(mallory.send())
}

#[test]
fn what_is_no_frame_is_told_so() {
    let mut scene = scene("d-zhao");
    let honest = frame(&scene.mallory.request());
    let mut cases: Vec<Vec<u8>> = vec![b"".to_vec(), b"null".to_vec(), vec![0xff; 64], b"{\"version\":1}".to_vec()];
    cases.extend((1..honest.len()).step_by(7).map(|end| honest[..end].to_vec()));
    cases.push([honest.as_slice(), &[0]].concat());
    // A map that promises more keys, an array that promises a billion steps, a text without end.
    cases.push(vec![0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    cases.push(vec![0xa1, 0x07, 0x9b, 0, 0, 0, 0, 0x3b, 0x9a, 0xca, 0]);
    cases.push(vec![0xa1, 0x09, 0x7b, 0, 0, 0, 1, 0, 0, 0, 0]);
    // Brackets within brackets, ten thousand deep.
    cases.push(vec![0x81; 10_000]);
    for bytes in cases {
        assert_eq!(code(scene.mallory.bytes(&bytes, "identity")), is(400, "malformed_frame"), "{bytes:02x?}");
    }
    let mut request = scene.mallory.request();
    request.version = 2;
    assert_eq!(code(scene.mallory.sync(&request)), is(400, "version_unknown"));
    scene.nothing_got_in();
    scene.goes_on();
}

#[test]
fn keys_that_nobody_knows_are_skipped_so_that_newer_phones_are_understood() {
    let mut scene = scene("d-zhao");
    let mut bytes = frame(&scene.mallory.request());
    // A short map gets one key more: 99 → "from the future".
    assert!((0xa1..0xb7).contains(&bytes[0]), "{:#x}", bytes[0]);
    bytes[0] += 1;
    bytes.extend([0x18, 99, 0x6f]);
    bytes.extend(b"from the future");
    assert!(scene.mallory.bytes(&bytes, "identity").is_ok());
    scene.goes_on();
}

#[test]
fn bombs_stop_at_the_limit() {
    let scene = scene("d-zhao");
    let zeros = vec![0_u8; 64 << 20];
    let zstd = zstd::bulk::compress(&zeros, 19).unwrap();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&zeros).unwrap();
    let gzip = gzip.finish().unwrap();
    assert!(zstd.len() < 10_000 && gzip.len() < 100_000);
    assert_eq!(code(scene.mallory.bytes(&zstd, "zstd")), is(413, "too_large"));
    assert_eq!(code(scene.mallory.bytes(&gzip, "gzip")), is(413, "too_large"));
    // A window of two gigabytes, asked for in a header of six bytes.
    let window = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x01, 0x00, 0x00];
    assert_eq!(code(scene.mallory.bytes(&window, "zstd")), is(400, "malformed_frame"));
    for encoding in ["br", "deflate", "zstd, zstd"] {
        assert_eq!(code(scene.mallory.bytes(&zstd, encoding)).0, 400, "{encoding}");
    }
    assert_eq!(code(scene.mallory.bytes(b"no gzip", "gzip")), is(400, "malformed_frame"));
    scene.nothing_got_in();
    scene.goes_on();
}

#[test]
fn pushes_over_the_limits_are_told_to_come_in_parts() {
    let mut scene = scene("d-zhao");
    let too_large = is(413, "too_large");
    assert_eq!(steps(&mut scene.mallory, (1..=2_001).map(|no| (no, vec![]))), too_large);
    let mut request = scene.mallory.request();
    request.pages = vec![String::new(); 1_001];
    assert_eq!(code(scene.mallory.sync(&request)), too_large);
    request.pages = vec!["x".repeat(MAX_REQUEST)];
    assert_eq!(code(scene.mallory.sync(&request)), too_large);
    scene.nothing_got_in();
    // Two thousand are taken up, each with its own answer.
    scene.mallory.steps = (1..=2_000).map(|no| Step { no, needs: vec![], what: command(no as usize) }).collect();
    let reply = scene.mallory.send().unwrap();
    assert_eq!(reply.verdicts.len(), 2_000);
    assert!(words(&reply).iter().all(|word| word == "bad_command"));
    scene.nothing_got_in();
    scene.goes_on();
}

#[test]
fn steps_are_numbered_once_in_rising_order_and_rest_on_earlier_ones() {
    let mut scene = scene("d-zhao");
    let bad = is(400, "bad_request");
    for order in [
        vec![(1, vec![]), (1, vec![])],
        vec![(2, vec![]), (1, vec![])],
        vec![(1, vec![1])],
        vec![(1, vec![2]), (2, vec![])],
        vec![(1, vec![2]), (2, vec![1])],
        vec![(5, vec![u32::MAX])],
        vec![(9, (0..2_001).map(|need| need % 9).collect())],
    ] {
        assert_eq!(steps(&mut scene.mallory, order.clone()), bad, "{order:?}");
    }
    scene.nothing_got_in();
    scene.goes_on();
}

#[test]
fn a_cursor_that_the_relay_never_gave_makes_it_begin_anew_and_tells_nothing_more() {
    let mut scene = scene("d-zhao");
    let honest = scene.mallory.send().unwrap();
    let all = honest.items.len();
    let cursors = [
        Cursor { epoch: 1, seq: u64::MAX, chain: [0; 16], backfill: None, mac: None },
        Cursor { epoch: u32::MAX, seq: 0, chain: [9; 16], backfill: None, mac: None },
        Cursor { chain: [9; 16], ..honest.cursor.clone() },
        Cursor { seq: honest.cursor.seq - 1, ..honest.cursor.clone() },
        Cursor { seq: i64::MAX as u64 + 1, ..honest.cursor.clone() },
        Cursor { backfill: Some((nobodys_page(), u64::MAX)), chain: [1; 16], ..honest.cursor.clone() },
    ];
    for cursor in cursors {
        let mut request = scene.mallory.request();
        request.cursor = Some(cursor.clone());
        let reply = scene.mallory.sync(&request).unwrap_or_else(|problem| panic!("{cursor:?}: {problem:?}"));
        assert!(reply.offer_all, "{cursor:?}");
        assert_eq!(reply.items.len(), all, "{cursor:?}");
    }
    // A place in a backfill, made up: at most what is his anyway.
    let mut request = scene.mallory.request();
    request.cursor = Some(Cursor { backfill: Some((scene.call.id(), 0)), ..honest.cursor.clone() });
    let reply = scene.mallory.sync(&request).unwrap();
    let strangers = reply.items.iter().filter(|item| match item {
        outpost_model::wire::Item::Row(row) => row.page == scene.call.id(),
        outpost_model::wire::Item::Granted(_, page, _) => *page == scene.call.id(),
        outpost_model::wire::Item::Withdrawn(..) => false,
    });
    assert_eq!(strangers.count(), 0);
    scene.nothing_got_in();
    scene.goes_on();
}

#[test]
fn numbers_at_the_edge_of_what_fits_harm_nobody() {
    let mut scene = scene("d-zhao");
    for number in [0, u64::MAX, i64::MAX as u64, i64::MAX as u64 + 1] {
        let mut request = scene.mallory.request();
        (request.captured, request.sends, request.epoch, request.unsent) = (number, number, u32::MAX, u32::MAX);
        request.clock = outpost_model::time::Millis(number as i64);
        request.app = "x".repeat(20_000);
        assert!(scene.mallory.sync(&request).is_ok(), "{number}");
    }
    scene.nothing_got_in();
    scene.goes_on();
}
