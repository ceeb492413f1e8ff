//! The company: two stations, their people and phones, two customers. It is founded once; each history begins with a
//! copy of that relay's folder.

use crate::dice::Dice;
use outpost_disk::{Disk, Image};
use outpost_model::command::Ask;
use outpost_model::header::{Header, Subject};
use outpost_model::id::{CustomerCode, DeviceId, StationId, TenantId, UserId};
use outpost_model::policy::Policy;
use outpost_model::record::{Person, Role, Station};
use outpost_model::time::{Millis, Month, Zone};
use outpost_server::auth::{enrolment, secret, tables};
use outpost_server::clock::VirtualClock;
use outpost_server::relay::Relay;
use outpost_server::store::{Store, StoreError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use tempfile::TempDir;

/// 8 October 2026, eight in the morning in Shanghai.
pub const START: Millis = Millis(1_791_417_600_000);
pub const ROW_KEY: [u8; 32] = [7; 32];

pub const STATIONS: [&str; 2] = ["st-1", "st-2"];
pub const CUSTOMERS: [(&str, &str); 2] = [("c-1", "st-1"), ("c-2", "st-2")];
pub const PEOPLE: [(&str, Role, Option<&str>); 8] = [
    ("u-hq", Role::Hq, None),
    ("u-clerk", Role::Clerk, None),
    ("u-cash", Role::Cashier, None),
    ("u-lead1", Role::Lead, Some("st-1")),
    ("u-lead2", Role::Lead, Some("st-2")),
    ("u-e1", Role::Engineer, Some("st-1")),
    ("u-e2", Role::Engineer, Some("st-2")),
    ("u-e3", Role::Engineer, Some("st-1")),
];
/// One person has two. The last is a forger's.
pub const PHONES: [(&str, &str); 7] = [
    ("d-e1", "u-e1"),
    ("d-e1b", "u-e1"),
    ("d-e2", "u-e2"),
    ("d-e3", "u-e3"),
    ("d-lead1", "u-lead1"),
    ("d-clerk", "u-clerk"),
    (FORGER, "u-e2"),
];
pub const FORGER: &str = "d-forger";

pub fn tenant() -> TenantId {
    TenantId::parse("acme").expect("a code")
}
pub fn user(name: &str) -> UserId {
    UserId::parse(name).expect("a code")
}
pub fn device(name: &str) -> DeviceId {
    DeviceId::parse(name).expect("a code")
}
pub fn station(name: &str) -> StationId {
    StationId::parse(name).expect("a code")
}
pub fn customer(code: &str) -> CustomerCode {
    CustomerCode::parse(code).expect("a code")
}
pub fn header(subject: Subject) -> Header {
    Header::new(tenant(), subject)
}
pub fn zone() -> Zone {
    Zone::parse("Asia/Shanghai").expect("a zone")
}

pub fn person(name: &str, at: Option<&str>, active: bool) -> Person {
    let role = PEOPLE.iter().find(|(known, ..)| *known == name).map_or(Role::Engineer, |(_, role, _)| *role);
    Person { user: user(name), name: name.to_owned(), role, station: at.map(station), active }
}

pub fn policy(version: u32, self_open: bool) -> Policy {
    let month = Month::parse("2026-10").expect("a month");
    Policy { version, self_open, ..Policy::regulations(zone(), month) }
}

fn records() -> Vec<Ask> {
    let stations = STATIONS.iter().map(|name| Ask::PutStation {
        station: Station { station: station(name), name: (*name).to_owned(), lat_e7: 0, lng_e7: 0 },
    });
    let people = PEOPLE.iter().map(|(name, _, at)| Ask::PutPerson { person: person(name, *at, true) });
    let customers = CUSTOMERS.iter().map(|(code, at)| Ask::PlaceCustomer {
        customer: customer(code),
        station: station(at),
        distance_km: 120,
    });
    let phones = PHONES.iter().map(|(name, owner)| Ask::Enrol { device: device(name), user: user(owner) });
    stations.chain(people).chain(customers).chain(phones).collect()
}

/// The code that a phone is enrolled with, the so-manieth time.
pub fn code(phone: &str, time: u32) -> String {
    let seed = phone.bytes().fold(u64::from(time), |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    secret::enrolment_code(Dice::new(seed).bytes())
}

/// Writes the code down at the relay, good for years.
pub fn issue(store: &Store, phone: &str, owner: &str, time: u32) -> Result<(), StoreError> {
    let (of, person, code) = (device(phone), user(owner), code(phone, time));
    let expires = START.plus(Millis::hours(24 * 36_500));
    store.write(move |tx| enrolment::issue(tx, &tenant(), &of, &person, &code, expires))
}

/// Stores are on disks of their own, but each has a folder where the system sees it: in `OUTPOST_SIM_DIR`; else in
/// memory where the system has such a place; else where temporary files go.
pub fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let usual = || if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    let place = std::env::var_os("OUTPOST_SIM_DIR").map_or_else(usual, PathBuf::from);
    tempfile::Builder::new().prefix("outpost-sim").tempdir_in(place).expect("a folder for a history")
}

/// The disk of the founded relay.
pub fn founded() -> &'static Image {
    static FOUNDED: OnceLock<Image> = OnceLock::new();
    FOUNDED.get_or_init(|| {
        let folder = folder();
        let disk = Disk::mount(folder.path());
        let store = Store::open(folder.path()).expect("a store");
        let relay = Relay::open(store, Arc::new(VirtualClock::at(START)), ROW_KEY).expect("a relay");
        relay.bootstrap(&tenant(), policy(1, true), records()).expect("a company");
        relay.store().write(|tx| tables::create(tx)).expect("tables for codes");
        for (phone, owner) in PHONES {
            issue(relay.store(), phone, owner, 0).expect("a code");
        }
        drop(relay);
        disk.image()
    })
}
