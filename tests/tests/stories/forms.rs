//! Forms are filled in where the network isn't, sent, returned with a reason, amended and approved; the day's report is
//! written by the day; cash is taken where it is forbidden, and seen; a toolkit is checked.

use outpost_device::act::Act;
use outpost_model::command::Ask;
use outpost_model::entry::{Body, PayMethod, Value, VisitResult};
use outpost_model::fold::flag::FlagKind;
use outpost_model::fold::record::RecordState;
use outpost_model::form::{Answers, Form, FormField};
use outpost_model::header::{Header, RecordKey, Subject};
use outpost_model::id::{AssetCode, EntryId, FormCode};
use outpost_model::policy::{Cash, Tool};
use outpost_model::time::Day;
use outpost_tests::company::call::{arrive, leave};
use outpost_tests::company::{Call, Company, HOUR, Hand, MINUTE, customer, october, tenant, user};

fn form(hand: &mut Hand, code: &str) -> Form {
    let forms = hand.device().forms().unwrap();
    forms.into_iter().find(|form| form.form.as_str() == code).unwrap()
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn page(hand: &mut Hand, form: &Form, of: &str) -> Header {
    hand.device().form_page(form, day(of)).unwrap()
}

fn send(hand: &mut Hand, header: &Header, form: &Form) -> EntryId {
    let act = hand.device().sending(header.clone(), form).unwrap();
    hand.capture(act).entries[0]
}

fn line(day: &str, work: &str) -> Body {
    let cells = [("day", day), ("work", work)].map(|(name, text)| (name.to_owned(), Value::Text(text.into())));
    Body::Row { field: "plan".into(), cells: cells.into(), v: 1 }
}

fn decide(header: &Header, sending: EntryId, approve: bool, reason: &str) -> Ask {
    Ask::DecideForm { page: header.page(), sending, approve, reason: reason.into() }
}

#[test]
fn a_weekly_plan_is_written_offline_returned_with_a_reason_amended_and_approved() {
    let company = Company::open();
    let (mut wang, mut zhou, mut li) = (company.met("d-wang"), company.met("d-zhou"), company.met("d-li"));
    let plan = form(&mut wang, "weekly_plan");
    // No network: he plans the week, and sends.
    let header = page(&mut wang, &plan, "2026-10-14");
    let wrong = wang.log(header.clone(), [line("2026-10-12", "巡检"), line("2026-10-14", "换滤袋")])[1];
    let sent = send(&mut wang, &header, &plan);
    let mine = |hand: &mut Hand| hand.device().filled_form(header.page()).unwrap();
    assert_eq!(mine(&mut wang).unwrap().state, RecordState::Submitted);
    company.pass(3 * HOUR);
    wang.sync();
    wang.was_refused_nothing();

    // His lead and headquarters see it; a colleague's phone doesn't. The lead may not approve a plan.
    zhou.sync();
    li.sync();
    assert_eq!(mine(&mut zhou).unwrap().content.rows["plan"].len(), 2);
    assert!(mine(&mut li).is_none());
    assert_eq!(zhou.denied(Act::asking(decide(&header, sent, true, ""))), "not_allowed");
    let submitted = company.relay().facts(|facts| facts.records(Some(RecordState::Submitted))).unwrap();
    assert_eq!(submitted.iter().map(|facts| facts.page).collect::<Vec<_>>(), [header.page()]);
    let mut hq = company.desk("hq");
    assert_eq!(hq.denied(decide(&header, sent, false, " ")), (422, "bad_command".to_owned()), "without a reason");
    hq.ask(decide(&header, sent, false, "周三厂里停电，改天"));

    // The reason reaches the phone.
    wang.sync();
    let facts = mine(&mut wang).unwrap();
    assert_eq!(facts.state, RecordState::Returned);
    let ruled = facts.last_sent().unwrap().ruled.clone().unwrap();
    assert_eq!((ruled.reason.as_str(), ruled.by), ("周三厂里停电，改天", user("hq")));
    wang.log(header.clone(), [Body::Void { target: wrong, reason: "改到周四".into() }, line("2026-10-15", "换滤袋")]);
    assert!(mine(&mut wang).unwrap().changed);
    let again = send(&mut wang, &header, &plan);
    wang.sync();
    hq.ask(decide(&header, again, true, ""));
    // The same answer again is none, and one about what was overtaken changes nothing that holds.
    assert!(hq.ask(decide(&header, again, true, "知道"))["already_so"].is_string());
    company.ends_well(&mut [&mut wang, &mut zhou, &mut li]);
    let facts = mine(&mut wang).unwrap();
    assert_eq!((facts.state, facts.changed), (RecordState::Approved, false));
    assert_eq!(facts.in_force().unwrap().entry, again);
    assert_eq!(facts.sendings[0].content.rows["plan"].len(), 2, "what was returned stays to be read");
}

#[test]
fn a_form_is_nobody_elses_to_write_and_a_made_up_sending_is_refused() {
    let company = Company::open();
    let (mut wang, mut li) = (company.met("d-wang"), company.met("d-li"));
    let plan = form(&mut wang, "weekly_plan");
    let header = page(&mut wang, &plan, "2026-10-12");
    wang.log(header.clone(), [line("2026-10-12", "巡检")]);
    wang.sync();
    assert_eq!(li.denied(Act::logging(header.clone(), line("2026-10-13", "替他写"))), "not_allowed");
    li.trespass(Act::logging(header.clone(), line("2026-10-13", "替他写")));
    li.try_sync();
    assert_eq!(li.refused(), ["not_allowed"]);
    // A sending that claims to show something else than its heads do.
    let mut act = wang.device().sending(header.clone(), &plan).unwrap();
    if let Body::Submit { digest, .. } = &mut act.writes[0].entries[0].body {
        digest.0[0] ^= 1;
    }
    wang.capture(act);
    wang.try_sync();
    assert_eq!(wang.refused(), ["bad_entry"]);
    assert_eq!(company.records()[&header.page()].state, RecordState::Draft);
    company.verify();
}

#[test]
fn the_days_report_is_written_by_the_day_and_what_comes_later_shows() {
    let company = Company::open();
    let (mut wang, mut zhou) = (company.met("d-wang"), company.met("d-zhou"));
    let call = company.dispatched("WO-1", "steel", "wang");
    wang.sync();
    company.until(october(8, "10:00"));
    wang.log(call.visit("V1"), [arrive()]);
    company.pass(59 * MINUTE);
    wang.log(call.visit("V1"), [leave(VisitResult::Fixed)]);
    let month = wang.month("2026-10");
    wang.log(month.clone(), [Body::Task { minutes: 45, note: "整理备件".into() }]);
    let report = form(&mut wang, "daily_report");
    let header = page(&mut wang, &report, "2026-10-08");
    let lines = wang.device().written_lines(&report, Some(day("2026-10-08"))).unwrap();
    assert_eq!(lines, [["wang", "2026-10-08", "1", "60", "0", "0", "45"]]);
    send(&mut wang, &header, &report);
    wang.sync();
    let sent = |hand: &mut Hand| hand.device().filled_form(header.page()).unwrap().unwrap();
    assert_eq!(
        (sent(&mut wang).state, sent(&mut wang).last_sent().unwrap().lines.clone()),
        (RecordState::Submitted, lines)
    );

    // One more task in the evening: what was sent stays, the difference shows, and is sent as a revision.
    wang.log(month, [Body::Task { minutes: 15, note: "回访".into() }]);
    let now = wang.device().written_lines(&report, Some(day("2026-10-08"))).unwrap();
    assert_ne!(now, sent(&mut wang).last_sent().unwrap().lines);
    send(&mut wang, &header, &report);
    wang.sync();
    let facts = sent(&mut wang);
    assert_eq!((facts.sendings.len(), facts.last_sent().unwrap().revision), (2, 2));
    assert_eq!(facts.last_sent().unwrap().lines, now);
    assert_eq!(facts.sendings[0].lines[0][6], "45");

    // The lead's own report (007) is written by his station's day.
    zhou.sync();
    let lead = form(&mut zhou, "lead_daily_report");
    let lines = zhou.device().written_lines(&lead, Some(day("2026-10-08"))).unwrap();
    assert_eq!(lines, [["wang", "2026-10-08", "1", "60", "0", "0", "60"]]);
    company.ends_well(&mut [&mut wang, &mut zhou]);
}

#[test]
fn a_new_version_of_a_form_leaves_what_was_filled_in_offline_as_it_was() {
    let company = Company::open();
    let mut wang = company.met("d-wang");
    let old = form(&mut wang, "weekly_plan");
    let header = page(&mut wang, &old, "2026-10-12");
    wang.log(header.clone(), [line("2026-10-12", "巡检")]);
    // Headquarters asks for something else from now on.
    let mut new = Form { version: 2, ..old.clone() };
    new.fields = vec![FormField {
        name: "goals".into(),
        zh: "目标".into(),
        en: "Goals".into(),
        needed: true,
        answer: Answers::Text,
    }];
    company.desk("hq").ask(Ask::PutForm { form: Box::new(new.clone()) });
    send(&mut wang, &header, &old);
    wang.sync();
    wang.was_refused_nothing();
    assert_eq!(form(&mut wang, "weekly_plan"), new);
    let facts = wang.device().filled_form(header.page()).unwrap().unwrap();
    assert_eq!((facts.version, facts.missing), (1, vec![]));
    assert_eq!(
        wang.denied(Act::logging(
            header.clone(),
            Body::Answer { field: "plan".into(), value: Value::Text("新".into()), v: 2 }
        )),
        "bad_entry"
    );
    let goals = Body::Answer { field: "goals".into(), value: Value::Text("零投诉".into()), v: 2 };
    let next = page(&mut wang, &new, "2026-10-19");
    wang.log(next, [goals]);
    let other = Form { zh: "别的".into(), ..new };
    assert_eq!(company.desk("hq").denied(Ask::PutForm { form: Box::new(other) }).1, "stale_form");
    company.ends_well(&mut [&mut wang]);
}

#[test]
fn forms_follow_their_author_to_another_station() {
    let company = Company::open();
    let (mut wang, mut zhou, mut zheng) = (company.met("d-wang"), company.met("d-zhou"), company.met("d-zheng"));
    let plan = form(&mut wang, "weekly_plan");
    let header = page(&mut wang, &plan, "2026-10-12");
    wang.log(header.clone(), [line("2026-10-12", "巡检")]);
    wang.sync();
    zhou.sync();
    let person = |id: &str| company.relay().person(&user(id)).unwrap().unwrap();
    let mut moved = person("wang");
    moved.station = person("zheng").station;
    company.desk("hq").ask(Ask::PutPerson { person: moved });
    company.ends_well(&mut [&mut wang, &mut zhou, &mut zheng]);
    assert!(zhou.device().filled_form(header.page()).unwrap().is_none());
    assert!(zheng.device().filled_form(header.page()).unwrap().is_some());
}

#[test]
fn cash_where_it_is_forbidden_is_logged_flagged_and_not_offered() {
    let company = Company::open();
    let mut wang = company.met("d-wang");
    let call = company.dispatched("WO-1", "steel", "wang");
    let policy = |change: &dyn Fn(&mut outpost_model::policy::Policy)| {
        let mut policy = (*company.relay().policy().unwrap()).clone();
        policy.version += 1;
        change(&mut policy);
        Ask::PutPolicy { policy: Box::new(policy) }
    };
    wang.sync();
    let charge = |amount| Body::Charge { item: "上门费".into(), amount, method: PayMethod::Cash, receipt_no: None };
    wang.log(call.visit("V1"), [arrive(), charge(20_000)]);
    wang.sync();
    // From tomorrow on it is forbidden: yesterday's money was honest.
    company.desk("hq").ask(policy(&|policy| {
        policy.cash = Cash::Forbidden;
        policy.cash_since = Some(Day::parse("2026-10-09").unwrap());
        policy.toolkit = vec![Tool { name: "扭力扳手".into(), station: None, engineer: None }];
    }));
    wang.sync();
    assert_eq!(wang.flags(call.id()), []);
    company.until(october(9, "09:00"));
    let (now, records) = (company.world.now(), wang.device().records().unwrap());
    assert_eq!(records.policy.pay_methods(now), [PayMethod::Invoice], "the phone offers no cash");
    assert_eq!(records.policy.toolkit_of(&user("wang"), None), ["扭力扳手"]);
    // He takes it all the same, and says so. The customer's money isn't lost from sight.
    wang.log(call.visit("V2"), [arrive(), charge(5_000)]);
    wang.log(call.header(), [Body::Toolkit { missing: vec!["扭力扳手".into()] }]);
    wang.sync();
    wang.was_refused_nothing();
    let facts = company.order(call.id());
    assert!(facts.flags.iter().any(|flag| flag.kind == FlagKind::CashForbidden));
    assert_eq!((facts.billable_amount, facts.toolkit.unwrap().missing), (25_000, vec!["扭力扳手".to_owned()]));
    company.ends_well(&mut [&mut wang]);
}

#[test]
fn nobody_sits_on_an_id_that_a_customer_a_unit_or_a_form_will_need() {
    let company = Company::open();
    let mut wang = company.met("d-wang");
    let plan = FormCode::parse("weekly_plan").unwrap();
    let derived = |subject| Header::new(tenant(), subject).page();
    let asset = |code| Subject::Asset { asset: AssetCode::parse(code).unwrap() };
    let week = |of| Subject::Record { person: user("li"), form: plan.clone(), key: RecordKey::Period(day(of)) };
    // As orders of his own.
    for subject in [Subject::Customer { customer: customer("C-NEW") }, asset("A-NEW"), week("2026-10-19")] {
        let Ask::Open { number, customer, asset, service_type, .. } = Call::new("WO-S", "steel").open() else {
            unreachable!()
        };
        wang.trespass(Act::asking(Ask::Open { order: derived(subject), number, customer, asset, service_type }));
    }
    // As visits under an order that is honest.
    let order = company.dispatched("WO-H", "steel", "wang");
    for subject in [Subject::Customer { customer: customer("C-NEXT") }, asset("A-NEXT"), week("2026-10-26")] {
        let visit = Header::new(tenant(), Subject::Visit { id: derived(subject), order: order.id() });
        wang.trespass(Act::logging(visit, arrive()));
    }
    wang.try_sync();
    let refused = wang.refused();
    assert_eq!(refused, ["page_mismatch"; 6]);
    // The customer can be registered all the same.
    let station = company.relay().person(&user("wang")).unwrap().unwrap().station.unwrap();
    let place = Ask::PlaceCustomer { customer: customer("C-NEW"), station, distance_km: 10 };
    assert!(company.desk("hq").ask(place)["taken"].is_object());
    company.verify();
}
