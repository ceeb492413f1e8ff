//! `PUT` and `GET /v1/blobs/{sha256}?page=ID`: small files whole, and reading any of them, whole or in part.
//!
//! A file never changes under its hash, so its hash is its tag, and whoever may read it may keep it for a while. What was
//! stored is compared with its hash as it is read whole: a damaged file breaks off rather than pass for what it isn't.

mod range;

use super::body;
use super::caller::{Caller, DeviceCaller};
use super::gateway::Gateway;
use super::problem::Problem;
use crate::blob::ledger::{Kept, UploadId};
use crate::blob::proof::Proof;
use crate::blob::upload::Bringing;
use crate::blob::{BlobFault, Found, rights};
use crate::observe::metrics;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use outpost_model::blob::BlobKind;
use outpost_model::id::{Hash, PageId, TenantId};
use outpost_model::problem::Code;
use range::Asked as RangeAsked;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// How long a request waits for its turn on an upload.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// Pieces of a file that wait for a slow reader.
const AHEAD: usize = 4;
/// Read whole and compared before the first byte leaves.
const SMALL: u64 = 256 * 1024;

/// What a blob's address carries.
type Address = (Path<String>, Query<HashMap<String, String>>);

fn blob_of(text: &str) -> Result<Hash, Problem> {
    let bad = "the address ends in a SHA-256: 64 hexadecimal digits, lower case";
    Hash::parse(text).map_err(|_| Problem::new(Code::BadRequest, bad))
}

impl From<BlobFault> for Problem {
    fn from(fault: BlobFault) -> Self {
        match fault {
            BlobFault::Mismatch => Problem::of(Code::BlobMismatch),
            BlobFault::Kind => Problem::of(Code::BlobKind),
            BlobFault::TooLarge => Problem::of(Code::BlobTooLarge),
            BlobFault::Share(wait) => Problem::of(Code::BlobQuota).again_after(wait),
            BlobFault::NoRoom => Problem::of(Code::StorageFull).again_after(300_000),
            BlobFault::Erased => Problem::of(Code::BlobErased),
            BlobFault::UploadUnknown => Problem::of(Code::UploadUnknown),
            BlobFault::Offset(stands) => Problem::new(Code::UploadOffset, format!("it stands at {stands}")),
            BlobFault::Busy => Problem::of(Code::UploadBusy).again_after(2_000),
            BlobFault::Damaged => {
                tracing::error!("a stored file is damaged, or isn't where it was stored");
                Problem::of(Code::StorageTrouble)
            }
            BlobFault::Shelf(said) => {
                tracing::error!(said, "files can't be stored or read");
                Problem::of(Code::StorageTrouble).again_after(30_000)
            }
            BlobFault::Store(error) => error.into(),
        }
    }
}

pub(super) async fn store(
    State(gateway): State<Arc<Gateway>>,
    caller: DeviceCaller,
    (Path(blob), Query(query)): Address,
    request: Request,
) -> Result<StatusCode, Problem> {
    let blob = blob_of(&blob)?;
    let page = query.get("page").and_then(|page| PageId::parse(page).ok());
    let page = page.ok_or(Problem::new(Code::BadRequest, "?page= names the page that the blob belongs to"))?;
    let bytes = body::read(request, &()).await?;
    let length = bytes.len() as u64;
    let proof = (Hash::of(&bytes) == blob, BlobKind::of(&bytes).is_some());
    let device = caller.device.clone();
    let (tenant, begun) = gateway
        .blocking(move |gateway| {
            let tenant = may_bring(gateway, &caller, page, &blob)?;
            match proof {
                (true, true) => {}
                (false, _) => return Err(Problem::of(Code::BlobMismatch)),
                (true, false) => return Err(Problem::of(Code::BlobKind)),
            }
            let bringing = Bringing { tenant: tenant.clone(), device: caller.device, page, blob, length };
            Ok((tenant, gateway.blobs.begin(bringing, UploadId(rand::random()), gateway.now())?))
        })
        .await?;
    let _turn = gateway.blobs.turns().take(begun.id, PATIENCE).await.ok_or(Problem::from(BlobFault::Busy))?;
    gateway
        .blocking(move |gateway| {
            // Somebody else may have brought it while this request waited for its turn.
            let upload = gateway.blobs.upload(&tenant, &device, &begun.id, gateway.now())?;
            if gateway.blobs.bring(&tenant, upload, &bytes, gateway.now())? {
                metrics::blob_stored(bytes.len());
            }
            Ok(StatusCode::OK)
        })
        .await
}

/// Whether this phone may bring that file: the page names it, and its person may read the page, or wrote on it himself.
pub(super) fn may_bring(
    gateway: &Gateway,
    caller: &DeviceCaller,
    page: PageId,
    blob: &Hash,
) -> Result<TenantId, Problem> {
    let tenant = gateway.relay.tenant().ok_or(Problem::of(Code::DeviceUnknown))?;
    let (named, wrote) = gateway.relay.store().read(|store| {
        let named = rights::is_named_by(store, &tenant, &page, blob)?;
        Ok((named, named && rights::wrote_on(store, &tenant, &page, &caller.device)?))
    })?;
    if named && (wrote || gateway.relay.may_read_blob(&caller.user, blob)?) {
        return Ok(tenant);
    }
    Err(Problem::new(Code::NotFound, "no entry that you may read names this file on that page; sync first"))
}

pub(super) async fn fetch(
    State(gateway): State<Arc<Gateway>>,
    caller: Caller,
    Path(blob): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let blob = blob_of(&blob)?;
    let file = gateway
        .blocking(move |gateway| {
            let tenant = gateway.relay.tenant().ok_or(Problem::of(Code::NotFound))?;
            if !gateway.relay.may_read_blob(caller.user(), &blob)? {
                return Err(Problem::of(Code::NotFound));
            }
            match gateway.blobs.find(&tenant, &blob)? {
                Found::Here(file) => Ok(file),
                Found::Erased => Err(Problem::of(Code::BlobErased)),
                Found::NotHere => Err(Problem::of(Code::BlobUnknown)),
            }
        })
        .await?;
    let tag = format!("\"{blob}\"");
    if range::is_held(&headers, &tag) {
        return Ok(told(StatusCode::NOT_MODIFIED, &file, &tag, Body::empty()));
    }
    let (status, part) = match range::asked(&headers, &tag, file.size) {
        RangeAsked::Whole => (StatusCode::OK, 0..file.size),
        RangeAsked::Part(part) => (StatusCode::PARTIAL_CONTENT, part),
        RangeAsked::Beyond => {
            let mut response = Problem::of(Code::RangeBeyond).into_response();
            if let Ok(size) = HeaderValue::from_str(&format!("bytes */{}", file.size)) {
                response.headers_mut().insert(header::CONTENT_RANGE, size);
            }
            return Ok(response);
        }
    };
    let body = if status == StatusCode::OK && file.size <= SMALL {
        Body::from(read_small(&gateway, blob, file.clone()).await?)
    } else {
        stream(&gateway, blob, file.clone(), part.clone())
    };
    let mut response = told(status, &file, &tag, body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, (part.end - part.start).into());
    if status == StatusCode::PARTIAL_CONTENT
        && let Ok(place) = HeaderValue::from_str(&format!("bytes {}-{}/{}", part.start, part.end - 1, file.size))
    {
        headers.insert(header::CONTENT_RANGE, place);
    }
    Ok(response)
}

fn told(status: StatusCode, file: &Kept, tag: &str, body: Body) -> Response {
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    let kind = file.kind.map_or("application/octet-stream", BlobKind::media_type);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    // A day, not for ever: what is erased must leave browsers, too.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=86400, immutable"));
    // Shown as a picture at most, never as a page of ours, whatever is in it.
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// The whole of a small file, compared with its hash before anybody sees it.
async fn read_small(gateway: &Arc<Gateway>, blob: Hash, file: Kept) -> Result<Vec<u8>, Problem> {
    gateway
        .blocking(move |gateway| {
            let mut bytes = Vec::with_capacity(file.size as usize);
            gateway.blobs.read(&file, 0..file.size, &mut |piece| {
                bytes.extend_from_slice(piece);
                true
            })?;
            if Hash::of(&bytes) == blob { Ok(bytes) } else { Err(BlobFault::Damaged.into()) }
        })
        .await
}

/// A file piece by piece. A damaged one lacks its end.
fn stream(gateway: &Arc<Gateway>, blob: Hash, file: Kept, part: Range<u64>) -> Body {
    let (out, pieces) = mpsc::channel::<Result<Bytes, std::io::Error>>(AHEAD);
    let gateway = gateway.clone();
    tokio::task::spawn_blocking(move || {
        let whole = part == (0..file.size);
        let mut proof = Proof::new(blob, file.size);
        let mut held: Option<Bytes> = None;
        let read = gateway.blobs.read(&file, part, &mut |piece| {
            if whole {
                proof.at(piece);
            }
            // One piece behind, so that the last leaves only when all was compared.
            let ready = held.replace(Bytes::copy_from_slice(piece));
            ready.is_none_or(|ready| out.blocking_send(Ok(ready)).is_ok())
        });
        let end = match read {
            Ok(()) if !whole || proof.verdict().is_ok() => held.map(Ok),
            Ok(()) => Some(Err(BlobFault::Damaged.to_string())),
            Err(fault) => Some(Err(fault.to_string())),
        };
        if let Some(Err(said)) = &end {
            tracing::error!(%blob, said, "a file broke off as it was read");
        }
        if let Some(end) = end {
            let _ = out.blocking_send(end.map_err(std::io::Error::other));
        }
    });
    Body::from_stream(ReceiverStream::new(pieces))
}
