//! One order with everything that counts of it, in claimed order.

use super::deed::Deed;
use super::tenure::Tenure;
use super::visit::Visit;
use crate::{
    Action, Org,
    action::{Outcome, ServiceType},
    org::Customer,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

pub struct Dossier<'d, 'a> {
    pub number: &'a str,
    pub opening: &'d Deed<'a>,
    pub service_type: ServiceType,
    pub customer: &'a Customer,
    pub asset: &'a str,
    pub deeds: Vec<&'d Deed<'a>>,
    pub visits: Vec<Visit<'d, 'a>>,
    pub tenure: Tenure<'a>,
}

impl<'d, 'a> Dossier<'d, 'a> {
    /// All dossiers, by number.
    pub fn gather(org: &'a Org, deeds: &'d [Deed<'a>]) -> Vec<Self> {
        let mut by_order: BTreeMap<&str, Vec<&'d Deed<'a>>> = BTreeMap::new();
        for deed in deeds {
            if let Some(order) = deed.action.order() {
                by_order.entry(order).or_default().push(deed);
            }
        }
        by_order.into_iter().map(|(number, deeds)| Self::file(org, number, deeds)).collect()
    }

    fn file(org: &'a Org, number: &'a str, mut deeds: Vec<&'d Deed<'a>>) -> Self {
        deeds.sort_by_key(|deed| deed.rank());
        let opened = deeds.iter().find_map(|deed| match deed.action {
            Action::OpenOrder { customer, asset, service_type, .. } => Some((*deed, customer, asset, *service_type)),
            _ => None,
        });
        let (opening, customer, asset, service_type) = opened.expect("rights admit nothing on an order never opened");
        let customer = org.customer(customer).expect("rights know the customer");
        let visits = Visit::gather(&deeds);
        let tenure = Tenure::read(&deeds);
        Self { number, opening, service_type, customer, asset, deeds, visits, tenure }
    }

    /// The first call that answered the customer.
    pub fn replied_at(&self) -> Option<Timestamp> {
        self.first(|action| matches!(action, Action::Contact { outcome: Outcome::Reached | Outcome::RemoteFixed, .. }))
    }

    pub fn closed_at(&self) -> Option<Timestamp> {
        self.first(|action| matches!(action, Action::Close { .. }))
    }

    pub fn is_signed(&self) -> bool {
        self.has(|action| matches!(action, Action::Sign { .. }))
    }

    /// Goods taken back under a receipt that nobody has returned.
    pub fn is_in_custody(&self) -> bool {
        let returned: BTreeSet<&str> = self.actions().filter_map(returned_receipt).collect();
        self.actions().any(
            |action| matches!(action, Action::TakeBack { receipt_no, .. } if !returned.contains(receipt_no.as_str())),
        )
    }

    pub fn actions(&self) -> impl Iterator<Item = &'a Action> {
        self.deeds.iter().map(|deed| deed.capture.action)
    }

    pub fn has(&self, wanted: impl Fn(&Action) -> bool) -> bool {
        self.actions().any(wanted)
    }

    fn first(&self, wanted: impl Fn(&Action) -> bool) -> Option<Timestamp> {
        self.deeds.iter().find(|deed| wanted(deed.action)).map(|deed| deed.claimed)
    }
}

fn returned_receipt(action: &Action) -> Option<&str> {
    match action {
        Action::ReturnItem { receipt_no, .. } => Some(receipt_no),
        _ => None,
    }
}
