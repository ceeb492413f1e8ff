//! The relay: admits, orders, merges and keeps what phones log; projects and exports it.

pub mod auth;
pub mod blob;
pub mod clock;
pub mod config;
pub mod console;
pub mod export;
pub mod http;
pub mod life;
pub mod observe;
pub mod relay;
pub mod staff;
pub mod store;
pub mod verify;
