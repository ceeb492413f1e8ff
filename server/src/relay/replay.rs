//! The log played again, row by row, into empty books: how they are rebuilt, and what `verify` compares them with.
//!
//! Each row's place in the chain is worked out anew and each change passes the gate as if it came today. Headers
//! aren't in the log; they come from the page's row, and the gate proves them: no change fits a page of another
//! header.

use super::book::{Book, header_of};
use super::context::Context;
use super::hot::HotPage;
use super::log::End;
use super::row::{Row, first_link, next_link};
use super::{log, snapshot};
use crate::store::{Store, StoreError, Tx, all, change, one};
use outpost_model::fold;
use outpost_model::header::Header;
use outpost_model::id::{PageId, TenantId};
use outpost_model::time::Millis;
use outpost_model::wire::Content;
use rusqlite::{Connection, params};
use std::collections::HashMap;

/// Rows that one book takes before it is closed: pages in hand are let go then.
const CHUNK: usize = 1_000;

/// Everything that is worked out from the log, in an order in which it can be emptied.
pub(crate) const BOOKS: [&str; 24] = [
    "record",
    "work_line",
    "part_line",
    "order_flag",
    "order_row",
    "leave_row",
    "clocked_day",
    "duty",
    "search_term",
    "asset_row",
    "customer_row",
    "blob_erasure",
    "blob_mention",
    "attendance",
    "asset_home",
    "visit",
    "service_call",
    "series",
    "holder",
    "scope_page",
    "scope",
    "answer",
    "page",
    "tenant",
];

/// What was played, and what didn't fit.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Played {
    pub rows: u64,
    pub changes: u64,
    pub decisions: u64,
    pub pages: u64,
    pub orders: u64,
    /// Snapshots that were compared, or made anew.
    pub snapshots: u64,
    pub differences: Vec<String>,
}

/// More differences than this say nothing new.
const NAMED: usize = 100;

impl Played {
    pub(crate) fn differs(&mut self, what: impl Into<String>) {
        if self.differences.len() < NAMED {
            self.differences.push(what.into());
        }
    }
}

fn headers(db: &Connection, tenant: &TenantId) -> Result<HashMap<PageId, String>, StoreError> {
    let sql = "select page, header from page where tenant = $1 and header <> ''";
    let found = all(db, sql, params![tenant.as_str()], |row| Ok((PageId(row.get(0)?), row.get(1)?)))?;
    Ok(found.into_iter().collect())
}

/// Plays a log into a store of the same layout whose books are empty and which has the tenant's row at its beginning.
/// `copies` where the log itself isn't there yet. `told` hears now and then how many rows are through.
pub(crate) fn play(
    from: &Connection,
    into: &Connection,
    tenant: &TenantId,
    headers: &HashMap<PageId, String>,
    copies: bool,
    told: &mut dyn FnMut(u64),
) -> Result<Played, StoreError> {
    let context = Context::aside();
    let mut played = Played::default();
    let mut seq = 0;
    loop {
        let rows = log::after(from, tenant, seq, CHUNK)?;
        if rows.is_empty() {
            break;
        }
        let mut book = Book::open(into, tenant, &context)?;
        for (row, link) in rows {
            if row.seq() != seq + 1 {
                played.differs(format!("after row {seq} comes row {}", row.seq()));
            }
            seq = row.seq();
            if next_link(&book.end.chain, &row.canonical(tenant)) != link {
                played.differs(format!("row {seq} doesn't follow from the chain"));
            }
            if copies {
                log::insert(into, tenant, &row, &link)?;
            }
            book.end = End { seq, chain: link, moment: book.end.moment.max(received(&row)), ..book.end };
            played.rows += 1;
            if let Err(error) = enter(&mut book, row, headers, &mut played) {
                played.differs(format!("row {seq}: {error}"));
            }
        }
        // Pages of a closed book are settled: the next one reads them from its own store.
        book.close()?;
        told(played.rows);
    }
    played.pages = headers.len() as u64;
    let sql = "select count(*) from order_row where tenant = $1";
    played.orders = one(into, sql, params![tenant.as_str()], |row| row.get(0))?;
    Ok(played)
}

fn received(row: &Row) -> Millis {
    row.envelope.admitted.map_or(Millis(0), |admitted| admitted.received)
}

pub(super) fn enter(
    book: &mut Book<'_>,
    row: Row,
    headers: &HashMap<PageId, String>,
    played: &mut Played,
) -> Result<(), StoreError> {
    if row.content.hash() != row.hash {
        return Err(StoreError::damaged("its content has another hash than it says"));
    }
    let header = headers.get(&row.page).map(|text| Header::parse(text)).transpose().map_err(StoreError::damaged)?;
    match &row.content {
        Content::Change(raw) => {
            played.changes += 1;
            let header = header.ok_or_else(|| StoreError::damaged("its page has no header"))?;
            if header.page() != row.page {
                return Err(StoreError::damaged("its page's id doesn't follow from the header"));
            }
            if book.page(row.page)?.is_none() {
                book.begin_page(&header);
            }
            let hot = book.expect_page(row.page)?;
            let examined = hot.index.examine(raw, &row.envelope.device);
            let examined = examined.map_err(|verdict| StoreError::damaged(format!("the gate says {verdict:?}")))?;
            drop(hot);
            book.enter_change(&row, examined)
        }
        Content::Decision(..) => {
            played.decisions += 1;
            let decision = row.decision()?.ok_or_else(|| StoreError::damaged("no decision"))?;
            let place = decision.command.ask.place(&book.tenant, &row.envelope.user).page(&book.tenant);
            let fits = header_of(&decision.command.ask, &book.tenant)
                .is_none_or(|known| header.as_ref().is_none_or(|header| *header == known));
            if place != row.page || !fits {
                return Err(StoreError::damaged("it hangs on another page than it asks about"));
            }
            book.enter_decision(&row, decision)
        }
    }
}

/// Empties the books and makes them anew from the log, in one transaction. What they said differently is lost; the
/// log is the truth.
pub fn rebuild(store: &Store) -> Result<Played, StoreError> {
    rebuild_telling(store, |_| {})
}

/// The same; `told` hears now and then how many rows are through.
pub(super) fn rebuild_telling(store: &Store, mut told: impl FnMut(u64) + Send + 'static) -> Result<Played, StoreError> {
    let tenant = super::tenant_of(store)?.ok_or_else(|| StoreError::damaged("there is no company in this folder"))?;
    store.write(move |tx: &mut Tx<'_>| {
        let was = log::end(tx, &tenant)?;
        let headers = headers(tx, &tenant)?;
        for table in BOOKS {
            change(tx, &format!("delete from {table} where tenant = $1"), params![tenant.as_str()])?;
        }
        begin(tx, &tenant, was.epoch)?;
        let mut played = play(tx, tx, &tenant, &headers, false, &mut told)?;
        played.snapshots = remake_snapshots(tx, &tenant, &headers)?;
        // Contacts attest moments too, beyond the last row's.
        let sql = "update tenant set moment = $1 where tenant = $2 and moment < $1";
        change(tx, sql, params![was.moment.0, tenant.as_str()])?;
        Ok(played)
    })
}

fn remake_snapshots(db: &Connection, tenant: &TenantId, headers: &HashMap<PageId, String>) -> Result<u64, StoreError> {
    snapshot::drop_all(db, tenant)?;
    let mut made = 0;
    for page in snapshot::long_pages(db, tenant)? {
        let Some(header) = headers.get(&page).and_then(|text| Header::parse(text).ok()) else { continue };
        // A page that doesn't hold together was named already while its rows were played.
        let Ok(hot) = HotPage::load(db, tenant, header, i64::MAX as u64) else { continue };
        made += u64::from(hot.keep_snapshot(db, tenant)?);
    }
    Ok(made)
}

/// Loads every snapshot, and compares it with the page as its rows say it stood there.
fn check_snapshots(
    db: &Connection,
    tenant: &TenantId,
    headers: &HashMap<PageId, String>,
    played: &mut Played,
) -> Result<(), StoreError> {
    for page in snapshot::pages(db, tenant)? {
        let Some(kept) = snapshot::find(db, tenant, page)? else { continue };
        played.snapshots += 1;
        let Some(header) = headers.get(&page).and_then(|text| Header::parse(text).ok()) else {
            played.differs(format!("snapshot {page}: there is no such page"));
            continue;
        };
        if kept.open(&header).is_none() {
            played.differs(format!("snapshot {page}: it can't be loaded with the heads that it was kept with"));
        }
        match HotPage::load(db, tenant, header, kept.last) {
            Ok(hot) if hot.index.heads() != kept.heads() => {
                played.differs(format!("snapshot {page}: the log has other heads at row {}", kept.last));
            }
            Ok(hot) if hot.index.len() as u64 != kept.changes => {
                played.differs(format!("snapshot {page}: covers {} changes, not {}", hot.index.len(), kept.changes));
            }
            Ok(_) => {}
            Err(error) => played.differs(format!("snapshot {page}: {error}")),
        }
    }
    Ok(())
}

pub(crate) fn begin(db: &Connection, tenant: &TenantId, epoch: u32) -> Result<(), StoreError> {
    let sql = "insert into tenant (tenant, epoch, seq, chain, moment, books) values ($1, $2, 0, $3, 0, $4)";
    change(db, sql, params![tenant.as_str(), epoch, first_link(tenant), fold::VERSION]).map(drop)
}

/// Plays the tenant's log into a scratch store, and tries every page's document once more.
pub(crate) fn play_aside(db: &Connection, scratch: &Connection, tenant: &TenantId) -> Result<Played, StoreError> {
    let end = log::end(db, tenant)?;
    let headers = headers(db, tenant)?;
    begin(scratch, tenant, end.epoch)?;
    let mut played = play(db, scratch, tenant, &headers, true, &mut |_| {})?;
    check_snapshots(db, tenant, &headers, &mut played)?;
    for (page, header) in &headers {
        let header = Header::parse(header).map_err(StoreError::damaged)?;
        let tried = HotPage::load(scratch, tenant, header, i64::MAX as u64).and_then(|hot| {
            hot.doc(scratch, tenant)?;
            Ok(())
        });
        if let Err(error) = tried {
            played.differs(format!("page {page}: {error}"));
        }
    }
    Ok(played)
}
