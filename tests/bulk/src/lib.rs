//! A company of any size, written at once. Its log is composed row by row as the relay would have written it, chained by
//! a hand of its own, and everything else is made of it by the relay's `rebuild`, which passes each change through the
//! gate: so `verify` accepts what stands there, and a difference between the two hands shows at once.

mod chain;
mod story;

use chain::Chain;
use outpost_model::command::Ask;
use outpost_model::id::{CustomerCode, DeviceId, StationId, TenantId, UserId};
use outpost_model::policy::Policy;
use outpost_model::record::{Person, Role, Station};
use outpost_model::time::{Millis, Month, Zone, parse_moment};
use outpost_server::clock::VirtualClock;
use outpost_server::relay::{Relay, rebuild};
use outpost_server::store::{Store, change, one};
use rusqlite::params;
use std::path::Path;
use std::sync::Arc;
use story::Story;

/// How much there is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub orders: u32,
    pub engineers: u32,
    pub stations: u32,
    pub customers: u32,
    /// Amounts charged on each visit: one row each in the table of charges.
    pub charges: u32,
}

impl Size {
    pub fn of(orders: u32) -> Self {
        Self { orders, engineers: 200.min(orders.div_ceil(5)), stations: 10, customers: 2_000.min(orders), charges: 1 }
    }
}

/// Rows that are written together.
const CHUNK: u32 = 2_000;

/// What the company is called.
pub fn tenant() -> TenantId {
    TenantId::parse("bulk").expect("a tenant's name")
}

pub fn user(name: &str) -> UserId {
    UserId::parse(name).expect("a staff number")
}

/// The first call was opened then; the last one a year later.
pub fn began() -> Millis {
    parse_moment("2025-10-26T08:00:00+08:00").expect("a moment")
}

/// When everybody looks at it.
pub fn now() -> Millis {
    parse_moment("2026-10-26T09:40:00+08:00").expect("a moment")
}

/// The offices that act on every order, and who leads the first station.
pub const HQ: &str = "u-hq";
pub const CLERK: &str = "u-clerk";
pub const LEAD: &str = "u-lead-0";

fn person(name: &str, shown: String, role: Role, station: Option<u32>) -> Ask {
    let station = station.map(station_id);
    Ask::PutPerson { person: Person { user: user(name), name: shown, role, station, active: true } }
}

fn station_id(n: u32) -> StationId {
    StationId::parse(&format!("st-{n}")).expect("a station's code")
}

fn customer(n: u32) -> CustomerCode {
    CustomerCode::parse(&format!("C-{n}")).expect("a customer's code")
}

fn device(n: u32) -> DeviceId {
    DeviceId::parse(&format!("d-e{n}")).expect("a device")
}

fn records(size: &Size) -> Vec<Ask> {
    let mut asks = Vec::new();
    for n in 0..size.stations {
        asks.push(Ask::PutStation {
            station: Station { station: station_id(n), name: format!("驻点{n}"), lat_e7: 0, lng_e7: 0 },
        });
    }
    asks.push(person(HQ, "总部".into(), Role::Hq, None));
    asks.push(person(CLERK, "业务员".into(), Role::Clerk, None));
    for n in 0..size.stations {
        asks.push(person(&format!("u-lead-{n}"), format!("负责人{n}"), Role::Lead, Some(n)));
    }
    for n in 0..size.engineers {
        asks.push(person(&format!("u-e{n}"), format!("工程师{n:03}"), Role::Engineer, Some(n % size.stations)));
        asks.push(Ask::Enrol { device: device(n), user: user(&format!("u-e{n}")) });
    }
    for n in 0..size.customers {
        let station = station_id(n % size.stations);
        asks.push(Ask::PlaceCustomer { customer: customer(n), station, distance_km: 20 + n % 1_500 });
    }
    asks
}

/// Fills an empty folder, and opens the relay over it.
pub fn fill(folder: &Path, size: Size) -> Arc<Relay> {
    let store = Store::open(folder).expect("a store");
    let clock = Arc::new(VirtualClock::at(began()));
    let relay = Relay::open(store.clone(), clock.clone(), [7; 32]).expect("a relay");
    let zone = Zone::parse("Asia/Shanghai").expect("a zone");
    let policy = Policy::regulations(zone, Month::parse("2026-10").expect("a month"));
    relay.bootstrap(&tenant(), policy, records(&size)).expect("records");
    drop(relay);
    let mut from = 0;
    while from < size.orders {
        let to = size.orders.min(from + CHUNK);
        append(&store, size, from, to);
        from = to;
    }
    let played = rebuild(&store).expect("the books");
    assert!(played.differences.is_empty(), "{:#?}", played.differences);
    store
        .write(|tx| {
            let sql = "update device set contact = 1, contact_at = $1 where kind = 'phone'";
            change(tx, sql, params![now().plus(-Millis::hours(1)).0])
        })
        .expect("contacts");
    clock.set(now());
    Relay::open(store, clock, [7; 32]).expect("a relay")
}

fn append(store: &Store, size: Size, from: u32, to: u32) {
    let done = store.write(move |tx| {
        let sql = "select seq, chain from tenant";
        let (seq, link) = one(tx, sql, [], |row| Ok((row.get::<_, u64>(0)?, row.get::<_, [u8; 32]>(1)?)))?;
        let mut chain = Chain::after(tenant(), seq, link);
        for n in from..to {
            Story::of(n, &size).tell(|row| chain.append(tx, row))?;
        }
        let sql = "update tenant set seq = $1, chain = $2, moment = $3";
        change(tx, sql, params![chain.seq, chain.link, now().plus(-Millis::hours(1)).0])
    });
    done.expect("rows of the log");
}
