//! What a relay is told at its start: where its folder is, where it listens, how long things last, how much it takes.

pub mod exposure;
pub mod folder;

pub use exposure::{Exposure, ExposureFault};
pub use folder::{DataFolder, FolderFault};

use crate::auth::session;
use outpost_model::time::Millis;
use std::time::Duration;

/// How long what was given out stays good, in milliseconds of the relay's clock.
#[derive(Debug, Clone, Copy)]
pub struct Lifetimes {
    pub enrolment_code: i64,
    pub nonce: i64,
    pub token: i64,
    pub session: session::Lifetime,
    /// An upload that nobody goes on with.
    pub upload: i64,
    /// A file that no page names.
    pub orphan: i64,
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            enrolment_code: 7 * Millis::hours(24),
            nonce: Millis::minutes(5),
            token: Millis::minutes(15),
            session: session::Lifetime { idle: Millis::minutes(30), longest: Millis::hours(12) },
            upload: 7 * Millis::hours(24),
            orphan: 30 * Millis::hours(24),
        }
    }
}

/// How much is taken at once. What is beyond gets `server_busy`, `rate_limited` or `too_large`, never silence.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Syncs that are worked on at once: each may hold a frame and a page or two in memory.
    pub syncs: usize,
    /// Other requests at once.
    pub requests: usize,
    /// Passwords checked at once: each costs 19 MiB and tens of milliseconds.
    pub passwords: usize,
    /// A request that takes longer is given up. Live streams don't count.
    pub request: Duration,
    /// How long a shutdown waits for requests to finish.
    pub shutdown: Duration,
    /// Live streams of one device or person.
    pub live_of_one: usize,
    /// Live streams in all.
    pub live: usize,
    /// How often a live stream shows that it is alive.
    pub heartbeat: Duration,
    /// Bytes of blobs that one device may store in a day.
    pub blob_bytes_a_day: u64,
    /// Bytes of blobs in all.
    pub blob_bytes: u64,
    /// Pieces of files taken at once: each holds up to 2 MiB in memory.
    pub uploads: usize,
    /// Failed attempts in a quarter of an hour: to sign in as one person from one address (from everywhere: ten
    /// times as many), and from one address at all.
    pub attempts_of_person: u32,
    pub attempts_of_address: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            syncs: 16,
            requests: 512,
            passwords: 2,
            request: Duration::from_secs(60),
            shutdown: Duration::from_secs(20),
            live_of_one: 4,
            live: 10_000,
            heartbeat: Duration::from_secs(20),
            blob_bytes_a_day: 512 << 20,
            blob_bytes: 1 << 40,
            uploads: 32,
            attempts_of_person: 10,
            attempts_of_address: 60,
        }
    }
}
