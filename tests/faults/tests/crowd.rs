//! A thousand phones that lost the server together: in virtual time, by the real rules of when to come again.

use outpost_device::retry::{after_failures, after_reconnecting};
use outpost_simulation::dice::Dice;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::time::Duration;

const PHONES: usize = 1_000;

/// What a server answers in a second; the others are told to come again after five.
struct Server {
    capacity: u64,
    up_from: u64,
}

const BUSY: Duration = Duration::from_secs(5);

#[derive(Debug)]
struct Rush {
    /// Most requests in any one second once the server is up, and the second in which everybody was served.
    peak: u64,
    served_by: u64,
}

/// Plays phones that come first at those milliseconds, until all are served.
fn play(first: impl Fn(&mut Dice) -> u64, server: &Server, seed: u64) -> Rush {
    let mut dice = Dice::new(seed);
    let mut next: BinaryHeap<Reverse<(u64, usize)>> = (0..PHONES).map(|n| Reverse((first(&mut dice), n))).collect();
    let mut failures = vec![0; PHONES];
    let mut seconds: BTreeMap<u64, u64> = BTreeMap::new();
    let mut last = 0;
    while let Some(Reverse((at, phone))) = next.pop() {
        let asked = if at < server.up_from {
            None
        } else {
            let second = seconds.entry(at / 1_000).or_default();
            *second += 1;
            if *second <= server.capacity {
                last = at;
                continue;
            }
            Some(BUSY)
        };
        failures[phone] += 1;
        let wait = after_failures(failures[phone], asked, dice.number());
        next.push(Reverse((at + wait.as_millis() as u64, phone)));
    }
    Rush { peak: seconds.values().copied().max().unwrap_or(0), served_by: last / 1_000 }
}

#[test]
fn after_an_outage_nobody_is_trampled_and_everybody_is_served_soon() {
    // Down for an hour; all phones were in the middle of a sync when it went.
    let server = Server { capacity: 20, up_from: 3_600_000 };
    for seed in 0..20 {
        let rush = play(|dice| dice.below(1_000) as u64, &server, seed);
        assert!(rush.peak <= 25, "seed {seed}: {rush:?}");
        assert!(rush.served_by < 3_600 + 1_000, "seed {seed}: {rush:?}");
    }
    println!("after an outage: {:?}", play(|dice| dice.below(1_000) as u64, &server, 1));
}

#[test]
fn phones_that_get_a_network_in_one_moment_do_not_come_in_one() {
    let server = Server { capacity: 20, up_from: 0 };
    for seed in 0..20 {
        let rush = play(|dice| after_reconnecting(dice.number()).as_millis() as u64, &server, seed);
        assert!(rush.peak <= 80, "seed {seed}: {rush:?}");
        assert!(rush.served_by < 300, "seed {seed}: {rush:?}");
    }
    println!(
        "a network in one moment: {:?}",
        play(|dice| after_reconnecting(dice.number()).as_millis() as u64, &server, 1)
    );
}

#[test]
fn without_chance_they_would() {
    let server = Server { capacity: 20, up_from: 0 };
    assert_eq!(play(|_| 0, &server, 1).peak, PHONES as u64);
}
