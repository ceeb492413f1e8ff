//! One phone: a real device store on a disk in memory, what the platform lends it, and a sync that stops wherever the
//! history stops it. What a backup copies is in `store`; key and send counter are outside it.

use crate::cast;
use crate::dice::Dice;
use crate::platform::{Chance, Counter, Died, Fuse, Key, Watch};
use ed25519_dalek::SigningKey;
use outpost_device::device::Device;
use outpost_device::error::DeviceError;
use outpost_device::host::{Host, NoOutside, Outside};
use outpost_device::report::SyncReport;
use outpost_device::session::frame::{Answer, Call};
use outpost_device::session::{Effect, Event, Session};
use outpost_device::store::{Store, StoreError};
use outpost_disk::{Disk, Image};
use outpost_model::invitation::Invitation;
use outpost_model::time::Millis;
use outpost_server::clock::{Clock as _, VirtualClock};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// A sync that is under way: the call that was made, and its answer where that is held back.
pub struct Open {
    pub session: Session,
    pub call: Call,
    pub held: Option<Answer>,
}

/// Where a sync stands after a step.
pub enum Turn {
    /// This call is to be made.
    Call(Call),
    Ended(Box<SyncReport>),
    /// The platform failed: the phone itself couldn't go on.
    Broke,
}

/// A phone that is switched off, to begin histories with.
pub struct Rested {
    disk: Image,
    sends: i64,
    runs: u64,
}

pub struct Phone {
    /// Its place in the list of all phones.
    pub place: usize,
    pub name: &'static str,
    pub owner: &'static str,
    folder: PathBuf,
    time: Arc<VirtualClock>,
    skew: Arc<AtomicI64>,
    sends: Arc<AtomicI64>,
    fuse: Fuse,
    pub disk: Disk,
    backup: Option<Image>,
    device: Option<Device>,
    pub open: Option<Open>,
    /// No network.
    pub cut_off: bool,
    pub revoked: bool,
    /// How often it was enrolled, and how often its store was begun.
    pub enrolled: u32,
    pub installed: u32,
    runs: u64,
}

impl Phone {
    pub fn new(folder: PathBuf, place: usize, time: Arc<VirtualClock>) -> Self {
        let (name, owner) = cast::PHONES[place];
        let (skew, sends) = (Arc::default(), Arc::new(AtomicI64::new(-1)));
        let disk = Disk::mount(&folder.join("store"));
        Self {
            place,
            name,
            owner,
            folder,
            disk,
            backup: None,
            time,
            skew,
            sends,
            fuse: Fuse::default(),
            device: None,
            open: None,
            cut_off: false,
            revoked: false,
            enrolled: 0,
            installed: 0,
            runs: 0,
        }
    }

    pub fn store(&self) -> PathBuf {
        self.folder.join("store")
    }

    pub fn now(&self) -> Millis {
        self.time.now().plus(self.skew.load(Ordering::SeqCst))
    }

    pub fn set_skew(&self, skew: i64) {
        self.skew.store(skew, Ordering::SeqCst);
    }

    fn seed(&self) -> u64 {
        self.name.bytes().fold(u64::from(self.installed), |sum, byte| sum.wrapping_mul(257) + u64::from(byte))
    }

    fn host(&self) -> Host {
        // One phone's platform has nothing outside the backup, as on the web, and no monotonic clock.
        let plain = self.name == "d-e3";
        let outside: Box<dyn Outside> =
            if plain { Box::new(NoOutside) } else { Box::new(Counter(self.sends.clone(), self.fuse.clone())) };
        let fuse = || self.fuse.clone();
        Host {
            clock: Box::new(Watch {
                fuse: fuse(),
                time: self.time.clone(),
                skew: self.skew.clone(),
                has_monotonic: !plain,
            }),
            randomness: Box::new(Chance(Dice::new(self.seed() << 20 | self.runs), fuse())),
            keystore: Box::new(Key(SigningKey::from_bytes(&Dice::new(self.seed()).bytes()), fuse())),
            outside,
            app: "simulation".to_owned(),
        }
    }

    /// The phone, switched on if it wasn't.
    pub fn device(&mut self) -> &mut Device {
        if self.device.is_none() {
            self.runs += 1;
            let opened = Device::open(self.store(), self.host()).and_then(|mut device| {
                device.accept(&self.invitation())?;
                Ok(device)
            });
            self.device = Some(self.works(opened));
        }
        self.device.as_mut().expect("just opened")
    }

    /// What the phone's store answers. Where its disk has just died, so has the app; where it is full, the app is closed
    /// again by whoever can't go on.
    pub fn works<T>(&self, done: Result<T, DeviceError>) -> T {
        match done {
            Ok(done) => done,
            Err(DeviceError::Store(StoreError::Full)) if self.disk.is_full() => std::panic::panic_any(Died),
            Err(_) if self.disk.is_dead() => std::panic::panic_any(Died),
            Err(fault) => panic!("{}: {fault}", self.name),
        }
    }

    fn invitation(&self) -> Invitation {
        Invitation {
            server: "http://127.0.0.1:1".to_owned(),
            tenant: cast::tenant(),
            user: cast::user(self.owner),
            device: cast::device(self.name),
            code: cast::code(self.name, self.enrolled),
        }
    }

    /// The process dies, between any two steps; now and then with the whole phone, which forgets what wasn't synced.
    pub fn crash(&mut self) {
        self.device = None;
        self.open = None;
        let steps = self.disk.steps();
        if steps.is_multiple_of(3) {
            let mut dice = Dice::new(steps ^ self.runs);
            self.disk.cut_power(|end| dice.below(end));
        } else {
            self.disk.revive();
        }
    }

    /// Lets the process die inside a step, so many calls of the platform from now; 0 puts the fuse out.
    pub fn dies_after(&self, calls: usize) {
        self.fuse.dies.store(calls as i64, Ordering::SeqCst);
    }

    /// Whether it died inside a step.
    pub fn has_died(&self) -> bool {
        self.fuse.dead.swap(false, Ordering::SeqCst) || self.disk.is_dead()
    }

    /// Lets keystore or send counter fail, so many calls from now.
    pub fn refuses_after(&self, calls: usize) {
        self.fuse.refuses.store(calls as i64, Ordering::SeqCst);
    }

    pub fn back_up(&mut self) {
        self.crash();
        self.device();
        self.crash();
        self.backup = Some(self.disk.image());
    }

    pub fn has_backup(&self) -> bool {
        self.backup.is_some()
    }

    pub fn restore(&mut self) {
        self.crash();
        if let Some(backup) = &self.backup {
            self.disk.lay(backup);
        }
    }

    /// The app is gone with all it held, its key too; another begins in its place.
    pub fn reinstall(&mut self) {
        self.crash();
        self.disk.lay(&Image::default());
        self.backup = None;
        self.installed += 1;
        self.sends.store(-1, Ordering::SeqCst);
    }

    /// Switches it off for good.
    pub fn rest(&mut self) -> Rested {
        self.crash();
        Rested { disk: self.disk.image(), sends: self.sends.load(Ordering::SeqCst), runs: self.runs }
    }

    /// Goes on where that one stopped.
    pub fn wake(&mut self, rested: &Rested) {
        self.disk.lay(&rested.disk);
        self.sends.store(rested.sends, Ordering::SeqCst);
        self.runs = rested.runs;
    }

    /// The store's file, opened beside the phone.
    pub fn open_store(&mut self) -> Store {
        self.device();
        let store = Store::open(&self.store()).map_err(DeviceError::from);
        self.works(store)
    }

    /// The next call of a sync, begun if none is under way; or how it ended.
    pub fn call(&mut self) -> Turn {
        if let Some(open) = &self.open {
            return Turn::Call(open.call.clone());
        }
        let mut session = Session::new();
        let effect = session.on(self.device(), Event::Begin);
        self.wait(session, effect)
    }

    /// Goes on with that event.
    pub fn go_on(&mut self, event: Event) -> Turn {
        let Some(Open { mut session, .. }) = self.open.take() else { return self.call() };
        let effect = session.on(self.device(), event);
        self.wait(session, effect)
    }

    fn wait(&mut self, session: Session, effect: Result<Effect, DeviceError>) -> Turn {
        match effect {
            Ok(Effect::Call(call)) => {
                self.open = Some(Open { session, call: call.clone(), held: None });
                Turn::Call(call)
            }
            Ok(Effect::Done(report)) => Turn::Ended(Box::new(report)),
            Err(DeviceError::Keystore(_) | DeviceError::Outside(_)) => Turn::Broke,
            Err(DeviceError::Store(StoreError::Full)) if !self.disk.is_dead() && self.disk.is_full() => Turn::Broke,
            Err(fault) => self.works(Err(fault)),
        }
    }
}
