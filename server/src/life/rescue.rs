//! Opening what a phone sealed to headquarters. Nothing in it is believed: who signed it is said, and what it holds is
//! judged like a push.

use crate::blob::ledger::UploadId;
use crate::blob::upload::Bringing;
use crate::blob::{BlobFault, BlobLimits, BlobStore};
use crate::relay::{Denied, HandedIn, Relay, Source};
use crypto_box::SecretKey;
use ed25519_dalek::{Signature, VerifyingKey};
use outpost_model::id::{DeviceId, TenantId};
use outpost_model::problem::Code;
use outpost_model::rescue::{MAGIC, MAX_RESCUE, MAX_RESCUED, Rescue, Signed};
use outpost_model::time::Millis;
use outpost_model::wire::{frame, parse_frame};

/// The key that phones get for a secret one.
pub fn public_key(secret: &[u8; 32]) -> [u8; 32] {
    *SecretKey::from(*secret).public_key().as_bytes()
}

/// Who answers for what is in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The holder of this key.
    Signed([u8; 32]),
    /// Nobody: the phone's keystore didn't answer any more.
    Unsigned,
}

/// How long strokes wait for headquarters' word about what names them: more than a year.
const STROKES_WAIT: i64 = Millis::hours(24 * 400);

/// What a rescue file brings is bounded by the file alone.
pub fn limits() -> BlobLimits {
    BlobLimits { bytes_a_day: u64::MAX / 2, bytes: u64::MAX / 2, upload_life: STROKES_WAIT, orphan_life: STROKES_WAIT }
}

#[derive(Debug)]
pub struct Opened {
    pub rescue: Rescue,
    pub standing: Standing,
}

#[derive(Debug, thiserror::Error)]
pub enum RescueFault {
    #[error("this isn't a rescue file of Outpost's")]
    NotARescue,
    #[error("a rescue file of {0} bytes is more than any phone writes")]
    TooLarge(usize),
    #[error(
        "it can't be opened with this company's keys/seal.key: it was sealed to another company, or before the key was \
         lost, or it was damaged on its way; have the phone write it once more"
    )]
    Sealed,
    #[error("it was opened, and what is in it can't be read: {0}; use a newer version")]
    Unreadable(String),
    #[error("its signature isn't its phone's: somebody altered it")]
    Altered,
    #[error("it is of the company {0}")]
    OtherCompany(TenantId),
    #[error("there is no phone {0} here: was it enrolled with another company, or after the last backup?")]
    UnknownDevice(DeviceId),
    #[error("{} {}", .0.code.en(), .0.detail)]
    Denied(Denied),
    #[error("the strokes of a signature: {0}")]
    Strokes(#[from] BlobFault),
}

impl RescueFault {
    pub fn code(&self) -> Code {
        match self {
            Self::NotARescue | Self::Sealed | Self::OtherCompany(_) => Code::RescueSealed,
            Self::TooLarge(_) => Code::TooLarge,
            Self::Unreadable(_) => Code::MalformedFrame,
            Self::Altered => Code::RescueUnsigned,
            Self::UnknownDevice(_) => Code::DeviceUnknown,
            Self::Denied(denied) => denied.code,
            Self::Strokes(_) => Code::StorageTrouble,
        }
    }
}

pub fn open(bytes: &[u8], secret: &[u8; 32], tenant: &TenantId) -> Result<Opened, RescueFault> {
    if bytes.len() > MAX_RESCUE {
        return Err(RescueFault::TooLarge(bytes.len()));
    }
    let sealed = bytes.strip_prefix(MAGIC).ok_or(RescueFault::NotARescue)?;
    let plain = SecretKey::from(*secret).unseal(sealed).map_err(|_| RescueFault::Sealed)?;
    let unreadable = |what: String| RescueFault::Unreadable(what);
    let signed: Signed = parse_frame(&plain).map_err(|error| unreadable(error.to_string()))?;
    let standing = match (signed.key, signed.signature) {
        (Some(key), Some(signature)) => {
            let text = Signed::text(&signed.body);
            let verifying = VerifyingKey::from_bytes(&key).map_err(|_| RescueFault::Altered)?;
            let signature = Signature::from_bytes(&signature);
            verifying.verify_strict(&text, &signature).map_err(|_| RescueFault::Altered)?;
            Standing::Signed(key)
        }
        _ => Standing::Unsigned,
    };
    let rescue: Rescue = parse_frame(&signed.body).map_err(|error| unreadable(error.to_string()))?;
    if rescue.steps.len() > MAX_RESCUED {
        return Err(RescueFault::TooLarge(rescue.steps.len()));
    }
    if rescue.tenant != *tenant {
        return Err(RescueFault::OtherCompany(rescue.tenant));
    }
    Ok(Opened { rescue, standing })
}

/// What came of a rescue file.
#[derive(Debug)]
pub struct Imported {
    /// In the review from now on, or since an earlier time.
    pub reviews: Vec<HandedIn>,
    /// Signed by the very key that this phone is known by.
    pub is_its_own: bool,
    pub strokes: usize,
    /// Photos of which only the hash came.
    pub photos: usize,
}

/// Puts what was opened into the review. Strokes are kept until headquarters has decided about what names them.
pub fn import(relay: &Relay, blobs: &BlobStore, opened: &Opened, now: Millis) -> Result<Imported, RescueFault> {
    let Rescue { tenant, device, files, .. } = &opened.rescue;
    let unknown = || RescueFault::UnknownDevice(device.clone());
    let known = relay.device(device).map_err(Denied::from).map_err(RescueFault::Denied)?.ok_or_else(unknown)?;
    let is_its_own = matches!(opened.standing, Standing::Signed(key) if known.public_key == Some(key));
    let mut reviews = Vec::new();
    for hand_in in opened.rescue.hand_ins() {
        reviews.push(relay.hand_in(device, frame(&hand_in), Source::File).map_err(RescueFault::Denied)?);
    }
    let mut strokes = 0;
    for file in files {
        let Some(bytes) = &file.bytes else { continue };
        let (tenant, device) = (tenant.clone(), device.clone());
        let bringing = Bringing { tenant, device, page: file.page, blob: file.hash, length: bytes.len() as u64 };
        let upload = blobs.begin(bringing, UploadId(rand::random()), now)?;
        blobs.bring(&opened.rescue.tenant, upload, bytes, now)?;
        strokes += 1;
    }
    Ok(Imported { reviews, is_its_own, strokes, photos: files.len() - strokes })
}
