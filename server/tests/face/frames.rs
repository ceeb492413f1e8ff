//! Sync frames: what is malformed, too large or in disguise.

use super::house::{House, is};
use outpost_model::wire::{
    Drill, DrillReply, MAX_REQUEST, SyncReply, SyncRequest, checked_frame, frame, is_intact, parse_frame,
};
use std::io::Write;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

#[test]
fn a_frame_travels_packed_or_plain() {
    let house = House::new();
    let phone = house.phone("u-e1", "d-1");
    let bearer = format!("Bearer {}", phone.token());
    let plain = frame(&phone.idle());
    for (encoding, body) in
        [("identity", plain.clone()), ("gzip", gzip(&plain)), ("zstd", zstd::bulk::compress(&plain, 3).unwrap())]
    {
        let headers =
            [("authorization", bearer.as_str()), ("content-encoding", encoding), ("accept-encoding", encoding)];
        let answer = house.call("POST", "/v1/sync", &headers, body);
        assert_eq!((answer.status, answer.header("content-type")), (200, "application/cbor"), "{encoding}");
        let bytes = match answer.header("content-encoding") {
            "zstd" => zstd::decode_all(&answer.bytes[..]).unwrap(),
            "gzip" => {
                let mut out = Vec::new();
                std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&answer.bytes[..]), &mut out).unwrap();
                out
            }
            _ => answer.bytes.clone(),
        };
        let reply: SyncReply = parse_frame(&bytes).unwrap();
        assert!(reply.contact >= 1 && !reply.items.is_empty());
        // The people and stations of a first sync are worth packing.
        assert_eq!(answer.header("content-encoding"), if encoding == "identity" { "" } else { encoding });
    }
}

#[test]
fn what_isnt_a_frame_is_malformed() {
    let house = House::new();
    let phone = house.phone("u-e1", "d-1");
    let bearer = format!("Bearer {}", phone.token());
    let sync = |encoding: &str, body: Vec<u8>| {
        house.call("POST", "/v1/sync", &[("authorization", &bearer), ("content-encoding", encoding)], body).problem()
    };
    let good = frame(&phone.idle());
    assert_eq!(sync("identity", vec![]), is(400, "malformed_frame"));
    assert_eq!(sync("identity", b"{\"version\":1}".to_vec()), is(400, "malformed_frame"));
    assert_eq!(sync("identity", good[..good.len() - 1].to_vec()), is(400, "malformed_frame"));
    assert_eq!(sync("identity", [good.clone(), vec![0]].concat()), is(400, "malformed_frame"));
    assert_eq!(sync("zstd", good.clone()), is(400, "malformed_frame"));
    assert_eq!(sync("br", good), is(400, "malformed_frame"));
    // An array that says it has four billion items.
    assert_eq!(sync("identity", vec![0x9a, 0xff, 0xff, 0xff, 0xff]), is(400, "malformed_frame"));
    let other = SyncRequest { version: 9, ..phone.idle() };
    assert_eq!(sync("identity", frame(&other)), is(400, "version_unknown"));
}

/// Whatever single byte flips on the way, nothing of the frame is taken, and what comes back has its own check.
#[test]
fn a_frame_that_was_damaged_on_its_way_counts_for_nothing() {
    let house = House::new();
    let phone = house.phone("u-e1", "d-1");
    let bearer = format!("Bearer {}", phone.token());
    let sync = |body: Vec<u8>| house.call("POST", "/v1/sync", &[("authorization", &bearer)], body);
    let whole = checked_frame(&phone.idle());
    let answer = sync(whole.clone());
    assert!(answer.status == 200 && answer.bytes[0] == 0xb8 && is_intact(&answer.bytes));
    let mut told = 0;
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        let problem = sync(damaged).problem();
        told += usize::from(problem == is(400, "frame_damaged"));
        assert!(problem == is(400, "frame_damaged") || problem == is(400, "malformed_frame"), "byte {at}: {problem:?}");
    }
    assert!(told + 3 > whole.len(), "{told} of {}", whole.len());
}

#[test]
fn bombs_stop_at_the_limit() {
    let house = House::new();
    let phone = house.phone("u-e1", "d-1");
    let bearer = format!("Bearer {}", phone.token());
    let sync = |encoding: &str, body: Vec<u8>| {
        house.call("POST", "/v1/sync", &[("authorization", &bearer), ("content-encoding", encoding)], body).problem()
    };
    let zeros = vec![0; 64 << 20];
    assert_eq!(sync("gzip", gzip(&zeros)), is(413, "too_large"));
    assert_eq!(sync("zstd", zstd::bulk::compress(&zeros, 19).unwrap()), is(413, "too_large"));
    assert_eq!(sync("identity", vec![0; MAX_REQUEST + 1]), is(413, "too_large"));
}

#[test]
fn a_drill_answers_under_the_same_rules() {
    let house = House::new();
    let phone = house.phone("u-e1", "d-1");
    let bearer = format!("Bearer {}", phone.token());
    let drill = |body: Vec<u8>| house.call("POST", "/v1/drill", &[("authorization", &bearer)], body);
    let answer = drill(frame(&Drill::Buckets("all".into())));
    let DrillReply::Buckets(sums) = parse_frame(&answer.bytes).unwrap() else { panic!("no buckets") };
    assert_eq!(sums.len(), 256);
    assert_eq!(drill(vec![1]).problem(), is(400, "malformed_frame"));
}

#[test]
fn beyond_its_share_the_relay_says_when_to_come_again() {
    let house = House::with(|settings| settings.limits.syncs = 0);
    let phone = house.phone("u-e1", "d-1");
    let answer = phone.sync(&phone.token());
    assert_eq!(answer.problem(), is(503, "server_busy"));
    assert_eq!(answer.header("retry-after"), "2");
}
