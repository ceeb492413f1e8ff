//! One phone's logbook: views out, commands in.

use crate::bridge::Bridge;
use crate::host::Host;
use crate::observe::{Change, Observer, Observers};
use crate::rescue;
use crate::trouble::{Told, Trouble};
use outpost_device::commands::{Act, Captured};
use outpost_device::device::Device;
use outpost_device::forms::FormKey;
use outpost_device::rescue::RescueReport;
use outpost_device::retry;
use outpost_device::screens::{
    AttendanceMonth, CataloguePart, CustomerHit, DayReport, FilledForm, FormChoice, Glass, Me, Order, OrderLine, Proof,
    Sentence, Standing, SyncView, Today, Visit,
};
use outpost_device::talk::Left;
use outpost_model::entry::{Lang, Place};
use outpost_model::id::{EntryId, Hash, PageId};
use outpost_model::invitation::Invitation;
use outpost_model::problem::Code;
use outpost_model::time::{Day, Month};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, Weak};

#[derive(uniffi::Object)]
pub struct LogbookCore {
    pub(crate) bridge: Bridge,
    state: Mutex<State>,
    pub(crate) observers: Observers,
    /// The sync that was begun last.
    pub(crate) syncing: Mutex<Option<Weak<dyn Going>>>,
}

/// A sync, as the logbook knows it.
pub(crate) trait Going: Send + Sync {
    /// Whether another one must wait.
    fn is_going(&self) -> bool;
    fn end(&self);
}

enum State {
    Open(Box<Device>),
    /// On disk alone: opened by the next call.
    Resting,
    Closed,
}

#[uniffi::export]
impl LogbookCore {
    /// Opens the logbook of that folder, or begins one.
    #[uniffi::constructor]
    pub fn open(host: Host) -> Result<Arc<Self>, Trouble> {
        let logbook = Self {
            bridge: Bridge::new(host)?,
            state: Mutex::new(State::Resting),
            observers: Observers::default(),
            syncing: Mutex::new(None),
        };
        logbook.with(|_| Ok(()))?;
        Ok(Arc::new(logbook))
    }

    /// Takes the invitation from headquarters: everything can be captured from here on. The answer is the server that
    /// it names; its one-time code is redeemed in the first sync.
    pub fn enrol(&self, invitation: String) -> Result<String, Trouble> {
        let bad = |why| Trouble::NotEnrolled { told: Told::of(Code::BadInvitation, why) };
        let invitation = Invitation::parse(&invitation).map_err(bad)?;
        self.with(|device| Ok(device.accept(&invitation)?))?;
        self.observers.tell(Change::Standing);
        Ok(invitation.server)
    }

    pub fn standing(&self) -> Result<Standing, Trouble> {
        self.with(|device| Ok(device.screens().standing()?))
    }
    pub fn today(&self) -> Result<Today, Trouble> {
        self.with(|device| Ok(device.screens().today()?))
    }
    pub fn orders(&self) -> Result<Vec<OrderLine>, Trouble> {
        self.with(|device| Ok(device.screens().orders()?))
    }
    pub fn order(&self, page: PageId) -> Result<Option<Order>, Trouble> {
        self.with(|device| Ok(device.screens().order(page)?))
    }
    pub fn visit(&self, page: PageId) -> Result<Option<Visit>, Trouble> {
        self.with(|device| Ok(device.screens().visit(page)?))
    }
    /// What the customer is shown before he signs.
    pub fn glass(&self, visit: PageId, lang: Lang) -> Result<Option<Glass>, Trouble> {
        self.with(|device| Ok(device.screens().glass(visit, lang)?))
    }
    pub fn proof(&self, visit: PageId) -> Result<Option<Proof>, Trouble> {
        self.with(|device| Ok(device.screens().proof(visit)?))
    }
    /// A month, or the one that is now.
    pub fn month(&self, month: Option<Month>) -> Result<AttendanceMonth, Trouble> {
        self.with(|device| Ok(device.screens().month(month)?))
    }
    pub fn report(&self, day: Day) -> Result<DayReport, Trouble> {
        self.with(|device| Ok(device.screens().report(day)?))
    }
    /// Seconds to wait when the platform says that there is a network again: it says so to many phones in one moment. A
    /// tap on "sync" doesn't wait.
    pub fn rest_after_reconnecting(&self) -> u32 {
        retry::after_reconnecting(rand::random()).as_secs() as u32
    }
    /// How far each captured thing got, and what was refused and why.
    pub fn sync_view(&self) -> Result<SyncView, Trouble> {
        self.with(|device| Ok(device.screens().sync()?))
    }
    pub fn me(&self) -> Result<Me, Trouble> {
        self.with(|device| Ok(device.screens().me()?))
    }
    /// The forms that somebody may begin.
    pub fn forms(&self) -> Result<Vec<FormChoice>, Trouble> {
        self.with(|device| Ok(device.screens().forms()?))
    }
    /// One form as it is filled in.
    pub fn form(&self, key: FormKey) -> Result<Option<FilledForm>, Trouble> {
        self.with(|device| Ok(device.screens().form(key)?))
    }
    pub fn parts(&self, query: String) -> Result<Vec<CataloguePart>, Trouble> {
        self.with(|device| Ok(device.screens().parts(&query)?))
    }
    pub fn customers(&self, query: String) -> Result<Vec<CustomerHit>, Trouble> {
        self.with(|device| Ok(device.screens().customers(&query)?))
    }
    /// Bytes of a photo or of strokes, while this phone holds them.
    pub fn file(&self, hash: Hash) -> Result<Option<Vec<u8>>, Trouble> {
        self.with(|device| Ok(device.file(&hash)?))
    }
    /// Lets go of photos that are at headquarters; says how many bytes that freed.
    pub fn free_files(&self) -> Result<u64, Trouble> {
        self.with(|device| Ok(device.free_files()?))
    }
    /// What the next sync would send.
    pub fn left_to_send(&self) -> Result<Left, Trouble> {
        self.with(|device| Ok(device.left_to_send()?))
    }

    /// Logs an act; it is on disk when this returns. `photo`: the bytes of `Act.Photo`.
    pub fn capture(&self, act: Act, photo: Option<Vec<u8>>) -> Result<Captured, Trouble> {
        self.write(|device| Ok(device.perform(act, photo)?))
    }
    /// The place came after the tap.
    pub fn locate(&self, entry: EntryId, place: Place) -> Result<(), Trouble> {
        self.write(|device| Ok(device.locate(entry, place)?))
    }
    /// Asks the host's locator, and gives the entry the place that it finds. False where it finds none.
    pub fn find_place(&self, entry: EntryId) -> Result<bool, Trouble> {
        let Some(locator) = &self.bridge.host.locator else { return Ok(false) };
        let Some(place) = locator.place().map_err(Trouble::host)? else { return Ok(false) };
        self.locate(entry, place)?;
        Ok(true)
    }
    /// Takes an act back by its number: off the disk where nobody can have seen it, else by an entry that voids it.
    pub fn take_back(&self, no: u32) -> Result<(), Trouble> {
        self.write(|device| Ok(device.take_back(no)?))
    }
    /// Asks again for what was refused, knowing what was decided meanwhile.
    pub fn ask_again(&self, no: u32) -> Result<(), Trouble> {
        self.write(|device| Ok(device.ask_again(no)?))
    }

    /// All that was refused, as JSON lines with the raw bytes.
    pub fn export_quarantine(&self) -> Result<Vec<u8>, Trouble> {
        self.with(|device| Ok(device.export_quarantine()?))
    }
    /// Everything that is only on this phone, as JSON lines.
    pub fn export_all(&self) -> Result<Vec<u8>, Trouble> {
        self.with(|device| Ok(device.export_all()?))
    }
    /// One page, damaged ones too.
    pub fn export_page(&self, page: PageId) -> Result<Vec<u8>, Trouble> {
        self.with(|device| Ok(device.export_page(page)?))
    }

    /// What headquarters hasn't got, signed with the phone's key and sealed to headquarters', into that file: for a
    /// phone that can't sync any more. Nothing changes on the phone.
    pub fn rescue(&self, path: String) -> Result<RescueReport, Trouble> {
        if self.sync_going().is_some_and(|run| run.is_going()) {
            return Err(Trouble::syncing());
        }
        self.bridge.look();
        rescue::signed(&self.bridge, &path, |file| self.alone(|device| Ok(device.rescue(file)?)))
    }

    /// Tells the observer whenever something changes, until it is removed by the number that this returns.
    pub fn observe(&self, observer: Arc<dyn Observer>) -> u64 {
        self.observers.add(observer)
    }
    pub fn stop_observing(&self, number: u64) {
        self.observers.remove(number);
    }

    /// The system is about to freeze or kill the app: the store's files are closed, no lock is kept. The next call
    /// opens them again. A sync that is going on ends with its present call.
    pub fn suspend(&self) {
        self.end_sync();
        self.leave(State::Resting);
    }
    /// Closes for good: every later call says that the logbook is closed.
    pub fn shut(&self) {
        self.end_sync();
        self.leave(State::Closed);
    }
}

/// What a problem's code means, in both languages.
#[uniffi::export]
pub fn sentence(code: String) -> Sentence {
    outpost_device::screens::sentence(&code)
}

impl LogbookCore {
    /// One call of the core, alone. A panic doesn't get past here: what is open may be half done then, so it is given
    /// up, and the next call reads from disk.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut Device) -> Result<T, Trouble>) -> Result<T, Trouble> {
        self.bridge.look();
        self.alone(work)
    }

    /// The same at the moment of the last reading of the clock.
    fn alone<T>(&self, work: impl FnOnce(&mut Device) -> Result<T, Trouble>) -> Result<T, Trouble> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let done = catch_unwind(AssertUnwindSafe(|| {
            if matches!(*state, State::Resting) {
                *state = State::Open(Box::new(self.bridge.open()?));
            }
            match &mut *state {
                State::Open(device) => work(device),
                State::Resting | State::Closed => Err(Trouble::closed()),
            }
        }));
        done.unwrap_or_else(|panic| {
            let fallen = std::mem::replace(&mut *state, State::Resting);
            let _ = catch_unwind(AssertUnwindSafe(|| drop(fallen)));
            let said = panic.downcast_ref::<&str>().map(|said| (*said).to_owned());
            let said = said.or_else(|| panic.downcast_ref::<String>().cloned());
            Err(Trouble::fallen(said.unwrap_or_default()))
        })
    }

    /// As [`LogbookCore::with`], but what is closed stays closed.
    pub(crate) fn if_open<T>(
        &self,
        work: impl FnOnce(&mut Device) -> Result<T, Trouble>,
    ) -> Result<Option<T>, Trouble> {
        let is_open = || matches!(*self.state.lock().unwrap_or_else(PoisonError::into_inner), State::Open(_));
        if is_open() { self.with(work).map(Some) } else { Ok(None) }
    }

    fn write<T>(&self, work: impl FnOnce(&mut Device) -> Result<T, Trouble>) -> Result<T, Trouble> {
        let done = self.with(work)?;
        self.observers.tell(Change::Logged);
        Ok(done)
    }

    fn leave(&self, next: State) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if !matches!(*state, State::Closed) {
            let left = std::mem::replace(&mut *state, next);
            let _ = catch_unwind(AssertUnwindSafe(|| drop(left)));
        }
    }

    pub(crate) fn sync_going(&self) -> Option<Arc<dyn Going>> {
        self.syncing.lock().unwrap_or_else(PoisonError::into_inner).as_ref().and_then(Weak::upgrade)
    }

    fn end_sync(&self) {
        if let Some(run) = self.sync_going() {
            run.end();
        }
    }
}

#[cfg(test)]
mod tests;
