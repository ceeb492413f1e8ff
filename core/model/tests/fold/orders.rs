//! Service calls.

use crate::story::{Story, minute, user};
use outpost_model::command::Ask;
use outpost_model::entry::{Body, Lang, PayMethod, Reach, Signature, VisitResult};
use outpost_model::fold::flag::FlagKind;
use outpost_model::fold::order::{State, Wait};
use outpost_model::header::Header;
use outpost_model::id::Hash;
use outpost_model::policy::Cash;
use outpost_model::time::{Day, Millis};

fn set(value: &str) -> Body {
    Body::Set { field: "fault_cause".into(), value: value.into() }
}

fn part(no: &str) -> Body {
    Body::UsePart {
        part_no: no.into(),
        name: no.into(),
        qty: 2,
        unit_price: 4_500,
        billable: true,
        old_serial: None,
        new_serial: None,
    }
}

fn signature(story: &Story, visit: &outpost_model::header::Header, score: u8) -> Body {
    Body::Sign(Signature {
        name: "客户代表".into(),
        strokes: Hash::of(b"strokes"),
        score,
        comment: String::new(),
        order_heads: story.heads(&story.order()),
        visit_heads: story.heads(visit),
        digest: Hash::of(b"shown"),
        lang: Lang::Zh,
        typed: None,
    })
}

#[test]
fn a_call_runs_through_its_states() {
    let mut story = Story::new();
    let order = story.open("clerk", 0);
    assert_eq!(story.facts().state, State::Open);
    story.assign("e1", 2);
    assert_eq!(story.facts().state, State::Assigned);
    story.log(&order, "e1", 5, Body::Contact { outcome: Reach::NoAnswer, note: String::new(), appointment: None });
    assert_eq!(story.facts().state, State::Assigned);
    story.log(&order, "e1", 6, Body::Contact { outcome: Reach::Reached, note: String::new(), appointment: None });
    assert_eq!((story.facts().state, story.facts().replied_at), (State::Replied, Some(minute(6))));
    let visit = story.visit("v1");
    story.log(&visit, "e1", 10, Body::Depart {});
    assert_eq!(story.facts().state, State::Travelling);
    story.log(&visit, "e1", 20, Body::Arrive { place: None });
    assert_eq!(story.facts().state, State::OnSite);
    story.log(&visit, "e1", 50, part("P-1"));
    story.log(&visit, "e1", 80, Body::Leave { result: VisitResult::FollowUp });
    assert_eq!(story.facts().state, State::FollowUp);
    let second = story.visit("v2");
    story.log(&second, "e1", 100, Body::Arrive { place: None });
    story.log(&second, "e1", 130, Body::Leave { result: VisitResult::Fixed });
    let facts = story.facts();
    assert_eq!(
        (facts.state, facts.visits, facts.labour_minutes, facts.first_time_fix),
        (State::Finished, 2, 90, false)
    );
    assert_eq!((facts.parts_amount, facts.billable_amount), (9_000, 9_000));
    let sign = signature(&story, &second, 5);
    story.log(&second, "e1", 140, sign);
    assert_eq!((story.facts().state, story.facts().survey_score), (State::Signed, Some(5)));
    let page = order.page();
    story.decide(&order, "clerk", 200, Ask::Close { order: page });
    assert_eq!((story.facts().state, story.facts().closed_at), (State::Closed, Some(minute(200))));
    assert_eq!(story.flags(), []);
}

#[test]
fn what_was_not_known_to_each_other_conflicts_until_somebody_who_knew_both_has_set_it() {
    let mut story = Story::new();
    let order = story.open("clerk", 0);
    story.assign("e1", 1);
    story.log(&order, "e1", 2, Body::HandBack { reason: "时间冲突".into() });
    let seen = story.heads(&order);
    story.log_at(&order, "e1", 5, set("电源"), &seen);
    story.log_at(&order, "clerk", 6, set("电源"), &seen);
    assert_eq!(story.flags(), [], "the same value twice is no conflict");
    story.log_at(&order, "lead", 7, set("滤袋"), &seen);
    let conflict = (FlagKind::Conflict, "fault_cause: 滤袋 | 电源".to_owned());
    assert_eq!(story.flags(), [conflict]);
    assert_eq!(story.facts().fields["fault_cause"][0], "电源", "the first admitted is shown");
    story.log(&order, "clerk", 9, set("线圈"));
    assert_eq!(story.flags(), []);
}

#[test]
fn a_former_assignee_is_one_between_losing_the_order_and_getting_it_back() {
    let contact = || Body::Contact { outcome: Reach::NoAnswer, note: String::new(), appointment: None };
    // Minute of the contact, and whether it is flagged: given to e1 at 10, taken at 20, given back at 30.
    for (at, flagged) in [(15, false), (19, false), (20, true), (29, true), (30, false)] {
        let mut story = Story::new();
        let order = story.open("clerk", 0);
        for (to, when) in [("e1", 10), ("e2", 20), ("e1", 30)] {
            story.assign(to, when);
        }
        story.log(&order, "e1", at, contact());
        assert_eq!(!story.flags().is_empty(), flagged, "at {at}");
    }
    let mut story = Story::new();
    let order = story.open("clerk", 0);
    story.assign("e1", 10);
    story.assign("e2", 20);
    story.decide(&order, "lead", 21, Ask::AddHelper { order: order.page(), helper: user("e1") });
    story.log(&order, "e1", 25, contact());
    assert_eq!(story.flags(), [], "a helper has the order still");
    story.log(&order, "e7", 26, contact());
    assert_eq!(story.flags(), [(FlagKind::Unassigned, String::new())]);
}

#[test]
fn what_the_signing_phone_did_not_hold_is_an_amendment() {
    let mut story = Story::new();
    story.open("clerk", 0);
    story.assign("e1", 1);
    let visit = story.visit("v1");
    story.log(&visit, "e1", 10, Body::Arrive { place: None });
    let sign = signature(&story, &visit, 4);
    story.log(&visit, "e1", 40, sign);
    assert_eq!(story.flags(), []);
    story.log(&visit, "e1", 30, part("P-2"));
    assert_eq!(story.flags(), [(FlagKind::AmendedAfterSignature, String::new())], "whatever time it claims");
    let again = signature(&story, &visit, 2);
    story.log(&visit, "e1", 50, again);
    assert_eq!(story.flags(), [], "a new signature covers it");
    assert_eq!(story.facts().survey_score, Some(2));
}

#[test]
fn a_claim_is_in_doubt_beyond_two_minutes_of_what_the_server_attests() {
    for (clock, received, suspect) in
        [(100, 100, false), (98, 200, false), (97, 200, true), (202, 200, false), (203, 200, true)]
    {
        let mut story = Story::new();
        story.open("clerk", 0);
        story.assign("e1", 1);
        let visit = story.visit("v1");
        story.log(&visit, "e1", clock, Body::Arrive { place: None });
        story.contact("e1", minute(100), minute(100));
        story.received("e1", minute(received));
        let expected = if suspect { vec![(FlagKind::TimeSuspect, "arrive".to_owned())] } else { vec![] };
        assert_eq!(story.flags(), expected, "clock {clock}, received {received}");
    }
}

#[test]
fn a_clock_that_is_two_hours_fast_is_corrected_by_the_contact_it_names() {
    let mut story = Story::new();
    story.open("clerk", 0);
    story.assign("e1", 1);
    let visit = story.visit("v1");
    story.log(&visit, "e1", 150, Body::Arrive { place: None });
    story.contact("e1", minute(20), minute(140));
    story.received("e1", minute(40));
    assert_eq!(story.facts().arrived_at, Some(minute(30)));
    assert_eq!(story.flags(), []);
    // A clock that is years off still gives a moment, not a fault.
    story.contact("e1", Millis(i64::MIN), Millis(i64::MAX));
    assert!(story.facts().arrived_at.is_some());
}

#[test]
fn cash_that_was_forbidden_is_taken_down_and_flagged_from_its_day_on() {
    let mut story = Story::new();
    story.open("clerk", 0);
    story.assign("e1", 2);
    let visit = story.visit("v1");
    let charge = |amount, method| Body::Charge { item: "上门费".into(), amount, method, receipt_no: None };
    story.log(&visit, "e1", 20, charge(20_000, PayMethod::Cash));
    assert_eq!(story.flags(), []);
    story.policy.cash = Cash::Forbidden;
    story.policy.cash_since = Some(Day::parse("2026-10-13").unwrap());
    assert_eq!(story.flags(), [], "it was allowed on the day");
    story.policy.cash_since = Some(Day::parse("2026-10-12").unwrap());
    assert_eq!(story.flags(), [(FlagKind::CashForbidden, String::new())]);
    assert_eq!(story.facts().billable_amount, 20_000, "the money is counted all the same");
    let mut story = Story::new();
    story.policy.cash = Cash::Forbidden;
    story.open("clerk", 0);
    story.assign("e1", 2);
    story.log(&visit, "e1", 20, charge(20_000, PayMethod::Invoice));
    assert_eq!(story.flags(), []);
}

#[test]
fn work_of_a_stranger_who_was_sent_only_afterwards_is_flagged() {
    let mut story = Story::new();
    story.open("clerk", 0);
    let visit = story.visit("v1");
    story.log(&visit, "x1", 10, Body::Arrive { place: None });
    assert_eq!(story.flags(), [(FlagKind::Unassigned, String::new())]);
    story.assign("x1", 30);
    assert_eq!(story.flags(), [(FlagKind::BeforeAssignment, String::new())]);
    // Of the station itself everybody may lend a hand before the paper is done.
    let mut story = Story::new();
    story.open("clerk", 0);
    story.log(&visit, "e1", 10, Body::Arrive { place: None });
    story.assign("e1", 30);
    assert_eq!(story.flags(), []);
}

#[test]
fn the_last_look_into_the_toolkit_shows_what_was_missing() {
    let mut story = Story::new();
    let order = story.open("clerk", 0);
    assert_eq!(story.facts().toolkit, None);
    story.log(&order, "e1", 5, Body::Toolkit { missing: vec!["扭力扳手".into(), "绝缘手套".into()] });
    story.log(&order, "e1", 9, Body::Toolkit { missing: vec!["绝缘手套".into()] });
    let toolkit = story.facts().toolkit.unwrap();
    assert_eq!((toolkit.missing, toolkit.at, toolkit.by), (vec!["绝缘手套".to_owned()], minute(9), user("e1")));
}

#[test]
fn what_the_desk_mended_by_telephone_is_replied_finished_and_asked_about_again() {
    let fix = |order: &Header| Ask::FixByPhone { order: order.page(), note: "复位后恢复".into() };
    let mut story = Story::new();
    let order = story.open("clerk", 0);
    assert_eq!((story.facts().state, story.facts().follow_up_due), (State::Open, None));
    story.decide(&order, "clerk", 30, fix(&order));
    let facts = story.facts();
    assert_eq!((facts.state, facts.replied_at), (State::Finished, Some(minute(30))));
    assert_eq!(facts.follow_up_due, Some(minute(30).plus(Millis::hours(24))));
    assert!(facts.waits().contains(&Wait::FollowUp) && facts.limit().is_none());
    assert_eq!(story.flags(), [], "the desk does its own work");
    story.log(&order, "clerk", 60 * 25, Body::FollowUp { note: "好的".into() });
    assert_eq!(story.facts().follow_up_due, None);
    // Somebody has to go after all: it isn't mended any more, and a later fix asks again.
    story.assign("e1", 60 * 26);
    assert_eq!(story.facts().state, State::Replied);
    story.decide(&order, "lead", 60 * 27, fix(&order));
    let facts = story.facts();
    assert_eq!((facts.state, facts.follow_up_due), (State::Finished, Some(minute(60 * 27).plus(Millis::hours(24)))));
}
