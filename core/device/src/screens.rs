//! Screens: what a person sees of the logbook, laid out a screen at a time.
//!
//! In go the phone's own [views](crate::views); out come plain values, with names for codes, that any language can
//! hold: each is written here once, and its counterparts in Kotlin, Swift and TypeScript are made from it. They say
//! what stands, what is due and what comes next; words and colours belong to the apps.

mod attendance;
mod duty;
mod forms;
mod names;
mod next;
mod order;
mod report;
mod search;
mod standing;
mod story;
mod sync;
mod today;
mod visit;

pub use attendance::{AttendanceDay, AttendanceMonth, AttendanceRow, DayCount, RowWhat, Sealed};
pub use duty::{Duty, Located, Outing};
pub use forms::{
    FieldAsked, FieldFilled, FieldOption, FieldType, FilledForm, FormChoice, FormSent, FormState, RecordLine, RowFilled,
};
pub use next::{NextAct, NextStep};
pub use order::{
    FieldConflict, FieldValue, FlagNote, Goods, Order, OrderLine, OrderRights, PastRepair, Point, ToolItem,
    ToolkitCheck, VisitLine,
};
pub use report::{DayReport, ReportTask, ReportVisit, ServiceMinutes};
pub use search::{CataloguePart, CustomerHit, SoldUnit};
pub use standing::{Me, NumbersLeft, Owner, Standing};
pub use story::{StoryRow, StoryWhat};
pub use sync::{
    ConflictItem, DamagedPage, FilesWaiting, Outbox, PendingItem, RefusedItem, Sentence, Storage, SyncView, Transit,
    sentence,
};
pub use today::{ReportLine, Today};
pub use visit::{
    Billing, Cause, ChargeMade, Glass, Missing, PartUsed, Photo, Proof, Signed, TakenBack, Visit, VisitStep,
    VisitStepName,
};

use crate::device::Device;
use crate::error::DeviceError;
use crate::store::blobs::{self, BlobState};
use crate::store::lists::OrderItem;
use crate::store::pages;
use outpost_model::id::{Hash, PageId, UserId};
use outpost_model::time::Millis;

/// What is seen of one phone, as of now.
pub struct Screens<'a> {
    device: &'a mut Device,
}

impl Device {
    pub fn screens(&mut self) -> Screens<'_> {
        Screens { device: self }
    }

    /// Bytes of a photo or of strokes, while this phone holds them.
    pub fn file(&self, hash: &Hash) -> Result<Option<Vec<u8>>, DeviceError> {
        Ok(blobs::bytes(self.store.read(), hash)?)
    }

    /// How far a file got; none of one that was never here.
    pub fn file_state(&self, hash: &Hash) -> Result<Option<BlobState>, DeviceError> {
        Ok(blobs::find(self.store.read(), hash)?.map(|file| file.state))
    }

    /// Whether some of a page can't be read; it is to come anew.
    pub fn is_damaged(&self, page: PageId) -> Result<bool, DeviceError> {
        Ok(pages::is_damaged(self.store.read(), page)?)
    }
}

impl Screens<'_> {
    fn now(&self) -> Millis {
        self.device.host.clock.now()
    }

    fn user(&self) -> Result<UserId, DeviceError> {
        Ok(self.device.identity()?.owner.user)
    }

    /// The order that a page belongs to: itself, or the visit's parent.
    fn order_of(&self, page: PageId) -> Result<Option<OrderItem>, DeviceError> {
        let holds =
            |item: &OrderItem| item.facts.page == page || item.facts.visit_facts.iter().any(|visit| visit.page == page);
        Ok(self.device.orders()?.into_iter().find(holds))
    }
}
