//! Contacts: each successful sync is one, numbered per device. They are what clocks are corrected by, and what an
//! entry's moment is attested with.

use super::device::{self, Stated, saturated};
use crate::store::{StoreError, change, probe};
use outpost_model::entry::Evidence;
use outpost_model::envelope::{ContactMark, Envelope};
use outpost_model::id::{DeviceId, TenantId, UserId};
use outpost_model::time::Millis;
use rusqlite::{Connection, params};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

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

/// Envelopes of what one device captured. A job counts its own contact last, so what it has read of them holds.
#[derive(Default)]
pub(super) struct Envelopes {
    named: HashMap<u32, Option<ContactMark>>,
    /// The last contact of each store epoch: the counter that was shown there, and the server's time.
    last: HashMap<u32, Option<(i64, Millis)>>,
}

impl Envelopes {
    /// The contact that was named, and the last one that this was certainly captured after. Both are this device's own;
    /// the second never crosses a store epoch.
    pub fn envelope(
        &mut self,
        db: &Connection,
        tenant: &TenantId,
        device: &DeviceId,
        user: &UserId,
        first: &Evidence,
    ) -> Result<Envelope, StoreError> {
        let contact = match self.named.entry(first.contact) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => *new.insert(mark(db, tenant, device, first.contact)?),
        };
        let last = match self.last.entry(first.epoch) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => *new.insert(last(db, tenant, device, first.epoch)?),
        };
        let n = saturated(first.n);
        let floor = match last {
            None => None,
            Some((captured, server)) if captured < n => Some(server),
            Some(_) => last_before(db, tenant, device, (first.epoch, n))?,
        };
        Ok(Envelope { device: device.clone(), user: user.clone(), contact, floor, admitted: None })
    }
}

fn mark(db: &Connection, tenant: &TenantId, device: &DeviceId, number: u32) -> Result<Option<ContactMark>, StoreError> {
    let sql = "select number, server, clock from contact where tenant = $1 and device = $2 and number = $3";
    probe(db, sql, params![tenant.as_str(), device.as_str(), number], |row| {
        Ok(ContactMark { number: row.get(0)?, server: Millis(row.get(1)?), device: Millis(row.get(2)?) })
    })
}

fn last(
    db: &Connection,
    tenant: &TenantId,
    device: &DeviceId,
    epoch: u32,
) -> Result<Option<(i64, Millis)>, StoreError> {
    let sql = "select captured, server from contact where tenant = $1 and device = $2 and epoch = $3 \
               order by number desc limit 1";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, Millis(row.get(1)?)));
    probe(db, sql, params![tenant.as_str(), device.as_str(), epoch], read)
}

fn last_before(
    db: &Connection,
    tenant: &TenantId,
    device: &DeviceId,
    (epoch, n): (u32, i64),
) -> Result<Option<Millis>, StoreError> {
    let sql = "select server from contact where tenant = $1 and device = $2 and epoch = $3 and captured < $4 \
               order by number desc limit 1";
    probe(db, sql, params![tenant.as_str(), device.as_str(), epoch, n], |row| row.get(0).map(Millis))
}
