//! What commands were answered, and the bytes of what was refused.
//!
//! A command that was taken, or found to be so already, is answered the same way however often it comes. One that was
//! refused had no effect: it leaves nothing here, and is judged anew when it comes again.

use crate::store::{StoreError, change, one, probe};
use outpost_model::id::{CommandId, DeviceId, Hash, TenantId};
use outpost_model::problem::Code;
use outpost_model::time::Millis;
use outpost_model::wire::{Refused, Verdict, parse_frame};
use rusqlite::{Connection, params};

/// Bytes of refused changes and commands that are kept of one device.
const REFUSED_BYTES: i64 = 4 << 20;

pub(super) enum Kept {
    /// Not answered yet.
    Open,
    Answered(Verdict),
    /// The id was used for something else.
    Reused,
}

/// An answer as it was kept.
pub(super) struct Known {
    pub content: Hash,
    pub reply: Vec<u8>,
}

pub(super) fn recall(
    db: &Connection,
    tenant: &TenantId,
    device: &DeviceId,
    command: CommandId,
) -> Result<Option<Known>, StoreError> {
    let sql = "select content, reply from verdict where tenant = $1 and device = $2 and command = $3";
    probe(db, sql, params![tenant.as_str(), device.as_str(), command.0], |row| {
        Ok(Known { content: Hash(row.get(0)?), reply: row.get(1)? })
    })
}

pub(super) fn remember(
    db: &Connection,
    tenant: &TenantId,
    device: &DeviceId,
    (command, content): (CommandId, &Hash),
    reply: &[u8],
    seen: Option<u64>,
) -> Result<(), StoreError> {
    let sql = "insert into verdict (tenant, device, command, content, reply, seen) values ($1, $2, $3, $4, $5, $6)";
    let values = params![tenant.as_str(), device.as_str(), command.0, content.0, reply, seen];
    change(db, sql, values).map(drop)
}

/// How far somebody had read whose command, asked through this device, was so already.
pub(super) fn seen_by(
    db: &Connection,
    tenant: &TenantId,
    device: &DeviceId,
    command: CommandId,
) -> Result<Option<u64>, StoreError> {
    let sql = "select seen from verdict where tenant = $1 and device = $2 and command = $3";
    let found = probe(db, sql, params![tenant.as_str(), device.as_str(), command.0], |row| row.get(0))?;
    Ok(found.flatten())
}

pub(super) fn kept(
    db: &Connection,
    tenant: &TenantId,
    device: &DeviceId,
    command: CommandId,
    content: &Hash,
) -> Result<Kept, StoreError> {
    Ok(match recall(db, tenant, device, command)? {
        None => Kept::Open,
        Some(known) if known.content == *content => {
            Kept::Answered(parse_frame(&known.reply).map_err(StoreError::damaged)?)
        }
        Some(_) => Kept::Reused,
    })
}

/// Keeps the bytes of what was refused, while there is room for this device's.
pub(super) fn keep_refused(
    db: &Connection,
    tenant: &TenantId,
    device: &DeviceId,
    raw: &[u8],
    refused: &Refused,
    now: Millis,
) -> Result<(), StoreError> {
    // What merely rests on something refused comes again once that is mended.
    if refused.code.0 == Code::NeedsRefused.name() {
        return Ok(());
    }
    let sql = "select coalesce(sum(length(raw)), 0) from refused where tenant = $1 and device = $2";
    let held: i64 = one(db, sql, params![tenant.as_str(), device.as_str()], |row| row.get(0))?;
    if held + raw.len() as i64 > REFUSED_BYTES {
        return Ok(());
    }
    let sql = "insert into refused (tenant, device, hash, code, detail, raw, received) \
               values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing";
    let hash = Hash::of(raw).0;
    let values = params![tenant.as_str(), device.as_str(), hash, refused.code.0, refused.detail, raw, now.0];
    change(db, sql, values).map(drop)
}
