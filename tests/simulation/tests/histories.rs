//! Histories in CI. `OUTPOST_HISTORIES=n` plays so many; `OUTPOST_SEED=n` plays that one alone, and says what of it is
//! needed to break the rule.

use outpost_simulation::history::{minimise, play, steps};

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn whatever_happens_nothing_is_lost_and_everybody_comes_to_the_same() {
    if let Some(seed) = number("OUTPOST_SEED") {
        let list = steps(seed);
        let outcome = play(&list);
        if let Some(first) = outcome.troubles.first() {
            let short = minimise(&list, first.split(' ').next().unwrap_or_default());
            println!("seed {seed}, {} of {} deeds are enough: {short:#?}", short.len(), list.len());
            panic!("seed {seed}:\n{}", outcome.troubles.join("\n"));
        }
        return println!("seed {seed}: {}", outcome.tally);
    }
    let mut failed = Vec::new();
    for seed in 1..=number("OUTPOST_HISTORIES").unwrap_or(150) {
        if let Some(first) = play(&steps(seed)).troubles.first() {
            println!("OUTPOST_SEED={seed}: {first}");
            failed.push(seed);
        }
    }
    assert!(failed.is_empty(), "replay one with OUTPOST_SEED=n cargo test -p outpost-simulation; failed: {failed:?}");
}

#[test]
fn one_seed_gives_one_history() {
    let (first, again) = (play(&steps(7)), play(&steps(7)));
    assert_eq!((first.end, first.troubles), (again.end, again.troubles));
}
