//! One phone: its store, its open pages and what the host lends it.
//!
//! Opening a store compares the send counter with its second place outside the backup set. A store that is behind was
//! put back from a backup: what it sent since is at the server and in no memory here, so it begins another epoch,
//! writes under new actors, and says so. Nobody is locked out.

use crate::error::DeviceError;
use crate::fold::{Touched, family, refold};
use crate::host::Host;
use crate::shelf::{Owner, Shelf};
use crate::store::life::{self, Life};
use crate::store::{Store, StoreError, blobs, outbox, pages};
use outpost_model::fold;
use outpost_model::header::{Header, Subject};
use outpost_model::id::{PageId, TenantId};
use outpost_model::invitation::Invitation;
use outpost_model::time::{Millis, Zone};
use std::collections::BTreeSet;
use std::path::Path;

/// Pages that are folded anew in one transaction.
const FOLDED_AT_ONCE: usize = 32;

pub struct Device {
    pub(crate) store: Store,
    pub(crate) shelf: Shelf,
    pub(crate) host: Host,
    /// Reading of the host's monotonic clock at the last contact of this run.
    pub(crate) contact_mono: Option<u64>,
    /// Syncs in a row that failed, since the store was opened.
    pub(crate) failures: u32,
    /// What is being handed in, and how much was captured when it was put together: the same bytes however often the
    /// key is asked to sign them.
    pub(crate) handing_in: Option<(u64, Vec<u8>)>,
    /// Pages that are marked as being opened.
    marked: BTreeSet<PageId>,
}

/// Whose phone it is, for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    pub tenant: TenantId,
    pub owner: Owner,
}

impl Device {
    /// Opens the store in that folder, or begins one.
    pub fn open(dir: impl AsRef<Path>, host: Host) -> Result<Self, DeviceError> {
        let store = Store::open(dir.as_ref())?;
        let (shelf, marked) = (Shelf::new(), BTreeSet::new());
        let mut device = Self { store, shelf, host, contact_mono: None, failures: 0, handing_in: None, marked };
        device.detect_restore()?;
        let tx = device.store.begin()?;
        outbox::recall(&tx)?;
        tx.commit()?;
        match device.fold_anew() {
            // There is no room: what the lists said is shown, and the next opening tries again.
            Err(DeviceError::Store(trouble)) if trouble.is_passing() => {}
            done => done?,
        }
        Ok(device)
    }

    /// What an earlier app's fold said of the pages is said anew by this one's, some pages at a time.
    fn fold_anew(&mut self) -> Result<(), DeviceError> {
        if self.life()?.fold == fold::VERSION {
            return Ok(());
        }
        if let Ok(Identity { owner, .. }) = self.identity() {
            let all = pages::all(self.store.read())?;
            for some in all.chunks(FOLDED_AT_ONCE) {
                let touched = Touched { pages: some.iter().copied().collect(), ..Touched::default() };
                self.opening(some.iter().copied(), |device| {
                    let now = device.host.clock.now();
                    let tx = device.store.begin()?;
                    refold(&tx, &mut device.shelf, &owner, now, &touched)?;
                    Ok::<_, DeviceError>(tx.commit()?)
                })??;
            }
        }
        Ok(life::set_fold(self.store.read(), fold::VERSION)?)
    }

    fn detect_restore(&mut self) -> Result<(), DeviceError> {
        let outside = self.host.outside.read().map_err(DeviceError::Outside)?;
        let tx = self.store.begin()?;
        let life = life::load(&tx)?;
        let behind = outside.is_some_and(|outside| life.sends < outside);
        let moved_in = outside.is_none() && self.host.outside.exists() && life.sends > 0;
        if behind || moved_in {
            let sends = life.sends.max(outside.unwrap_or(0));
            // Above the send counter: a backup that is put back twice must not begin the same epoch twice.
            let epoch = life.epoch.max(u32::try_from(sends).unwrap_or(u32::MAX - 1)) + 1;
            life::begin_epoch(&tx, epoch, sends)?;
        }
        Ok(tx.commit()?)
    }

    /// Takes the invitation from headquarters. From here on everything can be captured; its code is redeemed in the
    /// first sync. A new code for the same device and person replaces the old one.
    pub fn accept(&mut self, invitation: &Invitation) -> Result<(), DeviceError> {
        let tx = self.store.begin()?;
        if let Some(had) = life::load(&tx)?.invitation {
            let same =
                (&had.tenant, &had.user, &had.device) == (&invitation.tenant, &invitation.user, &invitation.device);
            if !same {
                return Err(DeviceError::BelongsTo(had.user.to_string()));
            }
            if had == *invitation {
                return Ok(());
            }
        }
        life::accept(&tx, invitation)?;
        Ok(tx.commit()?)
    }

    pub fn invitation(&self) -> Result<Option<Invitation>, DeviceError> {
        Ok(self.life()?.invitation)
    }

    /// How often a page was read from its rows since the store was opened. A list adds nothing to it.
    pub fn page_parses(&self) -> u64 {
        self.shelf.parses()
    }

    pub(crate) fn life(&self) -> Result<Life, DeviceError> {
        Ok(life::load(self.store.read())?)
    }

    pub(crate) fn identity(&self) -> Result<Identity, DeviceError> {
        let invitation = self.life()?.invitation.ok_or(DeviceError::NotInvited)?;
        Ok(Identity { tenant: invitation.tenant, owner: Owner { device: invitation.device, user: invitation.user } })
    }

    /// The header of a page of this company's.
    pub fn header(&self, subject: Subject) -> Result<Header, DeviceError> {
        Ok(Header::new(self.identity()?.tenant, subject))
    }

    /// The header of this person's attendance page at a moment of the phone's clock, by the company's zone.
    pub fn attendance_header(&self, at: Millis) -> Result<Header, DeviceError> {
        let person = self.identity()?.owner.user;
        let zone: Zone = crate::desk::policy(self.store.read(), at)?.zone;
        self.header(Subject::Attendance { person, month: zone.day(at).month() })
    }

    /// Lets go of the bytes of files that the server has, to make room; how many bytes that is. What isn't at the server
    /// stays. They can be fetched again.
    pub fn free_files(&mut self) -> Result<u64, DeviceError> {
        let tx = self.store.begin()?;
        let freed = blobs::let_go(&tx)?;
        tx.commit().map_err(StoreError::from)?;
        Ok(freed)
    }

    /// The store's file grows no further than so many pages of 4 KiB, or than it has already: for a host that gives it
    /// a quota. What doesn't fit any more fails with [`StoreError::Full`].
    pub fn limit_storage(&mut self, pages: u32) -> Result<(), DeviceError> {
        Ok(self.store.limit(pages)?)
    }

    /// Runs what opens these pages, and their families, marked: a page that brings the app down is known next time.
    /// Where there is no room for the mark, it goes without: to read must be possible on a full phone, too.
    pub(crate) fn opening<T>(
        &mut self,
        touched: impl IntoIterator<Item = PageId>,
        work: impl FnOnce(&mut Self) -> T,
    ) -> Result<T, DeviceError> {
        let db = self.store.read();
        let mut cold = family(db, touched)?;
        cold.retain(|page| !self.shelf.is_open(page));
        if cold.is_empty() {
            return Ok(work(self));
        }
        match self.store.jot(|db| cold.iter().try_for_each(|page| pages::strike(db, *page))) {
            Ok(()) => self.marked.extend(cold),
            Err(trouble) if trouble.is_passing() => {}
            Err(trouble) => return Err(trouble.into()),
        }
        let done = work(self);
        let marked = std::mem::take(&mut self.marked);
        if self.store.jot(|db| marked.iter().try_for_each(|page| pages::clear_strikes(db, *page))).is_err() {
            // The work is done, and what it wrote is on disk: the mark goes the next time.
            self.marked = marked;
        }
        Ok(done)
    }
}
