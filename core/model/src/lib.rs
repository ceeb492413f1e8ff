//! What a logbook is.
//!
//! Phones write **pages**: automerge documents of one shape, with corrigible fields and write-once entries
//! ([`header`], [`page`], [`entry`], [`field`]). What only authority may do is a **decision**, asked for by a
//! command ([`command`], [`access`]). Before a change enters the log it passes one gate ([`admission`]).
//! State is never stored: the [`fold`] reads enveloped rows, decisions and the tenant's [`policy`],
//! and says what is true, for the phone's lists, the console, the exports and the flags alike.
//! [`wire`] holds the frames in which all this travels.
//!
//! Everything here is pure: time, randomness, disk and network belong to the callers.

pub mod access;
pub mod admission;
#[cfg(feature = "bindings")]
mod bindings;
pub mod blob;
pub mod canon;
pub mod command;
pub mod decision;
pub mod entry;
pub mod envelope;
pub mod field;
pub mod fold;
pub mod form;
pub mod header;
pub mod id;
pub mod invitation;
pub mod judge;
pub mod page;
pub mod policy;
pub mod problem;
pub mod record;
pub mod rescue;
pub mod roster;
pub mod signature;
pub mod table;
pub mod time;
pub mod wire;

#[cfg(feature = "bindings")]
uniffi::setup_scaffolding!();
