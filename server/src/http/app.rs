//! `GET /app/…`: the field app, as its build left it in a folder. Names that carry a hash of what they hold are kept by
//! browsers for good; all else is asked for anew, and answered with "unchanged" where it is. Files lie compressed
//! beside the plain ones, and go out as they lie. Where the app wasn't built, a page says so.

use super::gateway::Gateway;
use super::problem::Problem;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use outpost_model::problem::Code;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

/// What the app may do: run its own scripts and its WebAssembly, show what it made itself, talk to its own origin.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; \
     img-src 'self' blob: data:; media-src blob:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'";
const MAY_USE: &str = "camera=(self), geolocation=(self), microphone=()";
const FOR_GOOD: &str = "public, max-age=31536000, immutable";
const ASK_ANEW: &str = "no-cache";

const UNBUILT: &str = include_str!("app/unbuilt.html");
/// The page's own style, and nothing else.
const UNBUILT_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

/// Relative addresses of the app begin at the slash.
pub(super) async fn to_app() -> Redirect {
    Redirect::permanent("/app/")
}

pub(super) async fn start(state: State<Arc<Gateway>>, headers: HeaderMap) -> Result<Response, Problem> {
    let folder = state.settings.app.as_deref();
    if !folder.is_some_and(|folder| folder.join("index.html").is_file()) {
        return Ok(unbuilt());
    }
    file(state, Path("index.html".to_owned()), headers).await
}

pub(super) async fn file(
    State(gateway): State<Arc<Gateway>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    gateway
        .blocking(move |gateway| {
            let folder = gateway.settings.app.as_deref();
            let path = folder.and_then(|folder| within(folder, &name)).ok_or(Problem::of(Code::NotFound))?;
            laid_out(&path, &name, &headers)
        })
        .await
}

/// The file that a name means. Only plain names: nothing hidden, nothing upward, and no compressed twin by itself.
fn within(folder: &FilePath, name: &str) -> Option<PathBuf> {
    let is_plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
    };
    content_type(name)?;
    name.split('/').all(is_plain).then(|| folder.join(name))
}

/// What the app consists of; a file of another kind isn't served.
fn content_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webmanifest" => "application/manifest+json",
        _ => return None,
    })
}

fn laid_out(path: &FilePath, name: &str, headers: &HeaderMap) -> Result<Response, Problem> {
    let twins = accepted(headers).into_iter().map(|(ending, coding)| (with_ending(path, ending), Some(coding)));
    for (candidate, coding) in twins.chain([(path.to_owned(), None)]) {
        match answer(&candidate, coding, name, headers) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Ok(response) => return Ok(response),
            Err(error) => {
                tracing::error!(%error, file = name, "a file of the field app can't be read");
                return Err(Problem::of(Code::StorageTrouble).again_after(30_000));
            }
        }
    }
    Err(Problem::of(Code::NotFound))
}

fn with_ending(path: &FilePath, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn answer(
    path: &FilePath,
    coding: Option<&'static str>,
    name: &str,
    headers: &HeaderMap,
) -> Result<Response, std::io::Error> {
    let about = fs::metadata(path)?;
    if !about.is_file() {
        return Err(ErrorKind::NotFound.into());
    }
    let written = about.modified()?.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    let tag = format!("\"{:x}-{written:x}\"", about.len());
    let asked = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let is_unchanged = asked.flat_map(|list| list.split(',')).any(|known| known.trim().trim_start_matches("W/") == tag);
    let mut response = if is_unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(fs::read(path)?).into_response()
    };
    let keep = if name.starts_with("assets/") { FOR_GOOD } else { ASK_ANEW };
    let into = response.headers_mut();
    let mut say = |name: header::HeaderName, value: &'static str| into.insert(name, HeaderValue::from_static(value));
    say(header::CONTENT_TYPE, content_type(name).unwrap_or("application/octet-stream"));
    say(header::CACHE_CONTROL, keep);
    say(header::CONTENT_SECURITY_POLICY, POLICY);
    say(header::HeaderName::from_static("permissions-policy"), MAY_USE);
    say(header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    say(header::VARY, "accept-encoding");
    if let Some(coding) = coding {
        say(header::CONTENT_ENCODING, coding);
    }
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        into.insert(header::ETAG, tag);
    }
    Ok(response)
}

/// Endings of compressed twins that the caller can read, the smallest first.
fn accepted(headers: &HeaderMap) -> Vec<(&'static str, &'static str)> {
    let all = headers.get_all(header::ACCEPT_ENCODING);
    let reads = |coding: &str| {
        all.iter().filter_map(|value| value.to_str().ok()).flat_map(|list| list.split(',')).any(|token| {
            let (name, quality) = token.split_once(';').unwrap_or((token, ""));
            let is_refused = quality.trim().strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32));
            name.trim().eq_ignore_ascii_case(coding) && !is_refused
        })
    };
    [(".br", "br"), (".gz", "gzip")].into_iter().filter(|(_, coding)| reads(coding)).collect()
}

fn unbuilt() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, UNBUILT_POLICY),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, UNBUILT).into_response()
}
