//! The projection: each order and form that a job touched is folded once, when its book is closed, and written down whole.

use super::Book;
use crate::relay::counts::count;
use crate::relay::hot::HotPage;
use crate::store::{StoreError, change};
use outpost_model::command::Ask;
use outpost_model::decision::Decision;
use outpost_model::fold::Sheet;
use outpost_model::fold::order::{OrderFacts, Records, Wait, facts};
use outpost_model::id::{Hash, PageId, UserId};
use outpost_model::table::Tally;
use outpost_model::time::Millis;
use rusqlite::params;
use std::sync::Arc;

/// Where no limit runs: after every moment that a limit could have.
const NO_LIMIT: i64 = i64::MAX;

/// The decision of somebody else's that gave the call to its engineer: its row, and when it was received.
fn given(decisions: &[Decision]) -> Option<(u64, Millis)> {
    let assigned = decisions.iter().rev().find(|decision| matches!(decision.ask(), Ask::Assign { .. }))?;
    assigned.envelope.admitted.map(|admitted| (admitted.seq, admitted.received))
}

impl Book<'_> {
    pub(super) fn project_touched(&mut self) -> Result<(), StoreError> {
        for order in std::mem::take(&mut self.orders) {
            if let Some(facts) = self.fold(order)? {
                count(&self.context.counts.folds, 1);
                let given = self.page(order)?.and_then(|hot| given(&hot.decisions));
                self.write_facts(&facts, given)?;
            }
        }
        self.project_records()?;
        self.check_fault()
    }

    /// What the fold says of an order now.
    pub(in crate::relay) fn fold(&self, order: PageId) -> Result<Option<OrderFacts>, StoreError> {
        let Some(page) = self.page(order)? else { return Ok(None) };
        let visits: Vec<Arc<HotPage>> = self
            .visits_of(order)?
            .into_iter()
            .filter_map(|visit| self.page(visit).transpose())
            .collect::<Result<_, _>>()?;
        let policy = &self.policy;
        let person = |user: &UserId| self.noted(self.find_person(user)).flatten();
        let lookups: Vec<_> = visits.iter().map(|visit| |change: &Hash| visit.envelope(change).cloned()).collect();
        let sheets: Vec<(Sheet<'_>, &[Decision])> = visits
            .iter()
            .zip(&lookups)
            .map(|(visit, envelopes)| (Sheet { index: &visit.index, envelopes }, visit.decisions.as_slice()))
            .collect();
        let records = Records { policy, person: &person };
        Ok(page.with_sheet(|sheet| facts(&page.decisions, Some(sheet), &sheets, &records)))
    }

    fn write_facts(&self, facts: &OrderFacts, given: Option<(u64, Millis)>) -> Result<(), StoreError> {
        let (tenant, page) = (self.tenant.as_str(), facts.page.0);
        let text = serde_json::to_string(facts).map_err(StoreError::damaged)?;
        let sql = "insert into order_row (tenant, page, number, customer, station, engineer, state, service_type, \
                   opened_at, closed_at, facts, asset, is_open, urgent_at, dispatch_seq, dispatched_at, finished_at, \
                   waits, first_at, last_at, visit_rows, charge_rows, custody_rows, survey_rows) values \
                   ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, \
                   $22, $23, $24) \
                   on conflict (tenant, page) do update set number = excluded.number, customer = excluded.customer, \
                   station = excluded.station, engineer = excluded.engineer, state = excluded.state, \
                   service_type = excluded.service_type, opened_at = excluded.opened_at, \
                   closed_at = excluded.closed_at, facts = excluded.facts, asset = excluded.asset, \
                   is_open = excluded.is_open, urgent_at = excluded.urgent_at, dispatch_seq = excluded.dispatch_seq, \
                   dispatched_at = excluded.dispatched_at, finished_at = excluded.finished_at, waits = excluded.waits, \
                   first_at = excluded.first_at, last_at = excluded.last_at, visit_rows = excluded.visit_rows, \
                   charge_rows = excluded.charge_rows, custody_rows = excluded.custody_rows, \
                   survey_rows = excluded.survey_rows";
        let tally = Tally::of(facts);
        let [visits, charges, custody, surveys] = tally.rows;
        let values = params![
            tenant,
            page,
            facts.number,
            facts.customer.as_str(),
            facts.station.as_ref().map(|station| station.as_str()),
            facts.engineer.as_ref().map(|engineer| engineer.as_str()),
            facts.state.name(),
            format!("{:?}", facts.service_type),
            facts.opened_at.0,
            facts.closed_at.map(|at| at.0),
            text,
            facts.asset.as_ref().map(|asset| asset.as_str()),
            i64::from(facts.is_open()),
            facts.limit().map_or(NO_LIMIT, |limit| limit.due.0),
            given.map(|(seq, _)| seq),
            given.map(|(_, at)| at.0),
            facts.finished_at().map(|at| at.0),
            Wait::bits(&facts.waits()),
            tally.first.0,
            tally.last.0,
            visits,
            charges,
            custody,
            surveys,
        ];
        change(self.db, sql, values)?;
        for table in ["order_flag", "part_line", "work_line"] {
            let sql = format!("delete from {table} where tenant = $1 and page = $2");
            change(self.db, &sql, params![tenant, page])?;
        }
        for flag in &facts.flags {
            let sql = "insert into order_flag (tenant, page, kind, detail, since, person) \
                       values ($1, $2, $3, $4, $5, $6)";
            let (since, by) = (flag.since.map_or(0, |since| since.0), flag.by.as_ref().map(UserId::as_str));
            change(self.db, sql, params![tenant, page, flag.kind.name(), flag.detail, since, by])?;
        }
        let parts = facts.visit_facts.iter().flat_map(|visit| &visit.parts);
        for (line, part) in parts.enumerate() {
            let sql = "insert into part_line (tenant, page, line, part_no, name, qty, unit_price, billable) \
                       values ($1, $2, $3, $4, $5, $6, $7, $8)";
            let billable = i64::from(part.billable);
            let values =
                params![tenant, page, line as i64, part.part_no, part.name, part.qty, part.unit_price, billable];
            change(self.db, sql, values)?;
        }
        for (line, work) in facts.work.iter().enumerate() {
            let sql = "insert into work_line (tenant, page, line, engineer, day, visits, minutes) \
                       values ($1, $2, $3, $4, $5, $6, $7)";
            let (engineer, day) = (work.engineer.as_str(), work.day.to_string());
            change(self.db, sql, params![tenant, page, line as i64, engineer, day, work.visits, work.minutes])?;
        }
        Ok(())
    }
}
