//! C4: what the fold says on a phone of what it holds whole is what it says at headquarters.

use super::{Inspection, Subject};
use outpost_device::device::Device;
use outpost_model::header::Subject as Of;
use outpost_model::id::{PageId, UserId};
use outpost_server::relay::Relay;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

impl Inspection<'_> {
    pub fn facts(&mut self, phone: &Subject, device: &mut Device, relay: &Relay, db: &Connection) {
        let granted: BTreeSet<PageId> = db
            .prepare("select distinct page from scope_page")
            .and_then(|mut query| query.query_map([], |row| row.get(0).map(PageId))?.collect())
            .expect("grants can be read");
        let mut theirs = BTreeMap::new();
        let mut own_times = BTreeMap::new();
        let whole = self.people_held_whole(&granted);
        let read = relay.facts(|facts| {
            facts.each_order(|order| {
                theirs.insert(order.page, order);
                Ok(())
            })?;
            for person in &whole {
                own_times.insert(person.clone(), facts.own_time(person)?);
            }
            Ok(())
        });
        read.expect("facts can be read");
        let ours: BTreeMap<_, _> =
            device.orders().expect("lists can be read").into_iter().map(|item| (item.facts.page, item)).collect();
        theirs.retain(|order, _| self.is_whole(&granted, *order));
        for (order, theirs) in &theirs {
            match ours.get(order) {
                None => self.troubles.push(format!("C4 {} doesn't list {order}", phone.name)),
                Some(item) if item.provisional => {
                    self.troubles.push(format!("C4 {} shows {order} as on its way", phone.name));
                }
                Some(item) if item.facts != *theirs => self.troubles.push(format!(
                    "C4 {} folds {order} otherwise:\n  phone  {}\n  server {}",
                    phone.name,
                    serde_json::to_string(&item.facts).expect("facts are plain"),
                    serde_json::to_string(theirs).expect("facts are plain"),
                )),
                Some(_) => {}
            }
        }
        for (person, theirs) in own_times {
            let ours = device.own_time(&person).expect("lists can be read");
            if ours != theirs {
                self.troubles.push(format!("C4 {} folds {person}'s time otherwise: {ours:?} / {theirs:?}", phone.name));
            }
        }
    }

    /// The order's page and all its visits are granted.
    fn is_whole(&self, granted: &BTreeSet<PageId>, order: PageId) -> bool {
        let mut family = self
            .book
            .pages
            .iter()
            .filter(|(_, look)| look.header.as_ref().is_some_and(|header| header.order() == Some(order)));
        family.all(|(page, _)| granted.contains(page))
    }

    /// People all of whose own time is granted.
    fn people_held_whole(&self, granted: &BTreeSet<PageId>) -> Vec<UserId> {
        let mut people: BTreeMap<UserId, bool> = BTreeMap::new();
        for (page, look) in &self.book.pages {
            if let Some(Of::Attendance { person, .. }) = look.header.as_ref().map(|header| &header.subject) {
                *people.entry(person.clone()).or_insert(true) &= granted.contains(page);
            }
        }
        people.into_iter().filter(|(_, whole)| *whole).map(|(person, _)| person).collect()
    }
}
