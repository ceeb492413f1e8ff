//! What a browser lends the core: its clocks, its randomness, and a key that signs only when asked in good time.

use outpost_device::host::{Clock, Host, NoOutside, Randomness};
use outpost_device::talk::KeyDesk;
use outpost_model::time::Millis;

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

pub struct BrowserRandomness;

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
