//! People: signing in, staying signed in, acting.

use super::house::{House, PASSWORD, is, user};
use outpost_model::command::Ask;
use outpost_model::record::{Person, Role};
use outpost_model::time::Millis;
use outpost_server::config::Exposure;
use serde_json::{Value, json};

fn station_act(house: &House, name: &str) -> Value {
    let station = json!({ "station": "st-2", "name": name, "lat_e7": 0, "lng_e7": 0 });
    json!({ "id": house.command(), "ask": { "type": "put_station", "station": station } })
}

#[test]
fn a_tool_acts_with_its_session_and_hears_what_came_of_it() {
    let house = House::new();
    let (session, _) = house.sign_in("u-hq");
    let bearer = format!("Bearer {session}");
    let act = station_act(&house, "武汉驻点");
    let first = house.post("/v1/commands", &[("authorization", &bearer)], &act);
    assert_eq!(first.status, 200, "{}", first.json());
    assert!(first.json()["decided"]["taken"]["seq"].as_u64().is_some(), "{}", first.json());
    // The same act again is the same act.
    let again = house.post("/v1/commands", &[("authorization", &bearer)], &act);
    assert_eq!((again.status, again.json()), (200, first.json()));
}

#[test]
fn who_has_no_right_hears_so() {
    let house = House::new();
    let (session, _) = house.sign_in("u-e1");
    let bearer = format!("Bearer {session}");
    let answer = house.post("/v1/commands", &[("authorization", &bearer)], &station_act(&house, "x"));
    assert_eq!(answer.problem(), is(403, "not_allowed"));
    let nonsense = house.post("/v1/commands", &[("authorization", &bearer)], &json!({ "id": 7 }));
    assert_eq!(nonsense.problem(), is(400, "bad_request"));
    assert_eq!(house.post("/v1/commands", &[], &json!({})).problem(), is(401, "sign_in_needed"));
}

#[test]
fn a_cookie_alone_changes_nothing() {
    let house = House::new();
    let (session, csrf) = house.sign_in("u-hq");
    let cookie = format!("other=1; outpost={session}");
    let act = station_act(&house, "武汉驻点");
    let post = |headers: &[(&str, &str)]| house.post("/v1/commands", headers, &act);
    assert_eq!(post(&[("cookie", &cookie)]).problem(), is(403, "csrf_invalid"));
    assert_eq!(post(&[("cookie", &cookie), ("x-csrf-token", "0")]).problem(), is(403, "csrf_invalid"));
    assert_eq!(post(&[("cookie", &cookie), ("x-csrf-token", &csrf)]).status, 200);
    let shown = house.get("/v1/session", &[("cookie", &cookie)]);
    assert_eq!(shown.json(), json!({ "user": "u-hq", "role": "hq", "csrf": csrf }));
}

#[test]
fn another_sites_page_signs_nobody_in() {
    let house = House::new();
    house.set_password("u-hq");
    let body = json!({ "user": "u-hq", "password": PASSWORD });
    let from = |site: &str| house.post("/v1/session", &[("sec-fetch-site", site)], &body).status;
    assert_eq!((from("cross-site"), from("same-site"), from("same-origin")), (403, 403, 200));
}

#[test]
fn the_cookie_is_closed_to_scripts_and_strangers() {
    let open = House::new();
    open.set_password("u-hq");
    let body = json!({ "user": "u-hq", "password": PASSWORD });
    let cookie = open.post("/v1/session", &[], &body).header("set-cookie").to_owned();
    assert!(cookie.starts_with("outpost=") && cookie.contains("; HttpOnly; SameSite=Strict"), "{cookie}");
    assert!(!cookie.contains("Secure"), "plain loopback couldn't send it back");

    let proxied = House::with(|settings| settings.exposure = Exposure::BehindProxy);
    proxied.set_password("u-hq");
    let cookie = proxied.post("/v1/session", &[], &body).header("set-cookie").to_owned();
    assert!(cookie.starts_with("__Host-outpost=") && cookie.ends_with("; Secure"), "{cookie}");
}

#[test]
fn a_session_ends_by_idleness_by_age_and_by_leaving() {
    let house = House::new();
    let holds = |session: &str| house.get("/v1/session", &[("authorization", &format!("Bearer {session}"))]).status;
    let (idle, _) = house.sign_in("u-hq");
    house.after(Millis::minutes(29));
    assert_eq!(holds(&idle), 200);
    house.after(Millis::minutes(30));
    assert_eq!(holds(&idle), 401);

    let (old, _) = house.sign_in("u-hq");
    for _ in 0..35 {
        house.after(Millis::minutes(20));
        assert_eq!(holds(&old), 200);
    }
    house.after(Millis::minutes(20));
    assert_eq!(holds(&old), 401, "twelve hours");

    let (left, _) = house.sign_in("u-hq");
    let bearer = format!("Bearer {left}");
    assert_eq!(house.call("DELETE", "/v1/session", &[("authorization", &bearer)], vec![]).status, 204);
    assert_eq!(holds(&left), 401);
}

#[test]
fn who_is_no_longer_active_is_out_at_once() {
    let house = House::new();
    let (session, _) = house.sign_in("u-e2");
    let phone = house.phone("u-e2", "d-2");
    let token = phone.token();
    let gone = house.relay.person(&user("u-e2")).unwrap().unwrap();
    house.decide(Ask::PutPerson { person: Person { active: false, ..gone } });
    let bearer = format!("Bearer {session}");
    assert_eq!(house.get("/v1/session", &[("authorization", &bearer)]).problem(), is(403, "person_inactive"));
    assert_eq!(phone.sync(&token).problem(), is(403, "person_inactive"));
}

#[test]
fn a_wrong_password_and_an_unknown_person_read_the_same() {
    let house = House::new();
    house.set_password("u-hq");
    let sign_in = |id: &str, password: &str| {
        let answer = house.post("/v1/session", &[], &json!({ "user": id, "password": password }));
        (answer.problem(), answer.json()["detail"].clone(), answer.json()["title"].clone())
    };
    let wrong = sign_in("u-hq", "wrong horse battery");
    assert_eq!(wrong.0, is(401, "password_wrong"));
    for (id, password) in [("u-nobody", PASSWORD), ("u-e1", PASSWORD), ("not a code!", "x"), ("u-hq", "")] {
        assert_eq!(sign_in(id, password), wrong, "{id}");
    }
}

#[test]
fn guessing_is_slowed_down_whether_or_not_the_person_exists() {
    let house = House::new();
    house.set_password("u-hq");
    let sign_in =
        |id: &str, password: &str| house.post("/v1/session", &[], &json!({ "user": id, "password": password }));
    for id in ["u-hq", "u-nobody"] {
        for _ in 0..10 {
            assert_eq!(sign_in(id, "wrong").problem(), is(401, "password_wrong"));
        }
        let limited = sign_in(id, PASSWORD);
        assert_eq!(limited.problem(), is(429, "rate_limited"));
        assert_eq!(limited.header("retry-after"), "900");
    }
    house.after(Millis::minutes(15));
    assert_eq!(sign_in("u-hq", PASSWORD).status, 200);
    // Honest sign-ins don't use the share up.
    assert!((0..12).all(|_| sign_in("u-hq", PASSWORD).status == 200));
}

#[test]
fn one_address_cant_try_everybody() {
    let house = House::with(|settings| {
        settings.limits.attempts_of_address = 5;
        settings.exposure = Exposure::BehindProxy;
    });
    let sign_in = |n: usize, from: &str| {
        let body = json!({ "user": format!("u-{n}"), "password": "x" });
        house.post("/v1/session", &[("x-forwarded-for", from)], &body).status
    };
    assert!((0..5).all(|n| sign_in(n, "10.0.0.1, 203.0.113.7") == 401));
    assert_eq!(sign_in(6, "10.9.9.9, 203.0.113.7"), 429, "what stands before the proxy's word is the client's own");
    assert_eq!(sign_in(6, "203.0.113.8"), 401);
}

#[test]
fn every_role_may_sign_in_and_is_told_which_it_is() {
    let house = House::new();
    for (n, role) in Role::ALL.into_iter().enumerate() {
        let id = format!("u-x{n}");
        let station = matches!(role, Role::Engineer | Role::Lead).then(|| "st-1".to_owned());
        let station = station.map(|id| outpost_model::id::StationId::parse(&id).unwrap());
        house.decide(Ask::PutPerson {
            person: Person { user: user(&id), name: id.clone(), role, station, active: true },
        });
        house.set_password(&id);
        let answer = house.post("/v1/session", &[], &json!({ "user": id, "password": PASSWORD }));
        assert_eq!(answer.json()["role"], role.name());
    }
}
