//! Customers and people move between stations, and mistakes are corrected: by decisions, and every phone follows.

use outpost_model::command::{Ask, Replacement};
use outpost_model::entry::Body;
use outpost_model::fold::flag::FlagKind;
use outpost_model::header::Kind;
use outpost_model::id::StationId;
use outpost_model::record::{Person, Role};
use outpost_tests::company::call::{arrive, part, set};
use outpost_tests::company::{Call, Company, HOUR, Hand, customer, user};

fn station(id: &str) -> StationId {
    StationId::parse(id).unwrap()
}

fn customers(hand: &mut Hand) -> Vec<String> {
    hand.device().register(Kind::Customer).unwrap().into_iter().map(|item| item.code).collect()
}

#[test]
fn a_customer_moved_to_another_station_takes_its_page_along_and_leaves_its_old_orders() {
    let company = Company::open();
    let (mut wang, mut li, mut zhao) = (company.met("d-wang"), company.met("d-li"), company.met("d-zhao"));
    let (mut zhou, mut zheng) = (company.met("d-zhou"), company.met("d-zheng"));
    let before = company.dispatched("WO-1", "steel", "wang");
    wang.sync();
    assert_eq!((customers(&mut li), customers(&mut zhao)), (vec!["paper".into(), "steel".into()], vec!["port".into()]));
    let place = Ask::PlaceCustomer { customer: customer("steel"), station: station("wuhan"), distance_km: 900 };
    assert_eq!(company.desk("zhou").denied(place.clone()), (403, "not_allowed".to_owned()));
    company.desk("hq").ask(place);
    let after = Call::new("WO-2", "steel");
    company.desk("chen").ask(after.open());
    company.desk("zheng").ask(after.assign("zhao"));
    for hand in [&mut wang, &mut li, &mut zhao, &mut zhou, &mut zheng] {
        hand.sync();
    }
    assert_eq!((customers(&mut li), customers(&mut zhao)), (vec!["paper".into()], vec!["port".into(), "steel".into()]));
    assert_eq!(customers(&mut wang), ["paper", "steel"], "he is still on a call there");
    let (old, new) = (company.order(before.id()), company.order(after.id()));
    assert_eq!((old.station, new.station), (Some(station("jinan")), Some(station("wuhan"))));
    let reach = |facts: &outpost_model::fold::order::OrderFacts| facts.arrival_due.since(facts.opened_at) / HOUR;
    assert_eq!((reach(&company.order(before.id())), reach(&company.order(after.id()))), (24, 48), "pinned at opening");
    assert!(zhou.sees(before.id()).is_some() && zhou.sees(after.id()).is_none());
    assert!(zheng.sees(after.id()).is_some() && zheng.sees(before.id()).is_none());
    company.ends_well(&mut [&mut wang, &mut li, &mut zhao, &mut zhou, &mut zheng]);
}

#[test]
fn a_person_moved_to_another_station_is_followed_by_what_he_may_see() {
    let company = Company::open();
    let (mut wang, mut zhou, mut zheng) = (company.met("d-wang"), company.met("d-zhou"), company.met("d-zheng"));
    let call = company.dispatched("WO-1", "steel", "wang");
    wang.sync();
    wang.log(wang.month("2026-10"), [Body::ClockIn { place: None }]);
    wang.log(call.visit("V1"), [arrive()]);
    wang.sync();
    zhou.sync();
    let moved = |role, at: &str| Ask::PutPerson {
        person: Person { user: user("wang"), name: "王工".into(), role, station: Some(station(at)), active: true },
    };
    company.desk("hq").ask(moved(Role::Engineer, "wuhan"));
    wang.sync();
    assert_eq!(customers(&mut wang), ["port", "steel"], "his new station's, and that of his call");
    assert!(wang.sees(call.id()).is_some_and(|item| item.mine), "the order stays his");
    wang.log(call.visit("V1"), [part("P-1", 1)]);
    wang.sync();
    zhou.sync();
    zheng.sync();
    // His new lead watches his time, his old one doesn't; the order is still the old station's.
    let clocked = |hand: &mut Hand| hand.device().own_time(&user("wang")).unwrap().clocked.len();
    assert_eq!((clocked(&mut zhou), clocked(&mut zheng)), (0, 1));
    assert!(zhou.sees(call.id()).is_some() && zheng.sees(call.id()).is_none());
    company.ends_well(&mut [&mut wang, &mut zhou, &mut zheng]);

    // He becomes a lead there, and sees the whole station.
    let theirs = company.dispatched("WO-2", "port", "zhao");
    company.desk("hq").ask(moved(Role::Lead, "wuhan"));
    wang.sync();
    assert!(wang.sees(theirs.id()).is_some());
    company.ends_well(&mut [&mut wang, &mut zhou, &mut zheng]);
}

#[test]
fn a_change_of_role_reads_the_same_on_every_phone() {
    let company = Company::open();
    let (mut wang, mut sun, mut zhou) = (company.met("d-wang"), company.met("d-sun"), company.met("d-zhou"));
    let call = company.dispatched("WO-1", "steel", "wang");
    wang.sync();
    // From an engineer who isn't on the call it is to be seen; from a lead it is his business.
    sun.log(call.header(), [set("remark", "备件在车上")]);
    company.ends_well(&mut [&mut wang, &mut sun, &mut zhou]);
    assert_eq!(wang.flags(call.id()), [FlagKind::Unassigned]);
    let station = Some(station("jinan"));
    let person = Person { user: user("sun"), name: "孙主任".into(), role: Role::Lead, station, active: true };
    company.desk("hq").ask(Ask::PutPerson { person });
    company.ends_well(&mut [&mut wang, &mut sun, &mut zhou]);
    assert_eq!(wang.flags(call.id()), []);
}

#[test]
fn whoever_left_the_company_is_let_in_no_more() {
    let company = Company::open();
    let mut wang = company.met("d-wang");
    let call = company.dispatched("WO-1", "steel", "wang");
    let gone = Person {
        user: user("wang"),
        name: "王工".into(),
        role: Role::Engineer,
        station: Some(station("jinan")),
        active: false,
    };
    company.desk("hq").ask(Ask::PutPerson { person: gone });
    wang.log(call.visit("V1"), [arrive()]);
    let report = wang.try_sync();
    match report.outcome {
        outpost_device::report::Outcome::TurnedAway(problem) => assert_eq!(problem.code, "person_inactive"),
        other => panic!("{other:?}"),
    }
    assert_eq!(wang.device().sync_state().unwrap().items.len(), 1);
    assert_eq!(company.desk("zhou").denied(call.assign("wang")), (422, "person_unknown".to_owned()));
    company.ends_well(&mut []);
}

#[test]
fn a_mistake_on_somebody_elses_page_is_corrected_by_decision_and_stays_readable() {
    let company = Company::open();
    let (mut wang, mut zhou) = (company.met("d-wang"), company.met("d-zhou"));
    let call = company.dispatched("WO-1", "steel", "wang");
    wang.sync();
    let page = call.visit("V1");
    wang.log(page.clone(), [arrive()]);
    let wrong = wang.log(page.clone(), [part("P-1", 100)])[0];
    let twice = wang.log(page.clone(), [part("P-2", 1)])[0];
    wang.sync();
    zhou.sync();
    let correct = |target, replacement: Option<Body>| Ask::Correct {
        page: page.page(),
        target,
        reason: "数量写错".into(),
        replacement: replacement.map(|body| Replacement { body, at: company.world.now() }),
    };
    assert_eq!(company.desk("chen").denied(correct(wrong, None)), (403, "not_allowed".to_owned()));
    zhou.ask(correct(wrong, Some(part("P-1", 1))));
    zhou.ask(correct(twice, None));
    zhou.sync();
    wang.sync();
    assert_eq!(wang.sees(call.id()).unwrap().facts.parts_amount, 1_200);
    let detail = wang.device().order(call.id()).unwrap().unwrap();
    assert!(detail.events.iter().any(|event| event.id == wrong), "what he wrote can still be read");
    // He himself takes back his own by a new entry.
    let own = wang.log(page.clone(), [part("P-3", 1)])[0];
    wang.log(page.clone(), [Body::Void { target: own, reason: "没装".into() }]);
    wang.sync();
    company.ends_well(&mut [&mut wang, &mut zhou]);
    assert_eq!(company.order(call.id()).parts_amount, 1_200);
}
