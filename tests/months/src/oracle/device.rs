//! A phone: what it holds, what it has yet to send, and how far it believes its own clock to be off.

use super::deed::Capture;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;

#[derive(Debug, Clone)]
pub struct Device<'a> {
    pub user: &'a str,
    pub held: HashSet<usize>,
    pub unsent: Vec<Capture<'a>>,
    /// The clock's lead over the server's at the last successful sync.
    offset: SignedDuration,
    pub heard: Option<Timestamp>,
    copy: Option<Box<Device<'a>>>,
}

impl<'a> Device<'a> {
    pub fn new(user: &'a str) -> Self {
        let offset = SignedDuration::ZERO;
        Self { user, held: HashSet::new(), unsent: Vec::new(), offset, heard: None, copy: None }
    }

    pub fn corrected(&self, clock: Timestamp) -> Timestamp {
        clock - self.offset
    }

    pub fn capture(&mut self, capture: Capture<'a>) {
        self.held.insert(capture.line);
        self.unsent.push(capture);
    }

    pub fn hears(&mut self, server: Timestamp, clock: Timestamp) {
        self.offset = clock.duration_since(server);
        self.heard = Some(server);
    }

    pub fn back_up(&mut self) {
        self.copy = None;
        self.copy = Some(Box::new(self.clone()));
    }

    /// The copy is put back: what was captured since then is gone from this phone.
    pub fn restore(&mut self) {
        if let Some(copy) = self.copy.take() {
            *self = (*copy).clone();
            self.copy = Some(copy);
        }
    }
}
