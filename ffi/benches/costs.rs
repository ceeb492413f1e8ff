//! What it costs to have the logbook in an app, from Rust's side of the border: calls, and memory with many pages.
//! `cargo bench -p outpost-ffi`; the figures are in docs/performance.md.

mod heap;

use heap::{in_use, logbook};
use outpost_device::commands::Act;
use outpost_model::command::ServiceType;
use outpost_model::id::CustomerCode;
use std::time::Instant;

fn median(times: u32, mut work: impl FnMut()) -> f64 {
    let mut taken: Vec<f64> = (0..times)
        .map(|_| {
            let began = Instant::now();
            work();
            began.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    taken.sort_by(f64::total_cmp);
    taken[taken.len() / 2]
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let pages = 1_000;
    {
        let filled = logbook(folder.path());
        for n in 0..pages {
            let customer = CustomerCode::parse("C-1").unwrap();
            let fault = format!("fault {n}");
            let act = Act::OpenOrder { customer, asset: None, fault, service_type: ServiceType::C };
            filled.capture(act, None).unwrap();
        }
        filled.shut();
    }
    let logbook = logbook(folder.path());
    let orders = logbook.orders().unwrap();
    assert_eq!(orders.len(), pages);
    println!(
        "left_to_send, empty of work   {:>9.1} µs",
        median(200, || {
            logbook.left_to_send().unwrap();
        })
    );
    println!("orders, {pages} in the list     {:>9.1} µs", median(50, || drop(logbook.orders().unwrap())));
    println!("today                         {:>9.1} µs", median(50, || drop(logbook.today().unwrap())));
    println!(
        "capture, durable              {:>9.1} µs",
        median(200, || {
            logbook.capture(Act::Task { minutes: 1, note: String::new() }, None).unwrap();
        })
    );
    let closed = in_use();
    for line in &orders {
        logbook.order(line.page).unwrap().unwrap();
    }
    println!("heap with {pages} pages opened    {:>9} bytes over before", in_use() - closed);
    logbook.suspend();
    println!("heap once suspended           {:>9} bytes over before", in_use() - closed);
    println!(
        "open again and show today     {:>9.1} µs",
        median(50, || {
            drop(logbook.today().unwrap());
            logbook.suspend();
        })
    );
}
