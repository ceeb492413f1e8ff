//! What is done from an order's page: each form says what the page had shown, and comes back as it was typed where it
//! wasn't taken.

use super::super::act::{self, Done, Wish};
use super::super::form::Form;
use super::super::page::{inward, on_to};
use super::super::show::parse_local;
use super::super::visit::Filed;
use super::page::{draw, story_for};
use crate::http::{Gateway, Problem};
use crate::store::probe;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::response::Response;
use outpost_model::access::Action;
use outpost_model::command::Ask;
use outpost_model::entry::Body;
use outpost_model::field;
use outpost_model::header::{Header, Kind};
use outpost_model::id::{PageId, UserId};
use outpost_model::problem::Code;
use rusqlite::params;
use std::sync::Arc;

/// Goods were looked at: from Today or from the order.
pub async fn inspect(
    Shared(gateway): Shared<Arc<Gateway>>,
    Path(id): Path<String>,
    filed: Filed,
) -> Result<Response, Problem> {
    let order = PageId::parse(&id).map_err(|_| Problem::of(Code::NotFound))?;
    gateway
        .blocking(move |gateway| {
            let Filed { visitor, fields } = filed;
            let story = story_for(gateway, &visitor, order)?;
            let mut form = Form::with(fields);
            form.fields.set("about", story.facts.number.clone());
            let (receipt_no, pass) = (form.get("receipt").to_owned(), form.get("pass") == "yes");
            let to = match inward(form.get("to")) {
                "/" => format!("/orders/{order}"),
                to => to.to_owned(),
            };
            let ask = Ask::Inspect { order, receipt_no, pass };
            match act::take(gateway, &visitor, form, Wish { ask: Some(ask), write: None })? {
                Done::Taken => Ok(on_to(&to, if pass { "inspected" } else { "failed" })),
                Done::AlreadySo => Ok(on_to(&to, "already")),
                Done::Not(form) => draw(gateway, &visitor, order, form, StatusCode::CONFLICT),
            }
        })
        .await
}

pub async fn take(
    Shared(gateway): Shared<Arc<Gateway>>,
    Path(id): Path<String>,
    filed: Filed,
) -> Result<Response, Problem> {
    let order = PageId::parse(&id).map_err(|_| Problem::of(Code::NotFound))?;
    gateway.blocking(move |gateway| carry_out(gateway, order, filed)).await
}

fn carry_out(gateway: &Gateway, order: PageId, filed: Filed) -> Result<Response, Problem> {
    let Filed { visitor, fields } = filed;
    let story = story_for(gateway, &visitor, order)?;
    let (w, mut form) = (visitor.w, Form::with(fields));
    form.fields.set("about", story.facts.number.clone());
    let header = story.order.header.clone();
    let deed = form.get("do").to_owned();
    let zone = &visitor.directory.policy.zone;
    let reason = |form: &mut Form| {
        let reason = form.optional(w, "reason", 500);
        if reason.is_empty() {
            form.blame("reason", w.give_reason());
        }
        reason
    };
    let (wish, done, needed) = match deed.as_str() {
        "rebook" => {
            let at = parse_local(zone, form.get("at"));
            match at {
                None => form.blame("at", w.not_a_moment()),
                Some(at) if at < visitor.now => form.blame("at", w.moment_past()),
                Some(_) => {}
            }
            let reason = reason(&mut form);
            let body = at.map(|appointment| Body::Rebook { appointment, reason });
            (write(&header, body), "rebooked", Action::Rebook)
        }
        "cancel" => {
            let reason = reason(&mut form);
            (ask(Ask::Cancel { order, reason }), "cancelled", Action::File)
        }
        "file" => (ask(Ask::Close { order }), "filed", Action::File),
        "reopen" => {
            let reason = reason(&mut form);
            (ask(Ask::Reopen { order, reason }), "reopened", Action::File)
        }
        "same" => {
            let number = form.text(w, "number", w.number(), 64);
            let found: Option<PageId> = gateway.relay().store().read(|db| {
                let sql = "select page from service_call where tenant = $1 and number = $2 order by page limit 1";
                probe(db, sql, params![visitor.directory.tenant.as_str(), number], |row| row.get(0).map(PageId))
            })?;
            match found {
                None if !number.is_empty() => form.blame("number", w.same_unknown()),
                Some(same) if same == order => form.blame("number", w.same_self()),
                _ => {}
            }
            let reason = reason(&mut form);
            let same = found.unwrap_or(order);
            (ask(Ask::SameAs { order, same, reason }), "same", Action::File)
        }
        "follow_up" => {
            let note = form.text(w, "note", w.follow_up_note(), 500);
            (write(&header, Some(Body::FollowUp { note })), "followed", Action::FollowUp)
        }
        "phone_fix" => {
            let note = form.text(w, "fix_note", w.phone_fix_note(), 500);
            (ask(Ask::FixByPhone { order, note }), "phone_fixed", Action::FixByPhone)
        }
        "helper_out" => {
            let helper = form.choice(w, "helper", |text| UserId::parse(text).ok());
            let wish = helper.map(|helper| Ask::RemoveHelper { order, helper });
            (Wish { ask: wish, write: None }, "helper", Action::Dispatch)
        }
        "void" => {
            let receipt_no = form.get("receipt").to_owned();
            let reason = reason(&mut form);
            (ask(Ask::VoidReceipt { order, receipt_no, reason }), "voided", Action::VoidReceipt)
        }
        "settle" | "edit" => {
            let name = form.get("field").to_owned();
            let known = field::find(Kind::Order, &name).ok_or(Problem::of(Code::BadRequest))?;
            let value = form.optional(w, "value", 500);
            let now = story.facts.fields.get(known.name);
            if deed == "edit" && now.map_or("", |values| values.first().map_or("", String::as_str)) == value {
                return Ok(on_to(&format!("/orders/{order}"), "nothing"));
            }
            if deed == "settle" && value.is_empty() {
                form.blame("value", w.choose_one());
            }
            let done = if deed == "settle" { "settled" } else { "saved" };
            (write(&header, Some(Body::Set { field: known.name.into(), value })), done, Action::SetField)
        }
        _ => return Err(Problem::of(Code::BadRequest)),
    };
    if !visitor.sight.may_this(needed, &story.facts) {
        return Err(Problem::of(Code::NotAllowed));
    }
    if !form.is_sound() {
        return draw(gateway, &visitor, order, form, StatusCode::UNPROCESSABLE_ENTITY);
    }
    match act::take(gateway, &visitor, form, wish)? {
        Done::Taken => Ok(on_to(&format!("/orders/{order}"), done)),
        Done::AlreadySo => Ok(on_to(&format!("/orders/{order}"), "already")),
        Done::Not(form) => draw(gateway, &visitor, order, form, StatusCode::CONFLICT),
    }
}

fn ask(ask: Ask) -> Wish {
    Wish { ask: Some(ask), write: None }
}

fn write(header: &Header, body: Option<Body>) -> Wish {
    Wish { ask: None, write: body.map(|body| (header.clone(), vec![body])) }
}
