//! Who asks: a phone by its token, or a person by a session. Both are looked up again at each request, so that
//! revoking one or ending the other works at once.

use super::conduct::LoggedCaller;
use super::gateway::Gateway;
use super::problem::Problem;
use crate::auth::secret::same;
use crate::auth::session::{self, Session};
use crate::auth::token::{self, TokenFault};
use crate::relay::DeviceKind;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use outpost_model::id::{DeviceId, UserId};
use outpost_model::problem::Code;
use outpost_model::record::Role;
use outpost_model::time::Millis;
use std::sync::Arc;

/// Name of the header that a form sends beside its cookie.
pub(super) const CSRF_HEADER: &str = "x-csrf-token";

/// A phone with a good token, enrolled, not revoked.
#[derive(Debug, Clone)]
pub(super) struct DeviceCaller {
    pub device: DeviceId,
    pub user: UserId,
    pub expires: Millis,
}

/// A person who signed in. From a cookie: with the form's proof, wherever something is to be changed.
#[derive(Debug, Clone)]
pub(crate) struct PersonCaller {
    pub user: UserId,
    pub role: Role,
    pub secret: String,
    pub expires: Millis,
}

#[derive(Debug, Clone)]
pub(super) enum Caller {
    Device(DeviceCaller),
    Person(PersonCaller),
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// Tokens of phones have three parts; sessions have none.
fn is_device_token(token: &str) -> bool {
    token.contains('.')
}

/// The cookie's name; over HTTPS one that browsers accept from this very host only.
pub(crate) fn cookie_name(gateway: &Gateway) -> &'static str {
    if gateway.settings.exposure.is_https() { "__Host-outpost" } else { "outpost" }
}

fn cookie(gateway: &Gateway, headers: &HeaderMap) -> Option<String> {
    let name = cookie_name(gateway);
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|list| list.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

impl FromRequestParts<Arc<Gateway>> for DeviceCaller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, gateway: &Arc<Gateway>) -> Result<Self, Problem> {
        let token = bearer(&parts.headers).ok_or(Problem::of(Code::SignInNeeded))?.to_owned();
        let bearer = match token::verify(&gateway.ring, &token, gateway.now()) {
            Err(TokenFault::Expired(bearer)) => return Err(renewal(gateway, &bearer)),
            verified => verified?,
        };
        gateway.tenant(&bearer.tenant)?;
        LoggedCaller::note(&parts.extensions, &bearer.tenant, &bearer.device);
        let (device, expires) = (bearer.device, bearer.expires);
        gateway.blocking(move |gateway| Self::look_up(gateway, device, expires)).await
    }
}

/// What a phone is told whose token has expired: that, and the nonce to sign for the next one.
fn renewal(gateway: &Gateway, bearer: &token::Bearer) -> Problem {
    let expires = gateway.now().plus(gateway.settings.lifetimes.nonce);
    let nonce = gateway.nonce_key.make(&bearer.tenant, &bearer.device, expires, rand::random());
    Problem { nonce: Some(nonce), ..Problem::of(Code::TokenExpired) }
}

impl DeviceCaller {
    /// The device's row as it stands now.
    pub fn look_up(gateway: &Gateway, device: DeviceId, expires: Millis) -> Result<Self, Problem> {
        let row = gateway.relay.device(&device)?.filter(|row| row.kind == DeviceKind::Phone);
        let row = row.ok_or(Problem::of(Code::DeviceUnknown))?;
        if row.revoked.is_some() {
            return Err(Problem::of(Code::DeviceRevoked));
        }
        match gateway.relay.person(&row.user)? {
            Some(person) if person.active => Ok(Self { device, user: row.user, expires }),
            Some(_) | None => Err(Problem::of(Code::PersonInactive)),
        }
    }
}

impl FromRequestParts<Arc<Gateway>> for PersonCaller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, gateway: &Arc<Gateway>) -> Result<Self, Problem> {
        let secret = match bearer(&parts.headers) {
            Some(token) => token.to_owned(),
            None => {
                let secret = cookie(gateway, &parts.headers).ok_or(Problem::of(Code::SignInNeeded))?;
                // A browser sends the cookie along by itself; the header only a page of ours can send.
                let sent = parts.headers.get(CSRF_HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
                if !parts.method.is_safe() && !same(sent, &session::csrf_of(&secret)) {
                    return Err(Problem::of(Code::CsrfInvalid));
                }
                secret
            }
        };
        gateway.blocking(move |gateway| Self::look_up(gateway, secret)).await
    }
}

impl PersonCaller {
    /// The secret of the session that a browser's cookie names.
    pub fn secret_of(gateway: &Gateway, headers: &HeaderMap) -> Option<String> {
        cookie(gateway, headers)
    }

    /// The session as it stands now; it has been used.
    pub fn look_up(gateway: &Gateway, secret: String) -> Result<Self, Problem> {
        let (session, caller) = Self::find(gateway, &secret)?;
        if let Some(tenant) = gateway.relay.tenant().filter(|_| session.is_due) {
            let now = gateway.now();
            gateway.relay.store().write(move |tx| session::touch(tx, &tenant, &secret, now))?;
        }
        Ok(caller)
    }

    /// The session as it stands now; looking at it doesn't keep it alive.
    pub fn look_up_idle(gateway: &Gateway, secret: &str) -> Result<Self, Problem> {
        Self::find(gateway, secret).map(|(_, caller)| caller)
    }

    fn find(gateway: &Gateway, secret: &str) -> Result<(Session, Self), Problem> {
        let needed = || Problem::of(Code::SignInNeeded);
        let (now, lifetime) = (gateway.now(), gateway.settings.lifetimes.session);
        let tenant = gateway.relay.tenant().ok_or_else(needed)?;
        let found = gateway.relay.store().read(|store| session::find(store, &tenant, secret, lifetime, now))?;
        let session = found.ok_or_else(needed)?;
        match gateway.relay.person(&session.user)? {
            Some(person) if person.active => {
                let expires = session.began.plus(lifetime.longest);
                let caller = Self { user: session.user.clone(), role: person.role, secret: secret.to_owned(), expires };
                Ok((session, caller))
            }
            Some(_) | None => Err(Problem::of(Code::PersonInactive)),
        }
    }
}

impl FromRequestParts<Arc<Gateway>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, gateway: &Arc<Gateway>) -> Result<Self, Problem> {
        if bearer(&parts.headers).is_some_and(is_device_token) {
            DeviceCaller::from_request_parts(parts, gateway).await.map(Self::Device)
        } else {
            PersonCaller::from_request_parts(parts, gateway).await.map(Self::Person)
        }
    }
}

impl Caller {
    pub fn user(&self) -> &UserId {
        match self {
            Self::Device(caller) => &caller.user,
            Self::Person(caller) => &caller.user,
        }
    }
}
