//! Where a call stands. Worked out from what was logged, stored nowhere.

use super::goods::GoodsFacts;
use crate::decision::{Life, Standing};
use crate::entry::VisitResult;
use crate::fold::visit::VisitFacts;
use serde::{Deserialize, Serialize};

/// Where a call stands, the first that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Enum, ts_rs::TS))]
#[cfg_attr(feature = "bindings", uniffi(name = "OrderState"), ts(rename = "OrderState"))]
#[serde(rename_all = "snake_case")]
pub enum State {
    Cancelled,
    Closed,
    InCustody,
    Signed,
    Finished,
    FollowUp,
    OnSite,
    Travelling,
    Replied,
    Assigned,
    Open,
}

impl State {
    pub const ALL: [State; 11] = [
        State::Cancelled,
        State::Closed,
        State::InCustody,
        State::Signed,
        State::Finished,
        State::FollowUp,
        State::OnSite,
        State::Travelling,
        State::Replied,
        State::Assigned,
        State::Open,
    ];

    pub fn name(self) -> &'static str {
        match self {
            State::Cancelled => "cancelled",
            State::Closed => "closed",
            State::InCustody => "in_custody",
            State::Signed => "signed",
            State::Finished => "finished",
            State::FollowUp => "follow_up",
            State::OnSite => "on_site",
            State::Travelling => "travelling",
            State::Replied => "replied",
            State::Assigned => "assigned",
            State::Open => "open",
        }
    }
}

pub(super) struct Told {
    pub replied: bool,
    pub remote_fixed: bool,
    pub last_result: Option<VisitResult>,
}

pub(super) fn state(standing: &Standing, visits: &[VisitFacts], told: Told, goods: &[GoodsFacts]) -> State {
    let done = matches!(told.last_result, Some(VisitResult::Fixed | VisitResult::NoFault));
    match standing.life {
        Life::Cancelled => State::Cancelled,
        Life::Closed => State::Closed,
        Life::Open if goods.iter().any(|goods| goods.returned_at.is_none()) => State::InCustody,
        Life::Open if visits.iter().any(|visit| visit.signed.is_some()) => State::Signed,
        Life::Open if told.remote_fixed || done => State::Finished,
        Life::Open if told.last_result.is_some() => State::FollowUp,
        Life::Open if visits.iter().any(|visit| visit.arrived_at.is_some()) => State::OnSite,
        Life::Open if visits.iter().any(|visit| visit.departed_at.is_some()) => State::Travelling,
        Life::Open if told.replied => State::Replied,
        Life::Open if standing.engineer.is_some() => State::Assigned,
        Life::Open => State::Open,
    }
}

/// The result of the visit that was left last.
pub(super) fn last_result(visits: &[VisitFacts]) -> Option<VisitResult> {
    visits.iter().filter(|visit| visit.left_at.is_some()).max_by_key(|visit| visit.left_at)?.result
}
