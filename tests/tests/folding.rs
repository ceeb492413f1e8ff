//! What a push costs the relay, and a list the phone, end to end: a page is folded once a transaction, a hot page isn't
//! read again, and a list parses none.

use outpost_model::entry::Body;
use outpost_tests::company::Company;
use outpost_tests::company::call::{arrive, part, set};
use std::sync::atomic::Ordering;

#[test]
fn a_push_of_two_hundred_changes_folds_its_order_once_and_reads_no_hot_page_again() {
    let company = Company::open();
    let mut wang = company.met("d-wang");
    let call = company.dispatched("WO-1", "steel", "wang");
    wang.sync();
    let counts = || {
        let counts = company.relay().counts();
        [&counts.folds, &counts.page_loads, &counts.syncs].map(|count| count.load(Ordering::Relaxed))
    };
    let mut loads = Vec::new();
    for push in 0..3 {
        for n in 0..200 {
            let body = Body::Toolkit { missing: vec![format!("{push}.{n}")] };
            wang.log(call.header(), [body]);
        }
        let before = counts();
        assert_eq!(wang.sync().tally.admitted, 200);
        let after = counts();
        assert_eq!(after[2] - before[2], 1, "all of it in one push");
        assert_eq!(after[0] - before[0], 1, "once a push, not once a change");
        loads.push(after[1] - before[1]);
    }
    assert_eq!(loads[1..], [0, 0], "the page stays in hand: {loads:?}");
    company.ends_well(&mut [&mut wang]);
}

#[test]
fn lists_parse_no_page() {
    let company = Company::open();
    let mut wang = company.met("d-wang");
    for n in 0..20 {
        let call = company.dispatched(&format!("WO-{n}"), "steel", "wang");
        wang.sync();
        wang.log(call.visit("V1"), [arrive(), part("P-1", 1)]);
        wang.log(call.header(), [set("remark", "x")]);
    }
    wang.log(wang.month("2026-10"), [Body::ClockIn { place: None }]);
    wang.sync();
    wang.phone.switch_off();
    let before = wang.device().page_parses();
    let user = wang.user.clone();
    let device = wang.device();
    assert_eq!(device.orders().unwrap().len(), 20);
    assert_eq!(device.own_time(&user).unwrap().clocked.len(), 1);
    for kind in [outpost_model::header::Kind::Customer, outpost_model::header::Kind::Asset] {
        assert!(!device.register(kind).unwrap().is_empty());
    }
    device.attendance(outpost_model::time::Month::parse("2026-10").unwrap()).unwrap();
    device.sync_state().unwrap();
    device.decisions().unwrap();
    device.records().unwrap();
    assert_eq!(device.page_parses(), before);
    company.ends_well(&mut [&mut wang]);
}
