//! A page in memory as the gate, the judge and the fold need it: index, envelopes and decisions; the document only
//! once a change has to be tried on it. A hot page says how far into the log it has read.

use super::{log, snapshot};
use crate::store::StoreError;
use outpost_model::admission::{Examined, PageIndex};
use outpost_model::decision::{Decision, Standing};
use outpost_model::envelope::Envelope;
use outpost_model::fold::Sheet;
use outpost_model::header::Header;
use outpost_model::id::{Hash, PageId, TenantId, UserId};
use outpost_model::page::Page;
use outpost_model::wire::Content;
use rusqlite::Connection;
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

#[derive(Clone)]
pub(super) struct HotPage {
    pub index: PageIndex,
    pub decisions: Vec<Decision>,
    envelopes: HashMap<Hash, Envelope>,
    authors: BTreeSet<UserId>,
    /// Sequence of the last row read; 0 while there is none.
    pub last: u64,
    doc: OnceLock<Page>,
    /// How many changes the page's last snapshot covers, made or promised; one number for all copies of the page.
    covered: Arc<AtomicU64>,
    standing: OnceLock<Option<Standing>>,
}

impl HotPage {
    pub fn begin(header: Header) -> Self {
        Self {
            index: PageIndex::new(header),
            decisions: Vec::new(),
            envelopes: HashMap::new(),
            authors: BTreeSet::new(),
            last: 0,
            doc: OnceLock::new(),
            covered: Arc::default(),
            standing: OnceLock::new(),
        }
    }

    /// Reads the page from the log up to a sequence, each change through the gate again.
    pub fn load(db: &Connection, tenant: &TenantId, header: Header, last: u64) -> Result<Self, StoreError> {
        let page = header.page();
        let mut hot = Self::begin(header);
        for row in log::of_page(db, tenant, page, (0, last), usize::MAX >> 1)? {
            match &row.content {
                Content::Change(raw) => {
                    let examined = hot
                        .index
                        .examine(raw, &row.envelope.device)
                        .map_err(|verdict| StoreError::damaged(format!("row {}: {verdict:?}", row.seq())))?;
                    hot.take_change(examined, row.envelope);
                }
                Content::Decision(..) => {
                    if let Some(decision) = row.decision()? {
                        hot.take_decision(decision);
                    }
                }
            }
        }
        if hot.is_long() {
            hot.covered.store(snapshot::covers(db, tenant, page)?, Ordering::Relaxed);
        }
        Ok(hot)
    }

    pub fn header(&self) -> &Header {
        self.index.header()
    }

    pub fn page(&self) -> PageId {
        self.header().page()
    }

    pub fn take_change(&mut self, change: Examined, envelope: Envelope) {
        self.last = envelope.admitted.map_or(self.last, |admitted| admitted.seq);
        if !self.authors.contains(&envelope.user) {
            self.authors.insert(envelope.user.clone());
        }
        self.envelopes.insert(change.hash(), envelope);
        self.index.admit(change);
        self.doc = OnceLock::new();
    }

    pub fn take_decision(&mut self, decision: Decision) {
        self.last = decision.envelope.admitted.map_or(self.last, |admitted| admitted.seq);
        self.decisions.push(decision);
        self.standing = OnceLock::new();
    }

    /// The document with all changes of the index.
    pub fn doc(&self, db: &Connection, tenant: &TenantId) -> Result<&Page, StoreError> {
        if let Some(doc) = self.doc.get() {
            return Ok(doc);
        }
        let doc = match self.snapshot_document(db, tenant) {
            Some(doc) => doc,
            None => {
                let raws = log::raws_of(db, tenant, self.page(), (0, self.last))?;
                Page::rebuild(self.header().clone(), &raws).map_err(StoreError::damaged)?
            }
        };
        if doc.heads() != self.index.heads() {
            return Err(StoreError::damaged(format!("page {}: document and index differ", self.page())));
        }
        Ok(self.doc.get_or_init(|| doc))
    }

    /// What a snapshot says counts only with the heads that the rows have; else it is as good as none.
    fn snapshot_document(&self, db: &Connection, tenant: &TenantId) -> Option<Page> {
        if self.covered.load(Ordering::Relaxed) == 0 {
            return None;
        }
        let doc = snapshot::document(db, tenant, self.header(), self.last);
        let doc = doc.filter(|doc| doc.heads() == self.index.heads());
        if doc.is_none() {
            self.covered.store(0, Ordering::Relaxed);
        }
        doc
    }

    fn is_long(&self) -> bool {
        self.index.len() as u64 >= snapshot::EVERY
    }

    /// Whether a snapshot is due; whoever is told so makes it.
    pub fn claims_snapshot(&self) -> bool {
        let len = self.index.len() as u64;
        let is_due = len >= self.covered.load(Ordering::Relaxed) + snapshot::EVERY;
        if is_due {
            self.covered.store(len, Ordering::Relaxed);
        }
        is_due
    }

    pub fn keep_snapshot(&self, db: &Connection, tenant: &TenantId) -> Result<bool, StoreError> {
        snapshot::keep(db, tenant, self.doc(db, tenant)?, (self.index.len() as u64, self.last))
    }

    pub fn set_doc(&mut self, doc: Page) {
        self.doc = OnceLock::from(doc);
    }

    pub fn envelope(&self, change: &Hash) -> Option<&Envelope> {
        self.envelopes.get(change)
    }

    /// How the order stands by its decisions, if this is an opened order's page.
    pub fn standing(&self) -> Option<&Standing> {
        self.standing.get_or_init(|| Standing::after(&self.decisions)).as_ref()
    }

    /// Everybody who wrote on the page.
    pub fn authors(&self) -> &BTreeSet<UserId> {
        &self.authors
    }

    /// Lends the page to the fold.
    pub fn with_sheet<T>(&self, read: impl FnOnce(Sheet<'_>) -> T) -> T {
        let envelopes = |change: &Hash| self.envelopes.get(change).cloned();
        read(Sheet { index: &self.index, envelopes: &envelopes })
    }
}
