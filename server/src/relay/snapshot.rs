//! Snapshots of documents: a page in one piece, so that a cold one needn't be made from all its rows.
//!
//! A cache and nothing more. One is made after a commit, when nobody waits; it is loaded again and compared before it
//! is kept, and compared with the log's heads whenever it is used. Where anything about it is wrong the rows speak,
//! and the next one takes its place.

use super::log;
use crate::store::{StoreError, all, change, probe};
use outpost_model::header::Header;
use outpost_model::id::{Hash, PageId, TenantId};
use outpost_model::page::Page;
use rusqlite::{Connection, params};

/// A page gets another snapshot when it has so many more changes than its last one: making one from so many rows
/// takes about as long as a commit.
pub(super) const EVERY: u64 = 64;

pub(super) struct Snapshot {
    /// How many changes it covers, and up to which sequence.
    pub changes: u64,
    pub last: u64,
    heads: Vec<u8>,
    bytes: Vec<u8>,
}

const COLUMNS: &str = "changes, last, heads, bytes";

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Snapshot> {
    Ok(Snapshot { changes: row.get(0)?, last: row.get(1)?, heads: row.get(2)?, bytes: row.get(3)? })
}

impl Snapshot {
    pub fn heads(&self) -> Vec<Hash> {
        self.heads.as_chunks::<32>().0.iter().map(|head| Hash(*head)).collect()
    }

    /// The document, if the bytes hold one with those heads.
    pub fn open(&self, header: &Header) -> Option<Page> {
        Page::load(header.clone(), &self.bytes, &self.heads()).ok()
    }
}

/// How many changes the page's snapshot covers; 0 without one.
pub(super) fn covers(db: &Connection, tenant: &TenantId, page: PageId) -> Result<u64, StoreError> {
    let sql = "select changes from snapshot where tenant = $1 and page = $2";
    Ok(probe(db, sql, params![tenant.as_str(), page.0], |row| row.get(0))?.unwrap_or(0))
}

pub(super) fn find(db: &Connection, tenant: &TenantId, page: PageId) -> Result<Option<Snapshot>, StoreError> {
    let sql = format!("select {COLUMNS} from snapshot where tenant = $1 and page = $2");
    probe(db, &sql, params![tenant.as_str(), page.0], read)
}

/// Pages that have one.
pub(super) fn pages(db: &Connection, tenant: &TenantId) -> Result<Vec<PageId>, StoreError> {
    let sql = "select page from snapshot where tenant = $1 order by page";
    all(db, sql, params![tenant.as_str()], |row| row.get(0).map(PageId))
}

/// Pages that deserve one.
pub(super) fn long_pages(db: &Connection, tenant: &TenantId) -> Result<Vec<PageId>, StoreError> {
    let sql = "select page from log where tenant = $1 and kind = 'change' group by page having count(*) >= $2";
    all(db, sql, params![tenant.as_str(), EVERY], |row| row.get(0).map(PageId))
}

pub(super) fn drop_all(db: &Connection, tenant: &TenantId) -> Result<(), StoreError> {
    change(db, "delete from snapshot where tenant = $1", params![tenant.as_str()]).map(drop)
}

/// Makes a document's snapshot and keeps it in the place of the last one; that goes in any case.
pub(super) fn keep(
    db: &Connection,
    tenant: &TenantId,
    doc: &Page,
    (changes, last): (u64, u64),
) -> Result<bool, StoreError> {
    let (page, heads) = (doc.header().page(), doc.heads());
    change(db, "delete from snapshot where tenant = $1 and page = $2", params![tenant.as_str(), page.0])?;
    let (bytes, heads) = (doc.snapshot(), heads.iter().flat_map(|head| head.0).collect());
    let snapshot = Snapshot { changes, last, heads, bytes };
    if !snapshot.open(doc.header()).is_some_and(|loaded| same(&loaded, doc)) {
        return Ok(false);
    }
    let Snapshot { heads, bytes, .. } = snapshot;
    let sql = "insert into snapshot (tenant, page, changes, last, heads, bytes) values ($1, $2, $3, $4, $5, $6)";
    change(db, sql, params![tenant.as_str(), page.0, changes, last, heads, bytes])?;
    Ok(true)
}

fn same(loaded: &Page, doc: &Page) -> bool {
    let sorted = |page: &Page| {
        let mut raws = page.raws();
        raws.sort_unstable();
        raws
    };
    sorted(loaded) == sorted(doc)
}

/// The page's document from its snapshot and the rows since, up to a sequence. None where there is no snapshot, or
/// anything is wrong with it.
pub(super) fn document(db: &Connection, tenant: &TenantId, header: &Header, last: u64) -> Option<Page> {
    let page = header.page();
    let snapshot = find(db, tenant, page).ok().flatten().filter(|snapshot| snapshot.last <= last)?;
    let mut doc = snapshot.open(header)?;
    doc.extend(&log::raws_of(db, tenant, page, (snapshot.last, last)).ok()?).ok()?;
    Some(doc)
}
