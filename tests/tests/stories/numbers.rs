//! Numbers that must exist on site come from blocks that the phone leased.

use outpost_model::command::{Ask, Series};
use outpost_model::entry::{Body, PayMethod};
use outpost_tests::company::call::arrive;
use outpost_tests::company::{Call, Company};

fn lease(series: Series, count: u32) -> Ask {
    Ask::LeaseNumbers { series, count }
}

#[test]
fn receipts_are_numbered_without_a_network_and_no_number_is_given_twice() {
    let company = Company::open();
    let (mut wang, mut li) = (company.met("d-wang"), company.met("d-li"));
    let call = company.dispatched("WO-1", "steel", "wang");
    wang.ask(lease(Series::Receipt, 3));
    assert_eq!(wang.device().next_number(Series::Receipt).unwrap(), None, "nothing before the relay has answered");
    wang.sync();
    li.ask(lease(Series::Receipt, 3));
    li.sync();
    let mut given = Vec::new();
    for hand in [&mut wang, &mut li] {
        assert_eq!(hand.device().numbers_left(Series::Receipt).unwrap(), 3);
        while let Some(number) = hand.device().take_number(Series::Receipt).unwrap() {
            given.push(number);
        }
    }
    assert_eq!(given, ["R000001", "R000002", "R000003", "R000004", "R000005", "R000006"]);
    let charge = |number: &str| Body::Charge {
        item: "上门费".into(),
        amount: 20_000,
        method: PayMethod::Cash,
        receipt_no: Some(number.into()),
    };
    wang.log(call.visit("V1"), [arrive(), charge(&given[0]), charge(&given[1])]);
    wang.sync();
    let facts = company.order(call.id());
    let receipts: Vec<_> = facts.visit_facts[0].charges.iter().map(|line| line.receipt_no.clone().unwrap()).collect();
    assert_eq!(receipts, ["R000001", "R000002"]);
    company.ends_well(&mut [&mut wang, &mut li]);
}

#[test]
fn a_phone_put_back_from_a_backup_gives_no_number_away_again() {
    let company = Company::open();
    let mut wang = company.met("d-wang");
    wang.ask(lease(Series::Receipt, 10));
    wang.sync();
    wang.phone.back_up().unwrap();
    let gone = wang.device().take_number(Series::Receipt).unwrap().unwrap();
    wang.sync();
    wang.phone.restore().unwrap();
    assert_eq!(wang.device().take_number(Series::Receipt).unwrap(), None, "nobody knows what went since");
    wang.ask(lease(Series::Receipt, 10));
    wang.sync();
    let next = wang.device().take_number(Series::Receipt).unwrap().unwrap();
    assert!(next > gone && next.as_str() > "R000010", "{next}");
    company.ends_well(&mut [&mut wang]);
}

#[test]
fn an_order_number_outside_the_block_or_given_twice_is_kept_and_marked() {
    let company = Company::open();
    let (mut wang, mut li) = (company.met("d-wang"), company.met("d-li"));
    wang.ask(lease(Series::Order, 5));
    wang.sync();
    let leased = wang.device().take_number(Series::Order).unwrap().unwrap();
    let (good, own, twice) = (Call::new(&leased, "steel"), Call::new("手写-1", "steel"), Call::new("x", "paper"));
    wang.ask(good.open());
    wang.ask(own.open());
    // Li's paper says the same number as Wang's.
    let mut open = twice.open();
    if let Ask::Open { number, .. } = &mut open {
        *number = "手写-1".into();
    }
    wang.sync();
    li.ask(open);
    li.sync();
    let mut zhou = company.met("d-zhou");
    let mut marks = |call: &Call| {
        let detail = zhou.device().order(call.id()).unwrap().unwrap();
        (detail.decisions[0].pins.number_unleased, detail.decisions[0].pins.number_duplicate)
    };
    assert_eq!(marks(&good), (false, false));
    assert_eq!(marks(&own), (true, false));
    assert_eq!(marks(&twice), (true, true));
    company.ends_well(&mut [&mut wang, &mut li, &mut zhou]);
}
