//! Scopes: pages are in scopes, people hold scopes. What the names are, and which a person's role gives him.

use outpost_model::id::{StationId, UserId};
use outpost_model::record::{Person, Role};
use std::collections::BTreeSet;

/// Records: people, stations, parts, policy.
pub(super) const ALL: &str = "all";
/// Phones and their enrolment.
pub(super) const DEVICES: &str = "devices";
/// Every page.
pub(super) const TENANT: &str = "tenant";

/// What one person is or was on, and his own time.
pub(super) fn of_user(user: &UserId) -> String {
    format!("user:{user}")
}

/// Customers and units of a station.
pub(super) fn of_site(station: &StationId) -> String {
    format!("site:{station}")
}

/// Every call and everybody's time at a station.
pub(super) fn of_lead(station: &StationId) -> String {
    format!("lead:{station}")
}

pub(super) fn held_by(person: &Person) -> BTreeSet<String> {
    if !person.active {
        return BTreeSet::new();
    }
    let mut scopes = BTreeSet::from([ALL.to_owned()]);
    match person.role {
        Role::Engineer | Role::Lead => {
            scopes.insert(of_user(&person.user));
            if let Some(station) = &person.station {
                scopes.insert(of_site(station));
                if person.role == Role::Lead {
                    scopes.insert(of_lead(station));
                }
            }
        }
        Role::Clerk => {
            scopes.insert(TENANT.to_owned());
        }
        Role::Hq | Role::Auditor => {
            scopes.extend([TENANT.to_owned(), DEVICES.to_owned()]);
        }
        // Works at the console only.
        Role::Cashier => {}
    }
    scopes
}
