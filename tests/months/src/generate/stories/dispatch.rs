//! The lead decides on his phone without a network: it holds from the moment he decided, and is known from the moment it
//! is sent. Nobody decides anything else about it meanwhile.

use super::super::{
    acts::*,
    scene::{Scene, Who::*},
};
use super::{Story, story};
use crate::Action;
use crate::action::VisitResult::*;

pub const STORIES: [Story; 6] = [
    story("assigned_offline", assigned_offline),
    story("transferred_offline", transferred_offline),
    story("helper_assigned_offline", helper_assigned_offline),
    story("closed_offline", closed_offline),
    story("inspected_offline", inspected_offline),
    story("leave_decided_offline", leave_decided_offline),
];

/// The engineer's phone asks too early, and again when the lead's has been heard.
fn assigned_offline(s: &mut Scene) {
    let order = s.opened(1);
    s.sync(3, Lead);
    let action = assign(&order, &s.id(B));
    s.phone(5, Lead, action);
    s.sync(8, B);
    s.sync(20, Lead);
    s.sync(22, B);
    s.phone(25, B, reached(&order));
    s.visit(30, B, &order, 1, Fixed);
}

/// Between the decision and the news of it A works on, in good faith: shown all the same.
fn transferred_offline(s: &mut Scene) {
    let order = s.dispatched(A);
    s.sync(8, Lead);
    s.phone(15, A, reached(&order));
    let action = assign(&order, &s.id(B));
    s.phone(20, Lead, action);
    if s.chance(0.7) {
        s.phone(30, A, depart(&order, &visit(&order, 1)));
    }
    s.sync(35, A);
    s.sync(50, Lead);
    s.sync(55, B);
    s.visit(60, B, &order, 2, Fixed);
}

fn helper_assigned_offline(s: &mut Scene) {
    let order = s.dispatched(A);
    s.sync(8, Lead);
    let action = assign_helper(&order, &s.id(B));
    s.phone(10, Lead, action);
    s.sync(20, Lead);
    s.sync(21, B);
    s.visit(30, B, &order, 1, Fixed);
}

/// Closed when he said so, not when the server heard of it.
fn closed_offline(s: &mut Scene) {
    let order = s.dispatched(A);
    let visit = s.visit(10, A, &order, 1, Fixed);
    let signed = s.chance(0.5);
    if signed {
        s.phone(75, A, sign(&order, &visit, 4));
    }
    s.sync(80, A);
    s.sync(85, Lead);
    s.phone(100, Lead, close(&order));
    s.sync(180, Lead);
}

fn inspected_offline(s: &mut Scene) {
    let order = s.dispatched(A);
    let receipt = format!("K-{order}");
    let visit = s.visit(10, A, &order, 1, TakenBack);
    s.phone(72, A, take_back(&order, &visit, &receipt));
    s.phone(90, A, repair(&order, &receipt, 30));
    s.sync(125, A);
    s.sync(130, Lead);
    s.phone(135, Lead, inspect(&order, &receipt));
    s.phone(140, Lead, set(&order, "remark", "驻点复检合格"));
    s.sync(150, Lead);
    s.sync(155, A);
    s.phone(160, A, return_item(&order, &receipt));
}

fn leave_decided_offline(s: &mut Scene) {
    let leave = format!("LV-{}", s.stage.next("leave"));
    let day = s.evening.tomorrow().expect("a month has a next day");
    s.stage.away.insert((s.id(A), day));
    let (kind, reason) = ("personal".into(), "个人事务".into());
    let request =
        Action::RequestLeave { leave: leave.clone(), kind, from: day.to_string(), to: day.to_string(), reason };
    s.phone(10, A, request);
    s.sync(12, A);
    s.sync(15, Lead);
    let approve = s.chance(0.7);
    s.phone(20, Lead, Action::DecideLeave { leave: leave.clone(), approve });
    s.sync(60, Lead);
    if s.chance(0.4) {
        s.console(90, Lead, Action::DecideLeave { leave, approve: !approve });
    }
}
