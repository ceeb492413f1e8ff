//! Ways to the server.

#[cfg(feature = "http")]
pub mod http;
