//! When to sync next: after a sync that went well, after one that didn't, and when the network is there again. Pure:
//! the host's timer asks, chance is an argument.
//!
//! A thousand phones that lost the server together mustn't find it together: whoever failed waits longer each time, up
//! to a quarter of an hour, and where in that time he comes back is left to chance. What the server asks for is the
//! least; so many were told the same that chance is added to it, too.

use crate::report::{Outcome, SyncReport};
use std::time::Duration;

/// The first wait after a failure is up to this long.
pub const FIRST: Duration = Duration::from_secs(10);
/// No wait by failures alone is longer.
pub const LONGEST: Duration = Duration::from_secs(15 * 60);
/// Phones that hear at one moment that there is a network spread over this long.
pub const SPREAD: Duration = Duration::from_secs(30);

/// How long to wait after so many failures in a row (1: the first), where the server asked for `asked`. `chance` is
/// drawn anew each time, evenly from all numbers.
pub fn after_failures(failures: u32, asked: Option<Duration>, chance: u64) -> Duration {
    let doubled = FIRST.saturating_mul(1 << failures.saturating_sub(1).min(16));
    let most = doubled.min(LONGEST);
    match asked {
        // As long as was asked for, and up to as long again.
        Some(asked) => asked.saturating_add(part(most.max(asked), chance)),
        // At least half: nobody knocks twice in a moment.
        None => most / 2 + part(most / 2, chance),
    }
}

/// How long to wait when the platform says that there is a network again. A tap on "sync" doesn't wait.
pub fn after_reconnecting(chance: u64) -> Duration {
    part(SPREAD, chance)
}

/// How many failures in a row there are now.
pub fn failures(before: u32, report: &SyncReport) -> u32 {
    match &report.outcome {
        Outcome::Settled => 0,
        Outcome::Revoked | Outcome::TurnedAway(_) | Outcome::NoAnswer(_) | Outcome::NotUnderstood(_) => {
            before.saturating_add(1)
        }
    }
}

/// What the server asked for, if it turned the sync away.
pub fn asked(report: &SyncReport) -> Option<Duration> {
    match &report.outcome {
        Outcome::TurnedAway(problem) => problem.retry_after_s.map(Duration::from_secs),
        _ => None,
    }
}

/// An even part of a time.
fn part(of: Duration, chance: u64) -> Duration {
    let millis = u128::from(u64::try_from(of.as_millis()).unwrap_or(u64::MAX));
    Duration::from_millis(((millis * u128::from(chance)) >> 64) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_quarter_of_an_hour_and_never_vanish() {
        let ends = |failures| (after_failures(failures, None, 0), after_failures(failures, None, u64::MAX));
        let seconds = |(low, high): (Duration, Duration)| (low.as_secs(), high.as_millis().div_ceil(1_000));
        assert_eq!(seconds(ends(1)), (5, 10));
        assert_eq!(seconds(ends(2)), (10, 20));
        assert_eq!(seconds(ends(7)), (320, 640));
        assert_eq!(seconds(ends(8)), (450, 900));
        assert_eq!(seconds(ends(u32::MAX)), (450, 900));
        assert_eq!(seconds(ends(0)), (5, 10), "said too early, it is as after the first");
    }

    #[test]
    fn what_the_server_asks_for_is_the_least() {
        let asked = Some(Duration::from_secs(60));
        assert_eq!(after_failures(1, asked, 0), Duration::from_secs(60));
        assert!(after_failures(1, asked, u64::MAX) > Duration::from_secs(119));
        assert_eq!(after_failures(1, Some(Duration::MAX), 7), Duration::MAX);
    }

    #[test]
    fn whoever_hears_of_the_network_waits_a_moment_of_his_own() {
        assert_eq!(after_reconnecting(0), Duration::ZERO);
        assert_eq!(after_reconnecting(1 << 63), SPREAD / 2);
        assert!(after_reconnecting(u64::MAX) < SPREAD);
    }
}
