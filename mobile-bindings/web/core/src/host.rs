//! What a browser lends the core: its clocks, its randomness, and a key that signs only when asked in good time.
//!
//! The core asks its keystore for a signature and wants it at once; a browser's key answers later. So the first
//! asking leaves the message on the desk and says that it would block; the worker signs it, lays the signature beside
//! it, and the core asks again.

use outpost_device::host::{Clock, Host, Keystore, NoOutside, Randomness};
use outpost_model::time::Millis;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Clone)]
pub struct KeyDesk(Arc<Mutex<Desk>>);

struct Desk {
    public_key: [u8; 32],
    wanted: Option<Vec<u8>>,
    signed: Option<(Vec<u8>, [u8; 64])>,
}

impl KeyDesk {
    pub fn new(public_key: [u8; 32]) -> Self {
        Self(Arc::new(Mutex::new(Desk { public_key, wanted: None, signed: None })))
    }

    /// The message that waits for a signature.
    pub fn wanted(&self) -> Option<Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).wanted.clone()
    }

    pub fn lay(&self, signature: [u8; 64]) {
        let mut desk = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        desk.signed = desk.wanted.take().map(|message| (message, signature));
    }
}

impl Keystore for KeyDesk {
    fn public_key(&mut self) -> io::Result<[u8; 32]> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).public_key)
    }

    fn sign(&mut self, message: &[u8]) -> io::Result<[u8; 64]> {
        let mut desk = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match desk.signed.take() {
            Some((signed, signature)) if signed == message => Ok(signature),
            _ => {
                desk.wanted = Some(message.to_vec());
                Err(io::ErrorKind::WouldBlock.into())
            }
        }
    }
}

struct BrowserClock {
    zone_minutes: i16,
}

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
impl Clock for BrowserClock {
    fn now(&self) -> Millis {
        Millis(js_sys::Date::now() as i64)
    }
    fn zone_minutes(&self) -> i16 {
        self.zone_minutes
    }
}

#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
impl Clock for BrowserClock {
    fn now(&self) -> Millis {
        Millis(0)
    }
    fn zone_minutes(&self) -> i16 {
        self.zone_minutes
    }
}

struct BrowserRandomness;

impl Randomness for BrowserRandomness {
    fn fill(&mut self, bytes: &mut [u8]) {
        #[cfg(all(target_family = "wasm", target_os = "unknown"))]
        getrandom::fill(bytes).expect("a browser has randomness");
        #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
        bytes.fill(7);
    }
}

pub fn host(app: String, keys: KeyDesk, zone_minutes: i16) -> Host {
    Host {
        clock: Box::new(BrowserClock { zone_minutes }),
        randomness: Box::new(BrowserRandomness),
        keystore: Box::new(keys),
        outside: Box::new(NoOutside),
        app,
    }
}
