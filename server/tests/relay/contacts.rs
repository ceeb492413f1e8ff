//! Contacts and what they attest: numbers, offsets, floors, and a time that never runs backwards.

use crate::company::*;
use crate::phone::admitted;
use outpost_model::entry::Body;
use outpost_model::envelope::ContactMark;
use outpost_model::time::Millis;
use outpost_server::clock::Clock;

#[test]
fn each_sync_is_the_next_contact_with_both_clocks() {
    let company = Company::new();
    let mut phone = company.phone("d-e1");
    phone.skew = -7_200_000;
    phone.sync();
    let (server, clock) = (company.clock.now(), phone.now());
    assert_eq!(phone.contact, 1);
    company.clock.advance(600_000);
    phone.log(&month("u-e1"), &[Body::ClockIn { place: None }]);
    let envelope = phone.sync_admitted().remove(0);
    assert_eq!(envelope.contact, Some(ContactMark { number: 1, server, device: clock }));
    assert_eq!(envelope.corrected(clock), server);
    assert_eq!(phone.contact, 2);
    company.verify();
}

#[test]
fn a_floor_is_the_last_contact_before_the_capture_by_the_counter() {
    let company = Company::new();
    let mut phone = company.phone("d-e1");
    phone.log(&month("u-e1"), &[Body::ClockIn { place: None }]);
    let held_back = phone.steps.remove(0);
    phone.sync();
    let first = company.clock.now();
    phone.log(&month("u-e1"), &[Body::ClockOut { place: None }]);
    let second_step = phone.steps.remove(0);
    phone.sync();
    phone.steps = vec![held_back, second_step];
    phone.headers = vec![month("u-e1").canonical()];
    let envelopes = phone.sync_admitted();
    assert_eq!(envelopes[0].floor, None, "captured before the first contact stated it");
    assert_eq!(envelopes[1].floor, Some(first), "captured above what the first contact stated");
}

#[test]
fn a_claimed_contact_or_epoch_of_ones_own_making_attests_nothing() {
    let company = Company::new();
    let mut phone = company.phone("d-e1");
    phone.sync();
    phone.sync();
    // Another store: its counters say nothing about the first one's contacts.
    phone.epoch = 2;
    phone.n = 0;
    phone.contact = 77;
    phone.log(&month("u-e1"), &[Body::ClockIn { place: None }]);
    let envelope = admitted(&phone.sync()[0].verdict);
    assert_eq!((envelope.contact, envelope.floor), (None, None));
}

#[test]
fn the_relays_time_never_runs_backwards() {
    let company = Company::new();
    let mut phone = company.phone("d-e1");
    phone.log(&month("u-e1"), &[Body::ClockIn { place: None }]);
    let before = phone.sync_admitted()[0].admitted.unwrap().received;
    company.clock.set(Millis(before.0 - 3_600_000));
    let request = phone.request();
    let reply = company.relay.sync(&phone.device, request.clone()).unwrap();
    assert_eq!(reply.server, before);
    phone.take(&request, reply);
    phone.log(&month("u-e1"), &[Body::ClockOut { place: None }]);
    assert!(phone.try_sync().unwrap().iter().all(|step| admitted(&step.verdict).admitted.unwrap().received >= before));
}
