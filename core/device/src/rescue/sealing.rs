//! A sealed box: whoever seals needs only the receiver's public key, and can't open it again himself.

use crate::host::Randomness;
use crypto_box::PublicKey;
use crypto_box::aead::rand_core::{CryptoRng, Error, RngCore};
use outpost_model::rescue::MAGIC;

/// The host's randomness, as the box wants it.
struct Lent<'a>(&'a mut dyn Randomness);

impl RngCore for Lent<'_> {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        u32::from_le_bytes(bytes)
    }
    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }
    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl CryptoRng for Lent<'_> {}

/// The whole file.
pub(super) fn seal(to: &[u8; 32], plain: &[u8], randomness: &mut dyn Randomness) -> Option<Vec<u8>> {
    let sealed = PublicKey::from(*to).seal(&mut Lent(randomness), plain).ok()?;
    Some([MAGIC, &sealed].concat())
}
