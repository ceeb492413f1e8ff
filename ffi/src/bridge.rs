//! From what the platform lends to what the core wants: readings taken beforehand, so that the core never calls out.

use crate::host::{self, ClockReading, Host, HostTrouble};
use crate::trouble::Trouble;
use outpost_device::device::Device;
use outpost_device::host::files::{FileKeystore, FileOutside};
use outpost_device::host::{self as core, Randomness};
use outpost_device::talk::KeyDesk;
use outpost_model::time::Millis;
use rand::RngCore;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// What it takes to open the store, and to open it again.
pub struct Bridge {
    pub host: Host,
    watch: Watch,
    keys: Option<KeyDesk>,
}

/// The clocks as they stood when the call began.
#[derive(Clone)]
struct Watch(Arc<Mutex<ClockReading>>);

impl Bridge {
    /// Asks the keystore for its public key, and the clock for a first reading.
    pub fn new(host: Host) -> Result<Self, Trouble> {
        let keys = match &host.keystore {
            Some(keystore) => {
                let key = keystore.public_key().map_err(Trouble::host)?;
                let key = key.try_into().map_err(|_| Trouble::host("a public key is 32 bytes"))?;
                Some(KeyDesk::new(key))
            }
            None => None,
        };
        let watch = Watch(Arc::new(Mutex::new(host.clock.read().map_err(Trouble::host)?)));
        Ok(Self { host, watch, keys })
    }

    /// Reads the host's clock for the call that begins; one that doesn't answer leaves the last reading.
    pub fn look(&self) {
        if let Ok(reading) = self.host.clock.read() {
            *self.watch.0.lock().unwrap_or_else(PoisonError::into_inner) = reading;
        }
    }

    pub fn keys(&self) -> Option<KeyDesk> {
        self.keys.clone()
    }

    pub fn open(&self) -> Result<Device, Trouble> {
        let lent = self.lent()?;
        Ok(Device::open(PathBuf::from(&self.host.folder).join("store"), lent)?)
    }

    /// What the core borrows.
    pub fn lent(&self) -> Result<core::Host, Trouble> {
        let folder = PathBuf::from(&self.host.folder);
        std::fs::create_dir_all(&folder).map_err(Trouble::host)?;
        let keystore: Box<dyn core::Keystore> = match &self.keys {
            Some(desk) => Box::new(desk.clone()),
            None => Box::new(FileKeystore::open(&folder.join("key"), &mut SystemRandomness).map_err(Trouble::host)?),
        };
        let outside: Box<dyn core::Outside> = match &self.host.no_backup_folder {
            Some(place) => {
                std::fs::create_dir_all(place).map_err(Trouble::host)?;
                Box::new(FileOutside::new(PathBuf::from(place).join("outpost-sends")))
            }
            None => Box::new(core::NoOutside),
        };
        Ok(core::Host {
            clock: Box::new(self.watch.clone()),
            randomness: Box::new(SystemRandomness),
            keystore,
            outside,
            app: self.host.app.clone(),
        })
    }

    /// The key's signature; asked for while no lock is held.
    pub fn sign(&self, message: Vec<u8>) -> Result<[u8; 64], HostTrouble> {
        let failed = |reason: &str| HostTrouble::Failed { reason: reason.to_owned() };
        let keystore: &Arc<dyn host::Keystore> =
            self.host.keystore.as_ref().ok_or_else(|| failed("there is no keystore"))?;
        keystore.sign(message)?.try_into().map_err(|_| failed("a signature is 64 bytes"))
    }
}

impl core::Clock for Watch {
    fn now(&self) -> Millis {
        Millis(self.0.lock().unwrap_or_else(PoisonError::into_inner).now)
    }
    fn zone_minutes(&self) -> i16 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).zone_minutes
    }
    fn monotonic(&self) -> Option<u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).monotonic
    }
}

struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn fill(&mut self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }
}
