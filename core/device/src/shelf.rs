//! Pages that are open: their index as the server has it, as this phone has it, and the document to write on.
//!
//! Opening reads every row of a page, so pages that are in use stay open; a list screen opens none, and
//! [`Shelf::parses`] counts the times that one was. What is here is a copy of the store: whenever a transaction
//! doesn't commit, the pages that it touched are forgotten.

mod open_page;

pub use open_page::OpenPage;

use crate::store::rows::{Arrival, ChangeRow, Changes};
use crate::store::{Stored, outbox, pages, rows};
use outpost_model::id::{DeviceId, PageId, UserId};
use rusqlite::Connection;
use std::collections::{BTreeSet, HashMap};

/// So many pages stay open.
const ROOM: usize = 256;

/// Whose phone this is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    pub device: DeviceId,
    pub user: UserId,
}

pub struct Shelf {
    open: HashMap<PageId, (OpenPage, u64)>,
    uses: u64,
    parses: u64,
}

/// What became of a row that came down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    Fits,
    /// It rests on rows that haven't come yet.
    Waits,
    /// The gate doesn't let it in: damaged on the way, or by a server that isn't sound.
    Unfit(String),
}

impl Shelf {
    pub fn new() -> Self {
        Self { open: HashMap::new(), uses: 0, parses: 0 }
    }

    /// How many times a page was read from its rows.
    pub fn parses(&self) -> u64 {
        self.parses
    }

    pub fn is_open(&self, page: &PageId) -> bool {
        self.open.contains_key(page)
    }

    pub fn forget(&mut self, page: &PageId) {
        self.open.remove(page);
    }

    pub fn forget_all(&mut self) {
        self.open.clear();
    }

    /// The page, read from the store unless it is open; none if its header isn't known. Of a spoilt one opens what is
    /// sound; one that brought the app down opens empty.
    pub fn open(&mut self, db: &Connection, owner: &Owner, id: PageId) -> Stored<Option<&mut OpenPage>> {
        if !self.open.contains_key(&id) {
            let Some(header) = pages::header(db, id)? else { return Ok(None) };
            let shunned = pages::is_shunned(db, id)?;
            let had = if shunned { Changes::default() } else { rows::read_changes(db, id)? };
            self.parses += u64::from(!had.sound.is_empty());
            let mut page = OpenPage::new(header);
            let mut spoilt = !had.unreadable.is_empty();
            for row in had.sound {
                spoilt |= matches!(page.take(row), Taken::Unfit(_));
            }
            if spoilt {
                note_spoilt(db, id)?;
            }
            if !shunned {
                for step in outbox::pending_on(db, id)? {
                    if step.kind == outbox::StepKind::Change && !step.content.is_empty() {
                        page.pending.push((step.hash, step.content));
                    }
                }
                page.refresh_local(db, owner)?;
            }
            self.make_room();
            self.open.insert(id, (page, 0));
        }
        self.uses += 1;
        let uses = self.uses;
        Ok(self.open.get_mut(&id).map(|(page, used)| {
            *used = uses;
            page
        }))
    }

    fn make_room(&mut self) {
        if self.open.len() >= ROOM
            && let Some(oldest) = self.open.iter().min_by_key(|(_, (_, used))| *used).map(|(id, _)| *id)
        {
            self.open.remove(&oldest);
        }
    }

    /// Adds rows that came down to their page, in log order; those that fit, or only wait, are kept in the store.
    pub fn take(&mut self, db: &Connection, owner: &Owner, id: PageId, mut new: Vec<ChangeRow>) -> Stored<Vec<Taken>> {
        new.sort_by_key(ChangeRow::seq);
        let Some(page) = self.open(db, owner, id)? else {
            // No header yet: kept until it is told.
            for row in &new {
                rows::put_change(db, row)?;
            }
            return Ok(vec![Taken::Waits; new.len()]);
        };
        let in_order = new.first().is_some_and(|row| row.seq() > page.last_seq);
        let mut taken = Vec::with_capacity(new.len());
        let mut moved = !in_order;
        let mut settled = BTreeSet::new();
        for row in new {
            settled.insert(row.hash);
            let known = page.admitted.contains(&row.hash);
            let verdict = if known { Taken::Fits } else { page.try_take(&row) };
            if !matches!(verdict, Taken::Unfit(_)) {
                moved |= rows::put_change(db, &row)? == Arrival::Moved || verdict == Taken::Waits;
                page.envelopes.insert(row.hash, row.envelope);
            }
            taken.push(verdict);
        }
        page.pending.retain(|(hash, _)| !settled.contains(hash));
        page.refresh_local(db, owner)?;
        page.note_heads(db, id)?;
        if moved {
            // Rows came out of order: what rests on them is read again, in the log's order.
            self.forget(&id);
        }
        Ok(taken)
    }
}

/// Where there is no room for the mark, it goes without: the next opening finds the same.
fn note_spoilt(db: &Connection, id: PageId) -> Stored<()> {
    match pages::mark_spoilt(db, id) {
        Err(trouble) if trouble.is_passing() => Ok(()),
        marked => marked,
    }
}

impl Default for Shelf {
    fn default() -> Self {
        Self::new()
    }
}
