//! Who comes in, and how long they may stay.
//!
//! A phone: one-time code → its own key pair, bound once → for each short token a nonce, signed. A person: password →
//! a session that ends by idleness or age. Codes, nonces and sessions are kept as hashes, so that the store alone lets
//! nobody in. Whether a device or a person still counts isn't known here: the relay's records say, at each request.
//!
//! Everything takes the moment and the random bytes from its caller, so that any day can be replayed.

pub mod enrolment;
pub mod nonce;
pub mod password;
pub mod secret;
pub mod session;
pub mod signing_key;
pub mod tables;
pub mod throttle;
pub mod token;

use crate::store::StoreError;
use outpost_model::problem::Code;

/// Why somebody wasn't let in.
#[derive(Debug, thiserror::Error)]
pub enum AuthFault {
    /// The answer to who asked.
    #[error("{}", .0.en())]
    Refused(Code),
    /// The store couldn't be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}
