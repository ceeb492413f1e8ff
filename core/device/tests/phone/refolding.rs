//! An app that was updated: what the fold said before is said anew, from the rows, when the store opens.

use crate::capture::open_order;
use crate::relay::Relay;
use crate::rig::{Rig, START, order, visit};
use outpost_device::act::Act;
use outpost_device::device::Device;
use outpost_model::entry::Body;
use outpost_model::fold;
use rusqlite::Connection;

fn change(rig: &Rig, sql: &str) {
    Connection::open(rig.store().join("outpost.db")).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn what_an_earlier_fold_said_is_said_anew_when_the_store_opens() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.capture(open_order("WO-1")).unwrap();
    device.capture(Act::logging(visit("WO-1"), Body::Depart {})).unwrap();
    device.sync(&mut relay).unwrap();
    device.capture(Act::logging(order("WO-1"), crate::capture::set("remark", "unsent"))).unwrap();
    let said = |device: &Device| device.orders().unwrap();
    let before = said(&device);
    assert_eq!(before.len(), 1);
    drop(device);
    // As an app left it whose fold knew less: a row says too little to be read, another isn't there.
    change(&rig, &format!("update order_row set facts = '{{}}'; update life set fold = {}", fold::VERSION - 1));
    assert_eq!(said(&rig.open()), before);
    change(&rig, "delete from order_row; update life set fold = 0");
    assert_eq!(said(&rig.open()), before);
    // Of the same fold nothing is read again.
    assert_eq!(rig.open().page_parses(), 0);
    change(&rig, "delete from order_row");
    assert!(said(&rig.open()).is_empty());
}
