//! Small bytes that stand for much: the gate must refuse them before it expands them. The measure is the high-water
//! mark of this process' memory, so these tests are a program of their own.

#[path = "mutator/parts.rs"]
#[allow(dead_code, reason = "the mutants use the rest")]
mod parts;

use outpost_model::admission::{PageIndex, Verdict};
use outpost_model::header::{Header, Subject};
use outpost_model::id::{DeviceId, EntryId, PageId, TenantId};
use outpost_model::page::{Draft, Page};
use parts::Parts;
use std::time::Instant;

const ENTRY: &str =
    r#"{"do":{"note":"x","type":"follow_up"},"ev":{"by":"u-1","clock":1,"contact":1,"epoch":1,"n":1,"zone":0}}"#;

/// The most memory that this process ever had, in KiB; 0 where the platform doesn't tell.
fn high_water() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0)
}

fn bombs() -> Vec<(String, Vec<u8>)> {
    let header = header();
    let id = EntryId::derived(&["x"]);
    let draft = Draft { entries: vec![(id, ENTRY.into())], fields: vec![] };
    let honest = Parts::of(&Page::begin(header).write([1; 16], &draft).unwrap().raw);
    let mut bombs = vec![
        // A megabyte of zeros, deflated to a kilobyte, would be inflated before the checksum.
        ("deflate".to_owned(), parts::chunk(2, &[0; 1_000])),
        ("document".to_owned(), parts::chunk(0, &[0xff; 60_000])),
        ("bundle".to_owned(), parts::chunk(3, &[0xff; 60_000])),
    ];
    for count in [1_000_000, 1_000_000_000, i64::MAX, -1_000_000_000, i64::MIN] {
        for (number, _) in &honest.columns {
            let mut bomb = honest.clone();
            *bomb.column(*number) = parts::run(count, 1);
            bombs.push((format!("column {number:#x}, a run of {count}"), bomb.encode()));
            let mut nulls = vec![0];
            parts::unsigned(&mut nulls, count.unsigned_abs());
            *bomb.column(*number) = nulls;
            bombs.push((format!("column {number:#x}, {count} nulls"), bomb.encode()));
        }
        let mut all = honest.clone();
        for (_, column) in &mut all.columns {
            *column = parts::run(count, 1);
        }
        bombs.push((format!("every column a run of {count}"), all.encode()));
        let mut key = vec![0x7f];
        parts::unsigned(&mut key, count.unsigned_abs());
        let mut bomb = honest.clone();
        *bomb.column(parts::KEY) = key;
        bombs.push((format!("a key of {count} bytes"), bomb.encode()));
        let mut bomb = honest.clone();
        *bomb.column(parts::VALUE_KIND) = parts::run(1, count.unsigned_abs() << 4 | 6);
        bombs.push((format!("a value of {count} bytes"), bomb.encode()));
        let mut counts = Vec::new();
        parts::unsigned(&mut counts, count.unsigned_abs());
        bombs.push((format!("{count} dependencies"), parts::chunk(1, &counts)));
    }
    bombs
}

fn header() -> Header {
    Header::new(TenantId::parse("acme").unwrap(), Subject::Order { id: PageId::derived(&["bombs"]) })
}

#[test]
fn no_bomb_takes_memory_or_time() {
    let index = PageIndex::new(header());
    let device = DeviceId::parse("phone-1").unwrap();
    let bombs = bombs();
    let (before, start) = (high_water(), Instant::now());
    for (name, bomb) in &bombs {
        let verdict = index.examine(bomb, &device);
        // A run of a value's length in the value column is just a text, but of another change.
        assert!(matches!(verdict, Err(Verdict::Refused(_))), "{name}: {verdict:?}");
    }
    let (grown, took) = (high_water() - before, start.elapsed());
    println!("{} bombs, {grown} KiB, {took:?}", bombs.len());
    assert!(grown < 4_096, "{grown} KiB more than before");
    assert!(took.as_millis() < 500, "{took:?}");
}
