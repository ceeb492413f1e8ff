//! `/v1/session`: a person signs in, looks who is signed in, signs out.
//!
//! Whether it was the name or the password that was wrong isn't told, neither by words nor by time. Attempts are
//! counted by person and by address before any work is done.

use super::address::ClientAddress;
use super::body::Json;
use super::caller::{PersonCaller, cookie_name};
use super::gateway::Gateway;
use super::problem::Problem;
use crate::auth::{password, secret, session};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use outpost_model::id::UserId;
use outpost_model::problem::Code;
use outpost_model::record::Role;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// How long a sign-in waits while other passwords are checked.
const TURN: Duration = Duration::from_secs(5);

#[derive(Deserialize)]
pub(super) struct SignIn {
    user: String,
    password: String,
}

#[derive(Serialize)]
struct SignedIn {
    user: UserId,
    role: Role,
    csrf: String,
    /// For tools, which send it as `Authorization: Bearer …`. Browsers have the cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
}

pub(super) async fn begin(
    State(gateway): State<Arc<Gateway>>,
    address: ClientAddress,
    headers: HeaderMap,
    Json(asked): Json<SignIn>,
) -> Result<Response, Problem> {
    refuse_strangers(&headers)?;
    let begun = sign_in(&gateway, address, &asked.user, asked.password).await?;
    let cookie = cookie_of(&gateway, &begun.secret);
    let csrf = session::csrf_of(&begun.secret);
    let answer = SignedIn { user: begun.user, role: begun.role, csrf, session: Some(begun.secret) };
    let mut response = axum::Json(answer).into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// Another site's page mustn't sign its visitor in here as somebody else.
pub(crate) fn refuse_strangers(headers: &HeaderMap) -> Result<(), Problem> {
    match headers.get("sec-fetch-site") {
        Some(site) if site == "cross-site" || site == "same-site" => Err(Problem::of(Code::CsrfInvalid)),
        Some(_) | None => Ok(()),
    }
}

/// A session that has just begun.
pub(crate) struct Begun {
    pub user: UserId,
    pub role: Role,
    pub secret: String,
}

/// Checks the password, slowly on purpose, and begins a session.
pub(crate) async fn sign_in(
    gateway: &Arc<Gateway>,
    address: ClientAddress,
    typed: &str,
    password: String,
) -> Result<Begun, Problem> {
    let now = gateway.now();
    let limited = |wait| Problem::of(Code::RateLimited).again_after(wait);
    let by_address = format!("session {}", address.throttle_key());
    gateway.by_address.attempt(&by_address, now).map_err(limited)?;
    // Nobody by that name, but the answer takes as long and reads the same.
    let user = UserId::parse(typed.trim());
    let name = user.as_ref().map(|user| user.as_str().to_owned()).unwrap_or_default();
    // Counted with the address first, so that a stranger elsewhere doesn't lock the person himself out.
    let from_here = format!("{name} {}", address.throttle_key());
    gateway.by_person_here.attempt(&from_here, now).map_err(limited)?;
    gateway.by_person.attempt(&name, now).map_err(limited)?;

    let turn = Gateway::place(&gateway.passwords, TURN).await?;
    let begun = gateway
        .blocking(move |gateway| {
            let _turn = turn;
            let wrong = || Problem::of(Code::PasswordWrong);
            let tenant = gateway.relay.tenant();
            let stored = match (&tenant, &user) {
                (Some(tenant), Ok(user)) => {
                    gateway.relay.store().read(|store| password::stored_of(store, tenant, user))?
                }
                _ => None,
            };
            if !password::verify(&password, stored.as_deref()) {
                return Err(wrong());
            }
            let (tenant, user) = (tenant.ok_or_else(wrong)?, user.map_err(|_| wrong())?);
            // Only who knew the password learns that the person is no longer active.
            let person = gateway.relay.person(&user)?.filter(|person| person.active);
            let person = person.ok_or(Problem::of(Code::PersonInactive))?;
            let random: [u8; 32] = rand::random();
            let secret = secret::opaque(&random);
            let (of, kept) = (user.clone(), secret.clone());
            gateway.relay.store().write(move |tx| session::begin(tx, &tenant, &of, &kept, now))?;
            Ok(Begun { user, role: person.role, secret })
        })
        .await?;
    gateway.by_person_here.forgive(&from_here);
    gateway.by_person.forgive(&name);
    gateway.by_address.forgive(&by_address);
    Ok(begun)
}

/// Who is signed in, and what the page's forms have to send.
pub(super) async fn show(person: PersonCaller) -> Response {
    let csrf = session::csrf_of(&person.secret);
    axum::Json(SignedIn { user: person.user, role: person.role, csrf, session: None }).into_response()
}

pub(super) async fn end(State(gateway): State<Arc<Gateway>>, person: PersonCaller) -> Result<Response, Problem> {
    let cookie = gateway
        .blocking(move |gateway| {
            if let Some(tenant) = gateway.relay.tenant() {
                gateway.relay.store().write(move |tx| session::end(tx, &tenant, &person.secret))?;
            }
            Ok(no_cookie(gateway))
        })
        .await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// The cookie that carries a session, for as long as one may last.
pub(crate) fn cookie_of(gateway: &Gateway, secret: &str) -> HeaderValue {
    set_cookie(gateway, secret, gateway.settings.lifetimes.session.longest / 1_000)
}

/// Takes the cookie back.
pub(crate) fn no_cookie(gateway: &Gateway) -> HeaderValue {
    set_cookie(gateway, "", 0)
}

/// No script reads it, no other site sends it, no plain connection carries it but loopback.
fn set_cookie(gateway: &Gateway, secret: &str, seconds: i64) -> HeaderValue {
    let secure = if gateway.settings.exposure.is_https() { "; Secure" } else { "" };
    let name = cookie_name(gateway);
    let cookie = format!("{name}={secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    HeaderValue::try_from(cookie).expect("base64url and plain words are a header")
}
