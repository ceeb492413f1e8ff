//! The relay: admits, orders, merges and keeps what phones log; projects and exports it.

pub mod clock;
pub mod relay;
pub mod store;
