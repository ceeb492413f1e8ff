//! Answers that aren't a yes, as problem+json: a code and number that stay, a title in the reader's language, what
//! exactly, and when it is worth trying again.

use crate::auth::AuthFault;
use crate::auth::token::TokenFault;
use crate::observe::metrics;
use crate::relay::Denied;
use crate::store::StoreError;
use axum::Json;
use axum::extract::{Path, Request};
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use outpost_model::id::UserId;
use outpost_model::problem::Code;
use outpost_model::time::Millis;
use serde_json::{Map, Value, json};

#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    pub code: Code,
    /// What exactly, for the person who mends it.
    pub detail: String,
    pub retry_after_s: Option<u64>,
    /// Who decided meanwhile, and when.
    pub by: Option<(UserId, Millis)>,
    /// For a phone whose token has expired: what to sign for the next one, so that it needn't ask.
    pub nonce: Option<String>,
}

impl Problem {
    pub fn of(code: Code) -> Self {
        Self::new(code, "")
    }
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), retry_after_s: None, by: None, nonce: None }
    }
    pub fn again_after(mut self, millis: i64) -> Self {
        self.retry_after_s = Some(u64::try_from(millis).unwrap_or(0).div_ceil(1_000).max(1));
        self
    }

    fn body(&self, language: Language) -> Vec<u8> {
        let code = self.code;
        let title = match language {
            Language::Zh => code.zh(),
            Language::En => code.en(),
        };
        let mut body = Map::new();
        body.insert("type".into(), format!("/problems/{}", code.name()).into());
        body.insert("title".into(), title.into());
        body.insert("status".into(), code.status().into());
        body.insert("code".into(), code.name().into());
        body.insert("number".into(), code.number().into());
        if !self.detail.is_empty() {
            body.insert("detail".into(), self.detail.clone().into());
        }
        if let Some((by, at)) = &self.by {
            body.insert("by".into(), by.as_str().into());
            body.insert("at".into(), at.0.into());
        }
        if let Some(seconds) = self.retry_after_s {
            body.insert("retry_after_s".into(), seconds.into());
        }
        if let Some(nonce) = &self.nonce {
            body.insert("nonce".into(), nonce.as_str().into());
        }
        Value::Object(body).to_string().into_bytes()
    }

    fn response(self, language: Language) -> Response {
        let status = StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, self.body(language)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json; charset=utf-8"));
        headers.insert(VARY, HeaderValue::from_static("Accept-Language"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.response(Language::En)
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        let problem = Self { by: denied.by, ..Self::new(denied.code, denied.detail) };
        match problem.code {
            Code::ServerBusy | Code::StorageTrouble => problem.again_after(5_000),
            _ => problem,
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Denied::from(error).into()
    }
}

impl From<AuthFault> for Problem {
    fn from(fault: AuthFault) -> Self {
        match fault {
            AuthFault::Refused(code) => Self::of(code),
            AuthFault::Store(error) => error.into(),
        }
    }
}

impl From<TokenFault> for Problem {
    fn from(fault: TokenFault) -> Self {
        match fault {
            TokenFault::Refused(code) => Self::of(code),
            TokenFault::Expired(_) => Self::of(Code::TokenExpired),
            TokenFault::Key(error) => {
                tracing::error!(%error, "the signing keys can't be used");
                Self::of(Code::Internal)
            }
            TokenFault::Signing(error) => {
                tracing::error!(%error, "a token couldn't be signed");
                Self::of(Code::Internal)
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    Zh,
    En,
}

/// The first of the two languages that the reader names, English where he names none.
fn language(headers: &HeaderMap) -> Language {
    let wanted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let tags = wanted.split(',').map(|tag| tag.trim().to_ascii_lowercase());
    for tag in tags {
        if tag.starts_with("zh") {
            return Language::Zh;
        }
        if tag.starts_with("en") {
            return Language::En;
        }
    }
    Language::En
}

/// Every problem in the reader's language, and every refusal of the framework's own as a problem.
pub(super) async fn speak(request: Request, next: Next) -> Response {
    let language = language(request.headers());
    let mut response = next.run(request).await;
    let status = response.status();
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        None if status.is_client_error() || status.is_server_error() => Problem::of(code_for(status)),
        None => return response,
    };
    metrics::problem(problem.code);
    let kept = response.headers().clone();
    let mut spoken = problem.response(language);
    if status == StatusCode::METHOD_NOT_ALLOWED {
        *spoken.status_mut() = status;
    }
    for (name, value) in &kept {
        if !spoken.headers().contains_key(name) && *name != axum::http::header::CONTENT_LENGTH {
            spoken.headers_mut().append(name, value.clone());
        }
    }
    spoken
}

fn code_for(status: StatusCode) -> Code {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge,
        StatusCode::NOT_FOUND => Code::NotFound,
        StatusCode::SERVICE_UNAVAILABLE => Code::ServerBusy,
        status if status.is_server_error() => Code::Internal,
        _ => Code::BadRequest,
    }
}

/// `GET /problems/{name}`: where a problem's `type` leads.
pub(super) async fn explain(Path(name): Path<String>) -> Result<Json<Value>, Problem> {
    let code = Code::parse(&name).ok_or(Problem::of(Code::NotFound))?;
    Ok(Json(json!({
        "code": code.name(), "number": code.number(), "status": code.status(), "zh": code.zh(), "en": code.en(),
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_speaks_the_readers_language() {
        let spoken = |wanted: &'static str| {
            let headers = HeaderMap::from_iter([(ACCEPT_LANGUAGE, HeaderValue::from_static(wanted))]);
            language(&headers)
        };
        assert_eq!(spoken("zh-CN,zh;q=0.9,en;q=0.8"), Language::Zh);
        assert_eq!(spoken("de-DE, en-GB;q=0.8, zh;q=0.1"), Language::En);
        assert_eq!(spoken("*"), Language::En);
        let body: Value = serde_json::from_slice(&Problem::of(Code::DeviceRevoked).body(Language::Zh)).unwrap();
        assert_eq!((body["number"].as_u64(), body["type"].as_str()), (Some(204), Some("/problems/device_revoked")));
        assert_eq!(body["title"], Code::DeviceRevoked.zh());
    }
}
