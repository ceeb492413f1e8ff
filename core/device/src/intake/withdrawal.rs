//! What was taken out of this person's sight. It goes when nothing of his own hangs on it: work that is still on its
//! way goes first, and a page on which he wrote stays his.

use super::Intake;
use crate::store::rows::returning;
use crate::store::{Stored, grants, outbox, pages};
use outpost_model::header::{Header, Subject};
use outpost_model::id::PageId;

impl Intake<'_> {
    pub(super) fn withdrawn(&mut self, scope: &str, page: PageId) -> Stored<()> {
        grants::withdraw(self.db, scope, page)?;
        if pages::is_known(self.db, page)? && grants::scopes_of(self.db, page)?.is_empty() {
            pages::set_withdrawn(self.db, page, true)?;
        }
        Ok(())
    }

    /// Drops what was withdrawn and waits for nothing.
    pub fn settle_withdrawals(&mut self) -> Stored<()> {
        for page in pages::withdrawn(self.db)? {
            if !grants::scopes_of(self.db, page)?.is_empty() || pages::is_own(self.db, page)? {
                pages::set_withdrawn(self.db, page, false)?;
            } else if !self.has_pending_family(page)? && !returning::any_on(self.db, page)? {
                // Its order, or its person's own time, reads differently from now on.
                let header = pages::header(self.db, page)?;
                let order = header.as_ref().and_then(Header::order);
                pages::forget(self.db, page)?;
                self.shelf.forget(&page);
                self.touched.pages.remove(&page);
                self.touched.pages.extend(order.filter(|order| *order != page));
                if let Some(Subject::Attendance { person, .. }) = header.map(|header| header.subject) {
                    self.touched.people.insert(person);
                }
                self.tally.withdrawn += 1;
            }
        }
        Ok(())
    }

    /// Whether something is on its way on this page, or on another of its order.
    fn has_pending_family(&self, page: PageId) -> Stored<bool> {
        let order = pages::header(self.db, page)?.and_then(|header| header.order());
        for pending in outbox::pending_pages(self.db)? {
            let family = pages::header(self.db, pending)?.and_then(|header| header.order());
            if pending == page || (order.is_some() && family == order) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
