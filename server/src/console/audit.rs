//! Who signed in, what was decided here, what was exported: one line each, kept beside the log, read by headquarters
//! and auditors. A line is written after what it tells of, and never changed.

use super::page::{Frame, Nav, render};
use super::show::Almanac;
use super::visit::Visitor;
use super::words::Words;
use crate::http::{Gateway, Problem};
use crate::store::{StoreError, all, change};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use outpost_model::id::{TenantId, UserId};
use outpost_model::time::Millis;
use rusqlite::{Connection, params};
use std::sync::Arc;

/// Lines on a page.
const PAGE: i64 = 50;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    SignIn,
    WrongPassword,
    SignOut,
    Decision,
    Export,
    Password,
    Invitation,
    Review,
}

impl Act {
    const ALL: [Act; 8] = [
        Act::SignIn,
        Act::WrongPassword,
        Act::SignOut,
        Act::Decision,
        Act::Export,
        Act::Password,
        Act::Invitation,
        Act::Review,
    ];

    fn name(self) -> &'static str {
        match self {
            Act::SignIn => "sign_in",
            Act::WrongPassword => "wrong_password",
            Act::SignOut => "sign_out",
            Act::Decision => "decision",
            Act::Export => "export",
            Act::Password => "password",
            Act::Invitation => "invitation",
            Act::Review => "review",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.name() == name)
    }

    fn word(self, w: Words) -> &'static str {
        match self {
            Act::SignIn => w.audit_sign_in(),
            Act::WrongPassword => w.audit_sign_in_wrong(),
            Act::SignOut => w.audit_sign_out(),
            Act::Decision => w.audit_decision(),
            Act::Export => w.audit_export(),
            Act::Password => w.audit_password(),
            Act::Invitation => w.audit_invitation(),
            Act::Review => w.audit_review(),
        }
    }
}

/// Writes a line. What can't be written is told to the operator, and undoes nothing.
pub fn note(gateway: &Gateway, by: &UserId, act: Act, detail: impl Into<String>) {
    let Some(tenant) = gateway.relay().tenant() else { return };
    let (by, detail, now) = (by.clone(), detail.into(), gateway.now());
    let written = gateway.relay().store().write(move |tx| write(tx, &tenant, now, &by, act, &detail));
    if let Err(error) = written {
        tracing::error!(%error, act = act.name(), "an audit line couldn't be written");
    }
}

fn write(
    db: &Connection,
    tenant: &TenantId,
    now: Millis,
    by: &UserId,
    act: Act,
    detail: &str,
) -> Result<(), StoreError> {
    let sql = "insert into audit (tenant, id, at, person, act, detail) \
               select $1, coalesce(max(id), 0) + 1, $2, $3, $4, $5 from audit where tenant = $1";
    change(db, sql, params![tenant.as_str(), now.0, by.as_str(), act.name(), detail]).map(drop)
}

struct Line {
    at: String,
    who: String,
    user: String,
    what: &'static str,
    detail: String,
}

struct Choice {
    name: &'static str,
    word: &'static str,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "audit.html")]
struct Page {
    f: Frame,
    lines: Vec<Line>,
    choices: Vec<Choice>,
    is_all: bool,
    next: Option<String>,
    is_first: bool,
}

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new().route("/audit", get(page))
}

async fn page(State(gateway): State<Arc<Gateway>>, visitor: Visitor) -> Result<Response, Problem> {
    Nav::Audit.check(&visitor)?;
    gateway.blocking(move |gateway| draw(gateway, &visitor)).await
}

fn draw(gateway: &Gateway, visitor: &Visitor) -> Result<Response, Problem> {
    let w = visitor.w;
    let act = Act::parse(visitor.asked("act"));
    let before: i64 = visitor.asked("before").parse().unwrap_or(i64::MAX);
    let tenant = visitor.directory.tenant.as_str();
    let read = |row: &rusqlite::Row<'_>| {
        Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get::<_, String>(2)?, row.get::<_, String>(3)?, row.get(4)?))
    };
    let mut rows: Vec<(i64, i64, String, String, String)> = gateway.relay().store().read(|db| match act {
        Some(act) => {
            let sql = "select id, at, person, act, detail from audit where tenant = $1 and act = $2 and id < $3 \
                       order by id desc limit $4";
            all(db, sql, params![tenant, act.name(), before, PAGE + 1], read)
        }
        None => {
            let sql = "select id, at, person, act, detail from audit where tenant = $1 and id < $2 \
                       order by id desc limit $3";
            all(db, sql, params![tenant, before, PAGE + 1], read)
        }
    })?;
    let has_more = rows.len() as i64 > PAGE;
    rows.truncate(PAGE as usize);
    let next = rows.last().filter(|_| has_more).map(|(id, ..)| match act {
        Some(act) => format!("/audit?act={}&before={id}", act.name()),
        None => format!("/audit?before={id}"),
    });
    let almanac = Almanac { w, zone: &visitor.directory.policy.zone, now: visitor.now };
    let lines = rows.into_iter().map(|(_, at, person, act, detail)| Line {
        at: almanac.exact(Millis(at)),
        who: UserId::parse(&person).map_or_else(|_| person.clone(), |user| visitor.directory.name_of(&user)),
        user: person,
        what: Act::parse(&act).map_or("", |act| act.word(w)),
        detail,
    });
    let choices =
        Act::ALL.into_iter().map(|one| Choice { name: one.name(), word: one.word(w), is_chosen: act == Some(one) });
    Ok(render(&Page {
        lines: lines.collect(),
        choices: choices.collect(),
        is_all: act.is_none(),
        next,
        is_first: before == i64::MAX,
        f: Frame::of(visitor, Some(Nav::Audit), w.audit()),
    }))
}
