//! Visits: minutes, halves of visits, who a visit belongs to, and how far an order has come.

use super::super::{
    acts::*,
    scene::{Scene, Who::*},
};
use super::{Story, long_story, story};
use crate::action::{Outcome, VisitResult::*};

pub const STORIES: [Story; 16] = [
    story("minutes_half_to_even", minutes_half_to_even),
    story("interval_backwards", interval_backwards),
    long_story("two_visits", 2, two_visits),
    story("departure_only", departure_only),
    story("still_on_site", still_on_site),
    story("left_without_arrival", left_without_arrival),
    story("two_helpers", two_helpers),
    story("helper_arrives_first", helper_arrives_first),
    story("arrived_and_left_twice", arrived_and_left_twice),
    story("equal_times_on_one_phone", equal_times_on_one_phone),
    story("equal_times_on_two_phones", equal_times_on_two_phones),
    story("remote_fixed", remote_fixed),
    story("never_reached", never_reached),
    story("never_assigned", never_assigned),
    story("over_midnight", over_midnight),
    story("follow_up_pending", follow_up_pending),
];

/// 10½, 11½ and ½ minutes on site, and 1 second either side: each visit is rounded by itself.
fn minutes_half_to_even(s: &mut Scene) {
    let order = s.dispatched(A);
    for (number, seconds) in [630, 690, 30, 629, 691].into_iter().enumerate() {
        let visit = visit(&order, number + 1);
        let from = 10 + 20 * number as i64;
        s.phone(from, A, depart(&order, &visit));
        s.phone(from + 2, A, arrive(&order, &visit));
        let result = if number == 4 { Fixed } else { FollowUp };
        s.phone((from + 2, seconds), A, leave(&order, &visit, result));
    }
}

/// The clock is put back a little between arriving and leaving; too little to be suspect.
fn interval_backwards(s: &mut Scene) {
    let order = s.dispatched(A);
    let visit = visit(&order, 1);
    s.phone(10, A, depart(&order, &visit));
    s.phone(30, A, arrive(&order, &visit));
    s.skewed(33, A, -240, leave(&order, &visit, Fixed));
    s.sync(50, A);
}

fn two_visits(s: &mut Scene) {
    let order = s.dispatched(A);
    s.phone(10, A, reached(&order));
    let first = s.visit(20, A, &order, 1, FollowUp);
    s.phone(82, A, sign(&order, &first, 3));
    s.next_evening();
    let second = s.visit(20, A, &order, 2, Fixed);
    s.phone(79, A, use_part(&order, &second, 3, 2, true));
    s.phone(82, A, sign(&order, &second, 5));
}

fn departure_only(s: &mut Scene) {
    let order = s.dispatched(A);
    s.phone(10, A, reached(&order));
    s.phone(20, A, depart(&order, &visit(&order, 1)));
}

fn still_on_site(s: &mut Scene) {
    let order = s.dispatched(A);
    let visit = visit(&order, 1);
    s.phone(20, A, depart(&order, &visit));
    s.phone(50, A, arrive(&order, &visit));
    s.phone(55, A, use_part(&order, &visit, 1, 1, false));
}

/// Nobody arrived, so it is nobody's visit; but it is finished, and says how.
fn left_without_arrival(s: &mut Scene) {
    let order = s.dispatched(A);
    let visit = visit(&order, 1);
    let result = if s.chance(0.5) { NoFault } else { FollowUp };
    s.phone(20, A, depart(&order, &visit));
    s.phone(60, A, leave(&order, &visit, result));
}

fn two_helpers(s: &mut Scene) {
    let order = s.dispatched_with(A, &[B, C]);
    let visit_of = |number| visit(&order, number);
    for (number, who) in [A, B, C].into_iter().enumerate() {
        let (from, visit) = (20 + number as i64, visit_of(number + 1));
        s.phone(from, who, depart(&order, &visit));
        s.phone(from + 20, who, arrive(&order, &visit));
        s.phone(from + 30, who, use_part(&order, &visit, number, 1, number == 0));
        s.phone(from + 70 + 10 * number as i64, who, leave(&order, &visit, Fixed));
    }
    s.phone(120, A, sign(&order, &visit_of(1), 4));
}

/// One visit, two engineers: it is the helper's, who was there first, although the engineer set out first and left last.
fn helper_arrives_first(s: &mut Scene) {
    let order = s.dispatched_with(A, &[B]);
    let visit = visit(&order, 1);
    s.phone(15, A, depart(&order, &visit));
    s.phone(18, B, depart(&order, &visit));
    s.phone(40, B, arrive(&order, &visit));
    s.phone(52, A, arrive(&order, &visit));
    s.phone(80, B, leave(&order, &visit, FollowUp));
    s.phone(95, A, leave(&order, &visit, Fixed));
    s.sync(100, A);
    s.sync(101, B);
}

fn arrived_and_left_twice(s: &mut Scene) {
    let order = s.dispatched(A);
    let visit = visit(&order, 1);
    s.phone(10, A, depart(&order, &visit));
    s.phone(25, A, arrive(&order, &visit));
    s.phone(40, A, leave(&order, &visit, FollowUp));
    s.phone(41, A, depart(&order, &visit));
    s.phone(45, A, arrive(&order, &visit));
    s.phone((75, 40), A, leave(&order, &visit, Fixed));
}

/// Two leaves in one second: the one captured last is the last.
fn equal_times_on_one_phone(s: &mut Scene) {
    let order = s.dispatched(A);
    let visit = visit(&order, 1);
    s.phone(10, A, arrive(&order, &visit));
    s.phone(50, A, leave(&order, &visit, Fixed));
    s.phone(50, A, leave(&order, &visit, FollowUp));
    s.phone(60, A, sign(&order, &visit, 5));
    s.phone(60, A, sign(&order, &visit, 2));
}

/// Two customers' people sign in one second on two phones: last is what reached the server last.
fn equal_times_on_two_phones(s: &mut Scene) {
    let order = s.dispatched_with(A, &[B]);
    let (first, second) = (visit(&order, 1), visit(&order, 2));
    s.phone(15, A, arrive(&order, &first));
    s.phone(15, B, arrive(&order, &second));
    s.phone(50, A, leave(&order, &first, Fixed));
    s.phone(50, B, leave(&order, &second, FollowUp));
    s.phone(60, A, sign(&order, &first, 1));
    s.phone(60, B, sign(&order, &second, 5));
    s.sync(62, B);
    s.sync(65, A);
}

fn remote_fixed(s: &mut Scene) {
    let order = s.dispatched(A);
    s.phone((9, 30), A, contact(&order, Outcome::NoAnswer));
    s.phone(30, A, contact(&order, Outcome::RemoteFixed));
    if s.chance(0.5) {
        s.sync(60, A);
        s.console(70, Clerk, close(&order));
    }
}

/// A try isn't a reply; and a reply isn't a visit.
fn never_reached(s: &mut Scene) {
    let order = s.dispatched(A);
    s.phone(20, A, contact(&order, Outcome::NoAnswer));
    s.phone(80, A, contact(&order, Outcome::NoAnswer));
    let answered = s.dispatched(B);
    s.phone(20, B, contact(&answered, Outcome::NoAnswer));
    s.phone(25, B, reached(&answered));
}

fn never_assigned(s: &mut Scene) {
    s.opened(20);
}

/// The day of a visit is the day of arrival, whatever the clock says when it ends.
fn over_midnight(s: &mut Scene) {
    let order = s.dispatched(A);
    let visit = visit(&order, 1);
    s.phone(240, A, depart(&order, &visit));
    s.phone((299, 59), A, arrive(&order, &visit));
    s.phone((350, 29), A, leave(&order, &visit, Fixed));
}

fn follow_up_pending(s: &mut Scene) {
    let order = s.dispatched(A);
    s.visit(10, A, &order, 1, Fixed);
    s.visit(80, A, &order, 2, FollowUp);
}
