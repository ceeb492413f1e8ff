use crate::capture::{open_order, set};
use crate::relay::{Relay, refused};
use crate::rig::{Rig, START, order, order_id, visit};
use crate::sync::others_set;
use outpost_device::act::Act;
use outpost_model::entry::Body;
use outpost_model::problem::Code;

#[test]
fn a_phone_put_back_from_a_backup_goes_on_under_new_actors() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.capture(open_order("WO-1")).unwrap();
    device.sync(&mut relay).unwrap();
    device.capture(Act::logging(order("WO-1"), set("remark", "in the backup, unsent"))).unwrap();
    drop(device);
    let copy = rig.folder.path().join("copy");
    rig.backup(&copy);

    let mut device = rig.open();
    device.capture(Act::logging(order("WO-1"), set("remark", "after the backup"))).unwrap();
    device.sync(&mut relay).unwrap();
    let before = relay.raws(order_id("WO-1")).len();
    drop(device);
    rig.restore(&copy);

    let mut device = rig.open();
    assert!(device.sync_state().unwrap().restored);
    device.capture(Act::logging(order("WO-1"), set("caller", "on the restored phone"))).unwrap();
    device.capture(Act::logging(visit("WO-1"), Body::Depart {})).unwrap();
    let report = device.sync(&mut relay).unwrap();
    assert!(report.is_settled() && report.disagreeing.is_empty(), "{report:?}");
    assert_eq!((report.tally.refused, report.tally.already_had), (0, 1), "{report:?}");
    assert_eq!(relay.raws(order_id("WO-1")).len(), before + 1);
    let item = &device.orders().unwrap()[0];
    assert_eq!(item.facts.fields["remark"], ["after the backup"]);
    assert_eq!(item.facts.fields["caller"], ["on the restored phone"]);
    let detail = device.order(order_id("WO-1")).unwrap().unwrap();
    let epochs: Vec<u32> = detail.events.iter().map(|event| event.entry.evidence.epoch).collect();
    let newest = *epochs.iter().max().unwrap();
    assert!(newest > 1 && epochs.contains(&1));

    // Put back once more from the same backup: yet another epoch.
    drop(device);
    rig.restore(&copy);
    let mut device = rig.open();
    device.capture(Act::logging(order("WO-1"), set("phone", "again"))).unwrap();
    device.sync(&mut relay).unwrap();
    let detail = device.order(order_id("WO-1")).unwrap().unwrap();
    assert!(detail.events.iter().any(|event| event.entry.evidence.epoch > newest));
    assert_eq!(device.orders().unwrap()[0].facts.fields["phone"], ["again"]);
}

#[test]
fn work_that_the_server_has_by_another_change_is_one_row_after_a_restore() {
    // The change that stands comes down with the verdict, or in a later answer.
    for room in [1_000, 1] {
        let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
        let mut device = rig.open();
        device.capture(open_order("WO-1")).unwrap();
        device.sync(&mut relay).unwrap();
        let entry = device.capture(Act::logging(order("WO-1"), set("remark", "unsent"))).unwrap().entries[0];
        drop(device);
        let copy = rig.folder.path().join("copy");
        rig.backup(&copy);

        // Refused, written anew, and admitted as another change that says the same.
        let mut device = rig.open();
        let mut once = false;
        relay.word = Some(Box::new(move |name, _| {
            (name.contains("unsent") && !std::mem::replace(&mut once, true)).then(|| refused(Code::ActorTaken, ""))
        }));
        assert_eq!(device.sync(&mut relay).unwrap().tally.replayed, 1);
        relay.word = None;
        let before = relay.raws(order_id("WO-1"));
        for n in 0..3 {
            relay.other_logs(&order(&format!("O-{n}")), &others_set(n, "remark", "theirs"), [n as u8 + 1; 16]);
        }
        drop(device);
        rig.restore(&copy);

        // The backup knows only the first of the two, and goes on writing on it.
        let mut device = rig.open();
        device.capture(Act::logging(order("WO-1"), set("remark", "after the restore"))).unwrap();
        let signed = device.sign(crate::quarantine::glass("WO-1")).unwrap().entries[0];
        relay.room = room;
        let report = device.sync(&mut relay).unwrap();
        assert!(report.is_settled() && report.disagreeing.is_empty(), "{room}: {report:?}");
        assert_eq!(report.tally.already_had, 1, "{room}: {report:?}");
        let now = relay.raws(order_id("WO-1"));
        assert_eq!((&now[..before.len()], now.len()), (&before[..], before.len() + 1), "{room}");
        assert!(relay.pages[&visit("WO-1").page()].entry(&signed).is_some(), "{room}");
        assert!(device.quarantine().unwrap().is_empty(), "{room}");
        let detail = device.order(order_id("WO-1")).unwrap().unwrap();
        assert_eq!(detail.events.iter().filter(|event| event.id == entry).count(), 1, "{room}");
        // It was written over what its author saw: no conflict.
        assert_eq!(detail.item.facts.fields["remark"], ["after the restore"], "{room}");
        assert!(detail.events.iter().all(|event| !event.state.is_pending()), "{room}");
        let idle = device.sync(&mut relay).unwrap();
        assert_eq!((idle.tally.sent, idle.tally.requests, idle.disagreeing.len()), (0, 1, 0), "{room}: {idle:?}");
        // A phone that begins anew reads the same.
        let other = Rig::engineer();
        let mut fresh = other.open();
        relay.room = 1_000;
        fresh.sync(&mut relay).unwrap();
        assert_eq!(fresh.orders().unwrap(), device.orders().unwrap(), "{room}");
    }
}

#[test]
fn a_store_whose_outside_was_lost_with_the_old_phone_counts_as_restored() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.capture(open_order("WO-1")).unwrap();
    device.sync(&mut relay).unwrap();
    drop(device);
    std::fs::remove_file(rig.folder.path().join("sends")).unwrap();
    let mut device = rig.open();
    assert!(device.sync_state().unwrap().restored);
    device.capture(Act::logging(order("WO-1"), set("remark", "a"))).unwrap();
    assert!(device.sync(&mut relay).unwrap().disagreeing.is_empty());
    drop(device);
    assert!(rig.open().sync_state().unwrap().restored, "the flag stays; the epoch doesn't go on rising");
}

#[test]
fn a_page_that_brings_the_app_down_twice_is_shown_as_damaged_and_fetched_anew() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.capture(open_order("WO-1")).unwrap();
    device.sync(&mut relay).unwrap();
    drop(device);
    // Two starts that ended while this page was being opened.
    let strike = |strikes: u8| {
        let db = rusqlite::Connection::open(rig.store().join("outpost.db")).unwrap();
        db.execute("update page set strikes = ?1 where kind = 'order'", [strikes]).unwrap();
    };
    strike(1);
    let mut device = rig.open();
    device.order(order_id("WO-1")).unwrap().unwrap();
    assert!(device.sync_state().unwrap().damaged.is_empty(), "once is chance");
    drop(device);
    strike(2);
    let mut device = rig.open();
    assert!(device.order(order_id("WO-1")).unwrap().unwrap().events.is_empty());
    assert_eq!(device.sync_state().unwrap().damaged, [order_id("WO-1")]);
    assert_eq!(device.orders().unwrap().len(), 1, "its list row still shows it");
    assert!(String::from_utf8(device.export_page(order_id("WO-1")).unwrap()).unwrap().lines().count() >= 2);
    let report = device.sync(&mut relay).unwrap();
    assert_eq!((report.tally.mended, report.disagreeing.len()), (1, 0), "{report:?}");
    assert!(device.sync_state().unwrap().damaged.is_empty());
    assert_eq!(device.order(order_id("WO-1")).unwrap().unwrap().events.len(), 1);
}
