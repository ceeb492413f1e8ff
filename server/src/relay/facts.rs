//! What exports read: facts of orders, people with their own time, sign-offs, and how complete it all is. One
//! snapshot for all of it, with or without a relay running.

use super::book::Book;
use super::context::Context;
use super::log;
use super::log::strange;
use super::{Device, device, records, tenant_of};
use crate::store::{Store, StoreError, all, each, one, probe};
use outpost_model::access::Reach;
use outpost_model::command::{Ask, ServiceType};
use outpost_model::decision::Decision;
use outpost_model::fold::attendance::{DayRow, OwnTime, days_between};
use outpost_model::fold::order::{OrderFacts, WorkLine};
use outpost_model::fold::record::{RecordFacts, RecordState};
use outpost_model::form::Form;
use outpost_model::id::{PageId, TenantId, UserId};
use outpost_model::policy::Policy;
use outpost_model::record::Person;
use outpost_model::table::{Cut, Period, Table, Tally, moments, order_of};
use outpost_model::time::{Day, Month};
use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Decisions read at a time.
const BATCH: i64 = 500;

pub struct Facts<'a> {
    db: &'a Connection,
    context: Context,
    pub tenant: TenantId,
    pub policy: Arc<Policy>,
    /// Sequence and chain at the end of the log.
    pub end: (u64, [u8; 32]),
}

/// The condition that a row is of those stations, its values beginning with that number.
fn stations(reach: &Reach, first: usize) -> (String, Vec<Value>) {
    match reach {
        Reach::All => (String::new(), Vec::new()),
        Reach::These(stations) => {
            let marks: Vec<String> = (first..first + stations.len()).map(|n| format!("${n}")).collect();
            let values = stations.iter().map(|station| Value::Text(station.to_string()));
            (format!(" and station in ({})", marks.join(", ")), values.collect())
        }
    }
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
    pub fn each_order(&self, take: impl FnMut(OrderFacts) -> Result<(), StoreError>) -> Result<(), StoreError> {
        self.each_order_of(&Cut::whole(), take)
    }

    /// The same of those orders alone that have a row of that period and those stations.
    pub fn each_order_of(
        &self,
        cut: &Cut,
        mut take: impl FnMut(OrderFacts) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let (from, to) = cut.period.moments(&self.policy.zone);
        let (here, mut values) = stations(&cut.reach, 4);
        let sql = format!(
            "select facts from order_row where tenant = $1 and last_at >= $2 and first_at < $3{here} \
             order by number, page"
        );
        values.splice(0..0, [Value::Text(self.tenant.to_string()), from.0.into(), to.0.into()]);
        each(self.db, &sql, params_from_iter(values), |row| {
            let facts = row.get_ref(0)?.as_str().map_err(StoreError::damaged)?;
            take(serde_json::from_str(facts).map_err(StoreError::damaged)?)
        })
    }

    /// How many rows the orders have in each table that is made of them. Orders that lie wholly within the period are
    /// counted by the index; the few across its ends are read.
    pub fn count_orders(&self, cut: &Cut) -> Result<BTreeMap<Table, u64>, StoreError> {
        let zone = &self.policy.zone;
        let (from, to) = cut.period.moments(zone);
        let (here, stations) = stations(&cut.reach, 4);
        let ends = || [Value::Text(self.tenant.to_string()), from.0.into(), to.0.into()];
        let sql = format!(
            "select count(*), coalesce(sum(visit_rows), 0), coalesce(sum(charge_rows), 0), \
             coalesce(sum(custody_rows), 0), coalesce(sum(survey_rows), 0) from order_row \
             where tenant = $1 and first_at >= $2 and last_at < $3{here}"
        );
        let mut counts: BTreeMap<Table, u64> =
            one(self.db, &sql, params_from_iter(ends().into_iter().chain(stations.clone())), |row| {
                let tables = [Table::Orders].into_iter().chain(Tally::TABLES);
                tables.enumerate().map(|(at, table)| Ok((table, row.get::<_, u64>(at)?))).collect()
            })?;
        if cut.period.is_open() {
            return Ok(counts);
        }
        let sql = format!(
            "select facts from order_row where tenant = $1 and last_at >= $2 and first_at < $3{here} \
             and (first_at < $2 or last_at >= $3)"
        );
        each(self.db, &sql, params_from_iter(ends().into_iter().chain(stations)), |row| {
            let facts = row.get_ref(0)?.as_str().map_err(StoreError::damaged)?;
            let facts: OrderFacts = serde_json::from_str(facts).map_err(StoreError::damaged)?;
            for (table, count) in &mut counts {
                let within = moments(*table, &facts).into_iter().filter(|at| cut.period.holds(zone.day(*at)));
                *count += within.count() as u64;
            }
            Ok(())
        })?;
        Ok(counts)
    }

    /// Each flag with its order's number, those of one kind together.
    pub fn each_flag(
        &self,
        cut: &Cut,
        mut take: impl FnMut([String; 3]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let (from, to) = cut.period.moments(&self.policy.zone);
        let (here, mut values) = stations(&cut.reach, 4);
        let sql = format!(
            "select distinct f.kind, o.number, f.detail from order_flag f join order_row o on o.tenant = f.tenant \
             and o.page = f.page where f.tenant = $1 and o.opened_at >= $2 and o.opened_at < $3{here} order by 1, 2, 3"
        );
        values.splice(0..0, [Value::Text(self.tenant.to_string()), from.0.into(), to.0.into()]);
        each(self.db, &sql, params_from_iter(values), |row| take([row.get(0)?, row.get(1)?, row.get(2)?]))
    }

    /// Who worked on orders, by id.
    pub fn workers(&self) -> Result<Vec<UserId>, StoreError> {
        let sql = "select distinct engineer from work_line where tenant = $1 order by engineer";
        all(self.db, sql, params![self.tenant.as_str()], |row| {
            UserId::parse(&row.get::<_, String>(0)?).map_err(|error| strange(0, error))
        })
    }

    /// One person's work on orders, with the service type that it was done under.
    pub fn each_work(
        &self,
        person: &UserId,
        period: Period,
        mut take: impl FnMut(WorkLine, ServiceType) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let day = |day: Option<Day>| day.map(|day| day.to_string());
        let sql = "select w.day, w.visits, w.minutes, o.service_type from work_line w join order_row o \
                   on o.tenant = w.tenant and o.page = w.page where w.tenant = $1 and w.engineer = $2 \
                   and ($3 is null or w.day >= $3) and ($4 is null or w.day <= $4)";
        let values = params![self.tenant.as_str(), person.as_str(), day(period.from), day(period.to)];
        each(self.db, sql, values, |row| {
            let day = Day::parse(&row.get::<_, String>(0)?).map_err(StoreError::damaged)?;
            let kind = row.get::<_, String>(3)?;
            let service_type = serde_json::from_value(kind.into()).map_err(StoreError::damaged)?;
            take(WorkLine { engineer: person.clone(), day, visits: row.get(1)?, minutes: row.get(2)? }, service_type)
        })
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
        self.days_between(own, self.policy.days_of(month))
    }

    /// A person's days, from one to another.
    pub fn days_between(&self, own: &OwnTime, (first, last): (Day, Day)) -> Vec<DayRow> {
        days_between(own, &self.policy, first, last)
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
