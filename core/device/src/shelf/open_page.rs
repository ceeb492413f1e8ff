//! One open page: what was admitted, what is still only here on top of it, and the document to write on.

use super::{Owner, Taken};
use crate::store::rows::ChangeRow;
use crate::store::{Stored, contacts, pages, unreadable};
use outpost_model::admission::{PageIndex, Verdict};
use outpost_model::entry::Entry;
use outpost_model::envelope::Envelope;
use outpost_model::header::Header;
use outpost_model::id::{Hash, PageId};
use outpost_model::page::{Draft, NotWritten, Page, PageFault, Written};
use rusqlite::Connection;
use std::collections::HashMap;

pub struct OpenPage {
    header: Header,
    /// What the server admitted, in its order.
    pub(super) admitted: PageIndex,
    pub(super) last_seq: u64,
    /// The same and what is still only here, where there is any.
    local: Option<PageIndex>,
    pub(super) pending: Vec<(Hash, Vec<u8>)>,
    /// The document; made when somebody writes.
    page: Option<Page>,
    raws: Vec<Vec<u8>>,
    pub(super) envelopes: HashMap<Hash, Envelope>,
}

impl OpenPage {
    pub(super) fn new(header: Header) -> Self {
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

    pub(super) fn take(&mut self, row: ChangeRow) -> Taken {
        let taken = self.try_take(&row);
        self.envelopes.insert(row.hash, row.envelope);
        taken
    }

    pub(super) fn try_take(&mut self, row: &ChangeRow) -> Taken {
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
    pub(super) fn refresh_local(&mut self, db: &Connection, owner: &Owner) -> Stored<()> {
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
