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
use crate::store::{Stored, grants, outbox, pages, quarantine, records, rows};
use outpost_model::decision::{Decision, Pins};
use outpost_model::header::Header;
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
        Self { db, shelf, owner, now, tally, touched: Touched::default(), changes: BTreeMap::new() }
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
            self.touched.policy |= records::take(self.db, row.page, &decision)?;
        }
        self.touched.pages.insert(row.page);
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
        for (page, rows) in std::mem::take(&mut self.changes) {
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
        Ok(())
    }
}
