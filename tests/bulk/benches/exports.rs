//! What exports cost in time and memory, beside the sqlite3 shell writing the same rows, in one run:
//! `cargo bench -p outpost-bulk --bench exports` (ORDERS=100000 unless it says otherwise; ten charges on each visit make
//! the table of charges ten times as long). Each export runs in a process of its own, so that its peak is its own.

use outpost_bulk::{Size, fill, tenant};
use outpost_model::access::Reach;
use outpost_model::table::{Cut, Period, Table};
use outpost_model::time::{Day, Millis};
use outpost_server::clock::VirtualClock;
use outpost_server::export::{Export, Format, Paper, Part, Tongue};
use outpost_server::relay::Relay;
use outpost_server::store::Store;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.first().map(String::as_str) {
        Some("child") => child(&args[1..]),
        Some("--bench") => all(),
        // Built with the tests, and not run by them.
        _ => {}
    }
}

fn all() {
    let orders = std::env::var("ORDERS").ok().and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let kept = std::env::var("FOLDER").ok();
    let folder = tempfile::tempdir().expect("a folder");
    let folder = kept.as_deref().map_or(folder.path(), Path::new);
    if !folder.join("outpost.db").exists() {
        let begun = Instant::now();
        fill(folder, Size { charges: 10, ..Size::of(orders) });
        println!("company `{}` of {orders} orders written in {:.0?}", tenant(), begun.elapsed());
    }
    println!("{:<34}{:>10}{:>12}{:>10}{:>14}", "what", "rows", "bytes", "seconds", "peak memory");
    for (table, format, from) in [
        ("orders", "csv", ""),
        ("charges", "csv", "2026-09-20"),
        ("charges", "csv", ""),
        ("charges", "jsonl", ""),
        ("charges", "xlsx", "2026-09-20"),
        ("charges", "xlsx", ""),
        ("flags", "csv", ""),
        ("decisions", "csv", ""),
        ("daily", "csv", ""),
        ("parts", "csv", ""),
    ] {
        let out = folder.join(format!("{table}.{format}"));
        let myself = std::env::current_exe().expect("this program");
        let said = Command::new(myself)
            .args(["child", &folder.to_string_lossy(), table, format, from, &out.to_string_lossy()])
            .output()
            .expect("a child");
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let since = if from.is_empty() { String::new() } else { format!(" since {from}") };
        let size = std::fs::metadata(&out).map_or(0, |file| file.len());
        let mut words = said.split_whitespace();
        let mut next = || words.next().unwrap_or("?");
        println!("{:<34}{:>10}{:>12}{:>10}{:>11} kB", format!("{table} {format}{since}"), next(), size, next(), next());
    }
    for table in ["orders", "charges"] {
        shell(folder, table);
    }
}

/// One export, from opening the store to the file on disk.
fn child(args: &[String]) {
    let [folder, table, format, from, out] = args else { return };
    let begun = Instant::now();
    let store = Store::open(Path::new(folder)).expect("a store");
    let clock = Arc::new(VirtualClock::at(Millis(1_793_000_000_000)));
    let relay = Relay::open(store, clock, [7; 32]).expect("a relay");
    let format = match format.as_str() {
        "csv" => Format::Csv,
        "jsonl" => Format::Jsonl,
        _ => Format::Xlsx,
    };
    let cut = Cut { period: Period { from: Day::parse(from).ok(), to: None }, reach: Reach::All };
    let part = Part { cut, ..Part::whole(Table::parse(table).expect("a table")) };
    let paper = Paper { tongue: Tongue::Zh, now: relay.clock().now(), by: String::new(), people: Reach::All };
    let mut file = BufWriter::new(File::create(out).expect("a file"));
    let export = Export { format, parts: vec![part], paper };
    let (complete, _) = export.write(&relay, &mut file, &AtomicU64::new(0)).expect("an export");
    file.flush().expect("the end of it");
    let took = begun.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("?").trim().replace(" kB", "");
    println!("{} {took:.2} {peak}", complete.rows);
}

/// The same rows by the sqlite3 shell: lying ready in a flat table of their own, and out of the projection.
fn shell(folder: &Path, table: &str) {
    let (csv, flat) = (folder.join(format!("{table}.csv")), folder.join(format!("flat-{table}.db")));
    let run = |db: &Path, script: &str| {
        let begun = Instant::now();
        let mut child = Command::new("sqlite3").arg(db).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().ok()?;
        child.stdin.take()?.write_all(script.as_bytes()).ok()?;
        child.wait().ok()?.success().then(|| begun.elapsed().as_secs_f64())
    };
    let _ = std::fs::remove_file(&flat);
    let import = format!(".mode csv\n.import {} t\n", csv.display());
    if run(&flat, &import).is_none() {
        println!("there is no sqlite3 shell here to compare with");
        return;
    }
    let out = folder.join("shell.csv");
    let dump = format!(".mode csv\n.headers on\n.once {}\nselect * from t;\n", out.display());
    let fastest = (0..3).filter_map(|_| run(&flat, &dump)).fold(f64::MAX, f64::min);
    println!("{:<34}{:>32.2}", format!("sqlite3, {table}, a flat table"), fastest);
    let charges = "select number, visit.value ->> 'page', customer, station, charge.value ->> 'by', \
                   strftime('%Y-%m-%dT%H:%M:%S+08:00', (charge.value ->> 'at') / 1000 + 28800, 'unixepoch'), \
                   charge.value ->> 'item', charge.value ->> 'amount', charge.value ->> 'method', \
                   charge.value ->> 'receipt_no', charge.value ->> 'acknowledged_at', charge.value ->> 'acknowledged_by' \
                   from order_row, json_each(facts, '$.visit_facts') visit, json_each(visit.value, '$.charges') charge \
                   order by number";
    if table == "charges" {
        let script = format!(".mode csv\n.headers on\n.once {}\n{charges};\n", out.display());
        if let Some(seconds) = run(&folder.join("outpost.db"), &script) {
            println!("{:<34}{seconds:>32.2}", "sqlite3, charges, the projection");
        }
    }
}
