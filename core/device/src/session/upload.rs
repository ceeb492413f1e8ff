//! The queue of files: strokes and photos go up by their hash, one by one, after the text that names them.
//!
//! A small one goes whole. A larger one goes by tus, in pieces: the server is asked where it stands, then piece after
//! piece follows. What the server has acknowledged it keeps, so the phone notes nothing: killed or cut off anywhere, it
//! asks again. Before each piece, text that was captured meanwhile goes first. What the server puts off waits, longer each
//! time, with some chance in it, so that phones don't come back all at once.

use super::frame::Call;
use super::{Session, Uploading, Work, push};
use crate::device::Device;
use crate::error::DeviceError;
use crate::report::Problem;
use crate::retry::after_failures;
use crate::store::blobs::{self, BlobItem, BlobState};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use outpost_model::id::{Hash, PageId};
use outpost_model::problem::Code;
use outpost_model::time::Millis;
use outpost_model::wire::MAX_WHOLE_BLOB;
use serde::Deserialize;
use std::time::Duration;

/// Sent at a time: half a minute on a link of the worst kind.
pub(super) const PIECE: u64 = 256 * 1024;
/// How often in one session a file's standing is asked.
const MOST_ASKED: u8 = 4;

/// A file on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sending {
    pub file: Hash,
    pub page: PageId,
    pub size: u64,
    /// What the server had of it when it last said so.
    reached: u64,
    /// How often it was asked in this session where the upload stands.
    asked: u8,
    /// The upload and what the server has of it, once that is known.
    standing: Option<Standing>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Standing {
    upload: String,
    offset: u64,
}

impl Sending {
    fn of(item: &BlobItem) -> Self {
        Self { file: item.hash, page: item.page, size: item.size, reached: 0, asked: 0, standing: None }
    }

    pub(super) fn progress(&self) -> Uploading {
        Uploading { file: self.file, reached: self.reached, size: self.size }
    }

    fn is_small(&self) -> bool {
        self.size <= MAX_WHOLE_BLOB as u64
    }
}

/// The call that takes a file a step further; none where it is gone meanwhile.
pub(super) fn call(device: &Device, sending: &Sending, token: &str) -> Result<Option<Call>, DeviceError> {
    let (db, file, page) = (device.store.read(), &sending.file, sending.page);
    // Erased or let go of since it was queued.
    if blobs::find(db, file)?.is_none_or(|item| !matches!(item.state, BlobState::Kept | BlobState::Deferred)) {
        return Ok(None);
    }
    if sending.is_small() {
        let Some(bytes) = blobs::bytes(db, file)? else { return Ok(None) };
        return Ok(Some(Call::file(format!("/v1/blobs/{file}?page={page}"), bytes, token)));
    }
    match &sending.standing {
        None => {
            let encode = |text: String| STANDARD.encode(text);
            let metadata = format!("sha256 {},page {}", encode(file.to_string()), encode(page.to_string()));
            Ok(Some(Call::upload(metadata, sending.size, token)))
        }
        Some(Standing { upload, offset }) => {
            let Some(piece) = blobs::part(db, file, *offset, PIECE)? else { return Ok(None) };
            Ok(Some(Call::piece(upload, *offset, piece, token)))
        }
    }
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
    pub(super) fn queue_files(&mut self, device: &mut Device, due: Vec<BlobItem>) -> Result<(), DeviceError> {
        for item in due {
            if device.is_named(item.page, &item.hash)? {
                self.queue.push_back(Work::File(Sending::of(&item)));
            }
        }
        Ok(())
    }

    /// Whether there is text to be sent.
    pub(super) fn has_text(&self, device: &Device) -> Result<bool, DeviceError> {
        Ok(push::has_something(device.store.read(), &self.offers, device.host.clock.now())?)
    }

    pub(super) fn uploaded(
        &mut self,
        device: &Device,
        mut sending: Sending,
        body: &[u8],
    ) -> Result<Result<(), String>, DeviceError> {
        let reached = match &sending.standing {
            _ if sending.is_small() => sending.size,
            None => match serde_json::from_slice::<Standing>(body) {
                Ok(standing) if standing.offset <= sending.size && is_plain(&standing.upload) => {
                    let reached = standing.offset;
                    (sending.reached, sending.standing) = (reached, Some(standing));
                    reached
                }
                Ok(_) | Err(_) => return Ok(Err("an upload that stands nowhere".to_owned())),
            },
            Some(Standing { offset, .. }) => {
                // A yes to a piece says that some of it was taken. That all of it was is found out with the next, and after
                // the last by asking: a file counts as stored only when the server says so.
                let offset = offset + PIECE;
                sending.reached = offset.min(sending.size);
                match &mut sending.standing {
                    Some(standing) if offset < sending.size => standing.offset = offset,
                    _ => sending.standing = None,
                }
                self.queue.push_front(Work::File(sending));
                return Ok(Ok(()));
            }
        };
        if reached == sending.size {
            blobs::set_state(device.store.read(), &sending.file, BlobState::Stored, None)?;
            self.tally.files += 1;
        } else if sending.asked > MOST_ASKED {
            // It stands where it stood, whatever was sent.
            let until = device.host.clock.now().plus(Millis::minutes(1));
            blobs::defer(device.store.read(), &sending.file, Code::UploadOffset.name(), until)?;
        } else {
            sending.asked += 1;
            self.queue.push_front(Work::File(sending));
        }
        Ok(Ok(()))
    }

    pub(super) fn not_uploaded(
        &mut self,
        device: &mut Device,
        mut sending: Sending,
        problem: &Problem,
    ) -> Result<(), DeviceError> {
        let code = Code::parse(&problem.code);
        let lost_its_place =
            matches!(code, Some(Code::UploadUnknown | Code::UploadOffset | Code::UploadBusy | Code::UploadChecksum));
        if lost_its_place && sending.asked < MOST_ASKED {
            (sending.asked, sending.standing) = (sending.asked + 1, None);
            self.queue.push_front(Work::File(sending));
            return Ok(());
        }
        let (now, chance) = (device.host.clock.now(), u64::from_be_bytes(device.host.random()));
        let (db, file) = (device.store.read(), &sending.file);
        // What is whole here was damaged on its way; what isn't would only end the same way.
        let is_whole = || blobs::bytes(db, file).map(|bytes| bytes.is_some_and(|bytes| Hash::of(&bytes) == *file));
        match code {
            Some(Code::BlobErased) => blobs::erase(db, file)?,
            Some(Code::BlobKind) => blobs::set_state(db, file, BlobState::Refused, Some(&problem.code))?,
            _ if problem.status == 413 || (problem.status == 422 && !is_whole()?) => {
                blobs::set_state(db, file, BlobState::Refused, Some(&problem.code))?;
            }
            _ => {
                let tries = blobs::find(db, file)?.map_or(0, |item| item.tries);
                // What was damaged on its way needs no rest, unless that is what always happens.
                let soon = code == Some(Code::BlobMismatch) && tries < 3;
                let asked = problem.retry_after_s.map(Duration::from_secs);
                let wait = if soon { Duration::ZERO } else { after_failures(tries.saturating_add(1), asked, chance) };
                blobs::defer(
                    db,
                    file,
                    &problem.code,
                    now.plus(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX / 2)),
                )?;
            }
        }
        Ok(())
    }

    pub(super) fn fetched(
        &mut self,
        device: &Device,
        file: &Hash,
        body: Vec<u8>,
    ) -> Result<Result<(), String>, DeviceError> {
        if Hash::of(&body) != *file {
            return Ok(Err("another file than the one that was asked for".to_owned()));
        }
        blobs::keep_fetched(device.store.read(), &body, device.host.clock.now())?;
        Ok(Ok(()))
    }
}

/// An upload's name goes into an address as it is.
fn is_plain(upload: &str) -> bool {
    (1..=64).contains(&upload.len()) && upload.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
