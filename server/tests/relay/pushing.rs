//! Pushes: steps are judged in order, and each gets its own verdict.

use crate::company::*;
use crate::phone::{admitted, refused};
use crate::scopes::{reached, register, remark};
use outpost_model::command::Ask;
use outpost_model::entry::Body;
use outpost_model::header::{Header, Subject};
use outpost_model::id::CommandId;
use outpost_model::wire::{Verdict, What};
use outpost_server::clock::Clock;
use outpost_server::relay::{After, ConsoleAct, Heads};

#[test]
fn an_engineer_opens_an_order_and_works_on_it_in_one_push() {
    let company = Company::new();
    let mut phone = company.phone("d-e1");
    phone.sync();
    phone.ask(open("WO-1", "c-1"));
    phone.log(&order("WO-1"), &[register()]);
    phone.log(&visit("WO-1", "v1"), &[Body::Depart {}]);
    phone.log(&visit("WO-1", "v1"), &[Body::Arrive { place: None }]);
    let envelopes = phone.sync_admitted();
    let seqs: Vec<u64> = envelopes.iter().map(|envelope| envelope.admitted.unwrap().seq).collect();
    assert!(seqs.windows(2).all(|pair| pair[0] + 1 == pair[1]), "in order: {seqs:?}");
    let folds = company.relay.counts().folds.load(std::sync::atomic::Ordering::Relaxed);
    assert_eq!(folds, 1, "touched by four rows, folded once");
    company.verify();
}

#[test]
fn a_step_list_with_an_unreadable_step_refuses_that_step_and_what_needs_it() {
    let company = Company::new();
    let mut phone = company.phone("d-e1");
    phone.ask(open("WO-1", "c-1"));
    let bad = phone.step(vec![], What::Command("{}".into()));
    phone.log_needing(&order("WO-1"), &[register()], vec![bad]);
    phone.log(&month("u-e1"), &[Body::ClockIn { place: None }]);
    phone.push_raw(&order("WO-1"), vec![1, 2, 3], vec![]);
    let verdicts = phone.sync();
    admitted(&verdicts[0].verdict);
    assert_eq!(refused(&verdicts[1].verdict).code.0, "bad_command");
    assert_eq!(refused(&verdicts[2].verdict).code.0, "needs_refused");
    admitted(&verdicts[3].verdict);
    assert_eq!(refused(&verdicts[4].verdict).code.0, "bad_change");
    company.verify();
}

#[test]
fn what_rests_on_a_refused_change_is_refused_and_the_rest_of_the_page_is_not() {
    let company = Company::new();
    company.ask("u-clerk", open("WO-1", "c-1"));
    company.ask("u-lead", assign("WO-1", "u-e1"));
    let mut phone = company.phone("d-e1");
    phone.sync();
    phone.log(&order("WO-1"), &[reached()]);
    // Only who works on orders may log this; an engineer isn't asked to register calls elsewhere.
    phone.log(&order("WO-2"), &[reached()]);
    phone.log(&order("WO-2"), &[reached()]);
    phone.log(&order("WO-1"), &[remark("later")]);
    let verdicts = phone.sync();
    admitted(&verdicts[0].verdict);
    assert_eq!(refused(&verdicts[1].verdict).code.0, "order_unknown");
    assert_eq!(refused(&verdicts[2].verdict).code.0, "needs_refused");
    admitted(&verdicts[3].verdict);
    company.verify();
}

#[test]
fn changes_that_came_too_early_are_named() {
    let company = Company::new();
    company.ask("u-clerk", open("WO-1", "c-1"));
    company.ask("u-lead", assign("WO-1", "u-e1"));
    let mut phone = company.phone("d-e1");
    phone.sync();
    phone.log(&order("WO-1"), &[reached()]);
    phone.log(&order("WO-1"), &[reached()]);
    let early = phone.steps.remove(0);
    let verdicts = phone.sync();
    let What::Change(_, raw) = &early.what else { panic!() };
    let hash = outpost_model::wire::Content::Change(raw.clone()).hash();
    assert_eq!(verdicts[0].verdict, Verdict::Needs(vec![hash]));
}

#[test]
fn one_page_has_one_header_for_ever() {
    let company = Company::new();
    company.ask("u-clerk", open("WO-1", "c-1"));
    company.ask("u-lead", assign("WO-1", "u-e1"));
    let mut phone = company.phone("d-e1");
    phone.sync();
    let posing = Header::new(tenant(), Subject::Visit { id: named("WO-1"), order: named("WO-1") });
    phone.log(&posing, &[Body::Depart {}]);
    // Somebody's month isn't there yet, and its id can't be taken beforehand.
    let squatting = Header::new(tenant(), Subject::Visit { id: month("u-e3").page(), order: named("WO-1") });
    phone.log(&squatting, &[Body::Depart {}]);
    let id = month("u-e5").page();
    let Ask::Open { number, customer, asset, service_type, .. } = open("WO-9", "c-1") else { panic!() };
    phone.ask(Ask::Open { order: id, number, customer, asset, service_type });
    for step in phone.sync() {
        assert_eq!(refused(&step.verdict).code.0, "page_mismatch");
    }
    let mut other = company.phone("d-e3");
    other.log(&month("u-e3"), &[Body::ClockIn { place: None }]);
    other.sync_admitted();
    company.verify();
}

#[test]
fn a_later_decision_stands_and_the_stale_one_says_whose() {
    let company = Company::new();
    company.ask("u-clerk", open("WO-1", "c-1"));
    let mut lead = company.phone("d-lead");
    lead.sync();
    company.ask("u-hq", assign("WO-1", "u-e1"));
    lead.ask(assign("WO-1", "u-e3"));
    let verdicts = lead.sync();
    let stale = refused(&verdicts[0].verdict);
    assert_eq!((stale.code.0.as_str(), stale.by.clone()), ("superseded", Some(user("u-hq"))));
    lead.ask(assign("WO-1", "u-e3"));
    admitted(&lead.sync()[0].verdict);
    // The same outcome again is so already.
    lead.ask(assign("WO-1", "u-e3"));
    assert!(matches!(lead.sync()[0].verdict, Verdict::AlreadySo(_)));
    assert_eq!(company.denied("u-clerk", assign("WO-1", "u-e1")).name(), "not_allowed");
    company.verify();
}

#[test]
fn of_two_first_forms_at_the_console_the_second_is_told_whose_was_first() {
    let company = Company::new();
    company.ask("u-clerk", open("WO-1", "c-1"));
    let form = |by: &str, to: &str, after| {
        let ask = Some(assign("WO-1", to));
        let act = ConsoleAct { id: company.next_act(), ask, after, heads: Heads::default(), write: None };
        company.relay.act(&user(by), act)
    };
    // Neither form showed an assignment.
    let first = company.next_act();
    let act = ConsoleAct {
        id: first,
        ask: Some(assign("WO-1", "u-e1")),
        after: After::Nothing,
        heads: Heads::default(),
        write: None,
    };
    company.relay.act(&user("u-lead"), act).unwrap();
    let at = company.clock.now();
    company.clock.advance(60_000);
    let told = form("u-hq", "u-e3", After::Nothing).unwrap_err();
    assert_eq!((told.code.name(), told.by), ("superseded", Some((user("u-lead"), at))));
    // An id that nobody knows shows nothing either.
    let told = form("u-hq", "u-e3", After::Decision(company.next_act())).unwrap_err();
    assert_eq!(told.code.name(), "superseded");
    form("u-hq", "u-e3", After::Decision(first)).unwrap();
    company.verify();
}

#[test]
fn what_is_asked_after_something_that_was_so_already_is_not_stale() {
    let company = Company::new();
    company.ask("u-clerk", open("WO-1", "c-1"));
    let mut lead = company.phone("d-lead");
    lead.sync();
    // He assigns and reassigns offline, the second after the first; meanwhile headquarters has decided the first.
    let first = lead.command(assign("WO-1", "u-e1"));
    let mut second = lead.command(assign("WO-1", "u-e3"));
    second.after = Some(first.id);
    let mut third = lead.command(assign("WO-1", "u-e5"));
    third.after = Some(second.id);
    company.ask("u-hq", assign("WO-1", "u-e1"));
    let steps = |commands: [&outpost_model::command::Command; 2]| {
        commands.map(|command| What::Command(command.canonical().unwrap()))
    };
    for what in steps([&first, &second]) {
        lead.step(vec![], what);
    }
    let verdicts = lead.sync();
    assert!(matches!(verdicts[0].verdict, Verdict::AlreadySo(_)));
    admitted(&verdicts[1].verdict);
    // What somebody else decided after that stands all the same, also against what repeats it.
    company.ask("u-hq", assign("WO-1", "u-e1"));
    let mut repeated = lead.command(assign("WO-1", "u-e1"));
    repeated.after = Some(second.id);
    company.ask("u-hq", assign("WO-1", "u-e3"));
    lead.step(vec![], What::Command(third.canonical().unwrap()));
    assert_eq!(refused(&lead.sync()[0].verdict).code.0, "superseded");
    lead.step(vec![], What::Command(repeated.canonical().unwrap()));
    assert_eq!(refused(&lead.sync()[0].verdict).code.0, "superseded");
    company.verify();
}

#[test]
fn a_command_that_saw_what_was_never_admitted_is_refused() {
    let company = Company::new();
    company.ask("u-clerk", open("WO-1", "c-1"));
    let mut lead = company.phone("d-lead");
    lead.sync();
    let mut command = lead.command(close("WO-1"));
    command.heads = vec![outpost_model::id::Hash([9; 32])];
    lead.step(vec![], What::Command(command.canonical().unwrap()));
    assert_eq!(refused(&lead.sync()[0].verdict).code.0, "saw_unknown");
}

#[test]
fn a_phone_that_was_revoked_gets_nothing_in() {
    let company = Company::new();
    let mut phone = company.phone("d-e1");
    phone.sync();
    company.ask("u-hq", Ask::Revoke { device: device("d-e1"), reason: outpost_model::command::RevokeReason::Lost });
    phone.log(&month("u-e1"), &[Body::ClockIn { place: None }]);
    assert_eq!(phone.try_sync().unwrap_err().code.name(), "device_revoked");
    assert_eq!(company.relay.scopes_of(&device("d-e1")).unwrap_err().code.name(), "device_revoked");
    company.ask("u-hq", Ask::Enrol { device: device("d-e1"), user: user("u-e1") });
    phone.sync_admitted();
    company.verify();
}

#[test]
fn leased_numbers_are_nobody_elses() {
    let company = Company::new();
    let (mut first, mut second) = (company.phone("d-e1"), company.phone("d-e3"));
    let lease = Ask::LeaseNumbers { series: outpost_model::command::Series::Order, count: 10 };
    first.ask(lease.clone());
    second.ask(lease);
    first.sync_admitted();
    second.sync_admitted();
    first.ask(open("P000003", "c-1"));
    second.ask(open("P000004", "c-1"));
    first.sync_admitted();
    second.sync_admitted();
    let mut marks = Vec::new();
    company
        .relay
        .facts(|facts| {
            facts.each_order(|order| {
                marks.push(order.number);
                Ok(())
            })
        })
        .unwrap();
    assert_eq!(marks, ["P000003", "P000004"]);
    let mut hq = company.phone("d-hq");
    hq.sync();
    let pins = |name: &str| {
        let rows = hq.rows[&named(name)].values();
        rows.filter_map(|row| match &row.content {
            outpost_model::wire::Content::Decision(_, pins) => Some(pins.clone()),
            _ => None,
        })
        .collect::<String>()
    };
    assert!(!pins("P000003").contains("unleased"));
    assert!(pins("P000004").contains("number_unleased"), "a number from somebody else's block is kept, and marked");
    company.verify();
}

#[test]
fn a_request_out_of_form_is_denied_as_a_whole() {
    let company = Company::new();
    let mut phone = company.phone("d-e1");
    phone.log(&month("u-e1"), &[Body::ClockIn { place: None }]);
    let mut request = phone.request();
    request.version = 9;
    assert_eq!(company.relay.sync(&phone.device, request).unwrap_err().code.name(), "version_unknown");
    let mut request = phone.request();
    request.steps[0].needs = vec![7];
    assert_eq!(company.relay.sync(&phone.device, request).unwrap_err().code.name(), "bad_request");
    let mut request = phone.request();
    request.steps = vec![request.steps[0].clone(); 2];
    assert_eq!(company.relay.sync(&phone.device, request).unwrap_err().code.name(), "bad_request");
    let ask = CommandId::derived(&["x"]);
    assert_eq!(
        company.relay.sync(&device(&format!("d-{ask}")), phone.request()).unwrap_err().code.name(),
        "device_unknown"
    );
}
