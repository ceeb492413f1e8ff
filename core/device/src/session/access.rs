//! Enrolment and tokens: the one-time code is redeemed for the device's own key, and each short token is fetched by
//! proving that key over a nonce. All of it may be done again: a lost answer locks nobody out.

use super::frame::Call;
use crate::device::Device;
use crate::error::DeviceError;
use crate::store::life;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use outpost_model::invitation::Invitation;
use serde::Deserialize;
use serde_json::json;

pub(super) fn enrol(device: &mut Device, invitation: &Invitation) -> Result<Call, DeviceError> {
    let Invitation { tenant, code, device: id, .. } = invitation;
    let proof = sign(device, &format!("outpost-enrol-v1\n{tenant}\n{code}\n{id}"))?;
    let key = device.host.keystore.public_key().map_err(DeviceError::Keystore)?;
    let body = json!({
        "tenant": tenant,
        "code": code,
        "device": id,
        "public_key": URL_SAFE_NO_PAD.encode(key),
        "proof": proof,
    });
    Ok(Call::json("/v1/enrol", &body))
}

pub(super) fn nonce(device: &Device) -> Result<Call, DeviceError> {
    let identity = device.identity()?;
    Ok(Call::json("/v1/token/nonce", &json!({ "tenant": identity.tenant, "device": identity.owner.device })))
}

#[derive(Deserialize)]
struct Nonce {
    nonce: String,
}

#[derive(Deserialize)]
struct Token {
    token: String,
    /// What this phone seals to headquarters by; an older server has none.
    seal_key: Option<String>,
}

pub(super) fn nonce_in(body: &[u8]) -> Option<String> {
    serde_json::from_slice::<Nonce>(body).ok().map(|answer| answer.nonce)
}

pub(super) fn token(device: &mut Device, body: &[u8]) -> Result<Result<Call, String>, DeviceError> {
    let Some(nonce) = nonce_in(body) else { return Ok(Err("a nonce that isn't one".to_owned())) };
    let identity = device.identity()?;
    let (tenant, id) = (&identity.tenant, &identity.owner.device);
    let signature = sign(device, &format!("outpost-token-v1\n{tenant}\n{id}\n{nonce}"))?;
    let body = json!({ "tenant": tenant, "device": id, "nonce": nonce, "signature": signature });
    Ok(Ok(Call::json("/v1/token", &body)))
}

/// Its expiry is the server's affair: the phone renews when it is told to, never by its own clock.
pub(super) fn keep_token(device: &mut Device, body: &[u8]) -> Result<Result<(), String>, DeviceError> {
    let Ok(Token { token, seal_key }) = serde_json::from_slice(body) else {
        return Ok(Err("a token that isn't one".to_owned()));
    };
    life::set_token(device.store.read(), Some(&token))?;
    let seal_key = seal_key.and_then(|key| URL_SAFE_NO_PAD.decode(key).ok()?.try_into().ok());
    if let Some(seal_key) = seal_key {
        life::set_seal_key(device.store.read(), seal_key)?;
    }
    Ok(Ok(()))
}

fn sign(device: &mut Device, message: &str) -> Result<String, DeviceError> {
    let signature = device.host.keystore.sign(message.as_bytes()).map_err(DeviceError::Keystore)?;
    Ok(URL_SAFE_NO_PAD.encode(signature))
}
