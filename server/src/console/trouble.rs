//! What isn't a yes, as a page: what happened, why, what now, and the stable code in small type. Who has to sign in
//! first is led there, and back.

use super::page::{Frame, inward, render_as};
use super::words::{Lang, Words};
use crate::http::Problem;
use askama::Template;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use outpost_model::problem::Code;
use std::any::Any;

#[derive(Template)]
#[template(path = "trouble.html")]
struct Page {
    f: Frame,
    sentence: &'static str,
    detail: String,
    code: &'static str,
    number: u16,
    back: String,
}

/// Every problem of a page becomes a page.
pub async fn speak(request: Request, next: Next) -> Response {
    let w = Words(Lang::of(request.headers()));
    let address = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let (is_get, referer) = (request.method().is_safe(), request.headers().get(header::REFERER).cloned());
    let mut response = next.run(request).await;
    let status = response.status();
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        None if status == StatusCode::METHOD_NOT_ALLOWED => Problem::of(Code::NotFound),
        None => return response,
    };
    match problem.code {
        Code::SignInNeeded | Code::TokenExpired => {
            let to = if is_get { address } else { "/".into() };
            let back: String = form_urlencoded::byte_serialize(to.as_bytes()).collect();
            let mut away = Redirect::to(&format!("/sign-in?to={back}")).into_response();
            away.extensions_mut().insert(problem);
            away
        }
        _ => {
            let referer = referer.as_ref().and_then(|value| value.to_str().ok()).unwrap_or_default();
            let from = referer.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
            let back = inward(from.unwrap_or("/")).to_owned();
            let mut drawn = draw(w, &problem, &address, back);
            if let Some(wait) = problem.retry_after_s.and_then(|wait| HeaderValue::from_str(&wait.to_string()).ok()) {
                drawn.headers_mut().insert(header::RETRY_AFTER, wait);
            }
            drawn.extensions_mut().insert(problem);
            drawn
        }
    }
}

fn draw(w: Words, problem: &Problem, address: &str, back: String) -> Response {
    let code = problem.code;
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let title = if code == Code::NotFound { w.not_found_title() } else { w.trouble_title() };
    let sentence = if code == Code::NotFound { w.not_found_text() } else { w.of(code.zh(), code.en()) };
    let f = Frame::outside(w, title, address);
    render_as(
        status,
        &Page { f, sentence, detail: problem.detail.clone(), code: code.name(), number: code.number(), back },
    )
}

pub fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Problem::of(Code::Internal).into_response()
}
