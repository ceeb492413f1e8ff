//! Pages that are open: their index as the server has it, as this phone has it, and the document to write on.
//!
//! Opening reads every row of a page, so pages that are in use stay open; a list screen opens none, and
//! [`Shelf::parses`] counts the times that one was. What is here is a copy of the store: whenever a transaction
//! doesn't commit, the pages that it touched are forgotten.

use crate::store::rows::{Arrival, ChangeRow};
use crate::store::{Stored, contacts, outbox, pages, rows, unreadable};
use outpost_model::admission::{PageIndex, Verdict};
use outpost_model::entry::Entry;
use outpost_model::envelope::Envelope;
use outpost_model::header::Header;
use outpost_model::id::{DeviceId, Hash, PageId, UserId};
use outpost_model::page::{Draft, NotWritten, Page, PageFault, Written};
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

/// One open page.
pub struct OpenPage {
    header: Header,
    /// What the server admitted, in its order.
    admitted: PageIndex,
    last_seq: u64,
    /// The same and what is still only here, where there is any.
    local: Option<PageIndex>,
    pending: Vec<(Hash, Vec<u8>)>,
    /// The document; made when somebody writes.
    page: Option<Page>,
    raws: Vec<Vec<u8>>,
    envelopes: HashMap<Hash, Envelope>,
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

    /// The page, read from the store unless it is open; none if its header isn't known. A damaged one opens empty.
    pub fn open(&mut self, db: &Connection, owner: &Owner, id: PageId) -> Stored<Option<&mut OpenPage>> {
        if !self.open.contains_key(&id) {
            let Some(header) = pages::header(db, id)? else { return Ok(None) };
            let damaged = pages::is_damaged(db, id)?;
            let had = if damaged { Vec::new() } else { rows::changes(db, id)? };
            self.parses += u64::from(!had.is_empty());
            let mut page = OpenPage::new(header);
            for row in had {
                page.take(row);
            }
            if !damaged {
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

impl Default for Shelf {
    fn default() -> Self {
        Self::new()
    }
}

impl OpenPage {
    fn new(header: Header) -> Self {
        Self {
            admitted: PageIndex::new(header.clone()),
            header,
            last_seq: 0,
            local: None,
            pending: Vec::new(),
            page: None,
            raws: Vec::new(),
            envelopes: HashMap::new(),
        }
    }

    /// Everything that the phone holds of the page.
    pub fn index(&self) -> &PageIndex {
        self.local.as_ref().unwrap_or(&self.admitted)
    }

    /// What the server admitted.
    pub fn admitted(&self) -> &PageIndex {
        &self.admitted
    }

    pub fn envelope(&self, change: &Hash) -> Option<Envelope> {
        self.envelopes.get(change).cloned()
    }

    /// The heads as somebody sees them who looks at this phone; none of a page on which nothing stands.
    pub fn seen_heads(&self) -> Vec<Hash> {
        if self.index().is_empty() { Vec::new() } else { self.index().heads() }
    }

    fn take(&mut self, row: ChangeRow) {
        self.try_take(&row);
        self.envelopes.insert(row.hash, row.envelope);
    }

    fn try_take(&mut self, row: &ChangeRow) -> Taken {
        match self.admitted.examine(&row.raw, &row.envelope.device) {
            Ok(examined) => {
                self.admitted.admit(examined);
                self.last_seq = self.last_seq.max(row.seq());
                let ours = self.pending.iter().any(|(hash, _)| *hash == row.hash);
                if let (false, Some(page)) = (ours, &mut self.page)
                    && page.extend(&[&row.raw]).is_err()
                {
                    self.page = None;
                }
                self.raws.push(row.raw.clone());
                Taken::Fits
            }
            Err(Verdict::AlreadyHad { .. }) => Taken::Fits,
            Err(Verdict::Needs(_)) => Taken::Waits,
            Err(Verdict::Refused(refusal)) => Taken::Unfit(refusal.to_string()),
        }
    }

    /// What is still only here, on top of what was admitted. A pending change that doesn't fit any more isn't shown;
    /// the server will say why.
    fn refresh_local(&mut self, db: &Connection, owner: &Owner) -> Stored<()> {
        self.local = None;
        if self.pending.is_empty() {
            self.check_document();
            return Ok(());
        }
        let mut local = self.admitted.clone();
        for (hash, raw) in &self.pending {
            if let Ok(examined) = local.examine(raw, &owner.device) {
                let envelope = provisional(db, owner, examined.entries().first().map(|(_, entry)| &**entry))?;
                local.admit(examined);
                self.envelopes.insert(*hash, envelope);
            }
        }
        self.local = Some(local);
        self.check_document();
        Ok(())
    }

    /// Document and index hold the same changes, or the document is made anew when it is next needed.
    fn check_document(&mut self) {
        if self.page.as_ref().is_some_and(|page| page.heads() != self.index().heads()) {
            self.page = None;
        }
    }

    pub fn note_heads(&self, db: &Connection, id: PageId) -> Stored<()> {
        pages::set_heads(db, id, &self.admitted.heads(), &self.index().heads())
    }

    fn document(&mut self) -> Stored<&mut Page> {
        let page = match self.page.take() {
            Some(page) => page,
            None => {
                let fitting = self.index();
                let pending = self.pending.iter().filter(|(hash, _)| fitting.contains(hash)).map(|(_, raw)| raw);
                let raws: Vec<&Vec<u8>> = self.raws.iter().chain(pending).collect();
                Page::rebuild(self.header.clone(), &raws).map_err(unreadable)?
            }
        };
        Ok(self.page.insert(page))
    }

    /// Writes one change: at the current heads, or at earlier ones for a replay. The caller stores it.
    pub fn write(
        &mut self,
        db: &Connection,
        owner: &Owner,
        actor: [u8; 16],
        heads: Option<&[Hash]>,
        draft: &Draft,
    ) -> Stored<Result<Written, NotWritten>> {
        let page = self.document()?;
        let written = match heads {
            None => page.write(actor, draft),
            Some(heads) => page.write_at(actor, heads, draft),
        };
        let Ok(written) = written else { return Ok(written) };
        let mut local = self.local.take().unwrap_or_else(|| self.admitted.clone());
        let Ok(examined) = local.examine(&written.raw, &owner.device) else {
            // What the gate doesn't let in must not stay in the document either.
            self.page = None;
            self.refresh_local(db, owner)?;
            return Ok(Err(NotWritten::Page(PageFault::NotAChange)));
        };
        let envelope = provisional(db, owner, examined.entries().first().map(|(_, entry)| &**entry))?;
        local.admit(examined);
        self.local = Some(local);
        self.envelopes.insert(written.hash, envelope);
        self.pending.push((written.hash, written.raw.clone()));
        Ok(Ok(written))
    }
}

/// The envelope of what is only on this phone: the contact that it names, and nothing that a server attests.
pub fn provisional(db: &Connection, owner: &Owner, entry: Option<&Entry>) -> Stored<Envelope> {
    let contact = match entry.map(|entry| entry.evidence.contact) {
        Some(number) if number > 0 => contacts::find(db, number)?,
        _ => None,
    };
    Ok(Envelope { device: owner.device.clone(), user: owner.user.clone(), contact, floor: None, admitted: None })
}
