//! Epochs: the times of a log. A log that was put back to an earlier state goes on in another epoch, so that every
//! phone reads anew and offers what it holds, and nothing that was given out once is given out again.
//!
//! That the log was put back is seen without anybody's help: by a place that this relay itself gave out in this very
//! epoch (the cursor carries its proof), and of which the log knows nothing.

use super::log::{self, End};
use super::row::Link;
use super::tenant_of;
use crate::store::{Store, StoreError, Tx, all, change, probe};
use hmac::{Hmac, Mac};
use outpost_model::id::TenantId;
use outpost_model::time::Millis;
use outpost_model::wire::Cursor;
use rusqlite::{Connection, params};
use sha2::Sha256;

/// Numbers that no device had yet: contacts that the log forgot keep theirs.
const CONTACTS: u32 = 100_000;

/// Why an epoch began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// `outpost restore` put a backup into an empty folder.
    Restored,
    /// At the start the log stood before what was noted beside it.
    BehindItsMark,
    /// A phone showed a place that the log had once and doesn't know.
    ShownByPhone,
    /// `outpost doctor` made the log anew from what was whole.
    Salvaged,
    /// The key for the codes on rows was lost: what phones hold under it proves nothing any more.
    KeyLost,
}

impl Why {
    pub const ALL: [Why; 5] = [Why::Restored, Why::BehindItsMark, Why::ShownByPhone, Why::Salvaged, Why::KeyLost];

    pub fn name(self) -> &'static str {
        match self {
            Why::Restored => "restored",
            Why::BehindItsMark => "behind_its_mark",
            Why::ShownByPhone => "shown_by_phone",
            Why::Salvaged => "salvaged",
            Why::KeyLost => "key_lost",
        }
    }
}

/// How an epoch began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beginning {
    pub epoch: u32,
    pub at: Millis,
    pub why: String,
    /// The log's last row then.
    pub seq: u64,
    /// The last row that the time before is known to have had.
    pub known: Option<u64>,
    /// What is to be said about it, in JSON; empty where there is nothing.
    pub detail: String,
}

/// What is known about the time that was lost.
#[derive(Debug, Clone, Default)]
pub struct Lost {
    /// An epoch that it had.
    pub epoch: u32,
    /// A sequence that it reached.
    pub known: Option<u64>,
    pub detail: String,
}

/// Begins an epoch beyond every one that is known of. No contact that the log forgot gets its number again.
pub(crate) fn begin(db: &Connection, tenant: &TenantId, why: Why, lost: &Lost, now: Millis) -> Result<u32, StoreError> {
    let end = log::end(db, tenant)?;
    let epoch = end.epoch.max(lost.epoch) + 1;
    change(db, "update tenant set epoch = $1 where tenant = $2", params![epoch, tenant.as_str()])?;
    change(db, "update device set contact = contact + $1 where tenant = $2", params![CONTACTS, tenant.as_str()])?;
    let sql =
        "insert into epoch (tenant, epoch, began, reason, seq, known, detail) values ($1, $2, $3, $4, $5, $6, $7)";
    let values = params![tenant.as_str(), epoch, now.0, why.name(), end.seq, lost.known, lost.detail];
    change(db, sql, values)?;
    Ok(epoch)
}

/// Begins an epoch for that reason; its number.
pub fn turn(store: &Store, why: Why, lost: Lost, now: Millis) -> Result<u32, StoreError> {
    let tenant = tenant_of(store)?.ok_or_else(|| StoreError::damaged("there is no company in this folder"))?;
    store.write(move |tx: &mut Tx<'_>| begin(tx, &tenant, why, &lost, now))
}

/// After the store was put back from a copy: every phone reads anew and offers what it has.
pub fn begin_epoch(store: &Store) -> Result<(), StoreError> {
    turn(store, Why::Restored, Lost::default(), Millis(0)).map(drop)
}

/// Every epoch that didn't begin with the company itself, oldest first.
pub fn epochs(store: &Store) -> Result<Vec<Beginning>, StoreError> {
    let Some(tenant) = tenant_of(store)? else { return Ok(Vec::new()) };
    let sql = "select epoch, began, reason, seq, known, detail from epoch where tenant = $1 order by epoch";
    store.read(|db| {
        all(db, sql, params![tenant.as_str()], |row| {
            Ok(Beginning {
                epoch: row.get(0)?,
                at: Millis(row.get(1)?),
                why: row.get(2)?,
                seq: row.get(3)?,
                known: row.get(4)?,
                detail: row.get(5)?,
            })
        })
    })
}

/// The proof that this relay gave a place out.
pub(super) fn proof(key: &[u8; 32], tenant: &TenantId, cursor: &Cursor) -> [u8; 16] {
    let mac: [u8; 32] = keyed(key, tenant, cursor).finalize().into_bytes().into();
    let mut proof = [0; 16];
    proof.copy_from_slice(&mac[..16]);
    proof
}

fn keyed(key: &[u8; 32], tenant: &TenantId, cursor: &Cursor) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length will do");
    mac.update(b"outpost cursor 1\0");
    mac.update(tenant.as_str().as_bytes());
    mac.update(&[0]);
    mac.update(&cursor.epoch.to_be_bytes());
    mac.update(&cursor.seq.to_be_bytes());
    mac.update(&cursor.chain);
    mac
}

/// Whether somebody shows a place that this relay gave out in its present epoch, and that its log doesn't know.
pub(super) fn shows_a_lost_time(
    db: &Connection,
    tenant: &TenantId,
    key: &[u8; 32],
    cursor: &Cursor,
) -> Result<bool, StoreError> {
    let Some(given) = cursor.mac else { return Ok(false) };
    let end = log::end(db, tenant)?;
    if cursor.epoch != end.epoch || knows(db, tenant, &end, cursor.seq, &cursor.chain)? {
        return Ok(false);
    }
    Ok(keyed(key, tenant, cursor).verify_truncated_left(&given).is_ok())
}

/// Whether the log had that link, or its beginning, at that sequence.
fn knows(db: &Connection, tenant: &TenantId, end: &End, seq: u64, chain: &[u8]) -> Result<bool, StoreError> {
    if seq > end.seq {
        return Ok(false);
    }
    let link: Option<Link> = log::link_at(db, tenant, seq)?;
    Ok(link.is_some_and(|link| link.starts_with(chain)))
}

/// A row of the lost time came back, or was here already; where it stood then.
pub(super) fn note_return(db: &Connection, tenant: &TenantId, was: u64) -> Result<(), StoreError> {
    let sql = "insert into returned (tenant, epoch, was) select e.tenant, e.epoch, $1 from epoch e where e.tenant = $2 \
               and e.seq < $1 and e.epoch = (select epoch from tenant where tenant = $2) on conflict do nothing";
    if change(db, sql, params![was, tenant.as_str()])? > 0 {
        raise_known(db, tenant, was)?;
    }
    Ok(())
}

/// The lost time had come at least so far.
fn raise_known(db: &Connection, tenant: &TenantId, known: u64) -> Result<(), StoreError> {
    let sql = "update epoch set known = $1 where tenant = $2 and coalesce(known, 0) < $1 and seq < $1 \
               and epoch = (select epoch from tenant where tenant = $2)";
    change(db, sql, params![known, tenant.as_str()]).map(drop)
}

/// Whether somebody shows a place of an earlier epoch that lies beyond what is known of it.
pub(super) fn tells_of_more(
    db: &Connection,
    tenant: &TenantId,
    key: &[u8; 32],
    cursor: &Cursor,
) -> Result<bool, StoreError> {
    let sql = "select 1 from epoch where tenant = $1 and epoch > $2 and seq < $3 and coalesce(known, 0) < $3 \
               and epoch = (select epoch from tenant where tenant = $1)";
    let Some(given) = cursor.mac else { return Ok(false) };
    // What isn't proved isn't looked up either.
    let is_ours = keyed(key, tenant, cursor).verify_truncated_left(&given).is_ok();
    Ok(is_ours && probe(db, sql, params![tenant.as_str(), cursor.epoch, cursor.seq], |_| Ok(()))?.is_some())
}

/// What a phone shows of an earlier epoch says how far the log had come.
pub(super) fn learn(db: &Connection, tenant: &TenantId, cursor: &Cursor) -> Result<(), StoreError> {
    raise_known(db, tenant, cursor.seq)
}

/// What the present epoch's log lacks of the time before, as far as anybody has told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    pub why: String,
    /// The first and the last row that were lost.
    pub first: u64,
    pub last: u64,
    /// Where rows stood that nobody has brought back with their codes.
    pub missing: Vec<(u64, u64)>,
}

/// The gap that the present epoch began with, if it began with one.
pub(crate) fn gap(db: &Connection, tenant: &TenantId) -> Result<Option<Gap>, StoreError> {
    let sql = "select e.reason, e.seq, e.known, e.epoch from epoch e join tenant t on t.tenant = e.tenant \
               and t.epoch = e.epoch where e.tenant = $1 and e.known > e.seq";
    let begun = probe(db, sql, params![tenant.as_str()], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, u64>(1)?, row.get::<_, u64>(2)?, row.get::<_, u32>(3)?))
    })?;
    let Some((why, seq, last, epoch)) = begun else { return Ok(None) };
    let sql = "select was from returned where tenant = $1 and epoch = $2 and was > $3 order by was";
    let returned = all(db, sql, params![tenant.as_str(), epoch, seq], |row| row.get::<_, u64>(0))?;
    let (mut missing, mut next) = (Vec::new(), seq + 1);
    for was in returned.into_iter().chain([last + 1]) {
        if was > next {
            missing.push((next, was - 1));
        }
        next = was + 1;
    }
    Ok(Some(Gap { why, first: seq + 1, last, missing }))
}

/// Whether a log, which is only read, had that link at that sequence.
pub(crate) fn knows_place(db: &Connection, tenant: &TenantId, seq: u64, chain: &Link) -> Result<bool, StoreError> {
    let end = log::end(db, tenant)?;
    knows(db, tenant, &end, seq, chain)
}

/// Where a log ends, or an epoch of it: what a mark beside the folder remembers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    pub tenant: TenantId,
    pub epoch: u32,
    pub seq: u64,
    pub chain: Link,
}

/// How far the log has come.
pub fn reached(store: &Store) -> Result<Option<Reached>, StoreError> {
    let Some(tenant) = tenant_of(store)? else { return Ok(None) };
    let end = store.read(|db| log::find_end(db, &tenant))?;
    Ok(end.map(|end| Reached { tenant, epoch: end.epoch, seq: end.seq, chain: end.chain }))
}

/// Whether the log has been where somebody remembers it to have been.
pub fn has_been(store: &Store, place: &Reached) -> Result<bool, StoreError> {
    store.read(|db| {
        let Some(end) = log::find_end(db, &place.tenant)? else { return Ok(false) };
        Ok(place.epoch <= end.epoch
            && (place.epoch < end.epoch || knows(db, &place.tenant, &end, place.seq, &place.chain)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_holds_for_its_place_alone() {
        let (key, tenant) = ([3; 32], TenantId::parse("acme").unwrap());
        let place = Cursor { epoch: 2, seq: 7, chain: [5; 16], backfill: None, mac: None };
        let given = proof(&key, &tenant, &place);
        let holds = |place: &Cursor| keyed(&key, &tenant, place).verify_truncated_left(&given).is_ok();
        assert!(holds(&place));
        for other in [
            Cursor { epoch: 3, ..place.clone() },
            Cursor { seq: 8, ..place.clone() },
            Cursor { chain: [6; 16], ..place.clone() },
        ] {
            assert!(!holds(&other));
        }
    }

    #[test]
    fn reasons_have_names_of_their_own() {
        let names: std::collections::BTreeSet<_> = Why::ALL.iter().map(|why| why.name()).collect();
        assert_eq!(names.len(), Why::ALL.len());
    }
}
