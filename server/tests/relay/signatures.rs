//! A signature counts for what the log can show.

use crate::company::*;
use crate::phone::{Phone, admitted, refused};
use ed25519_dalek::{Signature as Seal, VerifyingKey};
use outpost_model::entry::{Body, Lang, Signature, VisitResult};
use outpost_model::header::Header;
use outpost_model::id::Hash;
use outpost_model::signature::{covered, digest};

fn begin(company: &Company) -> (Phone, Header) {
    company.ask("u-clerk", open("WO-1", "c-1"));
    company.ask("u-lead", assign("WO-1", "u-e1"));
    let mut phone = company.phone("d-e1");
    phone.sync();
    let visit = visit("WO-1", "v1");
    phone.log(&visit, &[Body::Depart {}]);
    phone.log(&visit, &[Body::Arrive { place: None }]);
    (phone, visit)
}

/// The signature over what the phone holds.
fn signature(phone: &Phone, visit: &Header) -> Signature {
    let index = phone.index_of(visit);
    let visit_heads = index.heads();
    Signature {
        name: "Wang".into(),
        strokes: Hash([5; 32]),
        score: 5,
        comment: String::new(),
        order_heads: Vec::new(),
        digest: digest(&covered(&index, &visit_heads), Lang::Zh),
        visit_heads,
        lang: Lang::Zh,
        typed: None,
    }
}

#[test]
fn a_signature_over_what_the_glass_showed_is_admitted_also_when_something_came_in_between() {
    let company = Company::new();
    let (mut phone, visit) = begin(&company);
    let signed = signature(&phone, &visit);
    // Captured after the glass was read, before the customer signed.
    phone.log(&visit, &[Body::Leave { result: VisitResult::Fixed }]);
    phone.log(&visit, &[Body::Sign(signed)]);
    phone.sync_admitted();
    company.verify();
}

#[test]
fn a_signature_over_anything_else_is_refused_and_what_is_beside_it_is_not() {
    let company = Company::new();
    let (mut phone, visit) = begin(&company);
    let honest = signature(&phone, &visit);
    let other_language = Signature { lang: Lang::En, ..honest.clone() };
    let other_content = Signature { digest: Hash([1; 32]), ..honest.clone() };
    let fewer_heads = Signature { visit_heads: Vec::new(), ..honest.clone() };
    let never_seen = Signature { visit_heads: vec![Hash([9; 32])], ..honest };
    phone.sync_admitted();
    for (forged, detail) in
        [(other_language, "digest"), (other_content, "digest"), (fewer_heads, "digest"), (never_seen, "visit_heads")]
    {
        // Each on a visit's page as it was: what is refused isn't there for the next one.
        let before = phone.doc(&visit);
        phone.log(&visit, &[Body::Sign(forged)]);
        phone.log(&month("u-e1"), &[Body::ClockIn { place: None }]);
        let verdicts = phone.sync();
        let refusal = refused(&verdicts[0].verdict);
        assert_eq!(refusal.code.0, "bad_entry");
        assert!(refusal.detail.starts_with(detail), "{}", refusal.detail);
        admitted(&verdicts[1].verdict);
        phone.put_back(before);
    }
    let signed = signature(&phone, &visit);
    phone.log(&visit, &[Body::Sign(signed)]);
    phone.sync_admitted();
    company.verify();
}

#[test]
fn a_countersignature_is_checked_with_the_public_key_alone() {
    let company = Company::new();
    let (mut phone, visit) = begin(&company);
    let signed = signature(&phone, &visit);
    phone.log(&visit, &[Body::Sign(signed.clone())]);
    let entry = phone.signature_on(&visit);
    let envelope = phone.sync_admitted().pop().unwrap();
    let word = company.relay.countersigned(&user("u-lead"), visit.page(), entry).unwrap().unwrap();
    assert_eq!((word.digest, word.received), (signed.digest, envelope.admitted.unwrap().received));
    // What a third party has: the public key, and the word itself.
    let (name, public) = company.relay.countersigning_key();
    assert_eq!(word.key, name);
    let key = VerifyingKey::from_bytes(&public).unwrap();
    let seal = Seal::from_bytes(&word.signature);
    key.verify_strict(word.text().as_bytes(), &seal).unwrap();
    let forged = |change: fn(&mut outpost_server::relay::Countersigned)| {
        let mut other = word.clone();
        change(&mut other);
        assert!(key.verify_strict(other.text().as_bytes(), &seal).is_err());
    };
    forged(|word| word.digest.0[0] ^= 1);
    forged(|word| word.received.0 -= 1);
    forged(|word| word.visit.0[15] ^= 1);
    forged(|word| word.entry.0[15] ^= 1);
    // The same whenever it is asked for, and of nothing else.
    company.clock.advance(3_600_000);
    assert_eq!(company.relay.countersigned(&user("u-e1"), visit.page(), entry).unwrap(), Some(word));
    let other = outpost_model::id::EntryId([7; 16]);
    assert_eq!(company.relay.countersigned(&user("u-lead"), visit.page(), other).unwrap(), None);
    assert_eq!(company.relay.countersigned(&user("u-e2"), visit.page(), entry).unwrap(), None, "not his to see");
}
