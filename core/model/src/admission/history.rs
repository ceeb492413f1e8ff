//! The puts of one field, and which of them show. A put replaces exactly the values that it named; what nobody
//! covered replaced still shows, and two that show are a conflict.

use std::sync::Arc;

/// Place of a put in its field's history.
pub(super) type PutPlace = u32;

#[derive(Debug, Clone)]
pub(super) struct PutRow {
    /// Place of its change in the index.
    pub(super) change: u32,
    /// Operation number.
    pub(super) op: u32,
    pub(super) value: Arc<str>,
    replaces: Vec<PutPlace>,
    replaced_by: Vec<PutPlace>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct FieldHistory {
    puts: Vec<PutRow>,
    /// Those that nothing replaced, in admission order.
    showing: Vec<PutPlace>,
}

impl FieldHistory {
    pub(super) fn showing(&self) -> impl Iterator<Item = &PutRow> {
        self.showing.iter().map(|place| &self.puts[*place as usize])
    }

    /// The puts that show to somebody who sees the changes for which `sees` holds, in admission order.
    ///
    /// Whatever shows then but not now was replaced since, by something not seen: so it is found by going back from
    /// what shows now through what isn't seen.
    pub(super) fn showing_at(&self, sees: impl Fn(u32) -> bool) -> Vec<(PutPlace, &PutRow)> {
        let seen = |place: &PutPlace| sees(self.puts[*place as usize].change);
        let mut queue = self.showing.clone();
        let mut visited = std::collections::HashSet::new();
        let mut found = Vec::new();
        while let Some(place) = queue.pop() {
            let put = &self.puts[place as usize];
            if !seen(&place) {
                queue.extend(put.replaces.iter().filter(|place| visited.insert(**place)));
            } else if !put.replaced_by.iter().any(seen) {
                found.push((place, put));
            }
        }
        found.sort_unstable_by_key(|(place, _)| *place);
        found
    }

    pub(super) fn push(&mut self, change: u32, op: u32, value: Arc<str>, replaces: Vec<PutPlace>) {
        let place = self.puts.len() as PutPlace;
        for replaced in &replaces {
            self.puts[*replaced as usize].replaced_by.push(place);
        }
        self.showing.retain(|showing| !replaces.contains(showing));
        self.showing.push(place);
        self.puts.push(PutRow { change, op, value, replaces, replaced_by: Vec::new() });
    }
}
