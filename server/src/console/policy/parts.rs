//! The catalogue: parts with their prices. A price changes for what is fitted from then on; what was logged keeps the
//! price that it was logged with. A part that is no longer sold stays, and is offered no more.

use super::super::act::{self, Done, Wish, fresh_id, last_decision};
use super::super::form::Form;
use super::super::page::{Frame, Nav, on_to, render, render_as};
use super::super::show::{Almanac, money, parse_money};
use super::super::visit::{Filed, Visitor};
use crate::http::{Gateway, Problem};
use askama::Template;
use axum::Router;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use outpost_model::command::{Ask, Place, Question};
use outpost_model::entry::MAX_FEN;
use outpost_model::problem::Code;
use outpost_model::record::Part;
use std::sync::Arc;

/// Rows of a page.
const PAGE: usize = 100;
const MAX_NUMBER: usize = 64;
const MAX_NAME: usize = 60;

struct Line {
    path: String,
    part_no: String,
    name: String,
    price: String,
    is_active: bool,
}

#[derive(Template)]
#[template(path = "parts.html")]
struct ListPage {
    f: Frame,
    lines: Vec<Line>,
    search: String,
    total: usize,
    may_change: bool,
    next: Option<String>,
    is_first: bool,
}

#[derive(Template)]
#[template(path = "part.html")]
struct Page {
    f: Frame,
    form: Form,
    id: String,
    after: String,
    is_new: bool,
    /// Each price that it had: since when, by whom.
    history: Vec<(String, String, String)>,
}

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/policy/parts", get(list))
        .route("/policy/parts/new", get(blank).post(add))
        .route("/policy/part", get(show).post(change))
}

fn address(part_no: &str) -> String {
    let no: String = form_urlencoded::byte_serialize(part_no.as_bytes()).collect();
    format!("/policy/part?no={no}")
}

async fn list(Shared(gateway): Shared<Arc<Gateway>>, visitor: Visitor) -> Result<Response, Problem> {
    Nav::Policy.check(&visitor)?;
    gateway
        .blocking(move |gateway| {
            let (w, search) = (visitor.w, visitor.asked("q").to_lowercase());
            let parts = gateway.relay().parts()?;
            let total = parts.len();
            let after = visitor.asked("after");
            let has = |text: &str| text.to_lowercase().contains(&search);
            let mut found: Vec<&Part> = parts
                .iter()
                .filter(|part| has(&part.part_no) || has(&part.name))
                .filter(|part| after.is_empty() || part.part_no.as_str() > after)
                .take(PAGE + 1)
                .collect();
            let has_more = found.len() > PAGE;
            found.truncate(PAGE);
            let next = found.last().filter(|_| has_more).map(|last| {
                let mut text = form_urlencoded::Serializer::new(String::new());
                text.append_pair("q", visitor.asked("q")).append_pair("after", &last.part_no);
                format!("/policy/parts?{}", text.finish())
            });
            let lines = found.into_iter().map(|part| Line {
                path: address(&part.part_no),
                part_no: part.part_no.clone(),
                name: part.name.clone(),
                price: money(part.unit_price),
                is_active: part.active,
            });
            Ok(render(&ListPage {
                lines: lines.collect(),
                search: visitor.asked("q").to_owned(),
                total,
                may_change: visitor.sight.administers(),
                next,
                is_first: after.is_empty(),
                f: Frame::of(&visitor, Some(Nav::Policy), w.catalogue()),
            }))
        })
        .await
}

async fn blank(Shared(gateway): Shared<Arc<Gateway>>, visitor: Visitor) -> Result<Response, Problem> {
    Nav::Policy.check_change(&visitor)?;
    gateway.blocking(move |gateway| draw(gateway, &visitor, None, Form::default(), StatusCode::OK)).await
}

async fn show(Shared(gateway): Shared<Arc<Gateway>>, visitor: Visitor) -> Result<Response, Problem> {
    Nav::Policy.check_change(&visitor)?;
    gateway
        .blocking(move |gateway| {
            let part = find(gateway, visitor.asked("no"))?;
            draw(gateway, &visitor, Some(&part), Form::default(), StatusCode::OK)
        })
        .await
}

fn find(gateway: &Gateway, part_no: &str) -> Result<Part, Problem> {
    let parts = gateway.relay().parts()?;
    parts.into_iter().find(|part| part.part_no == part_no).ok_or(Problem::of(Code::NotFound))
}

fn draw(
    gateway: &Gateway,
    visitor: &Visitor,
    part: Option<&Part>,
    mut form: Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let (w, directory) = (visitor.w, &*visitor.directory);
    let almanac = Almanac { w, zone: &directory.policy.zone, now: visitor.now };
    let records = Place::Records.page(&directory.tenant);
    let after = gateway.relay().store().read(|db| last_decision(db, directory, records))?;
    let mut history = Vec::new();
    if let Some(part) = part {
        for decision in gateway.relay().history_of(&Question::Part(part.part_no.clone()))?.iter().rev() {
            if let Ask::PutPart { part } = decision.ask() {
                let what = if part.active { money(part.unit_price) } else { w.part_retired().to_owned() };
                history.push((almanac.moment(decision.at()), what, directory.name_of(decision.by())));
            }
        }
        if !form.fields.has("name") {
            let price = format!("{}.{:02}", part.unit_price / 100, part.unit_price % 100);
            form.fields.set("name", part.name.clone());
            form.fields.set("unit_price", price);
            form.fields.set("active", if part.active { "yes" } else { "no" });
        }
        form.fields.set("part_no", part.part_no.clone());
    }
    let title = part.map_or_else(|| w.part_new().to_owned(), |part| part.part_no.clone());
    Ok(render_as(
        status,
        &Page {
            form,
            id: fresh_id(visitor.now),
            after: after.map_or("none".into(), |id| id.to_string()),
            is_new: part.is_none(),
            history,
            f: Frame::of(visitor, Some(Nav::Policy), title),
        },
    ))
}

async fn add(gateway: Shared<Arc<Gateway>>, filed: Filed) -> Result<Response, Problem> {
    put(gateway, filed, true).await
}

async fn change(gateway: Shared<Arc<Gateway>>, filed: Filed) -> Result<Response, Problem> {
    put(gateway, filed, false).await
}

async fn put(Shared(gateway): Shared<Arc<Gateway>>, filed: Filed, is_new: bool) -> Result<Response, Problem> {
    Nav::Policy.check_change(&filed.visitor)?;
    gateway
        .blocking(move |gateway| {
            let Filed { visitor, fields } = filed;
            let (w, mut form) = (visitor.w, Form::with(fields));
            let part_no = form.text(w, "part_no", w.part_number(), MAX_NUMBER);
            let before = match find(gateway, &part_no) {
                Ok(part) => Some(part),
                Err(problem) if is_new && problem.code == Code::NotFound => None,
                Err(problem) => return Err(problem),
            };
            if is_new && before.is_some() && !act::was_taken(gateway, &visitor, &form)? {
                form.blame("part_no", w.part_exists());
            }
            // The number is counted in bytes by the model; Chinese letters take three.
            if part_no.len() > MAX_NUMBER {
                form.blame("part_no", w.too_long(MAX_NUMBER / 3));
            }
            let name = form.text(w, "name", w.customer_name(), MAX_NAME);
            let unit_price = parse_money(form.get("unit_price")).filter(|fen| *fen <= MAX_FEN).unwrap_or_else(|| {
                form.blame("unit_price", w.not_money());
                0
            });
            let active = is_new || form.chose("active", "yes");
            if !form.is_sound() {
                let before = before.filter(|_| !is_new);
                return draw(gateway, &visitor, before.as_ref(), form, StatusCode::UNPROCESSABLE_ENTITY);
            }
            form.fields.set("about", part_no.clone());
            let ask = Some(Ask::PutPart { part: Part { part_no, name, unit_price, active } });
            match act::take(gateway, &visitor, form, Wish { ask, write: None })? {
                Done::Taken => Ok(on_to("/policy/parts", "saved")),
                Done::AlreadySo => Ok(on_to("/policy/parts", "already")),
                Done::Not(form) => {
                    let before = before.filter(|_| !is_new);
                    draw(gateway, &visitor, before.as_ref(), form, StatusCode::CONFLICT)
                }
            }
        })
        .await
}
