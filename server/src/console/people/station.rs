//! Stations: where engineers are resident, with the place that distances are reckoned from.

use super::super::act::{self, Done, Wish, fresh_id, last_decision};
use super::super::form::Form;
use super::super::page::{Frame, Nav, on_to, render, render_as};
use super::super::visit::{Filed, Visitor};
use crate::http::{Gateway, Problem};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use outpost_model::command::{Ask, Place};
use outpost_model::id::StationId;
use outpost_model::problem::Code;
use outpost_model::record::{Station, degrees_e7};
use std::sync::Arc;

/// Letters of a name.
const MAX_NAME: usize = 60;

struct Line {
    station: String,
    name: String,
    place: String,
    crew: usize,
    lead: String,
}

#[derive(Template)]
#[template(path = "stations.html")]
struct ListPage {
    f: Frame,
    lines: Vec<Line>,
    may_change: bool,
}

#[derive(Template)]
#[template(path = "station.html")]
struct Page {
    f: Frame,
    form: Form,
    id: String,
    after: String,
    post_to: String,
    is_new: bool,
}

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/stations", get(list))
        .route("/stations/new", get(blank).post(add))
        .route("/station/{station}", get(show).post(change))
}

async fn list(visitor: Visitor) -> Result<Response, Problem> {
    Nav::People.check(&visitor)?;
    let (w, directory) = (visitor.w, &visitor.directory);
    let lines = directory.stations.values().map(|one| {
        let people = directory.people.values();
        let lead = people.filter(|person| {
            person.active
                && person.station.as_ref() == Some(&one.station)
                && !directory.crew(&one.station).any(|his| his.user == person.user)
        });
        Line {
            station: one.station.to_string(),
            name: one.name.clone(),
            place: place(one),
            crew: directory.crew(&one.station).count(),
            lead: lead.map(|person| person.name.as_str()).collect::<Vec<_>>().join(w.of("、", ", ")),
        }
    });
    Ok(render(&ListPage {
        lines: lines.collect(),
        may_change: visitor.sight.administers(),
        f: Frame::of(&visitor, Some(Nav::People), w.stations()),
    }))
}

/// `36.6500, 117.1200`; nothing where nobody has said.
fn place(station: &Station) -> String {
    match (station.lat_e7, station.lng_e7) {
        (0, 0) => String::new(),
        (lat, lng) => format!("{}, {}", degrees(lat), degrees(lng)),
    }
}

fn degrees(e7: i32) -> String {
    format!("{:.4}", f64::from(e7) / 1e7)
}

async fn blank(Shared(gateway): Shared<Arc<Gateway>>, visitor: Visitor) -> Result<Response, Problem> {
    Nav::People.check_change(&visitor)?;
    gateway.blocking(move |gateway| draw(gateway, &visitor, None, Form::default(), StatusCode::OK)).await
}

async fn show(
    Shared(gateway): Shared<Arc<Gateway>>,
    Path(station): Path<String>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    Nav::People.check_change(&visitor)?;
    gateway
        .blocking(move |gateway| {
            let station = known(&visitor, &station)?;
            draw(gateway, &visitor, Some(&station), Form::default(), StatusCode::OK)
        })
        .await
}

fn known(visitor: &Visitor, station: &str) -> Result<Station, Problem> {
    let station = StationId::parse(station).ok();
    station.and_then(|id| visitor.directory.stations.get(&id).cloned()).ok_or(Problem::of(Code::NotFound))
}

fn draw(
    gateway: &Gateway,
    visitor: &Visitor,
    station: Option<&Station>,
    mut form: Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let (w, directory) = (visitor.w, &*visitor.directory);
    let records = Place::Records.page(&directory.tenant);
    let after = gateway.relay().store().read(|db| last_decision(db, directory, records))?;
    if let Some(station) = station.filter(|_| !form.fields.has("name")) {
        form.fields.set("name", station.name.clone());
        if (station.lat_e7, station.lng_e7) != (0, 0) {
            form.fields.set("lat", degrees(station.lat_e7));
            form.fields.set("lng", degrees(station.lng_e7));
        }
    }
    let title = station.map_or_else(|| w.station_new().to_owned(), |station| station.name.clone());
    Ok(render_as(
        status,
        &Page {
            form,
            id: fresh_id(visitor.now),
            after: after.map_or("none".into(), |id| id.to_string()),
            post_to: station.map_or_else(|| "/stations/new".to_owned(), |one| format!("/station/{}", one.station)),
            is_new: station.is_none(),
            f: Frame::of(visitor, Some(Nav::People), title),
        },
    ))
}

async fn add(gateway: Shared<Arc<Gateway>>, filed: Filed) -> Result<Response, Problem> {
    put(gateway, None, filed).await
}

async fn change(gateway: Shared<Arc<Gateway>>, Path(station): Path<String>, filed: Filed) -> Result<Response, Problem> {
    put(gateway, Some(station), filed).await
}

async fn put(
    Shared(gateway): Shared<Arc<Gateway>>,
    station: Option<String>,
    filed: Filed,
) -> Result<Response, Problem> {
    Nav::People.check_change(&filed.visitor)?;
    gateway
        .blocking(move |gateway| {
            let Filed { visitor, fields } = filed;
            let (w, mut form) = (visitor.w, Form::with(fields));
            let before = station.map(|station| known(&visitor, &station)).transpose()?;
            let id = match &before {
                Some(station) => Some(station.station.clone()),
                None => StationId::parse(form.get("station")).ok(),
            };
            match &id {
                None => form.blame("station", w.not_a_code()),
                Some(id)
                    if before.is_none()
                        && visitor.directory.stations.contains_key(id)
                        && !act::was_taken(gateway, &visitor, &form)? =>
                {
                    form.blame("station", w.station_exists());
                }
                Some(_) => {}
            }
            let name = form.text(w, "name", w.customer_name(), MAX_NAME);
            let mut degrees = |field: &str, most: f64| match form.get(field) {
                "" => 0,
                typed => typed.parse().ok().and_then(|value| degrees_e7(value, most)).unwrap_or_else(|| {
                    form.blame(field, w.not_degrees(most));
                    0
                }),
            };
            let (lat_e7, lng_e7) = (degrees("lat", 90.0), degrees("lng", 180.0));
            let Some(station) = id.filter(|_| form.is_sound()) else {
                return draw(gateway, &visitor, before.as_ref(), form, StatusCode::UNPROCESSABLE_ENTITY);
            };
            form.fields.set("about", station.to_string());
            let ask = Some(Ask::PutStation { station: Station { station, name, lat_e7, lng_e7 } });
            match act::take(gateway, &visitor, form, Wish { ask, write: None })? {
                Done::Taken => Ok(on_to("/stations", "saved")),
                Done::AlreadySo => Ok(on_to("/stations", "already")),
                Done::Not(form) => draw(gateway, &visitor, before.as_ref(), form, StatusCode::CONFLICT),
            }
        })
        .await
}
