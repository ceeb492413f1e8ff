//! A person's month as it reads now, and what a sign-off pins of it.

use super::Book;
use crate::relay::hot::HotPage;
use crate::store::StoreError;
use outpost_model::command::Ask;
use outpost_model::decision::{Decision, SignedMonth};
use outpost_model::fold::Sheet;
use outpost_model::fold::attendance::{OwnTime, days, own_time};
use outpost_model::header::{Header, Subject};
use outpost_model::id::{Hash, UserId};
use outpost_model::table::attendance_cells;
use outpost_model::time::Month;
use std::sync::Arc;

impl Book<'_> {
    /// Everything that a person logged of his own time.
    pub(in crate::relay) fn own_time(&self, person: &UserId) -> Result<OwnTime, StoreError> {
        let pages: Vec<Arc<HotPage>> = self
            .attendance_pages(person)?
            .into_iter()
            .filter_map(|page| self.page(page).transpose())
            .collect::<Result<_, _>>()?;
        let lookups: Vec<_> = pages.iter().map(|page| |change: &Hash| page.envelope(change).cloned()).collect();
        let sheets: Vec<(Sheet<'_>, &[Decision])> = pages
            .iter()
            .zip(&lookups)
            .map(|(page, envelopes)| (Sheet { index: &page.index, envelopes }, page.decisions.as_slice()))
            .collect();
        Ok(own_time(&sheets, &self.policy))
    }

    /// The cells of each day, without the person's.
    fn month_cells(&self, person: &UserId, month: Month) -> Result<Vec<Vec<String>>, StoreError> {
        let policy = &self.policy;
        let rows = days(&self.own_time(person)?, policy, month);
        Ok(rows.iter().map(|row| attendance_cells(person, row, &policy.zone).split_off(1)).collect())
    }

    fn sign_offs(&self, person: &UserId, month: Month) -> Result<Vec<SignedMonth>, StoreError> {
        let subject = Subject::Attendance { person: person.clone(), month };
        let page = Header::new(self.tenant.clone(), subject).page();
        let Some(hot) = self.page(page)? else { return Ok(Vec::new()) };
        let signed = hot.decisions.iter().filter_map(|decision| match decision.ask() {
            Ask::SignOff { month: signed, .. } if *signed == month => decision.pins.signed.clone(),
            _ => None,
        });
        Ok(signed.collect())
    }

    /// What a sign-off would sign now, under the next revision.
    pub(in crate::relay) fn sign_month(&self, person: &UserId, month: Month) -> Result<SignedMonth, StoreError> {
        let last = self.sign_offs(person, month)?.iter().map(|signed| signed.revision).max().unwrap_or(0);
        Ok(SignedMonth { month, revision: last + 1, days: self.month_cells(person, month)? })
    }

    pub(super) fn month_differs(&self, person: &UserId, month: Month) -> Result<bool, StoreError> {
        match self.sign_offs(person, month)?.last() {
            Some(signed) => Ok(signed.days != self.month_cells(person, month)?),
            None => Ok(true),
        }
    }
}
