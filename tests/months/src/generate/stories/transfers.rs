//! Orders that change hands, and people who work on what isn't theirs.

use super::super::{
    acts::*,
    scene::{Scene, Who::*},
};
use super::{Story, story};
use crate::Expect;
use crate::action::VisitResult::*;

pub const STORIES: [Story; 11] = [
    story("transferred_while_away", transferred_while_away),
    story("entries_before_the_transfer", entries_before_the_transfer),
    story("away_and_back", away_and_back),
    story("away_and_back_with_work_between", away_and_back_with_work_between),
    story("stays_as_helper", stays_as_helper),
    story("becomes_helper_too_late", becomes_helper_too_late),
    story("taken_away_before_it_was_seen", taken_away_before_it_was_seen),
    story("own_opening_taken_away", own_opening_taken_away),
    story("engineer_of_the_station_unasked", engineer_of_the_station_unasked),
    story("unasked_and_nobody_assigned", unasked_and_nobody_assigned),
    story("engineer_of_another_station", engineer_of_another_station),
];

fn transferred_while_away(s: &mut Scene) {
    let order = s.dispatched(A);
    s.phone(10, A, reached(&order));
    s.phone(12, A, depart(&order, &visit(&order, 1)));
    s.sync(13, A);
    s.assign(20, &order, B);
    s.sync(22, B);
    s.phone(40, A, arrive(&order, &visit(&order, 1)));
    s.phone(50, A, cause(&order, "接线松动"));
    s.phone(90, A, fixed(&order, &visit(&order, 1)));
    s.sync(100, A);
    if s.chance(0.5) {
        s.visit(120, B, &order, 2, NoFault);
    }
}

/// Sent after it was taken away, but logged before.
fn entries_before_the_transfer(s: &mut Scene) {
    let order = s.dispatched(A);
    s.phone(10, A, reached(&order));
    s.phone(12, A, depart(&order, &visit(&order, 1)));
    s.assign(20, &order, B);
    s.sync(30, A);
    s.sync(31, B);
    s.visit(40, B, &order, 2, Fixed);
}

fn away_and_back(s: &mut Scene) {
    let order = s.dispatched(A);
    s.phone(10, A, reached(&order));
    s.assign(20, &order, B);
    s.sync(21, B);
    s.phone(25, B, reached(&order));
    s.assign(40, &order, A);
    s.sync(42, A);
    s.visit(50, A, &order, 1, Fixed);
}

fn away_and_back_with_work_between(s: &mut Scene) {
    let order = s.dispatched(A);
    s.phone(10, A, reached(&order));
    s.assign(20, &order, B);
    s.phone(30, A, depart(&order, &visit(&order, 1)));
    s.assign(40, &order, A);
    s.phone(50, A, arrive(&order, &visit(&order, 1)));
    s.phone(80, A, fixed(&order, &visit(&order, 1)));
}

/// Taken away, but asked to help before he went on.
fn stays_as_helper(s: &mut Scene) {
    let order = s.dispatched(A);
    s.phone(10, A, reached(&order));
    s.assign(20, &order, B);
    s.assign_helper(25, &order, A);
    s.sync(27, B);
    s.visit(30, A, &order, 1, Fixed);
    s.visit(30, B, &order, 2, Fixed);
}

fn becomes_helper_too_late(s: &mut Scene) {
    let order = s.dispatched(A);
    s.assign(20, &order, B);
    s.phone(30, A, reached(&order));
    s.assign_helper(45, &order, A);
    s.visit(50, A, &order, 1, Fixed);
}

/// Assigned and taken away while his phone had no network; he works on what he was told by telephone.
fn taken_away_before_it_was_seen(s: &mut Scene) {
    let order = s.opened(1);
    s.assign(3, &order, A);
    s.assign(6, &order, B);
    s.phone(20, A, reached(&order));
    s.sync(30, A);
    s.sync(31, B);
}

fn own_opening_taken_away(s: &mut Scene) {
    let customer = s.customer();
    let order = s.stage.order_number(s.at(10), "S");
    let opening = s.opening(&order, &customer, "on_site");
    s.phone(10, A, opening);
    s.phone(12, A, depart(&order, &visit(&order, 1)));
    s.sync(15, A);
    s.assign(30, &order, B);
    s.phone(40, A, arrive(&order, &visit(&order, 1)));
    s.phone(60, A, leave(&order, &visit(&order, 1), FollowUp));
}

/// Never assigned, never a helper, but of the station: it counts, and is shown.
fn engineer_of_the_station_unasked(s: &mut Scene) {
    let order = s.dispatched(A);
    let visit = s.visit(10, C, &order, 1, Fixed);
    s.phone(72, C, use_part(&order, &visit, 4, 1, true));
    s.phone(75, C, sign(&order, &visit, 5));
    s.sync(80, C);
    if s.chance(0.5) {
        s.phone(90, A, reached(&order));
    }
}

fn unasked_and_nobody_assigned(s: &mut Scene) {
    let order = s.opened(1);
    s.phone(10, B, depart(&order, &visit(&order, 1)));
    s.phone(30, B, arrive(&order, &visit(&order, 1)));
}

/// He has no right at all; what he logs doesn't count.
fn engineer_of_another_station(s: &mut Scene) {
    let order = s.dispatched(A);
    let visit = visit(&order, 1);
    let acts = [
        reached(&order),
        depart(&order, &visit),
        arrive(&order, &visit),
        use_part(&order, &visit, 0, 1, true),
        cause(&order, "外站记录"),
        fixed(&order, &visit),
        sign(&order, &visit, 1),
    ];
    for (minute, act) in acts.into_iter().enumerate() {
        s.phone(20 + minute as i64, Stray, act).expect = Some(Expect::NoEffect);
    }
    s.sync(60, Stray);
    s.phone(40, A, reached(&order));
}
