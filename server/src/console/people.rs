//! People and phones: who there is, what each phone said of itself when it was last heard, and the way to each
//! person's page. Auditors read it; what changes something is headquarters'.

mod choices;
mod person;
mod phone;
mod phone_line;
mod station;

use super::orders::Choice;
use super::page::{Frame, Nav, render};
use super::show::Almanac;
use super::visit::Visitor;
use crate::http::{Gateway, Problem};
use crate::relay::{Device, DeviceKind};
use askama::Template;
use axum::Router;
use axum::extract::State as Shared;
use axum::response::Response;
use axum::routing::get;
use choices::station_choices;
use outpost_model::id::{StationId, UserId};
use outpost_model::record::{Person, Role};
use phone_line::PhoneLine;
use std::collections::HashMap;
use std::sync::Arc;

/// People on a page; the next begins where it ended.
const PAGE: usize = 100;

struct Row {
    user: String,
    name: String,
    role: &'static str,
    station: String,
    is_active: bool,
    phones: Vec<PhoneLine>,
    /// His work is on a phone, and he has none.
    lacks_phone: bool,
}

#[derive(Template)]
#[template(path = "people.html")]
struct Page {
    f: Frame,
    rows: Vec<Row>,
    summary: String,
    search: String,
    roles: Vec<Choice>,
    stations: Vec<Choice>,
    states: Vec<Choice>,
    is_filtered: bool,
    may_change: bool,
    next: Option<String>,
    is_first: bool,
}

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new().route("/people", get(page)).merge(person::routes()).merge(phone::routes()).merge(station::routes())
}

async fn page(Shared(gateway): Shared<Arc<Gateway>>, visitor: Visitor) -> Result<Response, Problem> {
    Nav::People.check(&visitor)?;
    gateway.blocking(move |gateway| draw(gateway, &visitor)).await
}

/// Who is shown.
struct Wanted<'a> {
    search: String,
    role: Option<Role>,
    station: Option<StationId>,
    state: &'a str,
}

impl Wanted<'_> {
    fn holds(&self, person: &Person) -> bool {
        let known = |text: &str| text.to_lowercase().contains(&self.search);
        let is_there = match self.state {
            "gone" => !person.active,
            "all" => true,
            _ => person.active,
        };
        is_there
            && self.role.is_none_or(|role| person.role == role)
            && self.station.as_ref().is_none_or(|station| person.station.as_ref() == Some(station))
            && (self.search.is_empty() || known(person.user.as_str()) || known(&person.name))
    }
}

fn draw(gateway: &Gateway, visitor: &Visitor) -> Result<Response, Problem> {
    let (w, directory) = (visitor.w, &*visitor.directory);
    let almanac = Almanac { w, zone: &directory.policy.zone, now: visitor.now };
    let wanted = Wanted {
        search: visitor.asked("q").to_lowercase(),
        role: Role::parse(visitor.asked("role")),
        station: StationId::parse(visitor.asked("at")).ok(),
        state: visitor.asked("state"),
    };
    let mut phones = by_owner(gateway)?;
    let in_use =
        phones.values().flatten().filter(|phone| phone.revoked.is_none() && phone.public_key.is_some()).count();
    let here = directory.people.values().filter(|person| person.active).count();
    let after = UserId::parse(visitor.asked("after")).ok();
    let mut found: Vec<&Person> = directory
        .people
        .values()
        .filter(|person| wanted.holds(person) && after.as_ref().is_none_or(|after| person.user > *after))
        .take(PAGE + 1)
        .collect();
    let has_more = found.len() > PAGE;
    found.truncate(PAGE);
    let query = [
        ("q", visitor.asked("q")),
        ("role", visitor.asked("role")),
        ("at", visitor.asked("at")),
        ("state", wanted.state),
    ];
    let next = found.last().filter(|_| has_more).map(|last| {
        let mut text = form_urlencoded::Serializer::new(String::new());
        text.extend_pairs(query.iter().filter(|(_, value)| !value.is_empty())).append_pair("after", last.user.as_str());
        format!("/people?{}", text.finish())
    });
    let rows = found.into_iter().map(|person| {
        let his = phones.remove(&person.user).unwrap_or_default();
        Row {
            user: person.user.to_string(),
            name: person.name.clone(),
            role: w.role(person.role),
            station: directory.station_name(person.station.as_ref()).unwrap_or_default(),
            is_active: person.active,
            lacks_phone: person.active
                && person.role == Role::Engineer
                && his.iter().all(|phone| phone.revoked.is_some()),
            // Phones that were locked out long ago are on the person's own page.
            phones: his
                .iter()
                .filter(|phone| phone.revoked.is_none())
                .map(|phone| PhoneLine::of(phone, &almanac))
                .collect(),
        }
    });
    let rows: Vec<Row> = rows.collect();
    let choice = |value: &str, word: &str, chosen: &str| Choice {
        value: value.to_owned(),
        word: word.to_owned(),
        is_chosen: value == chosen,
    };
    let states = [("", w.people_here()), ("gone", w.people_gone()), ("all", w.people_all())];
    Ok(render(&Page {
        rows,
        summary: w.people_and_phones(here, in_use),
        search: visitor.asked("q").to_owned(),
        roles: Role::ALL.into_iter().map(|role| choice(role.name(), w.role(role), visitor.asked("role"))).collect(),
        stations: station_choices(directory, visitor.asked("at")),
        states: states.into_iter().map(|(value, word)| choice(value, word, wanted.state)).collect(),
        is_filtered: query.iter().any(|(_, value)| !value.is_empty()),
        may_change: visitor.sight.administers(),
        next,
        is_first: after.is_none(),
        f: Frame::of(visitor, Some(Nav::People), w.people()),
    }))
}

fn by_owner(gateway: &Gateway) -> Result<HashMap<UserId, Vec<Device>>, Problem> {
    let mut phones: HashMap<UserId, Vec<Device>> = HashMap::new();
    for device in gateway.relay().devices()?.into_iter().filter(|device| device.kind == DeviceKind::Phone) {
        phones.entry(device.user.clone()).or_default().push(device);
    }
    Ok(phones)
}
