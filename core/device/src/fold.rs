//! List rows from pages: after a transaction touched some pages, each order, person or register page concerned is
//! folded once, and what the fold said is stored beside them.

use crate::desk::{decisions_of_order, policy};
use crate::shelf::{Owner, Shelf};
use crate::store::lists::{OrderItem, RegisterItem};
use crate::store::{Stored, lists, pages, records as store_records, rows};
use outpost_model::admission::PageIndex;
use outpost_model::decision::Decision;
use outpost_model::envelope::Envelope;
use outpost_model::field;
use outpost_model::fold::order::Records;
use outpost_model::fold::{Sheet, attendance, order, record};
use outpost_model::header::{Kind, Subject};
use outpost_model::id::{FormCode, Hash, PageId, UserId};
use outpost_model::policy::Policy;
use outpost_model::record::Person;
use outpost_model::time::Millis;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What a transaction touched.
#[derive(Debug, Default)]
pub struct Touched {
    pub pages: BTreeSet<PageId>,
    /// People of whose own time a page went.
    pub people: BTreeSet<UserId>,
    /// The policy changed: everything reads differently.
    pub policy: bool,
}

/// The pages that will be read when these are folded.
pub fn family(db: &Connection, touched: impl IntoIterator<Item = PageId>) -> Stored<BTreeSet<PageId>> {
    let mut family = BTreeSet::new();
    for page in touched {
        family.insert(page);
        match pages::header(db, page)?.map(|header| header.subject) {
            Some(Subject::Order { id: order } | Subject::Visit { order, .. }) => {
                family.insert(order);
                family.extend(pages::visits_of(db, order)?);
            }
            Some(Subject::Attendance { person, .. }) => family.extend(pages::attendance_of(db, &person)?),
            Some(Subject::Customer { .. } | Subject::Asset { .. } | Subject::Record { .. }) | None => {}
        }
    }
    Ok(family)
}

pub fn refold(db: &Connection, shelf: &mut Shelf, owner: &Owner, now: Millis, touched: &Touched) -> Stored<()> {
    let (mut orders, mut people, mut registers) = (BTreeSet::new(), touched.people.clone(), BTreeSet::new());
    let mut records = Vec::new();
    let mut all = touched.pages.clone();
    if touched.policy {
        all.extend(pages::of_kind(db, Kind::Order)?);
        all.extend(pages::of_kind(db, Kind::Attendance)?);
        all.extend(pages::of_kind(db, Kind::Record)?);
    }
    for page in all {
        match pages::header(db, page)?.map(|header| header.subject) {
            Some(Subject::Order { id: order } | Subject::Visit { order, .. }) => drop(orders.insert(order)),
            Some(Subject::Attendance { person, .. }) => drop(people.insert(person)),
            Some(Subject::Customer { customer }) => {
                registers.insert((page, Kind::Customer, customer.to_string()));
            }
            Some(Subject::Asset { asset }) => drop(registers.insert((page, Kind::Asset, asset.to_string()))),
            Some(Subject::Record { .. }) => records.push(page),
            // No page, or one whose header is still to come: it is folded when that is told.
            None => {}
        }
    }
    if orders.is_empty() && people.is_empty() && registers.is_empty() && records.is_empty() {
        return Ok(());
    }
    let mut folding = Folding {
        db,
        shelf,
        owner,
        policy: policy(db, now)?,
        people: store_records::people(db)?.into_iter().map(|person| (person.user.clone(), person)).collect(),
    };
    orders.into_iter().try_for_each(|order| folding.order(order))?;
    people.iter().try_for_each(|person| folding.person(person))?;
    records.into_iter().try_for_each(|page| folding.record(page))?;
    registers.into_iter().try_for_each(|(page, kind, code)| folding.register(page, kind, code))
}

struct Folding<'a> {
    db: &'a Connection,
    shelf: &'a mut Shelf,
    owner: &'a Owner,
    policy: Policy,
    people: BTreeMap<UserId, Person>,
}

/// A copy of what the fold reads: pages may leave the shelf while others are opened.
struct Copied {
    index: PageIndex,
    envelopes: HashMap<Hash, Envelope>,
    decisions: Vec<Decision>,
}

impl Folding<'_> {
    fn copy(&mut self, id: PageId) -> Stored<Option<Copied>> {
        let Some(page) = self.shelf.open(self.db, self.owner, id)? else { return Ok(None) };
        let index = page.index().clone();
        let envelopes =
            index.changes().filter_map(|change| Some((change.hash, page.envelope(&change.hash)?))).collect();
        Ok(Some(Copied { index, envelopes, decisions: rows::decisions(self.db, id)? }))
    }

    fn order(&mut self, id: PageId) -> Stored<()> {
        let (decisions, provisional) = decisions_of_order(self.db, self.owner, id)?;
        if decisions.is_empty() {
            return lists::drop_order(self.db, id);
        }
        let page = self.copy(id)?;
        let mut visits = Vec::new();
        for visit in pages::visits_of(self.db, id)? {
            // One of which everything was refused is a header, and no visit.
            visits.extend(self.copy(visit)?.filter(|visit| !visit.index.is_empty()));
        }
        let person = |user: &UserId| self.people.get(user).cloned();
        let records = Records { policy: &self.policy, person: &person };
        let lookups: Vec<_> = visits.iter().map(|visit| lookup(&visit.envelopes)).collect();
        let sheets = sheets(&visits, &lookups);
        let facts = match &page {
            Some(page) => {
                let envelopes = lookup(&page.envelopes);
                let sheet = Sheet { index: &page.index, envelopes: &envelopes };
                order::facts(&decisions, Some(sheet), &sheets, &records)
            }
            None => order::facts(&decisions, None, &sheets, &records),
        };
        let Some(facts) = facts else { return lists::drop_order(self.db, id) };
        let mine = facts.engineer.as_ref() == Some(&self.owner.user) || facts.helpers.contains(&self.owner.user);
        lists::put_order(self.db, &OrderItem { facts, mine, provisional })
    }

    fn person(&mut self, person: &UserId) -> Stored<()> {
        let mut buckets = Vec::new();
        for page in pages::attendance_of(self.db, person)? {
            buckets.extend(self.copy(page)?);
        }
        let lookups: Vec<_> = buckets.iter().map(|bucket| lookup(&bucket.envelopes)).collect();
        lists::put_own_time(self.db, person, &attendance::own_time(&sheets(&buckets, &lookups), &self.policy))
    }

    fn record(&mut self, id: PageId) -> Stored<()> {
        let Some(page) = self.copy(id)? else { return Ok(()) };
        let form_of = |form: &FormCode, version| store_records::form(self.db, form, version).ok().flatten();
        let envelopes = lookup(&page.envelopes);
        let sheet = Sheet { index: &page.index, envelopes: &envelopes };
        match record::facts(sheet, &page.decisions, &self.policy, &form_of) {
            Some(facts) => lists::put_record(self.db, &facts),
            None => lists::drop_record(self.db, id),
        }
    }

    fn register(&mut self, page: PageId, kind: Kind, code: String) -> Stored<()> {
        let Some(open) = self.shelf.open(self.db, self.owner, page)? else { return Ok(()) };
        let mut fields = BTreeMap::new();
        for field in field::of(kind) {
            let values: Vec<String> = open.index().values(field.name).map(|row| row.value.to_owned()).collect();
            if !values.is_empty() {
                fields.insert(field.name.to_owned(), values);
            }
        }
        lists::put_register(self.db, &RegisterItem { page, kind, code, fields })
    }
}

fn lookup(envelopes: &HashMap<Hash, Envelope>) -> impl Fn(&Hash) -> Option<Envelope> {
    |hash| envelopes.get(hash).cloned()
}

/// Pages as the fold reads them, each with the decisions that hang on it.
fn sheets<'a, L: Fn(&Hash) -> Option<Envelope>>(
    pages: &'a [Copied],
    lookups: &'a [L],
) -> Vec<(Sheet<'a>, &'a [Decision])> {
    let sheet = |(page, lookup): (&'a Copied, &'a L)| {
        (Sheet { index: &page.index, envelopes: lookup }, page.decisions.as_slice())
    };
    pages.iter().zip(lookups).map(sheet).collect()
}
