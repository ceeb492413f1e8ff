//! Contacts: each successful sync is one, numbered per device. They are what clocks are corrected by, and what an
//! entry's moment is attested with.

use super::device;
use crate::store::{StoreError, change, probe};
use outpost_model::entry::Evidence;
use outpost_model::envelope::{ContactMark, Envelope};
use outpost_model::id::{DeviceId, TenantId, UserId};
use outpost_model::time::Millis;
use outpost_model::wire::SyncRequest;
use rusqlite::{Connection, params};

/// Counts this request as a contact; its number.
pub(super) fn note(
    db: &Connection,
    tenant: &TenantId,
    device: &DeviceId,
    request: &Stated,
    now: Millis,
) -> Result<u32, StoreError> {
    let number = device::note_contact(db, tenant, device, request, now)?;
    let sql = "insert into contact (tenant, device, number, server, clock, epoch, captured, held) \
               values ($1, $2, $3, $4, $5, $6, $7, $8)";
    let Stated { clock, epoch, captured, held, .. } = request;
    let values = params![tenant.as_str(), device.as_str(), number, now.0, clock.0, epoch, saturated(*captured), held];
    change(db, sql, values)?;
    // Attested time never runs backwards, also when nothing is logged.
    change(db, "update tenant set moment = $1 where tenant = $2 and moment < $1", params![now.0, tenant.as_str()])?;
    Ok(number)
}

/// What a device says of itself with a request.
#[derive(Debug, Clone)]
pub(super) struct Stated {
    pub clock: Millis,
    pub epoch: u32,
    pub captured: u64,
    pub sends: u64,
    pub unsent: u32,
    pub app: String,
    /// Up to which row of the log it shows that it holds everything.
    pub held: Option<u64>,
}

impl Stated {
    pub fn of(request: &SyncRequest) -> Self {
        Self {
            clock: request.clock,
            epoch: request.epoch,
            captured: request.captured,
            sends: request.sends,
            unsent: request.unsent,
            // Inside a backfill the row of its grant isn't all there yet.
            held: request.cursor.as_ref().map(|cursor| cursor.seq.saturating_sub(u64::from(cursor.backfill.is_some()))),
            app: request.app.chars().take(80).collect(),
        }
    }
}

/// Counters are claims: one beyond what a database holds is as good as the highest.
pub(super) fn saturated(counter: u64) -> i64 {
    i64::try_from(counter).unwrap_or(i64::MAX)
}

/// The envelope of what a device captured: the contact that it names, and the last contact that it was certainly
/// captured after. Both are this device's own; the second never crosses a store epoch.
pub(super) fn envelope(
    db: &Connection,
    tenant: &TenantId,
    device: &DeviceId,
    user: &UserId,
    first: &Evidence,
) -> Result<Envelope, StoreError> {
    let sql = "select number, server, clock from contact where tenant = $1 and device = $2 and number = $3";
    let named = params![tenant.as_str(), device.as_str(), first.contact];
    let contact = probe(db, sql, named, |row| {
        Ok(ContactMark { number: row.get(0)?, server: Millis(row.get(1)?), device: Millis(row.get(2)?) })
    })?;
    let sql = "select server from contact where tenant = $1 and device = $2 and epoch = $3 and captured < $4 \
               order by number desc limit 1";
    let counted = params![tenant.as_str(), device.as_str(), first.epoch, saturated(first.n)];
    let floor = probe(db, sql, counted, |row| row.get(0).map(Millis))?;
    Ok(Envelope { device: device.clone(), user: user.clone(), contact, floor, admitted: None })
}
