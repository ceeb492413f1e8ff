//! The phone's half: capture, device store, sync session, quarantine.
//!
//! An [`Act`](act::Act) goes in, and is on disk when [`capture`](device::Device::capture) returns; list screens read
//! [`views`]; a [`sync`](sync::sync) offers what was captured, takes what is new, and ends with everything either
//! admitted, waiting, or in quarantine with a reason.
//!
//! ```no_run
//! # fn day_on_site(host: outpost_device::host::Host) -> Result<(), Box<dyn std::error::Error>> {
//! # use outpost_device::{act::Act, device::Device};
//! # use outpost_device::transport::http::HttpTransport;
//! # use outpost_model::{entry::Body, header::Subject, id::PageId, invitation::Invitation};
//! # let (visit, order) = (PageId([7; 16]), PageId([8; 16]));
//! let mut device = Device::open("/data/outpost", host)?;
//! let invitation = Invitation::parse("OUTPOST1:eyJ…")?;
//! device.accept(&invitation)?;
//!
//! // Offline: on disk before the screen moves.
//! let visit = device.header(Subject::Visit { id: visit, order })?;
//! device.capture(Act::logging(visit, Body::Arrive { place: None }))?;
//! for order in device.orders()? {
//!     println!("{} {}", order.facts.number, order.facts.state.name());
//! }
//!
//! // With a network for a moment: one round trip, or a few.
//! let report = device.sync(&mut HttpTransport::new(&invitation.server)?)?;
//! assert!(report.is_settled() && device.sync_state()?.kept == 0);
//! # Ok(())
//! # }
//! ```
//!
//! Data flows one way through the modules, and each imports only from those before it:
//! `host`, `report` → `store` → `shelf` → `desk` → `fold` → `device` → `capture`, `signing`, `undo` → `intake` →
//! `replay` → `session` → `sync` → `transport`; `views` and `numbers` stand beside `capture`. What apps in other languages
//! see is above the views: [`screens`] to look at, [`commands`] to act.

pub mod act;
mod capture;
pub mod commands;
mod desk;
pub mod device;
pub mod error;
mod fold;
pub mod forms;
pub mod host;
mod intake;
pub mod numbers;
mod replay;
pub mod report;
pub mod rescue;
pub mod retry;
pub mod screens;
pub mod session;
mod shelf;
pub mod signing;
pub mod store;
pub mod sync;
pub mod talk;
pub mod transport;
mod undo;
pub mod views;

#[cfg(feature = "bindings")]
uniffi::setup_scaffolding!();
