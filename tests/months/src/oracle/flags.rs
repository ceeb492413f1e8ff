//! `flags.csv`: what a supervisor must see, one row for each order and kind (and field, and action).

use super::conflict;
use super::csv::Table;
use super::deed::Deed;
use super::dossier::Dossier;
use super::visit::Visit;
use crate::{
    Action,
    org::{Role, User},
};
use jiff::{SignedDuration, Timestamp};

const TOLERANCE: SignedDuration = SignedDuration::from_mins(2);

pub fn csv(dossiers: &[Dossier]) -> String {
    let mut table = Table::new("kind,order,detail");
    for dossier in dossiers {
        let mut flag = |kind: &str, detail: String| {
            table.push(vec![kind.to_owned(), dossier.number.to_owned(), detail]);
        };
        for (field, values) in conflict::conflicts(dossier) {
            flag("conflict", format!("{field}: {}", values.join(" | ")));
        }
        for deed in dossier.deeds.iter().filter(|deed| is_suspect(deed)) {
            flag("time_suspect", deed.action.name().to_owned());
        }
        for kind in plain_flags(dossier) {
            flag(kind, String::new());
        }
    }
    table.finish()
}

fn plain_flags(dossier: &Dossier) -> Vec<&'static str> {
    let visited = dossier.visits.iter().any(|visit| visit.arrival().is_some());
    let amended = dossier.visits.iter().any(Visit::is_amended);
    let tenure = &dossier.tenure;
    let flags = [
        ("amended_after_signature", amended),
        ("self_opened", dossier.opening.user.role == Role::Engineer),
        ("closed_unsigned", dossier.closed_at().is_some() && visited && !dossier.is_signed()),
        ("former_assignee", any_entry(dossier, |engineer, at| tenure.is_former(&engineer.id, at))),
        ("unassigned", any_entry(dossier, |engineer, _| tenure.is_stranger(&engineer.id))),
    ];
    flags.into_iter().filter(|(_, raised)| *raised).map(|(kind, _)| kind).collect()
}

/// Anything of the order but its opening, logged by an engineer of whom this holds.
fn any_entry(dossier: &Dossier, holds: impl Fn(&User, Timestamp) -> bool) -> bool {
    let entries = dossier.deeds.iter().filter(|deed| !matches!(deed.action, Action::OpenOrder { .. }));
    entries.filter(|deed| deed.user.role == Role::Engineer).any(|deed| holds(deed.user, deed.claimed))
}

/// Before the server's clock as the device last heard it, or after the server had it already.
fn is_suspect(deed: &Deed) -> bool {
    deed.heard.is_some_and(|heard| deed.claimed < heard - TOLERANCE) || deed.claimed > deed.received + TOLERANCE
}
