use crate::capture::{open_order, set};
use crate::relay::{Relay, refused};
use crate::rig::{Rig, START, order, order_id, visit};
use outpost_device::act::Act;
use outpost_device::report::Outcome;
use outpost_device::session::{Effect, Event, Session};
use outpost_device::sync::Transport;
use outpost_model::command::Ask;
use outpost_model::entry::{Body, Entry, Evidence};
use outpost_model::id::{EntryId, Hash, UserId};
use outpost_model::page::Draft;
use outpost_model::problem::Code;
use outpost_model::time::Millis;
use outpost_model::wire::{Item, Verdict};

/// Somebody else's draft: one field set.
pub fn others_set(n: u64, field: &str, value: &str) -> Draft {
    let by = UserId::parse("u-other").unwrap();
    let evidence = Evidence { by, clock: Millis(START), zone: 480, contact: 0, epoch: 1, n, mono: None };
    let entry = Entry { body: set(field, value), evidence, replaces: None, at: None };
    let id = EntryId::v7(START as u64, [n as u8; 10]);
    Draft { entries: vec![(id, entry.canonical().unwrap())], fields: vec![(field.into(), value.into())] }
}

#[test]
fn what_was_captured_is_admitted_and_an_idle_sync_is_one_small_request() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.capture(open_order("WO-1")).unwrap();
    device.capture(Act::logging(visit("WO-1"), Body::Depart {})).unwrap();
    let report = device.sync(&mut relay).unwrap();
    assert!(report.is_settled(), "{report:?}");
    assert_eq!((report.tally.admitted, report.disagreeing.len()), (3, 0));
    assert_eq!(relay.calls, ["/v1/enrol", "/v1/token/nonce", "/v1/token", "/v1/sync"]);
    let state = device.sync_state().unwrap();
    assert_eq!((state.kept, state.admitted, state.pending), (0, 3, 0));
    assert!(!device.orders().unwrap()[0].provisional);
    relay.calls.clear();
    let idle = device.sync(&mut relay).unwrap();
    assert_eq!(relay.calls, ["/v1/sync"]);
    assert!(idle.tally.bytes_up + idle.tally.bytes_down < 600, "{idle:?}");
    assert_eq!(idle.tally.sent, 0);
    assert!(relay.sends.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn each_step_names_what_it_rests_on() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.capture(open_order("WO-1")).unwrap();
    device.capture(Act::logging(order("WO-1"), set("remark", "a"))).unwrap();
    device.capture(Act::logging(visit("WO-1"), Body::Depart {})).unwrap();
    device.capture(open_order("WO-2")).unwrap();
    device.sync(&mut relay).unwrap();
    let needs: Vec<Vec<u32>> = relay.last.unwrap().steps.into_iter().map(|step| step.needs).collect();
    assert_eq!(needs, [vec![], vec![1], vec![1, 2], vec![1], vec![], vec![5]]);
}

#[test]
fn a_lost_answer_has_one_effect() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.sync(&mut relay).unwrap();
    device.capture(open_order("WO-1")).unwrap();
    relay.loses_answers = true;
    for _ in 0..3 {
        assert!(matches!(device.sync(&mut relay).unwrap().outcome, Outcome::NoAnswer(_)));
        assert_eq!(device.sync_state().unwrap().kept, 2);
    }
    relay.loses_answers = false;
    let report = device.sync(&mut relay).unwrap();
    assert_eq!((report.tally.already_had, report.tally.admitted), (2, 0));
    assert!(report.is_settled() && report.disagreeing.is_empty());
    assert_eq!(relay.log.iter().filter(|item| matches!(item, Item::Row(_))).count(), 2);
}

#[test]
fn an_answer_that_comes_twice_changes_nothing() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    relay.other_logs(&order("WO-1"), &others_set(1, "remark", "theirs"), [9; 16]);
    device.capture(Act::logging(order("WO-1"), set("caller", "mine"))).unwrap();
    let mut session = Session::new();
    let mut effect = session.on(&mut device, Event::Begin).unwrap();
    let mut answers = Vec::new();
    while let Effect::Call(call) = effect {
        let answer = relay.call(&call).unwrap();
        answers.push(answer.clone());
        effect = session.on(&mut device, Event::Answer(answer)).unwrap();
    }
    let before = device.sync_state().unwrap();
    for answer in answers {
        session.on(&mut device, Event::Answer(answer)).unwrap();
    }
    let after = device.sync_state().unwrap();
    assert_eq!((after.admitted, after.kept), (before.admitted, 0));
    assert!(device.sync(&mut relay).unwrap().disagreeing.is_empty());
}

#[test]
fn a_phone_killed_anywhere_in_a_sync_goes_on_where_it_stood() {
    // Each round kills after one call more; half of the time the call had reached the server.
    for kill in 0..24 {
        let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
        relay.room = 3;
        for n in 0..4 {
            relay.other_logs(&order(&format!("O-{n}")), &others_set(n, "remark", "theirs"), [n as u8 + 1; 16]);
        }
        let mut device = rig.open();
        for n in 0..4 {
            device.capture(open_order(&format!("WO-{n}"))).unwrap();
        }
        let mut session = Session::new();
        let mut effect = session.on(&mut device, Event::Begin).unwrap();
        for _ in 0..kill / 2 {
            let Effect::Call(call) = effect else { break };
            let answer = relay.call(&call).unwrap();
            effect = session.on(&mut device, Event::Answer(answer)).unwrap();
        }
        if let (Effect::Call(call), true) = (&effect, kill % 2 == 1) {
            relay.call(call).unwrap();
        }
        std::mem::forget((device, session));
        let mut device = rig.open();
        let report = device.sync(&mut relay).unwrap();
        assert!(report.is_settled() && report.disagreeing.is_empty(), "killed after {kill}: {report:?}");
        let state = device.sync_state().unwrap();
        assert_eq!((state.kept, state.admitted, state.refused), (0, 8, 0), "killed after {kill}");
        assert!(!state.restored, "killed after {kill}");
        assert_eq!(relay.log.iter().filter(|item| matches!(item, Item::Row(_))).count(), 12, "killed after {kill}");
    }
}

#[test]
fn an_expired_token_is_renewed_once_and_the_call_repeated() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.sync(&mut relay).unwrap();
    relay.token = Some("t2".into());
    relay.calls.clear();
    assert!(device.sync(&mut relay).unwrap().is_settled());
    assert_eq!(relay.calls, ["/v1/sync", "/v1/token/nonce", "/v1/token", "/v1/sync"]);
}

#[test]
fn a_revoked_phone_says_so_and_still_captures() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.sync(&mut relay).unwrap();
    relay.revoked = true;
    device.capture(open_order("WO-1")).unwrap();
    assert_eq!(device.sync(&mut relay).unwrap().outcome, Outcome::Revoked);
    let state = device.sync_state().unwrap();
    assert!(state.revoked && state.kept == 2);
    device.capture(open_order("WO-2")).unwrap();
}

#[test]
fn what_is_deferred_goes_again_unchanged_when_its_time_has_come() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.capture(open_order("WO-1")).unwrap();
    device.capture(open_order("WO-2")).unwrap();
    relay.word =
        Some(Box::new(|name, _| name.contains("WO-1").then(|| Verdict::Deferred(Code::ServerBusy.into(), 60_000))));
    let report = device.sync(&mut relay).unwrap();
    assert!(report.is_settled());
    let state = device.sync_state().unwrap();
    // What rests on a step that waits, waits with it.
    let waiting: Vec<_> = state.items.iter().map(|item| item.name.as_str()).collect();
    assert_eq!(waiting, ["open_order", "register"]);
    assert_eq!(state.items[0].code.as_deref(), Some("server_busy"));
    relay.word = None;
    assert_eq!(device.sync(&mut relay).unwrap().tally.sent, 0);
    rig.watch.pass(60_001);
    assert_eq!(device.sync(&mut relay).unwrap().tally.admitted, 2);
}

#[test]
fn the_contact_is_the_last_successful_sync() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START - 3_600_000));
    let mut device = rig.open();
    device.capture(Act::logging(order("WO-1"), set("remark", "before"))).unwrap();
    device.sync(&mut relay).unwrap();
    device.capture(open_order("WO-1")).unwrap();
    let opened = device.orders().unwrap()[0].facts.opened_at;
    assert_eq!(opened, Millis(START - 3_600_000), "corrected by what the contact taught");
    let contact = device.sync_state().unwrap().last_contact.unwrap();
    assert_eq!((contact.number, contact.device), (1, Millis(START)));
}

#[test]
fn changes_that_the_server_lacks_are_sent_first() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.capture(Act::logging(order("WO-1"), set("remark", "a"))).unwrap();
    device.sync(&mut relay).unwrap();
    // The server was put back to before it, and doesn't know that.
    relay.log.clear();
    relay.pages.clear();
    device.capture(Act::logging(order("WO-1"), set("remark", "b"))).unwrap();
    let report = device.sync(&mut relay).unwrap();
    assert!(report.is_settled(), "{report:?}");
    assert_eq!(relay.raws(order_id("WO-1")).len(), 2);
    assert_eq!(device.sync_state().unwrap().kept, 0);
}

#[test]
fn a_server_of_another_epoch_is_offered_everything_again() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.capture(open_order("WO-1")).unwrap();
    device.sync(&mut relay).unwrap();
    let mut relay = Relay { epoch: 2, token: relay.token.take(), ..Relay::new(START) };
    let report = device.sync(&mut relay).unwrap();
    assert!(report.is_settled() && report.disagreeing.is_empty(), "{report:?}");
    assert_eq!(relay.log.iter().filter(|item| matches!(item, Item::Row(_))).count(), 2);
}

#[test]
fn what_was_asked_on_a_page_that_is_gone_is_shown_and_offered_again_word_for_word() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    relay.decides(open_order("WO-1").ask.unwrap(), "u-clerk");
    let mut device = rig.open();
    device.sync(&mut relay).unwrap();
    let to = UserId::parse("u-e2").unwrap();
    let ask = Ask::Assign { order: order_id("WO-1"), to };
    let asked = device.capture_past_checks(Act::asking(ask.clone())).unwrap().command;
    device.sync(&mut relay).unwrap();
    relay.withdraw(order_id("WO-1"));
    assert_eq!(device.sync(&mut relay).unwrap().tally.withdrawn, 1);
    assert!(device.orders().unwrap().is_empty());
    let shown = device.decisions().unwrap();
    assert_eq!((shown.len(), &shown[0].command.ask, Some(shown[0].command.id)), (1, &ask, asked));

    let mut relay = Relay { epoch: 2, token: relay.token.take(), ..Relay::new(START) };
    let report = device.sync(&mut relay).unwrap();
    assert!(report.is_settled() && report.tally.refused == 0, "{report:?}");
    assert_eq!((report.tally.offered_again, report.tally.admitted), (1, 1), "{report:?}");

    // A store that lost the words leaves the step out.
    drop(device);
    let db = rusqlite::Connection::open(rig.store().join("outpost.db")).unwrap();
    db.execute_batch("delete from log_row; update step set content = null").unwrap();
    drop(db);
    let mut device = rig.open();
    let mut relay = Relay { epoch: 3, token: relay.token.take(), ..Relay::new(START) };
    let report = device.sync(&mut relay).unwrap();
    assert_eq!((report.is_settled(), report.tally.sent, report.tally.refused), (true, 0, 0), "{report:?}");
}

#[test]
fn withdrawal_waits_for_what_is_on_its_way_and_leaves_ones_own_pages() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let assign = |name: &str| Ask::Assign { order: order_id(name), to: UserId::parse("u-e1").unwrap() };
    for name in ["WO-1", "WO-2", "WO-3"] {
        let open = open_order(name).ask.unwrap();
        relay.decides(open, "u-clerk");
        relay.decides(assign(name), "u-lead");
    }
    let mut device = rig.open();
    device.sync(&mut relay).unwrap();
    assert_eq!(device.orders().unwrap().len(), 3);
    // One with work that the server puts off, one with work of his own on the order's page, one with none.
    device.capture(Act::logging(visit("WO-1"), Body::Depart {})).unwrap();
    device.capture(Act::logging(order("WO-2"), set("remark", "mine"))).unwrap();
    for name in ["WO-1", "WO-2", "WO-3"] {
        relay.withdraw(order_id(name));
    }
    relay.word =
        Some(Box::new(|name, _| name.contains("depart").then(|| Verdict::Deferred(Code::ServerBusy.into(), 1_000))));
    let report = device.sync(&mut relay).unwrap();
    assert_eq!(report.tally.withdrawn, 1, "{report:?}");
    let held = |device: &outpost_device::device::Device| -> Vec<String> {
        device.orders().unwrap().into_iter().map(|item| item.facts.number).collect()
    };
    let mut numbers = held(&device);
    numbers.sort();
    assert_eq!(numbers, ["WO-1", "WO-2"]);
    relay.word = None;
    rig.watch.pass(2_000);
    device.sync(&mut relay).unwrap();
    assert_eq!(held(&device), ["WO-2"]);
}

#[test]
fn strokes_go_up_after_the_text() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.capture(open_order("WO-1")).unwrap();
    device.capture(Act::logging(visit("WO-1"), Body::Arrive { place: None })).unwrap();
    device.sign(crate::quarantine::glass("WO-1")).unwrap();
    let report = device.sync(&mut relay).unwrap();
    assert_eq!(report.tally.files, 1, "{report:?}");
    let path = format!("/v1/blobs/{}?page={}", Hash::of(b"M0 0L9 9"), visit("WO-1").page());
    assert_eq!(relay.files.keys().collect::<Vec<_>>(), [&path]);
    assert_eq!(relay.calls.last(), Some(&path));
    assert!(device.orders().unwrap()[0].facts.visit_facts[0].signed.as_ref().is_some_and(|sign| !sign.amended));
}

#[test]
fn a_refusal_that_stays_is_shown_with_its_reason() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.capture(open_order("WO-1")).unwrap();
    relay.word = Some(Box::new(|name, _| name.contains("open").then(|| refused(Code::CustomerUnknown, "c-1"))));
    let report = device.sync(&mut relay).unwrap();
    assert!(report.is_settled(), "{report:?}");
    let state = device.sync_state().unwrap();
    assert_eq!((state.kept, state.refused, state.admitted), (0, 2, 0));
    assert!(device.orders().unwrap().is_empty());
    let export = String::from_utf8(device.export_quarantine().unwrap()).unwrap();
    assert_eq!(export.lines().count(), 2);
    assert!(export.contains("customer_unknown") && export.contains("needs_refused"));
}
