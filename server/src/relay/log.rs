//! The log's statements. Rows come out as they went in, and nothing here changes one.

use super::row::{Link, Row, first_link};
use crate::store::{StoreError, all, change, probe};
use outpost_model::envelope::{Admitted, ContactMark, Envelope};
use outpost_model::id::{DeviceId, Hash, PageId, TenantId, UserId};
use outpost_model::time::Millis;
use outpost_model::wire::Content;
use rusqlite::types::Type;
use rusqlite::{Connection, params};

/// A row of `log l`, for [`read_row`].
pub(super) const COLUMNS: &str = "l.seq, l.page, l.kind, l.hash, l.payload, l.pins, l.device, l.person, l.received, \
                                  l.contact, l.contact_server, l.contact_device, l.floor, l.chain";
/// How many those are.
pub(super) const WIDTH: usize = 14;

/// Where a tenant's log ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    pub epoch: u32,
    pub seq: u64,
    pub chain: Link,
    pub moment: Millis,
}

pub(super) fn find_end(db: &Connection, tenant: &TenantId) -> Result<Option<End>, StoreError> {
    let sql = "select epoch, seq, chain, moment from tenant where tenant = $1";
    probe(db, sql, params![tenant.as_str()], |row| {
        Ok(End { epoch: row.get(0)?, seq: row.get(1)?, chain: row.get(2)?, moment: Millis(row.get(3)?) })
    })
}

pub(super) fn end(db: &Connection, tenant: &TenantId) -> Result<End, StoreError> {
    find_end(db, tenant)?.ok_or_else(|| StoreError::damaged("the tenant has no row"))
}

pub(super) fn insert(db: &Connection, tenant: &TenantId, row: &Row, chain: &Link) -> Result<(), StoreError> {
    let (kind, payload, pins) = match &row.content {
        Content::Change(raw) => ("change", raw.as_slice(), None),
        Content::Decision(command, pins) => ("decision", command.as_bytes(), Some(pins)),
    };
    let envelope = &row.envelope;
    let mark = envelope.contact;
    let sql = "insert into log (tenant, seq, page, kind, hash, payload, pins, device, person, received, contact, \
               contact_server, contact_device, floor, chain) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    let values = params![
        tenant.as_str(),
        row.seq(),
        row.page.0,
        kind,
        row.hash.0,
        payload,
        pins,
        envelope.device.as_str(),
        envelope.user.as_str(),
        envelope.admitted.map_or(0, |admitted| admitted.received.0),
        mark.map(|mark| mark.number),
        mark.map(|mark| mark.server.0),
        mark.map(|mark| mark.device.0),
        envelope.floor.map(|floor| floor.0),
        chain,
    ];
    change(db, sql, values).map(drop)
}

pub(super) fn at(db: &Connection, tenant: &TenantId, seq: u64) -> Result<Option<(Row, Link)>, StoreError> {
    let sql = format!("select {COLUMNS} from log l where tenant = $1 and seq = $2");
    probe(db, &sql, params![tenant.as_str(), seq], read)
}

/// The row of a page that has that hash.
pub(super) fn find(db: &Connection, tenant: &TenantId, page: PageId, hash: &Hash) -> Result<Option<Row>, StoreError> {
    let sql = format!("select {COLUMNS} from log l where tenant = $1 and page = $2 and hash = $3");
    probe(db, &sql, params![tenant.as_str(), page.0, hash.0], read_row)
}

/// The chain's link at that row; before the first row, what the chain begins with.
pub(super) fn link_at(db: &Connection, tenant: &TenantId, seq: u64) -> Result<Option<Link>, StoreError> {
    if seq == 0 {
        return Ok(Some(first_link(tenant)));
    }
    let sql = "select chain from log where tenant = $1 and seq = $2";
    probe(db, sql, params![tenant.as_str(), seq], |row| row.get(0))
}

/// Rows of the whole log after a sequence, in order.
pub(super) fn after(
    db: &Connection,
    tenant: &TenantId,
    seq: u64,
    limit: usize,
) -> Result<Vec<(Row, Link)>, StoreError> {
    let sql = format!("select {COLUMNS} from log l where tenant = $1 and seq > $2 order by seq limit $3");
    all(db, &sql, params![tenant.as_str(), seq, limit as i64], read)
}

/// Rows of a page after one sequence up to another, in order.
pub(super) fn of_page(
    db: &Connection,
    tenant: &TenantId,
    page: PageId,
    (after, to): (u64, u64),
    limit: usize,
) -> Result<Vec<Row>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from log l where tenant = $1 and page = $2 and seq > $3 and seq <= $4 order by seq limit $5"
    );
    all(db, &sql, params![tenant.as_str(), page.0, after, to, limit as i64], read_row)
}

/// Raw changes of a page after one sequence up to another, in order of admission.
pub(super) fn raws_of(
    db: &Connection,
    tenant: &TenantId,
    page: PageId,
    (after, to): (u64, u64),
) -> Result<Vec<Vec<u8>>, StoreError> {
    let sql = "select payload from log where tenant = $1 and page = $2 and kind = 'change' and seq > $3 and seq <= $4 \
               order by seq";
    all(db, sql, params![tenant.as_str(), page.0, after, to], |row| row.get(0))
}

pub(super) fn read_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    read(row).map(|(row, _)| row)
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<(Row, Link)> {
    let payload: Vec<u8> = row.get(4)?;
    let content = match row.get::<_, Option<String>>(5)? {
        None => Content::Change(payload.into()),
        Some(pins) => Content::Decision(String::from_utf8(payload).map_err(|error| strange(4, error))?, pins),
    };
    let contact = match (row.get(9)?, row.get(10)?, row.get(11)?) {
        (Some(number), Some(server), Some(device)) => {
            Some(ContactMark { number, server: Millis(server), device: Millis(device) })
        }
        _ => None,
    };
    let envelope = Envelope {
        device: DeviceId::parse(&row.get::<_, String>(6)?).map_err(|error| strange(6, error))?,
        user: UserId::parse(&row.get::<_, String>(7)?).map_err(|error| strange(7, error))?,
        contact,
        floor: row.get::<_, Option<i64>>(12)?.map(Millis),
        admitted: Some(Admitted { seq: row.get(0)?, received: Millis(row.get(8)?) }),
    };
    let read = Row { page: PageId(row.get(1)?), hash: Hash(row.get(3)?), envelope, content };
    Ok((read, row.get(13)?))
}

pub(super) fn strange(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}
