//! What holds for every request: it is named, measured, bounded in number and time, and answered with headers that
//! leave browsers no room for mischief.

use super::gateway::Gateway;
use super::problem::Problem;
use crate::observe::metrics;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Extensions, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use outpost_model::id::{DeviceId, TenantId};
use outpost_model::problem::Code;
use std::any::Any;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use uuid::Uuid;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Who a request is found to be from, as far as logs may say it: a phone. People at the console aren't named.
#[derive(Debug, Clone, Default)]
pub(super) struct LoggedCaller(Arc<OnceLock<(TenantId, DeviceId)>>);

impl LoggedCaller {
    pub fn note(extensions: &Extensions, tenant: &TenantId, device: &DeviceId) {
        if let Some(slot) = extensions.get::<Self>() {
            let _ = slot.0.set((tenant.clone(), device.clone()));
        }
    }
}

/// Names the request, and says in one line what became of it.
pub(super) async fn observe(mut request: Request, next: Next) -> Response {
    let caller = LoggedCaller::default();
    request.extensions_mut().insert(caller.clone());
    let began = Instant::now();
    let id = Uuid::from_bytes(rand::random()).simple().to_string();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let route = route.unwrap_or_else(|| "unknown".into());
    let mut response = next.run(request).await;

    let (status, took) = (response.status().as_u16(), began.elapsed());
    metrics::answered(&route, status, took);
    let code = response.extensions().get::<Problem>().map(|problem| problem.code.name()).unwrap_or_default();
    let (tenant, device) =
        caller.0.get().map(|(tenant, device)| (tenant.as_str(), device.as_str())).unwrap_or_default();
    let ms = took.as_millis() as u64;
    tracing::info!(request = id, %method, route, status, code, tenant, device, ms, "answered");

    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// Headers on every answer.
pub(super) async fn headers(State(gateway): State<Arc<Gateway>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut say = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    say(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    say(header::X_FRAME_OPTIONS, "DENY");
    say(header::REFERRER_POLICY, "no-referrer");
    say(header::CACHE_CONTROL, "no-store");
    say(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    say(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    say(HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()");
    if gateway.settings.exposure.is_https() {
        say(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

/// So many at once, and each only so long.
pub(crate) async fn bound(State(gateway): State<Arc<Gateway>>, request: Request, next: Next) -> Response {
    let _place = match Gateway::place(&gateway.requests, Duration::from_millis(500)).await {
        Ok(place) => place,
        Err(busy) => return busy.into_response(),
    };
    match tokio::time::timeout(gateway.settings.limits.request, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(Code::ServerBusy, "the request took too long").again_after(5_000).into_response(),
    }
}

/// A panic answers this one request and stops nothing else.
pub(super) fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Problem::of(Code::Internal).into_response()
}
