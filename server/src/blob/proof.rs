//! What a file must turn out to be: of its hash, of its length, of a kind that is taken.

use outpost_model::blob::{BlobKind, Look};
use outpost_model::id::Hash;
use sha2::{Digest, Sha256};

pub struct Proof {
    hash: Hash,
    length: u64,
    sum: Sha256,
    look: Look,
    seen: u64,
}

/// Why a file isn't what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disproof {
    Mismatch,
    Kind,
}

impl Proof {
    pub fn new(hash: Hash, length: u64) -> Self {
        Self { hash, length, sum: Sha256::new(), look: Look::default(), seen: 0 }
    }

    pub fn at(&mut self, bytes: &[u8]) {
        self.sum.update(bytes);
        self.look.at(bytes);
        self.seen += bytes.len() as u64;
    }

    /// Begins anew.
    pub fn reset(&mut self) {
        *self = Self::new(self.hash, self.length);
    }

    pub fn verdict(&self) -> Result<BlobKind, Disproof> {
        let sum: [u8; 32] = self.sum.clone().finalize().into();
        if self.seen != self.length || sum != self.hash.0 {
            return Err(Disproof::Mismatch);
        }
        self.look.kind().ok_or(Disproof::Kind)
    }
}
