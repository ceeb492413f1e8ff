//! The one thing to do next: of an order, and of the day.
//!
//! An outing that is overdue comes first, then what was begun, then clocking in, then the order with least time left.

use super::duty::Outing;
use outpost_model::fold::order::{OrderFacts, State};
use outpost_model::fold::visit::VisitFacts;
use outpost_model::id::PageId;
use serde::Serialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Enum, ts_rs::TS))]
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

/// The one thing to do now.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct NextStep {
    pub act: NextAct,
    pub order: Option<PageId>,
    pub visit: Option<PageId>,
    pub customer: Option<String>,
    /// The unit's model.
    pub model: Option<String>,
    pub outing: Option<Outing>,
}

impl NextStep {
    pub(super) fn plain(act: NextAct) -> Self {
        Self { act, order: None, visit: None, customer: None, model: None, outing: None }
    }

    pub(super) fn back_from(outing: Outing) -> Self {
        Self { outing: Some(outing), ..Self::plain(NextAct::Returned) }
    }
}

impl NextAct {
    /// Something was begun and waits to be ended.
    pub(super) fn is_begun(self) -> bool {
        matches!(self, NextAct::Arrive | NextAct::Work | NextAct::Finish | NextAct::Sign)
    }
}

/// The visit that was begun last.
fn latest_visit(facts: &OrderFacts) -> Option<&VisitFacts> {
    facts.visit_facts.iter().max_by_key(|visit| visit.departed_at.max(visit.arrived_at))
}

/// A visit that was left waits for the customer's name, unless he wouldn't give it.
pub(super) fn waits_for_signature(visit: &VisitFacts) -> bool {
    visit.left_at.is_some() && visit.signed.is_none() && visit.unsigned.is_none()
}

/// An order's next step, and the visit that it is about.
pub(super) fn of_order(facts: &OrderFacts, mine: bool) -> Option<(NextAct, Option<PageId>)> {
    if let Some(visit) = latest_visit(facts) {
        if waits_for_signature(visit) && facts.state != State::Cancelled {
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
        State::InCustody if facts.goods.iter().any(|it| it.returned_at.is_none() && it.inspected == Some(true)) => {
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

/// A visit's own next step, on its screen.
pub(super) fn of_visit(visit: &VisitFacts) -> Option<NextAct> {
    if visit.left_at.is_some() {
        return waits_for_signature(visit).then_some(NextAct::Sign);
    }
    Some(if visit.arrived_at.is_some() { NextAct::Finish } else { NextAct::Arrive })
}
