//! Rescue: what this phone logged and headquarters hasn't got, in a sealed file, for a phone that can't sync any more:
//! it was revoked, its store is damaged, its network is gone for good.
//!
//! Everything is read for itself: what can't be read is named, and keeps nothing else from going out. Nothing changes
//! on the phone; the same may be rescued again, and may still be synced.

mod reading;
mod sealing;

use crate::device::Device;
use crate::error::DeviceError;
use crate::host::Host;
use crate::store::Store;
use outpost_model::rescue::{Rescue, Signed};
use outpost_model::wire::{HandIn, frame};
use rusqlite::Connection;
use std::io::{self, Write};
use std::path::Path;

/// What went into the file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record))]
pub struct RescueReport {
    /// Steps that were never admitted, and how many of them had been refused.
    pub steps: u32,
    pub refused: u32,
    /// Strokes with their bytes, and photos by their hash.
    pub strokes: u32,
    pub photos: u32,
    pub bytes: u64,
    /// The phone's key signed it.
    pub signed: bool,
    /// What couldn't be read, in a sentence each.
    pub missing: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum RescueError {
    #[error(transparent)]
    Device(#[from] DeviceError),
    #[error("the phone hasn't got headquarters' key yet: it comes with the next sync")]
    NoSealKey,
    #[error("the file couldn't be written: {0}; free some space and try again")]
    Write(#[from] io::Error),
    #[error("the file couldn't be sealed: headquarters' key isn't one")]
    NotSealed,
}

impl Device {
    /// Writes all that headquarters hasn't got, signed with the phone's key and sealed to headquarters'.
    pub fn rescue(&mut self, out: &mut dyn Write) -> Result<RescueReport, RescueError> {
        write(self.store.read(), &mut self.host, out)
    }
}

/// The same as one frame for a server that can still be reached; none where nothing is left.
pub(crate) fn hand_in(device: &Device) -> Result<Option<HandIn>, DeviceError> {
    let (db, host) = (device.store.read(), &device.host);
    let rescue = reading::read(db, &reading::identity(db)?, host.clock.now(), host.app.clone());
    Ok(rescue.hand_ins().into_iter().next())
}

/// The same from a store that can't be opened any more: it is only read, as far as it can be.
pub fn rescue_folder(dir: &Path, mut host: Host, out: &mut dyn Write) -> Result<RescueReport, RescueError> {
    let db = Store::open_to_read(dir).map_err(DeviceError::from)?;
    write(&db, &mut host, out)
}

fn write(db: &Connection, host: &mut Host, out: &mut dyn Write) -> Result<RescueReport, RescueError> {
    let identity = reading::identity(db)?;
    let seal = identity.seal_key.ok_or(RescueError::NoSealKey)?;
    let rescue = reading::read(db, &identity, host.clock.now(), host.app.clone());
    let body = frame(&rescue);
    // A keystore that is gone with the rest must not keep the work back.
    let key = host.keystore.public_key().ok();
    let signature = key.and_then(|_| host.keystore.sign(&Signed::text(&body)).ok());
    let signed = signature.is_some();
    let sealed = sealing::seal(&seal, &frame(&Signed { body: body.into(), key, signature }), host.randomness.as_mut());
    let bytes = sealed.ok_or(RescueError::NotSealed)?;
    out.write_all(&bytes)?;
    out.flush()?;
    Ok(report(&rescue, bytes.len() as u64, signed))
}

fn report(rescue: &Rescue, bytes: u64, signed: bool) -> RescueReport {
    let count = |of: usize| u32::try_from(of).unwrap_or(u32::MAX);
    let strokes = rescue.files.iter().filter(|file| file.bytes.is_some()).count();
    RescueReport {
        steps: count(rescue.steps.len()),
        refused: count(rescue.steps.iter().filter(|step| step.refused.is_some()).count()),
        strokes: count(strokes),
        photos: count(rescue.files.len() - strokes),
        bytes,
        signed,
        missing: rescue.missing.clone(),
    }
}
