//! Clocks that are wrong: suspect times, and times that look wrong and aren't.

use super::super::{
    acts::*,
    scene::{Scene, Who::*},
};
use super::{Story, story};
use crate::Action;
use crate::action::VisitResult::*;

pub const STORIES: [Story; 6] = [
    story("two_minutes_before_the_last_contact", two_minutes_before_the_last_contact),
    story("two_minutes_after_the_receipt", two_minutes_after_the_receipt),
    story("suspect_all_over", suspect_all_over),
    story("step_learned", step_learned),
    story("step_not_learned", step_not_learned),
    story("clock_put_back_between_syncs", clock_put_back_between_syncs),
];

/// He last heard the server at minute 5. Two minutes before that is in order, a second more is suspect.
fn two_minutes_before_the_last_contact(s: &mut Scene) {
    let order = s.dispatched(A);
    let visit = visit(&order, 1);
    let to_claim = |second: i64, true_minute: i64| second - true_minute * 60;
    s.skewed(20, A, to_claim(180, 20), depart(&order, &visit));
    s.skewed(40, A, to_claim(179, 40), arrive(&order, &visit));
    s.phone(70, A, fixed(&order, &visit));
}

/// The server has it at minute 60. Claimed for two minutes later is in order, a second more is suspect.
fn two_minutes_after_the_receipt(s: &mut Scene) {
    let order = s.dispatched(A);
    let visit = visit(&order, 1);
    let to_claim = |second: i64, true_minute: i64| second - true_minute * 60;
    s.phone(10, A, depart(&order, &visit));
    s.phone(20, A, arrive(&order, &visit));
    s.skewed(40, A, to_claim(62 * 60, 40), fixed(&order, &visit));
    s.skewed(42, A, to_claim(62 * 60 + 1, 42), sign(&order, &visit, 4));
    s.sync(60, A);
}

/// Three hours slow for the whole visit: every kind of action is named once.
fn suspect_all_over(s: &mut Scene) {
    let order = s.dispatched(A);
    let visit = visit(&order, 1);
    let acts = [
        depart(&order, &visit),
        arrive(&order, &visit),
        cause(&order, "待查"),
        use_part(&order, &visit, 1, 1, false),
        use_part(&order, &visit, 2, 1, false),
        leave(&order, &visit, Fixed),
        sign(&order, &visit, 4),
        cause(&order, "接线松动"),
    ];
    for (number, act) in acts.into_iter().enumerate() {
        s.skewed(10 + 7 * number as i64, A, -10_800, act);
    }
}

/// An hour fast, but the server has been asked since: nothing is wrong.
fn step_learned(s: &mut Scene) {
    let order = s.dispatched(A);
    s.skewed(8, A, 3600, Action::Sync);
    let visit = visit(&order, 1);
    s.skewed(10, A, 3600, depart(&order, &visit));
    s.skewed(30, A, 3600, arrive(&order, &visit));
    s.skewed(75, A, 3600, fixed(&order, &visit));
    s.sync(90, A);
    s.phone(95, A, sign(&order, &visit, 4));
}

/// Twenty-five minutes fast, and corrected before the next contact: claimed as it stands, and possible.
fn step_not_learned(s: &mut Scene) {
    let order = s.dispatched(A);
    let visit = visit(&order, 1);
    s.phone(10, A, depart(&order, &visit));
    s.skewed(30, A, 1500, arrive(&order, &visit));
    s.phone(80, A, fixed(&order, &visit));
    s.sync(120, A);
}

/// Put back by ninety seconds, then learned in the next sync, then forward again.
fn clock_put_back_between_syncs(s: &mut Scene) {
    let order = s.dispatched(A);
    let visit = visit(&order, 1);
    s.skewed((6, 30), A, -90, reached(&order));
    s.skewed(7, A, -300, depart(&order, &visit));
    s.skewed(20, A, -300, Action::Sync);
    s.skewed(40, A, -300, arrive(&order, &visit));
    s.phone(60, A, use_part(&order, &visit, 7, 1, true));
    s.phone(80, A, fixed(&order, &visit));
}
