//! Work of phones whose access has ended: handed in once, looked at by headquarters, taken by its word alone.

use crate::company::*;
use crate::phone::Phone;
use outpost_model::command::{Ask, RevokeReason};
use outpost_model::entry::Body;
use outpost_model::wire::{HandIn, MAX_HAND_IN, VERSION, Verdict, frame};
use outpost_server::relay::{Review, ReviewState, Said, Source, Word};

fn frame_of(phone: &Phone) -> Vec<u8> {
    let request = phone.request();
    frame(&HandIn {
        version: VERSION,
        clock: request.clock,
        epoch: request.epoch,
        captured: request.captured,
        pages: request.pages,
        steps: request.steps,
        app: request.app,
    })
}

/// An engineer's phone with a day's work on it, of which one step is nobody's business of his; revoked.
fn revoked(reason: RevokeReason) -> (Company, Phone) {
    let company = Company::new();
    company.ask("u-clerk", open("WO-1", "c-1"));
    company.ask("u-lead", assign("WO-1", "u-e1"));
    let mut phone = company.phone("d-e1");
    phone.sync();
    phone.log(&visit("WO-1", "v1"), &[Body::Depart {}]);
    phone.log(&visit("WO-9", "v9"), &[Body::Depart {}]);
    phone.ask(open("WO-2", "c-1"));
    company.ask("u-hq", Ask::Revoke { device: device("d-e1"), reason });
    company.ask("u-lead", assign("WO-1", "u-e3"));
    assert_eq!(phone.try_sync().unwrap_err().code.name(), "device_revoked");
    (company, phone)
}

fn said(review: &Review) -> Vec<&'static str> {
    let word = |verdict: &Verdict| match verdict {
        Verdict::Admitted(_) => "admitted",
        Verdict::AlreadyHad(_) => "already_had",
        Verdict::Refused(_) => "refused",
        _ => "else",
    };
    review.steps.iter().map(|step| step.verdict.as_ref().map_or("unsaid", word)).collect()
}

fn head(company: &Company) -> u64 {
    company.relay.facts(|facts| Ok(facts.end.0)).unwrap()
}

#[test]
fn what_a_replaced_phone_hands_in_waits_for_headquarters_and_goes_under_its_own_device() {
    let (company, phone) = revoked(RevokeReason::Replaced);
    let before = head(&company);
    let handed = company.relay.hand_in(&phone.device, frame_of(&phone), Source::Phone).unwrap();
    assert!(handed.new);
    let reviews = company.relay.reviews(&user("u-hq")).unwrap();
    assert_eq!(
        (reviews.len(), reviews[0].state.clone(), reviews[0].user.clone()),
        (1, ReviewState::Open, user("u-e1"))
    );
    assert_eq!(said(&reviews[0]), ["admitted", "refused", "admitted"]);
    assert!(matches!(&reviews[0].steps[0].says, Said::Entries(entries) if entries[0].1.body == Body::Depart {}));
    assert!(matches!(&reviews[0].steps[2].says, Said::Asks(ask) if matches!(**ask, Ask::Open { .. })));
    // Looking takes nothing.
    assert_eq!(head(&company), before);
    company.clock.advance(60_000);
    let accepted = company.relay.decide_review(&user("u-hq"), handed.id, Word::Accept).unwrap();
    assert_eq!(said(&accepted), ["admitted", "refused", "admitted"]);
    assert_eq!(head(&company), before + 2);
    let Some(Verdict::Admitted(envelope)) = &accepted.steps[0].verdict else { panic!() };
    assert_eq!((envelope.device.as_str(), envelope.user.as_str()), ("d-e1", "u-e1"));
    assert!(envelope.contact.is_some(), "its clock is read by its own contacts");
    // Decided once; the same word again says the same, the other is told whose it was.
    assert_eq!(company.relay.decide_review(&user("u-hq"), handed.id, Word::Accept).unwrap(), accepted);
    let late = company.relay.decide_review(&user("u-hq"), handed.id, Word::Reject { reason: String::new() });
    let late = late.unwrap_err();
    assert_eq!((late.code.name(), late.by.map(|(by, _)| by)), ("superseded", Some(user("u-hq"))));
    assert_eq!(head(&company), before + 2);
    let mut hq = company.phone("d-hq");
    hq.sync();
    assert!(hq.has_order("WO-2"));
    company.verify();
}

#[test]
fn it_is_handed_in_once_and_not_by_a_phone_that_was_lost() {
    let (company, mut phone) = revoked(RevokeReason::Left);
    let first = frame_of(&phone);
    let handed = company.relay.hand_in(&phone.device, first.clone(), Source::Phone).unwrap();
    // The answer was lost.
    let again = company.relay.hand_in(&phone.device, first, Source::Phone).unwrap();
    assert_eq!((again.id, again.new), (handed.id, false));
    phone.log(&month("u-e1"), &[Body::ClockIn { place: None }]);
    let more = company.relay.hand_in(&phone.device, frame_of(&phone), Source::Phone).unwrap_err();
    assert_eq!(more.code.name(), "hand_in_done");
    // A file that headquarters imports is its own affair.
    assert!(company.relay.hand_in(&phone.device, frame_of(&phone), Source::File).unwrap().new);

    let (company, phone) = revoked(RevokeReason::Stolen);
    let denied = company.relay.hand_in(&phone.device, frame_of(&phone), Source::Phone).unwrap_err();
    assert_eq!(denied.code.name(), "device_revoked");
    let other = company.phone("d-e3");
    let denied = company.relay.hand_in(&other.device, frame_of(&other), Source::Phone).unwrap_err();
    assert_eq!(denied.code.name(), "bad_request");
    assert!(company.relay.reviews(&user("u-hq")).unwrap().is_empty());
}

#[test]
fn what_is_rejected_stays_to_be_read_and_nobody_else_decides() {
    let (company, phone) = revoked(RevokeReason::Replaced);
    let bytes = frame_of(&phone);
    let handed = company.relay.hand_in(&phone.device, bytes.clone(), Source::Phone).unwrap();
    let before = head(&company);
    for by in ["u-lead", "u-clerk", "u-e1"] {
        assert_eq!(company.relay.reviews(&user(by)).unwrap_err().code.name(), "not_allowed");
        let denied = company.relay.decide_review(&user(by), handed.id, Word::Accept).unwrap_err();
        assert_eq!(denied.code.name(), "not_allowed");
    }
    let word = Word::Reject { reason: "made up".into() };
    let rejected = company.relay.decide_review(&user("u-hq"), handed.id, word).unwrap();
    assert!(matches!(rejected.state, ReviewState::Rejected { ref reason, .. } if reason == "made up"));
    assert_eq!(head(&company), before);
    let (_, kept) = company.relay.review(&user("u-hq"), handed.id).unwrap();
    assert_eq!(kept, bytes);
    company.verify();
}

#[test]
fn nothing_that_is_no_frame_gets_into_the_review() {
    let (company, phone) = revoked(RevokeReason::Replaced);
    let hand_in = |bytes| company.relay.hand_in(&phone.device, bytes, Source::Phone).unwrap_err().code.name();
    assert_eq!(hand_in(vec![]), "malformed_frame");
    assert_eq!(hand_in(vec![0; MAX_HAND_IN + 1]), "too_large");
    let mut bytes = frame_of(&phone);
    bytes.push(0);
    assert_eq!(hand_in(bytes), "malformed_frame");
    assert!(company.relay.reviews(&user("u-hq")).unwrap().is_empty());
}
