//! What a phone does with unsent work once its access has ended: it goes up once, by itself, and stays here.

use crate::capture::open_order;
use crate::relay::{Relay, refused};
use crate::rig::{Rig, START, order};
use outpost_device::act::Act;
use outpost_device::device::Device;
use outpost_device::report::Outcome;
use outpost_device::screens::Standing;
use outpost_model::problem::Code;
use outpost_model::wire::What;

/// A phone with an order at headquarters, a refused remark and an order that nobody has seen; then it is revoked.
fn revoked(rig: &Rig, relay: &mut Relay) -> Device {
    let mut device = rig.open();
    device.capture(open_order("WO-1")).unwrap();
    device.sync(relay).unwrap();
    device.capture(Act::logging(order("WO-1"), crate::capture::set("remark", "refused"))).unwrap();
    relay.word = Some(Box::new(|name, _| name.contains("set").then(|| refused(Code::NotAllowed, "remark"))));
    device.sync(relay).unwrap();
    relay.word = None;
    device.capture(open_order("WO-2")).unwrap();
    relay.revoked = true;
    relay.calls.clear();
    device
}

fn handed_in(device: &mut Device) -> bool {
    matches!(device.screens().standing().unwrap(), Standing::Revoked { handed_in: true })
}

#[test]
fn what_could_not_be_sent_goes_up_once_by_itself_and_stays_here() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = revoked(&rig, &mut relay);
    let before = device.sync_state().unwrap();
    assert_eq!(device.sync(&mut relay).unwrap().outcome, Outcome::Revoked);
    assert_eq!(relay.calls, ["/v1/sync", "/v1/token/nonce", "/v1/hand-in"]);
    assert!(handed_in(&mut device));
    let [work] = &relay.handed_in[..] else { panic!("{:?}", relay.handed_in) };
    assert_eq!(work.steps.len(), 3, "the refused remark, the order and its command");
    assert!(work.steps.iter().any(|step| matches!(&step.what, What::Command(text) if text.contains("WO-2"))));
    assert_eq!(device.sync_state().unwrap().kept, before.kept);
    // Once: what is logged after that isn't sent that way.
    device.capture(open_order("WO-3")).unwrap();
    relay.calls.clear();
    assert_eq!(device.sync(&mut relay).unwrap().outcome, Outcome::Revoked);
    assert_eq!(relay.calls, ["/v1/sync"]);
}

#[test]
fn an_answer_that_was_lost_is_asked_for_again_and_hears_that_it_is_done() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = revoked(&rig, &mut relay);
    device.sync(&mut relay).unwrap();
    drop(device);
    // As if it had died before it wrote that down.
    let db = rusqlite::Connection::open(rig.store().join("outpost.db")).unwrap();
    db.execute("update life set last_word = 0", []).unwrap();
    drop(db);
    let mut device = rig.open();
    relay.calls.clear();
    assert_eq!(device.sync(&mut relay).unwrap().outcome, Outcome::Revoked);
    assert_eq!(relay.calls, ["/v1/token/nonce", "/v1/hand-in"], "a phone that knows needn't ask first");
    assert!(handed_in(&mut device) && relay.handed_in.len() == 1);
}

#[test]
fn what_goes_up_is_put_together_once_and_again_only_for_something_new() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = revoked(&rig, &mut relay);
    for capture in [false, true] {
        relay.no_hand_in = Some(Code::ServerBusy);
        assert!(matches!(device.sync(&mut relay).unwrap().outcome, Outcome::TurnedAway(_)));
        rig.watch.pass(60_000);
        if capture {
            device.capture(open_order("WO-3")).unwrap();
        }
    }
    relay.no_hand_in = Some(Code::ServerBusy);
    device.sync(&mut relay).unwrap();
    rig.watch.pass(60_000);
    relay.no_hand_in = None;
    assert_eq!(device.sync(&mut relay).unwrap().outcome, Outcome::Revoked);
    let [work] = &relay.handed_in[..] else { panic!("{:?}", relay.handed_in) };
    assert_eq!(work.clock.0, START + 120_000, "a key that signs later must find the same bytes");
    assert_eq!(work.steps.len(), 5);
}

#[test]
fn of_a_lost_phone_nothing_is_wanted_and_it_does_not_ask_again() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = revoked(&rig, &mut relay);
    relay.no_hand_in = Some(Code::DeviceRevoked);
    assert_eq!(device.sync(&mut relay).unwrap().outcome, Outcome::Revoked);
    assert!(!handed_in(&mut device) && relay.handed_in.is_empty());
    relay.calls.clear();
    device.sync(&mut relay).unwrap();
    assert_eq!(relay.calls, ["/v1/sync"]);
}

#[test]
fn a_phone_whose_access_begins_again_syncs_in_the_same_breath() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = revoked(&rig, &mut relay);
    relay.no_hand_in = Some(Code::ServerBusy);
    assert!(matches!(device.sync(&mut relay).unwrap().outcome, Outcome::TurnedAway(_)));
    (relay.revoked, relay.no_hand_in) = (false, None);
    let report = device.sync(&mut relay).unwrap();
    assert!(report.is_settled() && report.tally.admitted > 0, "{report:?}");
    assert!(matches!(device.screens().standing().unwrap(), Standing::Ready { .. }));
}
