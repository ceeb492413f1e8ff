//! A company for tests: two stations, a few people, customers, and a clock that stands where it is set.

use crate::phone::Phone;
use outpost_model::command::{Ask, ServiceType};
use outpost_model::header::{Header, Subject};
use outpost_model::id::{AssetCode, CommandId, CustomerCode, DeviceId, PageId, StationId, TenantId, UserId};
use outpost_model::policy::Policy;
use outpost_model::problem::Code;
use outpost_model::record::{Person, Role, Station};
use outpost_model::time::{Millis, Month, Zone, parse_moment};
use outpost_server::clock::VirtualClock;
use outpost_server::relay::{ActReply, After, ConsoleAct, ConsoleWrite, Denied, Heads, Relay};
use outpost_server::store::Store;
use outpost_server::verify::verify;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub struct Company {
    pub relay: Arc<Relay>,
    pub clock: Arc<VirtualClock>,
    acts: AtomicU64,
    _folder: Option<tempfile::TempDir>,
}

pub fn tenant() -> TenantId {
    TenantId::parse("acme").unwrap()
}
pub fn user(name: &str) -> UserId {
    UserId::parse(name).unwrap()
}
pub fn station(name: &str) -> StationId {
    StationId::parse(name).unwrap()
}
pub fn device(name: &str) -> DeviceId {
    DeviceId::parse(name).unwrap()
}
pub fn customer(code: &str) -> CustomerCode {
    CustomerCode::parse(code).unwrap()
}
pub fn start() -> Millis {
    parse_moment("2026-10-08T08:00:00+08:00").unwrap()
}

/// An id as phones make them, from a name.
pub fn named(name: &str) -> PageId {
    let mut random = [0; 10];
    random.copy_from_slice(&PageId::derived(&[name]).0[..10]);
    PageId::v7(start().0 as u64, random)
}
pub fn order(name: &str) -> Header {
    Header::new(tenant(), Subject::Order { id: named(name) })
}
pub fn visit(order: &str, name: &str) -> Header {
    Header::new(tenant(), Subject::Visit { id: named(&format!("{order}/{name}")), order: named(order) })
}
pub fn month(person: &str) -> Header {
    Header::new(tenant(), Subject::Attendance { person: user(person), month: Month::parse("2026-10").unwrap() })
}
pub fn customer_page(code: &str) -> Header {
    Header::new(tenant(), Subject::Customer { customer: customer(code) })
}
pub fn asset_page(code: &str) -> Header {
    Header::new(tenant(), Subject::Asset { asset: AssetCode::parse(code).unwrap() })
}

pub fn person(name: &str, role: Role, at: Option<&str>) -> Ask {
    let person = Person { user: user(name), name: name.into(), role, station: at.map(station), active: true };
    Ask::PutPerson { person }
}

pub fn place(code: &str, at: &str) -> Ask {
    Ask::PlaceCustomer { customer: customer(code), station: station(at), distance_km: 120 }
}

pub fn open(name: &str, at: &str) -> Ask {
    let asset = None;
    Ask::Open { order: named(name), number: name.into(), customer: customer(at), asset, service_type: ServiceType::A }
}

pub fn assign(name: &str, to: &str) -> Ask {
    Ask::Assign { order: named(name), to: user(to) }
}

pub fn close(name: &str) -> Ask {
    Ask::Close { order: named(name) }
}

fn records() -> Vec<Ask> {
    let mut asks = Vec::new();
    for name in ["st-1", "st-2"] {
        let station = Station { station: station(name), name: name.into(), lat_e7: 0, lng_e7: 0 };
        asks.push(Ask::PutStation { station });
    }
    asks.extend([
        person("u-hq", Role::Hq, None),
        person("u-clerk", Role::Clerk, None),
        person("u-lead", Role::Lead, Some("st-1")),
        person("u-lead2", Role::Lead, Some("st-2")),
    ]);
    for (name, at) in [("u-e1", "st-1"), ("u-e2", "st-2"), ("u-e3", "st-1"), ("u-e5", "st-1")] {
        asks.push(person(name, Role::Engineer, Some(at)));
    }
    asks.extend([place("c-1", "st-1"), place("c-2", "st-2")]);
    for (phone, owner) in [
        ("d-e1", "u-e1"),
        ("d-e2", "u-e2"),
        ("d-e3", "u-e3"),
        ("d-e5", "u-e5"),
        ("d-lead", "u-lead"),
        ("d-lead2", "u-lead2"),
        ("d-hq", "u-hq"),
    ] {
        asks.push(Ask::Enrol { device: device(phone), user: user(owner) });
    }
    asks
}

impl Company {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("data")).unwrap();
        Self { _folder: Some(folder), ..Self::on(store) }
    }

    pub fn on(store: Arc<Store>) -> Self {
        let clock = Arc::new(VirtualClock::at(start()));
        let relay = Relay::open(store, clock.clone(), [7; 32]).unwrap();
        let policy = Policy::regulations(Zone::parse("Asia/Shanghai").unwrap(), Month::parse("2026-10").unwrap());
        relay.bootstrap(&tenant(), policy, records()).unwrap();
        Self { relay, clock, acts: AtomicU64::new(0), _folder: None }
    }

    /// A relay over a store that holds a company already.
    pub fn again(store: Arc<Store>, clock: Arc<VirtualClock>) -> Self {
        let relay = Relay::open(store, clock.clone(), [7; 32]).unwrap();
        Self { relay, clock, acts: AtomicU64::new(1_000_000), _folder: None }
    }

    /// A copy of the store as it is now.
    pub fn copy_to(&self, folder: &std::path::Path) {
        std::fs::create_dir_all(folder).unwrap();
        let file = folder.join("outpost.db");
        let db = rusqlite::Connection::open(self.relay.store().file()).unwrap();
        db.execute("vacuum into ?1", [file.to_str().unwrap()]).unwrap();
    }

    pub fn phone(&self, name: &str) -> Phone {
        let owner = self.relay.device(&device(name)).unwrap().unwrap().user;
        Phone::new(self.relay.clone(), self.clock.clone(), device(name), owner)
    }

    pub fn next_act(&self) -> CommandId {
        CommandId::derived(&["act", &self.acts.fetch_add(1, Ordering::Relaxed).to_string()])
    }

    pub fn try_ask(&self, by: &str, ask: Ask) -> Result<ActReply, Denied> {
        let act = ConsoleAct { id: self.next_act(), ask: Some(ask), after: After::Now, heads: Heads::Now, write: None };
        self.relay.act(&user(by), act)
    }

    /// Somebody decides at the console.
    pub fn ask(&self, by: &str, ask: Ask) -> ActReply {
        self.clock.advance(60_000);
        self.try_ask(by, ask).unwrap()
    }

    pub fn denied(&self, by: &str, ask: Ask) -> Code {
        self.try_ask(by, ask).unwrap_err().code
    }

    /// Somebody writes at the console.
    pub fn write(&self, by: &str, header: Header, bodies: Vec<outpost_model::entry::Body>) -> ActReply {
        let entries = bodies.into_iter().map(|body| (None, body)).collect();
        let write = Some(ConsoleWrite { header, entries, seen: Heads::Now });
        let act = ConsoleAct { id: self.next_act(), ask: None, after: After::Now, heads: Heads::Now, write };
        self.relay.act(&user(by), act).unwrap()
    }

    /// The store is what its log says.
    pub fn verify(&self) {
        let report = verify(self.relay.store()).unwrap();
        assert!(report.is_clean(), "{:#?}", report.differences().collect::<Vec<_>>());
        assert!(report.played.rows > 0 && report.compared > 0);
    }
}
