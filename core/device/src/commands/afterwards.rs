//! What comes a moment after the tap: the place that the phone found, a thumb that takes it back, a question asked
//! again.

use crate::act::{self, Act, Log};
use crate::device::Device;
use crate::error::{CaptureError, DeviceError};
use crate::store::outbox::{self, Step, StepKind};
use crate::store::pages;
use outpost_model::command::Command;
use outpost_model::entry::{Body, Entry, Place};
use outpost_model::header::Header;
use outpost_model::id::EntryId;
use std::collections::BTreeSet;

/// A place comes while one of so many last steps is on the screen.
const LATELY: u32 = 50;

impl Device {
    /// The place came after the tap: an entry with it stands in for the one without. An entry that has a place, that
    /// needs none, or that was taken back, stays as it is.
    pub fn locate(&mut self, entry: EntryId, place: Place) -> Result<(), CaptureError> {
        let Some((header, found)) = self.captured_lately(entry)? else { return Ok(()) };
        let place = Some(place);
        let body = match found.body {
            Body::ClockIn { place: None } => Body::ClockIn { place },
            Body::ClockOut { place: None } => Body::ClockOut { place },
            Body::Arrive { place: None } => Body::Arrive { place },
            _ => return Ok(()),
        };
        let log = Log::from(body).in_place_of(entry, Some(found.evidence.clock));
        self.capture(Act::logging(header, log)).map(drop)
    }

    /// Takes an act back by the number of its first step: off the disk where nobody can have seen it, else by an entry
    /// that voids it.
    pub fn take_back(&mut self, no: u32) -> Result<(), CaptureError> {
        let steps = outbox::of_act(self.store.read(), no)?;
        if steps.is_empty() {
            return Ok(());
        }
        let command = steps.iter().find_map(|step| match step.kind {
            StepKind::Command { id, .. } => Some(id),
            StepKind::Change => None,
        });
        let changes = steps.iter().filter(|step| step.kind == StepKind::Change).map(|step| step.hash).collect();
        let captured = act::Captured { act: no, command, entries: Vec::new(), changes };
        if self.undo(&captured)? {
            return Ok(());
        }
        for step in steps.iter().filter(|step| step.kind == StepKind::Change) {
            for (header, target) in self.entries_of(step)? {
                let reason = "undo".to_owned();
                self.capture(Act::logging(header, Body::Void { target, reason }))?;
            }
        }
        Ok(())
    }

    /// Asks anew for what was refused, knowing what was decided meanwhile.
    pub fn ask_again(&mut self, no: u32) -> Result<(), CaptureError> {
        let held = self.quarantine()?.into_iter().find(|held| held.no == no);
        let Some(held) = held.filter(|held| held.kind != StepKind::Change) else { return Ok(()) };
        let text = String::from_utf8(held.content).unwrap_or_default();
        self.capture(Act::asking(Command::parse(&text)?.ask)).map(drop)
    }

    /// An entry that this phone captured a moment ago, and that still stands.
    fn captured_lately(&mut self, entry: EntryId) -> Result<Option<(Header, Entry)>, DeviceError> {
        let owner = self.identity()?.owner;
        let pages: BTreeSet<_> = outbox::lately(self.store.read(), LATELY)?.into_iter().collect();
        for page in pages {
            let db = self.store.read();
            let Some(header) = pages::header(db, page)? else { continue };
            let found = self.opening([page], |device| -> Result<_, DeviceError> {
                let Some(open) = device.shelf.open(device.store.read(), &owner, page)? else { return Ok(None) };
                let gone = open.index().entries().any(|row| {
                    let void = matches!(row.entry.body, Body::Void { target, .. } if target == entry);
                    void || row.entry.replaces == Some(entry)
                });
                Ok(open.index().entry(&entry).filter(|_| !gone).map(|row| (**row.entry).clone()))
            })??;
            if let Some(found) = found {
                return Ok(Some((header, found)));
            }
        }
        Ok(None)
    }

    /// What a change of this phone's logged.
    fn entries_of(&mut self, step: &Step) -> Result<Vec<(Header, EntryId)>, DeviceError> {
        let owner = self.identity()?.owner;
        let Some(header) = pages::header(self.store.read(), step.page)? else { return Ok(Vec::new()) };
        self.opening([step.page], |device| -> Result<_, DeviceError> {
            let Some(open) = device.shelf.open(device.store.read(), &owner, step.page)? else { return Ok(Vec::new()) };
            let rows = open.index().entries().filter(|row| row.change == step.hash);
            Ok(rows.map(|row| (header.clone(), row.id)).collect())
        })?
    }
}
