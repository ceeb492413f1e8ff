//! Stations whose rows a list or a file may show to one person.

use super::{Action, Actor, Thing, ThingKind, allows};
use crate::id::StationId;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    All,
    These(Vec<StationId>),
}

impl Reach {
    /// Where this person may read things of that kind.
    pub fn of<'a>(actor: &Actor, kind: ThingKind, stations: impl Iterator<Item = &'a StationId>) -> Self {
        let reads = |station| allows(actor, Action::Read, &Thing { kind, station, person: None, involved: false });
        if reads(None) {
            return Reach::All;
        }
        Reach::These(stations.filter(|station| reads(Some((*station).clone()))).cloned().collect())
    }

    pub fn holds(&self, station: Option<&StationId>) -> bool {
        match self {
            Reach::All => true,
            Reach::These(stations) => station.is_some_and(|station| stations.contains(station)),
        }
    }

    pub fn is_nothing(&self) -> bool {
        matches!(self, Reach::These(stations) if stations.is_empty())
    }

    /// The one station that it is about, if it is about one.
    pub fn only(&self) -> Option<&StationId> {
        match self {
            Reach::These(stations) if stations.len() == 1 => stations.first(),
            _ => None,
        }
    }

    /// Narrowed to a station that was chosen; one beyond it stays unseen.
    pub fn at(&self, chosen: Option<&StationId>) -> Reach {
        match chosen {
            None => self.clone(),
            Some(station) if self.holds(Some(station)) => Reach::These(vec![station.clone()]),
            Some(_) => Reach::These(Vec::new()),
        }
    }

    /// What both hold.
    pub fn and(self, other: Reach) -> Reach {
        match (self, other) {
            (Reach::All, other) => other,
            (these, Reach::All) => these,
            (Reach::These(one), Reach::These(other)) => {
                Reach::These(one.into_iter().filter(|station| other.contains(station)).collect())
            }
        }
    }
}
