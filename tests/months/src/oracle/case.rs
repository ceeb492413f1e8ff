//! An order as the server knows it at one moment: whose it is, who helps, who had it, whether it is closed.
//! Rights and sight depend on this; rows don't.

use crate::Action;
use std::collections::BTreeSet;

#[derive(Debug, Clone)]
pub struct Case<'a> {
    pub station: &'a str,
    engineer: Option<&'a str>,
    /// Whoever was ever assigned, helps, or opened it for himself.
    involved: BTreeSet<&'a str>,
    helpers: BTreeSet<&'a str>,
    closed: bool,
}

impl<'a> Case<'a> {
    pub fn new(station: &'a str, engineer: Option<&'a str>) -> Self {
        let involved = engineer.into_iter().collect();
        Self { station, engineer, involved, helpers: BTreeSet::new(), closed: false }
    }

    pub fn follow(&mut self, action: &'a Action) {
        match action {
            Action::Assign { to, .. } => {
                self.engineer = Some(to);
                self.involved.insert(to);
            }
            Action::AssignHelper { to, .. } => {
                self.helpers.insert(to);
                self.involved.insert(to);
            }
            Action::Close { .. } => self.closed = true,
            _ => {}
        }
    }

    pub fn is_or_was_on(&self, user: &str) -> bool {
        self.involved.contains(user)
    }

    /// Whom it was taken from keeps sight of it until it is closed.
    pub fn is_seen_by_engineer(&self, user: &str) -> bool {
        let on_it = self.engineer == Some(user) || self.helpers.contains(user);
        on_it || (self.is_or_was_on(user) && !self.closed)
    }
}
