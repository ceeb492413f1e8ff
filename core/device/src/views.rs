//! What screens read. Lists come from list rows alone; only one order's detail opens its pages.

mod detail;
mod export;
mod sync_state;

pub use detail::{EventItem, OrderDetail};
pub use sync_state::{DecisionItem, DecisionState, SyncItem, SyncState};

use crate::desk::policy;
use crate::device::Device;
use crate::error::DeviceError;
use crate::store::lists::{self, OrderItem, RegisterItem};
use crate::store::records::{self, CustomerPlace};
use outpost_model::fold::attendance::{DayRow, OwnTime, days};
use outpost_model::header::Kind;
use outpost_model::id::UserId;
use outpost_model::policy::Policy;
use outpost_model::record::{Part, Person, Station};
use outpost_model::time::Month;

/// The server's records, as far as they have come down.
#[derive(Debug, Clone, PartialEq)]
pub struct Records {
    pub policy: Policy,
    pub people: Vec<Person>,
    pub stations: Vec<Station>,
    pub parts: Vec<Part>,
    pub customers: Vec<CustomerPlace>,
}

impl Device {
    /// Every order that the phone holds: open ones first, the most urgent first.
    pub fn orders(&self) -> Result<Vec<OrderItem>, DeviceError> {
        Ok(lists::orders(self.store.read())?)
    }

    /// The days of this person's attendance month.
    pub fn attendance(&self, month: Month) -> Result<Vec<DayRow>, DeviceError> {
        self.attendance_of(&self.identity()?.owner.user, month)
    }

    /// The days of somebody's attendance month, as far as this phone holds them.
    pub fn attendance_of(&self, person: &UserId, month: Month) -> Result<Vec<DayRow>, DeviceError> {
        let policy = policy(self.store.read(), self.host.clock.now())?;
        Ok(days(&self.own_time(person)?, &policy, month))
    }

    /// Leaves, tasks, outings and duty of somebody, as far as this phone holds them.
    pub fn own_time(&self, person: &UserId) -> Result<OwnTime, DeviceError> {
        Ok(lists::own_time(self.store.read(), person)?)
    }

    /// The register of customers or of units.
    pub fn register(&self, kind: Kind) -> Result<Vec<RegisterItem>, DeviceError> {
        Ok(lists::register(self.store.read(), kind)?)
    }

    pub fn records(&self) -> Result<Records, DeviceError> {
        let db = self.store.read();
        Ok(Records {
            policy: policy(db, self.host.clock.now())?,
            people: records::people(db)?,
            stations: records::stations(db)?,
            parts: records::parts(db)?,
            customers: records::customers(db)?,
        })
    }
}
