//! Approvals: everything that wants a yes or no from whoever looks, by sort, the oldest first; and what was decided
//! lately, with who and why.

use super::matter::DECIDED;
use super::page::{Frame, Nav, render};
use super::show::Almanac;
use super::tell;
use super::visit::Visitor;
use super::waiting::{self, Task, TaskButton};
use crate::http::{Gateway, Problem};
use crate::store::{StoreError, probe};
use askama::Template;
use axum::Router;
use axum::extract::State as Shared;
use axum::response::Response;
use axum::routing::get;
use outpost_model::access::Action;
use outpost_model::command::Ask;
use outpost_model::decision::Decision;
use outpost_model::header::{Header, Subject};
use outpost_model::id::{StationId, UserId};
use rusqlite::{Connection, params};
use std::sync::Arc;

/// Decisions on the page of those made lately.
const LATELY: usize = 60;

struct Section {
    title: &'static str,
    tasks: Vec<Task>,
}

struct Decided {
    at: String,
    who: String,
    what: String,
    about: String,
    path: String,
}

#[derive(Template)]
#[template(path = "approvals.html")]
struct Page {
    f: Frame,
    sections: Vec<Section>,
    waiting: usize,
    /// Cash to take over has a page of its own.
    cash: Option<String>,
}

#[derive(Template)]
#[template(path = "approvals_decided.html")]
struct Lately {
    f: Frame,
    lines: Vec<Decided>,
}

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new().route("/approvals", get(show)).route("/approvals/decided", get(lately))
}

async fn show(Shared(gateway): Shared<Arc<Gateway>>, visitor: Visitor) -> Result<Response, Problem> {
    Nav::Approvals.check(&visitor)?;
    gateway
        .blocking(move |gateway| {
            let w = visitor.w;
            let reach = visitor.sight.orders().clone();
            let tasks = gateway.relay().store().read(|db| waiting::tasks(db, &visitor, &reach, &DECIDED))?;
            let waiting = tasks.len();
            let mut sections: Vec<Section> =
                DECIDED.iter().map(|matter| Section { title: w.matter(*matter), tasks: Vec::new() }).collect();
            for task in tasks {
                if let Some(place) = DECIDED.iter().position(|matter| *matter == task.matter) {
                    sections[place].tasks.push(task);
                }
            }
            sections.retain(|section| !section.tasks.is_empty());
            let f = Frame::of(&visitor, Some(Nav::Approvals), w.approvals());
            let cash = visitor.badges.cash;
            Ok(render(&Page { f, sections, waiting, cash: (cash > 0).then(|| w.cash_waits(cash)) }))
        })
        .await
}

async fn lately(Shared(gateway): Shared<Arc<Gateway>>, visitor: Visitor) -> Result<Response, Problem> {
    Nav::Approvals.check(&visitor)?;
    gateway
        .blocking(move |gateway| {
            let decisions = gateway.relay().latest_decisions(LATELY, |db, header, decision| {
                Ok(wants_yes_or_no(decision.ask()) && is_seen(db, &visitor, header)?)
            })?;
            let almanac = visitor.almanac();
            let lines = gateway.relay().store().read(|db| {
                let lines = decisions.iter().map(|(header, decision)| line(db, &visitor, &almanac, header, decision));
                lines.collect::<Result<Vec<_>, _>>()
            })?;
            let f = Frame::of(&visitor, Some(Nav::Approvals), visitor.w.decided_lately());
            Ok(render(&Lately { f, lines }))
        })
        .await
}

/// Decisions of the sort that this page is about.
fn wants_yes_or_no(ask: &Ask) -> bool {
    matches!(
        ask,
        Ask::DecideLeave { .. }
            | Ask::DecideForm { .. }
            | Ask::Inspect { .. }
            | Ask::AcknowledgeCash { .. }
            | Ask::VoidReceipt { .. }
            | Ask::SignOff { .. }
            | Ask::Unseal { .. }
            | Ask::Correct { .. }
    )
}

/// Whose page it is, if it is a person's.
fn whose(header: &Header) -> Option<&UserId> {
    match &header.subject {
        Subject::Attendance { person, .. } | Subject::Record { person, .. } => Some(person),
        Subject::Order { .. } | Subject::Visit { .. } | Subject::Customer { .. } | Subject::Asset { .. } => None,
    }
}

/// Whether this person may read what a decision is about.
fn is_seen(db: &Connection, visitor: &Visitor, header: &Header) -> Result<bool, StoreError> {
    if let Some(person) = whose(header) {
        return Ok(visitor.sight.may_time(Action::Read, person, visitor.directory.station_of(person)));
    }
    let Some(order) = header.order() else { return Ok(false) };
    let sql = "select station from service_call where tenant = $1 and page = $2";
    let station: Option<Option<String>> =
        probe(db, sql, params![visitor.directory.tenant.as_str(), order.0], |row| row.get(0))?;
    let Some(station) = station else { return Ok(false) };
    let station = station.and_then(|station| StationId::parse(&station).ok());
    Ok(visitor.sight.orders().holds(station.as_ref()))
}

fn line(
    db: &Connection,
    visitor: &Visitor,
    almanac: &Almanac<'_>,
    header: &Header,
    decision: &Decision,
) -> Result<Decided, StoreError> {
    let directory = &*visitor.directory;
    let (about, path) = match (&header.subject, header.order()) {
        (_, Some(order)) => {
            let sql = "select o.number, coalesce(c.name, o.customer) from order_row o left join customer_row c \
                       on c.tenant = o.tenant and c.customer = o.customer where o.tenant = $1 and o.page = $2";
            let found = probe(db, sql, params![directory.tenant.as_str(), order.0], |row| {
                Ok(format!("{} {}", row.get::<_, String>(0)?, row.get::<_, String>(1)?))
            })?;
            (found.unwrap_or_default(), format!("/orders/{order}"))
        }
        (Subject::Attendance { person, month }, None) => {
            let path = match decision.ask() {
                Ask::DecideLeave { page, leave, .. } => format!("/leave/{page}/{leave}"),
                _ => format!("/attendance/{person}?month={month}"),
            };
            (directory.name_of(person), path)
        }
        (Subject::Record { person, .. }, None) => (directory.name_of(person), format!("/forms/{}", header.page())),
        _ => (String::new(), String::new()),
    };
    Ok(Decided {
        at: almanac.moment(decision.at()),
        who: directory.name_of(decision.by()),
        what: tell::tell_ask(almanac, directory, decision.ask()),
        about,
        path,
    })
}
