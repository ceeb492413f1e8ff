//! `POST /v1/token/nonce` and `POST /v1/token`: a phone proves its key over a nonce and gets leave for some minutes.

use super::body::Json;
use super::caller::DeviceCaller;
use super::conduct::LoggedCaller;
use super::gateway::Gateway;
use super::problem::Problem;
use crate::auth::{nonce, token};
use axum::extract::State;
use axum::http::Extensions;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use outpost_model::id::{DeviceId, TenantId};
use outpost_model::problem::Code;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[derive(Deserialize)]
pub(super) struct NonceRequest {
    tenant: TenantId,
    device: DeviceId,
}

#[derive(Serialize)]
pub(super) struct Nonce {
    nonce: String,
}

/// Costs no write and tells nothing: whoever asks gets one.
pub(super) async fn nonce(
    State(gateway): State<Arc<Gateway>>,
    Json(request): Json<NonceRequest>,
) -> Result<axum::Json<Nonce>, Problem> {
    let expires = gateway.now().plus(gateway.settings.lifetimes.nonce);
    let nonce = gateway.nonce_key.make(&request.tenant, &request.device, expires, rand::random());
    Ok(axum::Json(Nonce { nonce }))
}

#[derive(Deserialize)]
pub(super) struct TokenRequest {
    tenant: TenantId,
    device: DeviceId,
    nonce: String,
    signature: String,
}

#[derive(Serialize)]
pub(super) struct Token {
    token: String,
    expires_in_s: i64,
    /// What the phone seals to headquarters by, should it be unable to sync one day.
    seal_key: String,
}

pub(super) async fn token(
    State(gateway): State<Arc<Gateway>>,
    extensions: Extensions,
    Json(request): Json<TokenRequest>,
) -> Result<axum::Json<Token>, Problem> {
    let (now, life) = (gateway.now(), gateway.settings.lifetimes.token);
    let TokenRequest { tenant, device, nonce, signature } = request;
    gateway.tenant(&tenant)?;
    let expires = nonce::check(&gateway.nonce_key, &tenant, &device, &nonce, now)?;
    let signature = decode_fixed(&signature, "signature")?;
    let text = token::request_text(tenant.as_str(), device.as_str(), &nonce);
    let caller = (tenant.clone(), device.clone());
    let token = gateway
        .blocking(move |gateway| {
            let row = gateway.relay.device(&device)?.ok_or(Problem::of(Code::DeviceUnknown))?;
            token::is_proved(row.public_key.ok_or(Problem::of(Code::DeviceUnknown))?, &text, signature)?;
            // Only who holds the key learns how the device stands.
            let caller = DeviceCaller::look_up(gateway, device, expires)?;
            let (of, id) = (tenant.clone(), caller.device.clone());
            gateway.relay.store().write(move |tx| Ok(nonce::spend(tx, &of, &id, &nonce, expires, now)))??;
            Ok(token::sign(&gateway.ring, &tenant, &caller.device, now, life)?)
        })
        .await?;
    LoggedCaller::note(&extensions, &caller.0, &caller.1);
    let seal_key = URL_SAFE_NO_PAD.encode(gateway.seal_key);
    Ok(axum::Json(Token { token, expires_in_s: life / 1_000, seal_key }))
}

/// So many bytes in base64url without padding.
pub(super) fn decode_fixed<const N: usize>(text: &str, field: &str) -> Result<[u8; N], Problem> {
    let bad = || Problem::new(Code::BadRequest, format!("{field}: {N} bytes in base64url without padding"));
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| bad())?;
    bytes.try_into().map_err(|_| bad())
}
