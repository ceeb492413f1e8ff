//! What a customer takes along: headquarters' countersignature, fetched once its signature was admitted.

use crate::capture::open_order;
use crate::quarantine::glass;
use crate::relay::Relay;
use crate::rig::{Rig, START, visit};
use outpost_device::act::Act;
use outpost_device::device::Device;
use outpost_model::entry::Body;

fn signed(rig: &Rig) -> (Relay, Device) {
    let mut relay = Relay::new(START);
    relay.decides(open_order("WO-1").ask.unwrap(), "u-lead");
    let mut device = rig.open();
    device.sync(&mut relay).unwrap();
    device.capture(Act::logging(visit("WO-1"), Body::Arrive { place: None })).unwrap();
    device.sign(glass("WO-1")).unwrap();
    (relay, device)
}

fn text(device: &mut Device) -> (String, bool) {
    let proof = device.screens().proof(visit("WO-1").page()).unwrap().unwrap();
    (proof.text, proof.countersigned)
}

#[test]
fn a_signature_is_countersigned_once_it_was_admitted() {
    let rig = Rig::engineer();
    let (mut relay, mut device) = signed(&rig);
    let (before, countersigned) = text(&mut device);
    assert!(before.starts_with("OUTPOST-PROOF1:") && !countersigned, "{before}");
    assert!(device.sync(&mut relay).unwrap().is_settled());
    let (after, countersigned) = text(&mut device);
    let entry = relay.calls.iter().find_map(|call| call.split("/signatures/").nth(1)).unwrap();
    let page = visit("WO-1").page();
    assert_eq!((after, countersigned), (format!("OUTPOST-PROOF2:acme:{page}:{entry}:ab:{START}:k1:sig:WO-1"), true));
    // It stays on the phone, and nobody is asked again.
    relay.calls.clear();
    drop(device);
    let mut device = rig.open();
    device.sync(&mut relay).unwrap();
    assert_eq!(relay.calls, ["/v1/sync"]);
    assert!(text(&mut device).1);
}

#[test]
fn a_server_that_countersigns_nothing_is_asked_once() {
    let rig = Rig::engineer();
    let (mut relay, mut device) = signed(&rig);
    relay.countersigns_nothing = true;
    assert!(device.sync(&mut relay).unwrap().is_settled());
    relay.calls.clear();
    device.sync(&mut relay).unwrap();
    assert_eq!(relay.calls, ["/v1/sync"]);
    assert!(!text(&mut device).1);
}
