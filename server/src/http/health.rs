//! What operators ask: is the process there, can it store, what has it counted.

use super::address::ClientAddress;
use super::gateway::Gateway;
use super::problem::Problem;
use crate::auth::secret::same;
use crate::observe::metrics;
use crate::store::change;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use outpost_model::problem::Code;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// An answer about the store holds so long: asking often mustn't cost a write each time.
const FRESH: Duration = Duration::from_secs(5);

pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// Whether the store takes a write, really tried.
pub(super) async fn readyz(State(gateway): State<Arc<Gateway>>) -> Result<&'static str, Problem> {
    let last = *gateway.ready.lock();
    if last.is_some_and(|at: Instant| at.elapsed() < FRESH) {
        return Ok("ready\n");
    }
    gateway
        .blocking(|gateway| {
            let now = gateway.now().0;
            let sql = "insert into readiness (one, at) values (1, $1) on conflict (one) do update set at = excluded.at";
            gateway.relay.store().write(move |tx| change(tx, sql, [now]))?;
            *gateway.ready.lock() = Some(Instant::now());
            Ok("ready\n")
        })
        .await
}

/// For this machine, or whoever knows the metrics token.
pub(super) async fn metrics(
    State(gateway): State<Arc<Gateway>>,
    address: ClientAddress,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let expected = gateway.settings.metrics_token.as_ref().map(|token| format!("Bearer {token}"));
    if !address.is_here && !expected.is_some_and(|expected| same(sent, &expected)) {
        return Err(Problem::of(Code::NotFound));
    }
    metrics::epochs(gateway.relay.counts().epochs.load(Ordering::Relaxed));
    let mut response = metrics::render().into_response();
    let plain = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, plain);
    Ok(response)
}
