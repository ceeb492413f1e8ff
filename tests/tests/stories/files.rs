//! Strokes and photos go up after the text that names them, and are read with the right to its page.

use outpost_device::act::Act;
use outpost_device::store::blobs::BlobState;
use outpost_model::command::Ask;
use outpost_model::entry::Body;
use outpost_model::id::Hash;
use outpost_tests::company::call::arrive;
use outpost_tests::company::{Company, Trouble};

#[test]
fn strokes_follow_their_text_and_open_to_whoever_may_read_the_page() {
    let company = Company::open();
    let mut wang = company.met("d-wang");
    let call = company.dispatched("WO-1", "steel", "wang");
    wang.sync();
    let visit = call.visit("V1");
    wang.log(visit.clone(), [arrive()]);
    wang.sign(visit.clone(), 5);
    let strokes = b"M0 0L5 9";
    let hash = Hash::of(strokes);
    // The text arrives, the file doesn't.
    wang.network.expect("/v1/sync", Trouble::AnswerLost);
    wang.try_sync();
    assert_eq!(company.order(call.id()).survey_score, Some(5));
    let mut zhou = company.desk("zhou");
    assert_eq!(zhou.file(visit.page(), &hash).0, 404);
    let seen = wang.network.seen.len();
    assert_eq!(wang.sync().tally.files, 1);
    let paths = wang.network.paths_since(seen);
    // Text first, then headquarters' countersignature, which is small, then the file.
    assert_eq!((paths.len(), paths[0]), (3, "/v1/sync"), "{paths:?}");
    assert!(paths[1].contains("/signatures/") && paths[2].starts_with("/v1/blobs/"), "{paths:?}");

    assert_eq!(zhou.file(visit.page(), &hash), (200, strokes.to_vec()));
    assert_eq!(company.desk("chen").file(visit.page(), &hash).0, 200);
    assert_eq!(company.desk("zheng").file(visit.page(), &hash).0, 404, "another station's lead");
    assert_eq!(company.desk("zhao").file(visit.page(), &hash).0, 404);
    assert_eq!(zhou.file(call.id(), &Hash::of(b"another")).0, 404);
    company.ends_well(&mut [&mut wang]);
}

#[test]
fn a_photo_that_breaks_off_goes_again_and_survives_a_restart_of_the_relay() {
    let mut company = Company::open();
    let mut wang = company.met("d-wang");
    let call = company.dispatched("WO-1", "steel", "wang");
    wang.sync();
    let photo: Vec<u8> = [0xff, 0xd8, 0xff].into_iter().chain((0..200_000_u32).map(|n| (n % 251) as u8)).collect();
    let hash = Hash::of(&photo);
    let body = Body::Photo { blob: hash, caption: "铭牌".into() };
    wang.capture(Act::logging(call.visit("V1"), body).with_blob(photo.clone()));
    wang.network.expect("/v1/blobs", Trouble::RequestCut);
    wang.try_sync();
    let state = |hand: &mut outpost_tests::company::Hand| hand.device().sync_state().unwrap().files[0].state;
    assert_ne!(state(&mut wang), BlobState::Stored);
    wang.network.expect("/v1/blobs", Trouble::AnswerLost);
    wang.try_sync();
    company.reopen();
    wang.sync();
    assert_eq!(state(&mut wang), BlobState::Stored);
    assert_eq!(company.desk("zhou").file(call.visit("V1").page(), &hash), (200, photo));
    company.ends_well(&mut [&mut wang]);
}

#[test]
fn a_large_photo_goes_on_where_it_broke_off_and_is_erased_everywhere() {
    let mut company = Company::open();
    let mut wang = company.met("d-wang");
    let call = company.dispatched("WO-1", "steel", "wang");
    wang.sync();
    let photo: Vec<u8> = [0xff, 0xd8, 0xff].into_iter().chain((0..1_000_000_u32).map(|n| (n % 251) as u8)).collect();
    let hash = Hash::of(&photo);
    let body = Body::Photo { blob: hash, caption: "铭牌".into() };
    let visit = call.visit("V1");
    let captured = wang.capture(Act::logging(visit.clone(), body).with_blob(photo.clone()));
    let state = |hand: &mut outpost_tests::company::Hand| hand.device().sync_state().unwrap().files[0].state;
    for trouble in [Trouble::RequestLost, Trouble::AnswerLost] {
        for path in ["/v1/uploads", "/v1/uploads/"] {
            wang.network.expect(path, trouble);
            wang.try_sync();
            assert_ne!(state(&mut wang), BlobState::Stored);
        }
    }
    company.reopen();
    // Half a piece that looks whole.
    wang.network.expect("/v1/uploads/", Trouble::RequestCut);
    wang.sync();
    assert_eq!(state(&mut wang), BlobState::Stored);
    assert_eq!(company.desk("zhou").file(visit.page(), &hash), (200, photo));

    let target = captured.entries[0];
    let erase = Ask::EraseBlob { page: visit.page(), target, blob: hash, reason: "拍到了证件".into() };
    assert_eq!(company.desk("zhou").denied(erase.clone()).1, "not_allowed", "a lead doesn't erase");
    company.desk("hq").ask(erase);
    assert_eq!(company.desk("zhou").file(visit.page(), &hash).0, 410);
    wang.sync();
    assert_eq!((state(&mut wang), wang.device().file(&hash).unwrap()), (BlobState::Erased, None));
    company.ends_well(&mut [&mut wang]);
}
