//! Capture: one act, one transaction, on disk before it returns.
//!
//! In comes an [`Act`]; out go its steps in the outbox, its entries on their pages and fresh list rows. The command
//! comes first, then one change a page. Everything carries its evidence: the clock as it is, the last contact, the
//! gapless counter. What the model's rules don't allow is denied here, beside the field; the server judges again.

mod command;
pub(crate) mod needs;
mod stamp;
mod write;

use crate::act::{Act, Captured};
use crate::device::{Device, Identity};
use crate::error::CaptureError;
use crate::fold::{Touched, refold};
use crate::host::Host;
use crate::shelf::Shelf;
use crate::store::{blobs, contacts, life};
use outpost_model::header::Header;
use outpost_model::id::PageId;
use outpost_model::time::Millis;
use rusqlite::Transaction;
use stamp::Stamp;

/// What one capture works on.
struct Capture<'a> {
    db: &'a Transaction<'a>,
    shelf: &'a mut Shelf,
    host: &'a mut Host,
    identity: &'a Identity,
    stamp: Stamp,
    checked: bool,
    touched: Touched,
    captured: Captured,
    /// The act's first step, once there is one, and its command's.
    first: Option<u32>,
    command: Option<u32>,
}

impl Device {
    /// Captures an act. It is on disk when this returns, or an error says why nothing of it is.
    pub fn capture(&mut self, act: Act) -> Result<Captured, CaptureError> {
        self.capture_by(act, true)
    }

    /// As [`Device::capture`], without asking beforehand whether the person may: so that the server's own refusal is
    /// seen. For replaying logs and for tests; apps have no use for it.
    pub fn capture_past_checks(&mut self, act: Act) -> Result<Captured, CaptureError> {
        self.capture_by(act, false)
    }

    fn capture_by(&mut self, act: Act, checked: bool) -> Result<Captured, CaptureError> {
        let identity = self.identity()?;
        if act.ask.is_none() && act.writes.is_empty() {
            return Err(CaptureError::NothingToLog);
        }
        let pages = pages_of(&act, &identity);
        let result = self.opening(pages.iter().copied(), |device| device.capture_in_one(act, checked, &identity))?;
        if result.is_err() {
            pages.iter().for_each(|page| self.shelf.forget(page));
        }
        result
    }

    fn capture_in_one(&mut self, act: Act, checked: bool, identity: &Identity) -> Result<Captured, CaptureError> {
        let now = self.host.clock.now();
        let since_contact = self.since_contact();
        let tx = self.store.begin()?;
        let life = life::load(&tx)?;
        let stamp = Stamp {
            by: identity.owner.user.clone(),
            clock: now,
            zone: self.host.clock.zone_minutes(),
            contact: contacts::last(&tx)?.map_or(0, |mark| mark.number),
            epoch: life.epoch,
            captured: life.captured,
            mono: since_contact,
        };
        let mut capture = Capture {
            db: &tx,
            shelf: &mut self.shelf,
            host: &mut self.host,
            identity,
            stamp,
            checked,
            touched: Touched::default(),
            captured: Captured { act: 0, command: None, entries: Vec::new(), changes: Vec::new() },
            first: None,
            command: None,
        };
        if let Some(ask) = act.ask {
            capture.ask(ask, act.command)?;
        }
        for write in act.writes {
            capture.write(write)?;
        }
        capture.keep_blobs(act.blobs)?;
        let captured = capture.finish(now)?;
        tx.commit()?;
        Ok(captured)
    }

    /// Milliseconds since the last contact of this run, by a clock that nobody can set.
    fn since_contact(&self) -> Option<u64> {
        self.host.clock.monotonic()?.checked_sub(self.contact_mono?)
    }
}

fn pages_of(act: &Act, identity: &Identity) -> Vec<PageId> {
    let mut pages: Vec<PageId> = act.writes.iter().map(|write| write.header.page()).collect();
    if let Some(ask) = &act.ask {
        pages.push(ask.place(&identity.tenant, &identity.owner.user).page(&identity.tenant));
    }
    // The order of a visit that is begun here isn't known as its family yet.
    pages.extend(act.writes.iter().filter_map(|write| write.header.order()));
    pages
}

impl Capture<'_> {
    fn keep_blobs(&mut self, files: Vec<Vec<u8>>) -> Result<(), CaptureError> {
        for bytes in files {
            let hash = outpost_model::id::Hash::of(&bytes);
            let page = self.touched.pages.iter().copied().find(|page| {
                let open = self.shelf.open(self.db, &self.identity.owner, *page);
                matches!(open, Ok(Some(open)) if open.index().entries().any(|row| row.entry.body.blob() == Some(hash)))
            });
            let page = page.ok_or(CaptureError::FileNotNamed(hash))?;
            blobs::put(self.db, page, &bytes, self.stamp.clock)?;
        }
        Ok(())
    }

    fn finish(mut self, now: Millis) -> Result<Captured, CaptureError> {
        life::set_captured(self.db, self.stamp.captured)?;
        refold(self.db, self.shelf, &self.identity.owner, now, &self.touched)?;
        self.captured.act = self.first.ok_or(CaptureError::NothingToLog)?;
        Ok(self.captured)
    }

    fn check_header(&self, header: &Header) -> Result<(), CaptureError> {
        let known = crate::store::pages::header(self.db, header.page())?;
        let fits = header.tenant == self.identity.tenant && known.is_none_or(|known| known == *header);
        if fits { Ok(()) } else { Err(CaptureError::OtherHeader) }
    }
}

impl From<outpost_model::judge::Denial> for CaptureError {
    fn from(denial: outpost_model::judge::Denial) -> Self {
        Self::Denied(denial)
    }
}
