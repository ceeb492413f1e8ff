//! Which scopes hold which page. Joining and leaving are events at the sequence of the row that brought them about;
//! each scope's sum goes with it.

use super::Book;
use crate::relay::row::Row;
use crate::store::{StoreError, all, change, probe};
use outpost_model::header::Header;
use outpost_model::id::PageId;
use outpost_model::wire::Sum;
use rusqlite::params;
use std::collections::BTreeSet;

/// A page's row in the books, or that of a place that is no page (its header is empty).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::relay) struct Place {
    pub header: String,
    pub total: Sum,
    pub last: u64,
}

impl Book<'_> {
    pub(in crate::relay) fn place(&self, page: PageId) -> Result<Option<Place>, StoreError> {
        if let Some(place) = self.places.borrow().get(&page) {
            return Ok(place.clone());
        }
        let sql = "select header, total, last from page where tenant = $1 and page = $2";
        let place = probe(self.db, sql, params![self.tenant.as_str(), page.0], |row| {
            let total = Sum(u128::from_be_bytes(row.get(1)?));
            Ok(Place { header: row.get(0)?, total, last: row.get(2)? })
        })?;
        self.places.borrow_mut().insert(page, place.clone());
        Ok(place)
    }

    /// Counts a row in its page's total and in the sums of the scopes that hold the page already.
    pub(super) fn count_row(&mut self, row: &Row, header: Option<&Header>) -> Result<bool, StoreError> {
        let known = self.place(row.page)?;
        let new = known.is_none();
        let mut place = known.unwrap_or_else(|| Place {
            header: header.map(Header::canonical).unwrap_or_default(),
            total: Sum::default(),
            last: 0,
        });
        let sum = Sum::of(&row.hash);
        place.total = place.total.plus(sum);
        place.last = row.seq();
        self.places.get_mut().insert(row.page, Some(place));
        self.written.insert(row.page);
        for scope in self.held(row.page)? {
            let entry = self.sums.entry(scope.clone()).or_default();
            *entry = entry.plus(sum);
            self.touched.insert(scope);
        }
        Ok(new)
    }

    /// The scopes that hold the page now.
    pub(super) fn held(&mut self, page: PageId) -> Result<BTreeSet<String>, StoreError> {
        if let Some(held) = self.held.get(&page) {
            return Ok(held.clone());
        }
        let sql = "select scope from scope_page where tenant = $1 and page = $2 and withdrawn is null";
        let held: BTreeSet<String> =
            all(self.db, sql, params![self.tenant.as_str(), page.0], |row| row.get(0))?.into_iter().collect();
        self.held.insert(page, held.clone());
        Ok(held)
    }

    /// Brings the page into a scope, unless it is there. True if it joined.
    pub(super) fn join(&mut self, scope: &str, page: PageId, at: u64) -> Result<bool, StoreError> {
        if self.held(page)?.contains(scope) {
            return Ok(false);
        }
        let sql = "insert into scope_page (tenant, scope, page, granted, withdrawn) values ($1, $2, $3, $4, null) \
                   on conflict (tenant, scope, page) do update set granted = excluded.granted, withdrawn = null";
        change(self.db, sql, params![self.tenant.as_str(), scope, page.0, at])?;
        let total = self.place(page)?.map(|place| place.total).unwrap_or_default();
        let sum = self.sums.entry(scope.to_owned()).or_default();
        *sum = sum.plus(total);
        self.held.entry(page).or_default().insert(scope.to_owned());
        self.touched.insert(scope.to_owned());
        Ok(true)
    }

    /// Takes the page out of a scope, if it is there. True if it left.
    pub(super) fn leave(&mut self, scope: &str, page: PageId, at: u64) -> Result<bool, StoreError> {
        if !self.held(page)?.contains(scope) {
            return Ok(false);
        }
        let sql = "update scope_page set withdrawn = $1 where tenant = $2 and scope = $3 and page = $4";
        change(self.db, sql, params![at, self.tenant.as_str(), scope, page.0])?;
        let total = self.place(page)?.map(|place| place.total).unwrap_or_default();
        let sum = self.sums.entry(scope.to_owned()).or_default();
        *sum = sum.minus(total);
        self.held.entry(page).or_default().remove(scope);
        self.touched.insert(scope.to_owned());
        Ok(true)
    }

    pub(super) fn write_places(&mut self) -> Result<(), StoreError> {
        for page in &self.written {
            let Some(place) = self.place(*page)? else { continue };
            let sql = "insert into page (tenant, page, header, total, last) values ($1, $2, $3, $4, $5) \
                       on conflict (tenant, page) do update set total = excluded.total, last = excluded.last";
            let total = place.total.0.to_be_bytes();
            change(self.db, sql, params![self.tenant.as_str(), page.0, place.header, total, place.last])?;
        }
        Ok(())
    }

    pub(super) fn write_sums(&mut self) -> Result<(), StoreError> {
        for (scope, sum) in std::mem::take(&mut self.sums) {
            let sql = "select total from scope where tenant = $1 and scope = $2";
            let known = probe(self.db, sql, params![self.tenant.as_str(), scope], |row| row.get(0))?;
            let total = Sum(known.map_or(0, u128::from_be_bytes)).plus(sum);
            let sql = "insert into scope (tenant, scope, total) values ($1, $2, $3) \
                       on conflict (tenant, scope) do update set total = excluded.total";
            change(self.db, sql, params![self.tenant.as_str(), scope, total.0.to_be_bytes()])?;
        }
        Ok(())
    }
}
