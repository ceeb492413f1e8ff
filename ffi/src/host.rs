//! What a platform lends. Each trait is the host's to implement; none is called while a lock of ours is held.

use outpost_device::report::Fault;
use outpost_model::entry::Place;
use std::sync::Arc;

/// Where the logbook lies, and what the platform does for it. What isn't given has a default.
#[derive(uniffi::Record)]
pub struct Host {
    /// Folder of the store: the app's own, included in backups or not.
    pub folder: String,
    /// Folder that no backup copies (Android: `noBackupFilesDir`; iOS: marked as excluded): it tells a restored backup
    /// from a phone that went on. None: restores aren't noticed here, only by the server.
    pub no_backup_folder: Option<String>,
    /// Name and version of the app, for headquarters' list of phones.
    pub app: String,
    pub clock: Arc<dyn Clock>,
    /// None: a key in a file of `folder`, for command lines and tests.
    pub keystore: Option<Arc<dyn Keystore>>,
    /// None: HTTPS by this library itself.
    pub transport: Option<Arc<dyn Transport>>,
    pub locator: Option<Arc<dyn Locator>>,
    pub power: Option<Arc<dyn Power>>,
}

/// What the clocks say at one moment.
#[derive(Debug, Clone, Copy, uniffi::Record)]
pub struct ClockReading {
    /// Milliseconds since 1970 by the phone's own clock, right or wrong.
    pub now: i64,
    /// Minutes east of Greenwich.
    pub zone_minutes: i16,
    /// Milliseconds by a clock that nobody can set and that runs while the phone sleeps, where there is one.
    pub monotonic: Option<u64>,
}

#[uniffi::export(foreign)]
pub trait Clock: Send + Sync {
    fn read(&self) -> Result<ClockReading, HostTrouble>;
}

/// The phone's Ed25519 key pair; made at first use, and never given out.
#[uniffi::export(foreign)]
pub trait Keystore: Send + Sync {
    /// 32 bytes.
    fn public_key(&self) -> Result<Vec<u8>, HostTrouble>;
    /// 64 bytes.
    fn sign(&self, message: Vec<u8>) -> Result<Vec<u8>, HostTrouble>;
}

/// Makes one call, and waits for the whole answer.
#[uniffi::export(foreign)]
pub trait Transport: Send + Sync {
    fn call(&self, request: HttpRequest) -> Result<HttpAnswer, TransportTrouble>;
}

#[derive(Debug, Clone, uniffi::Record)]
pub struct HttpRequest {
    pub method: String,
    pub url: String,
    pub headers: Vec<HttpHeader>,
    pub body: Vec<u8>,
}

#[derive(Debug, Clone, uniffi::Record)]
pub struct HttpHeader {
    pub name: String,
    pub value: String,
}

/// The answer as it came: a body that the platform has decompressed has no `content-encoding` any more.
#[derive(Debug, Clone, uniffi::Record)]
pub struct HttpAnswer {
    pub status: u16,
    pub headers: Vec<HttpHeader>,
    pub body: Vec<u8>,
}

/// Finds out where the phone is. It may take its time: nothing waits for it but the place itself.
#[uniffi::export(foreign)]
pub trait Locator: Send + Sync {
    fn place(&self) -> Result<Option<Place>, HostTrouble>;
}

/// Whether this is the moment for photos: asked before each of them.
#[uniffi::export(foreign)]
pub trait Power: Send + Sync {
    fn read(&self) -> Result<PowerReading, HostTrouble>;
}

#[derive(Debug, Clone, Copy, uniffi::Record)]
pub struct PowerReading {
    /// The battery is low, or the system saves power.
    pub low: bool,
    /// The network costs money by the byte, and the person hasn't allowed photos on it.
    pub metered: bool,
}

/// Something that the host was asked for didn't work.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Error)]
pub enum HostTrouble {
    Failed { reason: String },
}

/// Why there was no answer.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Error)]
pub enum TransportTrouble {
    Unreachable {
        reason: String,
    },
    /// It broke off before the answer was whole.
    Broken {
        reason: String,
    },
}

impl std::fmt::Display for HostTrouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let HostTrouble::Failed { reason } = self;
        f.write_str(reason)
    }
}

impl std::fmt::Display for TransportTrouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            TransportTrouble::Unreachable { reason } | TransportTrouble::Broken { reason } => f.write_str(reason),
        }
    }
}

impl std::error::Error for HostTrouble {}
impl std::error::Error for TransportTrouble {}

impl From<uniffi::UnexpectedUniFFICallbackError> for HostTrouble {
    fn from(thrown: uniffi::UnexpectedUniFFICallbackError) -> Self {
        HostTrouble::Failed { reason: thrown.reason }
    }
}

impl From<uniffi::UnexpectedUniFFICallbackError> for TransportTrouble {
    fn from(thrown: uniffi::UnexpectedUniFFICallbackError) -> Self {
        TransportTrouble::Broken { reason: thrown.reason }
    }
}

impl From<TransportTrouble> for Fault {
    fn from(trouble: TransportTrouble) -> Self {
        match trouble {
            TransportTrouble::Unreachable { reason } => Fault::Unreachable(reason),
            TransportTrouble::Broken { reason } => Fault::Broken(reason),
        }
    }
}
