//! Too much at once is put off, not refused.

use crate::company::*;
use crate::phone::{Phone, admitted};
use outpost_model::entry::Body;
use outpost_model::wire::{Verdict, What};
use outpost_server::relay::{Limits, Relay};

#[test]
fn what_exceeds_the_budget_is_put_off_with_all_that_rests_on_it_and_taken_when_it_comes_again() {
    let company = Company::new();
    let limits = Limits { steps_a_minute: 60, burst: 10 };
    let (store, clock) = (company.relay.store().clone(), company.clock.clone());
    let relay = Relay::open_within(limits, store, clock.clone(), [7; 32]).unwrap();
    let mut phone = Phone::new(relay.clone(), clock.clone(), device("d-e1"), user("u-e1"));
    phone.sync();
    phone.step(vec![], What::Command("{}".into()));
    for n in 0..9 {
        phone.log(&month("u-e1"), &[Body::Task { minutes: n + 1, note: String::new() }]);
    }
    let beyond = phone.ask(open("WO-1", "c-1"));
    phone.log_needing(&order("WO-1"), &[crate::scopes::register()], vec![beyond]);
    // It rests on the refused one and on a deferred one: it waits until both are clear.
    phone.log_needing(&visit("WO-1", "v1"), &[Body::Depart {}], vec![beyond]);
    let (steps, headers) = (phone.steps.clone(), phone.headers.clone());
    let verdicts = phone.try_sync().unwrap();
    assert_eq!(verdicts.len(), 13, "a verdict for each step");
    assert!(matches!(verdicts[0].verdict, Verdict::Refused(_)));
    verdicts[1..10].iter().for_each(|step| drop(admitted(&step.verdict)));
    let mut wait = 0;
    for step in &verdicts[10..] {
        let Verdict::Deferred(code, after) = &step.verdict else { panic!("{step:?}") };
        assert_eq!(code.0, "server_busy");
        wait = *after;
    }
    assert_eq!(wait, 3_000, "one step a second");
    // Somebody else isn't put off for him.
    let mut other = Phone::new(relay, clock.clone(), device("d-e3"), user("u-e3"));
    other.log(&month("u-e3"), &[Body::ClockIn { place: None }]);
    admitted(&other.try_sync().unwrap()[0].verdict);
    // Sent again, unchanged, when he was told to.
    clock.advance(i64::from(wait));
    (phone.steps, phone.headers) = (steps[10..].to_vec(), headers);
    phone.try_sync().unwrap().iter().for_each(|step| drop(admitted(&step.verdict)));
    company.verify();
}
