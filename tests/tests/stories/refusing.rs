//! Refused work stays on the phone, with its reason, to be read and carried out; and goes again, once, when what stood
//! in its way has changed.

use outpost_device::act::Act;
use outpost_model::command::Ask;
use outpost_model::fold::flag::FlagKind;
use outpost_model::policy::Policy;
use outpost_tests::company::call::{arrive, part, reached};
use outpost_tests::company::{Call, Company, HOUR};
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
fn work_on_a_strangers_order_is_refused_goes_again_once_the_order_is_his_and_is_flagged() {
    let company = Company::open();
    let mut zhao = company.met("d-zhao");
    let call = company.dispatched("WO-1", "steel", "wang");
    // From Wuhan: neither his order nor his station's.
    let arrived = zhao.log(call.visit("V1"), [arrive()])[0];
    zhao.log(call.visit("V1"), [part("P-1", 1)]);
    zhao.sync();
    assert_eq!(zhao.refused(), ["not_assigned", "not_assigned"]);
    assert_eq!(company.order(call.id()).visits, 0);
    company.pass(HOUR);
    company.desk("hq").ask(call.assign("zhao"));
    assert_eq!(zhao.sync().tally.replayed, 2);
    zhao.was_refused_nothing();
    // It counts as what it was, at its time, and everybody sees that nobody had sent him by then.
    let facts = company.order(call.id());
    assert_eq!(facts.visits, 1);
    let detail = zhao.device().order(call.id()).unwrap().unwrap();
    assert!(detail.events.iter().any(|event| event.id == arrived), "the entry is the one that was captured");
    let flags: Vec<FlagKind> = facts.flags.iter().map(|flag| flag.kind).collect();
    assert_eq!(flags, [FlagKind::BeforeAssignment]);
    company.ends_well(&mut [&mut zhao]);
}

#[test]
fn a_trespasser_who_is_never_sent_stays_in_quarantine_whatever_else_is_decided() {
    let company = Company::open();
    let (mut zhao, mut wang) = (company.met("d-zhao"), company.met("d-wang"));
    let call = company.dispatched("WO-1", "steel", "wang");
    zhao.log(call.visit("V1"), [arrive()]);
    zhao.sync();
    assert_eq!(zhao.refused(), ["not_assigned"]);
    // The order goes to others, is closed and opened again, and policy changes: none of it is his.
    company.desk("hq").ask(call.assign("sun"));
    company.desk("hq").ask(call.close());
    company.desk("hq").ask(Ask::Reopen { order: call.id(), reason: "还漏油".into() });
    company.desk("hq").ask(policy(&company, |policy| policy.sla.reply_hours = 12));
    let sent: u32 = (0..3).map(|_| zhao.sync().tally.sent).sum();
    assert_eq!((sent, zhao.refused()), (0, vec!["not_assigned".to_owned()]));
    assert_eq!(company.order(call.id()).visits, 0);
    let exported = String::from_utf8(zhao.device().export_quarantine().unwrap()).unwrap();
    assert_eq!(exported.lines().count(), 1, "it can be carried out and shown to somebody");
    company.ends_well(&mut [&mut wang, &mut zhao]);
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
