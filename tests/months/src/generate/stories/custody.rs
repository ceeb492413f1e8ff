//! The customer's goods: taken back, repaired, inspected, returned.

use super::super::{
    acts::*,
    scene::{Scene, Who::*},
};
use super::{Story, long_story, story};
use crate::action::VisitResult::*;

pub const STORIES: [Story; 4] = [
    long_story("item_comes_home", 2, item_comes_home),
    story("two_items_one_returned", two_items_one_returned),
    story("closed_in_custody", closed_in_custody),
    story("repaired_by_a_colleague", repaired_by_a_colleague),
];

/// Repaired on a day without a visit; what remains when it is home is a visit that was left, unsigned.
fn item_comes_home(s: &mut Scene) {
    let order = s.dispatched(A);
    let receipt = format!("K-{order}");
    let visit = s.visit(10, A, &order, 1, TakenBack);
    s.phone(60, A, take_back(&order, &visit, &receipt));
    s.next_evening();
    s.phone(10, A, repair(&order, &receipt, 95));
    s.sync(20, A);
    s.console(30, Lead, inspect(&order, &receipt));
    s.phone(60, A, return_item(&order, &receipt));
}

/// Two receipts of one order: one home, one not.
fn two_items_one_returned(s: &mut Scene) {
    let order = s.dispatched(A);
    let (first, second) = (format!("K-{order}-1"), format!("K-{order}-2"));
    let visit = s.visit(10, A, &order, 1, TakenBack);
    s.phone(62, A, take_back(&order, &visit, &first));
    s.phone(63, A, take_back(&order, &visit, &second));
    s.phone(75, A, sign(&order, &visit, 4));
    s.phone(90, A, return_item(&order, &first));
    if s.chance(0.3) {
        s.phone(95, A, return_item(&order, &second));
    }
}

fn closed_in_custody(s: &mut Scene) {
    let order = s.dispatched(A);
    let visit = s.visit(10, A, &order, 1, TakenBack);
    s.phone(72, A, take_back(&order, &visit, &format!("K-{order}")));
    s.phone(75, A, sign(&order, &visit, 2));
    s.sync(80, A);
    s.console(100, Hq, close(&order));
}

/// Bench work is his who did it, under the order's type.
fn repaired_by_a_colleague(s: &mut Scene) {
    let order = s.dispatched_with(A, &[B]);
    let receipt = format!("K-{order}");
    let visit = s.visit(10, A, &order, 1, TakenBack);
    s.phone(72, A, take_back(&order, &visit, &receipt));
    s.sync(73, A);
    s.phone(120, B, repair(&order, &receipt, 40));
    s.phone(180, B, repair(&order, &receipt, 25));
}
