//! Opening and closing leaves nothing on the heap, C's included. `OUTPOST_OPENS=10000` for the figure of
//! docs/performance.md.

#![cfg(target_os = "linux")]

#[path = "../benches/heap.rs"]
mod heap;

use outpost_device::commands::Act;

#[test]
fn opening_and_closing_leaves_nothing() {
    let opens: u32 = std::env::var("OUTPOST_OPENS").ok().and_then(|text| text.parse().ok()).unwrap_or(500);
    let folder = tempfile::tempdir().unwrap();
    heap::logbook(folder.path()).capture(Act::ClockIn { place: None }, None).unwrap();
    let open_and_close = |times: u32| {
        for _ in 0..times {
            let logbook = heap::logbook(folder.path());
            logbook.today().unwrap();
            logbook.shut();
        }
    };
    // What is kept once, by SQLite and by the C library's own pools, is there after as many again.
    open_and_close(opens);
    let before = heap::in_use();
    open_and_close(opens);
    let grown = heap::in_use() - before;
    println!("{opens} opens and closes: {grown} bytes more in use than before them ({before})");
    // Pools move by some pages either way, however often it is opened; whatever stayed of each opening would add up.
    assert!(grown < 64 * 1_024, "{grown} bytes after {opens} opens");
}
