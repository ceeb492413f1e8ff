//! What the platform lends a phone: a clock that may be wrong, chance by seed, a key, and a send counter outside the
//! backup. Each may fail, and under each the process may die in the middle of a step.

use crate::dice::Dice;
use ed25519_dalek::{Signer, SigningKey};
use outpost_device::host::{Clock, Keystore, Outside, Randomness};
use outpost_model::time::Millis;
use outpost_server::clock::{Clock as _, VirtualClock};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

/// Thrown where the process dies inside a step.
pub struct Died;

/// The platform serves so many calls more; then the process dies in the middle of whatever it does, or the platform
/// says no. Below 1: it goes on for ever.
#[derive(Clone, Default)]
pub struct Fuse {
    pub dies: Arc<AtomicI64>,
    pub dead: Arc<AtomicBool>,
    pub refuses: Arc<AtomicI64>,
}

impl Fuse {
    fn burn(&self) {
        if self.dies.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.dead.store(true, Ordering::SeqCst);
            std::panic::panic_any(Died);
        }
    }

    fn ask(&self) -> io::Result<()> {
        self.burn();
        if self.refuses.fetch_sub(1, Ordering::SeqCst) == 1 {
            return Err(io::Error::other("the platform says no"));
        }
        Ok(())
    }
}

pub struct Watch {
    pub fuse: Fuse,
    pub time: Arc<VirtualClock>,
    pub skew: Arc<AtomicI64>,
    pub has_monotonic: bool,
}

impl Clock for Watch {
    fn now(&self) -> Millis {
        self.fuse.burn();
        self.time.now().plus(self.skew.load(Ordering::SeqCst))
    }
    fn zone_minutes(&self) -> i16 {
        480
    }
    fn monotonic(&self) -> Option<u64> {
        self.has_monotonic.then(|| self.time.now().0 as u64)
    }
}

pub struct Chance(pub Dice, pub Fuse);

impl Randomness for Chance {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.1.burn();
        self.0.fill(bytes);
    }
}

pub struct Key(pub SigningKey, pub Fuse);

impl Keystore for Key {
    fn public_key(&mut self) -> io::Result<[u8; 32]> {
        Ok(self.0.verifying_key().to_bytes())
    }
    fn sign(&mut self, message: &[u8]) -> io::Result<[u8; 64]> {
        self.1.ask()?;
        Ok(self.0.sign(message).to_bytes())
    }
}

/// The send counter's second place. Below 0: never written.
pub struct Counter(pub Arc<AtomicI64>, pub Fuse);

impl Outside for Counter {
    fn read(&self) -> io::Result<Option<u64>> {
        Ok(u64::try_from(self.0.load(Ordering::SeqCst)).ok())
    }
    fn write(&mut self, sends: u64) -> io::Result<()> {
        self.1.ask()?;
        self.0.store(sends as i64, Ordering::SeqCst);
        Ok(())
    }
}
