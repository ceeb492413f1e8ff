//! Grants: pages that joined a scope which the person holds, or that stood in a scope when he began to hold it.
//!
//! In both cases there is one sequence at which the page became his, and all of the page comes there. A page that he
//! sees through another scope since earlier isn't sent again; he only hears that it is in this scope too.
//!
//! Pages are read with their headers and rows, many at a time: a new phone asks for thousands.

use super::rows::row_item;
use super::{Basket, Holding, Reader};
use crate::relay::log;
use crate::relay::row::Row;
use crate::store::{StoreError, all, one};
use outpost_model::id::{Hash, PageId, TenantId, UserId};
use outpost_model::wire::Item;
use rusqlite::{Connection, params};
use std::collections::{HashSet, VecDeque};

/// Rows that are read together.
const BATCH: usize = 256;

/// Grants of each held scope, in order of sequence and page.
pub(super) struct Grants {
    scopes: Vec<ScopeGrants>,
}

struct ScopeGrants {
    scope: String,
    since: u64,
    horizon: u64,
    /// Where the next batch begins.
    next: Option<Place>,
    ready: VecDeque<Piece>,
}

/// At a grant, after one of the page's rows; row 0 is before its first.
#[derive(Clone, Copy)]
struct Place {
    at: u64,
    page: PageId,
    row: u64,
}

/// A granted page with one of its rows; with none where it comes without any, or all of them have been read.
struct Piece {
    at: u64,
    page: PageId,
    header: String,
    row: Option<Row>,
}

const LOWEST: PageId = PageId([0; 16]);

impl Grants {
    pub(super) fn new(holdings: &[Holding], seq: u64, backfill: Option<(PageId, u64)>, horizon: u64) -> Self {
        // Inside a backfill that page comes once more from where it was left; else everything after the sequence.
        let from = match backfill {
            Some((page, row)) => Place { at: seq, page, row },
            None => Place { at: seq + 1, page: LOWEST, row: 0 },
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
            let seq = scope.peek(db, reader)?.map(|piece| piece.at);
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
                if let Some(piece) = scope.peek(db, reader)?.filter(|piece| piece.at == seq) {
                    next = Some(next.map_or(piece.page, |known| known.min(piece.page)));
                }
            }
            let Some(page) = next else { return Ok(None) };
            if basket.is_full() {
                // This page from its beginning, the next time.
                return Ok(Some((page, 0)));
            }
            for scope in &mut self.scopes {
                if let Some(piece) = scope.peek(db, reader)?.filter(|piece| (piece.at, piece.page) == (seq, page)) {
                    let header = piece.header.clone();
                    basket.put(Item::Granted(scope.scope.clone(), page, header));
                }
            }
            let mut sent = resumed.filter(|(known, _)| *known == page).map_or(0, |(_, row)| row);
            for scope in &mut self.scopes {
                while let Some(piece) = scope.take(db, reader, (seq, page))? {
                    // Two scopes may bring the same page, each with its rows.
                    let Some(row) = piece.row.filter(|row| row.seq() > sent) else { continue };
                    if basket.is_full() {
                        return Ok(Some((page, sent)));
                    }
                    sent = row.seq();
                    if let Some(item) = row_item(reader, row, pushed) {
                        basket.put(item);
                    }
                }
            }
        }
    }
}

impl ScopeGrants {
    fn peek(&mut self, db: &Connection, reader: &Reader<'_>) -> Result<Option<&Piece>, StoreError> {
        while self.ready.is_empty() {
            let Some(from) = self.next else { return Ok(None) };
            self.read(db, reader, from)?;
        }
        Ok(self.ready.front())
    }

    /// The next piece, as long as it is of that grant.
    fn take(
        &mut self,
        db: &Connection,
        reader: &Reader<'_>,
        grant: (u64, PageId),
    ) -> Result<Option<Piece>, StoreError> {
        let same = self.peek(db, reader)?.is_some_and(|piece| (piece.at, piece.page) == grant);
        Ok(if same { self.ready.pop_front() } else { None })
    }

    fn read(&mut self, db: &Connection, reader: &Reader<'_>, from: Place) -> Result<(), StoreError> {
        // What stood in the scope when he came to hold it was granted then, by page; the rest when it joined.
        let (tenant, user, stood) = (reader.tenant.as_str(), reader.user.as_str(), from.at <= self.since);
        let from = if from.at < self.since { Place { at: self.since, page: LOWEST, row: 0 } } else { from };
        let (sql, to) = if stood {
            (pieces("$2", "s.page = $3", "s.page >= $3", "s.page"), self.since)
        } else {
            let here = "s.granted = $2 and s.page = $3";
            (pieces("s.granted", here, "(s.granted, s.page) >= ($2, $3)", "s.granted, s.page"), self.horizon)
        };
        let values = params![user, from.at, from.page.0, from.row, tenant, self.scope, to, BATCH as i64];
        let found = all(db, &sql, values, |row| {
            let is_there = row.get::<_, Option<i64>>(0)?.is_some();
            Ok(Piece {
                at: if stood { self.since } else { row.get(log::WIDTH)? },
                page: PageId(row.get(log::WIDTH + 1)?),
                header: row.get(log::WIDTH + 2)?,
                row: if is_there { Some(log::read_row(row)?) } else { None },
            })
        })?;
        self.next = match found.last().filter(|_| found.len() == BATCH) {
            Some(Piece { at, page, row: Some(row), .. }) => Some(Place { at: *at, page: *page, row: row.seq() }),
            Some(Piece { at, page, row: None, .. }) => Some(Place { at: *at, page: after(*page), row: 0 }),
            None => stood.then_some(Place { at: self.since + 1, page: LOWEST, row: 0 }),
        };
        self.ready.extend(found);
        Ok(())
    }
}

/// The next page id.
fn after(page: PageId) -> PageId {
    PageId(u128::from_be_bytes(page.0).wrapping_add(1).to_be_bytes())
}

/// Since when a person sees a page, through whichever scope came first of those that he holds now.
const SEEN_SINCE: &str = "select min(case when o.granted > h.since then o.granted else h.since end) from scope_page o \
                          join holder h on h.tenant = o.tenant and h.scope = o.scope \
                          where h.person = $1 and h.until is null and o.withdrawn is null";

/// A scope's pages from one on, each with the rows that it had at its grant where the person sees it first: the page
/// and row at which the last answer stopped are $3 and $4. `at` is the sequence of a grant.
fn pieces(at: &str, here: &str, from: &str, order: &str) -> String {
    format!(
        "select {columns}, s.granted, s.page, coalesce(p.header, '') from scope_page s \
         left join page p on p.tenant = s.tenant and p.page = s.page \
         left join log l on l.tenant = s.tenant and l.page = s.page and l.seq <= case when \
         ({SEEN_SINCE} and o.tenant = s.tenant and o.page = s.page) = {at} then {at} else 0 end \
         and l.seq > case when {here} then $4 else 0 end \
         where s.tenant = $5 and s.scope = $6 and s.withdrawn is null and {from} and s.granted <= $7 \
         order by {order}, l.seq limit $8",
        columns = log::COLUMNS
    )
}

/// Since when the person sees the page, if he does.
pub(in crate::relay) fn visible_since(
    db: &Connection,
    tenant: &TenantId,
    user: &UserId,
    page: PageId,
) -> Result<Option<u64>, StoreError> {
    let sql = format!("{SEEN_SINCE} and o.tenant = $2 and o.page = $3");
    one(db, &sql, params![user.as_str(), tenant.as_str(), page.0], |row| row.get(0))
}
