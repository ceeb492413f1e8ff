//! Codes, keys and leaves that aren't his: used again, used by another, or made up.

use crate::scene::scene;
use outpost_cli::replay::Phone;
use outpost_device::report::Outcome;
use outpost_model::command::{Ask, RevokeReason};
use outpost_model::time::Zone;
use outpost_model::wire::frame;
use outpost_tests::company::{Company, Hand, MINUTE, ZONE, device, user};
use outpost_tests::wire::code;

fn is(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[test]
fn a_code_that_was_redeemed_enrols_no_second_phone() {
    let company = Company::open();
    let row = company.relay().device(&device("d-wang")).unwrap().unwrap();
    let invitation = company.stage().invitation(&row.device, &row.user).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let hand = |name: &str| {
        let folder = elsewhere.path().join(name);
        let phone = Phone::new(folder.clone(), &invitation, Zone::parse(ZONE).unwrap()).unwrap();
        Hand::new(phone, folder, row.clone(), company.world.clone())
    };
    let (mut wang, mut thief) = (hand("wang"), hand("thief"));
    wang.sync();
    let refused = |hand: &mut Hand| match hand.try_sync().outcome {
        Outcome::TurnedAway(problem) => (problem.status, problem.code),
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(&mut thief), is(403, "code_invalid"));
    wang.sync();
    // A guess, and the right code under another device's name.
    let mut guess = invitation.clone();
    guess.code = "AAAA-AAAA-AAAA-AAAA".into();
    let mut other = invitation.clone();
    other.device = device("d-li");
    for (name, invitation) in [("guess", guess), ("other", other)] {
        let folder = elsewhere.path().join(name);
        let phone = Phone::new(folder.clone(), &invitation, Zone::parse(ZONE).unwrap()).unwrap();
        let mut hand = Hand::new(phone, folder, row.clone(), company.world.clone());
        assert_eq!(refused(&mut hand), is(403, "code_invalid"), "{name}");
    }
    company.ends_well(&mut [&mut wang]);
}

#[test]
fn a_leave_that_was_made_up_bent_or_has_run_out_opens_nothing() {
    let mut scene = scene("d-zhao");
    let idle = frame(&scene.mallory.request());
    let honest = scene.mallory.token.clone();
    let parts: Vec<&str> = honest.split('.').collect();
    let (head, body, signature) = (parts[0], parts[1], parts[2]);
    let bent = |text: &str| {
        let middle = text.len() / 2;
        let other = if text.as_bytes()[middle] == b'A' { "B" } else { "A" };
        format!("{}{other}{}", &text[..middle], &text[middle + 1..])
    };
    let none = "eyJhbGciOiJub25lIn0";
    let hmac = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
    let no_leave = is(401, "token_invalid");
    for token in [
        format!("{head}.{body}.{}", bent(signature)),
        format!("{head}.{}.{signature}", bent(body)),
        format!("{none}.{body}."),
        format!("{hmac}.{body}.{signature}"),
        format!("{head}.{body}"),
        "x".repeat(10_000),
        "..".into(),
    ] {
        scene.mallory.token = token;
        let (status, word) = code(scene.mallory.bytes(&idle, "identity"));
        assert!((status, word.clone()) == no_leave || word == "sign_in_needed", "{word}: {}", scene.mallory.token);
    }
    scene.mallory.token = honest;
    assert!(scene.mallory.bytes(&idle, "identity").is_ok());
    scene.company.pass(16 * MINUTE);
    assert_eq!(code(scene.mallory.bytes(&idle, "identity")), is(401, "token_expired"));
    scene.nothing_got_in();
    scene.goes_on();
}

#[test]
fn a_leave_that_still_lives_is_worth_nothing_once_its_device_is_revoked() {
    let mut scene = scene("d-li");
    scene.company.desk("hq").ask(Ask::Revoke { device: device("d-li"), reason: RevokeReason::Stolen });
    let command = scene.mallory.command(outpost_tests::company::Call::new("WO-LI", "paper").open());
    scene.mallory.push_command(command.canonical().unwrap());
    let head = scene.company.log_head();
    assert_eq!(code(scene.mallory.send()), is(403, "device_revoked"));
    assert_eq!(scene.mallory.post("/v1/drill", b"\x00", &[]).0, 403);
    assert_eq!(scene.company.log_head(), head);
    // Nor does the leave of a phone open the console.
    let (status, _) = scene.mallory.post("/v1/commands", b"{}", &[]);
    assert!([401, 403].contains(&status), "{status}");
    assert_eq!(scene.company.relay().person(&user("li")).unwrap().map(|li| li.active), Some(true));
    scene.goes_on();
}
