//! Taking an act back while nobody else can have seen it.
//!
//! In comes what [`capture`](Device::capture) returned; out of the store go the act's steps, its files, and what they
//! said on their pages, in one transaction. That is possible only while no byte of it has left the phone and nothing
//! later rests on it; afterwards a mistake is voided by an entry of its own, which everybody sees. Its capture numbers,
//! and the receipt numbers on it, aren't given away again.

use crate::act::Captured;
use crate::device::Device;
use crate::error::DeviceError;
use crate::fold::{Touched, refold};
use crate::shelf::{Owner, Shelf};
use crate::store::outbox::{Step, StepKind};
use crate::store::{Stored, blobs, grants, outbox, pages, quarantine, rows};
use outpost_model::id::{Hash, PageId};
use rusqlite::Connection;
use std::collections::BTreeSet;

impl Device {
    /// Takes an act back: true once it is off the disk; false, and nothing changed, when it may have been sent or
    /// something rests on it. Then the app offers to void its entries.
    pub fn undo(&mut self, captured: &Captured) -> Result<bool, DeviceError> {
        let owner = self.identity()?.owner;
        let steps = outbox::unsent_of(self.store.read(), captured.act)?;
        let touched: BTreeSet<PageId> = steps.iter().map(|step| step.page).collect();
        let undone = self.opening(touched.iter().copied(), |device| device.undo_in_one(captured, &owner))?;
        if undone.is_err() {
            touched.iter().for_each(|page| self.shelf.forget(page));
        }
        undone
    }

    fn undo_in_one(&mut self, captured: &Captured, owner: &Owner) -> Result<bool, DeviceError> {
        let now = self.host.clock.now();
        let tx = self.store.begin()?;
        let steps = outbox::unsent_of(&tx, captured.act)?;
        if !is_all_of(captured, &steps) || is_rested_on(&tx, &steps)? {
            return Ok(false);
        }
        let mut touched = Touched::default();
        for step in &steps {
            outbox::remove(&tx, step.no)?;
            self.shelf.forget(&step.page);
            touched.pages.insert(step.page);
        }
        for page in touched.pages.clone() {
            leave(&tx, &mut self.shelf, owner, page)?;
        }
        for file in steps.iter().flat_map(Step::files) {
            drop_file(&tx, &file)?;
        }
        refold(&tx, &mut self.shelf, owner, now, &touched)?;
        tx.commit()?;
        Ok(true)
    }
}

/// Whether these steps are the whole act, and the one that is meant: a store put back from a backup counts its steps
/// anew.
fn is_all_of(captured: &Captured, steps: &[Step]) -> bool {
    let changes = steps.iter().filter(|step| step.kind == StepKind::Change).map(|step| step.hash);
    let mut commands = steps.iter().filter_map(|step| match step.kind {
        StepKind::Command { id, .. } => Some(id),
        StepKind::Change => None,
    });
    !steps.is_empty() && changes.eq(captured.changes.iter().copied()) && commands.next() == captured.command
}

fn is_rested_on(db: &Connection, steps: &[Step]) -> Stored<bool> {
    let act = steps.first().map(|step| step.act);
    let rests =
        |step: &Step| Some(step.act) != act && step.needs.iter().any(|need| steps.iter().any(|s| s.no == *need));
    Ok(outbox::pending(db)?.iter().any(rests))
}

/// What is left of a page: its heads without the act; nothing, where the act began it; and somebody else's page, where
/// this phone wrote nothing else.
fn leave(db: &Connection, shelf: &mut Shelf, owner: &Owner, page: PageId) -> Stored<()> {
    let admitted = rows::changes(db, page)?;
    let held = quarantine::is_on(db, page)?;
    let own = held || outbox::has_written(db, page)? || admitted.iter().any(|row| row.envelope.device == owner.device);
    if !own {
        pages::set_not_own(db, page)?;
    }
    let begun_here = admitted.is_empty() && grants::scopes_of(db, page)?.is_empty() && !rows::is_decided(db, page)?;
    if begun_here && !held && outbox::waiting_on(db, page)?.is_empty() {
        return pages::forget(db, page);
    }
    match shelf.open(db, owner, page)? {
        Some(open) => open.note_heads(db, page),
        None => Ok(()),
    }
}

/// A file goes with the last entry that names it; one that another act names too stays for that.
fn drop_file(db: &Connection, file: &Hash) -> Stored<()> {
    let other = outbox::pending(db)?.into_iter().find(|step| step.files().contains(file)).map(|step| step.page);
    let held = quarantine::list(db)?.into_iter().find(|held| held.files().contains(file)).map(|held| held.page);
    match other.or(held) {
        Some(page) => blobs::set_page(db, file, page),
        None => blobs::remove(db, file),
    }
}
