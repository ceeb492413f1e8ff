//! What the phone must lend: a clock, randomness, a key that never leaves its keystore, and one number outside the
//! backup set. Nothing in this crate reads time or randomness by itself, so that any day can be replayed.

#[cfg(feature = "files")]
pub mod files;

use outpost_model::time::Millis;
use std::io;

pub trait Clock: Send {
    /// The device's own clock, right or wrong.
    fn now(&self) -> Millis;
    /// Minutes east of Greenwich that the device is set to.
    fn zone_minutes(&self) -> i16;
    /// Milliseconds by a clock that nobody can set, since whatever moment; none where the platform has no such clock.
    fn monotonic(&self) -> Option<u64> {
        None
    }
}

pub trait Randomness: Send {
    fn fill(&mut self, bytes: &mut [u8]);
}

/// The device's Ed25519 key pair; made at first use, and never given out.
pub trait Keystore: Send {
    fn public_key(&mut self) -> io::Result<[u8; 32]>;
    fn sign(&mut self, message: &[u8]) -> io::Result<[u8; 64]>;
}

/// The send counter's second place, which no backup copies. A store behind it was restored from a backup.
pub trait Outside: Send {
    /// None where nothing was ever written, or there is no such place.
    fn read(&self) -> io::Result<Option<u64>>;
    fn write(&mut self, sends: u64) -> io::Result<()>;
    /// Whether there is such a place at all. Where there is and it is empty, a store that has sent before was brought
    /// here from another phone.
    fn exists(&self) -> bool {
        true
    }
}

/// Where there is no place outside the backup set, as on the web.
#[derive(Debug, Default, Clone, Copy)]
pub struct NoOutside;

impl Outside for NoOutside {
    fn read(&self) -> io::Result<Option<u64>> {
        Ok(None)
    }
    fn write(&mut self, _: u64) -> io::Result<()> {
        Ok(())
    }
    fn exists(&self) -> bool {
        false
    }
}

pub struct Host {
    pub clock: Box<dyn Clock>,
    pub randomness: Box<dyn Randomness>,
    pub keystore: Box<dyn Keystore>,
    pub outside: Box<dyn Outside>,
    /// Name and version of the app, for headquarters' list of phones.
    pub app: String,
}

impl Host {
    pub(crate) fn random<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.randomness.fill(&mut bytes);
        bytes
    }

    /// What a time-ordered id is made of. A clock before 1970 counts as 1970.
    pub(crate) fn id_parts(&mut self) -> (u64, [u8; 10]) {
        (u64::try_from(self.clock.now().0).unwrap_or(0), self.random())
    }
}
