//! What is left when the store can't be opened, or opening it brings the core down: it is only read, as far as it can
//! be, and goes out in a sealed file.

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use crate::storage;
use crate::trouble::{Told, Trouble};
use outpost_device::rescue::{Unsealed, put_together_from_folder};
use outpost_device::talk::KeyDesk;
use outpost_model::problem::Code;
use std::path::Path;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
pub struct Salvage {
    unsealed: Unsealed,
    public_key: [u8; 32],
}

#[wasm_bindgen]
impl Salvage {
    pub async fn begin(app: String, public_key: Vec<u8>, zone_minutes: i16) -> Told<Salvage> {
        #[cfg(all(target_family = "wasm", target_os = "unknown"))]
        storage::install().await.map_err(|trouble| Trouble::of(Code::HostFailed, trouble))?;
        let public_key =
            public_key.try_into().map_err(|_| Trouble::of(Code::HostFailed, "a public key is 32 bytes"))?;
        let host = crate::host::host(app, KeyDesk::new(public_key), zone_minutes);
        Ok(Self { unsealed: put_together_from_folder(Path::new(""), &host)?, public_key })
    }

    /// What the phone's key is to sign.
    pub fn message(&self) -> Vec<u8> {
        self.unsealed.message()
    }

    pub fn seal(self, signature: Option<Vec<u8>>) -> Told<Vec<u8>> {
        let signature = signature.and_then(|bytes| bytes.try_into().ok());
        let proof = signature.map(|signature| (self.public_key, signature));
        Ok(self.unsealed.seal(proof, &mut crate::host::BrowserRandomness)?.0)
    }
}
