//! What can come between somebody and his logbook, named by what he can do about it.

use crate::store::StoreError;
use outpost_model::command::CommandFault;
use outpost_model::entry::EntryFault;
use outpost_model::id::{EntryId, Hash, PageId};
use outpost_model::judge::Denial;
use outpost_model::problem::Code;

/// Why the device didn't do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("this phone has no invitation yet: scan the code from headquarters")]
    NotInvited,
    #[error("the phone's keystore doesn't answer: {0}; unlock the phone and try again")]
    Keystore(std::io::Error),
    #[error("the send counter can't be kept outside the backup: {0}; free some space and try again")]
    Outside(std::io::Error),
    #[error("this phone belongs to {0}: hand in what it holds before it goes to somebody else")]
    BelongsTo(String),
}

impl From<rusqlite::Error> for DeviceError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Why something wasn't captured. Nothing of it was written.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// One of the entries doesn't fit its form: correct the field.
    #[error(transparent)]
    Entry(#[from] EntryFault),
    /// The command doesn't fit its form: correct the field.
    #[error(transparent)]
    Command(#[from] CommandFault),
    /// Not allowed, or it makes no sense as things stand.
    #[error("{} ({})", .0.code.en(), .0.detail)]
    Denied(Denial),
    #[error("there is nothing to log")]
    NothingToLog,
    #[error("an entry with the id {0} is there already: give another, or none")]
    IdTaken(EntryId),
    #[error("a field or an id is named twice: log it once")]
    NamedTwice,
    #[error("this is more than one act may hold: log it in several")]
    TooMuch,
    #[error("the page was begun from another header: look up the page first")]
    OtherHeader,
    #[error("the file {0} is named by no entry of this act")]
    FileNotNamed(Hash),
    #[error("this phone doesn't hold the page {0}: sync, and look again")]
    PageUnknown(PageId),
    #[error("what the glass showed has changed meanwhile: show it again, and let the customer sign that")]
    GlassChanged,
}

impl From<StoreError> for CaptureError {
    fn from(error: StoreError) -> Self {
        Self::Device(error.into())
    }
}

impl From<rusqlite::Error> for CaptureError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Device(error.into())
    }
}

impl StoreError {
    /// Its stable code: what a screen says is looked up by it.
    pub const fn code(&self) -> Code {
        match self {
            Self::Full => Code::PhoneFull,
            Self::InUse => Code::StoreInUse,
            Self::NoStorage => Code::HostFailed,
            Self::NotOpened(_) | Self::Damaged | Self::Newer(_) | Self::Unreadable(_) => Code::StoreDamaged,
        }
    }
}

impl DeviceError {
    pub const fn code(&self) -> Code {
        match self {
            Self::Store(error) => error.code(),
            Self::NotInvited => Code::NotEnrolled,
            Self::BelongsTo(_) => Code::BelongsToOther,
            Self::Keystore(_) => Code::KeystoreSilent,
            Self::Outside(_) => Code::HostFailed,
        }
    }
}

impl CaptureError {
    pub fn code(&self) -> Code {
        match self {
            Self::Device(error) => error.code(),
            Self::Denied(denial) => denial.code,
            Self::PageUnknown(_) => Code::PageUnknown,
            Self::GlassChanged => Code::GlassChanged,
            Self::Entry(_)
            | Self::Command(_)
            | Self::NothingToLog
            | Self::IdTaken(_)
            | Self::NamedTwice
            | Self::TooMuch
            | Self::OtherHeader
            | Self::FileNotNamed(_) => Code::DoesNotFit,
        }
    }

    /// The field to be corrected, by its key in the entry.
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::Entry(EntryFault::Range(field)) | Self::Command(CommandFault::Range(field)) => Some(field),
            _ => None,
        }
    }
}
