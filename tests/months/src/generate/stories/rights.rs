//! People who do what isn't theirs to do: it must not count.

use super::super::{
    acts::*,
    scene::{Scene, Who, Who::*},
};
use super::{Story, story};
use crate::{Action, Expect};

pub const STORIES: [Story; 5] = [
    story("engineer_oversteps", engineer_oversteps),
    story("clerk_oversteps", clerk_oversteps),
    story("lead_of_another_station_oversteps", lead_of_another_station_oversteps),
    story("lead_plays_engineer", lead_plays_engineer),
    story("lead_plays_headquarters", lead_plays_headquarters),
];

fn at_console(s: &mut Scene, who: Who, acts: impl IntoIterator<Item = Action>) {
    for (number, act) in acts.into_iter().enumerate() {
        s.console(20 + number as i64, who, act).expect = Some(Expect::NoEffect);
    }
}

fn on_phone(s: &mut Scene, who: Who, acts: impl IntoIterator<Item = Action>) {
    for (number, act) in acts.into_iter().enumerate() {
        s.phone(20 + number as i64, who, act).expect = Some(Expect::NoEffect);
    }
    s.sync(40, who);
}

fn engineer_oversteps(s: &mut Scene) {
    let order = s.dispatched(A);
    let (b, c) = (s.id(B), s.id(C));
    on_phone(s, A, [assign(&order, &b), assign_helper(&order, &c), inspect(&order, "K-0"), close(&order)]);
    s.phone(50, A, reached(&order));
}

fn clerk_oversteps(s: &mut Scene) {
    let order = s.dispatched(A);
    let (a, b) = (s.id(A), s.id(B));
    let month = s.stage.org.attendance.month.clone();
    at_console(s, Clerk, [assign(&order, &b), assign_helper(&order, &b), inspect(&order, "K-0"), seal(&a, &month)]);
}

fn lead_of_another_station_oversteps(s: &mut Scene) {
    let order = s.dispatched(A);
    let customer = s.customer();
    let b = s.id(B);
    let number = s.stage.order_number(s.at(20), "");
    let opening = s.opening(&number, &customer, "phone");
    let acts = [
        assign(&order, &b),
        assign_helper(&order, &b),
        cause(&order, "越权填写"),
        inspect(&order, "K-0"),
        close(&order),
    ];
    at_console(s, OtherLead, acts.into_iter().chain([opening]));
}

/// Leads dispatch; they don't travel.
fn lead_plays_engineer(s: &mut Scene) {
    let order = s.dispatched(A);
    let visit = visit(&order, 1);
    s.sync(8, Lead);
    let acts = [
        reached(&order),
        depart(&order, &visit),
        arrive(&order, &visit),
        fixed(&order, &visit),
        sign(&order, &visit, 5),
    ];
    on_phone(s, Lead, acts);
}

/// Phones are let in and locked out by headquarters alone; A's goes on working.
fn lead_plays_headquarters(s: &mut Scene) {
    let user = s.id(A);
    let phone = s.stage.diary.phone_of(&user, s.at(20));
    let never = format!("d-never{}", s.stage.next("never"));
    at_console(s, Lead, [revoke(&phone, "lost"), enrol(&never, &user)]);
    let order = s.dispatched(A);
    s.phone(50, A, reached(&order));
}
