//! Entering a row: what each kind of change and decision means to the books.

use super::Book;
use crate::relay::hot::HotPage;
use crate::relay::row::Row;
use crate::relay::scope;
use crate::store::{StoreError, change};
use outpost_model::admission::Examined;
use outpost_model::command::{Ask, Place};
use outpost_model::decision::Decision;
use outpost_model::header::{Header, Kind, Subject};
use outpost_model::id::{Hash, PageId, TenantId, UserId};
use rusqlite::params;
use std::sync::Arc;

/// The header of the page that a decision hangs on, where the decision itself says which.
pub(in crate::relay) fn header_of(ask: &Ask, tenant: &TenantId) -> Option<Header> {
    let subject = match ask {
        Ask::Open { order, .. } => Subject::Order { id: *order },
        Ask::SignOff { person, month } | Ask::Unseal { person, month, .. } => {
            Subject::Attendance { person: person.clone(), month: *month }
        }
        Ask::PlaceCustomer { customer, .. } => Subject::Customer { customer: customer.clone() },
        _ => return None,
    };
    Some(Header::new(tenant.clone(), subject))
}

impl Book<'_> {
    /// A page that nothing was logged on yet. It exists for good once a row of it is entered.
    pub(in crate::relay) fn begin_page(&mut self, header: &Header) {
        self.pages.get_mut().entry(header.page()).or_insert_with(|| Arc::new(HotPage::begin(header.clone())));
    }

    pub(in crate::relay) fn enter_change(&mut self, row: &Row, examined: Examined) -> Result<(), StoreError> {
        let blobs: Vec<Hash> = examined.entries().iter().filter_map(|(_, entry)| entry.body.blob()).collect();
        let by = row.envelope.user.clone();
        let envelope = row.envelope.clone();
        let (header, first_of_author) = self.with_page(row.page, |hot| {
            let first = !hot.authors().contains(&by);
            hot.take_change(examined, envelope);
            (hot.header().clone(), first)
        })?;
        let new = self.count_row(row, Some(&header))?;
        for blob in blobs {
            self.note_blob(&blob, row.page)?;
        }
        match &header.subject {
            Subject::Order { id } => {
                self.orders.insert(*id);
                if new || first_of_author {
                    self.place_order_page(*id, row.page, row.seq())?;
                }
            }
            Subject::Visit { order, .. } => {
                self.orders.insert(*order);
                if new {
                    self.list_visit(*order, row.page)?;
                }
                if new || first_of_author {
                    self.place_order_page(*order, row.page, row.seq())?;
                }
            }
            Subject::Attendance { person, month } => {
                self.own_times.insert(person.clone());
                if new {
                    self.list_attendance(person, *month, row.page)?;
                    self.place_personal(person, row.page, row.seq())?;
                }
            }
            Subject::Customer { customer } => self.place_customer_page(customer, row.page, new, row.seq())?,
            Subject::Asset { asset } => self.place_asset_page(asset, row.page, new, row.seq())?,
            Subject::Record { person, form, key } => {
                self.records.insert(row.page);
                if new {
                    self.list_record(person, form, *key, row.page, row.seq())?;
                }
            }
        }
        Ok(())
    }

    pub(in crate::relay) fn enter_decision(&mut self, row: &Row, decision: Decision) -> Result<(), StoreError> {
        let (seq, ask) = (row.seq(), decision.command.ask.clone());
        let (before, person_before) = (self.place(row.page)?.is_none(), self.person_before(&ask)?);
        let header = match (before, header_of(&ask, &self.tenant)) {
            (true, Some(header)) => {
                self.begin_page(&header);
                Some(header)
            }
            _ => None,
        };
        let question = decision.command.question().to_string();
        let sql = "insert into answer (tenant, id, page, question, seq) values ($1, $2, $3, $4, $5)";
        change(self.db, sql, params![self.tenant.as_str(), decision.id().0, row.page.0, question, seq])?;
        self.count_row(row, header.as_ref())?;
        if self.page(row.page)?.is_some() {
            self.with_page(row.page, |hot| hot.take_decision(decision.clone()))?;
        }
        self.act_on(&ask, row.page, seq, header.is_some(), person_before, &decision)
    }

    fn act_on(
        &mut self,
        ask: &Ask,
        page: PageId,
        seq: u64,
        new: bool,
        person_before: Option<outpost_model::record::Person>,
        decision: &Decision,
    ) -> Result<(), StoreError> {
        match ask {
            Ask::Open { order, .. } => {
                self.list_call(*order)?;
                self.place_order(*order, seq)
            }
            Ask::Assign { order, .. }
            | Ask::AddHelper { order, .. }
            | Ask::RemoveHelper { order, .. }
            | Ask::Close { order }
            | Ask::Reopen { order, .. }
            | Ask::Cancel { order, .. } => self.place_order(*order, seq),
            Ask::Inspect { order, .. }
            | Ask::FixByPhone { order, .. }
            | Ask::AcknowledgeCash { order, .. }
            | Ask::VoidReceipt { order, .. }
            | Ask::SameAs { order, .. } => {
                self.orders.insert(*order);
                Ok(())
            }
            Ask::Correct { replacement, .. } => {
                if let Some(blob) = replacement.as_ref().and_then(|replacement| replacement.body.blob()) {
                    self.note_blob(&blob, page)?;
                }
                self.own_times.extend(self.whose_time(page)?);
                let header = self.page(page)?.map(|hot| hot.header().clone());
                match header.as_ref().map(Header::kind) {
                    Some(Kind::Record) => drop(self.records.insert(page)),
                    _ => self.orders.extend(header.and_then(|header| header.order())),
                }
                Ok(())
            }
            Ask::EraseBlob { blob, .. } => self.erase_blob(blob, page, seq),
            Ask::DecideLeave { .. } => {
                self.own_times.extend(self.whose_time(page)?);
                Ok(())
            }
            Ask::DecideForm { .. } => {
                self.records.insert(page);
                Ok(())
            }
            Ask::SignOff { person, month } | Ask::Unseal { person, month, .. } => {
                if new {
                    self.list_attendance(person, *month, page)?;
                    self.place_personal(person, page, seq)?;
                }
                Ok(())
            }
            Ask::PlaceCustomer { customer, station, .. } => self.move_customer(customer, station, page, new, seq),
            Ask::LeaseNumbers { .. } => {
                if let Some(block) = &decision.pins.block {
                    self.advance_series(block)?;
                }
                let scope = scope::of_user(&decision.envelope.user);
                self.join(&scope, page, seq).map(drop)
            }
            Ask::Enrol { .. } | Ask::Revoke { .. } => {
                self.join(scope::DEVICES, Place::Devices.page(&self.tenant), seq).map(drop)
            }
            Ask::PutPerson { person } => {
                self.join(scope::ALL, page, seq)?;
                self.put_person(person_before, person, seq)
            }
            Ask::PutStation { .. } | Ask::PutPart { .. } | Ask::PutForm { .. } => {
                self.join(scope::ALL, page, seq).map(drop)
            }
            Ask::PutPolicy { policy } => {
                self.join(scope::ALL, page, seq)?;
                if policy.zone != self.policy.zone {
                    self.touch_every_person()?;
                }
                self.policy = Arc::from(policy.clone());
                // What is late, and on which day, may read differently now.
                self.touch_every_record()?;
                self.touch_every_order()
            }
        }
    }

    /// Whose own time a page holds.
    fn whose_time(&self, page: PageId) -> Result<Option<UserId>, StoreError> {
        Ok(self.page(page)?.and_then(|hot| match &hot.header().subject {
            Subject::Attendance { person, .. } => Some(person.clone()),
            _ => None,
        }))
    }
}
