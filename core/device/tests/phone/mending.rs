//! After sums disagreed, or a page turned out to be damaged.

use crate::capture::{open_order, set};
use crate::relay::Relay;
use crate::rig::{Rig, START, order, order_id};
use crate::sync::others_set;
use outpost_device::act::Act;
use outpost_device::device::Device;
use outpost_device::report::SyncReport;
use outpost_device::session::{Effect, Event, Session};
use outpost_device::sync::Transport;
use outpost_model::wire::{Content, Item, SyncReply, frame, parse_frame};

/// A sync of which the feed tells nothing, as if its items stood behind the cursor.
fn sync_without_feed(device: &mut Device, relay: &mut Relay) -> SyncReport {
    let mut session = Session::new();
    let mut effect = session.on(device, Event::Begin).unwrap();
    let mut first = true;
    loop {
        match effect {
            Effect::Call(call) => {
                let mut answer = relay.call(&call).unwrap();
                if std::mem::take(&mut first) {
                    let mut reply: SyncReply = parse_frame(&answer.body).unwrap();
                    reply.items.clear();
                    answer.body = frame(&reply);
                }
                effect = session.on(device, Event::Answer(answer)).unwrap();
            }
            Effect::Done(report) => return report,
        }
    }
}

#[test]
fn sums_that_disagree_are_mended_and_nothing_is_wiped() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.capture(open_order("WO-1")).unwrap();
    relay.other_logs(&order("O-1"), &others_set(1, "remark", "one"), [1; 16]);
    device.sync(&mut relay).unwrap();
    // A row that the feed never tells: behind the cursor.
    relay.other_logs(&order("O-1"), &others_set(2, "remark", "two"), [1; 16]);
    let calls_before = relay.calls.len();
    let report = sync_without_feed(&mut device, &mut relay);
    assert_eq!(relay.calls[calls_before..], ["/v1/sync", "/v1/drill", "/v1/drill", "/v1/drill"]);
    assert!(report.is_settled() && report.disagreeing.is_empty(), "{report:?}");
    assert_eq!(report.tally.mended, 1);
    relay.calls.clear();
    device.sync(&mut relay).unwrap();
    assert_eq!(relay.calls, ["/v1/sync"]);
    assert_eq!(device.orders().unwrap().len(), 1);
}

#[test]
fn pages_that_did_not_come_are_asked_for_again() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    let pages: Vec<_> = (0..5).map(|n| order(&format!("O-{n}"))).collect();
    for (n, page) in pages.iter().enumerate() {
        relay.other_logs(page, &others_set(n as u64, "remark", "one"), [1; 16]);
    }
    device.sync(&mut relay).unwrap();
    for (n, page) in pages.iter().enumerate() {
        relay.other_logs(page, &others_set(10 + n as u64, "remark", "two"), [1; 16]);
    }
    relay.drill_room = 2;
    let calls_before = relay.calls.len();
    let report = sync_without_feed(&mut device, &mut relay);
    assert!(report.is_settled() && report.disagreeing.is_empty(), "{report:?}");
    assert_eq!((report.tally.mended, relay.calls.len() - calls_before), (5, 1 + 2 + 3), "{report:?}");
    for page in pages {
        let export = String::from_utf8(device.export_page(page.page()).unwrap()).unwrap();
        assert_eq!(export.lines().count(), 3, "{export}");
    }
    relay.calls.clear();
    assert!(device.sync(&mut relay).unwrap().disagreeing.is_empty());
    assert_eq!(relay.calls, ["/v1/sync"]);
}

#[test]
fn a_damaged_page_keeps_what_it_has_until_its_replacement_is_whole() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.capture(open_order("WO-1")).unwrap();
    device.sync(&mut relay).unwrap();
    drop(device);
    let db = rusqlite::Connection::open(rig.store().join("outpost.db")).unwrap();
    db.execute("update page set damaged = 1 where kind = 'order'", []).unwrap();
    drop(db);
    let mut device = rig.open();
    let page = order_id("WO-1");
    let held = device.export_page(page).unwrap();
    let still_damaged = |device: &mut Device, relay: &mut Relay| {
        let report = device.sync(relay).unwrap();
        assert!(report.is_settled() && report.tally.mended == 0, "{report:?}");
        assert_eq!(device.sync_state().unwrap().damaged, [page]);
        assert_eq!(device.export_page(page).unwrap(), held);
    };
    // The server doesn't show it.
    relay.drill_room = 0;
    still_damaged(&mut device, &mut relay);
    // It comes, with a change that was damaged on its way.
    relay.drill_room = 1_000;
    let sound = relay.log.clone();
    for item in &mut relay.log {
        if let Item::Row(row) = item
            && let Content::Change(raw) = &row.content
        {
            let mut bytes = raw.to_vec();
            *bytes.last_mut().unwrap() ^= 1;
            row.content = Content::Change(bytes.into());
        }
    }
    still_damaged(&mut device, &mut relay);
    relay.log = sound;
    let report = device.sync(&mut relay).unwrap();
    assert_eq!((report.tally.mended, report.disagreeing.len()), (1, 0), "{report:?}");
    assert!(device.sync_state().unwrap().damaged.is_empty());
    assert_eq!(device.order(page).unwrap().unwrap().events.len(), 1);
}

/// Opens the store of a phone that is shut, and alters it.
fn alter(rig: &Rig, sql: &str) {
    let db = rusqlite::Connection::open(rig.store().join("outpost.db")).unwrap();
    assert_eq!(db.execute(sql, []).unwrap(), 1, "{sql}");
}

#[test]
fn a_spoilt_row_marks_its_page_which_is_shown_as_far_as_it_can_be_and_comes_anew() {
    for spoiling in ["content = zeroblob(length(content))", "envelope = x'00'"] {
        let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
        let mut device = rig.open();
        device.capture(open_order("WO-1")).unwrap();
        device.sync(&mut relay).unwrap();
        relay.other_logs(&order("WO-1"), &others_set(1, "remark", "one"), [1; 16]);
        device.sync(&mut relay).unwrap();
        let page = order_id("WO-1");
        let whole = device.order(page).unwrap().unwrap().events.len();
        drop(device);
        alter(&rig, &format!("update log_row set {spoiling} where seq = (select max(seq) from log_row)"));
        let mut device = rig.open();
        assert!(device.sync_state().unwrap().damaged.is_empty(), "nobody has looked");
        assert_eq!(device.order(page).unwrap().unwrap().events.len(), whole - 1, "{spoiling}");
        assert_eq!(device.sync_state().unwrap().damaged, [page]);
        let export = String::from_utf8(device.export_page(page).unwrap()).unwrap();
        assert_eq!(export.lines().count(), 3, "{export}");
        // One goes on writing.
        device.capture(Act::logging(order("WO-1"), set("fault_cause", "轴承"))).unwrap();
        let report = device.sync(&mut relay).unwrap();
        assert!(report.is_settled() && report.tally.mended == 1 && report.tally.refused == 0, "{report:?}");
        assert!(device.sync_state().unwrap().damaged.is_empty());
        assert_eq!(device.order(page).unwrap().unwrap().events.len(), whole + 1, "{spoiling}");
    }
}

#[test]
fn a_page_that_brought_the_app_down_twice_is_shown_as_damaged_and_comes_anew() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.capture(open_order("WO-1")).unwrap();
    device.sync(&mut relay).unwrap();
    drop(device);
    let page = order_id("WO-1");
    // As two runs left it that ended while they opened it.
    alter(&rig, "update page set strikes = 2 where kind = 'order'");
    for _ in 0..2 {
        let mut device = rig.open();
        assert!(device.order(page).unwrap().is_none_or(|order| order.events.is_empty()));
        assert_eq!(device.page_parses(), 0, "it isn't read any more");
        assert_eq!(device.sync_state().unwrap().damaged, [page]);
        assert!(device.export_page(page).unwrap().len() > 100);
        assert_eq!(device.orders().unwrap().len(), 1, "the list still has it");
    }
    let mut device = rig.open();
    assert_eq!(device.sync(&mut relay).unwrap().tally.mended, 1);
    assert!(device.sync_state().unwrap().damaged.is_empty());
    assert_eq!(device.order(page).unwrap().unwrap().events.len(), 1);
}
