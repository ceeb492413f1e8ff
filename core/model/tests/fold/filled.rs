//! Filled forms.

use crate::story::{Story, minute, user};
use outpost_model::command::Ask;
use outpost_model::entry::{Body, Value};
use outpost_model::fold::flag::FlagKind;
use outpost_model::fold::record::{RecordFacts, RecordState};
use outpost_model::header::Header;
use outpost_model::id::EntryId;

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn line(day: &str, work: &str) -> Body {
    let cells = [("day", day), ("work", work)].map(|(name, said)| (name.to_owned(), text(said)));
    Body::Row { field: "plan".into(), cells: cells.into(), v: 1 }
}

fn remark(said: &str) -> Body {
    Body::Answer { field: "remark".into(), value: text(said), v: 1 }
}

fn decide(header: &Header, sending: EntryId, approve: bool, reason: &str) -> Ask {
    Ask::DecideForm { page: header.page(), sending, approve, reason: reason.into() }
}

fn work(facts: &RecordFacts) -> Vec<String> {
    let lines = facts.content.rows.get("plan").into_iter().flatten();
    lines
        .map(|line| match &line.cells["work"] {
            Value::Text(work) => work.clone(),
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn a_plan_is_drafted_sent_returned_amended_and_approved() {
    let mut story = Story::new();
    let plan = story.plan("e1");
    assert!(story.record(&plan).is_none());
    let first = story.log(&plan, "e1", 0, line("2026-10-12", "巡检"));
    story.log(&plan, "e1", 1, line("2026-10-13", "换滤袋"));
    let facts = story.record(&plan).unwrap();
    assert_eq!((facts.state, facts.changed, facts.missing), (RecordState::Draft, false, vec![]));

    let sent = story.send(&plan, "e1", 2);
    assert_eq!(story.record(&plan).unwrap().state, RecordState::Submitted);
    story.decide(&plan, "hq", 10, decide(&plan, sent, false, "周三排重了"));
    let facts = story.record(&plan).unwrap();
    assert_eq!(facts.state, RecordState::Returned);
    let ruled = facts.last_sent().unwrap().ruled.clone().unwrap();
    assert_eq!((ruled.reason.as_str(), ruled.by, ruled.at), ("周三排重了", user("hq"), minute(10)));
    assert!(facts.in_force().is_none());

    story.log(&plan, "e1", 20, Body::Void { target: first, reason: "排重".into() });
    let facts = story.record(&plan).unwrap();
    assert_eq!((facts.state, facts.changed, work(&facts)), (RecordState::Returned, true, vec!["换滤袋".to_owned()]));
    let again = story.send(&plan, "e1", 21);
    let facts = story.record(&plan).unwrap();
    assert_eq!((facts.state, facts.changed, facts.sendings.len()), (RecordState::Submitted, false, 2));
    assert_eq!(facts.sendings[0].content.rows["plan"].len(), 2, "what was sent first stays as it was sent");
    story.decide(&plan, "hq", 30, decide(&plan, again, true, ""));

    // Approved; what is written afterwards is a change, and not in force.
    story.log(&plan, "e1", 40, remark("周五改到周四"));
    let facts = story.record(&plan).unwrap();
    assert_eq!((facts.state, facts.changed), (RecordState::Approved, true));
    assert!(facts.in_force().unwrap().content.answers.is_empty());
    assert_eq!((facts.in_force().unwrap().entry, facts.in_force().unwrap().revision), (again, 2));
    // Sent anew, it waits; the approved one holds until then.
    story.send(&plan, "e1", 41);
    let facts = story.record(&plan).unwrap();
    assert_eq!((facts.state, facts.in_force().unwrap().entry), (RecordState::Submitted, again));
}

#[test]
fn what_a_form_needs_and_does_not_hold_is_named() {
    let mut story = Story::new();
    let plan = story.plan("e1");
    story.log(&plan, "e1", 0, remark("还没排"));
    assert_eq!(story.record(&plan).unwrap().missing, ["plan"]);
    let cells = [("work".to_owned(), text("巡检"))];
    story.log(&plan, "e1", 1, Body::Row { field: "plan".into(), cells: cells.into(), v: 1 });
    assert_eq!(story.record(&plan).unwrap().missing, ["plan.day"]);
}

#[test]
fn a_later_answer_stands_and_an_empty_one_takes_it_back() {
    let mut story = Story::new();
    let plan = story.plan("e1");
    story.log(&plan, "e1", 0, remark("甲"));
    let seen = story.heads(&plan);
    story.log(&plan, "e1", 5, remark("乙"));
    let facts = story.record(&plan).unwrap();
    assert_eq!((&facts.content.answers["remark"], facts.conflicts.len()), (&text("乙"), 0));
    // From another phone of his, which hadn't seen the second.
    story.log_at(&plan, "e1", 9, remark("丙"), &seen);
    let facts = story.record(&plan).unwrap();
    assert_eq!((&facts.content.answers["remark"], facts.conflicts), (&text("丙"), ["remark".to_owned()].into()));
    story.log(&plan, "e1", 12, remark(""));
    let facts = story.record(&plan).unwrap();
    assert!(facts.content.answers.is_empty() && facts.conflicts.is_empty());
}

#[test]
fn a_form_that_is_sent_after_its_day_is_flagged_and_taken() {
    let mut story = Story::new();
    let plan = story.plan("e1");
    story.log(&plan, "e1", 0, line("2026-10-14", "巡检"));
    // The story's forms are due on the first day of their period, which is the 12th.
    story.send(&plan, "e1", 15 * 60);
    assert!(story.record(&plan).unwrap().flags.is_empty());
    let late = story.plan("e2");
    story.log(&late, "e2", 0, line("2026-10-14", "巡检"));
    story.send(&late, "e2", 17 * 60);
    let facts = story.record(&late).unwrap();
    let flags: Vec<_> = facts.flags.iter().map(|flag| (flag.kind, flag.since)).collect();
    assert_eq!(flags, [(FlagKind::LateForm, Some(facts.sendings[0].at))]);
    assert_eq!(facts.state, RecordState::Submitted);
}
