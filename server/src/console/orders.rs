//! The list of orders: filtered, searched, paged by where the last page ended; all of it in the address.

use super::page::{Frame, Nav, render};
use super::rows::{self, OrderRow, PhoneCell, States, Wanted};
use super::show::Almanac;
use super::visit::Visitor;
use crate::http::{Gateway, Problem};
use askama::Template;
use axum::Router;
use axum::extract::State as Shared;
use axum::response::Response;
use axum::routing::get;
use outpost_model::access::Action;
use outpost_model::fold::order::State;
use outpost_model::id::{StationId, UserId};
use outpost_model::record::Role;
use std::sync::Arc;

const PAGE: usize = 30;

pub struct Choice {
    pub value: String,
    pub word: String,
    pub is_chosen: bool,
}

#[derive(Template)]
#[template(path = "orders.html")]
struct Page {
    f: Frame,
    rows: Vec<OrderRow>,
    states: Vec<Choice>,
    stations: Vec<Choice>,
    engineers: Vec<Choice>,
    sorts: Vec<Choice>,
    flagged: bool,
    search: String,
    is_filtered: bool,
    is_first: bool,
    first: String,
    next: Option<String>,
    total: u32,
    may_dispatch: bool,
    may_register: bool,
}

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new().route("/orders", get(page))
}

async fn page(Shared(gateway): Shared<Arc<Gateway>>, visitor: Visitor) -> Result<Response, Problem> {
    Nav::Orders.check(&visitor)?;
    gateway.blocking(move |gateway| draw(gateway, &visitor)).await
}

/// What the address asks for.
pub fn wanted(visitor: &Visitor, default: States) -> Wanted {
    let station = StationId::parse(visitor.asked("at")).ok();
    let states = match visitor.asked("state") {
        "unassigned" => States::One(State::Open),
        name => States::parse(name).unwrap_or(default),
    };
    Wanted {
        reach: visitor.sight.orders().at(station.as_ref()),
        states,
        engineer: UserId::parse(visitor.asked("engineer")).ok(),
        search: visitor.asked("q").chars().take(64).collect(),
        newest_first: match visitor.asked("sort") {
            "new" => true,
            "urgent" => false,
            _ => matches!(states, States::All | States::FinishedToday | States::One(State::Closed | State::Cancelled)),
        },
        flagged: visitor.asked("flag") == "1",
        after: rows::parse_cursor(visitor.asked("after")),
        most: PAGE,
    }
}

fn draw(gateway: &Gateway, visitor: &Visitor) -> Result<Response, Problem> {
    let (w, directory) = (visitor.w, &*visitor.directory);
    let almanac = Almanac { w, zone: &directory.policy.zone, now: visitor.now };
    let searching = !visitor.asked("q").is_empty();
    let wanted = wanted(visitor, if searching { States::All } else { States::Open });
    let (rows, next, total) = gateway.relay().store().read(|db| {
        let (rows, next) = rows::read(db, directory, &wanted, &almanac)?;
        let total = rows::count(db, directory, &Wanted { after: None, ..wanted.clone() }, visitor.now)?;
        Ok((rows, next, total))
    })?;
    let query = |after: Option<&str>| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for name in ["q", "state", "at", "engineer", "sort", "flag"] {
            if !visitor.asked(name).is_empty() {
                query.append_pair(name, visitor.asked(name));
            }
        }
        after.map(|after| query.append_pair("after", after));
        format!("/orders?{}", query.finish())
    };
    let choice = |value: &str, word: &str, chosen: &str| Choice {
        value: value.to_owned(),
        word: word.to_owned(),
        is_chosen: value == chosen,
    };
    let state_words = [
        (States::Open, w.open_ones()),
        (States::All, w.all_states()),
        (States::Overdue, w.count_overdue()),
        (States::Undelivered, w.count_undelivered()),
        (States::FinishedToday, w.count_finished()),
    ];
    let states = state_words
        .into_iter()
        .chain(State::ALL.into_iter().rev().map(|state| (States::One(state), w.order_state(state))));
    let shown = wanted.states.name();
    let stations = directory.stations.values().filter(|station| visitor.sight.orders().holds(Some(&station.station)));
    let people = directory.people.values().filter(|person| {
        person.active && person.role == Role::Engineer && visitor.sight.orders().holds(person.station.as_ref())
    });
    let mut f = Frame::of(visitor, Some(Nav::Orders), w.orders());
    f.sought = wanted.search.clone();
    Ok(render(&Page {
        rows,
        states: states.map(|(states, word)| choice(states.name(), word, shown)).collect(),
        stations: stations.map(|one| choice(one.station.as_str(), &one.name, visitor.asked("at"))).collect(),
        engineers: people.map(|one| choice(one.user.as_str(), &one.name, visitor.asked("engineer"))).collect(),
        sorts: [("urgent", w.sort_urgent()), ("new", w.sort_newest())]
            .into_iter()
            .map(|(value, word)| choice(value, word, if wanted.newest_first { "new" } else { "urgent" }))
            .collect(),
        flagged: wanted.flagged,
        search: wanted.search.clone(),
        is_filtered: ["q", "state", "at", "engineer", "flag"].iter().any(|name| !visitor.asked(name).is_empty()),
        is_first: wanted.after.is_none(),
        first: query(None),
        next: next.map(|next| query(Some(&rows::spell_cursor(&next)))),
        total,
        may_dispatch: visitor.sight.may_anywhere(Action::Dispatch),
        may_register: visitor.sight.may_anywhere(Action::Register),
        f,
    }))
}
