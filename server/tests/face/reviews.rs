//! `/v1/reviews`: what was handed in, asked for by tools.

use super::house::{House, device, is, user};
use outpost_model::command::{Ask, Command, RevokeReason, Series};
use outpost_model::entry::Evidence;
use outpost_model::id::CommandId;
use outpost_model::record::{Person, Role};
use outpost_model::wire::{HandIn, Step, VERSION, What, frame};
use outpost_server::clock::Clock;
use outpost_server::relay::Source;
use serde_json::json;

/// A replaced phone of u-e1's handed in a question; the review's id, and the bytes.
fn handed_in(house: &House) -> (String, Vec<u8>) {
    house.phone("u-e1", "d-1");
    house.decide(Ask::Revoke { device: device("d-1"), reason: RevokeReason::Replaced });
    let clock = house.clock.now();
    let evidence = Evidence { by: user("u-e1"), clock, zone: 480, contact: 0, epoch: 1, n: 1, mono: None };
    let ask = Ask::LeaseNumbers { series: Series::Receipt, count: 5 };
    let command = Command { id: CommandId::v7(clock.0 as u64, [1; 10]), ask, evidence, heads: vec![], after: None };
    let what = What::Command(command.canonical().unwrap());
    let steps = vec![Step { no: 1, needs: vec![], what }];
    let bytes =
        frame(&HandIn { version: VERSION, clock, epoch: 1, captured: 1, pages: vec![], steps, app: "test".into() });
    let handed = house.relay.hand_in(&device("d-1"), bytes.clone(), Source::Phone).unwrap();
    (handed.id.to_string(), bytes)
}

#[test]
fn headquarters_reads_what_was_handed_in_byte_for_byte_and_decides_once() {
    let house = House::new();
    let (id, bytes) = handed_in(&house);
    let (session, _) = house.sign_in("u-hq");
    let bearer = format!("Bearer {session}");
    let headers = [("authorization", &bearer[..])];
    let list = house.get("/v1/reviews", &headers).json();
    let first = &list[0];
    assert_eq!(
        (&first["id"], &first["device"], &first["user"], &first["source"], &first["state"]),
        (&json!(id), &json!("d-1"), &json!("u-e1"), &json!("phone"), &json!("open"))
    );
    assert_eq!(
        (&first["steps"][0]["ask"]["type"], &first["steps"][0]["verdict"]),
        (&json!("lease_numbers"), &json!("admitted"))
    );
    let path = format!("/v1/reviews/{id}");
    assert_eq!(house.get(&path, &headers).bytes, bytes);
    for nonsense in [json!({}), json!({ "decide": "maybe" }), json!([])] {
        assert_eq!(house.post(&path, &headers, &nonsense).problem(), is(400, "bad_request"), "{nonsense}");
    }
    let decided = house.post(&path, &headers, &json!({ "decide": "accept" }));
    assert_eq!(
        (decided.status, &decided.json()["state"], &decided.json()["by"]),
        (200, &json!("accepted"), &json!("u-hq"))
    );
    assert_eq!(
        house.post(&path, &headers, &json!({ "decide": "accept" })).json(),
        decided.json(),
        "the same word again"
    );
    let other = house.post(&path, &headers, &json!({ "decide": "reject", "reason": "x" }));
    assert_eq!((other.problem(), &other.json()["by"]), (is(409, "superseded"), &json!("u-hq")));
    for strange in ["/v1/reviews/zz", &format!("/v1/reviews/{}", "0".repeat(64))] {
        assert_eq!(house.get(strange, &headers).problem(), is(404, "not_found"), "{strange}");
    }
}

#[test]
fn nobody_else_reads_or_decides() {
    let house = House::new();
    let (id, _) = handed_in(&house);
    let path = format!("/v1/reviews/{id}");
    for (n, role) in [Role::Clerk, Role::Cashier, Role::Auditor].into_iter().enumerate() {
        let person = Person { user: user(&format!("u-x{n}")), name: "x".into(), role, station: None, active: true };
        house.decide(Ask::PutPerson { person });
    }
    for by in ["u-e1", "u-e2", "u-x0", "u-x1", "u-x2"] {
        let (session, _) = house.sign_in(by);
        let bearer = format!("Bearer {session}");
        let headers = [("authorization", &bearer[..])];
        assert_eq!(house.get("/v1/reviews", &headers).problem(), is(403, "not_allowed"), "{by}");
        assert_eq!(house.get(&path, &headers).problem(), is(403, "not_allowed"), "{by}");
        let decided = house.post(&path, &headers, &json!({ "decide": "accept" }));
        assert_eq!(decided.problem(), is(403, "not_allowed"), "{by}");
    }
    assert_eq!(house.get("/v1/reviews", &[]).problem(), is(401, "sign_in_needed"));
    assert_eq!(house.post(&path, &[], &json!({ "decide": "accept" })).problem(), is(401, "sign_in_needed"));
}

#[test]
fn what_is_rejected_keeps_its_reason() {
    let house = House::new();
    let (id, bytes) = handed_in(&house);
    let (session, _) = house.sign_in("u-hq");
    let bearer = format!("Bearer {session}");
    let headers = [("authorization", &bearer[..])];
    let path = format!("/v1/reviews/{id}");
    let rejected = house.post(&path, &headers, &json!({ "decide": "reject", "reason": "来源不明" })).json();
    assert_eq!((&rejected["state"], &rejected["reason"]), (&json!("rejected"), &json!("来源不明")));
    assert_eq!(house.get(&path, &headers).bytes, bytes, "it stays to be read");
}
