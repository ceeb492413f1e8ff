//! One person's attendance month: its days, what they come to, and each version that was signed with what changed in it.

use super::super::act::fresh_id;
use super::super::form::Form;
use super::super::page::{Frame, Nav, render_as};
use super::super::show::{long_day, month_name, span};
use super::super::tell;
use super::super::visit::Visitor;
use super::super::words::Words;
use super::seal::{Seal, SealForm, SealState};
use super::sheet::{columns, ended, look_of, mark, month_asked, next_month, person_for, shown, totals};
use crate::http::{Gateway, Problem};
use crate::relay::{PersonMonth, Sheaf, month_page, signed_cells};
use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::response::Response;
use outpost_model::access::Action;
use outpost_model::command::Ask;
use outpost_model::fold::attendance::{DayRow, DayStatus};
use outpost_model::problem::Code;
use outpost_model::record::Person;
use outpost_model::roster::{LEGEND, roster};
use outpost_model::time::{Millis, Month};
use std::sync::Arc;

struct DayLine {
    path: String,
    day: String,
    look: &'static str,
    mark: String,
    word: &'static str,
    came: String,
    left: String,
    hours: String,
    note: String,
    is_changed: bool,
}

/// What was signed, or that it was taken back.
struct Version {
    title: String,
    about: String,
    reason: String,
    changes: Vec<String>,
}

#[derive(Template)]
#[template(path = "attendance_person.html")]
struct Page {
    f: Frame,
    form: Form,
    station: String,
    back: String,
    before: String,
    next: String,
    days: Vec<DayLine>,
    totals: Vec<(&'static str, String)>,
    seal: Seal,
    versions: Vec<Version>,
    /// What reads differently now than in the version that stands.
    changes: Vec<String>,
    unseal: Option<SealForm>,
    drawn: String,
}

pub async fn show(
    Shared(gateway): Shared<Arc<Gateway>>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    gateway
        .blocking(move |gateway| {
            let who = person_for(&visitor, &id)?;
            draw(gateway, &visitor, who, month_asked(&visitor), Form::default(), StatusCode::OK)
        })
        .await
}

pub fn draw(
    gateway: &Gateway,
    visitor: &Visitor,
    who: &Person,
    month: Month,
    form: Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let (w, directory, almanac) = (visitor.w, &*visitor.directory, visitor.almanac());
    let policy = &directory.policy;
    let relay = gateway.relay();
    let Some(own) = relay.months(policy, std::slice::from_ref(&who.user), month)?.pop() else {
        return Err(Problem::of(Code::NotFound));
    };
    let page = month_page(&directory.tenant, &who.user, month);
    let story = relay.own_story(&who.user)?;
    let decided = story.iter().find(|sheaf| sheaf.header.page() == page);
    let sheet = roster(month, Some(ended(visitor)), [(who.user.clone(), who.name.clone(), own.days.as_slice())]);
    let line = &sheet.lines[0];
    let path = |month: Month| format!("/attendance/{}?month={month}", who.user);
    let seal = Seal::of(visitor, who, &own, month, path(month)).marked_next(&mut false);
    let may = visitor.sight.may_time(Action::SignOff, &who.user, who.station.as_ref());
    let unseal = own.signed.as_ref().filter(|_| may).map(|_| SealForm {
        path: format!("/attendance/{}/seal", who.user),
        id: fresh_id(visitor.now),
        after: own.after.map_or_else(|| "none".to_owned(), |id| id.to_string()),
        month: month.to_string(),
        to: path(month),
        word: w.unseal().to_owned(),
        note: w.unseal_consequence().to_owned(),
        is_next: false,
    });
    let days = own.days.iter().zip(&line.marks).map(|(row, verdict)| day_line(visitor, &own, row, *verdict));
    let heads = columns(w).into_iter().map(|(_, word)| word);
    let changes = own.signed.as_ref().map(|signed| {
        let now: Vec<Vec<String>> = own.days.iter().map(|row| signed_cells(&who.user, row, policy)).collect();
        changes(w, &signed.month.days, &now)
    });
    let at = who.station.as_ref().map(|station| format!("&at={station}")).unwrap_or_default();
    let title = w.attendance_of_person(&who.name, month_name(w, month));
    Ok(render_as(
        status,
        &Page {
            station: directory.station_name(who.station.as_ref()).unwrap_or_default(),
            back: format!("/attendance?month={month}{at}"),
            before: path(month.previous()),
            next: path(next_month(month)),
            days: days.collect(),
            totals: heads.zip(totals(&line.totals)).collect(),
            seal,
            versions: decided.map(|sheaf| versions(visitor, sheaf, month)).unwrap_or_default(),
            changes: changes.unwrap_or_default(),
            unseal,
            drawn: almanac.exact(visitor.now),
            form,
            f: Frame::of(visitor, Some(Nav::Attendance), title),
        },
    ))
}

fn day_line(visitor: &Visitor, own: &PersonMonth, row: &DayRow, verdict: Option<DayStatus>) -> DayLine {
    let (w, almanac) = (visitor.w, visitor.almanac());
    let status = shown(row, verdict);
    let clock = |at: Option<Millis>| at.map(|at| almanac.clock(at)).unwrap_or_default();
    let mut notes: Vec<String> = row.leave.iter().map(|kind| tell::leave_kind(w, kind)).collect();
    for (holds, word) in [
        (own.asked.contains(&row.day), w.cell_asked()),
        (own.suspect.contains(&row.day), w.cell_doubt()),
        (own.differs.contains(&row.day), w.cell_changed()),
    ] {
        notes.extend(holds.then(|| word.to_owned()));
    }
    DayLine {
        path: format!("/attendance/{}/{}", own.person, row.day),
        day: long_day(w, row.day),
        look: status.map_or("none", look_of),
        mark: status.map_or_else(|| "·".to_owned(), |status| mark(w, status)),
        word: status.map_or("", |status| w.day_status(status)),
        came: clock(row.first_in),
        left: clock(row.last_out),
        hours: if row.worked_minutes > 0 { span(Millis::minutes(row.worked_minutes)) } else { String::new() },
        note: notes.join(w.of("，", ", ")),
        is_changed: own.differs.contains(&row.day),
    }
}

/// Each sign-off and each time one was taken back, the latest first; a version says what it changed of the one before.
fn versions(visitor: &Visitor, sheaf: &Sheaf, month: Month) -> Vec<Version> {
    let (w, almanac) = (visitor.w, visitor.almanac());
    let mut versions = Vec::new();
    let mut before: Option<Vec<Vec<String>>> = None;
    for decision in &sheaf.decisions {
        let about =
            |verb: String| w.by_at(visitor.directory.name_of(decision.by()), almanac.exact(decision.at()), verb);
        match (decision.ask(), &decision.pins.signed) {
            (Ask::SignOff { month: of, .. }, Some(signed)) if *of == month => {
                versions.push(Version {
                    title: w.revision(signed.revision),
                    about: about(w.signed_under(decision.pins.policy)),
                    reason: String::new(),
                    changes: before.map(|before| changes(w, &before, &signed.days)).unwrap_or_default(),
                });
                before = Some(signed.days.clone());
            }
            (Ask::Unseal { month: of, reason, .. }, _) if *of == month => versions.push(Version {
                title: w.unsealed().to_owned(),
                about: about(String::new()),
                reason: reason.clone(),
                changes: Vec::new(),
            }),
            _ => {}
        }
    }
    versions.reverse();
    versions
}

/// Days that read differently, in words: `10-09：缺勤 → 出勤 08:20–17:35`.
fn changes(w: Words, were: &[Vec<String>], are: &[Vec<String>]) -> Vec<String> {
    let day = |cells: &[String]| cells.first().cloned().unwrap_or_default();
    let changed = are.iter().filter(|now| !were.contains(now)).map(|now| {
        let was = were.iter().find(|was| day(was) == day(now)).map_or_else(|| w.none().to_owned(), |was| reads(w, was));
        let short = day(now).get(5..).unwrap_or_default().to_owned();
        format!("{short}{}{was} → {}", w.of("：", ": "), reads(w, now))
    });
    changed.collect()
}

/// A signed day in words: its status, and the clock.
fn reads(w: Words, cells: &[String]) -> String {
    let cell = |place: usize| cells.get(place).map(String::as_str).unwrap_or_default();
    let status = LEGEND.iter().find(|mark| mark.status.name() == cell(1)).map(|mark| w.day_status(mark.status));
    let clock = |place: usize| cell(place).get(11..16).unwrap_or("–").to_owned();
    let mut text = status.unwrap_or_else(|| w.none()).to_owned();
    if !cell(3).is_empty() || !cell(4).is_empty() {
        text = format!("{text} {}–{}", clock(3), clock(4));
    }
    text
}
