//! Devices: enrolled phones, and each person's place at the console. The row is read at every request, and again
//! inside the commit: whoever was revoked meanwhile gets nothing in.

use super::log::strange;
use super::{Denied, records};
use crate::store::{StoreError, all, change, one, probe};
use outpost_model::access::Actor;
use outpost_model::canon::{parse_canonical, to_canonical};
use outpost_model::command::RevokeReason;
use outpost_model::id::{DeviceId, TenantId, UserId};
use outpost_model::problem::Code;
use outpost_model::time::Millis;
use outpost_model::wire::SyncRequest;
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceKind {
    Phone,
    /// A person at the console: no key, the server writes for him.
    Console,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Device {
    pub device: DeviceId,
    pub kind: DeviceKind,
    pub user: UserId,
    /// Ed25519; none until a code was redeemed.
    pub public_key: Option<[u8; 32]>,
    pub enrolled_at: Millis,
    pub revoked: Option<(RevokeReason, Millis)>,
    /// The last contact: its number and the server's time.
    pub contact: Option<(u32, Millis)>,
    /// What the device said of itself at its last contact.
    pub epoch: u32,
    pub captured: u64,
    pub sends: u64,
    pub unsent: u32,
    pub app: String,
}

const COLUMNS: &str = "device, kind, person, public_key, enrolled_at, revoked, revoked_at, contact, contact_at, \
                       epoch, captured, sends, unsent, app";

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Device> {
    let revoked = match (row.get::<_, Option<String>>(5)?, row.get(6)?) {
        (Some(reason), Some(at)) => {
            let reason = parse_canonical(&format!("\"{reason}\"")).map_err(|error| strange(5, error))?;
            Some((reason, Millis(at)))
        }
        _ => None,
    };
    Ok(Device {
        device: DeviceId::parse(&row.get::<_, String>(0)?).map_err(|error| strange(0, error))?,
        kind: if row.get::<_, String>(1)? == "console" { DeviceKind::Console } else { DeviceKind::Phone },
        user: UserId::parse(&row.get::<_, String>(2)?).map_err(|error| strange(2, error))?,
        public_key: row.get(3)?,
        enrolled_at: Millis(row.get(4)?),
        revoked,
        contact: row
            .get::<_, Option<i64>>(8)?
            .map(|at| Ok::<_, rusqlite::Error>((row.get(7)?, Millis(at))))
            .transpose()?,
        epoch: row.get(9)?,
        captured: row.get(10)?,
        sends: row.get(11)?,
        unsent: row.get(12)?,
        app: row.get(13)?,
    })
}

pub(super) fn find(db: &Connection, tenant: &TenantId, device: &DeviceId) -> Result<Option<Device>, StoreError> {
    let sql = format!("select {COLUMNS} from device where tenant = $1 and device = $2");
    probe(db, &sql, params![tenant.as_str(), device.as_str()], read)
}

pub(super) fn list(db: &Connection, tenant: &TenantId) -> Result<Vec<Device>, StoreError> {
    let sql = format!("select {COLUMNS} from device where tenant = $1 order by device");
    all(db, &sql, params![tenant.as_str()], read)
}

/// Who acts through this device, if it still may.
pub(super) fn actor(
    db: &Connection,
    tenant: &TenantId,
    device: &DeviceId,
) -> Result<Result<Actor, Denied>, StoreError> {
    let Some(row) = find(db, tenant, device)? else {
        return Ok(Err(Denied::new(Code::DeviceUnknown, device.as_str())));
    };
    if let Some((reason, _)) = row.revoked {
        return Ok(Err(Denied::new(Code::DeviceRevoked, name_of(reason)?)));
    }
    actor_of(db, tenant, &row.user)
}

pub(super) fn actor_of(db: &Connection, tenant: &TenantId, user: &UserId) -> Result<Result<Actor, Denied>, StoreError> {
    Ok(match records::person(db, tenant, user)? {
        Some(person) if person.active => Ok(Actor { user: person.user, role: person.role, station: person.station }),
        _ => Err(Denied::new(Code::PersonInactive, user.as_str())),
    })
}

/// A person's place at the console. Its name follows from his, whatever its length.
pub(super) fn console_of(user: &UserId) -> DeviceId {
    let named = DeviceId::parse(&format!("console.{user}"));
    named.unwrap_or_else(|_| {
        let digest = hex::encode(&Sha256::digest(user.as_str())[..16]);
        DeviceId::parse(&format!("console.{digest}")).expect("letters, digits and a dot")
    })
}

const NEW: &str = "insert into device (tenant, device, kind, person, enrolled_at, contact, epoch, captured, sends, \
                   unsent, app) values ($1, $2, $3, $4, $5, 0, 0, 0, 0, 0, '')";

pub(super) fn open_console(
    db: &Connection,
    tenant: &TenantId,
    user: &UserId,
    now: Millis,
) -> Result<DeviceId, StoreError> {
    let device = console_of(user);
    let sql = format!("{NEW} on conflict (tenant, device) do nothing");
    change(db, &sql, params![tenant.as_str(), device.as_str(), "console", user.as_str(), now.0])?;
    Ok(device)
}

/// The next capture counter of a person's place at the console.
pub(super) fn count_capture(db: &Connection, tenant: &TenantId, device: &DeviceId) -> Result<u64, StoreError> {
    let sql = "update device set captured = captured + 1 where tenant = $1 and device = $2 returning captured";
    one(db, sql, params![tenant.as_str(), device.as_str()], |row| row.get(0))
}

/// A decision enrolled the phone: a fresh start, also after it had been revoked.
pub(super) fn enrol(
    db: &Connection,
    tenant: &TenantId,
    device: &DeviceId,
    user: &UserId,
    now: Millis,
) -> Result<(), StoreError> {
    let sql = format!(
        "{NEW} on conflict (tenant, device) do update set public_key = null, enrolled_at = excluded.enrolled_at, \
         revoked = null, revoked_at = null, held = null"
    );
    change(db, &sql, params![tenant.as_str(), device.as_str(), "phone", user.as_str(), now.0]).map(drop)
}

pub(super) fn revoke(
    db: &Connection,
    tenant: &TenantId,
    device: &DeviceId,
    reason: RevokeReason,
    now: Millis,
) -> Result<(), StoreError> {
    let reason = name_of(reason)?;
    let sql = "update device set revoked = $1, revoked_at = $2 where tenant = $3 and device = $4";
    change(db, sql, params![reason, now.0, tenant.as_str(), device.as_str()]).map(drop)
}

fn name_of(reason: RevokeReason) -> Result<String, StoreError> {
    Ok(to_canonical(&reason).map_err(StoreError::damaged)?.trim_matches('"').to_owned())
}

/// Keeps the key; true if it is the device's key now.
pub(super) fn certify(
    db: &Connection,
    tenant: &TenantId,
    device: &DeviceId,
    key: [u8; 32],
) -> Result<bool, StoreError> {
    let sql = "update device set public_key = $1 where tenant = $2 and device = $3 and kind = 'phone' \
               and (public_key is null or public_key = $1)";
    Ok(change(db, sql, params![key, tenant.as_str(), device.as_str()])? == 1)
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
            held: request.cursor.as_ref().map(|cursor| {
                let all = cursor.seq.saturating_sub(u64::from(cursor.backfill.is_some()));
                all.min(i64::MAX as u64)
            }),
            app: request.app.chars().take(80).collect(),
        }
    }
}

/// Counters are claims: one beyond what a database holds is as good as the highest.
pub(super) fn saturated(counter: u64) -> i64 {
    i64::try_from(counter).unwrap_or(i64::MAX)
}

pub(super) fn note_contact(
    db: &Connection,
    tenant: &TenantId,
    device: &DeviceId,
    stated: &Stated,
    now: Millis,
) -> Result<u32, StoreError> {
    let sql = "update device set contact = contact + 1, contact_at = $1, epoch = $2, captured = $3, sends = $4, \
               unsent = $5, app = $6, held = $7 where tenant = $8 and device = $9 returning contact";
    let (captured, sends) = (saturated(stated.captured), saturated(stated.sends));
    let values = params![
        now.0,
        stated.epoch,
        captured,
        sends,
        stated.unsent,
        stated.app,
        stated.held,
        tenant.as_str(),
        device.as_str()
    ];
    one(db, sql, values, |row| row.get(0))
}
