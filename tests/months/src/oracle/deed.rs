//! One thing that somebody did, as the records know it: what, by whom, when by the author's own account, and which
//! other things the author's device held at that moment.

use crate::{Action, org::User};
use jiff::Timestamp;
use std::collections::HashSet;

/// Captured, perhaps not yet sent.
#[derive(Debug, Clone)]
pub struct Capture<'a> {
    /// Its line in the log: the one identity that a thing has here.
    pub line: usize,
    pub user: &'a User,
    pub action: &'a Action,
    /// The device's clock, corrected by the offset of its last successful sync.
    pub claimed: Timestamp,
    /// When that device had last heard the server's clock; nothing for the console, which hears it always.
    pub heard: Option<Timestamp>,
    /// Lines that the author held, kept for the acts whose meaning depends on it.
    pub held: HashSet<usize>,
}

/// Taken by the server, with effect.
#[derive(Debug, Clone)]
pub struct Deed<'a> {
    pub capture: Capture<'a>,
    pub received: Timestamp,
    /// Its place in the server's log.
    pub sequence: usize,
}

impl<'a> std::ops::Deref for Deed<'a> {
    type Target = Capture<'a>;

    fn deref(&self) -> &Capture<'a> {
        &self.capture
    }
}

impl Deed<'_> {
    /// First and last go by claimed times; equal ones by the server's log, which keeps each device's capture order.
    pub fn rank(&self) -> (Timestamp, usize) {
        (self.claimed, self.sequence)
    }
}

/// Whether what the author held at that moment decides what the act means.
pub fn depends_on_knowledge(action: &Action) -> bool {
    matches!(action, Action::Set { .. } | Action::Sign { .. } | Action::DecideLeave { .. })
}
