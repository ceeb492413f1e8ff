//! Signing a month off, and taking that back: one person's month at a time, over what the page had shown.

use super::super::act::{self, Done, Wish};
use super::super::form::Form;
use super::super::page::{inward, on_to};
use super::super::visit::Filed;
use super::person;
use super::sheet::{ended, person_for};
use crate::http::{Gateway, Problem};
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::response::Response;
use outpost_model::access::Action;
use outpost_model::command::Ask;
use outpost_model::problem::Code;
use outpost_model::time::Month;
use std::sync::Arc;

pub async fn take(
    Shared(gateway): Shared<Arc<Gateway>>,
    Path(id): Path<String>,
    filed: Filed,
) -> Result<Response, Problem> {
    gateway
        .blocking(move |gateway| {
            let Filed { visitor, fields } = filed;
            let (w, mut form) = (visitor.w, Form::with(fields));
            let who = person_for(&visitor, &id)?.clone();
            let month = Month::parse(form.get("month")).map_err(|_| Problem::of(Code::BadRequest))?;
            if !visitor.sight.may_time(Action::SignOff, &who.user, who.station.as_ref()) {
                return Err(Problem::of(Code::NotAllowed));
            }
            let person = who.user.clone();
            let (ask, done) = match form.get("do") {
                "unseal" => {
                    let reason = form.optional(w, "reason", 500);
                    if reason.is_empty() {
                        form.blame("reason", w.give_reason());
                    }
                    (Ask::Unseal { person, month, reason }, "unsealed")
                }
                "sign" => {
                    let rules = &visitor.directory.policy;
                    if ended(&visitor) < rules.days_of(month).1 {
                        let from = visitor.almanac().plain_day(rules.closing_day(month));
                        form.trouble = Some(w.seal_from(from));
                    }
                    (Ask::SignOff { person, month }, "sealed")
                }
                _ => return Err(Problem::of(Code::BadRequest)),
            };
            form.fields.set("about", format!("{} {month}", who.user));
            if !form.is_sound() {
                return person::draw(gateway, &visitor, &who, month, form, StatusCode::UNPROCESSABLE_ENTITY);
            }
            let to = match inward(form.get("to")) {
                "/" => format!("/attendance/{}?month={month}", who.user),
                to => to.to_owned(),
            };
            match act::take(gateway, &visitor, form, Wish { ask: Some(ask), write: None })? {
                Done::Taken => Ok(on_to(&to, done)),
                Done::AlreadySo => Ok(on_to(&to, "already")),
                Done::Not(form) => person::draw(gateway, &visitor, &who, month, form, StatusCode::CONFLICT),
            }
        })
        .await
}
