//! A phone in a folder of its own, with a clock that the test sets and randomness that repeats itself.

use outpost_device::device::Device;
use outpost_device::host::files::{FileKeystore, FileOutside};
use outpost_device::host::{Clock, Host, Randomness};
use outpost_model::header::{Header, Subject};
use outpost_model::id::{DeviceId, PageId, TenantId, UserId};
use outpost_model::invitation::Invitation;
use outpost_model::time::Millis;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tempfile::TempDir;

pub const START: i64 = 1_790_000_000_000;

#[derive(Clone)]
pub struct Watch(pub Arc<AtomicI64>);

impl Watch {
    pub fn pass(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for Watch {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::SeqCst))
    }
    fn zone_minutes(&self) -> i16 {
        480
    }
}

/// Splitmix: small, and the same in every run.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: u32) -> u32 {
        let mut bytes = [0; 4];
        self.fill(&mut bytes);
        u32::from_le_bytes(bytes) % sides
    }
}

impl Randomness for Dice {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = self.0;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            *byte = (mixed ^ (mixed >> 27)) as u8;
        }
    }
}

pub struct Rig {
    pub folder: TempDir,
    pub watch: Watch,
    user: &'static str,
    device: &'static str,
    seed: std::cell::Cell<u64>,
}

pub fn tenant() -> TenantId {
    TenantId::parse("acme").unwrap()
}

pub fn order(name: &str) -> Header {
    Header::new(tenant(), Subject::Order { id: order_id(name) })
}

pub fn order_id(name: &str) -> PageId {
    PageId::derived(&["order", name])
}

pub fn visit(name: &str) -> Header {
    Header::new(tenant(), Subject::Visit { id: PageId::derived(&["visit", name]), order: order_id(name) })
}

impl Rig {
    pub fn new(device: &'static str, user: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let seed = device.bytes().map(u64::from).sum();
        Self { folder, watch: Watch(Arc::new(AtomicI64::new(START))), user, device, seed: std::cell::Cell::new(seed) }
    }

    pub fn engineer() -> Self {
        Self::new("d-e1", "u-e1")
    }

    pub fn store(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    pub fn host(&self) -> Host {
        self.seed.set(self.seed.get() + 1);
        let mut dice = Dice(self.seed.get());
        Host {
            clock: Box::new(self.watch.clone()),
            keystore: Box::new(FileKeystore::open(&self.folder.path().join("key"), &mut dice).unwrap()),
            outside: Box::new(FileOutside::new(self.folder.path().join("sends"))),
            randomness: Box::new(dice),
            app: "test 0".into(),
        }
    }

    /// Opens the store, invited.
    pub fn open(&self) -> Device {
        let mut device = Device::open(self.store(), self.host()).unwrap();
        device.accept(&self.invitation()).unwrap();
        device
    }

    pub fn invitation(&self) -> Invitation {
        Invitation {
            server: "http://127.0.0.1:1".into(),
            tenant: tenant(),
            user: UserId::parse(self.user).unwrap(),
            device: DeviceId::parse(self.device).unwrap(),
            code: "CODE".into(),
        }
    }

    pub fn backup(&self, to: &Path) {
        std::fs::create_dir_all(to).unwrap();
        for file in std::fs::read_dir(self.store()).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    }

    pub fn restore(&self, from: &Path) {
        std::fs::remove_dir_all(self.store()).unwrap();
        std::fs::create_dir_all(self.store()).unwrap();
        for file in std::fs::read_dir(from).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), self.store().join(file.file_name())).unwrap();
        }
    }
}
