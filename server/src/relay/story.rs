//! An order's whole story as one value: what was decided, and what was logged on its page and those of its visits, with
//! the evidence for each moment. Read for one page of the console; lists read rows.

use super::Relay;
use super::book::Book;
use super::hot::HotPage;
use super::log;
use crate::store::{StoreError, all};
use outpost_model::decision::Decision;
use outpost_model::entry::{Body, Evidence};
use outpost_model::envelope::{Attested, Envelope};
use outpost_model::fold::Sheet;
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
    /// Voided, replaced or corrected since.
    pub stands: bool,
    /// For what a signature covers: whether what was signed holds it. None where nothing was signed.
    pub signed: Option<bool>,
    /// Written by the server for somebody at the console.
    pub at_console: bool,
    change: Hash,
}

/// One page of the order.
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

/// Everything on the page in the order of the log, with whether it still stands and whether the customer signed it.
fn leaves(hot: &HotPage) -> Vec<Leaf> {
    let envelopes = |change: &Hash| hot.envelope(change).cloned();
    let sheet = Sheet { index: &hot.index, envelopes: &envelopes };
    let live = sheet.live(&hot.decisions);
    let standing: BTreeSet<EntryId> = live.iter().map(|event| event.id).collect();
    let signed = live.iter().rev().find_map(|event| match event.body {
        Body::Sign(sign) => Some(signature::covered(&hot.index, &sign.visit_heads)),
        _ => None,
    });
    let signed: Option<BTreeSet<EntryId>> = signed.map(|list| list.into_iter().map(|(id, _)| id).collect());
    let page = hot.page();
    let mut leaves = Vec::new();
    for event in sheet.all() {
        let Some(row) = hot.index.entry(&event.id) else { continue };
        let envelope = hot.envelope(&event.change);
        // A correction shows what counts now; what was logged first stays in the log.
        let body = live.iter().find(|one| one.id == event.id).map_or(event.body, |one| one.body);
        leaves.push(Leaf {
            id: event.id,
            page,
            body: body.clone(),
            by: event.by.clone(),
            at: event.at,
            suspect: event.suspect,
            attested: event.attested,
            seq: event.seq,
            received: envelope.and_then(|envelope| envelope.admitted).map(|admitted| admitted.received),
            evidence: row.entry.evidence.clone(),
            stands: standing.contains(&event.id),
            signed: signed.as_ref().filter(|_| body.is_covered_by_signature()).map(|list| list.contains(&event.id)),
            at_console: envelope.is_some_and(|envelope| envelope.device.as_str().starts_with("console.")),
            change: event.change,
        });
    }
    leaves
}
