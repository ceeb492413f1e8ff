//! The review's table: what was handed in, byte for byte, and what was decided about it. Not a book: it can't be
//! worked out from the log.

use super::ReviewHead;
use crate::relay::log::strange;
use crate::store::{StoreError, all, change, probe};
use outpost_model::id::{BadId, DeviceId, Hash, TenantId, UserId};
use outpost_model::time::Millis;
use outpost_model::wire::{StepVerdict, parse_frame};
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Names what was handed in: by its device and content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReviewId(Hash);

impl ReviewId {
    pub(super) fn of(device: &DeviceId, bytes: &[u8]) -> Self {
        Self(Hash::of(&[device.as_str().as_bytes(), &[0], bytes].concat()))
    }
    pub fn parse(text: &str) -> Result<Self, BadId> {
        Hash::parse(text).map(Self)
    }
}

impl fmt::Display for ReviewId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Which way it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The phone itself sent it, proved by its key: once after each revocation.
    Phone,
    /// Headquarters imported a rescue file.
    File,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReviewState {
    Open,
    Accepted { by: UserId, at: Millis },
    Rejected { by: UserId, at: Millis, reason: String },
}

impl Source {
    pub fn name(self) -> &'static str {
        match self {
            Source::Phone => "phone",
            Source::File => "file",
        }
    }
}

impl ReviewState {
    pub fn name(&self) -> &'static str {
        match self {
            ReviewState::Open => "open",
            ReviewState::Accepted { .. } => "accepted",
            ReviewState::Rejected { .. } => "rejected",
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub id: ReviewId,
    pub device: DeviceId,
    pub user: UserId,
    pub source: Source,
    pub received: Millis,
    pub state: ReviewState,
    pub bytes: Vec<u8>,
    pub verdicts: Option<Vec<StepVerdict>>,
}

const COLUMNS: &str = "id, device, person, source, received, state, decided_by, decided_at, reason, bytes, verdicts";

fn state_of(row: &Row<'_>) -> rusqlite::Result<ReviewState> {
    let by = row.get::<_, Option<String>>(6)?.map(|by| UserId::parse(&by).map_err(|error| strange(6, error)));
    let decided = by.transpose()?.zip(row.get::<_, Option<i64>>(7)?.map(Millis));
    let state = match (row.get::<_, String>(5)?.as_str(), decided) {
        ("accepted", Some((by, at))) => ReviewState::Accepted { by, at },
        ("rejected", Some((by, at))) => ReviewState::Rejected { by, at, reason: row.get(8)? },
        _ => ReviewState::Open,
    };
    Ok(state)
}

fn source_of(row: &Row<'_>) -> rusqlite::Result<Source> {
    Ok(if row.get::<_, String>(3)? == Source::Phone.name() { Source::Phone } else { Source::File })
}

fn read(row: &Row<'_>) -> rusqlite::Result<Kept> {
    let verdicts = row.get::<_, Option<Vec<u8>>>(10)?;
    Ok(Kept {
        id: ReviewId(Hash(row.get(0)?)),
        device: DeviceId::parse(&row.get::<_, String>(1)?).map_err(|error| strange(1, error))?,
        user: UserId::parse(&row.get::<_, String>(2)?).map_err(|error| strange(2, error))?,
        source: source_of(row)?,
        received: Millis(row.get(4)?),
        state: state_of(row)?,
        bytes: row.get(9)?,
        verdicts: verdicts.map(|said| parse_frame(&said)).transpose().map_err(|error| strange(10, error))?,
    })
}

pub(super) fn insert(
    db: &Connection,
    tenant: &TenantId,
    review: &Kept,
    revoked_at: Option<Millis>,
) -> Result<(), StoreError> {
    let sql = "insert into review (tenant, id, device, person, source, received, revoked_at, bytes, state, reason) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, '')";
    let values = params![
        tenant.as_str(),
        review.id.0.0,
        review.device.as_str(),
        review.user.as_str(),
        review.source.name(),
        review.received.0,
        revoked_at.map(|at| at.0),
        review.bytes,
        review.state.name(),
    ];
    change(db, sql, values).map(drop)
}

/// Whether the phone handed something in after that revocation.
pub(super) fn has_handed_in(
    db: &Connection,
    tenant: &TenantId,
    device: &DeviceId,
    revoked_at: Millis,
) -> Result<bool, StoreError> {
    let sql = "select 1 from review where tenant = $1 and device = $2 and source = $3 and revoked_at = $4 limit 1";
    let values = params![tenant.as_str(), device.as_str(), Source::Phone.name(), revoked_at.0];
    Ok(probe(db, sql, values, |_| Ok(()))?.is_some())
}

pub(super) fn find(db: &Connection, tenant: &TenantId, id: ReviewId) -> Result<Option<Kept>, StoreError> {
    let sql = format!("select {COLUMNS} from review where tenant = $1 and id = $2");
    probe(db, &sql, params![tenant.as_str(), id.0.0], read)
}

pub(super) fn list(db: &Connection, tenant: &TenantId) -> Result<Vec<Kept>, StoreError> {
    let sql = format!("select {COLUMNS} from review where tenant = $1 order by received desc, id");
    all(db, &sql, params![tenant.as_str()], read)
}

pub(super) fn heads(db: &Connection, tenant: &TenantId) -> Result<Vec<ReviewHead>, StoreError> {
    let sql = "select id, device, person, source, received, state, decided_by, decided_at, reason, length(bytes) \
               from review where tenant = $1 order by state <> 'open', received desc, id";
    all(db, sql, params![tenant.as_str()], |row| {
        Ok(ReviewHead {
            id: ReviewId(Hash(row.get(0)?)),
            device: DeviceId::parse(&row.get::<_, String>(1)?).map_err(|error| strange(1, error))?,
            user: UserId::parse(&row.get::<_, String>(2)?).map_err(|error| strange(2, error))?,
            source: source_of(row)?,
            received: Millis(row.get(4)?),
            state: state_of(row)?,
            bytes: row.get(9)?,
        })
    })
}

pub(super) fn settle(
    db: &Connection,
    tenant: &TenantId,
    id: ReviewId,
    state: &ReviewState,
    verdicts: Option<&[u8]>,
) -> Result<(), StoreError> {
    let (by, at, reason) = match state {
        ReviewState::Open => return Ok(()),
        ReviewState::Accepted { by, at } => (by, at, ""),
        ReviewState::Rejected { by, at, reason } => (by, at, reason.as_str()),
    };
    let sql = "update review set state = $1, decided_by = $2, decided_at = $3, reason = $4, verdicts = $5 \
               where tenant = $6 and id = $7";
    let values = params![state.name(), by.as_str(), at.0, reason, verdicts, tenant.as_str(), id.0.0];
    change(db, sql, values).map(drop)
}
