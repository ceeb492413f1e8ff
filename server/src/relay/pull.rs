//! A pull: what came after a cursor, for one person, in the order of the log.
//!
//! Three things happen at a sequence, in this order: pages leave a scope, pages join a scope, a row stands. A page
//! that someone sees newly comes whole at the sequence of its grant, whatever the age of its rows; a row of a page
//! that he saw before comes at its own. So everything has one place, and the cursor is that place: a sequence, and
//! inside a grant the page and row that were sent last. All of it is read in one snapshot.

mod grants;
mod rows;
mod withdrawals;

pub(super) use grants::visible_since;
pub(super) use rows::rows_of_pages;

use super::log::End;
use super::{epoch, log};
use crate::store::{StoreError, all, probe};
use grants::Grants;
use outpost_model::id::{Hash, PageId, TenantId, UserId};
use outpost_model::wire::{Cursor, Item, REPLY_BUDGET, ScopeDigest, Sum};
use rows::Rows;
use rusqlite::{Connection, params};
use std::collections::HashSet;
use withdrawals::Withdrawals;

/// Sequences that one request looks through at most, whoever they belong to.
const WINDOW: u64 = 50_000;

/// Who reads, and the key for the codes on rows.
pub(super) struct Reader<'a> {
    pub tenant: &'a TenantId,
    pub user: &'a UserId,
    pub key: &'a [u8; 32],
}

#[derive(Debug)]
pub(super) struct Pulled {
    pub items: Vec<Item>,
    pub cursor: Cursor,
    pub digests: Vec<ScopeDigest>,
    pub more: bool,
    pub offer_all: bool,
}

/// A scope that the person holds, or held.
#[derive(Debug, Clone)]
pub(super) struct Holding {
    pub scope: String,
    pub since: u64,
    pub until: Option<u64>,
}

pub(super) fn holdings(db: &Connection, tenant: &TenantId, user: &UserId) -> Result<Vec<Holding>, StoreError> {
    let sql = "select scope, since, until from holder where tenant = $1 and person = $2 order by scope";
    all(db, sql, params![tenant.as_str(), user.as_str()], |row| {
        Ok(Holding { scope: row.get(0)?, since: row.get(1)?, until: row.get(2)? })
    })
}

/// Where reading begins.
#[derive(Debug, Clone, Copy)]
struct Start {
    seq: u64,
    backfill: Option<(PageId, u64)>,
    /// The phone holds something already: what was taken away has to be said.
    knows: bool,
    offer_all: bool,
}

fn start(db: &Connection, tenant: &TenantId, end: &End, cursor: Option<&Cursor>) -> Result<Start, StoreError> {
    let Some(cursor) = cursor else { return Ok(Start { seq: 0, backfill: None, knows: false, offer_all: false }) };
    let link =
        if cursor.epoch == end.epoch && cursor.seq <= end.seq { log::link_at(db, tenant, cursor.seq)? } else { None };
    Ok(match link {
        // Inside a backfill the cursor stands at a grant, and no grant is the log's beginning.
        Some(link) if link[..16] == cursor.chain && (cursor.seq > 0 || cursor.backfill.is_none()) => {
            Start { seq: cursor.seq, backfill: cursor.backfill, knows: true, offer_all: false }
        }
        _ => Start { seq: 0, backfill: None, knows: true, offer_all: true },
    })
}

/// Whether the cursor is of a time that this log doesn't know: its phone has rows to bring back.
pub(super) fn is_of_another_time(db: &Connection, tenant: &TenantId, cursor: &Cursor) -> Result<bool, StoreError> {
    let end = log::end(db, tenant)?;
    Ok(start(db, tenant, &end, Some(cursor))?.offer_all)
}

/// Collects items until the answer is full.
pub(super) struct Basket {
    pub items: Vec<Item>,
    left: usize,
}

impl Basket {
    pub fn new() -> Self {
        Self { items: Vec::new(), left: REPLY_BUDGET }
    }
    pub fn put(&mut self, item: Item) {
        self.left = self.left.saturating_sub(rows::weight(&item));
        self.items.push(item);
    }
    pub fn is_full(&self) -> bool {
        self.left == 0
    }
}

pub(super) fn pull(
    db: &Connection,
    reader: &Reader<'_>,
    cursor: Option<&Cursor>,
    pushed: &HashSet<Hash>,
) -> Result<Pulled, StoreError> {
    let end = log::end(db, reader.tenant)?;
    let start = start(db, reader.tenant, &end, cursor)?;
    let holdings = holdings(db, reader.tenant, reader.user)?;
    let horizon = end.seq.min(start.seq.saturating_add(WINDOW));

    let mut basket = Basket::new();
    let mut grants = Grants::new(&holdings, start.seq, start.backfill, horizon);
    let mut leaving = Withdrawals::new(&holdings, start.seq, horizon, start.knows);
    let mut rows = Rows::new(start.seq - u64::from(start.backfill.is_some()), horizon);
    let mut place = (horizon, None);
    loop {
        let next = [leaving.peek(db, reader)?, grants.peek(db, reader)?, rows.peek(db, reader)?];
        let Some(seq) = next.into_iter().flatten().min() else { break };
        if basket.is_full() {
            // Everything below this sequence has been sent.
            place = (seq - 1, None);
            break;
        }
        leaving.send(db, reader, seq, &mut basket)?;
        let resumed = start.backfill.filter(|_| seq == start.seq);
        if let Some(inside) = grants.send(db, reader, seq, resumed, pushed, &mut basket)? {
            place = (seq, Some(inside));
            break;
        }
        rows.send(db, reader, seq, pushed, &mut basket)?;
    }
    let (seq, backfill) = place;
    let more = backfill.is_some() || seq < end.seq;
    let chain =
        log::link_at(db, reader.tenant, seq)?.ok_or_else(|| StoreError::damaged(format!("row {seq} is missing")))?;
    let mut short = [0; 16];
    short.copy_from_slice(&chain[..16]);
    let digests = if more { Vec::new() } else { digests(db, reader.tenant, &holdings)? };
    let mut cursor = Cursor { epoch: end.epoch, seq, chain: short, backfill, mac: None };
    cursor.mac = Some(epoch::proof(reader.key, reader.tenant, &cursor));
    Ok(Pulled { items: basket.items, cursor, digests, more, offer_all: start.offer_all })
}

/// The sum of each scope that the person holds.
fn digests(db: &Connection, tenant: &TenantId, holdings: &[Holding]) -> Result<Vec<ScopeDigest>, StoreError> {
    let sql = "select total from scope where tenant = $1 and scope = $2";
    let held = holdings.iter().filter(|holding| holding.until.is_none());
    held.map(|holding| {
        let total = probe(db, sql, params![tenant.as_str(), holding.scope], |row| row.get(0))?;
        Ok(ScopeDigest { scope: holding.scope.clone(), sum: Sum(total.map_or(0, u128::from_be_bytes)) })
    })
    .collect()
}
