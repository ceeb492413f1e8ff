//! The console: pages for leads, clerks, cashiers and headquarters, drawn by the server.
//!
//! In comes a request with a session's cookie (`visit`); what its person may see and do is asked of the model
//! (`sight`); a page reads rows of the projection, and one order's page its whole story; out goes HTML that needs no
//! script. What changes something comes as a form with a proof, and with what its page had shown: the relay judges
//! it, so a stale page never overwrites. docs/console.md says how a page is made.

mod act;
mod approvals;
mod assets;
mod attendance;
mod audit;
mod badges;
mod cash;
mod directory;
mod dispatch;
mod exports;
mod filled;
mod flags;
mod form;
mod ground;
mod leave;
mod matter;
mod order;
mod orders;
mod page;
mod people;
mod policy;
mod qr;
mod refused;
mod register;
mod rows;
mod show;
mod sight;
mod sign_in;
mod tell;
mod today;
mod trace;
mod trouble;
mod upload;
mod visit;
mod waiting;
mod words;

use crate::http::{self, Gateway, ServeFault, bound};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use std::future::Future;
use std::net::TcpListener;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;

/// The pages, to stand beside what phones and tools ask.
pub fn pages(gateway: &Arc<Gateway>) -> Router<Arc<Gateway>> {
    Router::new()
        .merge(sign_in::routes())
        .merge(today::routes())
        .merge(register::routes())
        .merge(dispatch::routes())
        .merge(order::routes())
        .merge(leave::routes())
        .merge(attendance::routes())
        .merge(approvals::routes())
        .merge(filled::routes())
        .merge(flags::routes())
        .merge(cash::routes())
        .merge(orders::routes())
        .merge(audit::routes())
        .merge(exports::routes())
        .merge(people::routes())
        .merge(refused::routes())
        .merge(policy::routes())
        .merge(assets::routes())
        .layer(DefaultBodyLimit::max(visit::MAX_FORM))
        .layer(from_fn_with_state(gateway.clone(), bound))
        .layer(CatchPanicLayer::custom(trouble::panicked))
        .layer(from_fn(trouble::speak))
}

/// Everything that a relay serves, in one service.
pub fn app(gateway: Arc<Gateway>) -> Router {
    let pages = pages(&gateway);
    http::app_with(gateway, pages)
}

/// Serves it on that listener until `shutdown` is done.
pub async fn serve(
    listener: TcpListener,
    gateway: Arc<Gateway>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeFault> {
    let pages = pages(&gateway);
    http::serve_with(listener, gateway, pages, shutdown).await
}
