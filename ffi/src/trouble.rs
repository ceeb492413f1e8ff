//! Everything that can go wrong, as an app sees it: named by what somebody can do about it, with a stable code and a
//! sentence in both languages.

use outpost_device::error::{CaptureError, DeviceError};
use outpost_device::rescue::RescueError;
use outpost_device::store::StoreError;
use outpost_model::problem::Code;

/// What an app can say and look up.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Told {
    /// Stable; never reused for something else.
    pub code: String,
    pub number: u16,
    pub zh: String,
    pub en: String,
    /// What exactly, for somebody who helps.
    pub detail: String,
}

#[derive(Debug, Clone, PartialEq, Eq, uniffi::Error)]
pub enum Trouble {
    /// A rule says no: show the sentence beside the field or the button.
    Denied { told: Told },
    /// What was entered doesn't fit: correct it.
    DoesNotFit { told: Told },
    /// This phone doesn't hold what was asked for: sync.
    Unknown { told: Told },
    /// What the customer saw has changed: show it again.
    GlassChanged { told: Told },
    /// Nobody's phone yet, somebody else's, or not a code: ask for an enrolment code.
    NotEnrolled { told: Told },
    /// There is no room: free some, then try again.
    Full { told: Told },
    /// The store can't be read: export, then enrol anew.
    Unreadable { told: Told },
    /// Open elsewhere, closed, or busy: try again when that is over.
    Busy { told: Told },
    /// The phone itself didn't do its part: key, storage, network stack.
    Host { told: Told },
    /// A fault of ours. The logbook was opened anew; try again.
    Fallen { told: Told },
}

impl Told {
    pub(crate) fn of(code: Code, detail: impl ToString) -> Self {
        Self {
            code: code.name().to_owned(),
            number: code.number(),
            zh: code.zh().to_owned(),
            en: code.en().to_owned(),
            detail: detail.to_string(),
        }
    }
}

impl Trouble {
    pub fn told(&self) -> &Told {
        match self {
            Trouble::Denied { told }
            | Trouble::DoesNotFit { told }
            | Trouble::Unknown { told }
            | Trouble::GlassChanged { told }
            | Trouble::NotEnrolled { told }
            | Trouble::Full { told }
            | Trouble::Unreadable { told }
            | Trouble::Busy { told }
            | Trouble::Host { told }
            | Trouble::Fallen { told } => told,
        }
    }

    pub(crate) fn closed() -> Self {
        Trouble::Busy { told: Told::of(Code::LogbookClosed, "") }
    }

    pub(crate) fn syncing() -> Self {
        Trouble::Busy { told: Told::of(Code::SyncGoing, "") }
    }

    pub(crate) fn host(detail: impl ToString) -> Self {
        Trouble::Host { told: Told::of(Code::HostFailed, detail) }
    }

    pub(crate) fn fallen(detail: impl ToString) -> Self {
        Trouble::Fallen { told: Told::of(Code::CoreFell, detail) }
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Told { code, en, detail, .. } = self.told();
        if detail.is_empty() { write!(f, "{code}: {en}") } else { write!(f, "{code}: {en} ({detail})") }
    }
}

impl std::error::Error for Trouble {}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        let told = Told::of(error.code(), &error);
        match error {
            StoreError::Full => Trouble::Full { told },
            StoreError::InUse => Trouble::Busy { told },
            StoreError::NoStorage => Trouble::Host { told },
            StoreError::NotOpened(_) | StoreError::Damaged | StoreError::Newer(_) | StoreError::Unreadable(_) => {
                Trouble::Unreadable { told }
            }
        }
    }
}

impl From<DeviceError> for Trouble {
    fn from(error: DeviceError) -> Self {
        let told = Told::of(error.code(), &error);
        match error {
            DeviceError::Store(error) => error.into(),
            DeviceError::NotInvited | DeviceError::BelongsTo(_) => Trouble::NotEnrolled { told },
            DeviceError::Keystore(_) | DeviceError::Outside(_) => Trouble::Host { told },
        }
    }
}

impl From<CaptureError> for Trouble {
    fn from(error: CaptureError) -> Self {
        let told = Told::of(error.code(), &error);
        match error {
            CaptureError::Device(error) => error.into(),
            CaptureError::Denied(denial) => Trouble::Denied { told: Told { detail: denial.detail, ..told } },
            CaptureError::PageUnknown(_) => Trouble::Unknown { told },
            CaptureError::GlassChanged => Trouble::GlassChanged { told },
            CaptureError::Entry(_)
            | CaptureError::Command(_)
            | CaptureError::NothingToLog
            | CaptureError::IdTaken(_)
            | CaptureError::NamedTwice
            | CaptureError::TooMuch
            | CaptureError::OtherHeader
            | CaptureError::FileNotNamed(_) => Trouble::DoesNotFit { told },
        }
    }
}

impl From<RescueError> for Trouble {
    fn from(error: RescueError) -> Self {
        let told = Told::of(error.code(), &error);
        match error {
            RescueError::Device(error) => error.into(),
            RescueError::NoSealKey => Trouble::Denied { told },
            RescueError::Write(_) | RescueError::NotSealed => Trouble::Host { told },
        }
    }
}
