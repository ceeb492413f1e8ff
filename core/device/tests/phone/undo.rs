use crate::capture::{open_order, set};
use crate::relay::{Relay, refused};
use crate::rig::{Rig, START, order, order_id, visit};
use outpost_device::act::Act;
use outpost_device::device::Device;
use outpost_device::session::{Effect, Event, Session};
use outpost_device::sync::Transport;
use outpost_model::entry::Body;
use outpost_model::problem::Code;

/// Killed: nothing is closed, nothing flushed.
fn killed(rig: &Rig, device: Device) -> Device {
    std::mem::forget(device);
    rig.open()
}

#[test]
fn an_act_is_taken_back_while_nobody_can_have_seen_it() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.capture(open_order("WO-1")).unwrap();
    device.capture(Act::logging(order("WO-1"), set("remark", "right"))).unwrap();
    let before = (device.orders().unwrap(), device.sync_state().unwrap());
    let wrong = device.capture(Act::logging(order("WO-1"), set("remark", "wrong"))).unwrap();
    let mut device = killed(&rig, device);
    assert!(device.undo(&wrong).unwrap());
    let mut device = killed(&rig, device);
    assert_eq!((device.orders().unwrap(), device.sync_state().unwrap()), before);
    assert!(!device.undo(&wrong).unwrap(), "it is gone");
    // The page goes on under the same actor, and the server takes all of it.
    device.capture(Act::logging(order("WO-1"), set("caller", "after"))).unwrap();
    let report = device.sync(&mut relay).unwrap();
    assert!(report.disagreeing.is_empty(), "{report:?}");
    assert_eq!((report.tally.admitted, report.tally.refused), (4, 0), "{report:?}");
    let fields = &device.orders().unwrap()[0].facts.fields;
    assert_eq!((fields["remark"].clone(), fields["caller"].clone()), (vec!["right".into()], vec!["after".into()]));
}

#[test]
fn what_an_act_began_goes_with_it() {
    let rig = Rig::engineer();
    let mut device = rig.open();
    let opened = device.capture(open_order("WO-1")).unwrap();
    let signed = device.sign(crate::quarantine::glass("WO-1")).unwrap();
    assert!(!device.undo(&opened).unwrap(), "the visit rests on the order");
    assert_eq!(device.sync_state().unwrap().files.len(), 1);
    assert!(device.undo(&signed).unwrap());
    assert!(device.undo(&opened).unwrap());
    let state = device.sync_state().unwrap();
    assert_eq!((state.items.len(), state.files.len(), device.orders().unwrap().len()), (0, 0, 0));
    assert_eq!(device.decisions().unwrap(), []);
    let mut device = killed(&rig, device);
    assert!(device.order(order_id("WO-1")).unwrap().is_none());
    device.capture(open_order("WO-1")).unwrap();
    assert_eq!(device.orders().unwrap().len(), 1);
}

#[test]
fn a_file_that_another_act_names_stays() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    for name in ["WO-1", "WO-2"] {
        device.capture(open_order(name)).unwrap();
    }
    let first = device.sign(crate::quarantine::glass("WO-1")).unwrap();
    device.sign(crate::quarantine::glass("WO-2")).unwrap();
    assert!(device.undo(&first).unwrap());
    let report = device.sync(&mut relay).unwrap();
    assert_eq!(report.tally.files, 1, "{report:?}");
    assert!(relay.files.keys().all(|path| path.contains(&visit("WO-2").page().to_string())));
}

#[test]
fn an_act_on_which_something_rests_stays() {
    let rig = Rig::engineer();
    let mut device = rig.open();
    let opened = device.capture(open_order("WO-1")).unwrap();
    let departed = device.capture(Act::logging(visit("WO-1"), Body::Depart {})).unwrap();
    let arrived = device.capture(Act::logging(visit("WO-1"), Body::Arrive { place: None })).unwrap();
    for act in [&opened, &departed] {
        let before = device.sync_state().unwrap();
        assert!(!device.undo(act).unwrap());
        assert_eq!(device.sync_state().unwrap(), before);
    }
    for act in [&arrived, &departed, &opened] {
        assert!(device.undo(act).unwrap());
    }
    assert_eq!(device.sync_state().unwrap().items, []);
}

#[test]
fn an_act_that_may_have_left_the_phone_stays() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.sync(&mut relay).unwrap();
    let opened = device.capture(open_order("WO-1")).unwrap();
    // The request was made; whether it arrived nobody knows.
    let mut session = Session::new();
    let Effect::Call(call) = session.on(&mut device, Event::Begin).unwrap() else { panic!("no call") };
    assert!(!device.undo(&opened).unwrap());
    let mut device = killed(&rig, device);
    assert_eq!(device.sync_state().unwrap().kept, 2);
    assert!(!device.undo(&opened).unwrap());
    relay.call(&call).unwrap();
    assert_eq!(device.sync(&mut relay).unwrap().tally.already_had, 2);
    assert!(!device.undo(&opened).unwrap());
    // Refused and written anew, it isn't the act that was captured.
    let refused_once = device.capture(Act::logging(order("WO-1"), set("remark", "a"))).unwrap();
    relay.word = Some(Box::new(|_, _| Some(refused(Code::NotAllowed, ""))));
    device.sync(&mut relay).unwrap();
    assert!(!device.undo(&refused_once).unwrap());
    assert_eq!(device.quarantine().unwrap().len(), 1);
}

#[test]
fn an_act_of_before_a_restore_is_not_mistaken_for_one_of_after() {
    let rig = Rig::engineer();
    let mut device = rig.open();
    device.capture(open_order("WO-1")).unwrap();
    drop(device);
    let copy = rig.folder.path().join("copy");
    rig.backup(&copy);
    let mut device = rig.open();
    let lost = device.capture(Act::logging(order("WO-1"), set("remark", "lost"))).unwrap();
    drop(device);
    rig.restore(&copy);
    let mut device = rig.open();
    let other = device.capture(Act::logging(order("WO-1"), set("remark", "other"))).unwrap();
    assert_eq!(lost.act, other.act);
    assert!(!device.undo(&lost).unwrap());
    assert!(device.undo(&other).unwrap());
}
