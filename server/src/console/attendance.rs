//! A month of attendance: people down, days across, one character a day as the fold has it; beside it what is signed off
//! and what came since. A cell leads to its day, a name to the person's month.

mod correct;
mod day;
mod person;
mod seal;
mod sheet;
mod sign;

use super::orders::Choice;
use super::page::{Frame, Nav, render};
use super::show::{month_name, weekday};
use super::sight::keeps_time;
use super::visit::Visitor;
use super::words::Words;
use crate::http::{Gateway, Problem};
use crate::relay::PersonMonth;
use askama::Template;
use axum::Router;
use axum::extract::State as Shared;
use axum::response::Response;
use axum::routing::{get, post};
use outpost_model::access::Action;
use outpost_model::fold::attendance::{DayRow, DayStatus};
use outpost_model::id::{StationId, UserId};
use outpost_model::record::{Person, Role};
use outpost_model::roster::{LEGEND, RosterLine, roster};
use outpost_model::time::{Day, Month};
use seal::{Seal, SealState};
use sheet::{columns, ended, look_of, mark, month_asked, next_month, shown, totals};
use std::sync::Arc;

struct Head {
    day: String,
    weekday: &'static str,
    is_off: bool,
}

struct Cell {
    look: String,
    mark: String,
    path: String,
    label: String,
}

struct Line {
    name: String,
    path: String,
    cells: Vec<Cell>,
    totals: Vec<String>,
    revision: String,
}

struct Group {
    station: String,
    lines: Vec<Line>,
    seals: Vec<Seal>,
    signed: String,
}

struct Legend {
    look: &'static str,
    mark: String,
    word: &'static str,
}

#[derive(Template)]
#[template(path = "attendance.html")]
struct Page {
    f: Frame,
    month: String,
    span: String,
    before: String,
    next: String,
    /// Last month, where somebody's isn't signed off yet.
    unsigned: Option<(String, String)>,
    stations: Vec<Choice>,
    heads: Vec<Head>,
    columns: Vec<(&'static str, &'static str)>,
    groups: Vec<Group>,
    legend: Vec<Legend>,
    is_wide: bool,
    drawn: String,
}

impl Page {
    fn is_everywhere(&self) -> bool {
        self.stations.iter().all(|station| !station.is_chosen)
    }
}

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/attendance", get(show))
        .route("/attendance/{person}", get(person::show))
        .route("/attendance/{person}/{day}", get(day::show).post(correct::take))
        .route("/attendance/{person}/seal", post(sign::take))
}

async fn show(Shared(gateway): Shared<Arc<Gateway>>, visitor: Visitor) -> Result<Response, Problem> {
    Nav::Attendance.check(&visitor)?;
    gateway.blocking(move |gateway| draw(gateway, &visitor)).await
}

fn draw(gateway: &Gateway, visitor: &Visitor) -> Result<Response, Problem> {
    let (w, directory) = (visitor.w, &*visitor.directory);
    let policy = &directory.policy;
    let month = month_asked(visitor);
    let chosen = StationId::parse(visitor.asked("at")).ok();
    let reach = visitor.sight.people().at(chosen.as_ref());
    let crew: Vec<&Person> =
        directory.people.values().filter(|person| keeps_time(person) && reach.holds(person.station.as_ref())).collect();
    let users: Vec<UserId> = crew.iter().map(|person| person.user.clone()).collect();
    let relay = gateway.relay();
    let months = relay.months(policy, &users, month)?;
    let listed: Vec<(&Person, &PersonMonth)> =
        crew.into_iter().zip(&months).filter(|(person, month)| is_listed(person, month)).collect();
    let sheet = roster(
        month,
        Some(ended(visitor)),
        listed.iter().map(|(person, month)| (person.user.clone(), person.name.clone(), month.days.as_slice())),
    );
    let at = chosen.as_ref().map(ToString::to_string).unwrap_or_default();
    let path = |month: Month| match at.is_empty() {
        true => format!("/attendance?month={month}"),
        false => format!("/attendance?month={month}&at={at}"),
    };
    let may_sign = |person: &Person| visitor.sight.may_time(Action::SignOff, &person.user, person.station.as_ref());
    let last = month.previous();
    let mine: Vec<UserId> = listed.iter().filter(|(person, _)| may_sign(person)).map(|(p, _)| p.user.clone()).collect();
    let unsigned = if month == policy.month_of(ended(visitor)) { relay.unsigned(policy, &mine, last)? } else { 0 };
    let mut groups: Vec<(Option<&StationId>, Group)> = Vec::new();
    let mut has_next = false;
    for ((person, own), line) in listed.iter().zip(&sheet.lines) {
        let station = person.station.as_ref();
        let place = groups.iter().position(|(known, _)| *known == station).unwrap_or_else(|| {
            let name = directory.station_name(station).unwrap_or_else(|| w.no_station().to_owned());
            groups.push((station, Group { station: name, lines: vec![], seals: vec![], signed: String::new() }));
            groups.len() - 1
        });
        let seal = Seal::of(visitor, person, own, month, path(month));
        let group = &mut groups[place].1;
        group.lines.push(draw_line(visitor, own, line, month));
        group.seals.push(seal.marked_next(&mut has_next));
    }
    groups.sort_by_key(|(station, _)| *station);
    let groups: Vec<Group> = groups
        .into_iter()
        .map(|(_, mut group)| {
            let signed = group.seals.iter().filter(|seal| matches!(seal.state, SealState::Signed(_))).count();
            group.signed = w.seal_count(signed, group.seals.len());
            group
        })
        .collect();
    let (first, end) = policy.days_of(month);
    let almanac = visitor.almanac();
    let stations = directory.stations.values().filter(|one| visitor.sight.people().holds(Some(&one.station)));
    let stations: Vec<Choice> = stations
        .map(|one| Choice {
            value: one.station.to_string(),
            word: one.name.clone(),
            is_chosen: one.station.as_str() == at,
        })
        .collect();
    let title = w.attendance_of(month_name(w, month));
    Ok(render(&Page {
        span: w.month_span(almanac.plain_day(first), almanac.plain_day(end), almanac.plain_day(end.next())),
        before: path(last),
        next: path(next_month(month)),
        unsigned: (unsigned > 0).then(|| (path(last), w.month_unsigned(month_name(w, last), unsigned))),
        heads: sheet.days.iter().map(|day| head(visitor, *day)).collect(),
        columns: columns(w),
        legend: legend(w),
        is_wide: stations.len() > 1,
        stations: if stations.len() > 1 { stations } else { Vec::new() },
        groups,
        drawn: almanac.exact(visitor.now),
        month: month.to_string(),
        f: Frame::of(visitor, Some(Nav::Attendance), title),
    }))
}

/// Engineers in service; of others only those who have something in the month.
fn is_listed(person: &Person, month: &PersonMonth) -> bool {
    let has_something = month.days.iter().any(|row| row.first_in.is_some() || row.last_out.is_some());
    has_something || (person.active && person.role == Role::Engineer)
}

fn head(visitor: &Visitor, day: Day) -> Head {
    let text = day.to_string();
    Head {
        day: text[8..].trim_start_matches('0').to_owned(),
        weekday: short_weekday(visitor.w, day),
        is_off: !visitor.directory.policy.on(day).attendance.is_working_day(day),
    }
}

/// Two letters are enough over a narrow column.
fn short_weekday(w: Words, day: Day) -> &'static str {
    let word = weekday(w, day);
    if w.is_zh() { word } else { &word[..2] }
}

fn draw_line(visitor: &Visitor, own: &PersonMonth, line: &RosterLine, month: Month) -> Line {
    let w = visitor.w;
    let cells = own.days.iter().zip(&line.marks).map(|(row, mark)| cell(visitor, own, row, *mark));
    Line {
        name: line.name.clone(),
        path: format!("/attendance/{}?month={month}", line.person),
        cells: cells.collect(),
        totals: totals(&line.totals),
        revision: own.signed.as_ref().map(|signed| w.revision(signed.month.revision)).unwrap_or_default(),
    }
}

fn cell(visitor: &Visitor, own: &PersonMonth, row: &DayRow, verdict: Option<DayStatus>) -> Cell {
    let w = visitor.w;
    let status = shown(row, verdict);
    let mut look = status.map_or("none", look_of).to_owned();
    let mut words = vec![visitor.directory.name_of(&own.person), visitor.almanac().plain_day(row.day)];
    words.push(status.map_or(w.day_runs(), |status| w.day_status(status)).to_owned());
    for (holds, class, word) in [
        (own.suspect.contains(&row.day), "doubt", w.cell_doubt()),
        (own.asked.contains(&row.day), "asked", w.cell_asked()),
        (own.differs.contains(&row.day), "changed", w.cell_changed()),
    ] {
        if holds {
            look.push(' ');
            look.push_str(class);
            words.push(word.to_owned());
        }
    }
    Cell {
        look,
        mark: status.map_or_else(|| "·".to_owned(), |status| mark(w, status)),
        path: format!("/attendance/{}/{}", own.person, row.day),
        label: words.join(w.of("，", ", ")),
    }
}

fn legend(w: Words) -> Vec<Legend> {
    let lines = LEGEND.iter().map(|one| Legend {
        look: look_of(one.status),
        mark: mark(w, one.status),
        word: w.day_status(one.status),
    });
    lines.collect()
}
