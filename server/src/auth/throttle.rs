//! Slows down who tries again and again: attempts counted by a key in a window of the relay's own clock.
//! In memory, bounded, forgotten at a restart: it saves work and slows guessing, it is no lock.

use outpost_model::time::Millis;
use parking_lot::Mutex;
use std::collections::HashMap;

/// Most keys remembered at once; beyond, the windows that began first are forgotten.
const MAX_KEYS: usize = 20_000;

pub struct Throttle {
    window: i64,
    most: u32,
    counts: Mutex<HashMap<String, Count>>,
}

#[derive(Clone, Copy)]
struct Count {
    since: Millis,
    attempts: u32,
}

impl Throttle {
    pub fn new(most: u32, window: i64) -> Self {
        Self { window, most, counts: Mutex::default() }
    }

    /// Counts an attempt. Over the limit: milliseconds until the next is looked at.
    pub fn attempt(&self, key: &str, now: Millis) -> Result<(), i64> {
        let mut counts = self.counts.lock();
        if counts.len() >= MAX_KEYS && !counts.contains_key(key) {
            counts.retain(|_, count| now.since(count.since) < self.window);
            if counts.len() >= MAX_KEYS {
                let mut begun: Vec<Millis> = counts.values().map(|count| count.since).collect();
                let (_, middle, _) = begun.select_nth_unstable(MAX_KEYS / 2);
                let middle = *middle;
                counts.retain(|_, count| count.since > middle);
            }
        }
        let count = counts.entry(key.to_owned()).or_insert(Count { since: now, attempts: 0 });
        let age = now.since(count.since);
        // A clock that was set back begins a new window.
        if !(0..self.window).contains(&age) {
            *count = Count { since: now, attempts: 0 };
        }
        if count.attempts >= self.most {
            return Err(self.window - now.since(count.since));
        }
        count.attempts += 1;
        Ok(())
    }

    /// One attempt was honest after all: it doesn't count.
    pub fn forgive(&self, key: &str) {
        if let Some(count) = self.counts.lock().get_mut(key) {
            count.attempts = count.attempts.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_closes_and_opens_again() {
        let throttle = Throttle::new(3, 1_000);
        let tries = |at| throttle.attempt("u-1", Millis(at));
        assert!((0..3).all(|_| tries(0).is_ok()));
        assert_eq!(tries(400), Err(600));
        assert!(throttle.attempt("u-2", Millis(400)).is_ok());
        assert!(tries(1_000).is_ok());
        throttle.forgive("u-1");
        assert!((0..3).all(|_| tries(1_001).is_ok()) && tries(1_001).is_err());
    }

    #[test]
    fn a_flood_of_keys_stays_bounded() {
        let throttle = Throttle::new(1, 1_000);
        (0..3 * MAX_KEYS as i64).for_each(|n| throttle.attempt(&n.to_string(), Millis(n / 100)).unwrap());
        assert!(throttle.counts.lock().len() <= MAX_KEYS);
    }
}
