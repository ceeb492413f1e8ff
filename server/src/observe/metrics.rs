//! Counters and histograms, as Prometheus reads them. The names are a contract with dashboards: add, never rename.

use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use outpost_model::problem::Code;
use std::sync::OnceLock;
use std::time::Duration;

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Seconds: from a cached page to a push that waits for a slow disk.
const BUCKETS: [f64; 10] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 60.0];

/// Begins to count, once in a process; a host program that has a recorder of its own keeps it.
pub fn start() {
    HANDLE.get_or_init(|| {
        let builder = PrometheusBuilder::new().set_buckets(&BUCKETS).ok()?;
        let handle = builder.install_recorder().ok()?;
        describe();
        Some(handle)
    });
}

/// What there is to read now; nothing where another recorder counts.
pub fn render() -> String {
    let handle = HANDLE.get().and_then(Option::as_ref);
    handle.map(|handle| (handle.run_upkeep(), handle.render()).1).unwrap_or_default()
}

fn describe() {
    describe_counter!("outpost_http_requests_total", "Requests answered, by route and status.");
    describe_histogram!("outpost_http_seconds", Unit::Seconds, "Time to answer, by route.");
    describe_counter!("outpost_problems_total", "Answers that weren't a yes, by code.");
    describe_counter!("outpost_steps_total", "Steps that phones pushed, by verdict.");
    describe_counter!("outpost_items_total", "Rows, grants and withdrawals sent to phones.");
    describe_counter!("outpost_bytes_total", "Bytes of sync frames as they travelled, by direction.");
    describe_counter!("outpost_blob_bytes_total", "Bytes of blobs stored.");
    describe_gauge!("outpost_live_streams", "Live streams open now.");
    describe_gauge!("outpost_epochs", "Times that the log was noticed to have been put back, since the start.");
    describe_gauge!("outpost_commits", "Transactions committed since the start.");
}

pub fn answered(route: &str, status: u16, took: Duration) {
    counter!("outpost_http_requests_total", "route" => route.to_owned(), "status" => status.to_string()).increment(1);
    histogram!("outpost_http_seconds", "route" => route.to_owned()).record(took.as_secs_f64());
}

pub fn problem(code: Code) {
    counter!("outpost_problems_total", "code" => code.name()).increment(1);
}

pub fn step(verdict: &'static str) {
    counter!("outpost_steps_total", "verdict" => verdict).increment(1);
}

pub fn items(count: usize) {
    counter!("outpost_items_total").increment(count as u64);
}

pub fn bytes(direction: &'static str, count: usize) {
    counter!("outpost_bytes_total", "direction" => direction).increment(count as u64);
}

pub fn blob_stored(bytes: usize) {
    counter!("outpost_blob_bytes_total").increment(bytes as u64);
}

pub fn live_streams(open: usize) {
    gauge!("outpost_live_streams").set(open as f64);
}

pub fn commits(count: u64) {
    gauge!("outpost_commits").set(count as f64);
}

pub fn epochs(count: u64) {
    gauge!("outpost_epochs").set(count as f64);
}
