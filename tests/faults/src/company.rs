//! A company in a folder: one station, headquarters, and engineers with a phone each that isn't enrolled yet.

use outpost_device::device::Device;
use outpost_device::host::files::{FileKeystore, FileOutside};
use outpost_device::host::{Clock, Host, Randomness};
use outpost_model::command::Ask;
use outpost_model::id::{CustomerCode, DeviceId, StationId, TenantId, UserId};
use outpost_model::invitation::Invitation;
use outpost_model::policy::Policy;
use outpost_model::record::{Person, Role, Station};
use outpost_model::time::{Millis, Zone};
use outpost_server::auth::{enrolment, secret, tables};
use outpost_server::clock::{self, SystemClock};
use outpost_server::config::DataFolder;
use outpost_server::relay::Relay;
use outpost_server::store::{Store, StoreError};
use outpost_simulation::dice::Dice;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub const CUSTOMER: &str = "c-1";

pub fn tenant() -> TenantId {
    TenantId::parse("company").expect("a code")
}
pub fn user(n: usize) -> UserId {
    UserId::parse(&format!("u-{n}")).expect("a code")
}
pub fn device(n: usize) -> DeviceId {
    DeviceId::parse(&format!("d-{n}")).expect("a code")
}
pub fn customer() -> CustomerCode {
    CustomerCode::parse(CUSTOMER).expect("a code")
}
fn code(n: usize) -> String {
    secret::enrolment_code(Dice::new(n as u64).bytes())
}

/// A relay's folder.
pub struct Company {
    pub folder: PathBuf,
    pub phones: usize,
}

impl Company {
    pub fn found(folder: &Path, phones: usize) -> Self {
        Self::found_by(folder, phones, Arc::new(SystemClock))
    }

    /// The person at headquarters.
    pub fn hq() -> UserId {
        UserId::parse("hq").expect("a code")
    }

    pub fn found_by(folder: &Path, phones: usize, clock: Arc<dyn clock::Clock>) -> Self {
        let company = Self { folder: folder.to_owned(), phones };
        let relay = company.open(clock);
        let station = StationId::parse("st-1").expect("a code");
        let name = |text: &str| text.to_owned();
        let mut asks = vec![
            Ask::PutStation {
                station: Station { station: station.clone(), name: name("station"), lat_e7: 0, lng_e7: 0 },
            },
            Ask::PlaceCustomer { customer: customer(), station: station.clone(), distance_km: 10 },
        ];
        let boss = Person { user: Self::hq(), name: name("headquarters"), role: Role::Hq, station: None, active: true };
        asks.push(Ask::PutPerson { person: boss });
        for n in 0..phones {
            let person = Person {
                user: user(n),
                name: name("engineer"),
                role: Role::Engineer,
                station: Some(station.clone()),
                active: true,
            };
            asks.push(Ask::PutPerson { person });
            asks.push(Ask::Enrol { device: device(n), user: user(n) });
        }
        let zone = Zone::parse("Asia/Shanghai").expect("a zone");
        let now = relay.clock().now();
        let policy = Policy { self_open: true, ..Policy::regulations(zone.clone(), zone.day(now).month()) };
        relay.bootstrap(&tenant(), policy, asks).expect("a company");
        relay.store().write(|tx| tables::create(tx)).expect("tables for codes");
        for n in 0..phones {
            let expires = now.plus(Millis::hours(24 * 365));
            let issue = move |tx: &mut outpost_server::store::Tx<'_>| {
                enrolment::issue(tx, &tenant(), &device(n), &user(n), &code(n), expires)
            };
            relay.store().write(issue).expect("a code");
        }
        company
    }

    /// The relay itself, in this process.
    pub fn open(&self, clock: Arc<dyn clock::Clock>) -> Arc<Relay> {
        self.try_open(clock).expect("a relay")
    }

    /// The same on a disk that may say no.
    pub fn try_open(&self, clock: Arc<dyn clock::Clock>) -> Result<Arc<Relay>, StoreError> {
        let folder = DataFolder::prepare(&self.folder).expect("a folder");
        let key = folder.row_key([7; 32]).expect("a key");
        Relay::open(Store::open(&self.folder)?, clock, key)
    }

    pub fn invitation(&self, n: usize, server: &str) -> Invitation {
        Invitation { server: server.to_owned(), tenant: tenant(), user: user(n), device: device(n), code: code(n) }
    }
}

struct Now;

impl Clock for Now {
    fn now(&self) -> Millis {
        clock::Clock::now(&SystemClock)
    }
    fn zone_minutes(&self) -> i16 {
        480
    }
}

struct Chance;

impl Randomness for Chance {
    fn fill(&mut self, bytes: &mut [u8]) {
        rand::fill(bytes);
    }
}

/// A phone with its store in `FOLDER/store`, and key and send counter in files beside it.
pub fn phone(folder: &Path, invitation: &Invitation) -> Result<Device, String> {
    std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    let host = Host {
        clock: Box::new(Now),
        randomness: Box::new(Chance),
        keystore: Box::new(FileKeystore::open(&folder.join("key"), &mut Chance).map_err(|error| error.to_string())?),
        outside: Box::new(FileOutside::new(folder.join("sends"))),
        app: "faults".to_owned(),
    };
    let mut device = Device::open(folder.join("store"), host).map_err(|error| error.to_string())?;
    device.accept(invitation).map_err(|error| error.to_string())?;
    Ok(device)
}

/// A host in this process: its clock is that of the test, its chance comes from a seed.
pub fn host(folder: &Path, clock: impl Clock + 'static, seed: u64) -> Host {
    std::fs::create_dir_all(folder).expect("a folder");
    let mut dice = Dice::new(seed);
    let keystore = FileKeystore::open(&folder.join("key"), &mut dice).expect("a key");
    Host {
        clock: Box::new(clock),
        randomness: Box::new(dice),
        keystore: Box::new(keystore),
        outside: Box::new(FileOutside::new(folder.join("sends"))),
        app: "faults".to_owned(),
    }
}
