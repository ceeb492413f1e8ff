//! Whose page id it is. Ids of customers, units, months and forms of a period follow from their headers; orders, visits
//! and other forms bring their own. One page has one header for ever, and nobody may sit on an id that will be somebody
//! else's: ids of one's own are time-ordered, and nothing that is derived looks so.

use super::Book;
use crate::relay::hot::HotPage;
use crate::store::StoreError;
use outpost_model::header::Header;
use outpost_model::id::PageId;
use outpost_model::judge::Denial;
use outpost_model::problem::Code;
use std::sync::Arc;

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
        if self.place(page)?.is_some() || !header.has_sound_id() {
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
}
