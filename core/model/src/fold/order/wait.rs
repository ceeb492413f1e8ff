//! What a call waits for that only somebody with authority, or a clerk, can give it.

use super::OrderFacts;
use super::state::State;
use crate::command::Ask;
use crate::decision::{Decision, Standing, Turn};
use crate::entry::{Body, PayMethod, Reach};
use crate::fold::event::Event;
use crate::policy::Policy;
use crate::time::Millis;
use std::collections::BTreeSet;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wait {
    /// Nobody has it.
    Dispatch,
    /// Its engineer asks that somebody else go.
    HandBack,
    /// Two values of a field.
    Settle,
    /// Goods that were repaired and not looked at.
    Inspect,
    /// Mended by telephone, and nobody has asked again yet.
    FollowUp,
    /// Cash taken on site that the cashier hasn't got yet.
    Cash,
}

impl Wait {
    pub const ALL: [Wait; 6] =
        [Wait::Dispatch, Wait::HandBack, Wait::Settle, Wait::Inspect, Wait::FollowUp, Wait::Cash];

    fn bit(self) -> i64 {
        match self {
            Wait::Dispatch => 1,
            Wait::HandBack => 2,
            Wait::Settle => 4,
            Wait::Inspect => 8,
            Wait::FollowUp => 16,
            Wait::Cash => 32,
        }
    }

    /// How lists keep them.
    pub fn bits(waits: &BTreeSet<Wait>) -> i64 {
        waits.iter().fold(0, |bits, wait| bits | wait.bit())
    }

    pub fn of_bits(bits: i64) -> BTreeSet<Wait> {
        Self::ALL.into_iter().filter(|wait| bits & wait.bit() != 0).collect()
    }
}

impl OrderFacts {
    pub fn waits(&self) -> BTreeSet<Wait> {
        let inspect = self
            .goods
            .iter()
            .any(|goods| goods.bench_minutes > 0 && goods.inspected != Some(true) && goods.returned_at.is_none());
        let charges = self.visit_facts.iter().flat_map(|visit| &visit.charges);
        let cash = charges.into_iter().any(|line| line.method == PayMethod::Cash && !line.acknowledged);
        let conflict = self.fields.values().any(|values| values.len() > 1);
        let holds = |wait: &Wait| match wait {
            Wait::Dispatch => self.state == State::Open,
            Wait::HandBack => self.is_open() && self.handed_back.is_some(),
            Wait::Settle => self.state != State::Cancelled && conflict,
            Wait::Inspect => self.is_open() && inspect,
            Wait::FollowUp => self.is_open() && self.follow_up_due.is_some(),
            // Filed or not: money doesn't vanish with the voucher.
            Wait::Cash => cash,
        };
        Wait::ALL.into_iter().filter(holds).collect()
    }
}

/// When the desk mended it by telephone, the last time. Where somebody was sent since, or the call was opened again, it
/// isn't mended any more.
pub(super) fn fixed_at_the_desk(decisions: &[Decision]) -> Option<Millis> {
    decisions.iter().fold(None, |fixed, decision| match decision.ask() {
        Ask::FixByPhone { .. } => Some(decision.at()),
        Ask::Assign { .. } | Ask::Reopen { .. } => None,
        _ => fixed,
    })
}

/// When it first was: the customer had heard from us then.
pub(super) fn first_fixed_at_the_desk(decisions: &[Decision]) -> Option<Millis> {
    let fixed = decisions.iter().filter(|decision| matches!(decision.ask(), Ask::FixByPhone { .. }));
    fixed.map(Decision::at).min()
}

/// So long after the last telephone fix, by whoever is on the order or by the desk, while nobody has asked since.
pub(super) fn follow_up_due(events: &[Event<'_>], desk_fixed: Option<Millis>, policy: &Policy) -> Option<Millis> {
    let fix = |event: &&Event<'_>| matches!(event.body, Body::Contact { outcome: Reach::RemoteFixed, .. });
    let fixed = events.iter().rev().find(fix).map(|event| event.at).max(desk_fixed)?;
    let asked = events.iter().any(|event| matches!(event.body, Body::FollowUp { .. }) && event.at >= fixed);
    (!asked).then(|| policy.at(fixed).sla.follow_up_limit(fixed))
}

/// The reason, until the order is given to somebody again.
pub(super) fn handed_back(events: &[Event<'_>], standing: &Standing) -> Option<String> {
    let (at, reason) = events.iter().rev().find_map(|event| match event.body {
        Body::HandBack { reason } if standing.is_on(&event.by) => Some((event.at, reason)),
        _ => None,
    })?;
    let given_since = standing.turns.iter().any(|turn| matches!(turn, Turn::Given { at: given, .. } if *given > at));
    (!given_since).then(|| reason.clone())
}
