//! The judge's desk: what he may look up, read from the books within the transaction. He can't be told that the disk
//! failed: the failure is noted, and stops the job after he has spoken.

use super::Book;
use crate::relay::records;
use crate::store::{StoreError, probe};
use outpost_model::command::{Place, Question};
use outpost_model::decision::Standing;
use outpost_model::entry::Entry;
use outpost_model::header::Header;
use outpost_model::id::{CommandId, CustomerCode, DeviceId, EntryId, Hash, PageId, StationId, TenantId, UserId};
use outpost_model::judge::{Desk, Latest};
use outpost_model::policy::Policy;
use outpost_model::record::Person;
use outpost_model::time::Month;
use rusqlite::params;

impl Book<'_> {
    pub(super) fn noted<T>(&self, result: Result<T, StoreError>) -> Option<T> {
        result.map_err(|error| self.fault.borrow_mut().get_or_insert(error).to_string()).ok()
    }

    fn leased(&self, user: &UserId, number: &str) -> Result<bool, StoreError> {
        let place = Place::Person(user.clone()).page(&self.tenant);
        let sql = "select seq from answer where tenant = $1 and page = $2 order by seq desc";
        let leases: Vec<u64> =
            crate::store::all(self.db, sql, params![self.tenant.as_str(), place.0], |row| row.get(0))?;
        for seq in leases {
            let block = records::decision_at(self.db, &self.tenant, seq)?.and_then(|decision| decision.pins.block);
            if block.is_some_and(|block| block.holds(number)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Desk for Book<'_> {
    fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    fn policy(&self) -> &Policy {
        &self.policy
    }

    fn person(&self, user: &UserId) -> Option<Person> {
        self.noted(self.find_person(user)).flatten()
    }

    fn has_station(&self, station: &StationId) -> bool {
        let found = self.latest_on(self.records_place(), &Question::Station(station.clone()));
        self.noted(found).flatten().is_some()
    }

    fn customer(&self, customer: &CustomerCode) -> Option<(StationId, u32)> {
        self.noted(self.customer_place(customer)).flatten()
    }

    fn order(&self, order: PageId) -> Option<Standing> {
        self.noted(self.page(order)).flatten()?.standing().cloned()
    }

    fn header(&self, page: PageId) -> Option<Header> {
        self.noted(self.page(page)).flatten().map(|hot| hot.header().clone())
    }

    fn entry(&self, page: PageId, entry: EntryId) -> Option<(UserId, Entry)> {
        let hot = self.noted(self.page(page)).flatten()?;
        let row = hot.index.entry(&entry)?;
        let author = hot.envelope(&row.change)?.user.clone();
        Some((author, Entry::clone(row.entry)))
    }

    fn device_owner(&self, device: &DeviceId) -> Option<UserId> {
        let sql = "select person from device where tenant = $1 and device = $2 and kind = 'phone'";
        let values = params![self.tenant.as_str(), device.as_str()];
        let found = probe(self.db, sql, values, |row| row.get::<_, String>(0));
        UserId::parse(&self.noted(found).flatten()?).ok()
    }

    fn latest(&self, place: PageId, question: &Question) -> Option<Latest> {
        let decision = self.noted(self.latest_on(place, question)).flatten()?;
        Some(Latest {
            id: decision.id(),
            seq: decision.envelope.admitted.map_or(0, |admitted| admitted.seq),
            by: decision.by().clone(),
            at: decision.at(),
            ask: decision.command.ask,
        })
    }

    fn seq_of(&self, decision: CommandId) -> Option<u64> {
        self.noted(self.read_up_to(decision)).flatten()
    }

    fn has_change(&self, page: PageId, change: &Hash) -> bool {
        match self.noted(self.page(page)).flatten() {
            Some(hot) => hot.index.contains(change),
            None => false,
        }
    }

    fn signed_month_differs(&self, person: &UserId, month: Month) -> bool {
        self.noted(self.month_differs(person, month)).unwrap_or(false)
    }

    fn number_taken(&self, number: &str) -> bool {
        let sql = "select 1 from service_call where tenant = $1 and number = $2 limit 1";
        let found = probe(self.db, sql, params![self.tenant.as_str(), number], |_| Ok(()));
        self.noted(found).flatten().is_some()
    }

    fn number_leased(&self, user: &UserId, number: &str) -> bool {
        self.noted(self.leased(user, number)).unwrap_or(false)
    }
}
