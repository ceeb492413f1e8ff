//! Somebody else's entry is voided, or put right, by a decision with a reason: never written over.

use super::super::act::{self, Done, Wish};
use super::super::form::Form;
use super::super::page::on_to;
use super::super::show::parse_local;
use super::super::visit::{Filed, Visitor};
use super::day::{Ids, asked, draw};
use crate::http::{Gateway, Problem};
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::response::Response;
use outpost_model::access::Action;
use outpost_model::command::{Ask, Replacement};
use outpost_model::entry::Body;
use outpost_model::header::Subject;
use outpost_model::id::{EntryId, PageId};
use outpost_model::problem::Code;
use outpost_model::record::Person;
use outpost_model::time::Millis;
use std::sync::Arc;

pub async fn take(Shared(gateway): Shared<Arc<Gateway>>, Path(ids): Ids, filed: Filed) -> Result<Response, Problem> {
    gateway
        .blocking(move |gateway| {
            let Filed { visitor, fields } = filed;
            let (w, mut form) = (visitor.w, Form::with(fields));
            let (who, day) = asked(&visitor, &ids)?;
            if !visitor.sight.may_time(Action::Correct, &who.user, who.station.as_ref()) {
                return Err(Problem::of(Code::NotAllowed));
            }
            let bad = || Problem::of(Code::BadRequest);
            let page = PageId::parse(form.get("page")).map_err(|_| bad())?;
            let target = EntryId::parse(form.get("target")).map_err(|_| bad())?;
            let (body, at) = counted(gateway, who, page, target)?;
            let reason = form.optional(w, "reason", 500);
            if reason.is_empty() {
                form.blame("reason", w.give_reason());
            }
            let (replacement, done) = match form.get("do") {
                "void" => (None, "entry_voided"),
                "correct" => (replacement(&visitor, &mut form, body, at), "corrected"),
                _ => return Err(bad()),
            };
            form.fields.set("about", format!("{} {day}", who.user));
            if !form.is_sound() {
                return draw(gateway, &visitor, who, day, form, StatusCode::UNPROCESSABLE_ENTITY);
            }
            let ask = Ask::Correct { page, target, reason, replacement };
            let path = format!("/attendance/{}/{day}", who.user);
            match act::take(gateway, &visitor, form, Wish { ask: Some(ask), write: None })? {
                Done::Taken => Ok(on_to(&path, done)),
                Done::AlreadySo => Ok(on_to(&path, "already")),
                Done::Not(form) => draw(gateway, &visitor, who, day, form, StatusCode::CONFLICT),
            }
        })
        .await
}

/// What counts of the entry now; it must be on a page of this person's own time.
fn counted(gateway: &Gateway, who: &Person, page: PageId, target: EntryId) -> Result<(Body, Millis), Problem> {
    let story = gateway.relay().own_story(&who.user)?;
    let his = |subject: &Subject| matches!(subject, Subject::Attendance { person, .. } if *person == who.user);
    let sheaf = story.iter().find(|sheaf| sheaf.header.page() == page && his(&sheaf.header.subject));
    let leaf = sheaf.and_then(|sheaf| sheaf.leaves.iter().find(|leaf| leaf.id == target));
    let leaf = leaf.ok_or(Problem::of(Code::NotFound))?;
    let (body, at) = leaf.counts().unwrap_or((&leaf.body, leaf.at));
    Ok((body.clone(), at))
}

/// The same entry with another moment, or other minutes.
fn replacement(visitor: &Visitor, form: &mut Form, body: Body, at: Millis) -> Option<Replacement> {
    let w = visitor.w;
    match body {
        Body::Task { note, minutes } => {
            let typed = form.get("minutes").parse::<u32>().ok().filter(|minutes| *minutes <= 24 * 60);
            if typed.is_none() {
                form.blame("minutes", w.not_minutes());
            }
            Some(Replacement { body: Body::Task { minutes: typed.unwrap_or(minutes), note }, at })
        }
        Body::RequestLeave { .. } => {
            form.trouble = Some(w.leave_is_decided().to_owned());
            None
        }
        body => {
            let typed = parse_local(&visitor.directory.policy.zone, form.get("at"));
            match typed {
                None => form.blame("at", w.not_a_moment()),
                Some(at) if at > visitor.now => form.blame("at", w.moment_ahead()),
                Some(_) => {}
            }
            Some(Replacement { body, at: typed.unwrap_or(at) })
        }
    }
}
