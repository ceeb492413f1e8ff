//! The network fails in every way that it knows: what was captured has one effect, and nobody types anything twice.

use outpost_device::report::Outcome;
use outpost_model::entry::VisitResult;
use outpost_model::fold::order::State;
use outpost_tests::company::call::{arrive, leave, part, reached};
use outpost_tests::company::{Company, HOUR, MINUTE, Trouble};

#[test]
fn an_answer_lost_after_the_relay_committed_leaves_one_effect() {
    let company = Company::open();
    let mut wang = company.met("d-wang");
    let call = company.dispatched("WO-1", "steel", "wang");
    wang.sync();
    wang.log(call.header(), [reached()]);
    wang.log(call.visit("V1"), [arrive(), part("P-1", 1)]);
    let before = company.log_head();
    wang.network.expect("/v1/sync", Trouble::AnswerLost);
    let report = wang.try_sync();
    assert!(matches!(report.outcome, Outcome::NoAnswer(_)), "{report:?}");
    let committed = company.log_head();
    assert_eq!(committed.0, before.0 + 2);
    assert_eq!(wang.device().sync_state().unwrap().items.len(), 2, "the phone can't know yet");

    // Life goes on meanwhile.
    wang.log(call.visit("V1"), [leave(VisitResult::Fixed)]);
    let report = wang.sync();
    assert_eq!((report.tally.already_had, report.tally.admitted), (2, 1));
    assert_eq!(company.log_head().0, committed.0 + 1);
    company.ends_well(&mut [&mut wang]);
}

#[test]
fn a_push_that_arrives_a_hundred_times_has_one_effect() {
    let company = Company::open();
    let mut wang = company.met("d-wang");
    let call = company.dispatched("WO-1", "steel", "wang");
    wang.sync();
    wang.ask(call_of_his_own().open());
    for n in 0..10 {
        wang.log(call.visit("V1"), [part(&format!("P-{n}"), 1)]);
    }
    let before = company.log_head();
    wang.network.expect("/v1/sync", Trouble::Repeated(100));
    let report = wang.sync();
    // A change sent again is already had; a command sent again is given the answer that it got.
    let tally = &report.tally;
    assert_eq!((tally.already_had, tally.admitted, tally.sent), (10, 1, 11));
    assert_eq!(company.log_head().0, before.0 + 11);
    assert_eq!(company.order(call.id()).parts_amount, 10 * 1_200);
    let after = company.log_head();
    wang.network.expect("/v1/sync", Trouble::Repeated(100));
    wang.sync();
    assert_eq!(company.log_head(), after);
    company.ends_well(&mut [&mut wang]);
}

fn call_of_his_own() -> outpost_tests::company::Call {
    outpost_tests::company::Call::new("WO-OWN", "paper")
}

#[test]
fn requests_and_answers_that_are_lost_or_cut_only_cost_another_try() {
    let company = Company::open();
    let mut wang = company.phone("d-wang");
    let call = company.dispatched("WO-1", "steel", "wang");
    // The whole way in: code, nonce, token, sync. Each call fails in each way before it works.
    let mut tries: i64 = 0;
    for path in ["/v1/enrol", "/v1/token/nonce", "/v1/token", "/v1/sync"] {
        for trouble in [Trouble::RequestLost, Trouble::RequestCut, Trouble::AnswerLost, Trouble::AnswerCut] {
            if (path, trouble) == ("/v1/enrol", Trouble::AnswerCut) {
                continue; // That it was a yes is all that the phone reads of this answer.
            }
            wang.log(call.visit("V1"), [part(&format!("P-{tries}"), 1)]);
            wang.network.expect(path, trouble);
            let report = wang.try_sync();
            assert!(!report.is_settled(), "{path} {trouble:?}: {report:?}");
            tries += 1;
        }
    }
    assert!(wang.sync().is_settled());
    wang.was_refused_nothing();
    assert_eq!(company.order(call.id()).parts_amount, tries * 1_200);
    company.ends_well(&mut [&mut wang]);
}

#[test]
fn a_leave_that_ran_out_is_renewed_without_anybody_noticing() {
    let company = Company::open();
    let mut wang = company.met("d-wang");
    let call = company.dispatched("WO-1", "steel", "wang");
    wang.sync();
    // His clock is a day behind: it mustn't matter to the leave.
    wang.skew = -24 * HOUR;
    company.pass(16 * MINUTE);
    wang.log(call.visit("V1"), [arrive()]);
    let seen = wang.network.seen.len();
    let report = wang.sync();
    assert_eq!(report.tally.admitted, 1);
    assert_eq!(wang.network.paths_since(seen), ["/v1/sync", "/v1/token", "/v1/sync"]);
    assert_eq!(wang.network.seen[seen].status, Some(401));

    // The renewal itself breaks off, twice.
    company.pass(16 * MINUTE);
    wang.log(call.visit("V1"), [leave(VisitResult::Fixed)]);
    wang.network.expect("/v1/token", Trouble::AnswerLost);
    assert!(!wang.try_sync().is_settled());
    wang.network.expect("/v1/token/nonce", Trouble::RequestLost);
    assert!(!wang.try_sync().is_settled());
    wang.sync();
    assert_eq!(company.order(call.id()).state, State::Finished);
    company.ends_well(&mut [&mut wang]);
}

#[test]
fn the_relay_restarts_between_two_syncs_and_nobody_has_to_begin_anew() {
    let mut company = Company::open();
    let (mut wang, mut zhou) = (company.met("d-wang"), company.met("d-zhou"));
    let call = company.dispatched("WO-1", "steel", "wang");
    wang.sync();
    wang.log(call.visit("V1"), [arrive()]);
    wang.sync();
    wang.log(call.visit("V1"), [part("P-1", 1)]);

    company.shut();
    let report = wang.try_sync();
    assert!(matches!(report.outcome, Outcome::NoAnswer(_)), "{report:?}");
    company.reopen();
    let seen = wang.network.seen.len();
    wang.sync();
    assert_eq!(wang.network.paths_since(seen), ["/v1/sync"], "the leave still holds");
    zhou.sync();
    assert_eq!(zhou.sees(call.id()).unwrap().facts.parts_amount, 1_200);
    company.ends_well(&mut [&mut wang, &mut zhou]);
}
