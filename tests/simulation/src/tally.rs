//! How much happened, so that a campaign can say what it has tried.

use std::collections::BTreeMap;

/// Counts, each under the words in which the closing line says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally(BTreeMap<String, u64>);

impl Tally {
    pub fn count(&mut self, what: &str, by: u64) {
        if by > 0 {
            *self.0.entry(what.to_owned()).or_default() += by;
        }
    }

    pub fn add(&mut self, other: &Self) {
        other.0.iter().for_each(|(what, by)| self.count(what, *by));
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let said: Vec<String> = self.0.iter().map(|(what, by)| format!("{by} {what}")).collect();
        f.write_str(&said.join(", "))
    }
}
