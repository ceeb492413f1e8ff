//! An order's state: worked out from what was logged, the first that holds.

use super::dossier::Dossier;
use super::visit;
use crate::{
    Action,
    action::{Outcome, VisitResult},
};

pub fn state(dossier: &Dossier) -> &'static str {
    let last = visit::last_result(&dossier.visits);
    let remote = |action: &Action| matches!(action, Action::Contact { outcome: Outcome::RemoteFixed, .. });
    if dossier.closed_at().is_some() {
        "closed"
    } else if dossier.is_in_custody() {
        "in_custody"
    } else if dossier.is_signed() {
        "signed"
    } else if dossier.has(remote) || matches!(last, Some(VisitResult::Fixed | VisitResult::NoFault)) {
        "finished"
    } else if last.is_some() {
        "follow_up"
    } else if dossier.has(|action| matches!(action, Action::Arrive { .. })) {
        "on_site"
    } else if dossier.has(|action| matches!(action, Action::Depart { .. })) {
        "travelling"
    } else if dossier.replied_at().is_some() {
        "replied"
    } else if dossier.tenure.engineer().is_some() {
        "assigned"
    } else {
        "open"
    }
}
