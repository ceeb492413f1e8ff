//! One request for leave: approved, or returned with a reason that reaches the phone. Five reasons stand ready.

use super::act::{self, Done, Wish, fresh_id, last_decision};
use super::form::Form;
use super::page::{Frame, Nav, inward, on_to, render_as};
use super::show::Almanac;
use super::tell;
use super::visit::{Filed, Visitor};
use crate::http::{Gateway, Problem};
use crate::store::probe;
use askama::Template;
use axum::Router;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use outpost_model::access::Action;
use outpost_model::command::Ask;
use outpost_model::id::{EntryId, PageId, UserId};
use outpost_model::problem::Code;
use outpost_model::time::Day;
use rusqlite::params;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "leave.html")]
struct Page {
    f: Frame,
    form: Form,
    post_to: String,
    id: String,
    after: String,
    to: String,
    lines: Vec<(&'static str, String)>,
    ready: [&'static str; 5],
    /// Who decided, when, and with what words.
    decided: Option<String>,
}

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new().route("/leave/{page}/{entry}", get(show).post(decide))
}

type Ids = Path<(String, String)>;

fn parse((page, entry): &(String, String)) -> Result<(PageId, EntryId), Problem> {
    let none = || Problem::of(Code::NotFound);
    Ok((PageId::parse(page).map_err(|_| none())?, EntryId::parse(entry).map_err(|_| none())?))
}

async fn show(Shared(gateway): Shared<Arc<Gateway>>, Path(ids): Ids, visitor: Visitor) -> Result<Response, Problem> {
    let ids = parse(&ids)?;
    gateway.blocking(move |gateway| draw(gateway, &visitor, ids, Form::default(), StatusCode::OK)).await
}

fn draw(
    gateway: &Gateway,
    visitor: &Visitor,
    (page, entry): (PageId, EntryId),
    form: Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let (w, directory) = (visitor.w, &*visitor.directory);
    let almanac = Almanac { w, zone: &directory.policy.zone, now: visitor.now };
    let tenant = directory.tenant.as_str();
    let (found, after) = gateway.relay().store().read(|db| {
        let sql = "select person, kind, day_from, day_to, reason, approved from leave_row \
                   where tenant = $1 and entry = $2 and page = $3";
        let found = probe(db, sql, params![tenant, entry.0, page.0], |row| {
            let text = |place: usize| row.get::<_, String>(place);
            Ok((text(0)?, text(1)?, text(2)?, text(3)?, text(4)?, row.get::<_, Option<i64>>(5)?))
        })?;
        Ok((found, last_decision(db, directory, page)?))
    })?;
    let none = || Problem::of(Code::NotFound);
    let (person, kind, from, to, reason, approved) = found.ok_or_else(none)?;
    let user = UserId::parse(&person).map_err(|_| none())?;
    let station = directory.people.get(&user).and_then(|person| person.station.clone());
    if !visitor.sight.may_time(Action::DecideLeave, &user, station.as_ref()) {
        return Err(none());
    }
    let day = |text: &str| Day::parse(text).map_or_else(|_| text.to_owned(), |day| almanac.plain_day(day));
    let days = if from == to { day(&from) } else { format!("{} – {}", day(&from), day(&to)) };
    let lines = vec![
        (w.who(), directory.name_of(&user)),
        (w.leave(), format!("{} {days}", tell::leave_kind(w, &kind))),
        (w.reason(), reason),
    ];
    let came_from = [form.get("to"), visitor.asked("to"), "/approvals"].into_iter().find(|to| !to.is_empty());
    let to = inward(came_from.unwrap_or("/approvals")).to_owned();
    let is_decided = approved.is_some();
    let title = w.wait_leave(directory.name_of(&user), days);
    Ok(render_as(
        status,
        &Page {
            post_to: format!("/leave/{page}/{entry}"),
            id: fresh_id(visitor.now),
            after: after.map_or("none".into(), |id| id.to_string()),
            to,
            lines,
            ready: [w.return_ready_1(), w.return_ready_2(), w.return_ready_3(), w.return_ready_4(), w.return_ready_5()],
            decided: if is_decided { decided_by(gateway, visitor, &user, (page, entry))? } else { None },
            form,
            f: Frame::of(visitor, Some(Nav::Approvals), title),
        },
    ))
}

fn decided_by(
    gateway: &Gateway,
    visitor: &Visitor,
    person: &UserId,
    (page, entry): (PageId, EntryId),
) -> Result<Option<String>, Problem> {
    let (w, story) = (visitor.w, gateway.relay().own_story(person)?);
    let decisions = story.iter().filter(|sheaf| sheaf.header.page() == page).flat_map(|sheaf| &sheaf.decisions);
    let last = decisions.rev().find_map(|decision| match decision.ask() {
        Ask::DecideLeave { leave, approve, reason, .. } if *leave == entry => Some((decision, *approve, reason)),
        _ => None,
    });
    Ok(last.map(|(decision, approve, reason)| {
        let verb = if approve { w.approved() } else { w.returned() };
        let at = visitor.almanac().moment(decision.at());
        let words = w.by_at(visitor.directory.name_of(decision.by()), at, verb);
        if reason.is_empty() { words } else { format!("{words}{}{reason}", w.of("：", ": ")) }
    }))
}

async fn decide(Shared(gateway): Shared<Arc<Gateway>>, Path(ids): Ids, filed: Filed) -> Result<Response, Problem> {
    let (page, leave) = parse(&ids)?;
    gateway
        .blocking(move |gateway| {
            let Filed { visitor, fields } = filed;
            let (w, mut form) = (visitor.w, Form::with(fields));
            let approve = form.get("answer") == "approve";
            let own = form.optional(w, "own", 500);
            let reason = if own.is_empty() { form.get("ready").to_owned() } else { own };
            if !approve && reason.is_empty() {
                form.blame("own", w.give_reason());
            }
            if !form.is_sound() {
                return draw(gateway, &visitor, (page, leave), form, StatusCode::UNPROCESSABLE_ENTITY);
            }
            let to = inward(form.get("to")).to_owned();
            let ask = Ask::DecideLeave { page, leave, approve, reason };
            match act::take(gateway, &visitor, form, Wish { ask: Some(ask), write: None })? {
                Done::Taken => Ok(on_to(&to, if approve { "approved" } else { "returned" })),
                Done::AlreadySo => Ok(on_to(&to, "already")),
                Done::Not(form) => draw(gateway, &visitor, (page, leave), form, StatusCode::CONFLICT),
            }
        })
        .await
}
