//! People, stations and policy as they stand: the relay's records, with what pages ask of them.

use crate::http::{Gateway, Problem};
use outpost_model::id::{StationId, UserId};
use outpost_model::record::{Person, Role};
use std::sync::Arc;

pub use crate::relay::Records as Directory;

pub fn now(gateway: &Gateway) -> Result<Arc<Directory>, Problem> {
    Ok(gateway.relay().records()?)
}

impl Directory {
    pub fn name_of(&self, user: &UserId) -> String {
        self.people.get(user).map_or_else(|| user.to_string(), |person| person.name.clone())
    }

    pub fn station_name(&self, station: Option<&StationId>) -> Option<String> {
        let station = station?;
        Some(self.stations.get(station).map_or_else(|| station.to_string(), |known| known.name.clone()))
    }

    pub fn station_of(&self, user: &UserId) -> Option<&StationId> {
        self.people.get(user).and_then(|person| person.station.as_ref())
    }

    /// The engineers of a station, by id.
    pub fn crew<'a>(&'a self, station: &'a StationId) -> impl Iterator<Item = &'a Person> {
        self.people.values().filter(move |person| {
            person.active && person.station.as_ref() == Some(station) && person.role == Role::Engineer
        })
    }
}
