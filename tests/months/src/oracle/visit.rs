//! One visit to the site: the first arrival and the last departure and leave count; it is his who arrived.

use super::deed::Deed;
use super::interval;
use crate::{Action, action::VisitResult};
use jiff::Timestamp;

pub struct Visit<'d, 'a> {
    pub name: &'a str,
    /// In claimed order.
    deeds: Vec<&'d Deed<'a>>,
}

impl<'d, 'a> Visit<'d, 'a> {
    /// Every visit that these deeds (in claimed order) name.
    pub fn gather(deeds: &[&'d Deed<'a>]) -> Vec<Self> {
        let mut visits: Vec<Self> = Vec::new();
        for deed in deeds {
            let Some(name) = name(deed.action) else { continue };
            match visits.iter_mut().find(|visit| visit.name == name) {
                Some(visit) => visit.deeds.push(deed),
                None => visits.push(Visit { name, deeds: vec![deed] }),
            }
        }
        visits
    }

    pub fn arrival(&self) -> Option<&'d Deed<'a>> {
        self.deeds.iter().find(|deed| matches!(deed.action, Action::Arrive { .. })).copied()
    }

    /// The last leave: a visit that has one is finished.
    pub fn leave(&self) -> Option<(&'d Deed<'a>, VisitResult)> {
        self.deeds.iter().rev().find_map(|deed| match deed.action {
            Action::Leave { result, .. } => Some((*deed, *result)),
            _ => None,
        })
    }

    pub fn minutes(&self) -> i64 {
        match (self.arrival(), self.leave()) {
            (Some(arrival), Some((leave, _))) => interval::minutes(arrival.claimed, leave.claimed),
            _ => 0,
        }
    }

    /// Something of this visit that the signing phone did not hold when the customer last signed.
    pub fn is_amended(&self) -> bool {
        let last = self.deeds.iter().rev().find(|deed| matches!(deed.action, Action::Sign { .. }));
        last.is_some_and(|sign| {
            self.deeds.iter().any(|deed| is_covered(deed.action) && !sign.held.contains(&deed.line))
        })
    }
}

/// When the finished visit that ended last did so, and how.
pub fn last_result(visits: &[Visit]) -> Option<VisitResult> {
    let finished = visits.iter().filter_map(Visit::leave);
    finished.max_by_key(|(leave, _): &(&Deed, VisitResult)| leave.rank()).map(|(_, result)| result)
}

pub fn first_arrival(visits: &[Visit]) -> Option<Timestamp> {
    visits.iter().filter_map(|visit| visit.arrival()).map(|arrival| arrival.claimed).min()
}

fn is_covered(action: &Action) -> bool {
    name(action).is_some() && !matches!(action, Action::Sign { .. })
}

fn name(action: &Action) -> Option<&str> {
    match action {
        Action::Depart { visit, .. }
        | Action::Arrive { visit, .. }
        | Action::Leave { visit, .. }
        | Action::UsePart { visit, .. }
        | Action::Charge { visit, .. }
        | Action::TakeBack { visit, .. }
        | Action::Sign { visit, .. } => Some(visit),
        _ => None,
    }
}
