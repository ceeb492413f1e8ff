//! Filled forms in the books: whose they are, who sees them, and what the fold says of each.

use super::Book;
use crate::relay::counts::count;
use crate::store::{StoreError, all, change};
use outpost_model::fold::record::{RecordFacts, facts};
use outpost_model::form::{Approver, Form};
use outpost_model::header::RecordKey;
use outpost_model::id::{FormCode, PageId, UserId};
use outpost_model::judge::Desk;
use rusqlite::params;
use std::collections::BTreeSet;

impl Book<'_> {
    /// A form is begun: it is its author's, his lead's and the company's to see.
    pub(super) fn list_record(
        &mut self,
        person: &UserId,
        form: &FormCode,
        key: RecordKey,
        page: PageId,
        seq: u64,
    ) -> Result<(), StoreError> {
        let sql = "insert into record (tenant, page, person, form, period, state, submitted_at, facts) \
                   values ($1, $2, $3, $4, $5, 'draft', null, '') on conflict do nothing";
        let period = key.period().map(|day| day.to_string());
        change(self.db, sql, params![self.tenant.as_str(), page.0, person.as_str(), form.as_str(), period])?;
        self.place_personal(person, page, seq)
    }

    /// The pages of the forms that a person filled in.
    pub(super) fn record_pages(&self, person: &UserId) -> Result<Vec<PageId>, StoreError> {
        let sql = "select page from record where tenant = $1 and person = $2 order by page";
        all(self.db, sql, params![self.tenant.as_str(), person.as_str()], |row| row.get(0).map(PageId))
    }

    /// Days read differently under another zone.
    pub(super) fn touch_every_record(&mut self) -> Result<(), StoreError> {
        let sql = "select page from record where tenant = $1";
        let pages = all(self.db, sql, params![self.tenant.as_str()], |row| row.get(0).map(PageId))?;
        self.records.extend(pages);
        Ok(())
    }

    pub(super) fn project_records(&mut self) -> Result<(), StoreError> {
        for page in std::mem::take(&mut self.records) {
            if let Some(facts) = self.fold_record(page)? {
                count(&self.context.counts.folds, 1);
                self.write_record(&facts)?;
            }
        }
        Ok(())
    }

    /// What the fold says of a filled form now.
    fn fold_record(&self, page: PageId) -> Result<Option<RecordFacts>, StoreError> {
        let Some(hot) = self.page(page)? else { return Ok(None) };
        let form_of = |form: &FormCode, version: u32| -> Option<Form> { self.form(form, version) };
        Ok(hot.with_sheet(|sheet| facts(sheet, &hot.decisions, &self.policy, &form_of)))
    }

    fn write_record(&self, facts: &RecordFacts) -> Result<(), StoreError> {
        let text = serde_json::to_string(facts).map_err(StoreError::damaged)?;
        let sql = "update record set state = $1, submitted_at = $2, facts = $3, flags = $4, waits = $5 \
                   where tenant = $6 and page = $7";
        let sent = facts.last_sent().map(|sent| sent.at.0);
        let kinds: BTreeSet<&str> = facts.flags.iter().map(|flag| flag.kind.name()).collect();
        let flags = Vec::from_iter(kinds).join(",");
        let waits = facts.waits_for(&|form, version| self.form(form, version)).map(Approver::name);
        let values = params![facts.state.name(), sent, text, flags, waits, self.tenant.as_str(), facts.page.0];
        change(self.db, sql, values).map(drop)
    }
}
