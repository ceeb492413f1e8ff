//! Exports over a company of some hundred orders: what the page counts is what a file holds, cuts lose nothing, and
//! `verify` takes the company for one that was lived.

use outpost_bulk::{Size, fill};
use outpost_model::access::Reach;
use outpost_model::id::StationId;
use outpost_model::table::{Cut, Period, Table};
use outpost_model::time::Day;
use outpost_server::export::{Export, Format, Paper, Part, Tongue, counts};
use outpost_server::relay::Relay;
use outpost_server::verify::verify;
use std::sync::atomic::AtomicU64;

fn rows(relay: &Relay, table: Table, cut: &Cut) -> Vec<String> {
    let paper = Paper { tongue: Tongue::En, now: relay.clock().now(), by: String::new(), people: Reach::All };
    let part = Part { cut: cut.clone(), ..Part::whole(table) };
    let export = Export { format: Format::Csv, parts: vec![part], paper };
    let mut out = Vec::new();
    let (complete, _) = export.write(relay, &mut out, &AtomicU64::new(0)).unwrap();
    let lines: Vec<String> = String::from_utf8(out).unwrap().lines().skip(1).map(str::to_owned).collect();
    assert_eq!(lines.len(), complete.rows, "{table:?}");
    lines
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

#[test]
fn what_is_counted_is_what_is_written_and_cuts_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let relay = fill(folder.path(), Size { charges: 3, ..Size::of(400) });
    let report = verify(relay.store()).unwrap();
    assert!(report.is_clean(), "{:#?}", report.differences().collect::<Vec<_>>());

    let station = |name: &str| Reach::These(vec![StationId::parse(name).unwrap()]);
    let (early, late) = (day("2026-03-14"), day("2026-03-15"));
    let before = Period { from: None, to: Some(early) };
    let after = Period { from: Some(late), to: None };
    for table in Table::ALL {
        let all = rows(&relay, table, &Cut::whole());
        if !matches!(table, Table::Flags | Table::Sealed | Table::Custody) {
            assert!(!all.is_empty(), "{table:?}");
        }
        let mut sorted = all.clone();
        sorted.sort();
        // Attendance has a month where no days are named; sums over parts of the time are other sums.
        if !matches!(table, Table::Attendance | Table::Parts | Table::Daily) {
            let mut halves = rows(&relay, table, &Cut { period: before, reach: Reach::All });
            assert!(halves.len() < all.len() || all.is_empty(), "{table:?}");
            halves.extend(rows(&relay, table, &Cut { period: after, reach: Reach::All }));
            halves.sort();
            assert_eq!(halves, sorted, "{table:?}");
        }
        if table.has_stations() && table != Table::Parts {
            let mut stations: Vec<String> = Vec::new();
            for n in 0..10 {
                stations.extend(rows(
                    &relay,
                    table,
                    &Cut { period: Period::default(), reach: station(&format!("st-{n}")) },
                ));
            }
            stations.sort();
            assert_eq!(stations, sorted, "{table:?}");
        }
        let year = Period { from: Some(late), to: Some(day("2026-05-01")) };
        for cut in [
            Cut::whole(),
            Cut { period: year, reach: Reach::All },
            Cut { period: year, reach: station("st-3") },
            Cut { period: Period { from: Some(late), to: Some(late) }, reach: Reach::All },
            Cut { period: Period::default(), reach: Reach::These(Vec::new()) },
        ] {
            let counted = counts(&relay, &[(table, cut.clone())]).unwrap()[0];
            let written = rows(&relay, table, &cut).len() as u64;
            assert!(counted.is_none_or(|counted| counted == written), "{table:?} {cut:?}: {counted:?} {written}");
        }
    }
    // 400 orders, one in forty without a visit, three charges on each visit.
    assert_eq!(rows(&relay, Table::Charges, &Cut::whole()).len(), 390 * 3);
    assert_eq!(rows(&relay, Table::Orders, &Cut::whole()).len(), 400);
}
