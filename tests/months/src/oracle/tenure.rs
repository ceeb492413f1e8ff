//! Whose an order was, when: assignments and helpers in claimed order, and what they make of an engineer's entry.

use super::deed::Deed;
use crate::{Action, org::Role};
use jiff::Timestamp;

pub struct Tenure<'a> {
    /// Who had it from when on; the first may be the engineer who opened it for himself.
    holders: Vec<(Timestamp, &'a str)>,
    helpers: Vec<(Timestamp, &'a str)>,
}

impl<'a> Tenure<'a> {
    /// From an order's deeds, in claimed order.
    pub fn read(deeds: &[&Deed<'a>]) -> Self {
        let mut tenure = Self { holders: Vec::new(), helpers: Vec::new() };
        for deed in deeds {
            match deed.capture.action {
                Action::OpenOrder { .. } if deed.user.role == Role::Engineer => {
                    tenure.holders.push((deed.claimed, &deed.capture.user.id));
                }
                Action::Assign { to, .. } => tenure.holders.push((deed.claimed, to)),
                Action::AssignHelper { to, .. } => tenure.helpers.push((deed.claimed, to)),
                _ => {}
            }
        }
        tenure
    }

    pub fn engineer(&self) -> Option<&'a str> {
        self.holders.last().map(|(_, engineer)| *engineer)
    }

    /// It was his, a decision took it away at or before `at`, and none up to then gave it back.
    pub fn is_former(&self, engineer: &str, at: Timestamp) -> bool {
        let until_then = self.holders.iter().take_while(|(since, _)| *since <= at);
        let had_it = until_then.clone().any(|(_, holder)| *holder == engineer);
        let has_it = until_then.last().is_some_and(|(_, holder)| *holder == engineer);
        had_it && !has_it && !self.helps(engineer, at)
    }

    /// In the whole history never his, and never asked to help.
    pub fn is_stranger(&self, engineer: &str) -> bool {
        self.holders.iter().chain(&self.helpers).all(|(_, involved)| *involved != engineer)
    }

    fn helps(&self, engineer: &str, at: Timestamp) -> bool {
        self.helpers.iter().any(|(since, helper)| *helper == engineer && *since <= at)
    }
}
