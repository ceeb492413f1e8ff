//! How much of the relay's time a device may ask for: so many steps a minute, with room for what a long day offline
//! has gathered. Who exceeds it is told when to come again; nothing is refused for it.
//!
//! Counted in memory, by the relay's clock: after a restart everybody begins with all of it.

use outpost_model::id::DeviceId;
use outpost_model::problem::Code;
use outpost_model::time::Millis;
use outpost_model::wire::{MAX_STEPS, Verdict};
use parking_lot::Mutex;
use std::collections::HashMap;

const MINUTE: u64 = 60_000;

/// What a device may send before it is put off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub steps_a_minute: u32,
    /// How many steps it may send at once that was quiet for long.
    pub burst: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { steps_a_minute: 6_000, burst: 3 * MAX_STEPS as u32 }
    }
}

pub(super) struct Budgets {
    limits: Limits,
    devices: Mutex<HashMap<DeviceId, Budget>>,
}

#[derive(Clone, Copy)]
struct Budget {
    /// Steps left, times the milliseconds of a minute: so that each millisecond brings a whole number.
    left: u64,
    at: Millis,
}

impl Budgets {
    pub fn new(limits: Limits) -> Self {
        Self { limits, devices: Mutex::default() }
    }

    /// Takes so many steps, as far as there is room: how many may be judged, and the verdict on those behind them.
    pub fn spend(&self, device: &DeviceId, steps: usize, now: Millis) -> (usize, Verdict) {
        let (rate, full) = (u64::from(self.limits.steps_a_minute.max(1)), u64::from(self.limits.burst.max(1)) * MINUTE);
        let mut devices = self.devices.lock();
        let budget = devices.entry(device.clone()).or_insert(Budget { left: full, at: now });
        // A clock that was set back brings nothing, and takes nothing.
        let passed = u64::try_from(now.since(budget.at)).unwrap_or(0);
        budget.left = full.min(budget.left.saturating_add(passed.saturating_mul(rate)));
        budget.at = now;
        let taken = (steps as u64).min(budget.left / MINUTE);
        budget.left -= taken * MINUTE;
        let wanted = full.min((steps as u64 - taken) * MINUTE);
        let wait = wanted.saturating_sub(budget.left).div_ceil(rate);
        (taken as usize, Verdict::Deferred(Code::ServerBusy.into(), u32::try_from(wait).unwrap_or(u32::MAX)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device() -> DeviceId {
        DeviceId::parse("d-1").unwrap()
    }

    fn spend(budgets: &Budgets, steps: usize, now: i64) -> (usize, u32) {
        match budgets.spend(&device(), steps, Millis(now)) {
            (taken, Verdict::Deferred(_, wait)) => (taken, wait),
            (_, other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_budget_is_spent_comes_back_with_time_and_never_exceeds_its_burst() {
        let budgets = Budgets::new(Limits { steps_a_minute: 60, burst: 100 });
        assert_eq!(spend(&budgets, 80, 0), (80, 0));
        assert_eq!(spend(&budgets, 50, 0), (20, 30_000), "thirty more in thirty seconds");
        assert_eq!(spend(&budgets, 30, 29_999), (29, 1));
        assert_eq!(spend(&budgets, 1, 30_000), (1, 0));
        assert_eq!(spend(&budgets, 1, 0), (0, 1_000), "the clock was set back");
        assert_eq!(spend(&budgets, 1, 1_000), (1, 0));
        assert_eq!(spend(&budgets, 500, 10_000_000), (100, 100_000), "no more at once than a burst");
    }
}
