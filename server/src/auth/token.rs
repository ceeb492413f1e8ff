//! Access tokens: a phone's leave to speak for some minutes. A JWT, signed with EdDSA: the algorithm is settled here,
//! whatever a token's header says. Age is judged by the relay's own clock.

use super::AuthFault;
use super::signing_key::{KeyFault, KeyRing};
use ed25519_dalek::{Signature, VerifyingKey};
use jsonwebtoken::{Algorithm, Header, Validation};
use outpost_model::id::{DeviceId, TenantId};
use outpost_model::problem::Code;
use outpost_model::time::Millis;
use serde::{Deserialize, Serialize};

const ISSUER: &str = "outpost";
const AUDIENCE: &str = "outpost-sync";
/// Longer than any token of ours.
const MAX_TOKEN: usize = 2_048;

#[derive(Debug, thiserror::Error)]
pub enum TokenFault {
    #[error("{}", .0.en())]
    Refused(Code),
    /// It was good once; who held it may renew it.
    #[error("{}", Code::TokenExpired.en())]
    Expired(Bearer),
    #[error(transparent)]
    Key(#[from] KeyFault),
    #[error("the token couldn't be signed: {0}")]
    Signing(#[from] jsonwebtoken::errors::Error),
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: DeviceId,
    tenant: TenantId,
    /// Seconds, rounded down; what is left of the last second is given away.
    iat: i64,
    exp: i64,
}

/// What a good token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    pub tenant: TenantId,
    pub device: DeviceId,
    pub expires: Millis,
}

/// The text whose signature, over a fresh nonce, a token is given for.
pub fn request_text(tenant: &str, device: &str, nonce: &str) -> String {
    format!("outpost-token-v1\n{tenant}\n{device}\n{nonce}")
}

/// Whether the device's own key signed that request.
pub fn is_proved(key: [u8; 32], request: &str, signature: [u8; 64]) -> Result<(), AuthFault> {
    let refused = AuthFault::Refused(Code::NonceInvalid);
    let Ok(key) = VerifyingKey::from_bytes(&key) else { return Err(refused) };
    key.verify_strict(request.as_bytes(), &Signature::from_bytes(&signature)).map_err(|_| refused)
}

pub fn sign(
    ring: &KeyRing,
    tenant: &TenantId,
    device: &DeviceId,
    now: Millis,
    life: i64,
) -> Result<String, TokenFault> {
    let key = ring.newest()?;
    let header = Header { kid: Some(key.kid.clone()), ..Header::new(Algorithm::EdDSA) };
    let iat = now.0.div_euclid(1_000);
    let claims = Claims {
        iss: ISSUER.into(),
        aud: AUDIENCE.into(),
        sub: device.clone(),
        tenant: tenant.clone(),
        iat,
        exp: iat + life / 1_000,
    };
    Ok(jsonwebtoken::encode(&header, &claims, &key.encoding)?)
}

pub fn verify(ring: &KeyRing, token: &str, now: Millis) -> Result<Bearer, TokenFault> {
    let invalid = || TokenFault::Refused(Code::TokenInvalid);
    if token.len() > MAX_TOKEN {
        return Err(invalid());
    }
    let header = jsonwebtoken::decode_header(token).map_err(|_| invalid())?;
    if header.alg != Algorithm::EdDSA {
        return Err(invalid());
    }
    let key = ring.verifying(header.kid.as_deref().unwrap_or_default(), now)?.ok_or_else(invalid)?;
    let claims = jsonwebtoken::decode::<Claims>(token, &key.decoding, &validation()).map_err(|_| invalid())?.claims;
    let expires = Millis(claims.exp.saturating_mul(1_000));
    let bearer = Bearer { tenant: claims.tenant, device: claims.sub, expires };
    if now < expires { Ok(bearer) } else { Err(TokenFault::Expired(bearer)) }
}

fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&[AUDIENCE]);
    validation.set_issuer(&[ISSUER]);
    validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
    // The crate would ask the machine's clock; the relay's is asked instead.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use jsonwebtoken::EncodingKey;

    const LIFE: i64 = Millis::minutes(15);

    fn code(outcome: Result<Bearer, TokenFault>) -> Code {
        match outcome {
            Err(TokenFault::Refused(code)) => code,
            Err(TokenFault::Expired(_)) => Code::TokenExpired,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_token_holds_for_its_time_by_the_given_clock() {
        let folder = tempfile::tempdir().unwrap();
        let ring = KeyRing::open(folder.path(), LIFE, Millis(0), [1; 32]).unwrap();
        let (tenant, device) = (TenantId::parse("acme").unwrap(), DeviceId::parse("d-1").unwrap());
        let token = sign(&ring, &tenant, &device, Millis(0), LIFE).unwrap();
        let bearer = verify(&ring, &token, Millis(LIFE - 1)).unwrap();
        assert_eq!((bearer.tenant, bearer.device), (tenant, device));
        assert_eq!(code(verify(&ring, &token, Millis(LIFE))), Code::TokenExpired);
    }

    #[test]
    fn a_token_of_another_algorithm_key_or_hand_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let ring = KeyRing::open(folder.path(), LIFE, Millis(0), [1; 32]).unwrap();
        let key = ring.newest().unwrap();
        let (tenant, device) = (TenantId::parse("acme").unwrap(), DeviceId::parse("d-1").unwrap());
        let good = sign(&ring, &tenant, &device, Millis(0), LIFE).unwrap();
        let parts: Vec<&str> = good.split('.').collect();

        let none = format!("{}.{}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#), parts[1]);
        // The public key as an HMAC secret: the classic confusion.
        let claims: serde_json::Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
        let header = Header { kid: Some(key.kid.clone()), ..Header::new(Algorithm::HS256) };
        let secret = EncodingKey::from_secret(key.decoding.as_bytes());
        let confused = jsonwebtoken::encode(&header, &claims, &secret).unwrap();
        let other = tempfile::tempdir().unwrap();
        let stranger = KeyRing::open(other.path(), LIFE, Millis(0), [2; 32]).unwrap();
        let foreign = sign(&stranger, &tenant, &device, Millis(0), LIFE).unwrap();
        let mut altered = claims.clone();
        altered["sub"] = "d-2".into();
        let altered = format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode(altered.to_string()), parts[2]);
        for bad in [none, confused, foreign, altered, good.replace('.', ""), "x".repeat(10_000), String::new()] {
            assert_eq!(code(verify(&ring, &bad, Millis(1))), Code::TokenInvalid, "{bad}");
        }
    }
}
