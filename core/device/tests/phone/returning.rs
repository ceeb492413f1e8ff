//! A server whose log was put back to an earlier time gets from the phone what it lost.

use crate::capture::open_order;
use crate::relay::Relay;
use crate::rig::{Rig, START, order};
use crate::sync::others_set;
use outpost_model::wire::{Content, Item};

#[test]
fn what_the_server_lost_is_brought_back_before_anything_else_is_sent() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    let page = order("O-1");
    relay.other_logs(&page, &others_set(1, "remark", "one"), [1; 16]);
    device.sync(&mut relay).unwrap();
    let (log, pages) = (relay.log.clone(), relay.pages.clone());
    relay.other_logs(&page, &others_set(2, "phone", "2"), [1; 16]);
    let theirs = relay.other_logs(&page, &others_set(3, "remark", "three"), [1; 16]);
    device.capture(open_order("WO-1")).unwrap();
    device.sync(&mut relay).unwrap();
    device.sync(&mut relay).unwrap();
    let held = device.export_page(page.page()).unwrap();
    // The log is put back; meanwhile something else was captured.
    (relay.log, relay.pages, relay.epoch) = (log, pages, 2);
    device.capture(open_order("WO-2")).unwrap();
    relay.calls.clear();
    let report = device.sync(&mut relay).unwrap();
    assert!(report.is_settled() && report.disagreeing.is_empty(), "{report:?}");
    assert!(report.tally.brought_back >= 2, "{report:?}");
    assert_eq!(relay.calls[..3], ["/v1/sync", "/v1/bring-back", "/v1/sync"]);
    let others = relay.log.iter().filter_map(|item| match item {
        Item::Row(row) if row.content_hash() == theirs => Some(row),
        _ => None,
    });
    let others: Vec<_> = others.collect();
    assert_eq!((others.len(), others[0].envelope.device.as_str()), (1, "d-other"));
    assert_eq!(device.orders().unwrap().len(), 2);
    assert_eq!(device.export_page(page.page()).unwrap().len(), held.len());
    // It is done once.
    relay.calls.clear();
    device.sync(&mut relay).unwrap();
    assert_eq!(relay.calls, ["/v1/sync"]);
}

#[test]
fn a_row_that_the_server_does_not_take_stays_here_and_is_not_offered_again() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    let page = order("O-1");
    relay.other_logs(&page, &others_set(1, "remark", "one"), [1; 16]);
    let (log, pages) = (relay.log.clone(), relay.pages.clone());
    relay.other_logs(&page, &others_set(2, "remark", "two"), [1; 16]);
    // Under a key that the server lost since.
    for item in &mut relay.log {
        if let Item::Row(row) = item
            && matches!(row.content, Content::Change(_))
        {
            row.mac = [9; 16];
        }
    }
    device.sync(&mut relay).unwrap();
    let held = device.export_page(page.page()).unwrap();
    (relay.log, relay.pages, relay.epoch) = (log, pages, 2);
    let report = device.sync(&mut relay).unwrap();
    assert!(report.is_settled() && report.disagreeing.is_empty(), "{report:?}");
    assert_eq!(report.tally.brought_back, 0);
    assert_eq!(device.export_page(page.page()).unwrap(), held, "nothing is wiped");
    relay.calls.clear();
    device.sync(&mut relay).unwrap();
    assert_eq!(relay.calls, ["/v1/sync"]);
}
