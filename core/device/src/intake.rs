//! What an answer brings: verdicts on what was sent, and rows, grants and withdrawals. All of it goes into one
//! transaction with the cursor, so that a phone killed at any moment stands before or after the answer, never in it;
//! and all of it may come twice and has its effect once.

mod verdict;
mod withdrawal;

use crate::error::DeviceError;
use crate::fold::Touched;
use crate::report::Tally;
use crate::shelf::{Owner, Shelf, Taken};
use crate::store::rows::{Arrival, ChangeRow, DecisionRow};
use crate::store::{Stored, blobs, grants, outbox, pages, quarantine, records, rows};
use outpost_model::command::Ask;
use outpost_model::decision::{Decision, Pins};
use outpost_model::header::{Header, Kind};
use outpost_model::id::{Hash, PageId};
use outpost_model::time::Millis;
use outpost_model::wire::{Content, Item, LogRow};
use rusqlite::Connection;
use std::collections::BTreeMap;

pub(crate) struct Intake<'a> {
    pub db: &'a Connection,
    pub shelf: &'a mut Shelf,
    pub owner: &'a Owner,
    pub now: Millis,
    pub tally: &'a mut Tally,
    pub touched: Touched,
    /// Changes of this answer, by page: each page takes its own at once, in log order.
    changes: BTreeMap<PageId, Vec<ChangeRow>>,
    /// Something that was on a page isn't any more: what rests on it is to be looked at.
    doubles: bool,
}

/// The pages that an answer will open.
pub(crate) fn pages_in(items: &[Item]) -> Vec<PageId> {
    let mut pages: Vec<PageId> = items
        .iter()
        .map(|item| match item {
            Item::Granted(_, page, _) | Item::Withdrawn(_, page) => *page,
            Item::Row(row) => row.page,
        })
        .collect();
    pages.sort_unstable();
    pages.dedup();
    pages
}

impl<'a> Intake<'a> {
    pub fn new(db: &'a Connection, shelf: &'a mut Shelf, owner: &'a Owner, now: Millis, tally: &'a mut Tally) -> Self {
        Self { db, shelf, owner, now, tally, touched: Touched::default(), changes: BTreeMap::new(), doubles: false }
    }

    pub fn items(&mut self, items: Vec<Item>) -> Stored<()> {
        for item in items {
            self.tally.items += 1;
            match item {
                Item::Granted(scope, page, header) => self.granted(&scope, page, &header)?,
                Item::Withdrawn(scope, page) => self.withdrawn(&scope, page)?,
                Item::Row(row) => self.row(row)?,
            }
        }
        Ok(())
    }

    fn granted(&mut self, scope: &str, page: PageId, header: &str) -> Stored<()> {
        let header = Header::parse(header).ok().filter(|header| header.page() == page);
        let told = header.is_some() && pages::header(self.db, page)?.is_none();
        pages::know(self.db, page, header.as_ref())?;
        pages::set_withdrawn(self.db, page, false)?;
        grants::grant(self.db, scope, page)?;
        if told {
            // Rows may have come before the header.
            self.touched.pages.insert(page);
        }
        Ok(())
    }

    fn row(&mut self, row: LogRow) -> Stored<()> {
        match row.content {
            Content::Change(raw) => {
                let hash = Content::Change(raw.clone()).hash();
                let change =
                    ChangeRow { page: row.page, hash, raw: raw.to_vec(), envelope: row.envelope, mac: Some(row.mac) };
                self.change(change)
            }
            Content::Decision(text, pins) => {
                self.decision(DecisionRow::read(row.page, text, pins, row.envelope, Some(row.mac)))
            }
        }
    }

    fn change(&mut self, row: ChangeRow) -> Stored<()> {
        self.settle(row.page, &row.hash)?;
        self.changes.entry(row.page).or_default().push(row);
        Ok(())
    }

    fn decision(&mut self, row: DecisionRow) -> Stored<()> {
        self.settle(row.page, &row.hash)?;
        if rows::put_decision(self.db, &row)? == Arrival::New {
            self.tally.rows += 1;
        }
        if let Some(command) = row.command {
            let pins: Pins = serde_json::from_str(&row.pins).unwrap_or_default();
            let decision = Decision { command, envelope: row.envelope, pins };
            if let Ask::EraseBlob { blob, .. } = decision.ask() {
                blobs::erase(self.db, blob)?;
            }
            self.touched.policy |= records::take(self.db, row.page, &decision)?;
            if matches!(decision.ask(), Ask::PutForm { .. }) {
                // What was filled in on it may have come before it.
                self.touched.pages.extend(pages::of_kind(self.db, Kind::Record)?);
            }
        }
        self.touched.pages.insert(row.page);
        Ok(())
    }

    /// The server may have had what a change says by another change of this phone's: one that a backup forgot, or that
    /// was refused and came through after all. Both then claim one place of the log; the one that the server shipped
    /// stands, and what rests on the other is written anew.
    fn drop_doubles(&mut self, page: PageId, rows: &mut Vec<ChangeRow>) -> Stored<()> {
        let mut doubles = Vec::new();
        for row in rows.iter() {
            let mut same: Vec<(Hash, bool)> = rows::at_seq(self.db, page, row.seq())?;
            let came = rows.iter().filter(|other| other.seq() == row.seq());
            same.extend(came.map(|other| (other.hash, other.mac.is_some() && is_sound(other))));
            let shipped = same.iter().find(|(_, shipped)| *shipped).map(|(hash, _)| *hash);
            let Some(shipped) = shipped else { continue };
            doubles.extend(same.iter().filter(|(hash, _)| *hash != shipped).map(|(hash, _)| (*hash, shipped)));
        }
        for (double, shipped) in doubles {
            rows.retain(|row| row.hash != double);
            rows::remove(self.db, page, &double)?;
            quarantine::note_successor(self.db, &double.0, &shipped.0)?;
            if let Some(step) = outbox::find_by_hash(self.db, page, &double)? {
                outbox::set_already_so(self.db, step.no)?;
            }
            self.shelf.forget(&page);
            self.doubles = true;
        }
        Ok(())
    }

    /// A row of this phone's own came down although no verdict had: it was admitted, and the answer was lost.
    fn settle(&mut self, page: PageId, hash: &Hash) -> Stored<()> {
        if let Some(step) = outbox::find_by_hash(self.db, page, hash)?
            && step.state.is_pending()
        {
            outbox::set_admitted(self.db, step.no)?;
            quarantine::release(self.db, step.no)?;
            self.tally.settled += 1;
        }
        Ok(())
    }

    /// Gives each page its rows.
    pub fn flush(&mut self) -> Result<(), DeviceError> {
        for (page, mut rows) in std::mem::take(&mut self.changes) {
            self.drop_doubles(page, &mut rows)?;
            let own: Vec<bool> = rows.iter().map(|row| row.envelope.device == self.owner.device).collect();
            pages::know(self.db, page, None)?;
            for taken in self.shelf.take(self.db, self.owner, page, rows)? {
                match taken {
                    Taken::Fits | Taken::Waits => self.tally.rows += 1,
                    Taken::Unfit(_) => self.tally.unfit += 1,
                }
            }
            if own.contains(&true) {
                pages::set_own(self.db, page)?;
            }
            self.touched.pages.insert(page);
        }
        if self.doubles {
            self.refuse_dependents()?;
        }
        Ok(())
    }
}

/// Whether the bytes came as they were sent: a change carries the beginning of its own hash.
fn is_sound(row: &ChangeRow) -> bool {
    row.raw.get(4..8) == Some(&row.hash.0[..4])
}
