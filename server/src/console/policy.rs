//! Policy: what the company has settled for itself, the terms that hold, held and will hold, each with its day and what
//! it changed; and the catalogue of parts. A change never reaches back: it holds from a day on that hasn't begun.

mod edit;
mod parts;
mod terms;

use super::page::{Frame, Nav, render};
use super::show::Almanac;
use super::visit::Visitor;
use crate::http::{Gateway, Problem};
use crate::relay::SYSTEM;
use askama::Template;
use axum::Router;
use axum::extract::State as Shared;
use axum::response::Response;
use axum::routing::get;
use outpost_model::command::{Ask, Question};
use outpost_model::id::UserId;
use outpost_model::policy::Policy;
use outpost_model::time::{Day, Millis};
use std::collections::HashMap;
use std::sync::Arc;
use terms::Term;

/// Terms that hold from a day on, and what they changed.
struct Span {
    from: String,
    decided: String,
    look: &'static str,
    icon: &'static str,
    state: &'static str,
    changes: Vec<Change>,
}

struct Change {
    word: &'static str,
    before: String,
    after: String,
}

#[derive(Template)]
#[template(path = "policy.html")]
struct Page {
    f: Frame,
    may_change: bool,
    since: String,
    now: Vec<Term>,
    spans: Vec<Span>,
}

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new().route("/policy", get(page)).merge(edit::routes()).merge(parts::routes())
}

async fn page(Shared(gateway): Shared<Arc<Gateway>>, visitor: Visitor) -> Result<Response, Problem> {
    Nav::Policy.check(&visitor)?;
    gateway.blocking(move |gateway| draw(gateway, &visitor)).await
}

fn draw(gateway: &Gateway, visitor: &Visitor) -> Result<Response, Problem> {
    let (w, policy) = (visitor.w, &*visitor.directory.policy);
    let almanac = Almanac { w, zone: &policy.zone, now: visitor.now };
    let today = policy.zone.day(visitor.now);
    let decided = who_decided(gateway)?;
    let spans = policy.spans();
    let now = policy.on(today);
    let since = spans.iter().find(|(_, span)| std::ptr::eq(*span, now)).and_then(|(from, _)| *from);
    let mut lines: Vec<Span> = Vec::new();
    let mut before: Option<&Policy> = None;
    for (from, span) in spans {
        let (look, icon, state) = match from {
            Some(from) if from > today => ("blue outlined", "hourglass", w.policy_coming()),
            _ if std::ptr::eq(span, now) => ("green bare", "circle-check", w.policy_holds()),
            _ => ("slate bare", "archive", w.policy_held()),
        };
        let by = decided.get(&span.version);
        lines.push(Span {
            from: from.map_or_else(|| w.policy_always().to_owned(), |day| w.policy_from(day)),
            decided: by.map_or(String::new(), |(who, at)| {
                let who = match who.as_str() {
                    SYSTEM => w.policy_founding().to_owned(),
                    _ => visitor.directory.name_of(who),
                };
                w.policy_decided(who, almanac.moment(*at), span.version)
            }),
            look,
            icon,
            state,
            changes: before.map_or(Vec::new(), |before| changes(visitor, before, span)),
        });
        before = Some(span);
    }
    lines.reverse();
    Ok(render(&Page {
        may_change: visitor.sight.administers(),
        since: since.map_or_else(|| w.policy_always().to_owned(), |day: Day| w.policy_from(day)),
        now: terms::of(w, now),
        spans: lines,
        f: Frame::of(visitor, Some(Nav::Policy), w.policy()),
    }))
}

fn changes(visitor: &Visitor, before: &Policy, after: &Policy) -> Vec<Change> {
    let (before, after) = (terms::of(visitor.w, before), terms::of(visitor.w, after));
    let pairs = before.into_iter().zip(after).filter(|(before, after)| before.text != after.text);
    pairs.map(|(before, after)| Change { word: after.word, before: before.text, after: after.text }).collect()
}

/// Who decided each version, and when.
fn who_decided(gateway: &Gateway) -> Result<HashMap<u32, (UserId, Millis)>, Problem> {
    let history = gateway.relay().history_of(&Question::Policy)?;
    let decided = history.iter().filter_map(|decision| match decision.ask() {
        Ask::PutPolicy { policy } => Some((policy.version, (decision.by().clone(), decision.at()))),
        _ => None,
    });
    Ok(decided.collect())
}
