//! What one person may see and do here. Every question goes to the model's one function; nothing here knows a role.

use super::directory::Directory;
use outpost_model::access::{Action, Actor, Thing, ThingKind, allows};
use outpost_model::fold::order::OrderFacts;
use outpost_model::form::Approver;
use outpost_model::id::{StationId, UserId};
use outpost_model::record::Person;
use outpost_model::table::{self, Table};

pub use outpost_model::access::Reach;

#[derive(Debug, Clone)]
pub struct Sight {
    pub person: Person,
    actor: Actor,
    /// Stations whose orders he may read; none named: everybody's.
    orders: Reach,
    people: Reach,
}

/// Whether this person has time of his own to keep.
pub fn keeps_time(person: &Person) -> bool {
    let actor = Actor { user: person.user.clone(), role: person.role, station: person.station.clone() };
    let own = Thing { person: Some(person.user.clone()), ..thing(ThingKind::Attendance, person.station.clone()) };
    allows(&actor, Action::LogOwnTime, &own)
}

fn thing(kind: ThingKind, station: Option<StationId>) -> Thing {
    Thing { kind, station, person: None, involved: false }
}

impl Sight {
    pub fn of(person: Person, directory: &Directory) -> Self {
        let actor = Actor { user: person.user.clone(), role: person.role, station: person.station.clone() };
        let reach = |kind| Reach::of(&actor, kind, directory.stations.keys());
        let (orders, people) = (reach(ThingKind::Order), reach(ThingKind::Attendance));
        Self { person, actor, orders, people }
    }

    /// Stations whose orders he may read.
    pub fn orders(&self) -> &Reach {
        &self.orders
    }

    /// Stations whose people's time he may read.
    pub fn people(&self) -> &Reach {
        &self.people
    }

    /// Stations whose rows of a table he may take along.
    pub fn table(&self, table: Table, directory: &Directory) -> Reach {
        table::reach(&self.actor, table, directory.stations.keys())
    }

    pub fn may(&self, action: Action, kind: ThingKind, station: Option<&StationId>) -> bool {
        allows(&self.actor, action, &thing(kind, station.cloned()))
    }

    /// Whether he sees phones, and what is kept beside the log.
    pub fn sees_devices(&self) -> bool {
        self.may(Action::Read, ThingKind::Devices, None)
    }

    /// Whether he administers people, phones and policy.
    pub fn administers(&self) -> bool {
        [ThingKind::Records, ThingKind::Devices].into_iter().all(|kind| self.may(Action::Administer, kind, None))
    }

    /// Something about an order of that station.
    pub fn may_order(&self, action: Action, station: Option<&StationId>) -> bool {
        self.may(action, ThingKind::Order, station)
    }

    /// The same about an order in hand, which may be his own.
    pub fn may_this(&self, action: Action, order: &OrderFacts) -> bool {
        let involved = order.engineer.as_ref() == Some(&self.actor.user) || order.helpers.contains(&self.actor.user);
        let thing = Thing { kind: ThingKind::Order, station: order.station.clone(), person: None, involved };
        allows(&self.actor, action, &thing)
    }

    /// Whether anything can wait for a yes or no of his.
    pub fn decides(&self) -> bool {
        self.may_anywhere(Action::Cash)
            || self.may_anywhere(Action::Inspect)
            || self.may(Action::DecideLeave, ThingKind::Attendance, self.person.station.as_ref())
    }

    /// Whether he is who a person's form waits for: `waits` names the approver.
    pub fn may_rule(&self, waits: &str, person: &UserId, station: Option<&StationId>) -> bool {
        Approver::parse(waits).is_some_and(|approver| self.may_form(Action::of_approver(approver), person, station))
    }

    /// Something about a person's own time.
    pub fn may_time(&self, action: Action, person: &UserId, station: Option<&StationId>) -> bool {
        self.may_his(ThingKind::Attendance, action, person, station)
    }

    /// Something about a form that a person filled in.
    pub fn may_form(&self, action: Action, person: &UserId, station: Option<&StationId>) -> bool {
        self.may_his(ThingKind::Form, action, person, station)
    }

    fn may_his(&self, kind: ThingKind, action: Action, person: &UserId, station: Option<&StationId>) -> bool {
        let (station, person) = (station.cloned(), Some(person.clone()));
        allows(&self.actor, action, &Thing { kind, station, person, involved: false })
    }

    /// Whether he may do this to an order of any station.
    pub fn may_anywhere(&self, action: Action) -> bool {
        self.may_order(action, None)
            || match &self.orders {
                Reach::All => self.may_order(action, self.actor.station.as_ref()),
                Reach::These(stations) => stations.iter().any(|station| self.may_order(action, Some(station))),
            }
    }
}
