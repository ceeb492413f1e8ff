//! One round trip of the feed: the answer is applied in one transaction with its cursor; then what it refused is
//! written anew where that can help; then either another round, or what is left to do is found.

use super::{Session, Work, push};
use crate::device::Device;
use crate::error::DeviceError;
use crate::fold::refold;
use crate::intake::{Intake, pages_in};
use crate::store::{blobs, contacts, grants, life, outbox, pages, rows};
use outpost_model::envelope::ContactMark;
use outpost_model::wire::{SyncReply, VERSION, parse_frame};

/// Pages fetched whole at a time.
const MEND_AT_ONCE: usize = 32;

impl Session {
    pub(super) fn synced(&mut self, device: &mut Device, body: &[u8]) -> Result<Result<(), String>, DeviceError> {
        let reply: SyncReply = match parse_frame(body) {
            Ok(reply) => reply,
            Err(trouble) => return Ok(Err(trouble.to_string())),
        };
        if reply.version != VERSION {
            return Ok(Err(format!("an answer of version {}", reply.version)));
        }
        let (items, settled, offered) = (self.tally.items, self.tally.settled, self.tally.offered_again);
        let cursor_before = device.life()?.cursor;
        let more = reply.more;
        let moved = cursor_before.as_ref() != Some(&reply.cursor) || reply.offer_all;
        self.digests = reply.digests.clone();
        let applied = device.opening(pages_in(&reply.items), |device| self.apply(device, reply))?;
        if applied.is_err() {
            // What is open may hold what was rolled back.
            device.shelf.forget_all();
        }
        applied?;
        let replayed = device.replay_quarantine()?;
        self.tally.replayed += replayed;
        let progress = self.tally.items > items
            || self.tally.settled > settled
            || self.tally.offered_again > offered
            || replayed > 0
            || moved;
        let now = device.host.clock.now();
        if progress && (more || push::has_something(device.store.read(), &self.offers, now)?) {
            self.queue.push_back(Work::Sync);
        } else if more {
            return Ok(Err("an answer that promises more and moves nothing".to_owned()));
        } else if self.may_bring(device)? {
            self.queue.push_back(Work::BringBack);
        } else {
            self.compare(device)?;
        }
        Ok(Ok(()))
    }

    fn apply(&mut self, device: &mut Device, reply: SyncReply) -> Result<(), DeviceError> {
        let now = device.host.clock.now();
        let owner = device.identity()?.owner;
        let mark = ContactMark { number: reply.contact, server: reply.server, device: self.sent_at };
        {
            let tx = device.store.begin()?;
            contacts::put(&tx, mark, life::load(&tx)?.sends)?;
            life::set_revoked(&tx, false)?;
            if reply.offer_all {
                rows::returning::put_all_aside(&tx)?;
            }
            let mut intake = Intake::new(&tx, &mut device.shelf, &owner, now, &mut self.tally);
            intake.verdicts(reply.verdicts)?;
            intake.items(reply.items)?;
            intake.flush()?;
            intake.settle_withdrawals()?;
            let touched = std::mem::take(&mut intake.touched);
            if reply.offer_all {
                self.tally.offered_again += outbox::offer_all(&tx)?;
            }
            outbox::recall(&tx)?;
            life::set_cursor(&tx, &reply.cursor)?;
            refold(&tx, &mut device.shelf, &owner, now, &touched)?;
            tx.commit()?;
        }
        device.contact_mono = device.host.clock.monotonic();
        Ok(())
    }

    /// Compares the server's sums with ours, and queues a drill-down where they differ.
    fn compare(&mut self, device: &Device) -> Result<(), DeviceError> {
        let db = device.store.read();
        self.disagreeing.clear();
        for digest in std::mem::take(&mut self.digests) {
            if grants::sum(db, &digest.scope)? == digest.sum {
                continue;
            }
            let tried = self.drilled.iter().any(|(scope, _)| *scope == digest.scope);
            if tried || grants::unreached(db, &digest.scope)? == Some(digest.sum) {
                self.disagreeing.push(digest.scope);
            } else {
                self.drilled.push((digest.scope.clone(), digest.sum));
                self.queue.push_back(Work::Buckets(digest.scope, digest.sum));
            }
        }
        Ok(())
    }

    /// What is left to do when the feed is read and the drill-downs are through: pages to mend, what mending offered
    /// again, countersignatures, files.
    pub(super) fn find_work(&mut self, device: &mut Device) -> Result<(), DeviceError> {
        let now = device.host.clock.now();
        let db = device.store.read();
        if self.filed {
            return Ok(());
        }
        if !matches!(self.work, Work::Rows(_)) {
            self.differing.extend(pages::damaged(db)?);
        }
        if !self.differing.is_empty() {
            let mut wanted = std::mem::take(&mut self.differing).into_iter().peekable();
            while wanted.peek().is_some() {
                self.queue.push_back(Work::Rows(wanted.by_ref().take(MEND_AT_ONCE).collect()));
            }
            return Ok(());
        }
        if self.may_bring(device)? {
            self.queue.push_back(Work::BringBack);
            return Ok(());
        }
        self.note_unreached(device)?;
        let db = device.store.read();
        if !self.drilled.is_empty() && !self.amends && push::has_something(db, &self.offers, now)? {
            self.amends = true;
            self.queue.push_back(Work::Sync);
            return Ok(());
        }
        self.filed = true;
        self.queue_proofs(device)?;
        let db = device.store.read();
        let due = blobs::due(db, now)?;
        self.queue_files(device, due)
    }

    /// A sum that mending didn't reach isn't tried again until it, or ours, changes.
    fn note_unreached(&mut self, device: &Device) -> Result<(), DeviceError> {
        let db = device.store.read();
        for (scope, sum) in &self.drilled {
            let agrees = grants::sum(db, scope)? == *sum || grants::count_again(db, scope)? == *sum;
            if !agrees && !self.disagreeing.contains(scope) {
                grants::set_unreached(db, scope, *sum)?;
                self.disagreeing.push(scope.clone());
            }
        }
        Ok(())
    }
}
