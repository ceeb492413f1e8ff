//! Stories as one value: an order's, with its visits; a person's own time. What was logged and decided on each page,
//! with the evidence for each moment and what became of it. Read for one page of the console; lists read rows.

use super::Relay;
use super::book::Book;
use super::hot::HotPage;
use super::log;
use crate::store::{StoreError, all};
use outpost_model::command::Ask;
use outpost_model::decision::Decision;
use outpost_model::entry::{Body, Evidence};
use outpost_model::envelope::{Attested, Envelope};
use outpost_model::fold::Sheet;
use outpost_model::fold::event::Event;
use outpost_model::fold::order::OrderFacts;
use outpost_model::header::Header;
use outpost_model::id::{EntryId, Hash, PageId, TenantId, UserId};
use outpost_model::signature;
use outpost_model::time::Millis;
use outpost_model::wire::Content;
use rusqlite::{Connection, params};
use std::collections::BTreeSet;
use std::collections::hash_map::{Entry, HashMap};

/// One thing that was logged.
#[derive(Debug, Clone)]
pub struct Leaf {
    pub id: EntryId,
    pub page: PageId,
    pub body: Body,
    pub by: UserId,
    pub at: Millis,
    pub suspect: bool,
    pub attested: Attested,
    pub seq: u64,
    pub received: Option<Millis>,
    pub evidence: Evidence,
    /// The entry that this one stands in for.
    pub replaces: Option<EntryId>,
    pub aftermath: Aftermath,
    /// For what a signature covers: whether what was signed holds it. None where nothing was signed.
    pub signed: Option<bool>,
    /// Written by the server for somebody at the console.
    pub at_console: bool,
    change: Hash,
}

/// What became of an entry: `body` and `at` of its leaf stay what was logged.
#[derive(Debug, Clone, PartialEq)]
pub enum Aftermath {
    /// It counts as it was logged.
    Stands,
    /// Its author took it back.
    Voided { at: Millis, reason: String },
    /// Its author wrote another in its place.
    Replaced { by: EntryId },
    /// Another replacement of the same entry came first; a decision would have to choose this one.
    Late,
    /// A decision voided it, or put something in its place.
    Corrected(Box<Correction>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    pub by: UserId,
    pub at: Millis,
    pub reason: String,
    /// What counts now, and when it happened; nothing where it was voided.
    pub now: Option<(Body, Millis)>,
}

impl Leaf {
    /// What counts of it now, and when that happened: as it was logged, or as a decision corrected it.
    pub fn counts(&self) -> Option<(&Body, Millis)> {
        match &self.aftermath {
            Aftermath::Stands => Some((&self.body, self.at)),
            Aftermath::Corrected(correction) => correction.now.as_ref().map(|(body, at)| (body, *at)),
            Aftermath::Voided { .. } | Aftermath::Replaced { .. } | Aftermath::Late => None,
        }
    }

    pub fn stands(&self) -> bool {
        self.counts().is_some()
    }
}

/// One page of a story.
#[derive(Debug, Clone)]
pub struct Sheaf {
    pub header: Header,
    pub heads: Vec<Hash>,
    pub leaves: Vec<Leaf>,
    pub decisions: Vec<Decision>,
    /// Each field's visible values with their author and time; the first is shown.
    pub fields: Vec<(String, Vec<Value>)>,
}

/// One visible value of a field.
#[derive(Debug, Clone)]
pub struct Value {
    pub value: String,
    pub by: Option<UserId>,
    pub at: Option<Millis>,
}

#[derive(Debug, Clone)]
pub struct OrderStory {
    pub facts: OrderFacts,
    pub order: Sheaf,
    pub visits: Vec<Sheaf>,
}

impl Relay {
    /// The order's story as it stands; none before it is opened.
    pub fn order_story(&self, order: PageId) -> Result<Option<OrderStory>, StoreError> {
        let Some(tenant) = self.context.tenant.get() else { return Ok(None) };
        self.store.read(|db| {
            let book = Book::look(db, tenant, &self.context)?;
            let Some(page) = book.page(order)? else { return Ok(None) };
            let Some(facts) = book.fold(order)? else { return Ok(None) };
            let mut visits = Vec::new();
            for visit in book.visits_of(order)? {
                if let Some(visit) = book.page(visit)? {
                    visits.push(sheaf(&visit));
                }
            }
            Ok(Some(OrderStory { facts, order: sheaf(&page), visits }))
        })
    }

    /// All pages of a person's own time, by month.
    pub fn own_story(&self, person: &UserId) -> Result<Vec<Sheaf>, StoreError> {
        let Some(tenant) = self.context.tenant.get() else { return Ok(Vec::new()) };
        self.store.read(|db| {
            let book = Book::look(db, tenant, &self.context)?;
            let pages = book.attendance_pages(person)?.into_iter().map(|page| book.page(page));
            pages.filter_map(Result::transpose).map(|hot| Ok(sheaf(&*hot?))).collect()
        })
    }

    /// The last changes in the log, newest first, each with its page and what it logged; `wanted` says of which pages.
    pub fn latest_leaves(
        &self,
        most: usize,
        back: u64,
        mut wanted: impl FnMut(&Connection, &TenantId, &Header) -> Result<bool, StoreError>,
    ) -> Result<Vec<(Header, Leaf)>, StoreError> {
        let Some(tenant) = self.context.tenant.get() else { return Ok(Vec::new()) };
        self.store.read(|db| {
            let book = Book::look(db, tenant, &self.context)?;
            let after = book.end.seq.saturating_sub(back);
            let sql = "select seq, page, hash from log where tenant = $1 and seq > $2 and kind = 'change' \
                       order by seq desc";
            let rows = all(db, sql, params![tenant.as_str(), after], |row| {
                Ok((row.get::<_, u64>(0)?, PageId(row.get(1)?), Hash(row.get(2)?)))
            })?;
            let mut found = Vec::new();
            let mut seen: HashMap<PageId, bool> = HashMap::new();
            for (_, page, change) in rows {
                if found.len() >= most {
                    break;
                }
                if seen.get(&page) == Some(&false) {
                    continue;
                }
                let Some(hot) = book.page(page)? else { continue };
                let is_wanted = match seen.entry(page) {
                    Entry::Occupied(known) => *known.get(),
                    Entry::Vacant(new) => *new.insert(wanted(db, tenant, hot.header())?),
                };
                if !is_wanted {
                    continue;
                }
                let leaves = leaves(&hot).into_iter().filter(|leaf| leaf.change == change);
                found.extend(leaves.map(|leaf| (hot.header().clone(), leaf)));
            }
            found.truncate(most);
            Ok(found)
        })
    }

    /// The raw bytes of an admitted row, as they came.
    pub fn row_bytes(&self, seq: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(tenant) = self.context.tenant.get() else { return Ok(None) };
        self.store.read(|db| {
            Ok(log::at(db, tenant, seq)?.map(|(row, _)| match row.content {
                Content::Change(raw) => raw.to_vec(),
                Content::Decision(command, _) => command.into_bytes(),
            }))
        })
    }
}

fn sheaf(hot: &HotPage) -> Sheaf {
    let mut fields = Vec::new();
    for field in outpost_model::field::of(hot.header().kind()) {
        let mut values: Vec<Value> = Vec::new();
        for row in hot.index.values(field.name) {
            if values.iter().any(|known| known.value == row.value) {
                continue;
            }
            let envelope = hot.envelope(&row.change);
            let at = set_at(hot, &row.change, field.name, envelope);
            values.push(Value { value: row.value.to_owned(), by: envelope.map(|envelope| envelope.user.clone()), at });
        }
        if !values.is_empty() {
            fields.push((field.name.to_owned(), values));
        }
    }
    Sheaf {
        header: hot.header().clone(),
        heads: hot.index.heads(),
        leaves: leaves(hot),
        decisions: hot.decisions.clone(),
        fields,
    }
}

fn set_at(hot: &HotPage, change: &Hash, name: &str, envelope: Option<&Envelope>) -> Option<Millis> {
    let set = hot
        .index
        .entries()
        .find(|row| row.change == *change && matches!(&row.entry.body, Body::Set { field, .. } if field == name))?;
    Some(envelope?.corrected(set.entry.evidence.clock))
}

/// Everything on the page in the order of the log, with what became of it and whether the customer signed it.
fn leaves(hot: &HotPage) -> Vec<Leaf> {
    let envelopes = |change: &Hash| hot.envelope(change).cloned();
    let sheet = Sheet { index: &hot.index, envelopes: &envelopes };
    let live = sheet.live(&hot.decisions);
    let all = sheet.all();
    let standing: BTreeSet<EntryId> = live.iter().map(|event| event.id).collect();
    let signed = live.iter().rev().find_map(|event| match event.body {
        Body::Sign(sign) => Some(signature::covered(&hot.index, &sign.visit_heads)),
        _ => None,
    });
    let signed: Option<BTreeSet<EntryId>> = signed.map(|list| list.into_iter().map(|(id, _)| id).collect());
    let page = hot.page();
    let mut leaves = Vec::new();
    for event in &all {
        let Some(row) = hot.index.entry(&event.id) else { continue };
        let envelope = hot.envelope(&event.change);
        leaves.push(Leaf {
            id: event.id,
            page,
            body: event.body.clone(),
            by: event.by.clone(),
            at: event.at,
            suspect: event.suspect,
            attested: event.attested,
            seq: event.seq,
            received: envelope.and_then(|envelope| envelope.admitted).map(|admitted| admitted.received),
            evidence: row.entry.evidence.clone(),
            replaces: event.replaces,
            aftermath: aftermath(event, &all, standing.contains(&event.id), &hot.decisions),
            signed: signed
                .as_ref()
                .filter(|_| event.body.is_covered_by_signature())
                .map(|list| list.contains(&event.id)),
            at_console: envelope.is_some_and(|envelope| envelope.device.as_str().starts_with("console.")),
            change: event.change,
        });
    }
    leaves
}

/// What became of an entry. Whether it stands is the fold's word; the rest says why.
fn aftermath(event: &Event<'_>, all: &[Event<'_>], stands: bool, decisions: &[Decision]) -> Aftermath {
    let correction = decisions.iter().rev().find_map(|decision| match decision.ask() {
        Ask::Correct { target, reason, replacement, .. } if *target == event.id => {
            let now = replacement.as_ref().map(|replacement| (replacement.body.clone(), replacement.at));
            let (by, at) = (decision.by().clone(), decision.at());
            Some(Correction { by, at, reason: reason.clone(), now })
        }
        _ => None,
    });
    let voided = || {
        all.iter().find_map(|other| match other.body {
            Body::Void { target, reason } if *target == event.id => {
                Some(Aftermath::Voided { at: other.at, reason: reason.clone() })
            }
            _ => None,
        })
    };
    let replaced = || {
        let by = all.iter().find(|other| other.replaces == Some(event.id))?.id;
        Some(Aftermath::Replaced { by })
    };
    match correction {
        Some(correction) => Aftermath::Corrected(Box::new(correction)),
        None if stands => Aftermath::Stands,
        None => voided().or_else(replaced).unwrap_or(Aftermath::Late),
    }
}
