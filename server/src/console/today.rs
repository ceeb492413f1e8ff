//! Today: what is late, what nobody has, what waits for whoever looks, who is where, and what just came in. One station
//! for its lead, all of them or a chosen one for headquarters.

use super::directory::Directory;
use super::matter::Matter;
use super::orders::Choice;
use super::page::{Frame, Nav, render};
use super::rows::{self, OrderRow, PhoneCell, States, Wanted};
use super::show::{Almanac, about, span};
use super::sight::Reach;
use super::tell;
use super::visit::Visitor;
use super::waiting::{self, Task, TaskButton};
use crate::http::{Gateway, Problem};
use crate::store::{StoreError, all, one, probe};
use askama::Template;
use axum::Json;
use axum::Router;
use axum::extract::State as Shared;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use outpost_model::access::Action;
use outpost_model::fold::order::State;
use outpost_model::header::{Header, Subject};
use outpost_model::id::{PageId, StationId, UserId};
use outpost_model::record::Person;
use outpost_model::time::Millis;
use rusqlite::{Connection, params};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a desk's panel names; the cashier has a page of his own for money.
const ALL: [Matter; 7] = [
    Matter::Dispatch,
    Matter::HandBack,
    Matter::Settle,
    Matter::Inspect,
    Matter::FollowUp,
    Matter::Leave,
    Matter::Form,
];
/// Rows of a panel before it leads on to its list.
const ROWS: usize = 12;
const TASKS: usize = 8;
const CAME: usize = 6;
/// Rows of the log that are looked through for what just came.
const BACK: u64 = 400;

struct Count {
    name: &'static str,
    icon: &'static str,
    number: u32,
    word: &'static str,
    is_hot: bool,
    is_chosen: bool,
    is_minor: bool,
}

struct Member {
    name: String,
    place: String,
    duty: String,
    contact: String,
    late: Option<String>,
}

struct Came {
    at: String,
    who: String,
    what: String,
    how_late: String,
    path: Option<String>,
}

#[derive(Template)]
#[template(path = "today.html")]
struct Page {
    f: Frame,
    day: String,
    drawn: String,
    cut: String,
    news: String,
    at: String,
    stations: Vec<Choice>,
    counts: Vec<Count>,
    head: String,
    is_filtered: bool,
    rows: Vec<OrderRow>,
    more: Option<String>,
    may_dispatch: bool,
    may_register: bool,
    tasks: Vec<Task>,
    waiting: usize,
    crew: Vec<Member>,
    crew_head: String,
    came: Vec<Came>,
}

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new().route("/today", get(page)).route("/today/news", get(news))
}

async fn page(Shared(gateway): Shared<Arc<Gateway>>, visitor: Visitor) -> Result<Response, Problem> {
    Nav::Today.check(&visitor)?;
    gateway.blocking(move |gateway| draw(gateway, &visitor)).await
}

/// How much came since: rows of orders in sight.
async fn news(Shared(gateway): Shared<Arc<Gateway>>, visitor: Visitor) -> Result<Response, Problem> {
    Nav::Today.check(&visitor)?;
    let since: u64 = visitor.asked("since").parse().unwrap_or(u64::MAX);
    let count = gateway
        .blocking(move |gateway| {
            let end = end(gateway, &visitor.directory)?;
            let back = end.saturating_sub(since).min(BACK);
            let reach = visitor.sight.orders().clone();
            let leaves = gateway.relay().latest_leaves(99, back, |db, tenant, header| {
                station_of(db, tenant.as_str(), &visitor.directory, header).map(|station| reach.holds(station.as_ref()))
            })?;
            // One change is one piece of news, however much it says.
            let changes: BTreeSet<u64> = leaves.iter().map(|(_, leaf)| leaf.seq).collect();
            Ok((changes.len(), visitor.w))
        })
        .await?;
    let (count, w) = count;
    Ok(Json(json!({ "count": count, "words": w.news(count) })).into_response())
}

fn end(gateway: &Gateway, directory: &Directory) -> Result<u64, Problem> {
    Ok(gateway.relay().store().read(|db| {
        one(db, "select seq from tenant where tenant = $1", params![directory.tenant.as_str()], |row| row.get(0))
    })?)
}

/// The station that a page belongs to.
fn station_of(
    db: &Connection,
    tenant: &str,
    directory: &Directory,
    header: &Header,
) -> Result<Option<StationId>, StoreError> {
    match (&header.subject, header.order()) {
        (_, Some(order)) => {
            let sql = "select station from service_call where tenant = $1 and page = $2";
            let found: Option<Option<String>> = probe(db, sql, params![tenant, order.0], |row| row.get(0))?;
            Ok(found.flatten().and_then(|station| StationId::parse(&station).ok()))
        }
        (Subject::Attendance { person, .. }, None) => {
            Ok(directory.people.get(person).and_then(|person| person.station.clone()))
        }
        _ => Ok(None),
    }
}

fn draw(gateway: &Gateway, visitor: &Visitor) -> Result<Response, Problem> {
    let (w, directory) = (visitor.w, &*visitor.directory);
    let almanac = Almanac { w, zone: &directory.policy.zone, now: visitor.now };
    let chosen = StationId::parse(visitor.asked("at")).ok();
    let reach = visitor.sight.orders().at(chosen.as_ref());
    let filter = match visitor.asked("state") {
        "unassigned" => Some(States::One(State::Open)),
        name => States::parse(name).filter(|_| !name.is_empty()),
    };
    let seq = end(gateway, directory)?;
    let wanted = |states: States, most: usize| Wanted {
        reach: reach.clone(),
        states,
        engineer: None,
        search: String::new(),
        newest_first: states == States::FinishedToday,
        flagged: false,
        after: None,
        most,
    };
    let kinds = [
        (States::Overdue, "alarm", w.count_overdue(), false),
        (States::One(State::Open), "user-plus", w.count_undispatched(), false),
        (States::Undelivered, "device-mobile", w.count_undelivered(), false),
        (States::One(State::OnSite), "tool", w.count_on_site(), true),
        (States::FinishedToday, "circle-check", w.count_finished(), true),
    ];
    let shown = filter.unwrap_or(States::Open);
    let (rows, counts, total, tasks, crew) = gateway.relay().store().read(|db| {
        let (rows, _) = rows::read(db, directory, &wanted(shown, ROWS), &almanac)?;
        let total = rows::count(db, directory, &wanted(shown, ROWS), visitor.now)?;
        let mut counts = Vec::new();
        for (states, icon, word, is_minor) in kinds {
            let number = rows::count(db, directory, &wanted(states, ROWS), visitor.now)?;
            counts.push(Count {
                name: states.name(),
                icon,
                number,
                word,
                is_hot: states == States::Overdue && number > 0,
                is_chosen: filter == Some(states),
                is_minor,
            });
        }
        Ok((rows, counts, total, waiting::tasks(db, visitor, &reach, &ALL)?, crew(db, visitor, &reach, &almanac)?))
    })?;
    let came = came(gateway, visitor, &reach, &almanac)?;
    let station = reach.only().and_then(|station| directory.station_name(Some(station)));
    let title = match &station {
        Some(name) => format!("{name} · {}", w.today()),
        None => w.today().to_owned(),
    };
    let stations = directory.stations.values().filter(|one| visitor.sight.orders().holds(Some(&one.station)));
    let at = chosen.as_ref().map(ToString::to_string).unwrap_or_default();
    let stations: Vec<Choice> = stations
        .map(|one| Choice {
            value: one.station.to_string(),
            word: one.name.clone(),
            is_chosen: one.station.as_str() == at,
        })
        .collect();
    let out = crew.iter().filter(|(_, is_out)| *is_out).count();
    let crew_head = if out > 0 { w.people_summary(crew.len(), out) } else { w.people_on(crew.len()) };
    let more = (total as usize > rows.len()).then(|| format!("/orders?state={}&at={at}", shown.name()));
    let waiting = tasks.len();
    Ok(render(&Page {
        day: almanac.long_day(visitor.now),
        drawn: almanac.clock(visitor.now),
        cut: w.cut_off(almanac.clock(visitor.now)),
        news: format!("/today/news?since={seq}"),
        stations: if stations.len() > 1 { stations } else { Vec::new() },
        head: if filter.is_some() { w.filtered_count(total) } else { w.open_count(total) },
        is_filtered: filter.is_some(),
        at,
        counts,
        rows,
        more,
        may_dispatch: visitor.sight.may_anywhere(Action::Dispatch),
        may_register: visitor.sight.may_anywhere(Action::Register),
        tasks: tasks.into_iter().take(TASKS).collect(),
        waiting,
        crew: crew.into_iter().map(|(member, _)| member).collect(),
        crew_head,
        came,
        f: Frame::of(visitor, Some(Nav::Today), title),
    }))
}

/// Engineers in sight: where they are as far as is known; true where one is out.
fn crew(
    db: &Connection,
    visitor: &Visitor,
    reach: &Reach,
    almanac: &Almanac<'_>,
) -> Result<Vec<(Member, bool)>, StoreError> {
    let directory = &*visitor.directory;
    let seen = |person: &&Person| visitor.sight.may_time(Action::Read, &person.user, person.station.as_ref());
    let stations = directory.stations.keys().filter(|station| reach.holds(Some(station)));
    let people: Vec<&Person> = stations.flat_map(|station| directory.crew(station)).filter(seen).take(40).collect();
    people.into_iter().map(|person| member(db, directory, person, almanac)).collect()
}

pub struct Known {
    pub on_since: Option<Millis>,
    pub out: Option<(String, Millis)>,
    pub contact: Option<(Millis, u32)>,
    pub has_phone: bool,
    pub on_leave: bool,
}

/// What is known of a person now.
pub fn known(
    db: &Connection,
    directory: &Directory,
    user: &UserId,
    almanac: &Almanac<'_>,
) -> Result<Known, StoreError> {
    let tenant = directory.tenant.as_str();
    let sql = "select on_since, out_to, out_due from duty where tenant = $1 and person = $2";
    let duty = probe(db, sql, params![tenant, user.as_str()], |row| {
        Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Option<String>>(1)?, row.get::<_, Option<i64>>(2)?))
    })?;
    let (on_since, out_to, out_due) = duty.unwrap_or_default();
    let sql = "select contact_at, unsent from device where tenant = $1 and person = $2 and kind = 'phone' \
               and revoked is null order by contact_at desc";
    let phones =
        all(db, sql, params![tenant, user.as_str()], |row| Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, u32>(1)?)))?;
    let today = almanac.zone.day(almanac.now).to_string();
    let sql = "select 1 from leave_row where tenant = $1 and person = $2 and day_to >= $3 and day_from <= $3 \
               and approved = 1 limit 1";
    let on_leave = probe(db, sql, params![tenant, user.as_str(), today], |_| Ok(()))?.is_some();
    Ok(Known {
        on_since: on_since.map(Millis),
        out: out_to.zip(out_due.map(Millis)),
        contact: phones.first().and_then(|(at, unsent)| Some((Millis((*at)?), *unsent))),
        has_phone: !phones.is_empty(),
        on_leave,
    })
}

fn member(
    db: &Connection,
    directory: &Directory,
    person: &Person,
    almanac: &Almanac<'_>,
) -> Result<(Member, bool), StoreError> {
    let w = almanac.w;
    let known = known(db, directory, &person.user, almanac)?;
    let late = known.out.as_ref().filter(|(_, due)| *due < almanac.now);
    let place = match &known.out {
        Some((place, due)) if *due < almanac.now => w.out_late(place, almanac.moment(*due)),
        Some((place, due)) => w.out_to(place, almanac.moment(*due)),
        None if known.on_leave => w.on_leave_today().to_owned(),
        None => doing(db, directory, &person.user, almanac)?,
    };
    let contact = match known.contact {
        Some((at, unsent)) => w.contact_and_unsent(almanac.brief(at), unsent),
        None if known.has_phone => w.never_contacted().to_owned(),
        None => w.no_phone_yet().to_owned(),
    };
    // A clock-in that nobody ended says little after a day.
    let duty = known.on_since.map(|since| almanac.now.since(since)).filter(|on| *on < Millis::hours(24));
    let member = Member {
        name: person.name.clone(),
        place,
        duty: duty.map_or_else(|| w.off_duty().to_owned(), |on| w.on_duty_for(span(on))),
        contact,
        late: late.map(|(_, due)| format!("{} {}", w.late(), span(almanac.now.since(*due)))),
    };
    Ok((member, known.out.is_some()))
}

/// Where his orders say that he is.
fn doing(db: &Connection, directory: &Directory, user: &UserId, almanac: &Almanac<'_>) -> Result<String, StoreError> {
    let sql = "select o.state, coalesce(c.name, o.customer) from order_row o \
               left join customer_row c on c.tenant = o.tenant and c.customer = o.customer \
               where o.tenant = $1 and o.engineer = $2 and o.is_open = 1 \
               and o.state in ('on_site', 'travelling') order by o.state, o.urgent_at limit 1";
    let found = probe(db, sql, params![directory.tenant.as_str(), user.as_str()], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    Ok(match found {
        Some((state, customer)) if state == "on_site" => almanac.w.at_customer(customer),
        Some((_, customer)) => almanac.w.on_way_to(customer),
        None => String::new(),
    })
}

/// The last things that phones brought.
fn came(gateway: &Gateway, visitor: &Visitor, reach: &Reach, almanac: &Almanac<'_>) -> Result<Vec<Came>, Problem> {
    let directory = &*visitor.directory;
    let mut names: std::collections::HashMap<PageId, String> = std::collections::HashMap::new();
    let leaves = gateway.relay().latest_leaves(6 * CAME, BACK, |db, tenant, header| {
        let station = station_of(db, tenant.as_str(), directory, header)?;
        let is_seen = reach.holds(station.as_ref())
            && matches!(header.subject, Subject::Order { .. } | Subject::Visit { .. } | Subject::Attendance { .. });
        if let (true, Some(order)) = (is_seen, header.order()) {
            let sql = "select coalesce(c.name, o.customer) from order_row o left join customer_row c \
                       on c.tenant = o.tenant and c.customer = o.customer where o.tenant = $1 and o.page = $2";
            let name: Option<String> = probe(db, sql, params![tenant.as_str(), order.0], |row| row.get(0))?;
            names.insert(order, name.unwrap_or_default());
        }
        Ok(is_seen)
    })?;
    // A change may say several things: one line tells of it.
    let mut told = BTreeSet::new();
    let lines = leaves.into_iter().filter(|(_, leaf)| told.insert(leaf.seq)).take(CAME).map(|(header, leaf)| {
        let order = header.order();
        let customer = order.and_then(|order| names.get(&order)).cloned().unwrap_or_default();
        let what = tell::tell(almanac, &leaf.body);
        let received = leaf.received.unwrap_or(leaf.at);
        let delay = received.since(leaf.at);
        Came {
            at: almanac.brief(received),
            who: directory.name_of(&leaf.by),
            what: if customer.is_empty() { what } else { format!("{customer}{}{what}", almanac.w.of("：", ": ")) },
            how_late: if delay > Millis::minutes(5) && !leaf.at_console {
                almanac.w.logged_then_came(almanac.moment(leaf.at), about(almanac.w, delay))
            } else {
                String::new()
            },
            path: order.map(|order| format!("/orders/{order}")),
        }
    });
    Ok(lines.collect())
}
