//! What exports read: facts of orders, people with their own time, sign-offs, and how complete it all is. One
//! snapshot for all of it, with or without a relay running.

use super::book::Book;
use super::context::Context;
use super::log;
use super::{Device, device, records, tenant_of};
use crate::store::{Store, StoreError, all, probe};
use outpost_model::command::Ask;
use outpost_model::decision::Decision;
use outpost_model::fold::attendance::{DayRow, OwnTime, days};
use outpost_model::fold::order::OrderFacts;
use outpost_model::fold::record::{RecordFacts, RecordState};
use outpost_model::form::Form;
use outpost_model::id::{PageId, TenantId, UserId};
use outpost_model::policy::Policy;
use outpost_model::record::Person;
use outpost_model::table::order_of;
use outpost_model::time::Month;
use rusqlite::{Connection, params};
use std::sync::Arc;

/// Orders read at a time.
const BATCH: i64 = 500;

pub struct Facts<'a> {
    db: &'a Connection,
    context: Context,
    pub tenant: TenantId,
    pub policy: Arc<Policy>,
    /// Sequence and chain at the end of the log.
    pub end: (u64, [u8; 32]),
}

pub(super) fn read<T>(store: &Store, work: impl FnOnce(&Facts<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
    let tenant = tenant_of(store)?.ok_or_else(|| StoreError::damaged("there is no company in this folder yet"))?;
    store.read(|db| {
        let context = Context::aside();
        let policy = context.memory.policy(db, &tenant)?.ok_or_else(|| StoreError::damaged("there is no policy"))?;
        let end = log::end(db, &tenant)?;
        work(&Facts { db, context, tenant, policy, end: (end.seq, end.chain) })
    })
}

impl Facts<'_> {
    /// Each order's facts, in order of number.
    pub fn each_order(&self, mut take: impl FnMut(OrderFacts) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let (mut number, mut page) = (String::new(), Vec::new());
        loop {
            let sql = "select number, page, facts from order_row where tenant = $1 and (number, page) > ($2, $3) \
                       order by number, page limit $4";
            let values = params![self.tenant.as_str(), number, page, BATCH];
            let rows = all(self.db, sql, values, |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?, row.get::<_, String>(2)?))
            })?;
            let Some(last) = rows.last() else { return Ok(()) };
            (number, page) = (last.0.clone(), last.1.clone());
            for (_, _, facts) in rows {
                take(serde_json::from_str(&facts).map_err(StoreError::damaged)?)?;
            }
        }
    }

    pub fn people(&self) -> Result<Vec<Person>, StoreError> {
        records::people(self.db, &self.tenant)
    }

    /// What a person logged of his own time.
    pub fn own_time(&self, person: &UserId) -> Result<OwnTime, StoreError> {
        Book::look(self.db, &self.tenant, &self.context)?.own_time(person)
    }

    /// A person's days of an attendance month.
    pub fn days(&self, own: &OwnTime, month: Month) -> Vec<DayRow> {
        days(own, &self.policy, month)
    }

    /// Every filled form, those sent last first; `state` only those that stand so.
    pub fn records(&self, state: Option<RecordState>) -> Result<Vec<RecordFacts>, StoreError> {
        let sql = "select facts from record where tenant = $1 and ($2 is null or state = $2) and facts <> '' \
                   order by coalesce(submitted_at, 0) desc, page";
        let values = params![self.tenant.as_str(), state.map(RecordState::name)];
        let texts: Vec<String> = all(self.db, sql, values, |row| row.get(0))?;
        texts.iter().map(|text| serde_json::from_str(text).map_err(StoreError::damaged)).collect()
    }

    /// The newest version of each form.
    pub fn forms(&self) -> Result<Vec<Form>, StoreError> {
        records::forms(self.db, &self.tenant)
    }

    /// Each decision in the order of the log, with the number of the order that it is about.
    pub fn each_decision(
        &self,
        mut take: impl FnMut(Decision, Option<String>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut after = 0;
        loop {
            let sql = "select seq from answer where tenant = $1 and seq > $2 order by seq limit $3";
            let seqs: Vec<u64> = all(self.db, sql, params![self.tenant.as_str(), after, BATCH], |row| row.get(0))?;
            let Some(last) = seqs.last() else { return Ok(()) };
            after = *last;
            for seq in seqs {
                if let Some(decision) = records::decision_at(self.db, &self.tenant, seq)? {
                    let number = order_of(&decision).map_or(Ok(None), |page| self.number_of(page))?;
                    take(decision, number)?;
                }
            }
        }
    }

    /// The number of the order that a page is, or belongs to.
    fn number_of(&self, page: PageId) -> Result<Option<String>, StoreError> {
        let sql = "select number from service_call where tenant = $1 and page = $2";
        let found = probe(self.db, sql, params![self.tenant.as_str(), page.0], |row| row.get(0))?;
        if found.is_some() {
            return Ok(found);
        }
        let sql = "select c.number from visit v join service_call c on c.tenant = v.tenant and c.page = v.service_call \
                   where v.tenant = $1 and v.page = $2";
        probe(self.db, sql, params![self.tenant.as_str(), page.0], |row| row.get(0))
    }

    /// People and months with a sign-off that stands.
    pub fn sealed(&self) -> Result<Vec<(UserId, Month)>, StoreError> {
        let sql = "select max(seq) from answer where tenant = $1 and question like 'month:%' group by page, question";
        let latest: Vec<u64> = all(self.db, sql, params![self.tenant.as_str()], |row| row.get(0))?;
        let mut sealed = Vec::new();
        for seq in latest {
            let decision = records::decision_at(self.db, &self.tenant, seq)?;
            if let Some(Ask::SignOff { person, month }) = decision.map(|decision| decision.command.ask) {
                sealed.push((person, month));
            }
        }
        sealed.sort_by_key(|(person, month)| (person.clone(), month.to_string()));
        Ok(sealed)
    }

    /// Every device with its last contact: how complete the whole is.
    pub fn devices(&self) -> Result<Vec<Device>, StoreError> {
        device::list(self.db, &self.tenant)
    }
}
