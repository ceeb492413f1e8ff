//! `GET /v1/keys`: the public key that countersigns, for anybody. `GET /v1/visits/{visit}/signatures/{entry}`: a
//! customer's signature as this server countersigns it, for whoever sees the visit; what a QR code shows a third party.

use super::caller::Caller;
use super::gateway::Gateway;
use super::problem::Problem;
use axum::extract::{Path, State};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use outpost_model::id::{EntryId, PageId};
use outpost_model::problem::Code;
use serde_json::{Value, json};
use std::sync::Arc;

/// A JSON Web Key Set (RFC 7517, RFC 8037).
pub(super) async fn keys(State(gateway): State<Arc<Gateway>>) -> axum::Json<Value> {
    let (name, public) = gateway.relay.countersigning_key();
    let x = URL_SAFE_NO_PAD.encode(public);
    axum::Json(json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": name, "x": x }] }))
}

pub(super) async fn countersigned(
    State(gateway): State<Arc<Gateway>>,
    caller: Caller,
    Path((visit, entry)): Path<(String, String)>,
) -> Result<axum::Json<Value>, Problem> {
    let (Ok(visit), Ok(entry)) = (PageId::parse(&visit), EntryId::parse(&entry)) else {
        return Err(Problem::of(Code::NotFound));
    };
    let user = caller.user().clone();
    let word = gateway.blocking(move |gateway| Ok(gateway.relay.countersigned(&user, visit, entry)?)).await?;
    let word = word.ok_or(Problem::of(Code::NotFound))?;
    Ok(axum::Json(json!({
        "tenant": word.tenant,
        "visit": word.visit,
        "entry": word.entry,
        "digest": word.digest,
        "received": word.received.0,
        "key": word.key,
        "signature": URL_SAFE_NO_PAD.encode(word.signature),
    })))
}
