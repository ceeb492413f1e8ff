//! The month that everybody shares, read by the oracle: its six files, byte for byte.

use outpost_months::{Expect, Expected, Month, oracle};
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/month")
}

#[test]
fn the_oracle_writes_the_six_expected_files() {
    let month = Month::load(&folder()).unwrap();
    let wanted = Expected::load(&folder().join("expected")).unwrap();
    for ((name, got), (_, wanted)) in month.expected().files().iter().zip(wanted.files()) {
        for (number, (got, wanted)) in got.lines().zip(wanted.lines()).enumerate() {
            assert_eq!(got, wanted, "{name} line {}", number + 1);
        }
        assert_eq!(*got, wanted, "{name}");
    }
}

#[test]
fn what_is_read_and_written_again_is_the_same_bytes() {
    let month = Month::load(&folder()).unwrap();
    assert_eq!(month.org_json(), std::fs::read_to_string(folder().join("org.json")).unwrap());
    assert_eq!(month.log_jsonl(), std::fs::read_to_string(folder().join("log.jsonl")).unwrap());
}

#[test]
fn what_its_author_had_no_right_to_is_marked_so_and_nothing_else_is() {
    let month = Month::load(&folder()).unwrap();
    let marked: Vec<usize> =
        month.log.iter().enumerate().filter(|(_, l)| l.expect == Some(Expect::NoEffect)).map(|(n, _)| n).collect();
    assert_eq!(oracle::without_effect(&month.org, &month.log), marked);
}
