//! How much one device stores in a day (UTC, by the relay's clock). Counted in memory: a restart forgives.

use outpost_model::id::DeviceId;
use outpost_model::time::Millis;
use parking_lot::Mutex;
use std::collections::HashMap;

const DAY: i64 = Millis::hours(24);

pub struct Quota {
    bytes_a_day: u64,
    /// Day, and bytes stored in it. One line for each enrolled device at most.
    used: Mutex<HashMap<DeviceId, (i64, u64)>>,
}

impl Quota {
    pub fn new(bytes_a_day: u64) -> Self {
        Self { bytes_a_day, used: Mutex::default() }
    }

    /// Counts so many bytes; over the share: milliseconds until the next day.
    pub fn take(&self, device: &DeviceId, bytes: u64, now: Millis) -> Result<(), i64> {
        let day = now.0.div_euclid(DAY);
        let mut used = self.used.lock();
        let (of, sum) = used.entry(device.clone()).or_default();
        if *of != day {
            (*of, *sum) = (day, 0);
        }
        if *sum + bytes > self.bytes_a_day {
            return Err(DAY - now.0.rem_euclid(DAY));
        }
        *sum += bytes;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_device_has_its_share_of_each_day() {
        let quota = Quota::new(10);
        let [a, b] = ["a", "b"].map(|id| DeviceId::parse(id).unwrap());
        assert_eq!(quota.take(&a, 6, Millis(0)), Ok(()));
        assert_eq!(quota.take(&a, 6, Millis(1)), Err(DAY - 1));
        assert_eq!(quota.take(&b, 6, Millis(1)), Ok(()));
        assert_eq!(quota.take(&a, 6, Millis(DAY)), Ok(()));
    }
}
