//! What holds for every answer.

use super::house::{self, House, PASSWORD, Phone, is};
use outpost_server::config::Exposure;
use serde_json::json;

#[test]
fn every_answer_carries_its_headers() {
    let house = House::new();
    for path in ["/healthz", "/nowhere", "/v1/session"] {
        let answer = house.get(path, &[]);
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(answer.header(name), value, "{path} {name}");
        }
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"));
        assert_eq!(answer.header("x-request-id").len(), 32);
        assert_eq!(answer.header("strict-transport-security"), "");
    }
    let proxied = House::with(|settings| settings.exposure = Exposure::BehindProxy);
    assert!(proxied.get("/healthz", &[]).header("strict-transport-security").starts_with("max-age="));
}

#[test]
fn a_problem_is_one_in_both_languages_and_leads_to_its_page() {
    let house = House::new();
    let zh = house.get("/nowhere", &[("accept-language", "zh-CN,zh;q=0.9")]);
    assert_eq!(zh.problem(), is(404, "not_found"));
    assert!(zh.header("content-type").starts_with("application/problem+json"));
    assert_eq!(zh.json()["title"], "没有这一项，或您看不到它。");
    assert_eq!((&zh.json()["number"], &zh.json()["type"]), (&json!(104), &json!("/problems/not_found")));
    assert_eq!(house.get("/nowhere", &[]).json()["title"], "There is no such thing, or not for you.");
    assert_eq!(house.get("/problems/not_found", &[]).json()["number"], 104);
    assert_eq!(house.get("/problems/nothing", &[]).problem(), is(404, "not_found"));
}

#[test]
fn the_frameworks_own_refusals_are_problems_too() {
    let house = House::new();
    let method = house.call("PUT", "/v1/token", &[], vec![]);
    assert_eq!(method.problem(), is(405, "bad_request"));
    assert_eq!(method.header("allow"), "POST");
    let large = house.call("POST", "/v1/token", &[], vec![b' '; 20_000]);
    assert_eq!(large.problem(), is(413, "too_large"));
    assert_eq!(house.call("POST", "/v1/token", &[], b"{".to_vec()).problem(), is(400, "bad_request"));
}

#[test]
fn operators_see_that_it_lives_stores_and_counts() {
    let house = House::new();
    assert_eq!((house.get("/healthz", &[]).status, house.get("/readyz", &[]).status), (200, 200));
    let phone = house.phone("u-e1", "d-1");
    phone.sync(&phone.token());
    let metrics = String::from_utf8(house.get("/metrics", &[]).bytes).unwrap();
    assert!(metrics.contains("outpost_http_requests_total{route=\"/v1/sync\",status=\"200\"}"), "{metrics}");
}

#[test]
fn metrics_are_for_this_machine_or_with_the_token() {
    let house = House::with(|settings| {
        settings.exposure = Exposure::BehindProxy;
        settings.metrics_token = Some("collector".into());
    });
    assert_eq!(house.get("/metrics", &[]).problem(), is(404, "not_found"));
    assert_eq!(house.get("/metrics", &[("authorization", "Bearer guess")]).status, 404);
    assert_eq!(house.get("/metrics", &[("authorization", "Bearer collector")]).status, 200);
}

#[test]
fn log_lines_tell_ids_codes_and_counts_but_no_secret_and_no_person() {
    let house = House::new();
    let code = house.code_for("u-e1", "d-logged");
    let phone = Phone::new(&house, "d-logged");
    phone.enrol(&code);
    let nonce = phone.nonce();
    let token = phone.ask_token(&nonce).json()["token"].as_str().unwrap().to_owned();
    phone.sync(&token);
    phone.sync("a.b.c");
    let (session, csrf) = house.sign_in("u-hq");
    house.post("/v1/session", &[], &json!({ "user": "u-hq", "password": "secret-guess" }));
    house.get("/v1/session", &[("cookie", &format!("outpost={session}"))]);

    // Of all tests so far: none of them may have told more.
    let lines = house::lines();
    let answered: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let sync = answered
        .iter()
        .find(|line| line["device"] == "d-logged" && line["route"] == "/v1/sync")
        .unwrap_or_else(|| panic!("no line about the sync: {lines}"));
    assert_eq!((&sync["tenant"], &sync["status"]), (&json!("acme"), &json!(200)));
    assert!(answered.iter().any(|line| line["code"] == "token_invalid"), "{lines}");
    for secret in [&code, &nonce, &token, &session, &csrf, PASSWORD, "secret-guess", "u-hq", "u-e1", "姓名", "济南"]
    {
        assert!(!lines.contains(secret), "{secret} in {lines}");
    }
}
