//! The evidence that every captured thing carries. The counter goes up with each, and leaves no gap.

use outpost_model::entry::Evidence;
use outpost_model::id::UserId;
use outpost_model::time::Millis;

pub(super) struct Stamp {
    pub by: UserId,
    pub clock: Millis,
    pub zone: i16,
    pub contact: u32,
    pub epoch: u32,
    /// The highest number given away.
    pub captured: u64,
    pub mono: Option<u64>,
}

impl Stamp {
    pub fn evidence(&mut self) -> Evidence {
        self.captured += 1;
        Evidence {
            by: self.by.clone(),
            clock: self.clock,
            zone: self.zone,
            contact: self.contact,
            epoch: self.epoch,
            n: self.captured,
            mono: self.mono,
        }
    }
}
