//! Bringing back: the server's log was put back to an earlier time, and what this phone was shipped of the time that is
//! lost goes up again, whoever wrote it, word for word. Steps wait until that is done: they may rest on it.

use super::frame::Call;
use super::{Session, Work};
use crate::device::Device;
use crate::error::DeviceError;
use crate::fold::{Touched, refold};
use crate::store::rows::returning;
use crate::store::{Stored, outbox, rows};
use outpost_model::envelope::Envelope;
use outpost_model::id::{Hash, PageId};
use outpost_model::wire::{BroughtBack, Verdict, checked_frame, parse_frame};
use rusqlite::Connection;

impl Session {
    /// The next rows; none when there is nothing more to bring.
    pub(super) fn rows_to_bring(&mut self, device: &Device, token: &str) -> Result<Option<Call>, DeviceError> {
        let (brought, named) = returning::batch(device.store.read())?;
        self.bringing = named;
        Ok((!self.bringing.is_empty()).then(|| Call::cbor("/v1/bring-back", checked_frame(&brought), token)))
    }

    pub(super) fn brought(&mut self, device: &mut Device, body: &[u8]) -> Result<Result<(), String>, DeviceError> {
        let named = std::mem::take(&mut self.bringing);
        let verdicts = match parse_frame(body) {
            Ok(BroughtBack { verdicts }) if verdicts.len() == named.len() => verdicts,
            _ => return Ok(Err("verdicts that don't go with what was brought back".to_owned())),
        };
        let owner = device.identity()?.owner;
        let now = device.host.clock.now();
        let mut touched = Touched::default();
        let tx = device.store.begin()?;
        for ((page, hash), verdict) in named.into_iter().zip(verdicts) {
            match verdict {
                Verdict::Admitted(envelope) => {
                    self.tally.brought_back += 1;
                    counts_again(&tx, page, &hash, &envelope)?;
                }
                Verdict::AlreadyHad(envelope) => counts_again(&tx, page, &hash, &envelope)?,
                // The budget: the rest comes with the next sync.
                Verdict::Deferred(..) => self.brought_enough = true,
                Verdict::Refused(_) | Verdict::Needs(_) | Verdict::AlreadySo(_) => {
                    self.tally.offered_again += stays(&tx, page, &hash)?;
                }
            }
            device.shelf.forget(&page);
            touched.pages.insert(page);
        }
        refold(&tx, &mut device.shelf, &owner, now, &touched)?;
        tx.commit()?;
        let work = if self.may_bring(device)? { Work::BringBack } else { Work::Sync };
        self.queue.push_front(work);
        Ok(Ok(()))
    }

    /// A server that knows no such call: its own log is all that it goes by.
    pub(super) fn brings_nothing(&mut self, device: &mut Device) -> Result<(), DeviceError> {
        let tx = device.store.begin()?;
        for (page, hash) in returning::keep_all(&tx)? {
            self.tally.offered_again += stays(&tx, page, &hash)?;
        }
        tx.commit()?;
        self.queue.push_front(Work::Sync);
        Ok(())
    }

    pub(super) fn may_bring(&self, device: &Device) -> Stored<bool> {
        Ok(!self.brought_enough && returning::any(device.store.read())?)
    }
}

fn counts_again(db: &Connection, page: PageId, hash: &Hash, envelope: &Envelope) -> Stored<()> {
    rows::move_to(db, page, hash, envelope)
}

/// The row stays aside; this phone's own is offered once more as the step that it was.
fn stays(db: &Connection, page: PageId, hash: &Hash) -> Stored<u32> {
    let own = outbox::find_by_hash(db, page, hash)?;
    returning::keep(db, page, hash, own.is_some())?;
    if let Some(own) = &own {
        outbox::set_kept(db, own.no)?;
    }
    Ok(u32::from(own.is_some()))
}
