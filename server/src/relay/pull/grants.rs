//! Grants: pages that joined a scope which the person holds, or that stood in a scope when he began to hold it.
//!
//! In both cases there is one sequence at which the page became his, and all of the page comes there. A page that he
//! sees through another scope since earlier isn't sent again; he only hears that it is in this scope too.

use super::rows::{grant_item, row_item};
use super::{Basket, Holding, Reader};
use crate::relay::log;
use crate::store::{StoreError, all, one};
use outpost_model::id::{Hash, PageId, TenantId, UserId};
use rusqlite::{Connection, params};
use std::collections::{HashSet, VecDeque};

const BATCH: usize = 256;

/// Grants of each held scope, in order of sequence and page.
pub(super) struct Grants {
    scopes: Vec<ScopeGrants>,
}

struct ScopeGrants {
    scope: String,
    since: u64,
    horizon: u64,
    /// Where the next batch begins: after this sequence and page.
    next: Option<(u64, PageId)>,
    ready: VecDeque<(u64, PageId)>,
}

const LOWEST: PageId = PageId([0; 16]);

impl Grants {
    pub(super) fn new(holdings: &[Holding], seq: u64, backfill: Option<(PageId, u64)>, horizon: u64) -> Self {
        // Inside a backfill that page comes once more from where it was left; else everything after the sequence.
        let from = match backfill {
            Some((page, _)) => (seq, page),
            None => (seq + 1, LOWEST),
        };
        let held = holdings.iter().filter(|holding| holding.until.is_none() && holding.since <= horizon);
        let scopes = held.map(|holding| ScopeGrants {
            scope: holding.scope.clone(),
            since: holding.since,
            horizon,
            next: Some(from),
            ready: VecDeque::new(),
        });
        Self { scopes: scopes.collect() }
    }

    pub(super) fn peek(&mut self, db: &Connection, reader: &Reader<'_>) -> Result<Option<u64>, StoreError> {
        let mut first = None;
        for scope in &mut self.scopes {
            let seq = scope.peek(db, reader)?.map(|(seq, _)| seq);
            first = [first, seq].into_iter().flatten().min();
        }
        Ok(first)
    }

    /// Sends the grants at a sequence. When the answer is full, the page and row at which it stopped.
    pub(super) fn send(
        &mut self,
        db: &Connection,
        reader: &Reader<'_>,
        seq: u64,
        resumed: Option<(PageId, u64)>,
        pushed: &HashSet<Hash>,
        basket: &mut Basket,
    ) -> Result<Option<(PageId, u64)>, StoreError> {
        loop {
            let mut next: Option<PageId> = None;
            for scope in &mut self.scopes {
                if let Some((_, page)) = scope.peek(db, reader)?.filter(|(at, _)| *at == seq) {
                    next = Some(next.map_or(page, |known| known.min(page)));
                }
            }
            let Some(page) = next else { return Ok(None) };
            if basket.is_full() {
                // This page from its beginning, the next time.
                return Ok(Some((page, 0)));
            }
            for scope in &mut self.scopes {
                if scope.ready.front() == Some(&(seq, page)) {
                    scope.ready.pop_front();
                    basket.put(grant_item(db, reader.tenant, &scope.scope, page)?);
                }
            }
            let sent = resumed.filter(|(known, _)| *known == page).map_or(0, |(_, row)| row);
            if visible_since(db, reader.tenant, reader.user, page)? == Some(seq)
                && let Some(row) = backfill(db, reader, page, (sent, seq), pushed, basket)?
            {
                return Ok(Some((page, row)));
            }
        }
    }
}

impl ScopeGrants {
    fn peek(&mut self, db: &Connection, reader: &Reader<'_>) -> Result<Option<(u64, PageId)>, StoreError> {
        while self.ready.is_empty() {
            let Some((seq, page)) = self.next else { return Ok(None) };
            let tenant = reader.tenant.as_str();
            // What stood in the scope when he came to hold it.
            if seq <= self.since {
                let from = if seq == self.since { page } else { LOWEST };
                let sql = "select page from scope_page where tenant = $1 and scope = $2 and withdrawn is null \
                           and granted <= $3 and page >= $4 order by page limit $5";
                let values = params![tenant, self.scope, self.since, from.0, BATCH as i64];
                let pages: Vec<PageId> = all(db, sql, values, |row| row.get(0).map(PageId))?;
                self.next = match pages.last().filter(|_| pages.len() == BATCH) {
                    Some(last) => Some((self.since, after(*last))),
                    None => Some((self.since + 1, LOWEST)),
                };
                self.ready.extend(pages.into_iter().map(|page| (self.since, page)));
            } else {
                let sql = "select granted, page from scope_page where tenant = $1 and scope = $2 \
                           and (granted, page) >= ($3, $4) and granted <= $5 and withdrawn is null \
                           order by granted, page limit $6";
                let values = params![tenant, self.scope, seq, page.0, self.horizon, BATCH as i64];
                let grants = all(db, sql, values, |row| Ok((row.get::<_, u64>(0)?, PageId(row.get(1)?))))?;
                let last = grants.last().filter(|_| grants.len() == BATCH);
                self.next = last.map(|(seq, page)| (*seq, after(*page)));
                self.ready.extend(grants);
            }
        }
        Ok(self.ready.front().copied())
    }
}

/// The next page id.
fn after(page: PageId) -> PageId {
    PageId(u128::from_be_bytes(page.0).wrapping_add(1).to_be_bytes())
}

/// Since when the person sees the page, through whichever scope came first of those that he holds now.
pub(in crate::relay) fn visible_since(
    db: &Connection,
    tenant: &TenantId,
    user: &UserId,
    page: PageId,
) -> Result<Option<u64>, StoreError> {
    let sql = "select min(case when s.granted > h.since then s.granted else h.since end) from scope_page s \
               join holder h on h.tenant = s.tenant and h.scope = s.scope \
               where s.tenant = $1 and s.page = $2 and h.person = $3 and s.withdrawn is null and h.until is null";
    one(db, sql, params![tenant.as_str(), page.0, user.as_str()], |row| row.get(0))
}

/// The page's rows after one that was sent already; the last row sent, if the answer got full before the end.
fn backfill(
    db: &Connection,
    reader: &Reader<'_>,
    page: PageId,
    (mut sent, to): (u64, u64),
    pushed: &HashSet<Hash>,
    basket: &mut Basket,
) -> Result<Option<u64>, StoreError> {
    loop {
        let rows = log::of_page(db, reader.tenant, page, (sent, to), BATCH)?;
        let last = rows.len() < BATCH;
        for row in rows {
            if basket.is_full() {
                return Ok(Some(sent));
            }
            sent = row.seq();
            if let Some(item) = row_item(reader, row, pushed) {
                basket.put(item);
            }
        }
        if last {
            return Ok(None);
        }
    }
}
