//! Snapshots: made when nobody waits, used when a page is cold, believed never.

use crate::company::*;
use crate::phone::Phone;
use outpost_model::entry::Body;
use outpost_server::relay::{Relay, rebuild};
use outpost_server::store::{Store, change, one};
use outpost_server::verify::verify;
use std::sync::Arc;

/// An order with so many changes by one phone.
fn long_order(company: &Company, phone: &mut Phone, changes: usize) {
    for push in 0..changes.div_ceil(50) {
        for n in 0..50.min(changes - push * 50) {
            phone.log(&order("WO-1"), &[Body::Toolkit { missing: vec![format!("{push}.{n}")] }]);
        }
        phone.sync_admitted();
    }
    // Whatever was left for later is done before the next job.
    company.relay.store().write(|_| Ok(())).unwrap();
}

fn begin(store: Arc<Store>) -> (Company, Phone) {
    let company = Company::on(store);
    company.ask("u-clerk", open("WO-1", "c-1"));
    company.ask("u-lead", assign("WO-1", "u-e1"));
    let mut phone = company.phone("d-e1");
    phone.sync();
    (company, phone)
}

/// Changes that the order's snapshot covers.
fn covered(store: &Store) -> u64 {
    store.read(|db| one(db, "select coalesce(max(changes), 0) from snapshot", [], |row| row.get(0))).unwrap()
}

fn spoil(store: &Store, sql: &'static str) {
    store.write(move |tx| change(tx, sql, [])).unwrap();
}

/// What it costs a relay that was just started to take one more change.
fn cost_of_a_cold_change(company: &Company, phone: &mut Phone) -> u64 {
    let relay = Relay::open(company.relay.store().clone(), company.clock.clone(), [7; 32]).unwrap();
    phone.moved_to(relay);
    let before = company.relay.store().work().steps;
    phone.log(&order("WO-1"), &[Body::Toolkit { missing: vec!["cold".into()] }]);
    phone.sync_admitted();
    company.relay.store().work().steps - before
}

#[test]
fn a_long_page_gets_a_snapshot_every_64_changes_and_a_short_one_none() {
    let folder = tempfile::tempdir().unwrap();
    let (company, mut phone) = begin(Store::open(folder.path()).unwrap());
    let store = company.relay.store();
    long_order(&company, &mut phone, 50);
    assert_eq!(covered(store), 0);
    long_order(&company, &mut phone, 50);
    assert_eq!(covered(store), 100);
    long_order(&company, &mut phone, 50);
    assert_eq!(covered(store), 100);
    long_order(&company, &mut phone, 50);
    assert_eq!(covered(store), 200);
    assert_eq!(verify(store).unwrap().played.snapshots, 1);
    company.verify();
}

#[test]
fn a_cold_page_is_made_from_its_snapshot_and_the_rows_since() {
    let folder = tempfile::tempdir().unwrap();
    let (company, mut phone) = begin(Store::open(folder.path()).unwrap());
    long_order(&company, &mut phone, 260);
    let with = cost_of_a_cold_change(&company, &mut phone);
    spoil(company.relay.store(), "delete from snapshot");
    let without = cost_of_a_cold_change(&company, &mut phone);
    assert!(with + 500 < without, "{with} steps with a snapshot, {without} without");
    company.verify();
}

#[test]
fn a_damaged_snapshot_is_found_does_no_harm_and_is_replaced() {
    let damages = [
        "update snapshot set bytes = x'00'",
        "update snapshot set bytes = zeroblob(length(bytes))",
        "update snapshot set heads = zeroblob(32)",
        "update snapshot set heads = x'0102'",
        "update snapshot set last = last - 30, changes = changes - 30",
    ];
    for damage in damages {
        let folder = tempfile::tempdir().unwrap();
        let (company, mut phone) = begin(Store::open(folder.path()).unwrap());
        let store = company.relay.store().clone();
        long_order(&company, &mut phone, 100);
        spoil(&store, damage);
        let differences = verify(&store).unwrap().played.differences;
        assert!(differences.iter().any(|what| what.starts_with("snapshot")), "{damage}: {differences:?}");
        cost_of_a_cold_change(&company, &mut phone);
        store.write(|_| Ok(())).unwrap();
        if !damage.contains("last") {
            assert_eq!(covered(&store), 101, "{damage}: another took its place");
            company.verify();
        }
        // Rows that it says it lacks and has: they are had already, and the heads agree.
        spoil(&store, damage);
        rebuild(&store).unwrap();
        assert_eq!(covered(&store), 101, "{damage}: made anew");
        company.verify();
    }
}
