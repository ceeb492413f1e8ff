//! Refused work stays on the phone, with its reason, to be read and carried out; and goes again, once, when what stood
//! in its way has changed.

use outpost_device::act::Act;
use outpost_model::command::Ask;
use outpost_model::fold::flag::FlagKind;
use outpost_model::policy::Policy;
use outpost_tests::company::call::{arrive, part, reached};
use outpost_tests::company::{Call, Company};
use serde_json::Value;

fn policy(company: &Company, change: impl FnOnce(&mut Policy)) -> Ask {
    let mut policy = (*company.relay().policy().unwrap()).clone();
    policy.version += 1;
    change(&mut policy);
    Ask::PutPolicy { policy: Box::new(policy) }
}

#[test]
fn an_order_that_policy_forbade_waits_in_quarantine_and_goes_once_policy_allows_it() {
    let company = Company::open();
    let mut wang = company.met("d-wang");
    company.desk("hq").ask(policy(&company, |policy| policy.self_open = false));
    let call = Call::new("WO-SELF", "steel");
    let act = Act::asking(call.open()).and(call.header(), call.register().into_iter().map(Into::into));
    wang.capture(act);
    let arrived = wang.log(call.visit("V1"), [arrive()])[0];
    let report = wang.sync();
    assert_eq!(report.tally.refused, 3);
    assert_eq!(wang.refused(), ["self_open_forbidden", "needs_refused", "needs_refused"]);

    // Shown, and carried out word for word.
    let state = wang.device().sync_state().unwrap();
    assert_eq!((state.refused, state.items.len()), (3, 0));
    let exported = String::from_utf8(wang.device().export_quarantine().unwrap()).unwrap();
    let lines: Vec<Value> = exported.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["action"], "open_order");
    assert!(lines.iter().all(|line| line["raw"].as_str().is_some_and(|raw| !raw.is_empty())));
    assert!(exported.contains(&arrived.to_string()));

    // Nothing has changed: nothing is tried again.
    let quiet = wang.sync().tally;
    assert_eq!((quiet.sent, quiet.replayed), (0, 0));
    let head = company.log_head();
    company.desk("hq").ask(policy(&company, |policy| policy.self_open = true));
    let report = wang.sync();
    assert_eq!((report.tally.replayed, report.tally.admitted, report.tally.refused), (3, 3, 0), "{report:?}");
    assert_eq!(company.log_head().0, head.0 + 4);
    wang.was_refused_nothing();
    let detail = wang.device().order(call.id()).unwrap().unwrap();
    assert!(detail.events.iter().any(|event| event.id == arrived), "the entry is the one that was captured");
    company.ends_well(&mut [&mut wang]);
}

#[test]
fn a_second_refusal_for_the_same_reason_is_not_tried_for_ever() {
    let company = Company::open();
    let mut wang = company.met("d-wang");
    company.desk("hq").ask(policy(&company, |policy| policy.self_open = false));
    wang.ask(Call::new("WO-SELF", "steel").open());
    wang.sync();
    // Another version, which still forbids it.
    company.desk("hq").ask(policy(&company, |policy| policy.sla.reply_hours = 12));
    let sent: u32 = (0..4).map(|_| wang.sync().tally.sent).sum();
    assert!(sent <= 1, "{sent}");
    assert_eq!(wang.refused(), ["self_open_forbidden"]);
    company.ends_well(&mut [&mut wang]);
}

#[test]
fn work_on_a_strangers_order_is_refused_and_goes_again_once_the_order_is_his() {
    let company = Company::open();
    let mut zhao = company.met("d-zhao");
    let call = company.dispatched("WO-1", "steel", "wang");
    // From Wuhan: neither his order nor his station's.
    zhao.log(call.visit("V1"), [arrive()]);
    zhao.log(call.visit("V1"), [part("P-1", 1)]);
    zhao.sync();
    assert_eq!(zhao.refused(), ["not_assigned", "not_assigned"]);
    assert_eq!(company.order(call.id()).visits, 0);
    company.desk("hq").ask(call.assign("zhao"));
    assert_eq!(zhao.sync().tally.replayed, 2);
    zhao.was_refused_nothing();
    assert_eq!(company.order(call.id()).visits, 1);
    company.ends_well(&mut [&mut zhao]);
}

#[test]
fn an_engineer_of_the_station_who_was_never_assigned_counts_and_is_flagged() {
    let company = Company::open();
    let (mut wang, mut sun) = (company.met("d-wang"), company.met("d-sun"));
    let call = company.dispatched("WO-1", "steel", "wang");
    wang.sync();
    sun.log(call.header(), [reached()]);
    sun.log(call.visit("V1"), [arrive(), part("P-1", 2)]);
    sun.sync();
    sun.was_refused_nothing();
    let facts = company.order(call.id());
    assert_eq!((facts.visits, facts.parts_amount), (1, 2_400));
    wang.sync();
    assert!(wang.flags(call.id()).contains(&FlagKind::Unassigned));
    company.ends_well(&mut [&mut wang, &mut sun]);
}
