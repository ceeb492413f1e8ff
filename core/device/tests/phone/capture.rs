use crate::rig::{Rig, order, order_id, visit};
use outpost_device::act::{Act, Log};
use outpost_device::error::CaptureError;
use outpost_model::command::{Ask, ServiceType};
use outpost_model::entry::{Body, Channel, VisitResult};
use outpost_model::fold::order::State;
use outpost_model::id::{CustomerCode, EntryId};

pub fn open_order(name: &str) -> Act {
    let open = Ask::Open {
        order: order_id(name),
        number: name.into(),
        customer: CustomerCode::parse("c-1").unwrap(),
        asset: None,
        service_type: ServiceType::C,
    };
    let register = Body::Register { channel: Channel::OnSite, fault_code: "F1".into(), fault: "不转".into() };
    Act::asking(open).and(order(name), [register.into()])
}

pub fn set(field: &str, value: &str) -> Body {
    Body::Set { field: field.into(), value: value.into() }
}

#[test]
fn what_was_captured_is_there_after_the_process_was_killed() {
    let rig = Rig::engineer();
    let mut device = rig.open();
    device.capture(open_order("WO-1")).unwrap();
    device.capture(Act::logging(visit("WO-1"), Body::Arrive { place: None })).unwrap();
    // Killed: nothing is closed, nothing flushed.
    std::mem::forget(device);
    let mut device = rig.open();
    let state = device.sync_state().unwrap();
    assert_eq!((state.kept, state.pending), (3, 1));
    let names: Vec<_> = state.items.iter().map(|item| item.name.as_str()).collect();
    assert_eq!(names, ["open_order", "register", "arrive"]);
    assert_eq!(state.items[1].act, state.items[0].act);
    let orders = device.orders().unwrap();
    assert_eq!((orders.len(), orders[0].facts.state), (1, State::OnSite));
    assert!(orders[0].provisional && orders[0].mine);
    assert_eq!(device.order(order_id("WO-1")).unwrap().unwrap().events.len(), 2);
}

#[test]
fn a_list_parses_no_page() {
    let rig = Rig::engineer();
    let mut device = rig.open();
    for n in 0..20 {
        device.capture(open_order(&format!("WO-{n}"))).unwrap();
    }
    drop(device);
    let mut device = rig.open();
    assert_eq!(device.orders().unwrap().len(), 20);
    device.sync_state().unwrap();
    device.decisions().unwrap();
    device.records().unwrap();
    assert_eq!(device.page_parses(), 0);
    device.order(order_id("WO-3")).unwrap().unwrap();
    device.capture(Act::logging(order("WO-3"), set("remark", "a"))).unwrap();
    assert_eq!(device.orders().unwrap().len(), 20);
}

#[test]
fn the_capture_counter_leaves_no_gap_and_a_failed_act_takes_no_number() {
    let rig = Rig::engineer();
    let mut device = rig.open();
    let first = device.capture(open_order("WO-1")).unwrap();
    let taken = Log::from((first.entries[0], set("remark", "x")));
    let failed = device.capture(Act::default().and(order("WO-1"), [taken]));
    assert!(matches!(failed, Err(CaptureError::IdTaken(id)) if id == first.entries[0]), "{failed:?}");
    device.capture(Act::logging(order("WO-1"), set("remark", "y"))).unwrap();
    let detail = device.order(order_id("WO-1")).unwrap().unwrap();
    let mut numbers: Vec<u64> = detail.events.iter().map(|event| event.entry.evidence.n).collect();
    numbers.extend(detail.decisions.iter().map(|decision| decision.command.evidence.n));
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3]);
    assert_eq!(detail.item.facts.fields["remark"], ["y"]);
}

#[test]
fn one_write_is_one_change_with_its_fields() {
    let rig = Rig::engineer();
    let mut device = rig.open();
    let act = Act::default().and(order("WO-1"), [set("remark", "a").into(), set("caller", "b").into()]);
    let captured = device.capture(act).unwrap();
    assert_eq!((captured.changes.len(), captured.entries.len(), captured.command), (1, 2, None));
    let twice = Act::default().and(order("WO-1"), [set("phone", "1").into(), set("phone", "2").into()]);
    assert!(matches!(device.capture(twice), Err(CaptureError::NamedTwice)));
    assert!(matches!(device.capture(Act::default()), Err(CaptureError::NothingToLog)));
    let misplaced = Act::logging(visit("WO-1"), set("remark", "a"));
    assert!(matches!(device.capture(misplaced), Err(CaptureError::Entry(_))));
    assert_eq!(device.sync_state().unwrap().kept, 1);
}

#[test]
fn a_mistake_is_replaced_by_its_author() {
    let rig = Rig::engineer();
    let mut device = rig.open();
    device.capture(open_order("WO-1")).unwrap();
    device.capture(Act::logging(visit("WO-1"), Body::Arrive { place: None })).unwrap();
    let left: EntryId =
        device.capture(Act::logging(visit("WO-1"), Body::Leave { result: VisitResult::Fixed })).unwrap().entries[0];
    let again = Log::from(Body::Leave { result: VisitResult::FollowUp }).in_place_of(left, None);
    device.capture(Act::default().and(visit("WO-1"), [again])).unwrap();
    assert_eq!(device.orders().unwrap()[0].facts.state, State::FollowUp);
}

#[test]
fn nothing_is_captured_before_an_invitation() {
    let rig = Rig::engineer();
    let mut device = outpost_device::device::Device::open(rig.store(), rig.host()).unwrap();
    assert!(device.capture(open_order("WO-1")).is_err());
    device.accept(&rig.invitation()).unwrap();
    assert!(device.capture(open_order("WO-1")).is_ok());
}
