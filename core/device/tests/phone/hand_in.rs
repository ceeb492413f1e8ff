//! A phone that was revoked hands in what it captured, once, and says what became of it.

use crate::capture::{open_order, set};
use crate::relay::Relay;
use crate::rig::{Rig, START, order};
use outpost_device::act::Act;
use outpost_device::device::Device;
use outpost_device::report::Outcome;
use outpost_device::screens::Standing;
use outpost_model::problem::Code;

fn revoked(rig: &Rig) -> (Relay, Device) {
    let mut relay = Relay::new(START);
    let mut device = rig.open();
    device.capture(open_order("WO-1")).unwrap();
    device.sync(&mut relay).unwrap();
    device.capture(Act::logging(order("WO-1"), set("remark", "一楼"))).unwrap();
    device.capture(Act::logging(order("WO-1"), set("remark", "二楼"))).unwrap();
    relay.revoked = true;
    relay.calls.clear();
    (relay, device)
}

fn sync(device: &mut Device, relay: &mut Relay) -> Outcome {
    device.sync(relay).unwrap().outcome
}

#[test]
fn a_replaced_phone_hands_in_by_itself_and_once() {
    let rig = Rig::engineer();
    let (mut relay, mut device) = revoked(&rig);
    relay.hand_in_word = None;
    assert_eq!(sync(&mut device, &mut relay), Outcome::Revoked);
    assert_eq!(relay.calls, ["/v1/sync", "/v1/token/nonce", "/v1/hand-in"]);
    let [hand_in] = &relay.handed_in[..] else { panic!("{:?}", relay.handed_in) };
    assert_eq!(hand_in.steps.len(), 2);
    assert_eq!(device.handed_in().unwrap(), Some(2));
    assert_eq!(device.screens().standing().unwrap(), Standing::Revoked);
    // What it had stays on the phone; nothing is handed in twice.
    assert_eq!(device.sync_state().unwrap().kept, 2);
    drop(device);
    let mut device = rig.open();
    assert_eq!(sync(&mut device, &mut relay), Outcome::Revoked);
    assert_eq!(relay.handed_in.len(), 1);
}

#[test]
fn an_answer_that_was_lost_is_asked_for_again_with_the_same_frame() {
    let rig = Rig::engineer();
    let (mut relay, mut device) = revoked(&rig);
    relay.hand_in_word = Some(Code::ServerBusy);
    assert!(matches!(sync(&mut device, &mut relay), Outcome::TurnedAway(_)));
    assert_eq!(device.handed_in().unwrap(), None);
    rig.watch.pass(60_000);
    relay.hand_in_word = None;
    assert_eq!(sync(&mut device, &mut relay), Outcome::Revoked);
    assert_eq!(relay.handed_in[0].clock.0, START, "put together once, and the same since");
    drop(device);
    // The answer to another run's frame.
    let rig = Rig::engineer();
    let (mut relay, mut device) = revoked(&rig);
    relay.hand_in_word = Some(Code::HandInDone);
    assert_eq!(sync(&mut device, &mut relay), Outcome::Revoked);
    assert_eq!(device.handed_in().unwrap(), Some(2));
}

#[test]
fn of_a_lost_phone_nothing_counts_and_it_is_told_once() {
    let rig = Rig::engineer();
    let (mut relay, mut device) = revoked(&rig);
    relay.hand_in_word = Some(Code::DeviceRevoked);
    assert_eq!(sync(&mut device, &mut relay), Outcome::Revoked);
    assert_eq!((device.handed_in().unwrap(), device.sync_state().unwrap().kept), (Some(0), 2));
    relay.calls.clear();
    assert_eq!(sync(&mut device, &mut relay), Outcome::Revoked);
    assert_eq!(relay.calls, ["/v1/sync"]);
}

#[test]
fn a_phone_that_headquarters_takes_back_syncs_again() {
    let rig = Rig::engineer();
    let (mut relay, mut device) = revoked(&rig);
    relay.hand_in_word = Some(Code::ServerBusy);
    sync(&mut device, &mut relay);
    relay.revoked = false;
    relay.hand_in_word = Some(Code::BadRequest);
    assert_eq!(sync(&mut device, &mut relay), Outcome::Settled);
    assert_eq!((device.sync_state().unwrap().kept, device.handed_in().unwrap()), (0, None));
}
