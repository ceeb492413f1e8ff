//! One phone of the company: a real device store in a folder of its own, and a clock that somebody else sets.
//!
//! ```text
//! DIR/phones/ID/store     what a backup copies
//! DIR/phones/ID/outside   keystore and send counter, which no backup copies
//! DIR/phones/ID/backup    the copy
//! ```

use crate::failure::Failure;
use outpost_device::act::Act;
use outpost_device::device::Device;
use outpost_device::host::files::{FileKeystore, FileOutside};
use outpost_device::host::{Clock, Host, Randomness};
use outpost_device::report::Outcome;
use outpost_device::signing::Glass;
use outpost_device::transport::http::HttpTransport;
use outpost_model::invitation::Invitation;
use outpost_model::time::{Millis, Zone};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

pub struct Phone {
    folder: PathBuf,
    clock: Arc<AtomicI64>,
    zone: Zone,
    device: Option<Device>,
    network: HttpTransport,
    /// Steps that its owner had no right to, in the store and in its backup.
    trespasses: usize,
    trespasses_backed_up: usize,
}

struct PhoneClock(Arc<AtomicI64>, Zone);

impl Clock for PhoneClock {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::SeqCst))
    }
    fn zone_minutes(&self) -> i16 {
        self.1.offset_minutes(self.now())
    }
}

struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn fill(&mut self, bytes: &mut [u8]) {
        rand::fill(bytes);
    }
}

impl Phone {
    /// A new phone that holds its invitation; everything can be captured from here on.
    pub fn new(folder: PathBuf, invitation: &Invitation, zone: Zone) -> Result<Self, Failure> {
        let network = HttpTransport::new(&invitation.server).map_err(said)?;
        let mut phone =
            Self { folder, clock: Arc::default(), zone, device: None, network, trespasses: 0, trespasses_backed_up: 0 };
        for part in ["store", "outside"] {
            fs::create_dir_all(phone.folder.join(part)).map_err(Failure::Runtime)?;
        }
        phone.switch_on()?.accept(invitation).map_err(said)?;
        Ok(phone)
    }

    pub fn set_clock(&self, now: Millis) {
        self.clock.store(now.0, Ordering::SeqCst);
    }

    pub fn capture(&mut self, act: Act) -> Result<(), Failure> {
        self.switch_on()?.capture(act).map(|_| ()).map_err(said)
    }

    /// Captures what its author has no right to, if need be past the phone's own check.
    pub fn trespass(&mut self, act: Act) -> Result<(), Failure> {
        self.trespasses += usize::from(act.ask.is_some()) + act.writes.len();
        let device = self.switch_on()?;
        match device.capture(act.clone()) {
            Ok(_) => Ok(()),
            Err(_) => device.capture_past_checks(act).map(|_| ()).map_err(said),
        }
    }

    /// What the customer signs, with everything that the phone holds of the visit.
    pub fn signing(&mut self, glass: Glass) -> Result<Act, Failure> {
        self.switch_on()?.signing(glass).map_err(said)
    }

    /// One sync. Everything must be settled, and nothing refused but what its owner had no right to.
    pub fn sync(&mut self) -> Result<(), Failure> {
        self.switch_on()?;
        let device = self.device.as_mut().ok_or_else(|| said("the phone is off"))?;
        let report = device.sync(&mut self.network).map_err(said)?;
        if report.outcome != Outcome::Settled || !report.disagreeing.is_empty() {
            return Err(said(format!("the sync ended otherwise: {report:?}")));
        }
        let refused = device.quarantine().map_err(said)?;
        if refused.len() != self.trespasses {
            let expected = self.trespasses;
            return Err(said(format!("{} steps are refused, not {expected}: {refused:?}", refused.len())));
        }
        Ok(())
    }

    /// A sync of a revoked phone: the answer is that it is revoked.
    pub fn sync_revoked(&mut self) -> Result<(), Failure> {
        self.switch_on()?;
        let device = self.device.as_mut().ok_or_else(|| said("the phone is off"))?;
        let report = device.sync(&mut self.network).map_err(said)?;
        match report.outcome {
            Outcome::Revoked => Ok(()),
            other => Err(said(format!("a revoked phone was answered {other:?}"))),
        }
    }

    /// The device, opened if it was off.
    pub fn switch_on(&mut self) -> Result<&mut Device, Failure> {
        if self.device.is_none() {
            let outside = self.folder.join("outside");
            let key = FileKeystore::open(&outside.join("key"), &mut SystemRandomness).map_err(Failure::Runtime)?;
            let host = Host {
                clock: Box::new(PhoneClock(self.clock.clone(), self.zone.clone())),
                randomness: Box::new(SystemRandomness),
                keystore: Box::new(key),
                outside: Box::new(FileOutside::new(outside.join("sends"))),
                app: concat!("outpost-replay ", env!("CARGO_PKG_VERSION")).to_owned(),
            };
            self.device = Some(Device::open(self.folder.join("store"), host).map_err(said)?);
        }
        self.device.as_mut().ok_or_else(|| Failure::Phone("the phone is off".into()))
    }

    /// The app ends; what comes next opens it again.
    pub fn switch_off(&mut self) {
        self.device = None;
    }

    /// The device's storage is copied.
    pub fn back_up(&mut self) -> Result<(), Failure> {
        self.device = None;
        self.trespasses_backed_up = self.trespasses;
        replace(&self.folder.join("store"), &self.folder.join("backup")).map_err(Failure::Runtime)
    }

    /// The copy is put back, as when a phone is restored from a backup.
    pub fn restore(&mut self) -> Result<(), Failure> {
        self.device = None;
        self.trespasses = self.trespasses_backed_up;
        replace(&self.folder.join("backup"), &self.folder.join("store")).map_err(Failure::Runtime)
    }
}

fn said(fault: impl std::fmt::Display) -> Failure {
    Failure::Phone(fault.to_string())
}

/// Makes `to` a copy of `from`; both are flat folders.
fn replace(from: &Path, to: &Path) -> io::Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}
