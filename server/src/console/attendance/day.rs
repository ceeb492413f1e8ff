//! One day of one person: every clocking, outing, task and request behind the cell, what was taken back or corrected
//! still legible, each with what the server attests. A lead corrects by deciding: the first entry stays in the log.

use super::super::act::fresh_id;
use super::super::form::Form;
use super::super::ground;
use super::super::page::{Frame, Nav, render_as};
use super::super::show::{Almanac, long_day, span};
use super::super::tell;
use super::super::trace::{self, Trace};
use super::super::visit::Visitor;
use super::sheet::{ended, look_of, person_for, shown};
use crate::http::{Gateway, Problem};
use crate::relay::{Leaf, Sheaf};
use crate::store::all;
use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::response::Response;
use outpost_model::access::Action;
use outpost_model::command::Ask;
use outpost_model::entry::{Body, Place};
use outpost_model::fold::attendance::DayStatus;
use outpost_model::id::PageId;
use outpost_model::problem::Code;
use outpost_model::record::Person;
use outpost_model::time::{Day, Millis};
use rusqlite::params;
use std::sync::Arc;

struct Row {
    trace: Trace,
    attested: String,
    what: String,
    place: String,
    /// A request: where it is decided, what became of it, how that looks.
    leave: Option<(String, String, &'static str)>,
    fix: Option<Fix>,
}

/// What may be corrected of an entry, and over what.
struct Fix {
    target: String,
    page: String,
    after: String,
    id: String,
    /// What a new moment, or new minutes, begin from; leave is only voided.
    at: Option<String>,
    minutes: Option<u32>,
}

#[derive(Template)]
#[template(path = "attendance_day.html")]
struct Page {
    f: Frame,
    form: Form,
    path: String,
    back: String,
    before: String,
    next: String,
    person: String,
    status: Option<(&'static str, &'static str)>,
    hours: String,
    worked: String,
    rows: Vec<Row>,
    /// A clock-in or -out that nobody logged.
    missing: Vec<&'static str>,
    orders: Vec<(String, String)>,
    may: bool,
    sealed: Option<String>,
}

impl Page {
    /// Whether a correction of this entry came back: it stays open.
    fn is_open(&self, fix: &Fix) -> bool {
        self.form.get("target") == fix.target
    }
}

pub type Ids = Path<(String, String)>;

pub async fn show(
    Shared(gateway): Shared<Arc<Gateway>>,
    Path(ids): Ids,
    visitor: Visitor,
) -> Result<Response, Problem> {
    gateway
        .blocking(move |gateway| {
            let (who, day) = asked(&visitor, &ids)?;
            draw(gateway, &visitor, who, day, Form::default(), StatusCode::OK)
        })
        .await
}

pub fn asked<'a>(visitor: &'a Visitor, (person, day): &(String, String)) -> Result<(&'a Person, Day), Problem> {
    let who = person_for(visitor, person)?;
    Ok((who, Day::parse(day).map_err(|_| Problem::of(Code::NotFound))?))
}

pub fn draw(
    gateway: &Gateway,
    visitor: &Visitor,
    who: &Person,
    day: Day,
    form: Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let w = visitor.w;
    let policy = &visitor.directory.policy;
    let month = policy.month_of(day);
    let Some(own) = gateway.relay().months(policy, std::slice::from_ref(&who.user), month)?.pop() else {
        return Err(Problem::of(Code::NotFound));
    };
    let row = own.days.iter().find(|row| row.day == day).ok_or(Problem::of(Code::NotFound))?;
    let verdict = shown(row, (day <= ended(visitor)).then_some(row.status));
    let story = gateway.relay().own_story(&who.user)?;
    let may = visitor.sight.may_time(Action::Correct, &who.user, who.station.as_ref());
    let rows = rows(visitor, who, &story, day, may);
    let clocked = own.days.iter().find(|row| row.day == day).map(|row| (row.first_in, row.last_out));
    let mut missing = Vec::new();
    if verdict == Some(DayStatus::Incomplete) {
        missing.extend(matches!(clocked, Some((None, _))).then(|| w.no_clock_in()));
        missing.extend(matches!(clocked, Some((_, None))).then(|| w.no_clock_out()));
    }
    let rules = &policy.on(day).attendance;
    let minute = |n: u16| format!("{}:{:02}", n / 60, n % 60);
    let hours = match rules.is_working_day(day) {
        true => w.work_hours(minute(rules.work_start_min), minute(rules.work_end_min), rules.grace_min),
        false => w.day_status(DayStatus::Rest).to_owned(),
    };
    let path = |day: Day| format!("/attendance/{}/{day}", who.user);
    let worked = span(Millis::minutes(row.worked_minutes));
    Ok(render_as(
        status,
        &Page {
            path: path(day),
            back: format!("/attendance?month={month}"),
            before: path(day.previous()),
            next: path(day.next()),
            person: format!("/attendance/{}?month={month}", who.user),
            status: verdict.map(|status| (look_of(status), w.day_status(status))),
            hours,
            worked: if row.worked_minutes > 0 { w.worked(worked) } else { String::new() },
            orders: orders(gateway, visitor, who, day)?,
            sealed: own.signed.as_ref().map(|signed| w.sealed_note(w.revision(signed.month.revision + 1))),
            rows,
            missing,
            may,
            form,
            f: Frame::of(visitor, Some(Nav::Attendance), format!("{} · {}", who.name, long_day(w, day))),
        },
    ))
}

/// Whether an entry belongs to the day: by what it claims, by what counts of it, or as leave that covers it.
fn touches(almanac: &Almanac<'_>, leaf: &Leaf, day: Day) -> bool {
    if let Body::RequestLeave { from, to, .. } = &leaf.body {
        return (*from..=*to).contains(&day);
    }
    let on = |at: Millis| almanac.zone.day(at) == day;
    on(leaf.at) || leaf.counts().is_some_and(|(_, at)| on(at))
}

fn rows(visitor: &Visitor, who: &Person, story: &[Sheaf], day: Day, may: bool) -> Vec<Row> {
    let almanac = visitor.almanac();
    let mut rows: Vec<(Millis, u64, Row)> = Vec::new();
    for sheaf in story {
        let shown = trace::shown(&sheaf.leaves);
        for leaf in shown.into_iter().filter(|leaf| !matches!(leaf.body, Body::Void { .. })) {
            if touches(&almanac, leaf, day) {
                rows.push((leaf.at, leaf.seq, row(visitor, who, sheaf, leaf, (day, may))));
            }
        }
    }
    rows.sort_by_key(|(at, seq, _)| (*at, *seq));
    rows.into_iter().map(|(_, _, row)| row).collect()
}

fn row(visitor: &Visitor, who: &Person, sheaf: &Sheaf, leaf: &Leaf, (day, may): (Day, bool)) -> Row {
    let (w, almanac) = (visitor.w, visitor.almanac());
    let leave = matches!(leaf.body, Body::RequestLeave { .. }).then(|| {
        let decided = sheaf.decisions.iter().rev().find_map(|decision| match decision.ask() {
            Ask::DecideLeave { leave, approve, .. } if *leave == leaf.id => Some((decision, *approve)),
            _ => None,
        });
        let words = match decided {
            Some((decision, approve)) => {
                let verb = if approve { w.approved() } else { w.returned() };
                w.by_at(visitor.directory.name_of(decision.by()), almanac.moment(decision.at()), verb)
            }
            None => w.cell_asked().to_owned(),
        };
        let look = match decided {
            Some((_, true)) => "green bare",
            Some((_, false)) => "slate outlined",
            None => "blue outlined",
        };
        (format!("/leave/{}/{}", leaf.page, leaf.id), words, look)
    });
    let place = match &leaf.body {
        Body::ClockIn { place } | Body::ClockOut { place } => place_words(visitor, who, place.as_ref()),
        _ => String::new(),
    };
    Row {
        attested: attested(&almanac, leaf),
        what: tell::tell_plain(&almanac, &leaf.body),
        place,
        leave,
        fix: leaf.counts().filter(|_| may).map(|(body, at)| fix(visitor, sheaf, leaf, body, at)),
        trace: Trace::of(visitor, leaf, day),
    }
}

fn fix(visitor: &Visitor, sheaf: &Sheaf, leaf: &Leaf, body: &Body, at: Millis) -> Fix {
    let moment = visitor.almanac().exact(at);
    Fix {
        target: leaf.id.to_string(),
        page: leaf.page.to_string(),
        after: sheaf.decisions.last().map_or_else(|| "none".to_owned(), |decision| decision.id().to_string()),
        id: fresh_id(visitor.now),
        at: (!matches!(body, Body::RequestLeave { .. } | Body::Task { .. }))
            .then(|| format!("{}T{}", &moment[..10], &moment[11..16])),
        minutes: match body {
            Body::Task { minutes, .. } => Some(*minutes),
            _ => None,
        },
    }
}

/// Between which moments the server attests it.
fn attested(almanac: &Almanac<'_>, leaf: &Leaf) -> String {
    let latest = leaf.attested.latest.map(|at| almanac.moment(at)).unwrap_or_default();
    match leaf.attested.earliest {
        Some(earliest) => format!("{} – {latest}", almanac.moment(earliest)),
        None => almanac.w.no_later_than(latest),
    }
}

/// How far from the station, and how sure the phone was.
fn place_words(visitor: &Visitor, who: &Person, place: Option<&Place>) -> String {
    let w = visitor.w;
    let Some(place) = place else { return w.no_place().to_owned() };
    let station = who.station.as_ref().and_then(|station| visitor.directory.stations.get(station));
    let mut words = match station.filter(|station| (station.lat_e7, station.lng_e7) != (0, 0)) {
        Some(station) => {
            let metres = ground::between((station.lat_e7, station.lng_e7), (place.lat_e7, place.lng_e7));
            w.place_from_station(ground::spell(metres), place.accuracy_m)
        }
        None => w.place_sure(place.accuracy_m),
    };
    if place.mock {
        words = format!("{words} · {}", w.place_mock());
    }
    words
}

/// The orders that he worked on that day, for whoever may read them.
fn orders(gateway: &Gateway, visitor: &Visitor, who: &Person, day: Day) -> Result<Vec<(String, String)>, Problem> {
    let tenant = visitor.directory.tenant.as_str();
    let reach = visitor.sight.orders();
    let found = gateway.relay().store().read(|db| {
        let sql = "select distinct o.page, o.number, coalesce(c.name, o.customer), o.station from work_line l \
                   join order_row o on o.tenant = l.tenant and o.page = l.page \
                   left join customer_row c on c.tenant = o.tenant and c.customer = o.customer \
                   where l.tenant = $1 and l.engineer = $2 and l.day = $3 order by o.number";
        all(db, sql, params![tenant, who.user.as_str(), day.to_string()], |row| {
            let text = |place: usize| row.get::<_, String>(place);
            Ok((PageId(row.get(0)?), text(1)?, text(2)?, row.get::<_, Option<String>>(3)?))
        })
    })?;
    let seen = found.into_iter().filter(|(.., station)| {
        let station = station.as_ref().and_then(|id| outpost_model::id::StationId::parse(id).ok());
        reach.holds(station.as_ref())
    });
    Ok(seen.map(|(page, number, customer, _)| (format!("/orders/{page}"), format!("{number} {customer}"))).collect())
}
