//! Devices: enrolled phones, and each person's place at the console.

use outpost_model::command::RevokeReason;
use outpost_model::id::{DeviceId, UserId};
use outpost_model::time::Millis;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceKind {
    Phone,
    /// A person at the console: no key, the server writes for him.
    Console,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Device {
    pub device: DeviceId,
    pub kind: DeviceKind,
    pub user: UserId,
    /// Ed25519; none until a code was redeemed.
    pub public_key: Option<[u8; 32]>,
    pub enrolled_at: Millis,
    pub revoked: Option<(RevokeReason, Millis)>,
    /// The last contact: its number and the server's time.
    pub contact: Option<(u32, Millis)>,
    /// What the device said of itself at its last contact.
    pub epoch: u32,
    pub captured: u64,
    pub sends: u64,
    pub unsent: u32,
    pub app: String,
}
