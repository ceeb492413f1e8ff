//! `/v1/uploads`: larger files, resumable by tus 1.0.0 (creation, expiration, checksum, termination).
//!
//! The body of a PATCH is taken as it comes: written and synced piece by piece, and acknowledged each time, so that a
//! connection may break anywhere and little is sent twice. The work goes on in a task of its own: whoever hangs up
//! doesn't take along what he has sent.

mod head;
mod intake;

use super::blobs::{PATIENCE, may_bring};
use super::caller::DeviceCaller;
use super::gateway::Gateway;
use super::problem::Problem;
use crate::blob::BlobFault;
use crate::blob::ledger::{Upload, UploadId};
use crate::blob::turn::Turn;
use crate::blob::upload::Bringing;
use crate::observe::metrics;
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use head::{ALGORITHMS, VERSION};
use intake::Intake;
use outpost_model::blob::MAX_BLOB;
use outpost_model::id::TenantId;
use outpost_model::problem::Code;
use outpost_model::time::Millis;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// How long a PATCH waits for a place.
const WAIT: Duration = Duration::from_millis(500);
const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");

/// Every answer says which tus it speaks.
pub(super) async fn speak(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(RESUMABLE, HeaderValue::from_static(VERSION));
    response.headers_mut().insert("tus-version", HeaderValue::from_static(VERSION));
    response
}

/// `OPTIONS`: what is spoken here.
pub(super) async fn options() -> Response {
    let headers = [
        ("tus-extension", "creation,expiration,checksum,termination".to_owned()),
        ("tus-max-size", MAX_BLOB.to_string()),
        ("tus-checksum-algorithm", ALGORITHMS.to_owned()),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

fn upload_id(text: &str) -> Result<UploadId, Problem> {
    UploadId::parse(text).ok_or(Problem::of(Code::UploadUnknown))
}

/// Where an upload stands, in tus's headers, and as JSON for who reads no headers.
fn standing(status: StatusCode, upload: &Upload) -> Response {
    let (offset, length) = (upload.reached, upload.length);
    let mut response = match status {
        StatusCode::NO_CONTENT => status.into_response(),
        _ => (status, Json(json!({ "upload": upload.id.to_string(), "offset": offset, "length": length })))
            .into_response(),
    };
    let headers = response.headers_mut();
    headers.insert("upload-offset", offset.into());
    headers.insert("upload-length", length.into());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(expires) = http_date(upload.expires) {
        headers.insert("upload-expires", expires);
    }
    response
}

fn http_date(at: Millis) -> Option<HeaderValue> {
    let seconds = Duration::from_millis(u64::try_from(at.0).ok()?);
    HeaderValue::from_str(&httpdate::fmt_http_date(std::time::UNIX_EPOCH + seconds)).ok()
}

/// `POST`: begins an upload, or finds the one that this phone has begun of the file.
pub(super) async fn create(
    State(gateway): State<Arc<Gateway>>,
    caller: DeviceCaller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    head::check_version(&headers)?;
    let length = head::length(&headers)?;
    let (blob, page) = head::named(&headers)?;
    let (upload, caller) = gateway
        .blocking(move |gateway| {
            let tenant = may_bring(gateway, &caller, page, &blob)?;
            let device = caller.device.clone();
            let bringing = Bringing { tenant, device, page, blob, length };
            Ok((gateway.blobs.begin(bringing, UploadId(rand::random()), gateway.now())?, caller))
        })
        .await?;
    // Nothing may follow: a file of no bytes, or one whose last answer was lost.
    let upload = if upload.reached == length { meet(&gateway, &caller, upload.id).await? } else { upload };
    let mut response = standing(StatusCode::CREATED, &upload);
    if let Ok(location) = HeaderValue::from_str(&format!("/v1/uploads/{}", upload.id)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// `HEAD`: how far it has come; whoever is writing gives way first.
pub(super) async fn stand(
    State(gateway): State<Arc<Gateway>>,
    caller: DeviceCaller,
    Path(id): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if method == Method::HEAD {
        head::check_version(&headers)?;
    }
    Ok(standing(StatusCode::OK, &meet(&gateway, &caller, upload_id(&id)?).await?))
}

/// The upload, once nobody else has its turn; one that has every byte is finished first. In a task of its own, so that
/// what was begun is not left by a caller who hangs up.
async fn meet(gateway: &Arc<Gateway>, caller: &DeviceCaller, id: UploadId) -> Result<Upload, Problem> {
    find(gateway, caller, id).await?;
    let (gateway, caller) = (gateway.clone(), caller.clone());
    let task = tokio::spawn(async move {
        let _turn = turn(&gateway, id).await?;
        let (tenant, upload) = find(&gateway, &caller, id).await?;
        if upload.reached == upload.length { finish(&gateway, tenant, upload).await } else { Ok(upload) }
    });
    task.await.map_err(|_| Problem::of(Code::Internal))?
}

async fn turn(gateway: &Gateway, id: UploadId) -> Result<Turn, Problem> {
    gateway.blobs.turns().take(id, PATIENCE).await.ok_or(Problem::from(BlobFault::Busy))
}

/// `PATCH`: goes on from there.
pub(super) async fn append(
    State(gateway): State<Arc<Gateway>>,
    caller: DeviceCaller,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let headers = request.headers();
    head::check_version(headers)?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind != "application/offset+octet-stream" {
        return Err(Problem::new(Code::BadRequest, "a PATCH is of the type application/offset+octet-stream"));
    }
    let (id, offset, checksum) = (upload_id(&id)?, head::offset(headers)?, head::Checksum::stated(headers)?);
    find(&gateway, &caller, id).await?;
    let place = Gateway::place(&gateway.uploads, WAIT).await?;
    let turn = turn(&gateway, id).await?;
    let (tenant, upload) = find(&gateway, &caller, id).await?;
    if upload.reached != offset {
        return Err(BlobFault::Offset(upload.reached).into());
    }
    let intake = Intake::new(gateway.clone(), tenant.clone(), upload, checksum, turn);
    let body = request.into_body();
    // A task of its own, the file's row included: it doesn't end with the connection.
    let task = tokio::spawn(async move {
        let (upload, turn) = intake.run(body).await?;
        let whole = upload.reached == upload.length;
        let upload = if whole { finish(&gateway, tenant, upload).await? } else { upload };
        drop((turn, place));
        Ok::<_, Problem>(upload)
    });
    let upload = task.await.map_err(|_| Problem::of(Code::Internal))??;
    Ok(standing(StatusCode::NO_CONTENT, &upload))
}

/// `DELETE`: gives it up.
pub(super) async fn terminate(
    State(gateway): State<Arc<Gateway>>,
    caller: DeviceCaller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    head::check_version(&headers)?;
    let id = upload_id(&id)?;
    find(&gateway, &caller, id).await?;
    let _turn = turn(&gateway, id).await?;
    let (tenant, _) = find(&gateway, &caller, id).await?;
    gateway.blocking(move |gateway| Ok(gateway.blobs.give_up(&tenant, id)?)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn find(gateway: &Arc<Gateway>, caller: &DeviceCaller, id: UploadId) -> Result<(TenantId, Upload), Problem> {
    let device = caller.device.clone();
    gateway
        .blocking(move |gateway| {
            let tenant = gateway.relay.tenant().ok_or(Problem::of(Code::DeviceUnknown))?;
            let upload = gateway.blobs.upload(&tenant, &device, &id, gateway.now())?;
            Ok((tenant, upload))
        })
        .await
}

/// Every byte is here: the file is compared with its hash and entered.
async fn finish(gateway: &Arc<Gateway>, tenant: TenantId, upload: Upload) -> Result<Upload, Problem> {
    gateway
        .blocking(move |gateway| {
            if !upload.is_here() {
                gateway.blobs.finish(&tenant, &upload, gateway.now())?;
                metrics::blob_stored(upload.length as usize);
            }
            Ok(upload)
        })
        .await
}
