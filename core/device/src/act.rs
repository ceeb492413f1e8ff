//! An act: what somebody does with one tap. It becomes one command, some changes, or both; in one transaction.

use outpost_model::command::Ask;
use outpost_model::entry::Body;
use outpost_model::header::Header;
use outpost_model::id::{CommandId, EntryId, Hash};
use outpost_model::time::Millis;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Act {
    /// What is asked of authority; judged before the act's writes.
    pub ask: Option<Ask>,
    /// The command's id, where it must be a given one.
    pub command: Option<CommandId>,
    /// One change each.
    pub writes: Vec<Write>,
    /// Strokes and photos that the entries name by their hash.
    pub blobs: Vec<Vec<u8>>,
}

/// What is logged on one page, in one change.
#[derive(Debug, Clone, PartialEq)]
pub struct Write {
    pub header: Header,
    pub entries: Vec<Log>,
}

/// One entry. A `set` puts its field, too.
#[derive(Debug, Clone, PartialEq)]
pub struct Log {
    /// Made here where none is given.
    pub id: Option<EntryId>,
    pub body: Body,
    /// The entry of one's own that this one stands in for.
    pub replaces: Option<EntryId>,
    /// When it happened, where a replacement says so.
    pub at: Option<Millis>,
}

/// What was captured, and is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Captured {
    /// Number of its first step.
    pub act: u32,
    pub command: Option<CommandId>,
    /// Ids of the entries, in the order in which they were given.
    pub entries: Vec<EntryId>,
    /// The changes, one a write.
    pub changes: Vec<Hash>,
}

impl Act {
    pub fn asking(ask: Ask) -> Self {
        Self { ask: Some(ask), ..Self::default() }
    }

    /// Logs one thing on one page.
    pub fn logging(header: Header, entry: impl Into<Log>) -> Self {
        Self::default().and(header, [entry.into()])
    }

    /// Adds a write.
    pub fn and(mut self, header: Header, entries: impl IntoIterator<Item = Log>) -> Self {
        self.writes.push(Write { header, entries: entries.into_iter().collect() });
        self
    }

    pub fn with_blob(mut self, bytes: Vec<u8>) -> Self {
        self.blobs.push(bytes);
        self
    }
}

impl From<Body> for Log {
    fn from(body: Body) -> Self {
        Self { id: None, body, replaces: None, at: None }
    }
}

impl From<(EntryId, Body)> for Log {
    fn from((id, body): (EntryId, Body)) -> Self {
        Self { id: Some(id), ..body.into() }
    }
}

impl Log {
    pub fn in_place_of(mut self, entry: EntryId, at: Option<Millis>) -> Self {
        (self.replaces, self.at) = (Some(entry), at);
        self
    }
}
