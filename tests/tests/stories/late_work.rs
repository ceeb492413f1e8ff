//! Work that arrives late, or from where nobody expected it: it is taken, counted, and marked where it must be.

use outpost_model::entry::VisitResult;
use outpost_model::fold::flag::FlagKind;
use outpost_model::fold::order::State;
use outpost_tests::company::call::{arrive, leave, part, reached};
use outpost_tests::company::{Call, Company, DAY, HOUR, user};

#[test]
fn a_signature_that_arrives_after_the_closing_clears_the_flag() {
    let company = Company::open();
    let (mut wang, mut chen) = (company.met("d-wang"), company.met("d-chen"));
    let call = company.dispatched("WO-1", "steel", "wang");
    wang.sync();
    wang.log(call.visit("V1"), [arrive()]);
    wang.sync();
    wang.log(call.visit("V1"), [leave(VisitResult::Fixed)]);
    wang.sign(call.visit("V1"), 5);
    company.pass(HOUR);
    chen.sync();
    chen.ask(call.close());
    chen.sync();
    assert!(chen.flags(call.id()).contains(&FlagKind::ClosedUnsigned));

    company.pass(DAY);
    let report = wang.sync();
    assert_eq!((report.tally.admitted, report.tally.refused), (2, 0), "late work is taken");
    chen.sync();
    assert_eq!(chen.flags(call.id()), []);
    let facts = company.order(call.id());
    assert_eq!((facts.state, facts.survey_score), (State::Closed, Some(5)));
    company.ends_well(&mut [&mut wang, &mut chen]);
}

#[test]
fn an_order_that_an_engineer_opened_without_a_network_is_his_and_says_so() {
    let company = Company::open();
    let (mut wang, mut zhou) = (company.met("d-wang"), company.met("d-zhou"));
    let call = Call::new("现场-1", "paper");
    wang.ask(call.open());
    wang.log(call.header(), call.register());
    wang.log(call.visit("V1"), [arrive(), leave(VisitResult::Fixed)]);
    let item = wang.sees(call.id()).unwrap();
    assert!(item.provisional && item.mine);
    company.pass(2 * HOUR);
    wang.sync();
    zhou.sync();
    let facts = zhou.sees(call.id()).unwrap().facts;
    assert_eq!((facts.engineer, facts.state), (Some(user("wang")), State::Finished));
    assert_eq!(zhou.flags(call.id()), [FlagKind::SelfOpened]);
    company.ends_well(&mut [&mut wang, &mut zhou]);
}

#[test]
fn after_the_closing_a_former_engineer_keeps_what_he_wrote_and_nothing_else() {
    let company = Company::open();
    let (mut wang, mut li, mut sun) = (company.met("d-wang"), company.met("d-li"), company.met("d-sun"));
    let call = company.dispatched("WO-1", "steel", "wang");
    let mut zhou = company.desk("zhou");
    zhou.ask(call.helper("sun"));
    for hand in [&mut wang, &mut sun] {
        hand.sync();
    }
    wang.log(call.visit("V1"), [arrive()]);
    wang.sync();
    zhou.ask(call.assign("li"));
    zhou.ask(outpost_model::command::Ask::RemoveHelper { order: call.id(), helper: user("sun") });
    for hand in [&mut wang, &mut li, &mut sun] {
        hand.sync();
    }
    li.log(call.visit("V2"), [arrive(), leave(VisitResult::Fixed)]);
    li.sync();
    wang.sync();
    sun.sync();
    assert!(sun.sees(call.id()).is_some(), "whoever was on it keeps it until it is closed");
    // Still writable for him, and late.
    wang.log(call.visit("V1"), [part("P-1", 1)]);
    company.desk("chen").ask(call.close());
    let report = wang.sync();
    assert_eq!(report.tally.admitted, 1, "what was on its way goes first");
    let report = sun.sync();
    assert!(report.tally.withdrawn > 0, "{report:?}");
    assert_eq!(sun.sees(call.id()), None);
    let own = wang.device().export_page(call.visit("V1").page()).unwrap();
    assert!(String::from_utf8(own).unwrap().lines().count() >= 3, "his own page, header and changes");
    assert_eq!(company.order(call.id()).parts_amount, 1_200);
    company.ends_well(&mut [&mut wang, &mut li, &mut sun]);
}

#[test]
fn a_phone_that_was_away_for_weeks_brings_everything_in_the_order_in_which_it_happened() {
    let company = Company::open();
    let mut wang = company.met("d-wang");
    let call = company.dispatched("WO-1", "steel", "wang");
    wang.sync();
    wang.log(call.header(), [reached()]);
    for visit in 0..5 {
        company.pass(DAY);
        let page = call.visit(&format!("V{visit}"));
        wang.log(page.clone(), [arrive()]);
        company.pass(2 * HOUR);
        wang.log(page, [part("P-1", 1), leave(if visit < 4 { VisitResult::FollowUp } else { VisitResult::Fixed })]);
    }
    company.pass(20 * DAY);
    let report = wang.sync();
    assert_eq!(report.tally.admitted, 11);
    let facts = company.order(call.id());
    assert_eq!((facts.visits, facts.state, facts.first_time_fix), (5, State::Finished, false));
    assert_eq!(facts.labour_minutes, 5 * 121);
    assert_eq!(wang.flags(call.id()), []);
    company.ends_well(&mut [&mut wang]);
}
