//! Who may see what, told once more from the design alone, row by row of the log: a small model that knows nothing of
//! scopes, grants and withdrawals, to hold phones against.

use crate::log_book::{LogBook, LogRow};
use outpost_model::command::{Ask, Place};
use outpost_model::header::{Header, Subject};
use outpost_model::id::{CustomerCode, PageId, StationId, UserId};
use outpost_model::record::{Person, Role};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
struct Call {
    station: Option<StationId>,
    customer: Option<CustomerCode>,
    engineer: Option<UserId>,
    helpers: BTreeSet<UserId>,
    ever: BTreeSet<UserId>,
    is_over: bool,
}

#[derive(Default)]
pub struct Sight {
    people: BTreeMap<UserId, Person>,
    calls: BTreeMap<PageId, Call>,
    homes: BTreeMap<CustomerCode, StationId>,
    authors: BTreeMap<PageId, BTreeSet<UserId>>,
    pages: BTreeMap<PageId, What>,
    /// The last sequence after which the person saw the page.
    last: BTreeMap<(UserId, PageId), u64>,
}

#[derive(Clone)]
enum What {
    Page(Header),
    Records,
    Devices,
    Person(UserId),
}

impl Sight {
    /// Sight after each row, for these people.
    pub fn over(book: &LogBook, people: &[UserId]) -> Self {
        let mut sight = Self::default();
        for row in &book.rows {
            sight.take(row, book);
            for person in people {
                for page in sight.pages.keys() {
                    if sight.sees(person, *page) {
                        sight.last.insert((person.clone(), *page), row.seq);
                    }
                }
            }
        }
        sight
    }

    /// The last sequence at which a row of the page could reach that person.
    pub fn last_seen(&self, person: &UserId, page: PageId) -> Option<u64> {
        self.last.get(&(person.clone(), page)).copied()
    }

    pub fn visible(&self, person: &UserId) -> BTreeSet<PageId> {
        self.pages.keys().copied().filter(|page| self.sees(person, *page)).collect()
    }

    fn take(&mut self, row: &LogRow, book: &LogBook) {
        let tenant = crate::cast::tenant();
        if let Some(header) = book.pages.get(&row.page).and_then(|page| page.header.clone()) {
            self.pages.entry(row.page).or_insert(What::Page(header));
        }
        let Some((command, pins)) = row.decision() else {
            self.authors.entry(row.page).or_default().insert(row.envelope.user.clone());
            return;
        };
        match command.ask.place(&tenant, &row.envelope.user) {
            Place::Page(_) => {}
            Place::Records => drop(self.pages.insert(row.page, What::Records)),
            Place::Devices => drop(self.pages.insert(row.page, What::Devices)),
            Place::Person(user) => drop(self.pages.insert(row.page, What::Person(user))),
        }
        match command.ask {
            Ask::PutPerson { person } => drop(self.people.insert(person.user.clone(), person)),
            Ask::PlaceCustomer { customer, station, .. } => drop(self.homes.insert(customer, station)),
            Ask::Open { order, customer, .. } => {
                let own = pins.self_opened.then(|| row.envelope.user.clone());
                let call = Call {
                    station: pins.station,
                    customer: Some(customer),
                    ever: own.iter().cloned().collect(),
                    engineer: own,
                    ..Call::default()
                };
                self.calls.insert(order, call);
            }
            ask => self.change_hands(&ask),
        }
    }

    fn change_hands(&mut self, ask: &Ask) {
        let Some(call) = ask.order().and_then(|order| self.calls.get_mut(&order)) else { return };
        match ask {
            Ask::Assign { to, .. } => {
                call.ever.insert(to.clone());
                call.engineer = Some(to.clone());
            }
            Ask::AddHelper { helper, .. } => {
                call.ever.insert(helper.clone());
                call.helpers.insert(helper.clone());
            }
            Ask::RemoveHelper { helper, .. } => drop(call.helpers.remove(helper)),
            Ask::Close { .. } | Ask::Cancel { .. } => call.is_over = true,
            Ask::Reopen { .. } => call.is_over = false,
            _ => {}
        }
    }

    fn sees(&self, user: &UserId, page: PageId) -> bool {
        let Some(person) = self.people.get(user).filter(|person| person.active) else { return false };
        let Some(what) = self.pages.get(&page) else { return false };
        let header = match what {
            What::Records => return person.role != Role::Cashier,
            What::Devices => return matches!(person.role, Role::Hq | Role::Auditor),
            What::Person(owner) => return owner == user && matches!(person.role, Role::Engineer | Role::Lead),
            What::Page(header) => header,
        };
        match person.role {
            Role::Hq | Role::Clerk | Role::Auditor => return true,
            Role::Cashier => return false,
            Role::Engineer | Role::Lead => {}
        }
        let leads = |station: Option<&StationId>| {
            person.role == Role::Lead && station.is_some() && person.station.as_ref() == station
        };
        match &header.subject {
            Subject::Order { id } | Subject::Visit { order: id, .. } => {
                let call = self.calls.get(id);
                self.has(user, *id, page) || leads(call.and_then(|call| call.station.as_ref()))
            }
            Subject::Attendance { person: owner, .. } => {
                owner == user || leads(self.people.get(owner).and_then(|owner| owner.station.as_ref()))
            }
            Subject::Customer { customer } => {
                let here = person.station.is_some() && self.homes.get(customer) == person.station.as_ref();
                here || self
                    .calls
                    .iter()
                    .any(|(order, call)| call.customer.as_ref() == Some(customer) && self.has(user, *order, *order))
            }
            // No history logs units or forms.
            Subject::Asset { .. } | Subject::Record { .. } => false,
        }
    }

    /// Whether that page of the order is this person's own to see: he is on it, was on it while it is open, or wrote
    /// on this page.
    fn has(&self, user: &UserId, order: PageId, page: PageId) -> bool {
        let wrote = self.authors.get(&page).is_some_and(|authors| authors.contains(user));
        wrote
            || self.calls.get(&order).is_some_and(|call| match call.is_over {
                false => call.ever.contains(user),
                true => call.engineer.as_ref() == Some(user) || call.helpers.contains(user),
            })
    }
}
