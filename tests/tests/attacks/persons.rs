//! Reading what isn't his: strangers' orders, scopes, months and files, by every door that answers with content.

use crate::scene::scene;
use outpost_model::id::Hash;
use outpost_model::wire::{Drill, DrillReply, Item, frame, parse_frame};
use outpost_tests::wire::Mallory;

fn drilled(mallory: &Mallory, drill: &Drill) -> Result<DrillReply, u16> {
    match mallory.post("/v1/drill", &frame(drill), &[]) {
        (200, bytes) => Ok(parse_frame(&bytes).unwrap()),
        (status, _) => Err(status),
    }
}

#[test]
fn a_drill_tells_nothing_of_what_its_asker_may_not_see() {
    let scene = scene("d-zhao");
    let pages = vec![scene.call.id(), scene.call.visit("V1").page(), scene.wang.month("2026-10").page()];
    match drilled(&scene.mallory, &Drill::Rows(pages)) {
        Ok(DrillReply::Rows(items)) => assert_eq!(items, vec![]),
        other => panic!("{other:?}"),
    }
    for strange in ["lead:jinan", "user:wang", "tenant", "site:jinan", "devices", "", "'; drop table log; --"] {
        match drilled(&scene.mallory, &Drill::Buckets(strange.into())) {
            Ok(DrillReply::Buckets(sums)) => assert!(sums.iter().all(|sum| sum.0 == 0), "{strange}"),
            Ok(other) => panic!("{strange}: {other:?}"),
            Err(status) => assert!([403, 404].contains(&status), "{strange}: {status}"),
        }
        let all: Vec<u8> = (0..=255).collect();
        match drilled(&scene.mallory, &Drill::Pages(strange.into(), all.into())) {
            Ok(DrillReply::Pages(pages)) => assert_eq!(pages, vec![], "{strange}"),
            Ok(other) => panic!("{strange}: {other:?}"),
            Err(status) => assert!([403, 404].contains(&status), "{strange}: {status}"),
        }
    }
    scene.nothing_got_in();
    scene.goes_on();
}

#[test]
fn a_pull_brings_no_row_of_another_station_and_no_ones_time() {
    let mut scene = scene("d-zhao");
    let month = scene.wang.month("2026-10");
    scene.wang.log(month.clone(), [outpost_model::entry::Body::ClockIn { place: None }]);
    scene.wang.sync();
    let strange = [scene.call.id(), scene.call.visit("V1").page(), month.page()];
    let reply = scene.mallory.send().unwrap();
    let told = reply.items.iter().filter(|item| match item {
        Item::Granted(_, page, _) | Item::Withdrawn(_, page) => strange.contains(page),
        Item::Row(row) => strange.contains(&row.page),
    });
    assert_eq!(told.count(), 0);
    scene.goes_on();
}

#[test]
fn a_file_is_brought_and_read_only_with_its_pages_right() {
    let mut scene = scene("d-zhao");
    let visit = scene.call.visit("V1");
    scene.wang.sign(visit.clone(), 5);
    scene.wang.sync();
    let strokes = Hash::of(b"M0 0L5 9");
    let path = |hash: &Hash, page: &str| format!("/v1/blobs/{hash}?page={page}");
    let page = visit.page().to_string();
    for path in
        [path(&strokes, &page), path(&Hash::of(b"x"), &page), path(&strokes, "nonsense"), "/v1/blobs/..%2f..".into()]
    {
        for (status, body) in [scene.mallory.get(&path), scene.mallory.put(&path, b"x")] {
            assert!([400, 404].contains(&status), "{path}: {status}");
            assert!(!body.windows(8).any(|window| window == b"M0 0L5 9"));
        }
    }
    scene.goes_on();
}
