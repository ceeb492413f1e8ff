//! Months by seed: well made, the same each time, and among them every rule is touched.

use outpost_months::generate::{self, Shape};
use outpost_months::{Author, Expect, Line, Month, Org, oracle};
use std::collections::{BTreeMap, BTreeSet};

const SEEDS: std::ops::Range<u64> = 0..60;

#[test]
fn a_month_is_the_same_bytes_each_time() {
    for seed in [0, 7, 23] {
        let (one, other) = (generate::month(seed, Shape::SMALL), generate::month(seed, Shape::SMALL));
        assert_eq!(one.log_jsonl(), other.log_jsonl(), "seed {seed}");
        assert_eq!(one.org_json(), other.org_json(), "seed {seed}");
    }
    assert_ne!(generate::month(1, Shape::SMALL), generate::month(2, Shape::SMALL));
}

#[test]
fn a_month_reads_back_as_it_was_written() {
    for seed in [3, 11] {
        let month = generate::month(seed, Shape::MEDIUM);
        let org: Org = serde_json::from_str(&month.org_json()).unwrap();
        let log: Vec<Line> = month.log_jsonl().lines().map(|line| Line::parse(line).unwrap()).collect();
        assert_eq!(Month { org, log }, month, "seed {seed}");
    }
}

#[test]
fn lines_stand_in_the_order_in_which_they_happened() {
    for seed in SEEDS {
        let month = generate::month(seed, Shape::SMALL);
        assert!(month.log.is_sorted_by_key(|line| line.at.instant), "seed {seed}");
    }
}

#[test]
fn what_its_author_had_no_right_to_is_marked_so_and_nothing_else_is() {
    for seed in SEEDS {
        let month = generate::month(seed, Shape::MEDIUM);
        let marked = lines_expecting(&month, Expect::NoEffect);
        let without = oracle::without_effect(&month.org, &month.log);
        let differing: Vec<String> = BTreeSet::from_iter(marked)
            .symmetric_difference(&BTreeSet::from_iter(without))
            .map(|number| month.log[*number].to_json())
            .collect();
        assert!(differing.is_empty(), "seed {seed}: {differing:#?}");
    }
}

#[test]
fn only_revoked_devices_are_refused_and_they_always_are() {
    for seed in SEEDS {
        let month = generate::month(seed, Shape::MEDIUM);
        let mut revoked = BTreeSet::new();
        for (number, line) in month.log.iter().enumerate() {
            match (&line.by, &line.action) {
                (Author::Console(user), outpost_months::Action::Revoke { device, .. }) if user == "u-hq" => {
                    revoked.insert(device.clone());
                }
                (Author::Device(device), outpost_months::Action::Sync) => {
                    let refused = line.expect == Some(Expect::Refused);
                    assert_eq!(refused, revoked.contains(device), "seed {seed} line {}", number + 1);
                }
                _ => {}
            }
        }
    }
}

#[test]
fn every_story_is_told_by_some_seed() {
    let mut times: BTreeMap<&str, usize> = generate::all_stories().into_iter().map(|name| (name, 0)).collect();
    for seed in SEEDS {
        for story in generate::tell(seed, Shape::MEDIUM).1 {
            *times.get_mut(story).unwrap_or_else(|| panic!("{story} isn't in the list of stories")) += 1;
        }
    }
    let untold: Vec<&&str> = times.iter().filter(|(_, times)| **times == 0).map(|(name, _)| name).collect();
    assert!(untold.is_empty(), "never told: {untold:?}");
}

#[test]
fn every_state_status_and_flag_occurs() {
    let mut seen: BTreeSet<(&str, String)> = BTreeSet::new();
    for seed in SEEDS {
        let expected = generate::month(seed, Shape::MEDIUM).expected();
        seen.extend(column(&expected.orders, 6).map(|state| ("state", state)));
        seen.extend(column(&expected.attendance, 2).map(|status| ("status", status)));
        seen.extend(column(&expected.attendance, 3).map(|kind| ("leave", kind)));
        seen.extend(column(&expected.flags, 0).map(|kind| ("flag", kind)));
    }
    let of =
        |kind: &str| seen.iter().filter(|(of, _)| *of == kind).map(|(_, value)| value.as_str()).collect::<Vec<_>>();
    assert_eq!(
        of("state"),
        [
            "assigned",
            "closed",
            "finished",
            "follow_up",
            "in_custody",
            "on_site",
            "open",
            "replied",
            "signed",
            "travelling"
        ]
    );
    assert_eq!(of("status"), ["absent", "incomplete", "late", "leave", "left_early", "overtime", "present", "rest"]);
    assert_eq!(of("leave"), ["", "annual", "personal", "sick"]);
    assert_eq!(
        of("flag"),
        [
            "amended_after_signature",
            "closed_unsigned",
            "conflict",
            "former_assignee",
            "self_opened",
            "time_suspect",
            "unassigned"
        ]
    );
}

/// A column of a file without quoted cells, without its header.
fn column(csv: &str, number: usize) -> impl Iterator<Item = String> {
    csv.lines().skip(1).map(move |line| line.split(',').nth(number).unwrap_or_default().to_owned())
}

fn lines_expecting(month: &Month, wanted: Expect) -> Vec<usize> {
    month.log.iter().enumerate().filter(|(_, line)| line.expect == Some(wanted)).map(|(number, _)| number).collect()
}
