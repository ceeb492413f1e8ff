//! What commands were answered, and the bytes of what was refused.
//!
//! A taken command is answered the same way however often it comes; one that was refused had no effect, so it may
//! come again with other content, or under another policy, and is judged anew.

use crate::store::{StoreError, change, one, probe};
use outpost_model::id::{CommandId, DeviceId, Hash, TenantId};
use outpost_model::problem::Code;
use outpost_model::time::Millis;
use outpost_model::wire::{Refused, Verdict, frame, parse_frame};
use rusqlite::{Connection, params};

/// Bytes of refused changes and commands that are kept of one device.
const REFUSED_BYTES: i64 = 4 << 20;

pub(super) enum Kept {
    /// Not answered yet, or not for good.
    Open,
    Answered(Verdict),
    /// The id was used for something else.
    Reused,
}

/// An answer as it was kept.
pub(super) struct Known {
    pub content: Hash,
    policy: u32,
    pub reply: Vec<u8>,
}

pub(super) fn recall(
    db: &Connection,
    tenant: &TenantId,
    device: &DeviceId,
    command: CommandId,
) -> Result<Option<Known>, StoreError> {
    let sql = "select content, policy, reply from verdict where tenant = $1 and device = $2 and command = $3";
    probe(db, sql, params![tenant.as_str(), device.as_str(), command.0], |row| {
        Ok(Known { content: Hash(row.get(0)?), policy: row.get(1)?, reply: row.get(2)? })
    })
}

pub(super) fn remember(
    db: &Connection,
    tenant: &TenantId,
    device: &DeviceId,
    (command, content): (CommandId, &Hash),
    policy: u32,
    reply: &[u8],
) -> Result<(), StoreError> {
    let sql = "insert into verdict (tenant, device, command, content, policy, reply) values ($1, $2, $3, $4, $5, $6) \
               on conflict (tenant, device, command) do update set content = excluded.content, \
               policy = excluded.policy, reply = excluded.reply";
    let values = params![tenant.as_str(), device.as_str(), command.0, content.0, policy, reply];
    change(db, sql, values).map(drop)
}

pub(super) fn kept(
    db: &Connection,
    tenant: &TenantId,
    device: &DeviceId,
    command: CommandId,
    content: &Hash,
    policy: u32,
) -> Result<Kept, StoreError> {
    let Some(known) = recall(db, tenant, device, command)? else { return Ok(Kept::Open) };
    let verdict: Verdict = parse_frame(&known.reply).map_err(StoreError::damaged)?;
    Ok(match (&verdict, known.content == *content) {
        // What was refused is judged anew: roles, records and what others decided may have changed since.
        (Verdict::Refused(_), _) => Kept::Open,
        (_, true) => Kept::Answered(verdict),
        (_, false) => Kept::Reused,
    })
}

pub(super) fn keep(
    db: &Connection,
    tenant: &TenantId,
    device: &DeviceId,
    command: (CommandId, &Hash),
    policy: u32,
    verdict: &Verdict,
) -> Result<(), StoreError> {
    remember(db, tenant, device, command, policy, &frame(verdict))
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
