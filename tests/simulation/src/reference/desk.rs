//! What the judge looks up, each time from the whole list.

use super::Reference;
use crate::cast;
use outpost_model::command::{Ask, Question};
use outpost_model::decision::{Decision, Standing};
use outpost_model::entry::Entry;
use outpost_model::fold::Sheet as Folded;
use outpost_model::fold::attendance::{days, own_time};
use outpost_model::header::{Header, Subject};
use outpost_model::id::{CommandId, CustomerCode, DeviceId, EntryId, Hash, PageId, StationId, TenantId, UserId};
use outpost_model::judge::{Desk, Latest};
use outpost_model::policy::Policy;
use outpost_model::record::Person;
use outpost_model::table::attendance_cells;
use outpost_model::time::Month;
use std::sync::OnceLock;

fn seq(decision: &Decision) -> u64 {
    decision.envelope.admitted.map_or(0, |admitted| admitted.seq)
}

impl Reference {
    /// The last answer that is read from a decision so.
    fn last<T>(&self, read: impl Fn(&Ask) -> Option<T>) -> Option<T> {
        self.decisions.iter().rev().find_map(|(_, decision)| read(decision.ask()))
    }

    fn on(&self, page: PageId) -> impl Iterator<Item = &Decision> {
        self.decisions.iter().filter(move |(place, _)| *place == page).map(|(_, decision)| decision)
    }

    /// The cells of a person's month as they read now.
    fn month(&self, person: &UserId, month: Month) -> Vec<Vec<String>> {
        let sheets: Vec<_> = self
            .pages
            .iter()
            .filter(|(_, sheet)| {
                matches!(&sheet.index.header().subject, Subject::Attendance { person: of, .. } if of == person)
            })
            .collect();
        let lookups: Vec<_> =
            sheets.iter().map(|(_, sheet)| |hash: &Hash| sheet.envelopes.get(hash).cloned()).collect();
        let decisions: Vec<Vec<Decision>> = sheets.iter().map(|(page, _)| self.on(**page).cloned().collect()).collect();
        let folded: Vec<(Folded<'_>, &[Decision])> = sheets
            .iter()
            .zip(&lookups)
            .zip(&decisions)
            .map(|(((_, sheet), envelopes), decisions)| {
                (Folded { index: &sheet.index, envelopes }, decisions.as_slice())
            })
            .collect();
        let policy = self.policy();
        let rows = days(&own_time(&folded, policy), policy, month);
        rows.iter().map(|row| attendance_cells(person, row, &policy.zone).split_off(1)).collect()
    }
}

impl Desk for Reference {
    fn tenant(&self) -> &TenantId {
        static TENANT: OnceLock<TenantId> = OnceLock::new();
        TENANT.get_or_init(cast::tenant)
    }

    fn policy(&self) -> &Policy {
        static FIRST: OnceLock<Policy> = OnceLock::new();
        let last = self.decisions.iter().rev().find_map(|(_, decision)| match decision.ask() {
            Ask::PutPolicy { policy } => Some(&**policy),
            _ => None,
        });
        last.unwrap_or_else(|| FIRST.get_or_init(|| cast::policy(1, true)))
    }

    fn person(&self, user: &UserId) -> Option<Person> {
        self.last(|ask| match ask {
            Ask::PutPerson { person } if person.user == *user => Some(person.clone()),
            _ => None,
        })
    }

    fn has_station(&self, station: &StationId) -> bool {
        self.last(|ask| matches!(ask, Ask::PutStation { station: known } if known.station == *station).then_some(()))
            .is_some()
    }

    fn customer(&self, customer: &CustomerCode) -> Option<(StationId, u32)> {
        self.last(|ask| match ask {
            Ask::PlaceCustomer { customer: of, station, distance_km } if of == customer => {
                Some((station.clone(), *distance_km))
            }
            _ => None,
        })
    }

    fn order(&self, order: PageId) -> Option<Standing> {
        self.pages.contains_key(&order).then(|| Standing::after(self.on(order))).flatten()
    }

    fn header(&self, page: PageId) -> Option<Header> {
        self.pages.get(&page).map(|sheet| sheet.index.header().clone())
    }

    fn entry(&self, page: PageId, entry: EntryId) -> Option<(UserId, Entry)> {
        let sheet = self.pages.get(&page)?;
        let row = sheet.index.entry(&entry)?;
        Some((sheet.envelopes.get(&row.change)?.user.clone(), Entry::clone(row.entry)))
    }

    fn device_owner(&self, device: &DeviceId) -> Option<UserId> {
        self.last(|ask| match ask {
            Ask::Enrol { device: of, user } if of == device => Some(user.clone()),
            _ => None,
        })
    }

    fn latest(&self, place: PageId, question: &Question) -> Option<Latest> {
        let decision = self.on(place).filter(|decision| decision.command.question() == *question).last()?;
        Some(Latest {
            id: decision.id(),
            seq: seq(decision),
            by: decision.by().clone(),
            at: decision.at(),
            ask: decision.ask().clone(),
        })
    }

    fn seq_of(&self, decision: CommandId) -> Option<u64> {
        self.read_up_to(decision)
    }

    fn has_change(&self, page: PageId, change: &Hash) -> bool {
        self.pages.get(&page).is_some_and(|sheet| sheet.index.contains(change))
    }

    fn signed_month_differs(&self, person: &UserId, month: Month) -> bool {
        let page = cast::header(Subject::Attendance { person: person.clone(), month }).page();
        let signed = self.on(page).filter_map(|decision| match decision.ask() {
            Ask::SignOff { month: of, .. } if *of == month => decision.pins.signed.as_ref(),
            _ => None,
        });
        signed.last().is_none_or(|signed| signed.days != self.month(person, month))
    }

    fn number_taken(&self, number: &str) -> bool {
        self.last(|ask| matches!(ask, Ask::Open { number: known, .. } if known == number).then_some(())).is_some()
    }

    fn number_leased(&self, user: &UserId, number: &str) -> bool {
        let blocks = self.decisions.iter().filter(|(_, decision)| decision.by() == user);
        blocks.filter_map(|(_, decision)| decision.pins.block.as_ref()).any(|block| block.holds(number))
    }
}
