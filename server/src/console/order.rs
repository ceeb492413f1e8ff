//! An order's whole story: every entry and decision with who, when it is claimed and what the server attests; what the
//! customer signed and what came after; conflicts with every value; goods; and what may be done now.

mod axis;
mod conflict;
mod custody;
mod deed;
mod map;
mod may;
mod page;
mod picture;
mod signed;
mod timeline;

use crate::http::Gateway;
use axum::Router;
use axum::routing::{get, post};
use std::sync::Arc;

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/orders/{id}", get(page::show))
        .route("/orders/{id}/do", post(deed::take))
        .route("/orders/{id}/inspect", post(deed::inspect))
}
