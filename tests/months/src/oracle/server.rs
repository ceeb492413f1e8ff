//! The server: what it took, in order; what it knows of each order and leave; and who may see what of it.

use super::case::Case;
use super::deed::{Capture, Deed};
use super::rights;
use crate::{
    Action, Org,
    org::{Role, User},
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashSet};

pub struct Server<'a> {
    pub org: &'a Org,
    pub deeds: Vec<Deed<'a>>,
    pub without_effect: Vec<usize>,
    pub cases: BTreeMap<&'a str, Case<'a>>,
    pub leave_owners: BTreeMap<&'a str, &'a User>,
    judged: BTreeSet<usize>,
    lines_of_order: BTreeMap<&'a str, Vec<usize>>,
    lines_of_leave: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> Server<'a> {
    pub fn new(org: &'a Org) -> Self {
        Self {
            org,
            deeds: Vec::new(),
            without_effect: Vec::new(),
            cases: BTreeMap::new(),
            leave_owners: BTreeMap::new(),
            judged: BTreeSet::new(),
            lines_of_order: BTreeMap::new(),
            lines_of_leave: BTreeMap::new(),
        }
    }

    /// Takes what arrives, once: a restored phone sends again what it sent before. Says whether it has effect now.
    pub fn receive(&mut self, capture: Capture<'a>, received: Timestamp) -> bool {
        if !self.judged.insert(capture.line) {
            return false;
        }
        if !rights::may(self, capture.user, capture.action) {
            self.without_effect.push(capture.line);
            return false;
        }
        self.follow(&capture);
        let sequence = self.deeds.len();
        self.deeds.push(Deed { capture, received, sequence });
        true
    }

    fn follow(&mut self, capture: &Capture<'a>) {
        if let Action::OpenOrder { order, customer, .. } = capture.action {
            let station = &self.org.customer(customer).expect("rights know the customer").station;
            let opener = (capture.user.role == Role::Engineer).then_some(capture.user.id.as_str());
            self.cases.insert(order, Case::new(station, opener));
        }
        if let Some(order) = capture.action.order() {
            self.lines_of_order.entry(order).or_default().push(capture.line);
            self.cases.get_mut(order).expect("rights know the order").follow(capture.action);
        }
        if let Action::RequestLeave { leave, .. } = capture.action {
            self.leave_owners.insert(leave, capture.user);
        }
        if let Action::RequestLeave { leave, .. } | Action::DecideLeave { leave, .. } = capture.action {
            self.lines_of_leave.entry(leave).or_default().push(capture.line);
        }
    }

    /// Every line that this person's phone may pull at this moment.
    pub fn visible_to(&self, user: &User) -> HashSet<usize> {
        let orders = self.cases.iter().filter(|(_, case)| match user.role {
            Role::Engineer => case.is_seen_by_engineer(&user.id),
            Role::Lead => user.station.as_deref() == Some(case.station),
            Role::Clerk | Role::Hq => true,
        });
        let leaves = self.leave_owners.iter().filter(|(_, owner)| match user.role {
            Role::Engineer => owner.id == user.id,
            Role::Lead => owner.station == user.station,
            Role::Clerk | Role::Hq => true,
        });
        let of_orders = orders.flat_map(|(order, _)| &self.lines_of_order[order]);
        of_orders.chain(leaves.flat_map(|(leave, _)| &self.lines_of_leave[leave])).copied().collect()
    }

    /// Everything on the server: what somebody at the console has before his eyes.
    pub fn everything(&self) -> HashSet<usize> {
        self.deeds.iter().map(|deed| deed.line).collect()
    }
}
