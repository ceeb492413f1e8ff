//! `POST /v1/enrol`: a one-time code and a phone's own public key become an enrolled device.

use super::address::ClientAddress;
use super::body::Json;
use super::gateway::Gateway;
use super::problem::Problem;
use super::token::decode_fixed;
use crate::auth::enrolment::{Claim, redeem};
use axum::extract::State;
use outpost_model::id::{DeviceId, TenantId, UserId};
use outpost_model::problem::Code;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[derive(Deserialize)]
pub(super) struct EnrolRequest {
    tenant: TenantId,
    code: String,
    device: DeviceId,
    public_key: String,
    proof: String,
}

#[derive(Serialize)]
pub(super) struct Enrolled {
    device: DeviceId,
    user: UserId,
    tenant: TenantId,
}

pub(super) async fn enrol(
    State(gateway): State<Arc<Gateway>>,
    address: ClientAddress,
    Json(request): Json<EnrolRequest>,
) -> Result<axum::Json<Enrolled>, Problem> {
    let now = gateway.now();
    let key = format!("enrol {}", address.throttle_key());
    gateway.by_address.attempt(&key, now).map_err(|wait| Problem::of(Code::RateLimited).again_after(wait))?;
    // A code says nothing about the tenant, so neither does the answer.
    let tenant = gateway.tenant(&request.tenant).map_err(|_| Problem::of(Code::CodeInvalid))?;
    let public_key = decode_fixed(&request.public_key, "public_key")?;
    let claim = Claim {
        tenant: tenant.clone(),
        code: request.code,
        device: request.device.clone(),
        public_key,
        proof: decode_fixed(&request.proof, "proof")?,
    };
    let user = gateway
        .blocking(move |gateway| {
            let store = gateway.relay.store();
            let user = store.write(move |tx| Ok(redeem(tx, &claim, now)))??;
            gateway.relay.certify(&request.device, public_key)?;
            let row = gateway.relay.device(&request.device)?.ok_or(Problem::of(Code::DeviceUnknown))?;
            match row.revoked {
                Some(_) => Err(Problem::of(Code::DeviceRevoked)),
                None => Ok(Enrolled { device: request.device, user, tenant }),
            }
        })
        .await?;
    gateway.by_address.forgive(&key);
    Ok(axum::Json(user))
}
