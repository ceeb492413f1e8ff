use crate::capture::open_order;
use crate::relay::{Relay, refused};
use crate::rig::{Rig, START, order, order_id, visit};
use outpost_device::act::{Act, Log};
use outpost_device::error::CaptureError;
use outpost_device::views::DecisionState;
use outpost_model::command::{Ask, Series};
use outpost_model::decision::NumberBlock;
use outpost_model::entry::Body;
use outpost_model::header::{Header, Subject};
use outpost_model::id::{CustomerCode, StationId, UserId};
use outpost_model::problem::Code;
use outpost_model::record::{Person, Role, Station};

fn user(name: &str) -> UserId {
    UserId::parse(name).unwrap()
}

fn person(name: &str, role: Role, station: &str) -> Ask {
    let station = Some(StationId::parse(station).unwrap());
    Ask::PutPerson { person: Person { user: user(name), name: name.into(), role, station, active: true } }
}

/// A company of two stations; this phone's owner has that role at the first.
fn company(relay: &mut Relay, role: Role) {
    for name in ["st-1", "st-2"] {
        let station = StationId::parse(name).unwrap();
        relay
            .decides(Ask::PutStation { station: Station { station, name: name.into(), lat_e7: 0, lng_e7: 0 } }, "u-hq");
    }
    relay.decides(person("u-e1", role, "st-1"), "u-hq");
    relay.decides(person("u-e2", Role::Engineer, "st-2"), "u-hq");
    for (customer, station) in [("c-1", "st-1"), ("c-2", "st-2")] {
        let place = Ask::PlaceCustomer {
            customer: CustomerCode::parse(customer).unwrap(),
            station: StationId::parse(station).unwrap(),
            distance_km: 10,
        };
        relay.decides(place, "u-hq");
    }
}

fn assign(name: &str, to: &str) -> Act {
    Act::asking(Ask::Assign { order: order_id(name), to: user(to) })
}

fn denied(result: Result<outpost_device::act::Captured, CaptureError>) -> Code {
    match result {
        Err(CaptureError::Denied(denial)) => denial.code,
        other => panic!("not denied: {other:?}"),
    }
}

#[test]
fn what_the_rules_deny_is_denied_beforehand_and_can_be_captured_past_the_check() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    company(&mut relay, Role::Engineer);
    let mut device = rig.open();
    // Before the records have come down nobody is held to what the phone can't know.
    device.capture(assign("WO-9", "u-e1")).unwrap();
    device.sync(&mut relay).unwrap();
    device.capture(open_order("WO-1")).unwrap();
    assert_eq!(denied(device.capture(assign("WO-1", "u-e1"))), Code::NotAllowed);
    assert_eq!(denied(device.capture(Act::asking(Ask::Close { order: order_id("WO-1") }))), Code::NotAllowed);
    let header = Header::new(
        crate::rig::tenant(),
        Subject::Attendance { person: user("u-e2"), month: outpost_model::time::Month::parse("2026-10").unwrap() },
    );
    assert_eq!(denied(device.capture(Act::logging(header, Body::ClockIn { place: None }))), Code::NotAllowed);
    let before = device.sync_state().unwrap().kept;
    device.capture_past_checks(assign("WO-1", "u-e1")).unwrap();
    assert_eq!(device.sync_state().unwrap().kept, before + 1);
    relay.word = Some(Box::new(|name, _| name.contains("assign").then(|| refused(Code::NotAllowed, "assign"))));
    device.sync(&mut relay).unwrap();
    let decisions = device.decisions().unwrap();
    assert!(matches!(&decisions[0].state, DecisionState::Refused(why) if why.code == "not_allowed"));
    assert!(matches!(decisions[1].state, DecisionState::Admitted { .. }));
}

#[test]
fn an_order_that_the_phone_does_not_hold_can_still_be_logged_on() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    company(&mut relay, Role::Engineer);
    let mut device = rig.open();
    device.sync(&mut relay).unwrap();
    device.capture(Act::logging(visit("WO-7"), Body::Arrive { place: None })).unwrap();
    assert_eq!(device.sync(&mut relay).unwrap().tally.admitted, 1);
}

#[test]
fn only_its_author_takes_an_entry_back() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    company(&mut relay, Role::Engineer);
    let mut device = rig.open();
    device.sync(&mut relay).unwrap();
    device.capture(open_order("WO-1")).unwrap();
    device.sync(&mut relay).unwrap();
    relay.other_logs(&order("WO-1"), &crate::sync::others_set(1, "remark", "theirs"), [9; 16]);
    device.sync(&mut relay).unwrap();
    let detail = device.order(order_id("WO-1")).unwrap().unwrap();
    let (mine, theirs): (Vec<_>, Vec<_>) = detail.events.iter().partition(|event| event.by.as_str() == "u-e1");
    let void = |target| Log::from(Body::Void { target, reason: "typed wrong".into() });
    assert_eq!(denied(device.capture(Act::default().and(order("WO-1"), [void(theirs[0].id)]))), Code::NotAuthor);
    device.capture(Act::default().and(order("WO-1"), [void(mine[0].id)])).unwrap();
}

#[test]
fn a_command_follows_ones_own_on_the_same_question_and_else_the_last_decision() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    company(&mut relay, Role::Lead);
    let opened = relay.decides(open_order("WO-1").ask.unwrap(), "u-clerk");
    let mut device = rig.open();
    device.sync(&mut relay).unwrap();
    let helper = Ask::AddHelper { order: order_id("WO-1"), helper: user("u-e1") };
    device.capture(Act::asking(helper)).unwrap();
    let first = device.capture(assign("WO-1", "u-e1")).unwrap().command;
    device.capture(assign("WO-1", "u-e2")).unwrap();
    let after: Vec<_> = device.decisions().unwrap().into_iter().rev().map(|item| item.command.after).collect();
    assert_eq!(after, [Some(opened), Some(opened), first]);
    assert!(device.orders().unwrap()[0].facts.engineer.is_none(), "what is pending isn't so yet");
    device.sync(&mut relay).unwrap();
    assert_eq!(device.orders().unwrap()[0].facts.engineer, Some(user("u-e2")));
}

#[test]
fn a_leased_number_is_given_away_once_and_never_after_a_restore() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    company(&mut relay, Role::Engineer);
    let mut device = rig.open();
    device.sync(&mut relay).unwrap();
    assert_eq!(device.take_number(Series::Receipt).unwrap(), None);
    device.capture(Act::asking(Ask::LeaseNumbers { series: Series::Receipt, count: 2 })).unwrap();
    relay.block = Some(NumberBlock { series: Series::Receipt, prefix: "R-".into(), first: 11, last: 12 });
    device.sync(&mut relay).unwrap();
    assert_eq!(device.numbers_left(Series::Receipt).unwrap(), 2);
    assert_eq!(device.next_number(Series::Receipt).unwrap().as_deref(), Some("R-000011"));
    assert_eq!(device.take_number(Series::Receipt).unwrap().as_deref(), Some("R-000011"));
    drop(device);
    let copy = rig.folder.path().join("copy");
    rig.backup(&copy);
    let mut device = rig.open();
    assert_eq!(device.take_number(Series::Receipt).unwrap().as_deref(), Some("R-000012"));
    assert_eq!(device.take_number(Series::Receipt).unwrap(), None);
    device.sync(&mut relay).unwrap();
    drop(device);
    rig.restore(&copy);
    let mut device = rig.open();
    assert_eq!(device.take_number(Series::Receipt).unwrap(), None);
}
