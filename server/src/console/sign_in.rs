//! Getting in and out: the sign-in page, the language, and where each role lands.

use super::audit::{self, Act};
use super::form::Form;
use super::page::{Frame, inward, landing, render, render_as};
use super::visit::{Fields, Filed, MAX_FORM, Visitor};
use super::words::{COOKIE, Lang, Words};
use crate::auth::session;
use crate::http::{ClientAddress, Gateway, Problem, cookie_of, no_cookie, refuse_strangers, sign_in};
use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use outpost_model::id::UserId;
use outpost_model::problem::Code;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct Page {
    f: Frame,
    form: Form,
    to: String,
    /// Sent here from a page that he may no longer see.
    is_ended: bool,
}

#[derive(Template)]
#[template(path = "phone.html")]
struct PhonePage {
    f: Frame,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    to: String,
    back: String,
    done: String,
}

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/", get(home))
        .route("/sign-in", get(ask).post(begin).layer(DefaultBodyLimit::max(MAX_FORM)))
        .route("/sign-out", post(end))
        .route("/language/{tag}", get(language))
        .route("/phone", get(phone))
}

async fn home(visitor: Visitor) -> Redirect {
    Redirect::to(landing(&visitor))
}

async fn ask(headers: HeaderMap, Query(asked): Query<Asked>) -> Response {
    let w = Words(Lang::of(&headers));
    let to = inward(&asked.to).to_owned();
    let is_ended = to != "/"
        && headers
            .get_all(header::COOKIE)
            .iter()
            .any(|value| value.to_str().is_ok_and(|list| list.contains("outpost=")));
    let mut f = Frame::outside(w, w.sign_in_title(), &format!("/sign-in?to={}", encoded(&to)));
    f.told = (asked.done == "out").then(|| w.signed_out().to_owned());
    render(&Page { f, form: Form::default(), to, is_ended })
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

async fn begin(
    State(gateway): State<Arc<Gateway>>,
    address: ClientAddress,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    refuse_strangers(&headers)?;
    let w = Words(Lang::of(&headers));
    let mut fields = Fields::parse(&body);
    let password = fields.get("password").to_owned();
    // What comes back to the page never holds it.
    fields.set("password", "");
    let to = inward(fields.get("to")).to_owned();
    let mut form = Form::with(fields);
    let user = form.get("user").to_owned();
    if user.is_empty() {
        form.blame("user", w.enter_staff_number());
    }
    if password.is_empty() {
        form.blame("password", w.enter_password());
    }
    if form.is_sound() {
        match sign_in(&gateway, address, &user, password).await {
            Ok(begun) => {
                let secret = begun.secret.clone();
                let cookie = cookie_of(&gateway, &secret);
                let by = begun.user.clone();
                gateway
                    .blocking(move |gateway| {
                        audit::note(gateway, &by, Act::SignIn, begun.role.name());
                        Ok(())
                    })
                    .await?;
                let mut response = Redirect::to(&to).into_response();
                response.headers_mut().insert(header::SET_COOKIE, cookie);
                return Ok(response);
            }
            Err(problem) => {
                if let (Code::PasswordWrong, Ok(named)) = (problem.code, UserId::parse(&user)) {
                    gateway
                        .blocking(move |gateway| {
                            audit::note(gateway, &named, Act::WrongPassword, "");
                            Ok(())
                        })
                        .await?;
                }
                form.trouble = Some(w.of(problem.code.zh(), problem.code.en()).to_owned());
                let status = StatusCode::from_u16(problem.code.status()).unwrap_or(StatusCode::BAD_REQUEST);
                return Ok(again(w, status, form, to, problem.retry_after_s));
            }
        }
    }
    Ok(again(w, StatusCode::UNPROCESSABLE_ENTITY, form, to, None))
}

fn again(w: Words, status: StatusCode, form: Form, to: String, wait: Option<u64>) -> Response {
    let f = Frame::outside(w, w.sign_in_title(), &format!("/sign-in?to={}", encoded(&to)));
    let mut response = render_as(status, &Page { f, form, to, is_ended: false });
    if let Some(wait) = wait {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
    }
    response
}

async fn end(State(gateway): State<Arc<Gateway>>, filed: Filed) -> Result<Response, Problem> {
    let cookie = gateway
        .blocking(move |gateway| {
            let Filed { visitor, .. } = filed;
            let tenant = visitor.directory.tenant.clone();
            let secret = visitor.secret.clone();
            gateway.relay().store().write(move |tx| session::end(tx, &tenant, &secret))?;
            audit::note(gateway, &visitor.user, Act::SignOut, "");
            Ok(no_cookie(gateway))
        })
        .await?;
    let mut response = Redirect::to("/sign-in?done=out").into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// Nothing but the looks depends on it, so a link may change it.
async fn language(Path(tag): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let lang = Lang::parse(&tag).ok_or(Problem::of(Code::NotFound))?;
    let mut response = Redirect::to(inward(&asked.back)).into_response();
    let cookie = format!("{COOKIE}={}; Path=/; SameSite=Lax; Max-Age=31536000", lang.tag());
    let cookie = HeaderValue::try_from(cookie).map_err(|_| Problem::of(Code::Internal))?;
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// For engineers: where their work is.
async fn phone(visitor: Visitor) -> Response {
    let w = visitor.w;
    render(&PhonePage { f: Frame::of(&visitor, None, w.phone_people_title()) })
}
