//! Whole companies in one process, deterministic by seed: real phone stores, the real relay over its real store, and
//! between them a network that loses, doubles, delays and cuts. Phones and relay die between any two steps and inside
//! their writes, their disks fill up and forget, clocks are wrong, phones and relay are put back from backups, phones are
//! lost and found, orders and people change hands in mid-visit, and a forger sends what no app would.
//!
//! After each history the network is good, everybody syncs, and the rules in [`inspection`] must hold.
//!
//! ```text
//! seed → steps → play → rest → inspect → troubles (none)
//! ```
//!
//! Modules import only from those before them: `dice`, `cast`, `log_book`, `reference`, `headquarters`, `platform`,
//! `phone`, `tally`, `ledger` → `world` → `network`, `decisions`, `field`, `console`, `sight`, `forger`, `rest`, `inspection` → `history`.

pub mod cast;
mod console;
mod decisions;
pub mod dice;
mod field;
mod forger;
pub mod headquarters;
pub mod history;
pub mod inspection;
pub mod ledger;
pub mod log_book;
#[path = "../../../core/model/tests/mutator/mutator.rs"]
#[allow(dead_code)]
mod mutator;
mod network;
pub mod phone;
mod platform;
pub mod reference;
mod rest;
pub mod sight;
pub mod tally;
pub mod world;
