//! `PUT` and `GET /v1/blobs/{sha256}?page=ID`: signature strokes and small photos, whole, by their hash.

use super::body;
use super::caller::{Caller, DeviceCaller};
use super::gateway::Gateway;
use super::problem::Problem;
use crate::blob::{BlobFault, rights};
use crate::observe::metrics;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use outpost_model::id::{Hash, PageId};
use outpost_model::problem::Code;
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Debug, Clone, Copy)]
struct Asked {
    blob: Hash,
    page: PageId,
}

/// What a blob's address carries.
type Address = (Path<String>, Query<HashMap<String, String>>);

fn asked((Path(blob), Query(query)): Address) -> Result<Asked, Problem> {
    let bad = |what| Problem::new(Code::BadRequest, what);
    let blob =
        Hash::parse(&blob).map_err(|_| bad("the address ends in a SHA-256: 64 hexadecimal digits, lower case"))?;
    let page = query.get("page").and_then(|page| PageId::parse(page).ok());
    Ok(Asked { blob, page: page.ok_or(bad("?page= names the page that the blob belongs to"))? })
}

impl From<BlobFault> for Problem {
    fn from(fault: BlobFault) -> Self {
        match fault {
            BlobFault::Mismatch => Problem::of(Code::BlobMismatch),
            BlobFault::OverQuota(wait) => {
                Problem::new(Code::RateLimited, "this device has stored its share of files for today").again_after(wait)
            }
            BlobFault::Folder(error) => {
                tracing::error!(%error, "the blob folder can't be written");
                Problem::of(Code::StorageTrouble).again_after(30_000)
            }
        }
    }
}

pub(super) async fn store(
    State(gateway): State<Arc<Gateway>>,
    caller: DeviceCaller,
    address: Address,
    request: Request,
) -> Result<StatusCode, Problem> {
    let Asked { blob, page } = asked(address)?;
    let bytes = body::read(request, &()).await?;
    gateway
        .blocking(move |gateway| {
            may_bring(gateway, &caller, page, &blob)?;
            if gateway.blobs.put(&blob, &bytes, &caller.device, gateway.now())? {
                metrics::blob_stored(bytes.len());
            }
            Ok(StatusCode::OK)
        })
        .await
}

fn may_bring(gateway: &Gateway, caller: &DeviceCaller, page: PageId, blob: &Hash) -> Result<(), Problem> {
    let tenant = gateway.relay.tenant().ok_or(Problem::of(Code::DeviceUnknown))?;
    let (named, wrote) = gateway.relay.store().read(|store| {
        let named = rights::is_named_by(store, &tenant, &page, blob)?;
        Ok((named, named && rights::wrote_on(store, &tenant, &page, &caller.device)?))
    })?;
    if named && (wrote || gateway.relay.may_read_blob(&caller.user, blob)?) {
        return Ok(());
    }
    Err(Problem::new(Code::NotFound, "no entry that you may read names this file on that page; sync first"))
}

pub(super) async fn fetch(
    State(gateway): State<Arc<Gateway>>,
    caller: Caller,
    address: Address,
) -> Result<Response, Problem> {
    let Asked { blob, .. } = asked(address)?;
    let bytes = gateway
        .blocking(move |gateway| {
            if !gateway.relay.may_read_blob(caller.user(), &blob)? {
                return Err(Problem::of(Code::NotFound));
            }
            match gateway.blobs.get(&blob) {
                Ok(bytes) => bytes.ok_or(Problem::of(Code::BlobUnknown)),
                Err(BlobFault::Mismatch) => {
                    tracing::error!(%blob, "a stored blob is damaged");
                    Err(Problem::of(Code::StorageTrouble))
                }
                Err(fault) => Err(fault.into()),
            }
        })
        .await?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    // Never shown as a page of ours, whatever is in it.
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    Ok(response)
}
