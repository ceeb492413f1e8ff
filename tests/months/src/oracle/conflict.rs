//! Disagreement about a field: values that stand beside each other because no author knew of the other's.

use super::deed::Deed;
use super::dossier::Dossier;
use crate::Action;
use std::collections::{BTreeMap, BTreeSet};

/// Each field in conflict with its standing values, sorted.
pub fn conflicts<'a>(dossier: &Dossier<'_, 'a>) -> Vec<(&'a str, Vec<&'a str>)> {
    let mut by_field: BTreeMap<&str, Vec<(&Deed, &str)>> = BTreeMap::new();
    for deed in &dossier.deeds {
        if let Action::Set { field, value, .. } = deed.capture.action {
            by_field.entry(field).or_default().push((deed, value));
        }
    }
    let standing = by_field.into_iter().map(|(field, sets)| (field, standing_values(&sets)));
    standing.filter(|(_, values)| values.len() > 1).collect()
}

/// A value stands until somebody who knew of it has set another.
fn standing_values<'a>(sets: &[(&Deed, &'a str)]) -> Vec<&'a str> {
    let replaced = |set: &Deed| sets.iter().any(|(later, _)| later.held.contains(&set.line));
    let values: BTreeSet<&str> = sets.iter().filter(|(set, _)| !replaced(set)).map(|(_, value)| *value).collect();
    values.into_iter().collect()
}
