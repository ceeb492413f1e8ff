//! The device and what its views need besides: who is who, and what was captured a moment ago.

use outpost_device::device::Device;
use outpost_device::error::DeviceError;
use outpost_device::store::lists::OrderItem;
use outpost_device::views::Records;
use outpost_model::entry::Body;
use outpost_model::header::{Header, Kind, Subject};
use outpost_model::id::{AssetCode, CustomerCode, EntryId, PageId, StationId, UserId};
use outpost_model::time::Millis;
use std::collections::{BTreeMap, HashMap};

pub struct Phone {
    pub device: Device,
    pub app: String,
    /// Entries of this run that may still be located or undone.
    pub recent: HashMap<EntryId, (Header, Body, Millis)>,
    pub acts: HashMap<u32, Vec<(Header, EntryId)>>,
}

/// Names for codes, as of one reading of the store.
pub struct Names {
    pub records: Records,
    pub me: UserId,
    customers: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    assets: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

impl Phone {
    pub fn new(device: Device, app: String) -> Self {
        Self { device, app, recent: HashMap::new(), acts: HashMap::new() }
    }

    pub fn me(&self) -> Result<UserId, DeviceError> {
        self.device.invitation()?.map(|invitation| invitation.user).ok_or(DeviceError::NotInvited)
    }

    pub fn names(&self) -> Result<Names, DeviceError> {
        let register = |kind| -> Result<_, DeviceError> {
            Ok(self.device.register(kind)?.into_iter().map(|item| (item.code, item.fields)).collect())
        };
        Ok(Names {
            records: self.device.records()?,
            me: self.me()?,
            customers: register(Kind::Customer)?,
            assets: register(Kind::Asset)?,
        })
    }

    /// The order that a page belongs to: itself, or the visit's parent.
    pub fn order_of(&self, page: PageId) -> Result<Option<OrderItem>, DeviceError> {
        Ok(self
            .device
            .orders()?
            .into_iter()
            .find(|item| item.facts.page == page || item.facts.visit_facts.iter().any(|visit| visit.page == page)))
    }

    /// The header of an order's or a visit's page; else of this person's attendance now.
    pub fn header_of(&self, page: PageId) -> Result<Header, DeviceError> {
        match self.order_of(page)? {
            Some(item) if item.facts.page == page => self.device.header(Subject::Order { id: page }),
            Some(item) => self.device.header(Subject::Visit { id: page, order: item.facts.page }),
            None => self.device.attendance_header(crate::host::now()),
        }
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

    pub fn customer_codes(&self) -> impl Iterator<Item = &String> {
        self.customers.keys()
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
