//! A company with names: people, customers, a relay over HTTP on loopback, phones with stores of their own, desks at
//! the console, and one time that the test moves. Whatever somebody does takes a minute.

pub mod call;
mod closing;
mod desk;
mod hand;
mod network;

pub use call::Call;
pub use desk::Desk;
pub use hand::Hand;
pub use network::{Network, Seen, Trouble};

use outpost_cli::month::{Month, Org};
use outpost_cli::replay::{Phone, Stage};
use outpost_model::id::{CustomerCode, DeviceId, TenantId, UserId};
use outpost_model::time::{Millis, Zone, parse_moment};
use outpost_server::clock::{Clock, VirtualClock};
use outpost_server::relay::Relay;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

/// A Thursday morning, the first working day after the holidays.
const START: &str = "2026-10-08T08:00:00+08:00";
pub const ZONE: &str = "Asia/Shanghai";
pub const MINUTE: i64 = 60_000;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

/// The true time, and where the relay is found now.
pub struct World {
    clock: Mutex<Arc<VirtualClock>>,
    address: Mutex<String>,
}

impl World {
    pub fn now(&self) -> Millis {
        self.clock.lock().unwrap().now()
    }
    pub fn pass(&self, millis: i64) {
        self.clock.lock().unwrap().advance(millis);
    }
    pub fn address(&self) -> String {
        self.address.lock().unwrap().clone()
    }
}

pub struct Company {
    pub world: Arc<World>,
    folder: TempDir,
    stage: Option<Stage>,
}

pub fn tenant() -> TenantId {
    TenantId::parse("company").unwrap()
}
pub fn user(id: &str) -> UserId {
    UserId::parse(id).unwrap()
}
pub fn device(id: &str) -> DeviceId {
    DeviceId::parse(id).unwrap()
}
pub fn customer(code: &str) -> CustomerCode {
    CustomerCode::parse(code).unwrap()
}
/// Hours and minutes of a day of October 2026.
pub fn october(day: u8, time: &str) -> Millis {
    parse_moment(&format!("2026-10-{day:02}T{time}:00+08:00")).unwrap()
}

fn charter() -> Org {
    Month::parse(include_str!("company/charter.json"), "").unwrap().org
}

impl Company {
    pub fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let start = parse_moment(START).unwrap();
        let stage = Stage::raise(&folder.path().join("relay"), tenant(), &charter(), start).unwrap();
        stage.clock.set(start);
        let world = World { clock: Mutex::new(stage.clock.clone()), address: Mutex::new(stage.address.clone()) };
        Self { world: Arc::new(world), folder, stage: Some(stage) }
    }

    pub fn stage(&self) -> &Stage {
        self.stage.as_ref().expect("the relay is up")
    }

    pub fn relay(&self) -> &Relay {
        &self.stage().relay
    }

    pub fn pass(&self, millis: i64) {
        self.world.pass(millis);
    }

    /// The time is that from now on.
    pub fn until(&self, moment: Millis) {
        self.pass(moment.since(self.world.now()));
    }

    /// Where the relay keeps what it has.
    pub fn relay_folder(&self) -> PathBuf {
        self.folder.path().join("relay")
    }

    /// The relay goes down; nobody is answered.
    pub fn shut(&mut self) {
        self.stage = None;
    }

    /// The relay comes up over the same folder, at another port. Desks must be taken anew.
    pub fn reopen(&mut self) {
        self.shut();
        let stage = Stage::reopen(&self.relay_folder(), tenant(), self.world.now()).unwrap();
        *self.world.clock.lock().unwrap() = stage.clock.clone();
        *self.world.address.lock().unwrap() = stage.address.clone();
        self.stage = Some(stage);
    }

    /// An enrolled device in its owner's hand, with its invitation; it hasn't met the relay yet.
    pub fn phone(&self, id: &str) -> Hand {
        let row = self.relay().device(&device(id)).unwrap().unwrap_or_else(|| panic!("headquarters enrolled no {id}"));
        let invitation = self.stage().invitation(&row.device, &row.user).unwrap();
        let folder = self.folder.path().join("phones").join(id);
        let phone = Phone::new(folder.clone(), &invitation, Zone::parse(ZONE).unwrap()).unwrap();
        Hand::new(phone, folder, row, self.world.clone())
    }

    /// As [`Company::phone`], and it has synced once.
    pub fn met(&self, id: &str) -> Hand {
        let mut hand = self.phone(id);
        hand.sync();
        hand
    }

    /// A person at the console, with a password of his own.
    pub fn desk(&self, id: &str) -> Desk {
        let password = self.stage().password(&user(id)).unwrap();
        Desk::new(user(id), password, self.world.clone())
    }

    /// A service call that the clerk registers and a lead dispatches.
    pub fn dispatched(&self, number: &str, at: &str, to: &str) -> Call {
        let call = Call::new(number, at);
        let lead = if at == "port" { "zheng" } else { "zhou" };
        self.desk("chen").act(Some(call.open()), Some((call.header(), call.register())));
        self.desk(lead).ask(call.assign(to));
        call
    }
}
