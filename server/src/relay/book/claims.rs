//! Whose page id it is. Ids of customers, units and months follow from their headers; orders and visits bring their
//! own. One page has one header for ever, and nobody may sit on an id that somebody's month will need.

use super::Book;
use crate::relay::hot::HotPage;
use crate::relay::records;
use crate::store::StoreError;
use outpost_model::header::{Header, Subject};
use outpost_model::id::PageId;
use outpost_model::judge::Denial;
use outpost_model::problem::Code;
use outpost_model::time::{Day, Month};
use std::sync::Arc;

/// How many months around now a made-up id is compared with.
const MONTHS: usize = 24;

impl Book<'_> {
    /// The page with that header, begun if there is none; denied where the id is another page's.
    pub(in crate::relay) fn meet_page(&mut self, header: &Header) -> Result<Result<(), Denial>, StoreError> {
        let page = header.page();
        let mismatch = |why: &str| Ok(Err(Denial::new(Code::PageMismatch, format!("{page}: {why}"))));
        if header.tenant != self.tenant {
            return mismatch("another company's");
        }
        if let Some(hot) = self.page(page)? {
            return if hot.header() == header { Ok(Ok(())) } else { mismatch("begun from another header") };
        }
        if self.place(page)?.is_some() || self.is_somebodys_month(header)? {
            return mismatch("the id is kept for something else");
        }
        self.begin_page(header);
        Ok(Ok(()))
    }

    pub(in crate::relay) fn expect_page(&self, page: PageId) -> Result<Arc<HotPage>, StoreError> {
        self.page(page)?.ok_or_else(|| StoreError::damaged(format!("page {page} isn't there")))
    }

    /// Nothing came of a page that was begun.
    pub(in crate::relay) fn forget_if_empty(&mut self, page: PageId) {
        let pages = self.pages.get_mut();
        if pages.get(&page).is_some_and(|hot| hot.last == 0) {
            pages.remove(&page);
        }
    }

    /// Whether an order or visit was given the derived id of a month. Phones make time-ordered ids, so this is
    /// worked out for derived ones only.
    fn is_somebodys_month(&self, header: &Header) -> Result<bool, StoreError> {
        let own_id = matches!(header.subject, Subject::Order { .. } | Subject::Visit { .. });
        if !own_id || header.page().0[6] >> 4 != 8 {
            return Ok(false);
        }
        let mut month = next_month(self.policy.zone.day(self.end.moment).month());
        for _ in 0..MONTHS / 2 {
            month = next_month(month);
        }
        let people = records::people(self.db, &self.tenant)?;
        for _ in 0..2 * MONTHS {
            for person in &people {
                let subject = Subject::Attendance { person: person.user.clone(), month };
                if Header::new(self.tenant.clone(), subject).page() == header.page() {
                    return Ok(true);
                }
            }
            month = month.previous();
        }
        Ok(false)
    }
}

fn next_month(month: Month) -> Month {
    Day::next(month.day(31)).month()
}
