//! People, phones and stations: what headquarters does to them, what comes back, and who may look.

use super::desk::{Answer, Browser, Desk, PASSWORD, fields, post, user};
use axum::body::Body;
use axum::http::Request;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer, SigningKey};
use outpost_model::id::DeviceId;
use outpost_model::invitation::Invitation;
use outpost_model::record::Role;
use outpost_model::time::Millis;
use outpost_server::auth::enrolment::proof_text;
use serde_json::json;

fn invite(hq: &Browser<'_>, of: &str, more: &[(&str, &str)]) -> Invitation {
    let (page, path) = (format!("/person/{of}"), format!("/person/{of}/phones"));
    let typed = [&[("server", "https://outpost.example")], more].concat();
    let answer = hq.file(&page, &path, &typed);
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(answer.text.contains("<svg class=\"qr\""), "{}", answer.text);
    let text = &answer.text[answer.text.find("OUTPOST1:").unwrap()..];
    Invitation::parse(text.split('<').next().unwrap()).unwrap()
}

fn enrol(desk: &Desk, invitation: &Invitation, key: u8) -> Answer {
    let key = SigningKey::from_bytes(&[key; 32]);
    let Invitation { tenant, code, device, .. } = invitation;
    let proof = key.sign(proof_text(tenant.as_str(), code, device.as_str()).as_bytes());
    let body = json!({
        "tenant": tenant, "code": code, "device": device,
        "public_key": URL_SAFE_NO_PAD.encode(key.verifying_key().to_bytes()),
        "proof": URL_SAFE_NO_PAD.encode(proof.to_bytes()),
    });
    desk.send(Request::post("/v1/enrol").body(Body::from(body.to_string())).unwrap())
}

#[test]
fn a_person_is_put_on_record_moved_and_leaves_and_each_act_leaves_a_line() {
    let desk = Desk::open();
    let hq = desk.sign_in("u-hq");
    let typed = [("user", "u-e9"), ("name", "新来的"), ("role", "engineer"), ("station", "st-1")];
    let added = hq.file("/people/new", "/people/new", &typed);
    assert_eq!((added.status, added.location.as_str()), (303, "/person/u-e9?done=person"), "{}", added.text);
    assert!(hq.get("/people?at=st-1&role=engineer").text.contains("新来的"));
    assert!(!hq.get("/people?at=st-2").text.contains("新来的"));
    let phone = invite(&hq, "u-e9", &[]).device;
    let moved = [("name", "新来的"), ("role", "lead"), ("station", "st-2")];
    assert_eq!(hq.file("/person/u-e9", "/person/u-e9", &moved).status, 303);
    let person = desk.relay.person(&user("u-e9")).unwrap().unwrap();
    assert_eq!((person.role, person.station.unwrap().as_str()), (Role::Lead, "st-2"));
    assert_eq!(hq.file("/person/u-e9", "/person/u-e9/leave", &[]).status, 303);
    let gone = hq.get("/person/u-e9").text;
    assert!(gone.contains("Back on the staff") && gone.contains("Left, locked out"), "{gone}");
    assert!(desk.relay.device(&phone).unwrap().unwrap().revoked.is_some(), "his phone's access ends with his");
    assert!(!hq.get("/people").text.contains("u-e9") && hq.get("/people?state=gone").text.contains("u-e9"));
    assert_eq!(hq.file("/person/u-e9", "/person/u-e9/back", &[]).status, 303);
    assert!(desk.relay.person(&user("u-e9")).unwrap().unwrap().active);
    let lines = desk.texts("select act || ' ' || detail from audit where act <> 'sign_in' order by id");
    let revoked = format!("decision revoke {phone} left");
    let invited = format!("invitation u-e9 {phone}");
    let put = "decision put_person u-e9";
    assert_eq!(lines, [put, &invited, put, put, &revoked, put]);
}

#[test]
fn what_doesnt_fit_comes_back_with_its_field_named_and_what_was_typed() {
    let desk = Desk::open();
    let hq = desk.sign_in("u-hq");
    let add = |typed: &[(&str, &str)]| hq.file("/people/new", "/people/new", typed);
    let answer = add(&[("user", "u e9"), ("name", "<新>"), ("role", ""), ("station", "")]);
    assert_eq!(answer.status, 422);
    for part in ["id=\"user-problem\"", "id=\"role-problem\"", "value=\"u e9\"", "value=\"&#60;新&#62;\""] {
        assert!(answer.text.contains(part), "{part}: {}", answer.text);
    }
    let homeless = add(&[("user", "u-e9"), ("name", "x"), ("role", "engineer"), ("station", "")]);
    assert!(homeless.status == 422 && homeless.text.contains("id=\"station-problem\""), "{}", homeless.text);
    let placed = add(&[("user", "u-e9"), ("name", "x"), ("role", "clerk"), ("station", "st-1")]);
    assert!(placed.status == 422 && placed.text.contains("belongs to no station"), "{}", placed.text);
    let taken = add(&[("user", "u-e1"), ("name", "x"), ("role", "clerk")]);
    assert!(taken.status == 422 && taken.text.contains("Somebody has this staff number"), "{}", taken.text);
    let server = hq.file("/person/u-e1", "/person/u-e1/phones", &[("server", "http://outpost.example")]);
    assert!(server.status == 422 && server.text.contains("id=\"server-problem\""), "{}", server.text);
    assert!(server.text.contains("value=\"http://outpost.example\""));
    let far = [("station", "st-9"), ("name", "远"), ("lat", "95"), ("lng", "")];
    let far = hq.file("/stations/new", "/stations/new", &far);
    assert!(far.status == 422 && far.text.contains("id=\"lat-problem\"") && far.text.contains("value=\"95\""));
    assert_eq!(desk.relay.people().unwrap().len(), super::desk::PEOPLE.len());
}

#[test]
fn a_form_about_a_person_that_is_sent_twice_is_one_act_and_a_stale_one_changes_nothing() {
    let desk = Desk::open();
    let (one, other) = (desk.sign_in("u-hq"), desk.sign_in("u-hq"));
    let page = one.get("/people/new").text;
    let typed = [("user", "u-e9"), ("name", "新来的"), ("role", "clerk")];
    let (first, again) = (one.file_as(&page, "/people/new", &typed), one.file_as(&page, "/people/new", &typed));
    assert_eq!((first.status, again.status), (303, 303), "{}", again.text);
    assert_eq!(desk.count("select count(*) from answer where question = 'person:u-e9'"), 1);
    let stale = other.get("/person/u-e1").text;
    desk.after(2);
    let put = |name| [("name", name), ("role", "engineer"), ("station", "st-1")];
    assert_eq!(one.file("/person/u-e1", "/person/u-e1", &put("先改的")).status, 303);
    let late = other.file_as(&stale, "/person/u-e1", &put("后改的"));
    assert_eq!(late.status, 409);
    assert!(late.text.contains("decided first, 09:02") && late.text.contains("value=\"后改的\""), "{}", late.text);
    assert_eq!(desk.relay.person(&user("u-e1")).unwrap().unwrap().name, "先改的");
}

#[test]
fn nobody_shuts_himself_out() {
    let desk = Desk::open();
    let hq = desk.sign_in("u-hq");
    let page = hq.get("/person/u-hq").text;
    assert!(!page.contains("/person/u-hq/leave"), "{page}");
    let demoted = [("name", "x"), ("role", "auditor"), ("station", "")];
    let answer = hq.file_as(&page, "/person/u-hq", &demoted);
    assert_eq!(answer.status, 409, "{}", answer.text);
    assert_eq!(desk.relay.person(&user("u-hq")).unwrap().unwrap().role, Role::Hq);
}

#[test]
fn an_invitation_enrols_one_phone_and_a_new_one_takes_its_place() {
    let desk = Desk::open();
    let hq = desk.sign_in("u-hq");
    let first = invite(&hq, "u-e1", &[]);
    let named = [("device", first.device.as_str())];
    let second = invite(&hq, "u-e1", &named);
    assert_eq!((&second.device, second.server.as_str()), (&first.device, "https://outpost.example"));
    assert_eq!(enrol(&desk, &first, 1).status, 403, "the older code ended");
    assert_eq!(enrol(&desk, &second, 1).status, 200);
    assert_eq!(enrol(&desk, &second, 2).status, 403, "good once");
    let page = hq.get("/person/u-e1").text;
    assert!(page.contains("In use") && !page.contains(&second.code), "the code is shown once: {page}");
    let again = fields(&[
        ("csrf", &csrf(&page)),
        ("id", &desk.command().to_string()),
        ("server", "https://outpost.example"),
        ("device", second.device.as_str()),
    ]);
    let refused = desk.send(post("/person/u-e1/phones", &hq.cookie, again));
    assert!(refused.status == 409 && refused.text.contains("is in use"), "{}", refused.text);
    let third = invite(&hq, "u-e2", &[]);
    desk.clock.advance(7 * Millis::hours(24));
    assert_eq!(enrol(&desk, &third, 3).status, 403, "it ran out");
}

fn csrf(page: &str) -> String {
    page.split("name=\"csrf\" value=\"").nth(1).unwrap()[..64].to_owned()
}

#[test]
fn a_phone_is_locked_out_with_a_reason_and_not_without() {
    let desk = Desk::open();
    let hq = desk.sign_in("u-hq");
    let phone = invite(&hq, "u-e1", &[]).device;
    let path = format!("/person/u-e1/phones/{phone}");
    let unsaid = hq.file(&path, &path, &[]);
    assert!(unsaid.status == 422 && unsaid.text.contains("id=\"reason-problem\""), "{}", unsaid.text);
    let stale = hq.get(&path).text;
    assert_eq!(hq.file(&path, &path, &[("reason", "stolen")]).status, 303);
    let late = hq.file_as(&stale, &path, &[("reason", "left")]);
    assert!(late.status == 409 && late.text.contains("decided first"), "{}", late.text);
    let (reason, _) = desk.relay.device(&phone).unwrap().unwrap().revoked.unwrap();
    assert_eq!(reason, outpost_model::command::RevokeReason::Stolen);
    assert_eq!(hq.get("/person/u-e2/phones/".to_owned().as_str()).status, 404);
    assert_eq!(hq.get(&format!("/person/u-e2/phones/{phone}")).status, 404, "it isn't his");
    assert_eq!(hq.get(&format!("/person/u-e1/phones/{}", DeviceId::parse("console.u-e1").unwrap())).status, 404);
}

#[test]
fn a_new_password_is_shown_once_and_ends_the_sessions_under_the_old_one() {
    let desk = Desk::open();
    let (hq, lead) = (desk.sign_in("u-hq"), desk.sign_in("u-lead-1"));
    let answer = hq.file("/person/u-lead-1", "/person/u-lead-1/password", &[]);
    assert_eq!(answer.status, 200, "{}", answer.text);
    let shown = answer.text.split("mono secret\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert_eq!(lead.get("/today").status, 303, "his session ended");
    let sign_in = |password: &str| {
        desk.send(post("/sign-in", "", fields(&[("user", "u-lead-1"), ("password", password), ("to", "/")]))).status
    };
    assert_eq!((sign_in(PASSWORD), sign_in(&shown)), (401, 303));
    assert_eq!(desk.texts("select detail from audit where act = 'password'"), ["u-lead-1"]);
    assert!(!hq.get("/audit").text.contains(&shown));
}

#[test]
fn an_auditor_looks_and_changes_nothing_and_others_have_no_such_page() {
    let desk = Desk::open();
    let auditor = desk.sign_in("u-auditor");
    let page = auditor.get("/person/u-e1").text;
    assert!(page.contains("姓名 u-e1") && !page.contains("action=\"/person"), "{page}");
    assert_eq!(auditor.get("/people/new").status, 403);
    let forced = |path: &str, browser: &Browser<'_>, csrf: &str| {
        let body = fields(&[("csrf", csrf), ("id", &desk.command().to_string()), ("name", "x"), ("role", "hq")]);
        desk.send(post(path, &browser.cookie, body)).status
    };
    let before = desk.relay.people().unwrap();
    for path in ["/person/u-e1", "/person/u-e1/leave", "/person/u-e1/password", "/person/u-e1/phones", "/people/new"] {
        assert_eq!(forced(path, &auditor, &csrf(&page)), 403, "{path}");
    }
    for id in ["u-lead-1", "u-clerk", "u-cashier", "u-e1"] {
        let browser = desk.sign_in(id);
        for path in ["/people", "/person/u-e1", "/stations", "/people/new"] {
            assert_eq!(browser.get(path).status, 404, "{id} {path}");
        }
    }
    assert_eq!(desk.relay.people().unwrap(), before);
}

#[test]
fn a_station_is_added_and_renamed() {
    let desk = Desk::open();
    let hq = desk.sign_in("u-hq");
    let typed = [("station", "st-3"), ("name", "沈阳驻点"), ("lat", "41.8057"), ("lng", "123.4315")];
    assert_eq!(hq.file("/stations/new", "/stations/new", &typed).status, 303);
    let list = hq.get("/stations").text;
    assert!(list.contains("沈阳驻点") && list.contains("41.8057, 123.4315"), "{list}");
    assert_eq!(
        hq.file("/station/st-3", "/station/st-3", &[("name", "沈阳东驻点"), ("lat", ""), ("lng", "")]).status,
        303
    );
    assert!(hq.get("/stations").text.contains("沈阳东驻点"));
    let taken = hq.file("/stations/new", "/stations/new", &typed);
    assert!(taken.status == 422 && taken.text.contains("id=\"station-problem\""), "{}", taken.text);
}
