//! Names for codes, as of one reading of the store.

use super::Screens;
use crate::error::DeviceError;
use crate::views::Records;
use outpost_model::header::Kind;
use outpost_model::id::{AssetCode, CustomerCode, StationId, UserId};
use std::collections::BTreeMap;

type Register = BTreeMap<String, BTreeMap<String, Vec<String>>>;

pub(super) struct Names {
    pub records: Records,
    pub me: UserId,
    customers: Register,
    assets: Register,
}

impl Screens<'_> {
    pub(super) fn names(&self) -> Result<Names, DeviceError> {
        let register = |kind| -> Result<Register, DeviceError> {
            Ok(self.device.register(kind)?.into_iter().map(|item| (item.code, item.fields)).collect())
        };
        Ok(Names {
            records: self.device.records()?,
            me: self.user()?,
            customers: register(Kind::Customer)?,
            assets: register(Kind::Asset)?,
        })
    }
}

impl Names {
    pub fn person(&self, user: &UserId) -> String {
        let known = self.records.people.iter().find(|person| person.user == *user);
        known.map_or_else(|| user.to_string(), |person| person.name.clone())
    }

    pub fn station(&self, station: &StationId) -> String {
        let known = self.records.stations.iter().find(|known| known.station == *station);
        known.map_or_else(|| station.to_string(), |known| known.name.clone())
    }

    pub fn customer(&self, code: &CustomerCode, field: &str) -> Option<String> {
        self.customers.get(code.as_str())?.get(field)?.first().cloned()
    }

    pub fn customer_name(&self, code: &CustomerCode) -> String {
        self.customer(code, "name").unwrap_or_else(|| code.to_string())
    }

    pub fn asset(&self, code: Option<&AssetCode>, field: &str) -> Option<String> {
        self.assets.get(code?.as_str())?.get(field)?.first().cloned()
    }

    /// The unit's model; its code where nobody has described it.
    pub fn model(&self, code: Option<&AssetCode>) -> String {
        self.asset(code, "model").or_else(|| code.map(ToString::to_string)).unwrap_or_default()
    }

    /// Customers of the register and customers that were only given a station, each once.
    pub fn customer_codes(&self) -> Vec<String> {
        let mut codes: Vec<String> = self.customers.keys().cloned().collect();
        codes.extend(self.records.customers.iter().map(|place| place.customer.to_string()));
        codes.sort();
        codes.dedup();
        codes
    }

    /// Units of a customer: code, model, serial.
    pub fn units_of<'a>(&'a self, customer: &'a str) -> impl Iterator<Item = (&'a String, String, String)> {
        let first = |fields: &BTreeMap<String, Vec<String>>, name: &str| {
            fields.get(name).and_then(|values| values.first()).cloned().unwrap_or_default()
        };
        self.assets
            .iter()
            .filter(move |(_, fields)| first(fields, "customer") == customer)
            .map(move |(code, fields)| (code, first(fields, "model"), first(fields, "serial")))
    }
}

/// The last part of an order's number: what people say to each other.
pub(super) fn short(number: &str) -> String {
    number.rsplit('-').next().unwrap_or(number).to_owned()
}
