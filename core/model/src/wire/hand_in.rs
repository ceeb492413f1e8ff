//! What a phone hands in whose access has ended (`POST /v1/hand-in`): everything that it captured and couldn't send,
//! for headquarters to look through. The same frame is inside a rescue file.

use super::Step;
use crate::id::{DeviceId, TenantId};
use crate::time::Millis;
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

/// Largest frame of captured work that is taken.
pub const MAX_HAND_IN: usize = 4 << 20;
/// Most steps in one.
pub const MAX_HAND_IN_STEPS: usize = 20_000;

#[derive(Debug, Clone, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct HandIn {
    #[n(0)]
    pub version: u16,
    /// The device's own clock as this was put together.
    #[n(1)]
    pub clock: Millis,
    #[n(2)]
    pub epoch: u32,
    #[n(3)]
    pub captured: u64,
    /// Headers (canonical JSON) of the pages that the steps write to.
    #[n(4)]
    pub pages: Vec<String>,
    /// In capture order, as in a sync.
    #[n(5)]
    pub steps: Vec<Step>,
    #[n(6)]
    pub app: String,
}

/// How a phone without a token sends it: proved by its own key, over a nonce.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct SealedHandIn {
    #[n(0)]
    pub tenant: TenantId,
    #[n(1)]
    pub device: DeviceId,
    #[n(2)]
    pub nonce: String,
    /// By the device's key over [`SealedHandIn::signed_text`].
    #[n(3)]
    #[cbor(with = "minicbor::bytes")]
    pub signature: [u8; 64],
    /// A [`HandIn`] as it stands.
    #[n(4)]
    pub frame: ByteVec,
}

impl SealedHandIn {
    /// What the device's key signs.
    pub fn signed_text(tenant: &TenantId, device: &DeviceId, nonce: &str, frame: &[u8]) -> String {
        format!("outpost-hand-in-v1\n{tenant}\n{device}\n{nonce}\n{}", crate::id::Hash::of(frame))
    }
}
