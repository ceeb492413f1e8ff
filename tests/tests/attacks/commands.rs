//! Commands without the right, in another's name, twice under one id, or out of form.

use crate::scene::scene;
use outpost_model::command::{Ask, RevokeReason};
use outpost_model::entry::Body;
use outpost_model::id::Hash;
use outpost_model::record::{Person, Role};
use outpost_tests::company::call::{arrive, set};
use outpost_tests::company::{Call, device, user};
use outpost_tests::wire::{Mallory, nobodys_page, words};

fn told(mallory: &mut Mallory, ask: Ask) -> String {
    let command = mallory.command(ask);
    mallory.push_command(command.canonical().unwrap());
    words(&mallory.send().unwrap()).remove(0)
}

#[test]
fn whatever_an_engineer_of_another_station_asks_he_is_told_why_not() {
    let mut scene = scene("d-zhao");
    let policy = (*scene.company.relay().policy().unwrap()).clone();
    let promoted = Person { user: user("zhao"), name: "赵".into(), role: Role::Hq, station: None, active: true };
    let month = outpost_model::time::Month::parse("2026-10").unwrap();
    let not_allowed = [
        scene.call.assign("zhao"),
        scene.call.helper("zhao"),
        scene.call.close(),
        Ask::Cancel { order: scene.call.id(), reason: "x".into() },
        Ask::Inspect { order: scene.call.id(), receipt_no: "R1".into(), pass: true },
        Ask::SignOff { person: user("zhao"), month },
        Ask::PutPerson { person: promoted },
        Ask::PutPolicy { policy: Box::new(policy) },
        Ask::Enrol { device: device("d-more"), user: user("zhao") },
        Ask::Revoke { device: device("d-wang"), reason: RevokeReason::Lost },
        Call::new("WO-9", "steel").open(),
    ];
    for ask in not_allowed {
        assert_eq!(told(&mut scene.mallory, ask.clone()), "not_allowed", "{}", ask.name());
    }
    let nobody = nobodys_page();
    let leave = outpost_model::id::EntryId(nobody.0);
    for (ask, code) in [
        (Ask::Close { order: nobody }, "order_unknown"),
        (Call::new("WO-9", "nowhere").open(), "customer_unknown"),
        (Ask::SignOff { person: user("nobody"), month }, "person_unknown"),
        (Ask::DecideLeave { page: nobody, leave, approve: true, reason: String::new() }, "leave_unknown"),
    ] {
        assert_eq!(told(&mut scene.mallory, ask), code);
    }
    scene.nothing_got_in();
    scene.goes_on();
}

#[test]
fn nobody_asks_or_logs_in_anothers_name() {
    let mut scene = scene("d-li");
    let mut command = scene.mallory.command(scene.call.close());
    command.evidence.by = user("zhou");
    scene.mallory.push_command(command.canonical().unwrap());
    let mut page = scene.page(&scene.call.header().clone());
    let honest = std::mem::replace(&mut scene.mallory.user, user("wang"));
    let raw = scene.mallory.change(&mut page, [set("remark", "王工说的")]);
    scene.mallory.user = honest;
    scene.mallory.push_raw(&scene.call.header(), raw);
    // Wang's own month: under Wang's name, and under his own.
    let month = scene.wang.month("2026-10");
    let clock_in = || Body::ClockIn { place: None };
    let raw = scene.mallory.change(&mut outpost_model::page::Page::begin(month.clone()), [clock_in()]);
    scene.mallory.push_raw(&month, raw);
    let reply = scene.mallory.send().unwrap();
    assert_eq!(words(&reply), ["wrong_author", "wrong_author", "not_allowed"]);
    scene.nothing_got_in();
    scene.goes_on();
}

#[test]
fn one_id_is_one_command_and_a_refusal_stays_one() {
    let mut scene = scene("d-li");
    let lease = Ask::LeaseNumbers { series: outpost_model::command::Series::Receipt, count: 5 };
    let first = scene.mallory.command(lease.clone());
    let mut second = first.clone();
    second.ask = Ask::LeaseNumbers { series: outpost_model::command::Series::Receipt, count: 900 };
    let mut send = |command: &outpost_model::command::Command| {
        scene.mallory.push_command(command.canonical().unwrap());
        words(&scene.mallory.send().unwrap()).remove(0)
    };
    assert_eq!(send(&first), "admitted");
    let head = scene.company.log_head();
    assert_eq!(send(&second), "command_reused");
    assert_eq!(send(&first), "admitted", "the same words get the same answer");
    assert_eq!(scene.company.log_head(), head);
    scene.goes_on();
}

#[test]
fn commands_out_of_form_and_with_heads_that_nobody_wrote() {
    let mut scene = scene("d-zhou");
    let good = scene.mallory.command(scene.call.close()).canonical().unwrap();
    for text in [
        String::new(),
        "null".into(),
        "{}".into(),
        good.replacen('{', "{ ", 1),
        good.replacen('{', "{\"extra\":1,", 1),
        good.replace("\"close\"", "\"destroy\""),
        good.replace("\"zone\":480", "\"zone\":480.5"),
        good.replace("\"zone\":480", "\"zone\":99999999999999999999"),
        "[".repeat(60_000),
        format!("{good}{}", " ".repeat(70_000)),
    ] {
        scene.mallory.push_command(text.clone());
        let said = words(&scene.mallory.send().unwrap()).remove(0);
        assert_eq!(said, "bad_command", "{}", &text[..text.len().min(80)]);
    }
    let mut command = scene.mallory.command(scene.call.close());
    command.heads = vec![Hash([7; 32])];
    scene.mallory.push_command(command.canonical().unwrap());
    assert_eq!(words(&scene.mallory.send().unwrap()), ["saw_unknown"]);
    command.heads = vec![Hash([7; 32]); 65];
    scene.mallory.push_command(outpost_model::canon::to_canonical(&command).unwrap());
    assert_eq!(words(&scene.mallory.send().unwrap()), ["bad_command"]);
    scene.nothing_got_in();
    scene.goes_on();
}

#[test]
fn whatever_rests_on_a_refused_step_is_refused_with_it_and_the_rest_is_taken() {
    let mut scene = scene("d-li");
    let forbidden = scene.mallory.command(scene.call.close());
    scene.mallory.push_command(forbidden.canonical().unwrap());
    let visit = scene.call.visit("V2");
    let mut page = outpost_model::page::Page::begin(visit.clone());
    let first = scene.mallory.change(&mut page, [arrive()]);
    scene.mallory.push_raw(&visit, first);
    scene.mallory.steps[1].needs = vec![1];
    let second = scene.mallory.change(&mut page, [Body::Leave { result: outpost_model::entry::VisitResult::Fixed }]);
    scene.mallory.push_raw(&visit, second);
    scene.mallory.steps[2].needs = vec![2];
    let own = scene.mallory.command(Call::new("WO-LI", "paper").open());
    scene.mallory.push_command(own.canonical().unwrap());
    let reply = scene.mallory.send().unwrap();
    assert_eq!(words(&reply), ["not_allowed", "needs_refused", "needs_refused", "admitted"]);
    scene.goes_on();
}
