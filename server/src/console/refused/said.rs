//! What bytes say that aren't in the log, as far as they can be read: each entry or question in a line.

use super::super::directory::Directory;
use super::super::show::Almanac;
use super::super::tell::{tell, tell_ask};
use crate::relay::Said;

pub struct Line {
    /// The moment that the phone claims, where it claims one.
    pub at: Option<String>,
    pub what: String,
    pub by: String,
}

pub fn lines(said: &Said, directory: &Directory, almanac: &Almanac<'_>) -> Vec<Line> {
    match said {
        Said::Entries(entries) => {
            let lines = entries.iter().map(|(_, entry)| Line {
                at: Some(almanac.moment(entry.at.unwrap_or(entry.evidence.clock))),
                what: tell(almanac, &entry.body),
                by: directory.name_of(&entry.evidence.by),
            });
            lines.collect()
        }
        Said::Asks(ask) => vec![Line { at: None, what: tell_ask(almanac, directory, ask), by: String::new() }],
        Said::Unreadable => Vec::new(),
    }
}
