//! The one thing to do next: of an order, and of the day.
//!
//! An outing that is overdue comes first, then what was begun, then clocking in, then the order with least time left.

use outpost_model::fold::order::{OrderFacts, State};
use outpost_model::fold::visit::VisitFacts;
use outpost_model::id::PageId;
use outpost_model::time::Millis;
use serde::Serialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NextAct {
    ClockIn,
    ClockOut,
    Returned,
    Contact,
    Depart,
    Arrive,
    Work,
    Finish,
    Sign,
    ReturnItem,
}

/// The visit that was begun last.
pub fn latest_visit(facts: &OrderFacts) -> Option<&VisitFacts> {
    facts.visit_facts.iter().max_by_key(|visit| visit.departed_at.max(visit.arrived_at))
}

/// An order's next step and the visit it is about. `declined`: the customer wouldn't sign that visit.
pub fn of_order(
    facts: &OrderFacts,
    mine: bool,
    declined: impl Fn(PageId) -> bool,
) -> Option<(NextAct, Option<PageId>)> {
    let visit = latest_visit(facts);
    if let Some(visit) = visit {
        if visit.left_at.is_some() && visit.signed.is_none() && !declined(visit.page) && facts.state != State::Cancelled
        {
            return Some((NextAct::Sign, Some(visit.page)));
        }
        if visit.left_at.is_none() && visit.arrived_at.is_some() {
            return Some((NextAct::Work, Some(visit.page)));
        }
        if visit.left_at.is_none() && visit.departed_at.is_some() {
            return Some((NextAct::Arrive, Some(visit.page)));
        }
    }
    if !mine {
        return None;
    }
    match facts.state {
        State::Assigned | State::Open => Some((NextAct::Contact, None)),
        State::Replied | State::FollowUp => Some((NextAct::Depart, None)),
        State::InCustody
            if facts.goods.iter().any(|goods| goods.returned_at.is_none() && goods.inspected == Some(true)) =>
        {
            Some((NextAct::ReturnItem, None))
        }
        State::Travelling
        | State::OnSite
        | State::InCustody
        | State::Signed
        | State::Finished
        | State::Closed
        | State::Cancelled => None,
    }
}

pub fn is_begun(act: NextAct) -> bool {
    matches!(act, NextAct::Arrive | NextAct::Work | NextAct::Finish | NextAct::Sign)
}

/// Which limit runs, if one does.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Limit {
    pub kind: &'static str,
    pub from: Millis,
    pub due: Millis,
}

pub fn limit(facts: &OrderFacts) -> Option<Limit> {
    match facts.state {
        State::Assigned | State::Open | State::Replied | State::Travelling if facts.arrived_at.is_none() => {
            let from = facts.opened_at;
            Some(match facts.replied_at {
                None => Limit { kind: "reply", from, due: facts.reply_due },
                Some(_) => Limit { kind: "arrival", from, due: facts.appointment.unwrap_or(facts.arrival_due) },
            })
        }
        _ => None,
    }
}
