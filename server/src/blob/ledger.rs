//! The ledger of files: which are here, which are on their way, what is to be thrown away, who brought how much.
//! Statements only; what they mean is said where they are put together.

use super::shelf::Piece;
use crate::store::{StoreError, all, change, one, probe};
use outpost_model::blob::BlobKind;
use outpost_model::id::{DeviceId, Hash, PageId, TenantId};
use outpost_model::time::Millis;
use rusqlite::types::Type;
use rusqlite::{Connection, Row, params};
use std::fmt;

/// A file that is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub place: String,
    pub size: u64,
    /// None as long as nobody has looked at bytes that were found without a row.
    pub kind: Option<BlobKind>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UploadId(pub [u8; 16]);

impl UploadId {
    pub fn parse(text: &str) -> Option<Self> {
        let mut id = [0; 16];
        let lower = text.len() == 32 && !text.bytes().any(|byte| byte.is_ascii_uppercase());
        (lower && hex::decode_to_slice(text, &mut id).is_ok()).then_some(Self(id))
    }
}

impl fmt::Display for UploadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// A file on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    pub id: UploadId,
    pub device: DeviceId,
    pub page: PageId,
    pub blob: Hash,
    /// Where its bytes grow; empty once the file stands under its hash.
    pub draft: String,
    pub length: u64,
    /// What was acknowledged.
    pub reached: u64,
    pub expires: Millis,
}

impl Upload {
    /// Where the file will stand. Another upload of the same file has another place, so that deleting one never hurts
    /// the other.
    pub fn destination(&self) -> String {
        let (name, id) = (self.blob.to_string(), self.id.to_string());
        format!("{}/{}.{}", &name[..2], &name[2..], &id[..8])
    }

    pub fn is_here(&self) -> bool {
        self.draft.is_empty()
    }
}

type Done<T> = Result<T, StoreError>;

fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    Ok(Kept { place: row.get(0)?, size: row.get(1)?, kind: BlobKind::of_number(row.get(2)?) })
}

pub fn find(db: &Connection, tenant: &TenantId, blob: &Hash) -> Done<Option<Kept>> {
    let sql = "select place, size, kind from blob where tenant = $1 and blob = $2";
    probe(db, sql, params![tenant.as_str(), blob.0], kept)
}

/// Files found without a row that nobody has looked at yet.
pub fn unseen(db: &Connection, tenant: &TenantId) -> Done<Vec<(Hash, Kept)>> {
    let sql = "select place, size, kind, blob from blob where tenant = $1 and lease is not null and kind = 0";
    all(db, sql, params![tenant.as_str()], |row| Ok((Hash(row.get(3)?), kept(row)?)))
}

/// The file stands there from now on, whatever was said of it before.
pub fn keep(
    db: &Connection,
    tenant: &TenantId,
    blob: &Hash,
    file: &Kept,
    at: Millis,
    lease: Option<Millis>,
) -> Done<()> {
    let kind = file.kind.map_or(0, BlobKind::number);
    let sql = "insert into blob (tenant, blob, place, size, kind, at, lease) values ($1, $2, $3, $4, $5, $6, $7)
               on conflict (tenant, blob) do update set place = excluded.place, size = excluded.size,
               kind = excluded.kind, at = excluded.at, lease = excluded.lease";
    let lease = lease.map(|lease| lease.0);
    change(db, sql, params![tenant.as_str(), blob.0, file.place, file.size, kind, at.0, lease]).map(drop)
}

/// Whoever counts on the file puts its collection off.
pub fn extend_lease(db: &Connection, tenant: &TenantId, blob: &Hash, lease: Millis) -> Done<()> {
    let sql = "update blob set lease = $1 where tenant = $2 and blob = $3 and lease < $1";
    change(db, sql, params![lease.0, tenant.as_str(), blob.0]).map(drop)
}

/// A page names it: nobody collects it any more.
pub fn settle_lease(db: &Connection, tenant: &TenantId, blob: &Hash) -> Done<()> {
    let sql = "update blob set lease = null where tenant = $1 and blob = $2";
    change(db, sql, params![tenant.as_str(), blob.0]).map(drop)
}

/// Files whose lease has run out, a few at a time.
pub fn run_out(db: &Connection, tenant: &TenantId, now: Millis) -> Done<Vec<Hash>> {
    let sql = "select blob from blob where tenant = $1 and lease <= $2 order by lease limit 500";
    all(db, sql, params![tenant.as_str(), now.0], |row| row.get(0).map(Hash))
}

/// The place of a file whose lease has still run out.
pub fn run_out_place(db: &Connection, tenant: &TenantId, blob: &Hash, now: Millis) -> Done<Option<String>> {
    let sql = "select place from blob where tenant = $1 and blob = $2 and lease <= $3";
    probe(db, sql, params![tenant.as_str(), blob.0, now.0], |row| row.get(0))
}

pub fn forget(db: &Connection, tenant: &TenantId, blob: &Hash) -> Done<()> {
    let sql = "delete from blob where tenant = $1 and blob = $2";
    change(db, sql, params![tenant.as_str(), blob.0]).map(drop)
}

pub fn is_named(db: &Connection, tenant: &TenantId, blob: &Hash) -> Done<bool> {
    let sql = "select 1 from blob_mention where tenant = $1 and blob = $2 limit 1";
    Ok(probe(db, sql, params![tenant.as_str(), blob.0], |_| Ok(()))?.is_some())
}

pub fn is_erased(db: &Connection, tenant: &TenantId, blob: &Hash) -> Done<bool> {
    let sql = "select 1 from blob_erasure where tenant = $1 and blob = $2 limit 1";
    Ok(probe(db, sql, params![tenant.as_str(), blob.0], |_| Ok(()))?.is_some())
}

/// Bytes of all files that are here, and of those on their way.
pub fn bytes(db: &Connection, tenant: &TenantId) -> Done<u64> {
    let sql = "select coalesce((select sum(size) from blob where tenant = $1), 0)
               + coalesce((select sum(length) from upload where tenant = $1 and place <> ''), 0)";
    one(db, sql, params![tenant.as_str()], |row| row.get(0))
}

const UPLOAD: &str = "id, device, page, blob, place, length, reached, expires";

fn upload(row: &Row<'_>) -> rusqlite::Result<Upload> {
    let device: String = row.get(1)?;
    let strange = |error| rusqlite::Error::FromSqlConversionFailure(1, Type::Text, Box::new(error));
    Ok(Upload {
        id: UploadId(row.get(0)?),
        device: DeviceId::parse(&device).map_err(strange)?,
        page: PageId(row.get(2)?),
        blob: Hash(row.get(3)?),
        draft: row.get(4)?,
        length: row.get(5)?,
        reached: row.get(6)?,
        expires: Millis(row.get(7)?),
    })
}

pub fn upload_of(db: &Connection, tenant: &TenantId, device: &DeviceId, blob: &Hash) -> Done<Option<Upload>> {
    let sql = &format!("select {UPLOAD} from upload where tenant = $1 and device = $2 and blob = $3");
    probe(db, sql, params![tenant.as_str(), device.as_str(), blob.0], upload)
}

pub fn find_upload(db: &Connection, tenant: &TenantId, id: &UploadId) -> Done<Option<Upload>> {
    let sql = &format!("select {UPLOAD} from upload where tenant = $1 and id = $2");
    probe(db, sql, params![tenant.as_str(), id.0], upload)
}

/// The draft that is to become, or has just become, that place.
pub fn upload_to(db: &Connection, tenant: &TenantId, blob: &Hash, place: &str) -> Done<bool> {
    let sql = &format!("select {UPLOAD} from upload where tenant = $1 and blob = $2 and place <> ''");
    let open = all(db, sql, params![tenant.as_str(), blob.0], upload)?;
    Ok(open.iter().any(|upload| upload.destination() == place))
}

pub fn has_draft(db: &Connection, tenant: &TenantId, draft: &str) -> Done<bool> {
    let sql = "select 1 from upload where tenant = $1 and place = $2";
    Ok(probe(db, sql, params![tenant.as_str(), draft], |_| Ok(()))?.is_some())
}

pub fn given_up(db: &Connection, tenant: &TenantId, now: Millis) -> Done<Vec<UploadId>> {
    let sql = "select id from upload where tenant = $1 and expires <= $2 limit 500";
    all(db, sql, params![tenant.as_str(), now.0], |row| row.get(0).map(UploadId))
}

pub fn begin_upload(db: &Connection, tenant: &TenantId, new: &Upload) -> Done<()> {
    let sql = &format!("insert into upload (tenant, {UPLOAD}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    let Upload { id, device, page, blob, draft, length, reached, expires } = new;
    let row = params![tenant.as_str(), id.0, device.as_str(), page.0, blob.0, draft, length, reached, expires.0];
    change(db, sql, row).map(drop)
}

/// Moves the acknowledged end on; false where it isn't where it was.
pub fn reach(db: &Connection, tenant: &TenantId, from: &Upload, to: u64, expires: Millis) -> Done<bool> {
    let sql = "update upload set reached = $1, expires = $2
               where tenant = $3 and id = $4 and reached = $5 and place = $6";
    let row = params![to, expires.0, tenant.as_str(), from.id.0, from.reached, from.draft];
    Ok(change(db, sql, row)? == 1)
}

/// Nothing of its own is left: the file stands under its hash.
pub fn end_upload(db: &Connection, tenant: &TenantId, id: &UploadId, expires: Millis) -> Done<()> {
    let sql = "update upload set place = '', reached = length, expires = $1 where tenant = $2 and id = $3";
    change(db, sql, params![expires.0, tenant.as_str(), id.0]).map(drop)
}

pub fn put_off_expiry(db: &Connection, tenant: &TenantId, id: &UploadId, expires: Millis) -> Done<()> {
    let sql = "update upload set expires = $1 where tenant = $2 and id = $3";
    change(db, sql, params![expires.0, tenant.as_str(), id.0]).map(drop)
}

pub fn forget_upload(db: &Connection, tenant: &TenantId, id: &UploadId) -> Done<()> {
    change(db, "delete from upload where tenant = $1 and id = $2", params![tenant.as_str(), id.0]).map(drop)
}

pub fn add_piece(db: &Connection, tenant: &TenantId, id: &UploadId, piece: &Piece) -> Done<()> {
    let sql = "insert into upload_piece (tenant, id, start, size, place) values ($1, $2, $3, $4, $5)";
    change(db, sql, params![tenant.as_str(), id.0, piece.start, piece.size, piece.place]).map(drop)
}

pub fn pieces(db: &Connection, tenant: &TenantId, id: &UploadId) -> Done<Vec<Piece>> {
    let sql = "select start, size, place from upload_piece where tenant = $1 and id = $2 order by start";
    all(db, sql, params![tenant.as_str(), id.0], |row| {
        Ok(Piece { start: row.get(0)?, size: row.get(1)?, place: row.get(2)? })
    })
}

pub fn forget_pieces(db: &Connection, tenant: &TenantId, id: &UploadId) -> Done<()> {
    change(db, "delete from upload_piece where tenant = $1 and id = $2", params![tenant.as_str(), id.0]).map(drop)
}

/// What stands there is to be deleted.
pub fn throw_away(db: &Connection, tenant: &TenantId, place: &str) -> Done<()> {
    let sql = "insert into blob_trash (tenant, place) values ($1, $2) on conflict do nothing";
    change(db, sql, params![tenant.as_str(), place]).map(drop)
}

pub fn trash(db: &Connection, tenant: &TenantId) -> Done<Vec<String>> {
    let sql = "select place from blob_trash where tenant = $1 order by place limit 1000";
    all(db, sql, params![tenant.as_str()], |row| row.get(0))
}

pub fn is_trash(db: &Connection, tenant: &TenantId, place: &str) -> Done<bool> {
    let sql = "select 1 from blob_trash where tenant = $1 and place = $2";
    Ok(probe(db, sql, params![tenant.as_str(), place], |_| Ok(()))?.is_some())
}

/// It has been deleted.
pub fn empty(db: &Connection, tenant: &TenantId, place: &str) -> Done<()> {
    change(db, "delete from blob_trash where tenant = $1 and place = $2", params![tenant.as_str(), place]).map(drop)
}

/// What a device has brought on a day.
pub fn share(db: &Connection, tenant: &TenantId, device: &DeviceId, day: i64) -> Done<u64> {
    let sql = "select bytes from blob_share where tenant = $1 and device = $2 and day = $3";
    Ok(probe(db, sql, params![tenant.as_str(), device.as_str(), day], |row| row.get(0))?.unwrap_or(0))
}

/// Counts what a device brings; of earlier days nobody asks any more.
pub fn count_share(db: &Connection, tenant: &TenantId, device: &DeviceId, day: i64, bytes: u64) -> Done<()> {
    let sql = "delete from blob_share where tenant = $1 and device = $2 and day < $3";
    change(db, sql, params![tenant.as_str(), device.as_str(), day])?;
    let sql = "insert into blob_share (tenant, device, day, bytes) values ($1, $2, $3, $4)
               on conflict (tenant, device, day) do update set bytes = blob_share.bytes + excluded.bytes";
    change(db, sql, params![tenant.as_str(), device.as_str(), day, bytes]).map(drop)
}
