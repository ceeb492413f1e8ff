//! One order in full: what its list row says, everything logged on it and its visits, and what was decided.

use crate::desk::decisions_of_order;
use crate::device::Device;
use crate::error::DeviceError;
use crate::store::lists::{self, OrderItem};
use crate::store::outbox::{self, StepState};
use crate::store::pages;
use outpost_model::decision::Decision;
use outpost_model::entry::Entry;
use outpost_model::envelope::Attested;
use outpost_model::id::{EntryId, PageId, UserId};
use outpost_model::time::Millis;
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq)]
pub struct OrderDetail {
    pub item: OrderItem,
    /// In log order; the opening too if it is still on its way.
    pub decisions: Vec<Decision>,
    /// Everything logged, voided entries included, by time.
    pub events: Vec<EventItem>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct EventItem {
    pub page: PageId,
    pub id: EntryId,
    pub by: UserId,
    pub entry: Entry,
    /// The claimed moment, corrected by the contact that it names.
    pub at: Millis,
    pub attested: Attested,
    pub suspect: bool,
    /// How far it got.
    pub state: StepState,
}

impl Device {
    /// One order in full; none if the phone doesn't hold it.
    pub fn order(&mut self, order: PageId) -> Result<Option<OrderDetail>, DeviceError> {
        let owner = self.identity()?.owner;
        let Some(item) = lists::order(self.store.read(), order)? else { return Ok(None) };
        let (decisions, _) = decisions_of_order(self.store.read(), &owner, order)?;
        let mut family = pages::visits_of(self.store.read(), order)?;
        family.insert(0, order);
        let events = self.opening(family.clone(), |device| device.events(&family))??;
        Ok(Some(OrderDetail { item, decisions, events }))
    }

    /// Everything logged on these pages, by time.
    pub(crate) fn events(&mut self, family: &[PageId]) -> Result<Vec<EventItem>, DeviceError> {
        let owner = self.identity()?.owner;
        let db = self.store.read();
        let mut events = Vec::new();
        for page in family {
            let steps = outbox::pending_on(db, *page)?;
            let waiting: BTreeMap<_, _> = steps.iter().map(|step| (step.hash, step.state)).collect();
            let Some(open) = self.shelf.open(db, &owner, *page)? else { continue };
            for row in open.index().entries() {
                let Some(envelope) = open.envelope(&row.change) else { continue };
                let entry = (**row.entry).clone();
                events.push(EventItem {
                    page: *page,
                    id: row.id,
                    by: entry.evidence.by.clone(),
                    at: entry.at.unwrap_or_else(|| envelope.corrected(entry.evidence.clock)),
                    attested: envelope.attested(),
                    suspect: envelope.is_suspect(&entry.evidence),
                    state: waiting.get(&row.change).copied().unwrap_or(StepState::Admitted),
                    entry,
                });
            }
        }
        events.sort_by_key(|event| event.at);
        Ok(events)
    }
}
