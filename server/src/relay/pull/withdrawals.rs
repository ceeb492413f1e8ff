//! Withdrawals: pages that left a scope which the person holds, and scopes that he holds no more.

use super::{Basket, Holding, Reader};
use crate::store::{StoreError, all};
use outpost_model::id::PageId;
use outpost_model::wire::Item;
use rusqlite::{Connection, params};

/// Each scope's withdrawals by sequence. A phone that holds nothing yet needn't hear of any.
pub(super) struct Withdrawals {
    scopes: Vec<Leaving>,
}

struct Leaving {
    scope: String,
    /// Everything at and before this sequence was said.
    said: u64,
    horizon: u64,
    until: Option<u64>,
    next: Option<Option<u64>>,
}

impl Withdrawals {
    pub(super) fn new(holdings: &[Holding], seq: u64, horizon: u64, knows: bool) -> Self {
        let scopes = holdings.iter().filter(|holding| knows && holding.until.is_none_or(|until| until > seq));
        let leaving = scopes.map(|holding| Leaving {
            scope: holding.scope.clone(),
            said: seq,
            horizon,
            until: holding.until,
            next: None,
        });
        Self { scopes: leaving.collect() }
    }

    pub(super) fn peek(&mut self, db: &Connection, reader: &Reader<'_>) -> Result<Option<u64>, StoreError> {
        let mut first = None;
        for scope in &mut self.scopes {
            first = [first, scope.peek(db, reader)?].into_iter().flatten().min();
        }
        Ok(first)
    }

    pub(super) fn send(
        &mut self,
        db: &Connection,
        reader: &Reader<'_>,
        seq: u64,
        basket: &mut Basket,
    ) -> Result<(), StoreError> {
        for scope in &mut self.scopes {
            if scope.peek(db, reader)? != Some(seq) {
                continue;
            }
            let left = scope.until == Some(seq);
            let sql = if left {
                "select page from scope_page where tenant = $1 and scope = $2 and (withdrawn is null or withdrawn >= $3)"
            } else {
                "select page from scope_page where tenant = $1 and scope = $2 and withdrawn = $3 order by page"
            };
            let pages = all(db, sql, params![reader.tenant.as_str(), scope.scope, seq], |row| row.get(0).map(PageId))?;
            for page in pages {
                basket.put(Item::Withdrawn(scope.scope.clone(), page));
            }
            (scope.said, scope.next) = (if left { scope.horizon } else { seq }, None);
        }
        Ok(())
    }
}

impl Leaving {
    fn peek(&mut self, db: &Connection, reader: &Reader<'_>) -> Result<Option<u64>, StoreError> {
        if let Some(known) = self.next {
            return Ok(known);
        }
        let last = self.until.map_or(self.horizon, |until| until.min(self.horizon));
        let sql = "select withdrawn from scope_page where tenant = $1 and scope = $2 and withdrawn > $3 \
                   and withdrawn <= $4 order by withdrawn limit 1";
        let values = params![reader.tenant.as_str(), self.scope, self.said, last];
        let page_left = all(db, sql, values, |row| row.get(0))?.first().copied();
        let scope_left = self.until.filter(|until| (self.said + 1..=self.horizon).contains(until));
        let next = [page_left, scope_left].into_iter().flatten().min();
        self.next = Some(next);
        Ok(next)
    }
}
