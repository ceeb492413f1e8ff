//! A sync, turn by turn, for hosts whose network and whose keys are not this thread's: it says what it wants, the host
//! does it and comes back. Nothing here calls out, so no lock is held while somebody else works.
//!
//! ```text
//! begin → Call | Sign | Ended;   answer, fault → the same;   signed → the same
//! ```
//!
//! What happens between two turns is durable by itself: a phone killed at any of them begins its next sync where this
//! one stood.

use crate::device::Device;
use crate::error::{CaptureError, DeviceError};
use crate::host::Keystore;
use crate::report::{Fault, Outcome, SyncReport};
use crate::retry;
use crate::session::frame::{Answer, Call};
use crate::session::{Effect, Event, Session, Uploading};
use crate::store::blobs::{self, BlobState};
use crate::store::outbox;
use outpost_model::id::Hash;
use serde::Serialize;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What the host is to do next.
#[derive(Debug, Clone, PartialEq)]
pub enum Turn {
    /// Make this call, and come back with [`Talk::answer`] or [`Talk::fault`].
    Call(Call),
    /// Sign this message with the phone's key, and come back with [`Talk::signed`].
    Sign(Vec<u8>),
    Ended(SyncEnd),
}

/// How a sync ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct SyncEnd {
    pub outcome: SyncOutcome,
    /// The server's own code, where it turned the phone away.
    pub code: String,
    pub detail: String,
    /// After a failure: seconds before the next sync that nobody taps for, so that phones that lost the server together
    /// don't come back together. None: whenever there is something to sync.
    pub again_in_s: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Enum, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SyncOutcome {
    /// Everything that can be settled now is.
    Settled,
    /// This phone has been revoked. What it holds stays on it.
    Revoked,
    /// The server said no to the whole request, and why.
    TurnedAway,
    NoAnswer,
    /// There was an answer that makes no sense: the app or the server is to be updated.
    NotUnderstood,
    /// The host ended it; the next one goes on.
    Cancelled,
    /// Text is through; photos wait for a better moment.
    FilesWait,
}

/// What a sync has still to send.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct Left {
    pub steps: u32,
    pub files: u32,
    pub file_bytes: u64,
}

impl SyncOutcome {
    pub fn name(self) -> &'static str {
        match self {
            SyncOutcome::Settled => "settled",
            SyncOutcome::Revoked => "revoked",
            SyncOutcome::TurnedAway => "turned_away",
            SyncOutcome::NoAnswer => "no_answer",
            SyncOutcome::NotUnderstood => "not_understood",
            SyncOutcome::Cancelled => "cancelled",
            SyncOutcome::FilesWait => "files_wait",
        }
    }
}

impl SyncEnd {
    pub fn plain(outcome: SyncOutcome) -> Self {
        Self { outcome, code: String::new(), detail: String::new(), again_in_s: None }
    }

    fn of(report: SyncReport) -> Self {
        match report.outcome {
            Outcome::Settled => Self::plain(SyncOutcome::Settled),
            Outcome::Revoked => Self::plain(SyncOutcome::Revoked),
            Outcome::TurnedAway(problem) => {
                Self { code: problem.code, detail: problem.detail, ..Self::plain(SyncOutcome::TurnedAway) }
            }
            Outcome::NoAnswer(fault) => Self { detail: fault.to_string(), ..Self::plain(SyncOutcome::NoAnswer) },
            Outcome::NotUnderstood(what) => Self { detail: what, ..Self::plain(SyncOutcome::NotUnderstood) },
        }
    }
}

impl Device {
    /// Counts failures in a row, and says how long to rest after this one.
    fn rest_after(&mut self, report: &SyncReport) -> Option<u32> {
        self.failures = retry::failures(self.failures, report);
        let chance = u64::from_be_bytes(self.host.random());
        let rest = (self.failures > 0).then(|| retry::after_failures(self.failures, retry::asked(report), chance))?;
        Some(u32::try_from(rest.as_secs()).unwrap_or(u32::MAX).max(1))
    }

    /// What the next sync would send.
    pub fn left_to_send(&self) -> Result<Left, DeviceError> {
        let db = self.store.read();
        let mut files = blobs::list(db)?;
        files.retain(|file| matches!(file.state, BlobState::Kept | BlobState::Deferred));
        Ok(Left {
            steps: outbox::pending(db)?.len() as u32,
            files: files.len() as u32,
            file_bytes: files.iter().map(|file| file.size).sum(),
        })
    }
}

/// A key that signs only when asked in good time: the first asking leaves the message on the desk and says that it
/// would block; the host signs it, lays the signature beside it, and the core asks again.
#[derive(Clone)]
pub struct KeyDesk(Arc<Mutex<Desk>>);

struct Desk {
    public_key: [u8; 32],
    wanted: Option<Vec<u8>>,
    signed: Option<(Vec<u8>, [u8; 64])>,
}

impl KeyDesk {
    pub fn new(public_key: [u8; 32]) -> Self {
        Self(Arc::new(Mutex::new(Desk { public_key, wanted: None, signed: None })))
    }

    /// The message that waits for a signature.
    pub fn wanted(&self) -> Option<Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).wanted.clone()
    }

    /// Lays the signature of the message that is wanted beside it.
    pub fn lay(&self, signature: [u8; 64]) {
        let mut desk = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        desk.signed = desk.wanted.take().map(|message| (message, signature));
    }
}

impl Keystore for KeyDesk {
    fn public_key(&mut self) -> io::Result<[u8; 32]> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).public_key)
    }

    fn sign(&mut self, message: &[u8]) -> io::Result<[u8; 64]> {
        let mut desk = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match desk.signed.take() {
            Some((signed, signature)) if signed == message => Ok(signature),
            _ => {
                desk.wanted = Some(message.to_vec());
                Err(io::ErrorKind::WouldBlock.into())
            }
        }
    }
}

/// One sync.
pub struct Talk {
    keys: Option<KeyDesk>,
    session: Session,
    /// The answer on which a signature is being waited for; none at the beginning.
    answer: Option<Answer>,
    /// It only fetches this file.
    fetching: Option<Hash>,
}

impl Talk {
    /// `keys`: the desk of the device's own keystore, where it has one that doesn't sign at once.
    pub fn new(keys: Option<KeyDesk>) -> Self {
        Self { keys, session: Session::new(), answer: None, fetching: None }
    }

    /// Leases numbers where few are left, then begins.
    pub fn begin(&mut self, device: &mut Device) -> Result<Turn, DeviceError> {
        match device.lease_numbers() {
            Ok(()) => {}
            Err(CaptureError::Device(trouble)) => return Err(trouble),
            // A lease that makes no sense just now is asked for again before the next sync.
            Err(_) => {}
        }
        self.fetching = None;
        self.anew(device)
    }

    /// Fetches one file, and nothing else.
    pub fn fetch(&mut self, device: &mut Device, file: Hash) -> Result<Turn, DeviceError> {
        self.fetching = Some(file);
        self.anew(device)
    }

    /// How long to wait with a sync that nobody taps for when the platform says that there is a network again.
    pub fn wait_after_reconnecting(&self, device: &mut Device) -> Duration {
        retry::after_reconnecting(u64::from_be_bytes(device.host.random()))
    }

    /// The file that the present call carries a piece of.
    pub fn uploading(&self) -> Option<Uploading> {
        self.session.uploading()
    }

    fn fresh(&self) -> Session {
        self.fetching.map_or_else(Session::new, Session::fetching)
    }

    fn anew(&mut self, device: &mut Device) -> Result<Turn, DeviceError> {
        self.session = self.fresh();
        self.answer = None;
        self.on(device, Event::Begin)
    }

    pub fn answer(&mut self, device: &mut Device, answer: Answer) -> Result<Turn, DeviceError> {
        self.answer = self.keys.is_some().then(|| answer.clone());
        self.on(device, Event::Answer(answer))
    }

    pub fn fault(&mut self, device: &mut Device, fault: Fault) -> Result<Turn, DeviceError> {
        self.on(device, Event::Fault(fault))
    }

    /// The signature is there: the session is asked again what it was asked before.
    pub fn signed(&mut self, device: &mut Device, signature: [u8; 64]) -> Result<Turn, DeviceError> {
        if let Some(keys) = &self.keys {
            keys.lay(signature);
        }
        let Some(answer) = self.answer.clone() else { return self.anew(device) };
        // Waiting for the signature ended the session. A new one asks the same question first, and the answer to it
        // is here already.
        self.session = self.fresh();
        match self.session.on(device, Event::Begin)? {
            Effect::Call(_) => self.on(device, Event::Answer(answer)),
            Effect::Done(_) => self.anew(device),
        }
    }

    fn on(&mut self, device: &mut Device, event: Event) -> Result<Turn, DeviceError> {
        match self.session.on(device, event) {
            Err(DeviceError::Keystore(trouble)) if trouble.kind() == io::ErrorKind::WouldBlock => {
                let wanted = self.keys.as_ref().and_then(KeyDesk::wanted);
                wanted.map(Turn::Sign).ok_or(DeviceError::Keystore(trouble))
            }
            Err(trouble) => Err(trouble),
            Ok(Effect::Call(call)) => Ok(Turn::Call(call)),
            Ok(Effect::Done(report)) => {
                // A file that can't be fetched says nothing of the next sync.
                let again_in_s = if self.fetching.is_some() { None } else { device.rest_after(&report) };
                Ok(Turn::Ended(SyncEnd { again_in_s, ..SyncEnd::of(report) }))
            }
        }
    }
}
