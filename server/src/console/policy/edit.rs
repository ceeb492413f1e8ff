//! Other terms from a day on. What is typed is read field by field; whether it is in range the model says, and the
//! form names the same field.

use super::super::act::{self, Done, Wish, fresh_id, last_decision};
use super::super::form::Form;
use super::super::page::{Frame, Nav, on_to, render_as};
use super::super::visit::{Fields, Filed, Visitor};
use super::super::words::Words;
use super::terms;
use crate::http::{Gateway, Problem};
use askama::Template;
use axum::Router;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use outpost_model::command::{Ask, Place};
use outpost_model::id::{StationId, UserId};
use outpost_model::policy::{Attendance, Band, Cash, Policy, Sla, Tool};
use outpost_model::time::Day;
use std::str::FromStr;
use std::sync::Arc;

/// Bands of distance that the form has room for.
const BANDS: usize = 6;
/// Longest list that is typed.
const MAX_LIST: usize = 20_000;

struct Weekday {
    number: i8,
    word: &'static str,
    is_off: bool,
}

/// One band: the names of its two fields, and what stands in them.
struct BandRow {
    km_name: String,
    km: String,
    hours_name: String,
    hours: String,
}

#[derive(Template)]
#[template(path = "policy_edit.html")]
struct Page {
    f: Frame,
    form: Form,
    id: String,
    after: String,
    today: String,
    weekdays: Vec<Weekday>,
    bands: Vec<BandRow>,
    coming: Vec<String>,
}

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new().route("/policy/edit", get(show).post(change))
}

async fn show(Shared(gateway): Shared<Arc<Gateway>>, visitor: Visitor) -> Result<Response, Problem> {
    Nav::Policy.check_change(&visitor)?;
    gateway
        .blocking(move |gateway| {
            let today = visitor.directory.policy.zone.day(visitor.now);
            let form = Form::with(spell(visitor.directory.policy.on(today), today));
            draw(gateway, &visitor, form, StatusCode::OK)
        })
        .await
}

/// The terms as the form's fields have them.
fn spell(policy: &Policy, from: Day) -> Fields {
    let (a, sla) = (&policy.attendance, &policy.sla);
    let mut fields = Fields::default();
    let list = |lines: Vec<String>| lines.join("\n");
    for (name, value) in [
        ("from", from.to_string()),
        ("reply_hours", sla.reply_hours.to_string()),
        ("follow_up_hours", sla.follow_up_hours.to_string()),
        ("closes_on", a.closes_on.to_string()),
        ("work_start_min", terms::clock(a.work_start_min)),
        ("work_end_min", terms::clock(a.work_end_min)),
        ("grace_min", a.grace_min.to_string()),
        ("holidays", list(a.holidays.iter().map(ToString::to_string).collect())),
        ("cash", if policy.cash == Cash::Forbidden { "forbidden" } else { "with_receipt" }.to_owned()),
        ("self_open", if policy.self_open { "yes" } else { "no" }.to_owned()),
        ("lock_after_days", policy.lock_after_days.to_string()),
        ("toolkit", list(policy.toolkit.iter().map(terms::tool).collect())),
    ] {
        fields.set(name, value);
    }
    for day in &a.weekend {
        fields.add("weekend", day.to_string());
    }
    for (place, band) in sla.arrival.iter().enumerate() {
        fields.set(&km_name(place), band.max_km.map(|km| km.to_string()).unwrap_or_default());
        fields.set(&hours_name(place), band.hours.to_string());
    }
    fields
}

fn km_name(place: usize) -> String {
    format!("km_{place}")
}

fn hours_name(place: usize) -> String {
    format!("hours_{place}")
}

fn draw(gateway: &Gateway, visitor: &Visitor, form: Form, status: StatusCode) -> Result<Response, Problem> {
    let (w, directory) = (visitor.w, &*visitor.directory);
    let records = Place::Records.page(&directory.tenant);
    let after = gateway.relay().store().read(|db| last_decision(db, directory, records))?;
    let today = directory.policy.zone.day(visitor.now);
    let off = |day: i8| form.fields.all("weekend").any(|chosen| chosen == day.to_string());
    let weekdays = (1..=7).map(|day| Weekday { number: day, word: w.weekday(day), is_off: off(day) });
    let bands = (0..BANDS).map(|place| BandRow {
        km: form.get(&km_name(place)).to_owned(),
        hours: form.get(&hours_name(place)).to_owned(),
        km_name: km_name(place),
        hours_name: hours_name(place),
    });
    let spans = directory.policy.spans();
    let coming = spans.iter().filter_map(|(from, _)| from.filter(|from| *from > today));
    Ok(render_as(
        status,
        &Page {
            id: fresh_id(visitor.now),
            after: after.map_or("none".into(), |id| id.to_string()),
            today: today.to_string(),
            weekdays: weekdays.collect(),
            bands: bands.collect(),
            coming: coming.map(|day| day.to_string()).collect(),
            f: Frame::of(visitor, Some(Nav::Policy), w.policy_change()),
            form,
        },
    ))
}

/// What a field is called in the list of what is to be mended.
fn word_of(w: Words, field: &str) -> &'static str {
    match field {
        "from" => w.policy_valid_from(),
        "reply_hours" => w.policy_reply(),
        "follow_up_hours" => w.policy_follow_up(),
        "arrival" => w.policy_arrival(),
        "closes_on" => w.policy_closes(),
        "work_start_min" => w.policy_starts(),
        "work_end_min" => w.policy_ends(),
        "grace_min" => w.policy_grace(),
        "weekend" => w.policy_weekend(),
        "holidays" => w.policy_holidays(),
        "cash" => w.policy_cash(),
        "self_open" => w.policy_self_open(),
        "lock_after_days" => w.policy_lock_days(),
        "toolkit" => w.policy_toolkit(),
        _ => w.policy(),
    }
}

fn blame(form: &mut Form, w: Words, field: &str, problem: impl std::fmt::Display) {
    form.blame(field, w.policy_mend(word_of(w, field), problem));
}

/// A number as it was typed; blames the field where it is none.
fn number<T: FromStr + Default>(form: &mut Form, w: Words, name: &str) -> T {
    form.get(name).parse().unwrap_or_else(|_| {
        blame(form, w, name, w.not_a_number());
        T::default()
    })
}

fn minutes(form: &mut Form, w: Words, name: &str) -> u16 {
    let typed = form.get(name).split_once(':').and_then(|(hours, minutes)| {
        let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
        (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
    });
    typed.unwrap_or_else(|| {
        blame(form, w, name, w.not_a_clock());
        0
    })
}

/// Pieces of a list that was typed, by line or comma.
fn pieces<'a>(typed: &'a str, also: &'a [char]) -> impl Iterator<Item = &'a str> {
    typed.split(move |c| c == '\n' || also.contains(&c)).map(str::trim).filter(|piece| !piece.is_empty())
}

/// The terms that the form says, over those that it leaves alone.
fn read(form: &mut Form, visitor: &Visitor, now: &Policy) -> Policy {
    let w = visitor.w;
    let mut arrival = Vec::new();
    for place in 0..BANDS {
        let (km, hours) = (km_name(place), hours_name(place));
        match (form.get(&km).to_owned(), form.get(&hours).to_owned()) {
            (km, hours) if km.is_empty() && hours.is_empty() => {}
            (km, hours) => match (km.parse::<u32>(), hours.parse::<u32>()) {
                (Ok(km), Ok(hours)) => arrival.push(Band { max_km: Some(km), hours }),
                (Err(_), Ok(hours)) if km.is_empty() => arrival.push(Band { max_km: None, hours }),
                _ => blame(form, w, "arrival", w.not_a_number()),
            },
        }
    }
    let typed = form.optional(w, "holidays", MAX_LIST);
    let mut holidays = std::collections::BTreeSet::new();
    for piece in pieces(&typed, &[',', '，', '、', ' ']) {
        match Day::parse(piece) {
            Ok(day) => drop(holidays.insert(day)),
            Err(_) => blame(form, w, "holidays", w.not_a_day(piece)),
        }
    }
    let cash = form.choice(w, "cash", |chosen| match chosen {
        "with_receipt" => Some(Cash::WithReceipt),
        "forbidden" => Some(Cash::Forbidden),
        _ => None,
    });
    let self_open = form.choice(w, "self_open", |chosen| match chosen {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    });
    let cash = cash.unwrap_or(now.cash);
    let weekend = form.fields.all("weekend").filter_map(|day| day.parse().ok()).collect();
    Policy {
        attendance: Attendance {
            closes_on: number(form, w, "closes_on"),
            work_start_min: minutes(form, w, "work_start_min"),
            work_end_min: minutes(form, w, "work_end_min"),
            grace_min: number(form, w, "grace_min"),
            weekend,
            holidays,
            ..now.attendance.clone()
        },
        sla: Sla {
            reply_hours: number(form, w, "reply_hours"),
            follow_up_hours: number(form, w, "follow_up_hours"),
            arrival,
        },
        self_open: self_open.unwrap_or(now.self_open),
        cash,
        // From a day of its own only as long as the rule itself stays.
        cash_since: now.cash_since.filter(|_| cash == now.cash),
        toolkit: toolkit(form, visitor),
        lock_after_days: number(form, w, "lock_after_days"),
        ..now.clone()
    }
}

/// One tool a line; `| st-1` or `| u-17` behind it says whose it is.
fn toolkit(form: &mut Form, visitor: &Visitor) -> Vec<Tool> {
    let (w, directory) = (visitor.w, &visitor.directory);
    let typed = form.optional(w, "toolkit", MAX_LIST);
    let mut tools = Vec::new();
    for line in pieces(&typed, &[]) {
        let (name, whose) =
            line.split_once(['|', '｜']).map_or((line, ""), |(name, whose)| (name.trim(), whose.trim()));
        let station = StationId::parse(whose).ok().filter(|station| directory.stations.contains_key(station));
        let engineer = UserId::parse(whose).ok().filter(|user| directory.people.contains_key(user));
        if !whose.is_empty() && station.is_none() && engineer.is_none() {
            blame(form, w, "toolkit", w.policy_nobodys(whose));
        }
        let engineer = engineer.filter(|_| station.is_none());
        tools.push(Tool { name: name.to_owned(), station, engineer });
    }
    tools
}

async fn change(Shared(gateway): Shared<Arc<Gateway>>, filed: Filed) -> Result<Response, Problem> {
    Nav::Policy.check_change(&filed.visitor)?;
    gateway
        .blocking(move |gateway| {
            let Filed { visitor, fields } = filed;
            let (w, mut form) = (visitor.w, Form::with(fields));
            // What it made is in the policy already: over that it would say something else.
            if act::was_taken(gateway, &visitor, &form)? {
                return Ok(on_to("/policy", "again"));
            }
            let policy = visitor.directory.policy.clone();
            let today = policy.zone.day(visitor.now);
            let from = Day::parse(form.get("from")).unwrap_or_else(|_| {
                let typed = form.get("from").to_owned();
                blame(&mut form, w, "from", w.not_a_day(typed));
                today
            });
            if from < today {
                blame(&mut form, w, "from", w.policy_past());
            }
            let terms = read(&mut form, &visitor, policy.on(from.max(today)));
            let is_last = policy.spans().iter().all(|(start, _)| start.is_none_or(|start| start <= from));
            let is_same = is_last && policy.on(from.max(today)).has_terms_of(&terms);
            let changed = policy.changed(from, terms);
            // Only of what could be read: the first thing that is wrong with a field is the one to mend.
            if let (true, Err(bad)) = (form.is_sound(), changed.check()) {
                blame(&mut form, w, bad.0, w.policy_out_of_range());
            }
            if !form.is_sound() {
                return draw(gateway, &visitor, form, StatusCode::UNPROCESSABLE_ENTITY);
            }
            if is_same {
                return Ok(on_to("/policy", "nothing"));
            }
            form.fields.set("about", format!("{} {from}", changed.version));
            let ask = Some(Ask::PutPolicy { policy: Box::new(changed) });
            match act::take(gateway, &visitor, form, Wish { ask, write: None })? {
                Done::Taken => Ok(on_to("/policy", "policy")),
                Done::AlreadySo => Ok(on_to("/policy", "already")),
                Done::Not(form) => draw(gateway, &visitor, form, StatusCode::CONFLICT),
            }
        })
        .await
}
