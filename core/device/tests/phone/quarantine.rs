use crate::capture::{open_order, set};
use crate::relay::{Relay, refused};
use crate::rig::{Rig, START, order, order_id, visit};
use crate::sync::others_set;
use outpost_device::act::{Act, Log};
use outpost_device::signing::Glass;
use outpost_model::entry::{Body, Entry, Lang, VisitResult};
use outpost_model::header::Kind;
use outpost_model::id::{EntryId, PageId};
use outpost_model::problem::Code;
use outpost_model::wire::Verdict;

pub fn glass(name: &str) -> Glass {
    Glass {
        visit: visit(name),
        name: "王工".into(),
        strokes: b"M0 0L9 9".to_vec(),
        score: 5,
        comment: String::new(),
        lang: Lang::Zh,
        typed: None,
        entry: None,
    }
}

fn entry_ids(relay: &Relay, page: PageId) -> Vec<EntryId> {
    relay.pages[&page].entries().map(|row| row.id).collect()
}

/// The server refuses a step once by what it says.
fn refuse_once(relay: &mut Relay, what: &'static str, code: Code) {
    let mut done = false;
    relay.word = Some(Box::new(move |name, _| {
        (!done && name.contains(what)).then(|| {
            done = true;
            refused(code, "")
        })
    }));
}

#[test]
fn what_rested_on_a_refused_step_is_written_anew_with_its_ids_under_another_actor() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.capture(open_order("WO-1")).unwrap();
    device.sync(&mut relay).unwrap();
    let lost = device.capture(Act::logging(visit("WO-1"), Body::Depart {})).unwrap().entries[0];
    rig.watch.pass(60_000);
    let kept = device.capture(Act::logging(visit("WO-1"), Body::Arrive { place: None })).unwrap().entries[0];
    let cause = device.capture(Act::logging(order("WO-1"), set("fault_cause", "轴承"))).unwrap().entries[0];
    relay.word = Some(Box::new(|name, _| name.contains("depart").then(|| refused(Code::NotAllowed, "depart"))));
    let report = device.sync(&mut relay).unwrap();
    assert!(report.is_settled() && report.disagreeing.is_empty(), "{report:?}");
    assert_eq!((report.tally.refused, report.tally.replayed), (2, 1), "{report:?}");

    let page = visit("WO-1").page();
    assert_eq!(entry_ids(&relay, page), [kept]);
    assert!(entry_ids(&relay, order_id("WO-1")).contains(&cause));
    let entry = relay.pages[&page].entry(&kept).unwrap().entry.clone();
    assert_eq!((entry.evidence.clock.0, entry.evidence.n), (START + 60_000, 4));
    let quarantine = device.quarantine().unwrap();
    assert_eq!(quarantine.len(), 1);
    assert_eq!((quarantine[0].reason.code.as_str(), quarantine[0].name.as_str()), ("not_allowed", "depart"));
    let held: Entry = Entry::parse(Kind::Visit, &quarantine[0].intent.as_ref().unwrap().entries[0].1).unwrap();
    assert_eq!((held.body, quarantine[0].intent.as_ref().unwrap().entries[0].0), (Body::Depart {}, lost));
    // Nothing is tried again by itself.
    relay.calls.clear();
    assert_eq!(device.sync(&mut relay).unwrap().tally.sent, 0);
    // The page goes on under the new actor.
    device.capture(Act::logging(visit("WO-1"), Body::Leave { result: VisitResult::Fixed })).unwrap();
    assert_eq!(device.sync(&mut relay).unwrap().tally.admitted, 1);
}

#[test]
fn a_step_is_written_anew_once_for_each_reason() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.capture(Act::logging(order("WO-1"), set("remark", "a"))).unwrap();
    relay.word = Some(Box::new(|_, _| Some(refused(Code::ActorTaken, "by another"))));
    let report = device.sync(&mut relay).unwrap();
    assert_eq!((report.tally.sent, report.tally.replayed, report.tally.refused), (2, 1, 2), "{report:?}");
    let quarantine = device.quarantine().unwrap();
    assert_eq!((quarantine.len(), quarantine[0].origin), (1, 1));
    assert_eq!(device.sync(&mut relay).unwrap().tally.sent, 0);
    relay.word = Some(Box::new(|_, _| Some(refused(Code::ChecksumWrong, ""))));
    assert_eq!(device.sync(&mut relay).unwrap().tally.sent, 0, "only a refusal brings it back");
}

#[test]
fn a_damaged_opening_is_asked_anew_and_everything_follows() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    let captured = device.capture(open_order("WO-1")).unwrap();
    device.capture(Act::logging(order("WO-1"), set("remark", "a"))).unwrap();
    device.capture(Act::logging(visit("WO-1"), Body::Depart {})).unwrap();
    refuse_once(&mut relay, "open", Code::BadCommand);
    let report = device.sync(&mut relay).unwrap();
    assert!(report.is_settled() && report.disagreeing.is_empty(), "{report:?}");
    assert_eq!((report.tally.refused, report.tally.replayed, report.tally.admitted), (4, 4, 4), "{report:?}");
    assert!(device.quarantine().unwrap().is_empty());
    assert!(entry_ids(&relay, order_id("WO-1")).contains(&captured.entries[0]));
    let item = &device.orders().unwrap()[0];
    assert!(!item.provisional && item.facts.fields["remark"] == ["a"]);
}

#[test]
fn a_conflict_stays_a_conflict_when_it_is_written_anew() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.capture(open_order("WO-1")).unwrap();
    device.sync(&mut relay).unwrap();
    device.capture(Act::logging(order("WO-1"), set("remark", "mine"))).unwrap();
    relay.other_logs(&order("WO-1"), &others_set(1, "remark", "theirs"), [9; 16]);
    refuse_once(&mut relay, "mine", Code::ActorTaken);
    let report = device.sync(&mut relay).unwrap();
    assert_eq!((report.tally.replayed, report.disagreeing.len()), (1, 0), "{report:?}");
    let mut values: Vec<String> =
        relay.pages[&order_id("WO-1")].values("remark").map(|row| row.value.to_owned()).collect();
    values.sort();
    assert_eq!(values, ["mine", "theirs"]);
    // Somebody who sees both settles it.
    device.capture(Act::logging(order("WO-1"), set("remark", "both"))).unwrap();
    device.sync(&mut relay).unwrap();
    assert_eq!(relay.pages[&order_id("WO-1")].values("remark").count(), 1);
}

#[test]
fn a_signature_is_written_anew_only_over_the_same_content() {
    for (refuse, admitted) in [("remark", true), ("\"arrive\"", false)] {
        let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
        let mut device = rig.open();
        device.capture(open_order("WO-1")).unwrap();
        device.sync(&mut relay).unwrap();
        device.capture(Act::logging(visit("WO-1"), Body::Arrive { place: None })).unwrap();
        device.capture(Act::logging(order("WO-1"), set("remark", "x"))).unwrap();
        let signed = device.sign(glass("WO-1")).unwrap().entries[0];
        // The order's page is pinned but not covered; the arrival is both.
        relay.word = Some(Box::new(move |name, _| {
            (name.contains(refuse) && !name.contains("sign")).then(|| refused(Code::NotAllowed, ""))
        }));
        let report = device.sync(&mut relay).unwrap();
        assert!(report.disagreeing.is_empty(), "{report:?}");
        let page = visit("WO-1").page();
        let there = relay.pages.get(&page).is_some_and(|index| index.entry(&signed).is_some());
        assert_eq!(there, admitted, "{refuse}");
        assert_eq!(device.quarantine().unwrap().len(), if admitted { 1 } else { 2 }, "{refuse}");
    }
}

#[test]
fn a_signature_over_what_was_refused_stays_and_can_be_shown_and_carried_out() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.capture(open_order("WO-1")).unwrap();
    device.sync(&mut relay).unwrap();
    device.capture(Act::logging(visit("WO-1"), Body::Arrive { place: None })).unwrap();
    let signed = device.sign(glass("WO-1")).unwrap().entries[0];
    let left = Act::logging(visit("WO-1"), Body::Leave { result: VisitResult::Fixed });
    let left = device.capture(left).unwrap().entries[0];
    // The arrival is refused for good: what is left isn't what the customer saw.
    relay.word = Some(Box::new(|name, _| {
        (name.contains("\"arrive\"") && !name.contains("sign")).then(|| refused(Code::NotAllowed, ""))
    }));
    device.sync(&mut relay).unwrap();
    relay.word = None;
    for _ in 0..3 {
        assert_eq!(device.sync(&mut relay).unwrap().tally.sent, 0);
    }
    assert_eq!(entry_ids(&relay, visit("WO-1").page()), [left], "what came after it goes on without it");
    let held = device.quarantine().unwrap();
    let names: Vec<_> = held.iter().map(|held| (held.name.as_str(), held.reason.code.as_str())).collect();
    assert_eq!(names, [("arrive", "not_allowed"), ("sign", "needs_refused")]);
    let state = device.sync_state().unwrap();
    assert_eq!((state.refused, state.kept, state.files.len()), (2, 0, 1));
    let export = String::from_utf8(device.export_quarantine().unwrap()).unwrap();
    let line: serde_json::Value = serde_json::from_str(export.lines().nth(1).unwrap()).unwrap();
    assert_eq!(line["entries"][0][0], signed.to_string());
    let strokes = outpost_model::id::Hash::of(b"M0 0L9 9").to_string();
    assert_eq!(line["files"][&strokes], "TTAgMEw5IDk=");
}

#[test]
fn what_came_between_sending_and_refusal_is_not_lost() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.sync(&mut relay).unwrap();
    device.capture(Act::logging(order("WO-1"), set("remark", "first"))).unwrap();
    let mut session = outpost_device::session::Session::new();
    use outpost_device::session::{Effect, Event};
    use outpost_device::sync::Transport;
    let mut effect = session.on(&mut device, Event::Begin).unwrap();
    let later = device.capture(Act::logging(order("WO-1"), set("caller", "later"))).unwrap().entries[0];
    relay.word = Some(Box::new(|name, _| name.contains("first").then(|| refused(Code::NotAllowed, ""))));
    while let Effect::Call(call) = effect {
        let answer = relay.call(&call).unwrap();
        effect = session.on(&mut device, Event::Answer(answer)).unwrap();
    }
    assert_eq!(entry_ids(&relay, order_id("WO-1")), [later]);
    assert_eq!(device.quarantine().unwrap().len(), 1);
}

#[test]
fn an_entry_taken_back_with_what_it_named_stays_in_quarantine() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    let wrong = device.capture(Act::logging(order("WO-1"), set("remark", "wrong"))).unwrap().entries[0];
    let void = Body::Void { target: wrong, reason: "typed wrong".into() };
    device.capture(Act::default().and(order("WO-1"), [Log::from(void)])).unwrap();
    relay.word = Some(Box::new(|name, _| match name {
        name if name.contains("void") => Some(refused(Code::TargetUnknown, "")),
        name if name.contains("wrong") => Some(refused(Code::NotAllowed, "")),
        _ => None,
    }));
    let report = device.sync(&mut relay).unwrap();
    assert!(report.is_settled(), "{report:?}");
    assert_eq!(device.quarantine().unwrap().len(), 2);
    assert_eq!(device.sync(&mut relay).unwrap().tally.sent, 0);
}

#[test]
fn a_refusal_is_judged_by_its_code_name_even_if_nobody_here_knows_it() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.capture(Act::logging(order("WO-1"), set("remark", "a"))).unwrap();
    relay.word = Some(Box::new(|_, _| {
        let Verdict::Refused(mut why) = refused(Code::NotAllowed, "") else { return None };
        why.code.0 = "invented_later".into();
        Some(Verdict::Refused(why))
    }));
    device.sync(&mut relay).unwrap();
    assert_eq!(device.quarantine().unwrap()[0].reason.code, "invented_later");
}

#[test]
fn a_visit_of_which_everything_was_refused_is_in_quarantine_and_not_in_the_order() {
    let (rig, mut relay) = (Rig::engineer(), Relay::new(START));
    let mut device = rig.open();
    device.capture(open_order("WO-1")).unwrap();
    device.sync(&mut relay).unwrap();
    device.capture(Act::logging(visit("WO-1"), Body::Depart {})).unwrap();
    assert_eq!(device.orders().unwrap()[0].facts.visit_facts.len(), 1);
    relay.word = Some(Box::new(|name, _| name.contains("depart").then(|| refused(Code::NotAssigned, "depart"))));
    device.sync(&mut relay).unwrap();
    assert_eq!(device.orders().unwrap()[0].facts.visit_facts, []);
    assert_eq!(device.quarantine().unwrap().len(), 1);
}
