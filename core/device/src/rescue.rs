//! Rescue: what this phone logged and headquarters hasn't got, in a sealed file, for a phone that can't sync any more:
//! it was revoked, its store is damaged, its network is gone for good.
//!
//! Everything is read for itself: what can't be read is named, and keeps nothing else from going out. Nothing changes
//! on the phone; the same may be rescued again, and may still be synced.

mod reading;
mod sealing;

use crate::device::Device;
use crate::error::DeviceError;
use crate::host::{Host, Randomness};
use crate::store::Store;
use outpost_model::problem::Code;
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

/// What is to go into the file, put together and not signed yet: for hosts whose key answers later.
pub struct Unsealed {
    rescue: Rescue,
    body: Vec<u8>,
    seal_key: [u8; 32],
}

impl Unsealed {
    /// What the phone's key is to sign.
    pub fn message(&self) -> Vec<u8> {
        Signed::text(&self.body)
    }

    /// The whole file. A keystore that is gone with the rest must not keep the work back: then nobody signed it.
    pub fn seal(
        self,
        proof: Option<([u8; 32], [u8; 64])>,
        randomness: &mut dyn Randomness,
    ) -> Result<(Vec<u8>, RescueReport), RescueError> {
        let Self { rescue, body, seal_key } = self;
        let signed = Signed { body: body.into(), key: proof.map(|it| it.0), signature: proof.map(|it| it.1) };
        let file = sealing::seal(&seal_key, &frame(&signed), randomness).ok_or(RescueError::NotSealed)?;
        let report = report(&rescue, file.len() as u64, proof.is_some());
        Ok((file, report))
    }
}

impl RescueError {
    pub const fn code(&self) -> Code {
        match self {
            Self::Device(error) => error.code(),
            Self::NoSealKey => Code::NoSealKey,
            Self::Write(_) | Self::NotSealed => Code::HostFailed,
        }
    }
}

impl Device {
    /// Writes all that headquarters hasn't got, signed with the phone's key and sealed to headquarters'.
    pub fn rescue(&mut self, out: &mut dyn Write) -> Result<RescueReport, RescueError> {
        write(self.store.read(), &mut self.host, out)
    }

    /// The same in two steps, of which this is the first.
    pub fn put_together_rescue(&self) -> Result<Unsealed, RescueError> {
        put_together(self.store.read(), &self.host)
    }

    /// The second.
    pub fn seal_rescue(
        &mut self,
        unsealed: Unsealed,
        signature: Option<[u8; 64]>,
    ) -> Result<(Vec<u8>, RescueReport), RescueError> {
        let key = self.host.keystore.public_key().ok();
        unsealed.seal(key.zip(signature), self.host.randomness.as_mut())
    }
}

/// All that headquarters hasn't got.
fn of(db: &Connection, host: &Host) -> Result<Rescue, DeviceError> {
    let identity = reading::identity(db)?;
    Ok(reading::read(db, &identity, host.clock.now(), host.app.clone()))
}

/// The same as one frame for a server that can still be reached; none where nothing is left.
pub(crate) fn hand_in(device: &Device) -> Result<Option<HandIn>, DeviceError> {
    Ok(of(device.store.read(), &device.host)?.hand_ins().into_iter().next())
}

/// The same from a store that can't be opened any more: it is only read, as far as it can be.
pub fn rescue_folder(dir: &Path, mut host: Host, out: &mut dyn Write) -> Result<RescueReport, RescueError> {
    let db = Store::open_to_read(dir).map_err(DeviceError::from)?;
    write(&db, &mut host, out)
}

/// What is to go into the file, from a store that can't be opened any more.
pub fn put_together_from_folder(dir: &Path, host: &Host) -> Result<Unsealed, RescueError> {
    put_together(&Store::open_to_read(dir).map_err(DeviceError::from)?, host)
}

fn put_together(db: &Connection, host: &Host) -> Result<Unsealed, RescueError> {
    let seal_key = reading::identity(db)?.seal_key.ok_or(RescueError::NoSealKey)?;
    let rescue = of(db, host)?;
    Ok(Unsealed { body: frame(&rescue), rescue, seal_key })
}

fn write(db: &Connection, host: &mut Host, out: &mut dyn Write) -> Result<RescueReport, RescueError> {
    let unsealed = put_together(db, host)?;
    let key = host.keystore.public_key().ok();
    let signature = key.and_then(|_| host.keystore.sign(&unsealed.message()).ok());
    let (file, report) = unsealed.seal(key.zip(signature), host.randomness.as_mut())?;
    out.write_all(&file)?;
    out.flush()?;
    Ok(report)
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
