//! Countersignatures come down once the signatures that they are of were admitted: one small call each, once. With it a
//! customer can show anybody what he signed, and when headquarters had it.

use super::{Session, Work};
use crate::device::Device;
use crate::error::DeviceError;
use crate::store::proofs;
use outpost_model::id::{EntryId, PageId};
use serde::Deserialize;

#[derive(Deserialize)]
struct Countersigned {
    tenant: String,
    visit: String,
    entry: String,
    digest: String,
    received: i64,
    key: String,
    signature: String,
}

impl Session {
    pub(super) fn queue_proofs(&mut self, device: &mut Device) -> Result<(), DeviceError> {
        for (visit, entry) in proofs::wanted(device.store.read())? {
            let owner = device.identity()?.owner;
            let is_admitted = device.opening([visit], |device| {
                let open = device.shelf.open(device.store.read(), &owner, visit)?;
                Ok::<_, DeviceError>(open.is_some_and(|open| open.admitted().entry(&entry).is_some()))
            })??;
            if is_admitted {
                self.queue.push_back(Work::Proof(visit, entry));
            }
        }
        Ok(())
    }
}

/// Kept as it is printed: what the server signed, its key's name and the signature, with colons between them.
pub(super) fn keep(
    device: &Device,
    visit: PageId,
    entry: EntryId,
    body: &[u8],
) -> Result<Result<(), String>, DeviceError> {
    let word: Countersigned = match serde_json::from_slice(body) {
        Ok(word) => word,
        Err(trouble) => return Ok(Err(trouble.to_string())),
    };
    if word.visit != visit.to_string() || word.entry != entry.to_string() {
        return Ok(Err("a countersignature of something else".to_owned()));
    }
    let Countersigned { tenant, visit, entry: of, digest, received, key, signature } = word;
    let text = format!("{tenant}:{visit}:{of}:{digest}:{received}:{key}:{signature}");
    proofs::keep(device.store.read(), entry, &text)?;
    Ok(Ok(()))
}
