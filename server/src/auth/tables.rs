//! Where codes, spent nonces, passwords and sessions are kept: beside the log, never in it.
//! Losing these tables lets nobody in who shouldn't be; it asks phones and people to come in anew.

use crate::store::StoreError;
use rusqlite::Connection;

const TABLES: &str = "
create table if not exists enrolment_code (
    tenant text not null, code_hash text not null, device text not null, person text not null,
    expires_at bigint not null, redeemed_key bytea,
    primary key (tenant, code_hash)
);
-- Asked when a new code takes the place of an older one for the same device.
create index if not exists enrolment_code_of_device on enrolment_code (tenant, device);
create table if not exists spent_nonce (
    tenant text not null, device text not null, nonce_hash text not null, expires_at bigint not null,
    primary key (tenant, device, nonce_hash)
);
create table if not exists password (
    tenant text not null, person text not null, phc text not null, changed_at bigint not null,
    primary key (tenant, person)
);
create table if not exists session (
    tenant text not null, session_hash text not null, person text not null,
    began_at bigint not null, seen_at bigint not null,
    primary key (tenant, session_hash)
);
-- Asked when a person's sessions all end: new password, person inactive.
create index if not exists session_of_person on session (tenant, person);
-- One row, written to see whether the store can be written.
create table if not exists readiness (one bigint not null primary key, at bigint not null);
";

pub fn create(store: &Connection) -> Result<(), StoreError> {
    Ok(store.execute_batch(TABLES)?)
}
