//! Rows after a sequence, of pages that the person saw already when they were logged; and how things look in an
//! answer.

use super::{Basket, Reader};
use crate::relay::log;
use crate::relay::row::Row;
use crate::store::{StoreError, all, probe};
use outpost_model::id::{Hash, PageId, TenantId};
use outpost_model::wire::{Content, Item};
use rusqlite::{Connection, params};
use std::collections::{HashSet, VecDeque};

/// Rows that are read together.
const BATCH: usize = 256;

pub(super) struct Rows {
    after: u64,
    horizon: u64,
    ready: VecDeque<Row>,
    done: bool,
}

impl Rows {
    pub(super) fn new(after: u64, horizon: u64) -> Self {
        Self { after, horizon, ready: VecDeque::new(), done: false }
    }

    pub(super) fn peek(&mut self, db: &Connection, reader: &Reader<'_>) -> Result<Option<u64>, StoreError> {
        if self.ready.is_empty() && !self.done {
            let sql = format!(
                "select {} from log l where l.tenant = $1 and l.seq > $2 and l.seq <= $3 and exists \
                 (select 1 from scope_page s join holder h on h.tenant = s.tenant and h.scope = s.scope \
                 where s.tenant = l.tenant and s.page = l.page and s.withdrawn is null and s.granted < l.seq \
                 and h.person = $4 and h.until is null and h.since < l.seq) order by l.seq limit $5",
                log::COLUMNS
            );
            let values = params![reader.tenant.as_str(), self.after, self.horizon, reader.user.as_str(), BATCH as i64];
            let found = all(db, &sql, values, log::read_row)?;
            self.done = found.len() < BATCH;
            self.after = found.last().map_or(self.after, Row::seq);
            self.ready.extend(found);
        }
        Ok(self.ready.front().map(Row::seq))
    }

    pub(super) fn send(
        &mut self,
        db: &Connection,
        reader: &Reader<'_>,
        seq: u64,
        pushed: &HashSet<Hash>,
        basket: &mut Basket,
    ) -> Result<(), StoreError> {
        if self.peek(db, reader)? == Some(seq)
            && let Some(item) = self.ready.pop_front().and_then(|row| row_item(reader, row, pushed))
        {
            basket.put(item);
        }
        Ok(())
    }
}

/// The row as it travels; none for a change that the asker has just brought himself.
pub(super) fn row_item(reader: &Reader<'_>, row: Row, pushed: &HashSet<Hash>) -> Option<Item> {
    let own = matches!(row.content, Content::Change(_)) && pushed.contains(&row.hash);
    (!own).then(|| Item::Row(row.shipped(reader.tenant, reader.key)))
}

/// Pages whole, as far as the person sees them: for a drill-down.
pub(in crate::relay) fn rows_of_pages(
    db: &Connection,
    reader: &Reader<'_>,
    pages: &[PageId],
) -> Result<Vec<Item>, StoreError> {
    let mut basket = Basket::new();
    let sql = "select s.scope from scope_page s join holder h on h.tenant = s.tenant and h.scope = s.scope \
               where s.tenant = $1 and s.page = $2 and h.person = $3 and s.withdrawn is null and h.until is null \
               order by s.scope";
    for page in pages {
        if basket.is_full() {
            // Whoever asked for more asks again for what didn't come.
            break;
        }
        let values = params![reader.tenant.as_str(), page.0, reader.user.as_str()];
        let scopes: Vec<String> = all(db, sql, values, |row| row.get(0))?;
        if scopes.is_empty() {
            continue;
        }
        let header = header_of(db, reader.tenant, *page)?;
        scopes.into_iter().for_each(|scope| basket.put(Item::Granted(scope, *page, header.clone())));
        for row in log::of_page(db, reader.tenant, *page, (0, i64::MAX as u64), usize::MAX >> 1)? {
            basket.items.push(Item::Row(row.shipped(reader.tenant, reader.key)));
        }
    }
    Ok(basket.items)
}

/// Empty for a place that is no page.
fn header_of(db: &Connection, tenant: &TenantId, page: PageId) -> Result<String, StoreError> {
    let sql = "select header from page where tenant = $1 and page = $2";
    Ok(probe(db, sql, params![tenant.as_str(), page.0], |row| row.get(0))?.unwrap_or_default())
}

/// About how many bytes an item takes on the wire.
pub(super) fn weight(item: &Item) -> usize {
    match item {
        Item::Granted(scope, _, header) => 24 + scope.len() + header.len(),
        Item::Withdrawn(scope, _) => 24 + scope.len(),
        Item::Row(row) => {
            let content = match &row.content {
                Content::Change(raw) => raw.len(),
                Content::Decision(command, pins) => command.len() + pins.len(),
            };
            120 + content
        }
    }
}
