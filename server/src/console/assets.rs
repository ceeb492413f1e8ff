//! The console's own style, script and icons: part of the program, kept by browsers for good under the hash of what
//! they are.

use crate::http::{Gateway, Problem};
use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use outpost_model::id::Hash;
use outpost_model::problem::Code;
use std::sync::{Arc, OnceLock};

struct Asset {
    /// `console.1a2b3c4d.css`.
    address: String,
    kind: &'static str,
    bytes: &'static [u8],
}

fn asset(name: &str, ending: &str, kind: &'static str, bytes: &'static [u8]) -> Asset {
    let hash = Hash::of(bytes).to_string();
    Asset { address: format!("/assets/{name}.{}.{ending}", &hash[..12]), kind, bytes }
}

fn all() -> &'static [Asset; 4] {
    static ALL: OnceLock<[Asset; 4]> = OnceLock::new();
    ALL.get_or_init(|| {
        [
            asset("console", "css", "text/css; charset=utf-8", include_bytes!("../../assets/console.css")),
            asset("console", "js", "text/javascript; charset=utf-8", include_bytes!("../../assets/console.js")),
            asset("icons", "svg", "image/svg+xml", include_bytes!("../../assets/icons.svg")),
            asset("mark", "svg", "image/svg+xml", include_bytes!("../../assets/mark.svg")),
        ]
    })
}

pub fn style() -> &'static str {
    &all()[0].address
}
pub fn script() -> &'static str {
    &all()[1].address
}
pub fn sprite() -> &'static str {
    &all()[2].address
}

pub fn mark() -> &'static str {
    &all()[3].address
}

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new().route("/assets/{name}", get(serve))
}

async fn serve(Path(name): Path<String>) -> Result<Response, Problem> {
    let found = all().iter().find(|asset| asset.address.strip_prefix("/assets/") == Some(&name));
    let asset = found.ok_or(Problem::of(Code::NotFound))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    Ok((headers, asset.bytes).into_response())
}
