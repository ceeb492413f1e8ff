//! Strokes and photos go up by their hash, one by one, after the text that names them.

use super::Session;
use super::frame::Call;
use crate::device::Device;
use crate::error::DeviceError;
use crate::report::Problem;
use crate::store::blobs::{self, BlobState};
use outpost_model::id::{Hash, PageId};

pub(super) fn file(device: &Device, hash: &Hash, token: &str) -> Result<Option<Call>, DeviceError> {
    let db = device.store.read();
    let Some(item) = blobs::pending(db)?.into_iter().find(|item| item.hash == *hash) else { return Ok(None) };
    let Some(bytes) = blobs::bytes(db, hash)? else { return Ok(None) };
    Ok(Some(Call::file(format!("/v1/blobs/{hash}?page={}", item.page), bytes, token)))
}

impl Device {
    /// Whether an admitted entry of that page names the file: before that the server doesn't take it.
    pub(super) fn is_named(&mut self, page: PageId, file: &Hash) -> Result<bool, DeviceError> {
        let owner = self.identity()?.owner;
        self.opening([page], |device| {
            let open = device.shelf.open(device.store.read(), &owner, page)?;
            Ok(open.is_some_and(|open| open.admitted().entries().any(|row| row.entry.body.blob() == Some(*file))))
        })?
    }
}

impl Session {
    pub(super) fn uploaded(&mut self, device: &Device, hash: &Hash) -> Result<Result<(), String>, DeviceError> {
        blobs::set_state(device.store.read(), hash, BlobState::Stored, None)?;
        self.tally.files += 1;
        Ok(Ok(()))
    }

    pub(super) fn not_uploaded(&mut self, device: &Device, hash: &Hash, problem: &Problem) -> Result<(), DeviceError> {
        let db = device.store.read();
        // Too large, or another file than its name says: sending it again would only end the same way. What is whole
        // here was damaged on its way.
        let is_whole = || blobs::bytes(db, hash).map(|file| file.is_some_and(|file| Hash::of(&file) == *hash));
        let for_good = problem.status == 413 || (problem.status == 422 && !is_whole()?);
        let state = if for_good { BlobState::Refused } else { BlobState::Deferred };
        blobs::set_state(db, hash, state, Some(&problem.code))?;
        Ok(())
    }
}
