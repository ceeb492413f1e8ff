//! Records of the server that flow down read-only: the latest of each, read out of the decisions that carry them.

use super::{Stored, unreadable};
use outpost_model::command::Ask;
use outpost_model::decision::{Decision, NumberBlock};
use outpost_model::form::{Form, builtin, builtins};
use outpost_model::id::{CommandId, CustomerCode, DeviceId, FormCode, PageId, StationId, UserId};
use outpost_model::policy::Policy;
use outpost_model::record::{Part, Person, Role, Station};
use rusqlite::{Connection, OptionalExtension, params};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Which station serves a customer, from how far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerPlace {
    pub customer: CustomerCode,
    pub station: StationId,
    pub distance_km: u32,
}

/// A block of numbers, with the phone and the store epoch that leased it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    pub id: CommandId,
    pub block: NumberBlock,
    pub device: DeviceId,
    pub epoch: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Owned {
    user: UserId,
}

/// Keeps what a decision says of the records; true if everything is to be read anew: it was policy, or somebody became
/// an engineer, is one no more, or moved to another station, by which work is marked.
pub fn take(db: &Connection, page: PageId, decision: &Decision) -> Stored<bool> {
    let put = |kind: &str, key: &str, value: Result<String, serde_json::Error>| {
        let seq = decision.envelope.admitted.map_or(0, |admitted| admitted.seq);
        db.prepare_cached(
            "insert into record (kind, key, page, seq, value) values (?1, ?2, ?3, ?4, ?5)
             on conflict (kind, key) do update set page = excluded.page, seq = excluded.seq, value = excluded.value
             where excluded.seq >= record.seq",
        )?
        .execute(params![kind, key, page.0, seq as i64, value.map_err(unreadable)?])?;
        Ok::<_, super::StoreError>(())
    };
    match decision.ask() {
        Ask::PutPerson { person } => {
            let before = self::person(db, &person.user)?;
            put("person", person.user.as_str(), serde_json::to_string(person))?;
            let marked_by = |person: &Person| (person.role == Role::Engineer, person.station.clone());
            let now = self::person(db, &person.user)?;
            return Ok(before.is_some() && before.as_ref().map(marked_by) != now.as_ref().map(marked_by));
        }
        Ask::PutStation { station } => put("station", station.station.as_str(), serde_json::to_string(station))?,
        Ask::PutPart { part } => put("part", &part.part_no, serde_json::to_string(part))?,
        Ask::PutPolicy { policy } => {
            put("policy", "", serde_json::to_string(policy))?;
            return Ok(true);
        }
        Ask::PutForm { form } => {
            put("form", &form_key(&form.form, form.version), serde_json::to_string(form))?;
        }
        Ask::PlaceCustomer { customer, station, distance_km } => {
            let place =
                CustomerPlace { customer: customer.clone(), station: station.clone(), distance_km: *distance_km };
            put("customer", customer.as_str(), serde_json::to_string(&place))?;
        }
        Ask::LeaseNumbers { .. } => {
            if let Some(block) = &decision.pins.block {
                let lease = Lease {
                    id: decision.id(),
                    block: block.clone(),
                    device: decision.envelope.device.clone(),
                    epoch: decision.command.evidence.epoch,
                };
                put("lease", &decision.id().to_string(), serde_json::to_string(&lease))?;
            }
        }
        Ask::Enrol { device, user } => {
            put("device", device.as_str(), serde_json::to_string(&Owned { user: user.clone() }))?;
        }
        _ => {}
    }
    Ok(false)
}

fn one<T: DeserializeOwned>(db: &Connection, kind: &str, key: &str) -> Stored<Option<T>> {
    let text: Option<String> = db
        .prepare_cached("select value from record where kind = ?1 and key = ?2")?
        .query_row([kind, key], |row| row.get(0))
        .optional()?;
    text.map(|text| serde_json::from_str(&text).map_err(unreadable)).transpose()
}

fn all<T: DeserializeOwned>(db: &Connection, kind: &str) -> Stored<Vec<T>> {
    let mut query = db.prepare_cached("select value from record where kind = ?1 order by key")?;
    let texts = query.query_map([kind], |row| row.get::<_, String>(0))?;
    texts.map(|text| serde_json::from_str(&text?).map_err(unreadable)).collect()
}

pub fn person(db: &Connection, user: &UserId) -> Stored<Option<Person>> {
    one(db, "person", user.as_str())
}

pub fn station(db: &Connection, station: &StationId) -> Stored<Option<Station>> {
    one(db, "station", station.as_str())
}

pub fn customer(db: &Connection, customer: &CustomerCode) -> Stored<Option<CustomerPlace>> {
    one(db, "customer", customer.as_str())
}

pub fn device_owner(db: &Connection, device: &DeviceId) -> Stored<Option<UserId>> {
    Ok(one::<Owned>(db, "device", device.as_str())?.map(|owned| owned.user))
}

pub fn policy(db: &Connection) -> Stored<Option<Policy>> {
    one(db, "policy", "")
}

pub fn people(db: &Connection) -> Stored<Vec<Person>> {
    all(db, "person")
}

pub fn stations(db: &Connection) -> Stored<Vec<Station>> {
    all(db, "station")
}

/// A version of a form, put on record or built in.
pub fn form(db: &Connection, form: &FormCode, version: u32) -> Stored<Option<Form>> {
    let put = one(db, "form", &form_key(form, version))?;
    Ok(put.or_else(|| builtin(form).filter(|form| form.version == version)))
}

/// The newest version of each form: the built-in ones first, then those of the company's own.
pub fn forms(db: &Connection) -> Stored<Vec<Form>> {
    let mut forms = builtins();
    for put in all::<Form>(db, "form")? {
        match forms.iter_mut().find(|known| known.form == put.form) {
            Some(known) => *known = put,
            None => forms.push(put),
        }
    }
    Ok(forms)
}

/// Versions of a form follow each other by it.
fn form_key(form: &FormCode, version: u32) -> String {
    format!("{form} {version:010}")
}

pub fn parts(db: &Connection) -> Stored<Vec<Part>> {
    all(db, "part")
}

pub fn customers(db: &Connection) -> Stored<Vec<CustomerPlace>> {
    all(db, "customer")
}

/// Number blocks that this person leased, the oldest first.
pub fn leases(db: &Connection) -> Stored<Vec<Lease>> {
    all(db, "lease")
}

/// How many numbers of a block were given away.
pub fn given(db: &Connection, lease: CommandId) -> Stored<u32> {
    let given = db.prepare_cached("select given from number where lease = ?1")?.query_row([lease.0], |row| row.get(0));
    Ok(given.optional()?.unwrap_or(0))
}

pub fn set_given(db: &Connection, lease: CommandId, given: u32) -> Stored<()> {
    db.prepare_cached("insert or replace into number (lease, given) values (?1, ?2)")?
        .execute(params![lease.0, given])?;
    Ok(())
}
