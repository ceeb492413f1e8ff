//! Decisions cross: stale forms, two leads at once, a phone against the console. Nothing is overturned unseen, and
//! whoever comes second hears who was first, and when.

use outpost_device::views::DecisionState;
use outpost_model::command::Ask;
use outpost_model::entry::Body;
use outpost_model::id::{EntryId, Hash};
use outpost_model::time::Day;
use outpost_server::relay::{After, ConsoleAct, ConsoleWrite, Heads};
use outpost_tests::company::call::set;
use outpost_tests::company::{Company, Desk, HOUR, Hand, user};
use serde_json::json;

/// A request for leave that the relay has.
fn request(wang: &mut Hand) -> (outpost_model::id::PageId, EntryId) {
    let day = |text| Day::parse(text).unwrap();
    let (from, to) = (day("2026-10-12"), day("2026-10-13"));
    let leave = Body::RequestLeave { leave: "annual".into(), from, to, reason: "探亲".into() };
    let page = wang.month("2026-10");
    let entry = wang.log(page.clone(), [leave])[0];
    wang.sync();
    (page.page(), entry)
}

fn decide((page, leave): (outpost_model::id::PageId, EntryId), approve: bool, reason: &str) -> Ask {
    Ask::DecideLeave { page, leave, approve, reason: reason.into() }
}

#[test]
fn a_stale_form_is_told_so_and_a_fresh_one_is_taken() {
    let company = Company::open();
    let call = company.dispatched("WO-1", "steel", "wang");
    let (mut chen, mut zhou) = (company.desk("chen"), company.desk("zhou"));
    let answer = chen.act(None, Some((call.header(), vec![set("remark", "周五前")])));
    let shown: Hash = serde_json::from_value(answer["written"]["hash"].clone()).unwrap();
    zhou.log(call.header(), vec![set("remark", "下周一")]);

    let mut form = chen.form(None, None);
    let entries = vec![(None, set("remark", "周六"))];
    form.write = Some(ConsoleWrite { header: call.header(), entries, seen: Heads::These(vec![shown]) });
    let (status, answer) = chen.send(&form);
    assert_eq!((status, &answer["code"]), (409, &json!("stale_form")));
    assert_eq!((&answer["detail"], &answer["by"]), (&json!("remark"), &json!("zhou")));
    assert!(answer["at"].is_i64(), "{answer}");
    assert_eq!(company.order(call.id()).fields["remark"], ["下周一"]);

    // Another field of the same page is nobody's news.
    let entries = vec![(None, set("phone", "0531-1"))];
    form = chen.form(None, None);
    form.write = Some(ConsoleWrite { header: call.header(), entries, seen: Heads::These(vec![shown]) });
    assert_eq!(chen.send(&form).0, 200);
    chen.log(call.header(), vec![set("remark", "周六")]);
    assert_eq!(company.order(call.id()).fields["remark"], ["周六"]);
    company.ends_well(&mut []);
}

#[test]
fn of_two_leads_who_decide_one_leave_apart_the_second_hears_who_was_first_and_when() {
    let company = Company::open();
    let (mut wang, mut zhou, mut wu) = (company.met("d-wang"), company.met("d-zhou"), company.met("d-wu"));
    let leave = request(&mut wang);
    zhou.sync();
    wu.sync();
    zhou.ask(decide(leave, true, "同意"));
    let decided_at = company.world.now();
    wu.ask(decide(leave, false, "人手不够"));
    company.pass(HOUR);
    zhou.sync();
    wu.sync();

    let reason = match wu.device().decisions().unwrap().remove(0).state {
        DecisionState::Refused(reason) => reason,
        other => panic!("{other:?}"),
    };
    assert_eq!((reason.code.as_str(), reason.by, reason.at), ("superseded", Some(user("zhou")), Some(decided_at)));
    wang.sync();
    assert_eq!(wang.device().own_time(&user("wang")).unwrap().leaves[0].approved, Some(true));
    // Now that he knows, he may still overrule it.
    wu.ask(decide(leave, false, "人手不够"));
    assert_eq!(wu.sync().tally.admitted, 1);
    company.ends_well(&mut [&mut wang, &mut zhou, &mut wu]);
    assert_eq!(wang.device().own_time(&user("wang")).unwrap().leaves[0].approved, Some(false));
    assert_eq!(wu.refused(), ["superseded"], "what was refused stays to be read");
}

#[test]
fn a_form_at_the_console_decides_only_over_what_it_showed() {
    let company = Company::open();
    let mut wang = company.met("d-wang");
    let leave = request(&mut wang);
    let (mut zhou, mut wu) = (company.desk("zhou"), company.desk("wu"));
    // Both look at a request that nobody has decided.
    let form = |desk: &mut Desk, approve, after| {
        let form = desk.form(Some(decide(leave, approve, "")), None);
        ConsoleAct { after, ..form }
    };
    let first = form(&mut zhou, true, After::Nothing);
    let second = form(&mut wu, false, After::Nothing);
    assert_eq!(zhou.send(&first).0, 200);
    let at = company.world.now();
    company.pass(HOUR);
    let (status, answer) = wu.send(&second);
    assert_eq!((status, &answer["code"], &answer["by"]), (409, &json!("superseded"), &json!("zhou")));
    assert_eq!(answer["at"], at.0);
    // His next form shows what Zhou decided.
    let third = form(&mut wu, false, After::Decision(first.id));
    assert_eq!(wu.send(&third).0, 200);
    // The same form sent twice, as by a double click, has one effect and one answer.
    let head = company.log_head();
    assert_eq!(wu.send(&third), wu.send(&third));
    assert_eq!(company.log_head(), head);
    company.ends_well(&mut [&mut wang]);
}

#[test]
fn two_leads_of_one_mind_decide_once() {
    let company = Company::open();
    let (mut wang, mut zhou, mut wu) = (company.met("d-wang"), company.met("d-zhou"), company.met("d-wu"));
    let leave = request(&mut wang);
    zhou.sync();
    wu.sync();
    zhou.ask(decide(leave, true, "同意"));
    wu.ask(decide(leave, true, "可以"));
    zhou.sync();
    let head = company.log_head();
    let report = wu.sync();
    assert_eq!((report.tally.already_so, report.tally.refused), (1, 0));
    assert_eq!(company.log_head(), head);
    assert_eq!(wu.device().decisions().unwrap()[0].state, DecisionState::AlreadySo);
    let answer = company.desk("hq").ask(decide(leave, true, "知道"));
    assert!(answer["already_so"].is_string(), "{answer}");
    company.ends_well(&mut [&mut wang, &mut zhou, &mut wu]);
}

#[test]
fn what_a_lead_decides_offline_is_pending_until_the_console_has_been_asked() {
    let company = Company::open();
    let (mut wang, mut li, mut zhou) = (company.met("d-wang"), company.met("d-li"), company.met("d-zhou"));
    let (first, second) = (company.dispatched("WO-1", "steel", "wang"), company.dispatched("WO-2", "paper", "wang"));
    zhou.sync();
    // Underground: he gives both to Li. Meanwhile headquarters gives the first to Sun.
    zhou.ask(first.assign("li"));
    zhou.ask(second.assign("li"));
    assert_eq!(zhou.device().sync_state().unwrap().pending, 2);
    assert!(zhou.device().decisions().unwrap().iter().take(2).all(|item| item.state == DecisionState::Pending));
    company.desk("hq").ask(first.assign("sun"));
    let report = zhou.sync();
    assert_eq!((report.tally.admitted, report.tally.refused), (1, 1));
    assert_eq!(zhou.device().quarantine().unwrap()[0].reason.by, Some(user("hq")));
    assert_eq!(company.order(first.id()).engineer, Some(user("sun")));
    assert_eq!(company.order(second.id()).engineer, Some(user("li")));
    company.ends_well(&mut [&mut wang, &mut li, &mut zhou]);
}

#[test]
fn nobody_decides_what_isnt_his() {
    let company = Company::open();
    let (mut wang, mut zhou) = (company.met("d-wang"), company.met("d-zhou"));
    let call = company.dispatched("WO-1", "steel", "wang");
    let leave = request(&mut wang);
    zhou.sync();
    let no = |status, code: &str| (status, code.to_owned());
    assert_eq!(company.desk("zheng").denied(call.assign("zhao")), no(403, "not_allowed"));
    assert_eq!(company.desk("chen").denied(decide(leave, true, "")), no(403, "not_allowed"));
    assert_eq!(company.desk("feng").denied(call.close()), no(403, "not_allowed"));
    assert_eq!(company.desk("zhou").denied(call.assign("chen")), no(422, "person_unknown"));
    assert_eq!(wang.denied(outpost_device::act::Act::asking(call.close())), "not_allowed");
    // Past the phone's own check the relay says the same.
    wang.trespass(outpost_device::act::Act::asking(decide(leave, true, "我自己批")));
    wang.try_sync();
    assert_eq!(wang.refused(), ["not_allowed"]);
    company.ends_well(&mut [&mut wang, &mut zhou]);
}
