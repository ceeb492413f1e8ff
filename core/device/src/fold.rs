//! List rows from pages: after a transaction touched some pages, each order, person or register page concerned is
//! folded once, and what the fold said is stored beside them.

use crate::desk::{decisions_of_order, policy};
use crate::shelf::{Owner, Shelf};
use crate::store::lists::{OrderItem, RegisterItem};
use crate::store::{Stored, lists, pages, records, rows};
use outpost_model::admission::PageIndex;
use outpost_model::decision::Decision;
use outpost_model::envelope::Envelope;
use outpost_model::field;
use outpost_model::fold::order::Records;
use outpost_model::fold::{Sheet, attendance, order};
use outpost_model::header::{Kind, Subject};
use outpost_model::id::{Hash, PageId, UserId};
use outpost_model::record::Role;
use outpost_model::time::Millis;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What a transaction touched.
#[derive(Debug, Default)]
pub struct Touched {
    pub pages: BTreeSet<PageId>,
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
            Some(Subject::Customer { .. } | Subject::Asset { .. }) | None => {}
        }
    }
    Ok(family)
}

pub fn refold(db: &Connection, shelf: &mut Shelf, owner: &Owner, now: Millis, touched: &Touched) -> Stored<()> {
    let (mut orders, mut people, mut registers) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut all = touched.pages.clone();
    if touched.policy {
        all.extend(pages::of_kind(db, Kind::Order)?);
        all.extend(pages::of_kind(db, Kind::Attendance)?);
    }
    for page in all {
        match pages::header(db, page)?.map(|header| header.subject) {
            Some(Subject::Order { id: order } | Subject::Visit { order, .. }) => drop(orders.insert(order)),
            Some(Subject::Attendance { person, .. }) => drop(people.insert(person)),
            Some(Subject::Customer { customer }) => {
                registers.insert((page, Kind::Customer, customer.to_string()));
            }
            Some(Subject::Asset { asset }) => drop(registers.insert((page, Kind::Asset, asset.to_string()))),
            // No page, or one whose header is still to come: it is folded when that is told.
            None => {}
        }
    }
    for order in orders {
        fold_order(db, shelf, owner, now, order)?;
    }
    for person in people {
        fold_person(db, shelf, owner, now, &person)?;
    }
    for (page, kind, code) in registers {
        fold_register(db, shelf, owner, page, kind, code)?;
    }
    Ok(())
}

/// A copy of what the fold reads: pages may leave the shelf while others are opened.
struct Copied {
    index: PageIndex,
    envelopes: HashMap<Hash, Envelope>,
    decisions: Vec<Decision>,
}

fn copy(db: &Connection, shelf: &mut Shelf, owner: &Owner, id: PageId) -> Stored<Option<Copied>> {
    let Some(page) = shelf.open(db, owner, id)? else { return Ok(None) };
    let index = page.index().clone();
    let envelopes = index.changes().filter_map(|change| Some((change.hash, page.envelope(&change.hash)?))).collect();
    Ok(Some(Copied { index, envelopes, decisions: rows::decisions(db, id)? }))
}

fn fold_order(db: &Connection, shelf: &mut Shelf, owner: &Owner, now: Millis, id: PageId) -> Stored<()> {
    let (decisions, provisional) = decisions_of_order(db, owner, id)?;
    if decisions.is_empty() {
        return lists::drop_order(db, id);
    }
    let order = copy(db, shelf, owner, id)?;
    let mut visits = Vec::new();
    for visit in pages::visits_of(db, id)? {
        visits.extend(copy(db, shelf, owner, visit)?);
    }
    let people: BTreeMap<UserId, Role> =
        records::people(db)?.into_iter().map(|person| (person.user, person.role)).collect();
    let policy = policy(db, now)?;
    let role_of = |user: &UserId| people.get(user).copied();
    let records = Records { policy: &policy, role_of: &role_of };
    let facts = {
        let lookups: Vec<_> = visits.iter().map(|visit| lookup(&visit.envelopes)).collect();
        let sheets: Vec<_> = visits
            .iter()
            .zip(&lookups)
            .map(|(visit, lookup)| (Sheet { index: &visit.index, envelopes: lookup }, visit.decisions.as_slice()))
            .collect();
        match &order {
            Some(page) => {
                let envelopes = lookup(&page.envelopes);
                let sheet = Sheet { index: &page.index, envelopes: &envelopes };
                order::facts(&decisions, Some(sheet), &sheets, &records)
            }
            None => order::facts(&decisions, None, &sheets, &records),
        }
    };
    match facts {
        Some(facts) => {
            let mine = facts.engineer.as_ref() == Some(&owner.user) || facts.helpers.contains(&owner.user);
            lists::put_order(db, &OrderItem { facts, mine, provisional })
        }
        None => lists::drop_order(db, id),
    }
}

fn lookup(envelopes: &HashMap<Hash, Envelope>) -> impl Fn(&Hash) -> Option<Envelope> {
    |hash| envelopes.get(hash).cloned()
}

fn fold_person(db: &Connection, shelf: &mut Shelf, owner: &Owner, now: Millis, person: &UserId) -> Stored<()> {
    let mut buckets = Vec::new();
    for page in pages::attendance_of(db, person)? {
        buckets.extend(copy(db, shelf, owner, page)?);
    }
    let lookups: Vec<_> = buckets.iter().map(|bucket| lookup(&bucket.envelopes)).collect();
    let sheets: Vec<_> = buckets
        .iter()
        .zip(&lookups)
        .map(|(bucket, lookup)| (Sheet { index: &bucket.index, envelopes: lookup }, bucket.decisions.as_slice()))
        .collect();
    lists::put_own_time(db, person, &attendance::own_time(&sheets, &policy(db, now)?))
}

fn fold_register(
    db: &Connection,
    shelf: &mut Shelf,
    owner: &Owner,
    page: PageId,
    kind: Kind,
    code: String,
) -> Stored<()> {
    let Some(open) = shelf.open(db, owner, page)? else { return Ok(()) };
    let mut fields = BTreeMap::new();
    for field in field::of(kind) {
        let values: Vec<String> = open.index().values(field.name).map(|row| row.value.to_owned()).collect();
        if !values.is_empty() {
            fields.insert(field.name.to_owned(), values);
        }
    }
    lists::put_register(db, &RegisterItem { page, kind, code, fields })
}
