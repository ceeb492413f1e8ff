//! A customer's proof: what the server countersigned is checked by anybody, with its public key and nothing else.

use super::files::{PHOTO, visit_with};
use super::house::{House, is};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature as Seal, VerifyingKey};
use outpost_model::entry::{Body, Lang, Signature};
use outpost_model::header::{Header, Subject};
use outpost_model::id::{EntryId, Hash, PageId};
use outpost_model::signature::digest;
use outpost_server::relay::{After, ConsoleAct, ConsoleWrite, Heads};

fn text(answer: &serde_json::Value, name: &str) -> String {
    answer[name].as_str().map(str::to_owned).unwrap_or_else(|| answer[name].to_string())
}

fn bytes<const N: usize>(spelled: &str) -> [u8; N] {
    URL_SAFE_NO_PAD.decode(spelled).unwrap().try_into().unwrap()
}

#[test]
fn a_signature_is_proved_to_a_stranger_by_the_public_key() {
    let house = House::new();
    let (visit, _) = visit_with(&house, &[PHOTO]);
    // Signed over what stood before anything was logged: the shortest list there is.
    let signed = Signature {
        name: "Wang".into(),
        strokes: Hash([5; 32]),
        score: 5,
        comment: String::new(),
        order_heads: Vec::new(),
        visit_heads: Vec::new(),
        digest: digest(&[], Lang::Zh),
        lang: Lang::Zh,
        typed: None,
    };
    let order = PageId::v7(1, [1; 10]);
    let header = Header::new(super::house::tenant(), Subject::Visit { id: visit, order });
    let entry = EntryId::v7(1_790_000_000_000, [9; 10]);
    let write = ConsoleWrite { header, entries: vec![(Some(entry), Body::Sign(signed.clone()))], seen: Heads::Now };
    let act = ConsoleAct { id: house.command(), ask: None, after: After::Now, heads: Heads::Now, write: Some(write) };
    house.act("u-e1", act);

    let path = format!("/v1/visits/{visit}/signatures/{entry}");
    assert_eq!(house.get(&path, &[]).problem(), is(401, "sign_in_needed"));
    let of = |user: &str| format!("Bearer {}", house.sign_in(user).0);
    let (lead, stranger) = (of("u-hq"), of("u-e2"));
    assert_eq!(house.get(&path, &[("authorization", &stranger)]).problem(), is(404, "not_found"));
    let nothing = format!("/v1/visits/{visit}/signatures/none");
    assert_eq!(house.get(&nothing, &[("authorization", &lead)]).problem(), is(404, "not_found"));

    let word = house.get(&path, &[("authorization", &lead)]).json();
    assert_eq!(text(&word, "digest"), signed.digest.to_string());
    let keys = house.get("/v1/keys", &[]).json();
    let key = &keys["keys"][0];
    assert_eq!(key["kid"], word["key"]);
    let key = VerifyingKey::from_bytes(&bytes(key["x"].as_str().unwrap())).unwrap();
    let lines = ["tenant", "visit", "entry", "digest", "received"].map(|name| text(&word, name));
    let spelled = format!("outpost-countersignature-v1\n{}", lines.join("\n"));
    let seal = Seal::from_bytes(&bytes(word["signature"].as_str().unwrap()));
    key.verify_strict(spelled.as_bytes(), &seal).unwrap();
    assert!(key.verify_strict(spelled.replace(&lines[3], &Hash([1; 32]).to_string()).as_bytes(), &seal).is_err());
}
