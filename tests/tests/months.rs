//! Months of field service, played through real device stores and a real relay over HTTP, against what an independent
//! witness says their merged records must be, row by row.

use outpost_cli::month::Month;
use outpost_cli::replay::{Manner, play};
use outpost_months::generate::{self, Shape};
use outpost_server::export::{self, Format};
use outpost_server::verify::verify;
use outpost_tests::sums;
use std::path::Path;

/// Plays a month folder, and compares each export with its file in `expected/`.
fn comes_out_true(folder: &Path, manner: Manner) {
    let month = Month::load(folder).unwrap();
    let data = tempfile::tempdir().unwrap();
    let player = play(month, data.path(), manner, &mut |_| ()).unwrap_or_else(|failure| panic!("{failure}"));
    for table in sums::WITNESSED {
        let mut written = Vec::new();
        export::write(&player.stage().relay, table, None, Format::Csv, &mut written).unwrap();
        let file = folder.join("expected").join(format!("{}.csv", table.name()));
        let expected = std::fs::read_to_string(&file).unwrap();
        let written = String::from_utf8(written).unwrap();
        let unlike: Vec<(&str, &str)> =
            expected.lines().zip(written.lines()).filter(|(expected, written)| expected != written).take(5).collect();
        assert!(
            expected == written,
            "{} of {}: {} rows, not {}; expected and found: {unlike:#?}",
            table.name(),
            folder.display(),
            written.lines().count(),
            expected.lines().count()
        );
    }
    sums::agree(&player.stage().relay);
    let report = verify(player.stage().relay.store()).unwrap();
    assert!(report.is_clean(), "{:#?}", report.differences().collect::<Vec<_>>());
}

fn shared_month() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/data/month"))
}

#[test]
fn the_shared_month_comes_out_row_by_row() {
    comes_out_true(shared_month(), Manner::default());
}

#[test]
fn every_sync_three_times_changes_nothing() {
    comes_out_true(shared_month(), Manner { syncs: 3 });
}

/// So many other months, from this seed on: `OUTPOST_MONTHS`, `OUTPOST_SEED`.
fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

fn generated_month_comes_out_true(seed: u64, shape: Shape, manner: Manner) {
    let (month, stories) = generate::tell(seed, shape);
    println!("seed {seed}, {} lines, stories: {stories:?}", month.log.len());
    let folder = tempfile::tempdir().unwrap();
    month.write(folder.path()).unwrap();
    comes_out_true(folder.path(), manner);
}

#[test]
fn other_months_by_the_same_rules_come_out_true() {
    let first = setting("OUTPOST_SEED", 1);
    for seed in first..first + setting("OUTPOST_MONTHS", 6) {
        let manner = Manner { syncs: 1 + (seed % 3) as u32 };
        generated_month_comes_out_true(seed, if seed % 2 == 0 { Shape::SMALL } else { Shape::MEDIUM }, manner);
    }
}
