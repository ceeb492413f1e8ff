//! Leases number blocks in time: numbers must be there before the network goes.

use crate::act::Act;
use crate::device::Device;
use crate::error::CaptureError;
use crate::views::DecisionState;
use outpost_model::command::{Ask, Series};

/// With fewer left than this, others are asked for.
const FEW: u32 = 5;
const BLOCK: u32 = 20;

impl Device {
    /// Asks for blocks of numbers where few are left and none is under way. Before each sync.
    pub fn lease_numbers(&mut self) -> Result<(), CaptureError> {
        if self.invitation()?.is_none() {
            return Ok(());
        }
        for series in [Series::Receipt, Series::Order] {
            let asked = self.decisions()?.iter().any(|item| {
                item.state == DecisionState::Pending
                    && matches!(item.command.ask, Ask::LeaseNumbers { series: of, .. } if of == series)
            });
            if !asked && self.numbers_left(series)? < FEW {
                match self.capture(Act::asking(Ask::LeaseNumbers { series, count: BLOCK })) {
                    // Who may not lease does without.
                    Err(CaptureError::Denied(_)) | Ok(_) => {}
                    Err(trouble) => return Err(trouble),
                }
            }
        }
        Ok(())
    }
}
