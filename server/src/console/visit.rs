//! Who visits: the person behind the cookie, as the records have him now, with his language and what he may see.
//! A page that is looked at takes a `Visitor`; a form that is sent takes a `Filed`, which has checked the proof that it
//! came from a page of ours. Nothing that changes anything takes anything else.

use super::badges::Badges;
use super::directory::{self, Directory};
use super::show::Almanac;
use super::sight::Sight;
use super::words::{Lang, Words};
use crate::auth::secret::same;
use crate::auth::session::csrf_of;
use crate::http::{Gateway, PersonCaller, Problem, refuse_strangers};
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header;
use axum::http::request::Parts;
use outpost_model::id::UserId;
use outpost_model::problem::Code;
use outpost_model::time::Millis;
use std::collections::HashMap;
use std::sync::Arc;

/// Largest form: a page of text and some lists.
pub const MAX_FORM: usize = 64 * 1024;

#[derive(Clone)]
pub struct Visitor {
    pub user: UserId,
    pub secret: String,
    pub w: Words,
    pub now: Millis,
    /// The address that was asked for, with its query.
    pub address: String,
    pub sight: Sight,
    pub directory: Arc<Directory>,
    pub badges: Badges,
    /// What the query says, the first of each name.
    pub query: HashMap<String, String>,
}

impl Visitor {
    pub fn csrf(&self) -> String {
        csrf_of(&self.secret)
    }

    /// A value of the query, without the space around it; empty where it isn't named.
    pub fn asked(&self, name: &str) -> &str {
        self.query.get(name).map(|value| value.trim()).unwrap_or_default()
    }

    /// Writes moments as of now, in this person's language and the company's zone.
    pub fn almanac(&self) -> Almanac<'_> {
        Almanac { w: self.w, zone: &self.directory.policy.zone, now: self.now }
    }

    pub(super) async fn of(parts: &Parts, gateway: &Arc<Gateway>) -> Result<Self, Problem> {
        let needed = || Problem::of(Code::SignInNeeded);
        let secret = PersonCaller::secret_of(gateway, &parts.headers).ok_or_else(needed)?;
        let w = Words(Lang::of(&parts.headers));
        let address = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let query = pairs(parts.uri.query().unwrap_or_default().as_bytes());
        gateway
            .blocking(move |gateway| {
                let caller = PersonCaller::look_up(gateway, secret)?;
                let directory = directory::now(gateway)?;
                let person = directory.people.get(&caller.user).cloned().ok_or_else(needed)?;
                let sight = Sight::of(person, &directory);
                let badges = Badges::of(gateway, &sight, &directory)?;
                let (user, secret, now) = (caller.user, caller.secret, gateway.now());
                Ok(Self { user, secret, w, now, address, sight, directory, badges, query })
            })
            .await
    }
}

impl FromRequestParts<Arc<Gateway>> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, gateway: &Arc<Gateway>) -> Result<Self, Problem> {
        // What changes something comes as a `Filed`.
        if !parts.method.is_safe() {
            return Err(Problem::of(Code::CsrfInvalid));
        }
        Self::of(parts, gateway).await
    }
}

/// The address at which this browser reaches the relay: what phones are told unless somebody knows better.
pub struct Reached(pub String);

impl FromRequestParts<Arc<Gateway>> for Reached {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, gateway: &Arc<Gateway>) -> Result<Self, Problem> {
        let named = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let host = named.or_else(|| parts.uri.authority().map(|host| host.as_str())).unwrap_or_default();
        let scheme = if gateway.settings().exposure.is_https() { "https" } else { "http" };
        Ok(Self(if host.is_empty() { String::new() } else { format!("{scheme}://{host}") }))
    }
}

/// A form that a page of ours sent, and who sent it.
pub struct Filed {
    pub visitor: Visitor,
    pub fields: Fields,
}

impl FromRequest<Arc<Gateway>> for Filed {
    type Rejection = Problem;

    async fn from_request(request: Request, gateway: &Arc<Gateway>) -> Result<Self, Problem> {
        refuse_strangers(request.headers())?;
        let (parts, body) = request.into_parts();
        let visitor = Visitor::of(&parts, gateway).await?;
        let bytes = Bytes::from_request(Request::from_parts(parts, body), gateway).await;
        let fields = Fields::parse(&bytes.map_err(|_| Problem::of(Code::TooLarge))?);
        if !same(fields.get("csrf"), &visitor.csrf()) {
            return Err(Problem::of(Code::CsrfInvalid));
        }
        Ok(Self { visitor, fields })
    }
}

fn pairs(encoded: &[u8]) -> HashMap<String, String> {
    let mut found = HashMap::new();
    for (name, value) in form_urlencoded::parse(encoded) {
        found.entry(name.into_owned()).or_insert_with(|| value.into_owned());
    }
    found
}

/// What was typed into a form, as it was typed.
#[derive(Debug, Clone, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    pub fn parse(encoded: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(encoded);
        Self(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// The value without the space around it; empty where nothing was typed.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim()).unwrap_or_default()
    }

    /// Every value of a name that may come more than once.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.trim())
    }

    pub fn add(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_owned(), value.into()));
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), value.into()));
    }
}
