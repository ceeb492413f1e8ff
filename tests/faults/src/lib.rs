//! Real faults on real parts: processes that are killed, power that is cut, disks that fill up, networks that mangle.
//!
//! A [`company`] is founded in a folder; [`process`]es of the real server and of real phones work in it, each phone
//! saying line by line what it promised its engineer and what the server promised it; [`promises`] are held against
//! what is there afterwards. [`load`] is what the phones log.
//!
//! Modules import only from those before them: `company`, `load`, `promises` → `process`, `house`, `proxy`.

pub mod company;
pub mod house;
pub mod load;
pub mod process;
pub mod promises;
pub mod proxy;

/// A number from the environment: how long a campaign is, or its seed.
pub fn asked(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}
