//! What became of an entry, in words: who took it back or corrected it, when and why; what counts now. What was logged
//! first stays legible.

use super::directory::Directory;
use super::show::Almanac;
use super::tell;
use super::visit::Visitor;
use crate::relay::{Aftermath, Leaf};
use outpost_model::entry::Body;
use outpost_model::time::Day;

pub struct Trace {
    /// The claimed time to the second, with its day where that isn't the one shown.
    pub clock: String,
    pub is_suspect: bool,
    pub is_gone: bool,
    pub fate: Option<String>,
}

impl Trace {
    pub fn of(visitor: &Visitor, leaf: &Leaf, day: Day) -> Self {
        let almanac = visitor.almanac();
        let exact = almanac.exact(leaf.at);
        Self {
            clock: exact.strip_prefix(&format!("{day} ")).map_or_else(|| exact.clone(), str::to_owned),
            is_suspect: leaf.suspect,
            is_gone: !matches!(leaf.aftermath, Aftermath::Stands),
            fate: fate(&almanac, &visitor.directory, leaf),
        }
    }
}

/// Why an entry doesn't count as it was logged.
pub fn fate(almanac: &Almanac<'_>, directory: &Directory, leaf: &Leaf) -> Option<String> {
    let w = almanac.w;
    Some(match &leaf.aftermath {
        Aftermath::Stands => return None,
        Aftermath::Voided { at, reason } => {
            // An undo on the phone gives no reason of its own.
            let reason = if reason == "undo" { w.undone() } else { reason };
            w.voided_by_himself(almanac.moment(*at), reason)
        }
        Aftermath::Replaced { .. } => w.replaced_by_himself().to_owned(),
        Aftermath::Late => w.replaced_late().to_owned(),
        Aftermath::Corrected(correction) => {
            let (who, at) = (directory.name_of(&correction.by), almanac.moment(correction.at));
            match &correction.now {
                None => w.voided_by(who, at, &correction.reason),
                Some((body, now)) => {
                    let now = format!("{} {}", tell::tell_plain(almanac, body), almanac.exact(*now));
                    w.corrected_by(who, at, now, &correction.reason)
                }
            }
        }
    })
}

/// Entries to show: one whose phone found its place a moment later is shown once, with the place.
pub fn shown(leaves: &[Leaf]) -> Vec<&Leaf> {
    let located = |leaf: &Leaf| {
        let Aftermath::Replaced { by } = &leaf.aftermath else { return false };
        leaves.iter().any(|other| other.id == *by && other.at == leaf.at && adds_place(&leaf.body, &other.body))
    };
    leaves.iter().filter(|leaf| !located(leaf)).collect()
}

fn adds_place(before: &Body, after: &Body) -> bool {
    matches!(
        (before, after),
        (Body::ClockIn { place: None }, Body::ClockIn { place: Some(_) })
            | (Body::ClockOut { place: None }, Body::ClockOut { place: Some(_) })
            | (Body::Arrive { place: None }, Body::Arrive { place: Some(_) })
    )
}
