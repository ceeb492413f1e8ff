//! Enrolment and tokens.

use super::house::{House, Phone, TENANT, is};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use outpost_model::time::Millis;
use outpost_server::auth::signing_key;
use outpost_server::clock::Clock;
use serde_json::json;

#[test]
fn a_code_enrols_one_key_and_says_the_same_when_the_answer_was_lost() {
    let house = House::new();
    let code = house.code_for("u-e1", "d-1");
    let phone = Phone::new(&house, "d-1");
    for _ in 0..2 {
        let answer = phone.enrol(&code);
        assert_eq!(answer.json(), json!({ "device": "d-1", "user": "u-e1", "tenant": TENANT }));
    }
    // Typed by hand, without the dashes.
    assert_eq!(phone.enrol(&code.to_lowercase().replace('-', " ")).status, 200);
    assert_eq!(Phone::new(&house, "d-1").enrol(&code).problem(), is(403, "code_invalid"));
    assert_eq!(phone.sync(&phone.token()).status, 200);
}

#[test]
fn a_code_for_another_device_or_after_a_week_is_refused() {
    let house = House::new();
    let code = house.code_for("u-e1", "d-1");
    assert_eq!(Phone::new(&house, "d-2").enrol(&code).problem(), is(403, "code_invalid"));
    house.after(7 * Millis::hours(24));
    assert_eq!(Phone::new(&house, "d-1").enrol(&code).problem(), is(403, "code_invalid"));
}

#[test]
fn a_proof_by_another_key_is_refused() {
    let house = House::new();
    let code = house.code_for("u-e1", "d-1");
    let body = json!({
        "tenant": TENANT, "code": code, "device": "d-1",
        "public_key": URL_SAFE_NO_PAD.encode([3; 32]), "proof": URL_SAFE_NO_PAD.encode([4; 64]),
    });
    assert_eq!(house.post("/v1/enrol", &[], &body).problem(), is(403, "code_invalid"));
    let short = json!({ "tenant": TENANT, "code": code, "device": "d-1", "public_key": "AAAA", "proof": "AAAA" });
    assert_eq!(house.post("/v1/enrol", &[], &short).problem(), is(400, "bad_request"));
    assert_eq!(house.post("/v1/enrol", &[], &json!({ "tenant": "" })).problem(), is(400, "bad_request"));
}

#[test]
fn a_token_ends_by_the_relays_clock() {
    let house = House::new();
    let phone = house.phone("u-e1", "d-1");
    let token = phone.token();
    house.after(Millis::minutes(14));
    assert_eq!(phone.sync(&token).status, 200);
    house.after(Millis::minutes(1));
    assert_eq!(phone.sync(&token).problem(), is(401, "token_expired"));
    assert_eq!(phone.sync(&phone.token()).status, 200);
}

#[test]
fn a_nonce_is_good_once_for_its_device_and_minutes() {
    let house = House::new();
    let (phone, other) = (house.phone("u-e1", "d-1"), house.phone("u-e2", "d-2"));
    let nonce = phone.nonce();
    assert_eq!(phone.ask_token(&nonce).status, 200);
    assert_eq!(phone.ask_token(&nonce).problem(), is(401, "nonce_invalid"));
    assert_eq!(phone.ask_token(&other.nonce()).problem(), is(401, "nonce_invalid"));
    let late = phone.nonce();
    house.after(Millis::minutes(5));
    assert_eq!(phone.ask_token(&late).problem(), is(401, "nonce_invalid"));
    // The right nonce, another key.
    let thief = Phone::new(&house, "d-1");
    assert_eq!(thief.ask_token(&thief.nonce()).problem(), is(401, "nonce_invalid"));
    assert_eq!(
        Phone::new(&house, "d-9").ask_token(&Phone::new(&house, "d-9").nonce()).problem(),
        is(403, "device_unknown")
    );
}

#[test]
fn a_revoked_device_hears_so_on_both_ways_in() {
    let house = House::new();
    let phone = house.phone("u-e1", "d-1");
    let token = phone.token();
    house.revoke("d-1");
    assert_eq!(phone.sync(&token).problem(), is(403, "device_revoked"));
    assert_eq!(phone.ask_token(&phone.nonce()).problem(), is(403, "device_revoked"));
}

#[test]
fn tokens_that_the_relay_never_signed_are_refused() {
    let house = House::new();
    let phone = house.phone("u-e1", "d-1");
    let good = phone.token();
    let parts: Vec<&str> = good.split('.').collect();
    let coded = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let none = format!("{}.{}.", coded(r#"{"alg":"none","typ":"JWT"}"#), parts[1]);
    let other = format!("{}.{}.{}", coded(r#"{"alg":"HS256","typ":"JWT"}"#), parts[1], parts[2]);
    let forged = format!("{}.{}.{}", parts[0], parts[1], coded(&"x".repeat(64)));
    for bad in [none, other, forged, "a.b.c".into(), ".".into()] {
        assert_eq!(phone.sync(&bad).problem(), is(401, "token_invalid"), "{bad}");
    }
    assert_eq!(house.call("POST", "/v1/sync", &[], vec![]).problem(), is(401, "sign_in_needed"));
}

#[test]
fn changing_the_signing_key_disturbs_nobody() {
    let house = House::new();
    let phone = house.phone("u-e1", "d-1");
    let token = phone.token();
    house.after(1_000);
    let keys = house.dir.path().join("keys");
    let kid = signing_key::make(&keys, house.clock.now(), rand::random()).unwrap();
    assert_eq!(phone.sync(&token).status, 200);
    let fresh = phone.token();
    let head = URL_SAFE_NO_PAD.decode(fresh.split('.').next().unwrap()).unwrap();
    assert!(String::from_utf8(head).unwrap().contains(&kid));
    assert_eq!(phone.sync(&fresh).status, 200);
}
