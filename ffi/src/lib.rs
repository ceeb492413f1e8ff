//! The logbook's core for native apps: convert, one call, convert. No rule lives here.
//!
//! A [`LogbookCore`](logbook::LogbookCore) is one phone's: views out, commands in, both as
//! [`outpost_device::screens`] and [`outpost_device::commands`] have them. What a platform does better than the core
//! (keys, network, clock, place, power) it lends through the traits of [`host`]; each has a default. All calls block:
//! the packages for Kotlin and Swift take them off the main thread.
//!
//! What must stay true: the host is never called while a lock of ours is held, so it may call back; nothing that goes
//! wrong here brings the app down; after a call that panicked the logbook is opened anew from disk.

pub mod bridge;
pub mod host;
pub mod logbook;
pub mod observe;
pub mod rescue;
pub mod sync;
pub mod trouble;

uniffi::setup_scaffolding!();
