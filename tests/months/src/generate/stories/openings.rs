//! Orders that begin elsewhere than at the clerk's desk.

use super::super::{
    acts::*,
    scene::{Scene, Who::*},
};
use super::{Story, story};
use crate::Expect;
use crate::action::VisitResult::*;

pub const STORIES: [Story; 6] = [
    story("self_opened", self_opened),
    story("self_opened_and_helped", self_opened_and_helped),
    story("self_opened_with_a_wrong_clock", self_opened_with_a_wrong_clock),
    story("self_opened_elsewhere", self_opened_elsewhere),
    story("opened_by_the_lead", opened_by_the_lead),
    story("opened_by_headquarters", opened_by_headquarters),
];

/// The customer asks on the spot; all of it happens without a network.
fn self_opened(s: &mut Scene) {
    let customer = s.customer();
    let order = s.stage.order_number(s.at(10), "S");
    let opening = s.opening(&order, &customer, "on_site");
    s.phone(10, A, opening);
    let visit = s.visit(12, A, &order, 1, Fixed);
    s.phone(50, A, cause(&order, "张紧轮松动"));
    if s.chance(0.5) {
        s.phone(80, A, sign(&order, &visit, 5));
    }
    s.sync(100, A);
}

fn self_opened_and_helped(s: &mut Scene) {
    let customer = s.customer();
    let order = s.stage.order_number(s.at(10), "S");
    let opening = s.opening(&order, &customer, "on_site");
    s.phone(10, A, opening);
    s.sync(12, A);
    s.assign_helper(15, &order, B);
    s.sync(16, B);
    s.visit(20, A, &order, 1, FollowUp);
    s.visit(20, B, &order, 2, Fixed);
}

fn self_opened_with_a_wrong_clock(s: &mut Scene) {
    let customer = s.customer();
    let order = s.stage.order_number(s.at(10), "S");
    let opening = s.opening(&order, &customer, "on_site");
    s.skewed(10, A, -10_800, opening);
    s.visit(12, A, &order, 1, NoFault);
}

/// For a customer of another station: there is no such order, and nothing that he logs on it counts.
fn self_opened_elsewhere(s: &mut Scene) {
    let customer = s.foreign_customer();
    let order = s.stage.order_number(s.at(10), "S");
    let visit = visit(&order, 1);
    let opening = s.opening(&order, &customer, "on_site");
    let acts = [
        opening,
        depart(&order, &visit),
        arrive(&order, &visit),
        cause(&order, "张紧轮松动"),
        use_part(&order, &visit, 1, 1, true),
        fixed(&order, &visit),
        sign(&order, &visit, 5),
    ];
    for (number, act) in acts.into_iter().enumerate() {
        s.phone(10 + 9 * number as i64, A, act).expect = Some(Expect::NoEffect);
    }
    s.sync(100, A);
}

fn opened_by_the_lead(s: &mut Scene) {
    let customer = s.customer();
    let order = s.stage.order_number(s.at(10), "");
    let opening = s.opening(&order, &customer, "letter");
    s.console(10, Lead, opening);
    s.assign(12, &order, B);
    s.sync(14, B);
    s.phone(20, B, reached(&order));
    // The same again changes nothing.
    s.assign(30, &order, B);
    s.sync(35, B);
    s.phone(40, B, reached(&order));
}

fn opened_by_headquarters(s: &mut Scene) {
    let customer = s.customer();
    let order = s.stage.order_number(s.at(10), "");
    let opening = s.opening(&order, &customer, "web");
    s.console(10, Hq, opening);
    let (to, helper) = (s.id(A), s.id(B));
    s.console(12, Hq, assign(&order, &to));
    s.console(13, Hq, assign_helper(&order, &helper));
    s.sync(14, A);
    let visit = s.visit(20, A, &order, 1, Fixed);
    s.phone(85, A, sign(&order, &visit, 3));
    s.sync(90, A);
    s.console(95, Hq, set(&order, "remark", "总部督办"));
    s.console(100, Hq, close(&order));
}
