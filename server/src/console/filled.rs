//! One filled form as it was sent: what it says, what became of earlier sendings, and the decision where it waits for
//! this person's.

use super::act::{self, Done, Wish, fresh_id, last_decision};
use super::form::Form;
use super::page::{Frame, Nav, on_to, render_as};
use super::show::{Almanac, money};
use super::visit::{Filed, Visitor};
use super::words::Words;
use crate::http::{Gateway, Problem};
use crate::relay::form_version;
use crate::store::{StoreError, probe};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use outpost_model::access::Action;
use outpost_model::command::Ask;
use outpost_model::entry::Value;
use outpost_model::fold::record::{Content, RecordFacts, Sending};
use outpost_model::form::{Answers, Form as Definition, FormField};
use outpost_model::id::{EntryId, PageId};
use outpost_model::problem::Code;
use outpost_model::table::Table;
use rusqlite::{Connection, params};
use std::sync::Arc;

struct Answered {
    word: String,
    value: String,
    rows: Option<Rows>,
}

struct Rows {
    heads: Vec<String>,
    lines: Vec<Vec<String>>,
}

struct Earlier {
    title: String,
    about: String,
}

#[derive(Template)]
#[template(path = "filled.html")]
struct Page {
    f: Frame,
    form: Form,
    path: String,
    number: String,
    period: String,
    sent: String,
    answers: Vec<Answered>,
    written: Option<Rows>,
    earlier: Vec<Earlier>,
    decided: Option<String>,
    changed: bool,
    sending: String,
    id: String,
    after: String,
    may: bool,
}

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new().route("/forms/{page}", get(show).post(decide))
}

async fn show(
    Shared(gateway): Shared<Arc<Gateway>>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let page = PageId::parse(&id).map_err(|_| Problem::of(Code::NotFound))?;
    gateway.blocking(move |gateway| draw(gateway, &visitor, page, Form::default(), StatusCode::OK)).await
}

/// What the fold says of a form, and who it waits for.
fn found(db: &Connection, visitor: &Visitor, page: PageId) -> Result<Option<(RecordFacts, String)>, StoreError> {
    let sql = "select facts, coalesce(waits, '') from record where tenant = $1 and page = $2 and facts <> ''";
    let row = probe(db, sql, params![visitor.directory.tenant.as_str(), page.0], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    let read = |(facts, waits): (String, String)| {
        Ok((serde_json::from_str::<RecordFacts>(&facts).map_err(StoreError::damaged)?, waits))
    };
    row.map(read).transpose()
}

/// `周工作计划 10-12`: the form's name and its period.
pub fn name_of(db: &Connection, visitor: &Visitor, facts: &RecordFacts) -> Result<String, StoreError> {
    let form = form_version(db, &visitor.directory.tenant, &facts.form, facts.version)?;
    let name = form.map_or_else(|| facts.form.to_string(), |form| visitor.w.of(&form.zh, &form.en).to_owned());
    let period = facts.period.map(|day| format!(" {}", visitor.almanac().plain_day(day)));
    Ok(format!("{name}{}", period.unwrap_or_default()))
}

fn draw(
    gateway: &Gateway,
    visitor: &Visitor,
    page: PageId,
    form: Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let (w, directory, almanac) = (visitor.w, &*visitor.directory, visitor.almanac());
    let none = || Problem::of(Code::NotFound);
    let found = gateway.relay().store().read(|db| {
        let Some((facts, waits)) = found(db, visitor, page)? else { return Ok(None) };
        let version = facts.last_sent().map_or(facts.version, |sent| sent.version);
        let definition = form_version(db, &directory.tenant, &facts.form, version)?;
        let after = last_decision(db, directory, page)?;
        Ok(definition.map(|definition| (facts, waits, definition, after)))
    })?;
    let (facts, waits, definition, after) = found.ok_or_else(none)?;
    if !visitor.sight.may_form(Action::Read, &facts.person, directory.station_of(&facts.person)) {
        return Err(none());
    }
    let sent = facts.last_sent();
    let content = sent.map_or(&facts.content, |sent| &sent.content);
    let sent_words = |sent: &Sending| format!("{} · {}", w.revision(sent.revision), w.sent_at(almanac.moment(sent.at)));
    let ruled = |sent: &Sending| {
        sent.ruled.as_ref().map(|ruled| {
            let verb = if ruled.approved { w.approved() } else { w.returned() };
            let words = w.by_at(directory.name_of(&ruled.by), almanac.moment(ruled.at), verb);
            if ruled.reason.is_empty() { words } else { format!("{words}{}{}", w.of("：", ": "), ruled.reason) }
        })
    };
    let earlier = facts.sendings.iter().rev().skip(1);
    let written = sent.filter(|sent| !sent.lines.is_empty()).map(|sent| Rows {
        heads: Table::Daily.columns().iter().map(|column| w.of(column.zh, column.en).to_owned()).collect(),
        lines: sent.lines.clone(),
    });
    let name = w.of(&definition.zh, &definition.en).to_owned();
    Ok(render_as(
        status,
        &Page {
            path: format!("/forms/{page}"),
            number: definition.number.clone().unwrap_or_default(),
            period: facts.period.map(|day| almanac.plain_day(day)).unwrap_or_default(),
            sent: sent.map_or_else(|| w.form_draft().to_owned(), sent_words),
            answers: answers(&almanac, &definition, content),
            written,
            earlier: earlier
                .map(|sent| Earlier { title: sent_words(sent), about: ruled(sent).unwrap_or_default() })
                .collect(),
            decided: sent.and_then(ruled),
            changed: facts.changed,
            sending: sent.map(|sent| sent.entry.to_string()).unwrap_or_default(),
            id: fresh_id(visitor.now),
            after: after.map_or_else(|| "none".to_owned(), |id| id.to_string()),
            may: visitor.sight.may_rule(&waits, &facts.person, directory.station_of(&facts.person)),
            form,
            f: Frame::of(visitor, Some(Nav::Approvals), format!("{name} · {}", directory.name_of(&facts.person))),
        },
    ))
}

fn answers(almanac: &Almanac<'_>, definition: &Definition, content: &Content) -> Vec<Answered> {
    let w = almanac.w;
    let answer = |field: &FormField| {
        let word = w.of(&field.zh, &field.en).to_owned();
        let Answers::Table { columns } = &field.answer else {
            let value = content.answers.get(&field.name).map(|value| spell(w, field, value)).unwrap_or_default();
            return Answered { word, value, rows: None };
        };
        let lines = content.rows.get(&field.name).into_iter().flatten().map(|line| {
            let cell = |column: &FormField| line.cells.get(&column.name).map(|value| spell(w, column, value));
            columns.iter().map(|column| cell(column).unwrap_or_default()).collect()
        });
        let heads = columns.iter().map(|column| w.of(&column.zh, &column.en).to_owned()).collect();
        Answered { word, value: String::new(), rows: Some(Rows { heads, lines: lines.collect() }) }
    };
    definition.fields.iter().map(answer).collect()
}

fn spell(w: Words, field: &FormField, value: &Value) -> String {
    match (value, &field.answer) {
        (Value::Number(fen), Answers::Money) => money(*fen),
        (Value::Number(number), _) => number.to_string(),
        (Value::YesNo(yes), _) => if *yes { w.yes() } else { w.no() }.to_owned(),
        (Value::Text(code), Answers::Choice { options }) => options
            .iter()
            .find(|option| option.code == *code)
            .map_or_else(|| code.clone(), |option| w.of(&option.zh, &option.en).to_owned()),
        (Value::Text(text), _) => text.clone(),
    }
}

async fn decide(
    Shared(gateway): Shared<Arc<Gateway>>,
    Path(id): Path<String>,
    filed: Filed,
) -> Result<Response, Problem> {
    let page = PageId::parse(&id).map_err(|_| Problem::of(Code::NotFound))?;
    gateway
        .blocking(move |gateway| {
            let Filed { visitor, fields } = filed;
            let (w, mut form) = (visitor.w, Form::with(fields));
            let found = gateway.relay().store().read(|db| found(db, &visitor, page))?;
            let (facts, _) = found.ok_or(Problem::of(Code::NotFound))?;
            if !visitor.sight.may_form(Action::Read, &facts.person, visitor.directory.station_of(&facts.person)) {
                return Err(Problem::of(Code::NotFound));
            }
            let sending = EntryId::parse(form.get("sending")).map_err(|_| Problem::of(Code::BadRequest))?;
            let approve = form.get("answer") == "approve";
            let reason = form.optional(w, "reason", 500);
            if !approve && reason.is_empty() {
                form.blame("reason", w.give_reason());
            }
            form.fields.set("about", format!("{} {}", facts.form, facts.person));
            if !form.is_sound() {
                return draw(gateway, &visitor, page, form, StatusCode::UNPROCESSABLE_ENTITY);
            }
            let ask = Ask::DecideForm { page, sending, approve, reason };
            match act::take(gateway, &visitor, form, Wish { ask: Some(ask), write: None })? {
                Done::Taken => Ok(on_to("/approvals", if approve { "form_approved" } else { "form_returned" })),
                Done::AlreadySo => Ok(on_to("/approvals", "already")),
                Done::Not(form) => draw(gateway, &visitor, page, form, StatusCode::CONFLICT),
            }
        })
        .await
}
