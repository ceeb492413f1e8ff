//! Phones are lost, revoked, replaced, put back from a backup, and taken into a cellar before they ever had a network.

use outpost_device::report::Outcome;
use outpost_model::command::{Ask, RevokeReason};
use outpost_model::entry::VisitResult;
use outpost_model::fold::flag::FlagKind;
use outpost_tests::company::call::{arrive, leave, part};
use outpost_tests::company::{Call, Company, HOUR, MINUTE, device, user};

fn revoke(id: &str, reason: RevokeReason) -> Ask {
    Ask::Revoke { device: device(id), reason }
}

#[test]
fn a_revoked_phone_hears_so_at_the_sync_and_at_the_token_and_leaves_nothing() {
    let company = Company::open();
    let (mut li, mut zhou) = (company.met("d-li"), company.met("d-zhou"));
    let call = company.dispatched("WO-1", "steel", "li");
    li.sync();
    li.log(call.visit("V1"), [arrive()]);
    company.desk("hq").ask(revoke("d-li", RevokeReason::Lost));
    let head = company.log_head();
    // With a live leave the sync says it; without one the token route does.
    let seen = li.network.seen.len();
    assert_eq!(li.try_sync().outcome, Outcome::Revoked);
    // What it couldn't send it offers once; of a lost phone nothing is taken.
    assert_eq!(li.network.paths_since(seen), ["/v1/sync", "/v1/token/nonce", "/v1/hand-in"]);
    assert_eq!(li.network.seen.last().unwrap().status, Some(403));
    company.pass(HOUR);
    assert_eq!(li.try_sync().outcome, Outcome::Revoked);
    assert_eq!(li.network.seen.last().map(|seen| seen.call.path.as_str()), Some("/v1/token"));
    assert_eq!(li.network.seen.last().unwrap().status, Some(403));
    assert_eq!(company.log_head(), head);
    let state = li.device().sync_state().unwrap();
    assert!(state.revoked && state.items.len() == 1, "what he logged stays with him");
    // Capture still works: the phone is a notebook to the end.
    li.log(call.visit("V1"), [leave(VisitResult::Fixed)]);
    company.ends_well(&mut [&mut zhou]);
}

#[test]
fn a_lost_phone_is_replaced_and_its_owner_goes_on() {
    let company = Company::open();
    let (mut li, mut zhou) = (company.met("d-li"), company.met("d-zhou"));
    let call = company.dispatched("WO-1", "steel", "li");
    li.sync();
    li.log(call.visit("V1"), [arrive()]);
    li.sync();
    li.log(call.visit("V1"), [part("P-LOST", 9)]);
    let mut hq = company.desk("hq");
    hq.ask(revoke("d-li", RevokeReason::Lost));
    hq.ask(Ask::Enrol { device: device("d-li-2"), user: user("li") });

    let mut again = company.met("d-li-2");
    let facts = again.sees(call.id()).expect("everything that had arrived is there").facts;
    assert_eq!((facts.visits, facts.parts_amount), (1, 0));
    again.log(call.visit("V1"), [leave(VisitResult::Fixed)]);
    again.sign(call.visit("V1"), 4);
    assert_eq!(again.sync().tally.admitted, 2);
    // The thief tries.
    assert_eq!(li.try_sync().outcome, Outcome::Revoked);
    assert_eq!(company.order(call.id()).parts_amount, 0);
    company.ends_well(&mut [&mut again, &mut zhou]);
}

#[test]
fn a_phone_put_back_from_a_backup_loses_nothing_and_locks_nobody_out() {
    let company = Company::open();
    let (mut wang, mut zhou) = (company.met("d-wang"), company.met("d-zhou"));
    let call = company.dispatched("WO-1", "steel", "wang");
    wang.sync();
    wang.log(call.visit("V1"), [arrive()]);
    wang.sync();
    // Unsent when the copy was made, and sent after it.
    wang.log(call.visit("V1"), [part("P-1", 1)]);
    wang.phone.back_up().unwrap();
    wang.log(call.visit("V1"), [part("P-2", 1)]);
    wang.sync();
    let head = company.log_head();

    wang.phone.restore().unwrap();
    assert!(wang.device().sync_state().unwrap().restored, "the screen says so");
    // Before it has met the relay again, it writes on.
    let late = wang.log(call.visit("V1"), [part("P-3", 1)])[0];
    let report = wang.sync();
    assert_eq!((report.tally.refused, report.tally.unfit), (0, 0), "{report:?}");
    assert_eq!(company.log_head().0, head.0 + 1, "P-1 and P-2 are there once");
    wang.log(call.visit("V1"), [leave(VisitResult::Fixed)]);
    wang.sync();
    let facts = company.order(call.id());
    assert_eq!(facts.parts_amount, 3 * 1_200);
    let detail = wang.device().order(call.id()).unwrap().unwrap();
    let epoch = |id| detail.events.iter().find(|event| event.id == id).unwrap().entry.evidence.epoch;
    assert!(epoch(late) > 1, "another epoch of the counter");
    wang.was_refused_nothing();
    company.ends_well(&mut [&mut wang, &mut zhou]);
    // The same copy once more.
    wang.phone.restore().unwrap();
    wang.log(call.visit("V2"), [arrive()]);
    wang.sync();
    let detail = wang.device().order(call.id()).unwrap().unwrap();
    let epochs = detail.events.iter().map(|event| event.entry.evidence.epoch);
    assert_eq!(epochs.collect::<std::collections::BTreeSet<_>>().len(), 3);
    company.ends_well(&mut [&mut wang, &mut zhou]);
}

#[test]
fn a_phone_that_never_had_a_network_captures_at_once() {
    let company = Company::open();
    let mut zhou = company.met("d-zhou");
    let mut wang = company.phone("d-wang");
    let month = wang.month("2026-10");
    wang.log(month, [outpost_model::entry::Body::ClockIn { place: None }]);
    let call = Call::new("现场-7", "steel");
    wang.ask(call.open());
    wang.log(call.visit("V1"), [arrive(), part("P-1", 1)]);
    wang.sign(call.visit("V1"), 5);
    let state = wang.device().sync_state().unwrap();
    assert_eq!((state.kept, state.enrolled, state.last_contact), (4, false, None));
    assert_eq!(wang.device().orders().unwrap().len(), 1);

    company.pass(3 * HOUR);
    let report = wang.sync();
    assert_eq!((report.tally.admitted, report.tally.refused), (4, 0));
    let clocked = company.own_time(&user("wang")).clocked;
    assert_eq!(clocked.len(), 1);
    assert_eq!(company.order(call.id()).survey_score, Some(5));
    company.ends_well(&mut [&mut wang, &mut zhou]);
}

#[test]
fn a_clock_that_is_wrong_is_corrected_and_one_that_was_turned_is_doubted() {
    let company = Company::open();
    let (mut wang, mut zhou) = (company.phone("d-wang"), company.met("d-zhou"));
    wang.skew = 2 * HOUR;
    wang.sync();
    let call = company.dispatched("WO-1", "steel", "wang");
    wang.sync();
    wang.log(call.visit("V1"), [arrive()]);
    let truly = company.world.now();
    wang.sync();
    assert_eq!(company.order(call.id()).arrived_at, Some(truly));
    assert_eq!(wang.flags(call.id()), []);
    // He turns it back before he logs that he left.
    wang.skew = -HOUR;
    wang.log(call.visit("V1"), [leave(VisitResult::Fixed)]);
    company.pass(30 * MINUTE);
    wang.sync();
    assert_eq!(wang.flags(call.id()), [FlagKind::TimeSuspect]);
    company.ends_well(&mut [&mut wang, &mut zhou]);
}
