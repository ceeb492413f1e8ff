//! A phone whose storage is full: it says so, keeps what it had, reads on, and goes on when there is room.

use crate::capture::{open_order, set};
use crate::relay::Relay;
use crate::rig::{Rig, START, order, order_id};
use crate::sync::others_set;
use outpost_device::act::Act;
use outpost_device::device::Device;
use outpost_device::error::{CaptureError, DeviceError};
use outpost_device::store::StoreError;

const ROOM: u32 = u32::MAX - 1;

/// What takes a page of the file or more.
fn long(page: &str, n: usize) -> Act {
    Act::logging(order(page), set("remark", &format!("{n} {}", "满".repeat(300))))
}

/// Logs until nothing fits any more; how many did.
fn fill(device: &mut Device, page: &str) -> usize {
    device.limit_storage(1).unwrap();
    for n in 0.. {
        match device.capture(long(page, n)) {
            Ok(_) => {}
            Err(CaptureError::Device(DeviceError::Store(StoreError::Full))) => return n,
            Err(other) => panic!("{other:?}"),
        }
    }
    unreachable!()
}

fn whole(rig: &Rig) {
    let db = rusqlite::Connection::open(rig.store().join("outpost.db")).unwrap();
    let said: String = db.query_row("pragma integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(said, "ok");
}

#[test]
fn a_capture_that_does_not_fit_leaves_nothing_behind() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.capture(open_order("WO-1")).unwrap();
    let fitted = fill(&mut device, "WO-1");
    let before = (device.sync_state().unwrap(), device.orders().unwrap());
    assert_eq!(before.0.kept as usize, 2 + fitted);
    assert!(device.capture(long("WO-1", fitted)).is_err());
    assert_eq!((device.sync_state().unwrap(), device.orders().unwrap()), before);
    // Killed while it is full, and opened again: everything can still be read.
    std::mem::forget(device);
    whole(&rig);
    let mut device = rig.open();
    device.limit_storage(1).unwrap();
    let detail = device.order(order_id("WO-1")).unwrap().unwrap();
    assert_eq!(detail.events.len(), 1 + fitted);
    assert!(device.capture(long("WO-1", fitted)).is_err());
    device.limit_storage(ROOM).unwrap();
    device.capture(open_order("WO-2")).unwrap();
    let mut numbers: Vec<u64> =
        device.order(order_id("WO-2")).unwrap().unwrap().events.iter().map(|e| e.entry.evidence.n).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [4 + fitted as u64], "no number was lost");
    let report = device.sync(&mut relay).unwrap();
    assert!(report.is_settled() && report.disagreeing.is_empty() && report.tally.refused == 0, "{report:?}");
    assert!(device.sync_state().unwrap().damaged.is_empty());
    whole(&rig);
}

#[test]
fn a_sync_that_does_not_fit_stands_before_the_answer() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.capture(open_order("WO-1")).unwrap();
    device.sync(&mut relay).unwrap();
    for n in 0..300 {
        relay.other_logs(&order(&format!("O-{n}")), &others_set(n, "remark", &"满".repeat(100)), [n as u8; 16]);
    }
    let fitted = fill(&mut device, "WO-1");
    for _ in 0..3 {
        let failed = device.sync(&mut relay).unwrap_err();
        assert!(matches!(failed, DeviceError::Store(StoreError::Full)), "{failed:?}");
        let state = device.sync_state().unwrap();
        assert_eq!((state.kept + state.sending, state.refused), (fitted as u32, 0));
        assert_eq!(device.orders().unwrap().len(), 1);
    }
    std::mem::forget(device);
    whole(&rig);
    let mut device = rig.open();
    assert!(!device.sync_state().unwrap().restored);
    let report = device.sync(&mut relay).unwrap();
    assert!(report.is_settled() && report.disagreeing.is_empty() && report.tally.refused == 0, "{report:?}");
    assert_eq!((report.tally.rows, device.sync_state().unwrap().kept), (300 + fitted as u32, 0), "{report:?}");
}

#[test]
fn what_the_disk_says_has_a_name() {
    let named = |code| StoreError::from(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None));
    assert!(matches!(named(rusqlite::ffi::SQLITE_FULL), StoreError::Full));
    for code in [rusqlite::ffi::SQLITE_IOERR, rusqlite::ffi::SQLITE_IOERR_WRITE, rusqlite::ffi::SQLITE_IOERR_FSYNC] {
        assert!(matches!(named(code), StoreError::NoStorage));
    }
    assert!(matches!(named(rusqlite::ffi::SQLITE_CORRUPT), StoreError::Damaged));
}
