//! The relay's face to phones, browsers and operators.
//!
//! A request comes in, is measured, bounded and named (`conduct`), says who asks (`caller`), and reaches one
//! endpoint; each group of endpoints has a file. What isn't a yes leaves as a `problem`. Nothing is decided here:
//! endpoints convert, call the relay once on a blocking thread, and convert back.

mod address;
mod app;
mod blobs;
mod body;
mod caller;
mod commands;
mod conduct;
mod encoding;
mod enrol;
mod gateway;
mod hand_in;
mod health;
mod keys;
mod leftover;
mod live;
mod problem;
mod serve;
mod session;
mod streams;
mod sweeping;
mod sync;
mod token;
mod tus;

pub use gateway::{Gateway, GatewayFault, Settings};
pub use problem::Problem;
pub use serve::{ServeFault, serve, serve_with};

pub(crate) use address::ClientAddress;
pub(crate) use caller::PersonCaller;
pub(crate) use conduct::bound;
pub(crate) use session::{cookie_of, no_cookie, refuse_strangers, sign_in};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, patch, post, put};
use outpost_model::problem::Code;
use outpost_model::wire::{MAX_REQUEST, MAX_WHOLE_BLOB};
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;

/// Largest body of a small JSON request: enrolment, tokens, sign-in.
const SMALL: usize = 16 * 1024;
/// Largest act of a person at the console.
const ACT: usize = 256 * 1024;

/// The whole face as one service; in-process callers and tests use it as it is.
pub fn app(gateway: Arc<Gateway>) -> Router {
    app_with(gateway, Router::new())
}

/// The same, with pages for people. They answer for their own troubles: what they say isn't a problem's JSON.
pub fn app_with(gateway: Arc<Gateway>, pages: Router<Arc<Gateway>>) -> Router {
    let small = Router::new()
        .route("/v1/enrol", post(enrol::enrol))
        .route("/v1/token/nonce", post(token::nonce))
        .route("/v1/token", post(token::token))
        .route("/v1/session", post(session::begin).get(session::show).delete(session::end))
        .layer(DefaultBodyLimit::max(SMALL));
    let acts = Router::new().route("/v1/commands", post(commands::act)).layer(DefaultBodyLimit::max(ACT));
    let frames = Router::new()
        .route("/v1/sync", post(sync::sync))
        .route("/v1/drill", post(sync::drill))
        .route("/v1/bring-back", post(sync::bring_back))
        .layer(DefaultBodyLimit::max(MAX_REQUEST));
    let blobs = Router::new()
        .route("/v1/blobs/{sha256}", put(blobs::store).get(blobs::fetch))
        .layer(DefaultBodyLimit::max(MAX_WHOLE_BLOB));
    let handed_in =
        Router::new().route("/v1/hand-in", post(hand_in::hand_in)).layer(DefaultBodyLimit::max(hand_in::MAX_BODY));
    let reviews = Router::new()
        .route("/v1/reviews", get(hand_in::list))
        .route("/v1/reviews/{id}", get(hand_in::raw).post(hand_in::decide))
        .layer(DefaultBodyLimit::max(SMALL));
    let signatures = Router::new()
        .route("/v1/keys", get(keys::keys))
        .route("/v1/visits/{visit}/signatures/{entry}", get(keys::countersigned));
    let field_app = Router::new()
        .route("/app", get(app::to_app))
        .route("/app/", get(app::start))
        .route("/app/{*name}", get(app::file));
    let uploads = Router::new()
        .route("/v1/uploads", post(tus::create).options(tus::options))
        .route("/v1/uploads/{id}", get(tus::stand).delete(tus::terminate))
        .layer(from_fn(tus::speak));
    let bounded = small
        .merge(acts)
        .merge(frames)
        .merge(blobs)
        .merge(uploads)
        .merge(handed_in)
        .merge(reviews)
        .merge(signatures)
        .merge(field_app)
        .layer(from_fn_with_state(gateway.clone(), conduct::bound));
    let operators = Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .route("/problems/{name}", get(problem::explain));

    // A piece of a file takes as long as the link needs; it is bounded by what comes, not by the clock.
    let pieces = Router::new().route("/v1/uploads/{id}", patch(tus::append)).layer(from_fn(tus::speak));

    bounded
        .merge(operators)
        .merge(pieces)
        .route("/v1/live", get(live::live))
        .fallback(|| async { Problem::of(Code::NotFound) })
        .layer(CatchPanicLayer::custom(conduct::panicked))
        .layer(from_fn(problem::speak))
        .merge(pages)
        .layer(from_fn_with_state(gateway.clone(), conduct::headers))
        .layer(from_fn(conduct::observe))
        .layer(from_fn(leftover::finish))
        .with_state(gateway)
}
