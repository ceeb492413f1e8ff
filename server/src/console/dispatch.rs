//! Who goes: a sheet of the station's engineers with load, distance, leave and last contact, sorted, none preselected.
//! The same sheet transfers an order and adds a helper.

use super::act::{self, Done, Wish, fresh_id, last_decision};
use super::directory::Directory;
use super::form::Form;
use super::page::{Frame, Nav, on_to, render_as};
use super::show::{Almanac, span};
use super::today::{Known, known};
use super::visit::{Filed, Visitor};
use crate::http::{Gateway, Problem};
use crate::store::{StoreError, all, probe};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use outpost_model::access::Action;
use outpost_model::command::Ask;
use outpost_model::fold::order::OrderFacts;
use outpost_model::id::{PageId, UserId};
use outpost_model::problem::Code;
use outpost_model::record::Person;
use outpost_model::time::{Day, Millis};
use rusqlite::{Connection, params};
use std::sync::Arc;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    Dispatch,
    Helper,
}

struct Candidate {
    user: String,
    name: String,
    load: String,
    is_loaded: bool,
    duty: String,
    leave: String,
    on_leave: bool,
    contact: String,
    place: String,
    note: &'static str,
    key: (bool, bool, bool, u32, UserId),
}

#[derive(Template)]
#[template(path = "dispatch.html")]
struct Page {
    f: Frame,
    order: OrderFacts,
    customer: String,
    distance: String,
    limit: Option<super::rows::LimitCell>,
    form: Form,
    id: String,
    after: String,
    verb: &'static str,
    post_to: String,
    is_helper: bool,
    candidates: Vec<Candidate>,
}

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/orders/{id}/dispatch", get(dispatch).post(send))
        .route("/orders/{id}/helper", get(helper).post(add))
}

async fn dispatch(gateway: Shared<Arc<Gateway>>, id: Path<String>, visitor: Visitor) -> Result<Response, Problem> {
    show(gateway, id, visitor, Manner::Dispatch).await
}
async fn helper(gateway: Shared<Arc<Gateway>>, id: Path<String>, visitor: Visitor) -> Result<Response, Problem> {
    show(gateway, id, visitor, Manner::Helper).await
}
async fn send(gateway: Shared<Arc<Gateway>>, id: Path<String>, filed: Filed) -> Result<Response, Problem> {
    take(gateway, id, filed, Manner::Dispatch).await
}
async fn add(gateway: Shared<Arc<Gateway>>, id: Path<String>, filed: Filed) -> Result<Response, Problem> {
    take(gateway, id, filed, Manner::Helper).await
}

async fn show(
    Shared(gateway): Shared<Arc<Gateway>>,
    Path(id): Path<String>,
    visitor: Visitor,
    manner: Manner,
) -> Result<Response, Problem> {
    gateway
        .blocking(move |gateway| {
            let page = PageId::parse(&id).map_err(|_| Problem::of(Code::NotFound))?;
            draw(gateway, &visitor, page, manner, Form::default(), StatusCode::OK)
        })
        .await
}

/// The order as its row has it, if this person may do that to it.
pub fn order_for(gateway: &Gateway, visitor: &Visitor, page: PageId, action: Action) -> Result<OrderFacts, Problem> {
    Nav::Orders.check(visitor)?;
    let tenant = visitor.directory.tenant.as_str();
    let facts: Option<String> = gateway.relay().store().read(|db| {
        let sql = "select facts from order_row where tenant = $1 and page = $2";
        probe(db, sql, params![tenant, page.0], |row| row.get(0))
    })?;
    let facts = facts.ok_or(Problem::of(Code::NotFound))?;
    let facts: OrderFacts = serde_json::from_str(&facts).map_err(StoreError::damaged)?;
    if !visitor.sight.may_this(Action::Read, &facts) {
        return Err(Problem::of(Code::NotFound));
    }
    if !visitor.sight.may_this(action, &facts) {
        return Err(Problem::of(Code::NotAllowed));
    }
    Ok(facts)
}

fn draw(
    gateway: &Gateway,
    visitor: &Visitor,
    page: PageId,
    manner: Manner,
    form: Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let (w, directory) = (visitor.w, &*visitor.directory);
    let order = order_for(gateway, visitor, page, Action::Dispatch)?;
    let almanac = Almanac { w, zone: &directory.policy.zone, now: visitor.now };
    let (after, customer, mut candidates) = gateway.relay().store().read(|db| {
        let sql = "select name, distance_km from customer_row where tenant = $1 and customer = $2";
        let customer = probe(db, sql, params![directory.tenant.as_str(), order.customer.as_str()], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, u32>(1)?))
        })?;
        let crew: Vec<&Person> = match &order.station {
            Some(station) => directory.crew(station).collect(),
            None => Vec::new(),
        };
        let candidates: Vec<Candidate> = crew
            .into_iter()
            .map(|person| candidate(db, directory, person, &order, &almanac))
            .collect::<Result<_, _>>()?;
        Ok((last_decision(db, directory, page)?, customer, candidates))
    })?;
    candidates.sort_by(|a, b| a.key.cmp(&b.key));
    let (name, km) = customer.unwrap_or((order.customer.to_string(), 0));
    let (title, verb, tail) = match (manner, &order.engineer) {
        (Manner::Helper, _) => (w.helper_title(&order.number), w.add_helper(), "helper"),
        (Manner::Dispatch, None) => (w.dispatch_title(&order.number), w.dispatch(), "dispatch"),
        (Manner::Dispatch, Some(_)) => (w.transfer_title(&order.number), w.transfer(), "dispatch"),
    };
    Ok(render_as(
        status,
        &Page {
            limit: super::rows::limit_cell(&order, &almanac),
            customer: name,
            distance: w.distance(km),
            form,
            id: fresh_id(visitor.now),
            after: after.map_or("none".into(), |id| id.to_string()),
            verb,
            post_to: format!("/orders/{page}/{tail}"),
            is_helper: manner == Manner::Helper,
            candidates,
            order,
            f: Frame::of(visitor, Some(Nav::Orders), title),
        },
    ))
}

fn candidate(
    db: &Connection,
    directory: &Directory,
    person: &Person,
    order: &OrderFacts,
    almanac: &Almanac<'_>,
) -> Result<Candidate, StoreError> {
    let w = almanac.w;
    let tenant = directory.tenant.as_str();
    let Known { on_since, out, contact, has_phone, on_leave } = known(db, directory, &person.user, almanac)?;
    let sql = "select urgent_at from order_row where tenant = $1 and engineer = $2 and is_open = 1";
    let load: Vec<i64> = all(db, sql, params![tenant, person.user.as_str()], |row| row.get(0))?;
    let late = load.iter().filter(|due| **due < almanac.now.0).count();
    let today = almanac.zone.day(almanac.now).to_string();
    let sql = "select day_from, day_to, approved from leave_row where tenant = $1 and person = $2 and day_to >= $3 \
               and coalesce(approved, 1) = 1 order by day_from limit 2";
    let leaves = all(db, sql, params![tenant, person.user.as_str(), today], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, Option<i64>>(2)?))
    })?;
    let leave: Vec<String> = leaves
        .iter()
        .map(|(from, to, approved)| {
            let day = |text: &str| Day::parse(text).map_or_else(|_| text.to_owned(), |day| almanac.plain_day(day));
            let span = if from == to { day(from) } else { format!("{} – {}", day(from), day(to)) };
            if approved.is_none() { format!("{span} ({})", w.approvals()) } else { span }
        })
        .collect();
    let place = match (&out, on_leave) {
        (Some((place, due)), _) => w.out_to(place, almanac.moment(*due)),
        (None, true) => w.on_leave_today().to_owned(),
        (None, false) => String::new(),
    };
    let has_it = order.engineer.as_ref() == Some(&person.user);
    let helps = order.helpers.contains(&person.user);
    let duty = on_since.map(|since| almanac.now.since(since)).filter(|on| *on < Millis::hours(24));
    Ok(Candidate {
        user: person.user.to_string(),
        name: person.name.clone(),
        load: if load.is_empty() { w.load_none().to_owned() } else { w.load_orders(load.len(), late) },
        is_loaded: late > 0,
        leave: if leave.is_empty() { w.leave_none().to_owned() } else { leave.join(w.of("、", ", ")) },
        on_leave,
        contact: match contact {
            Some((at, unsent)) => w.contact_and_unsent(almanac.brief(at), unsent),
            None if has_phone => w.never_contacted().to_owned(),
            None => w.no_phone_yet().to_owned(),
        },
        duty: duty.map_or_else(|| w.off_duty().to_owned(), |on| w.on_duty_for(span(on))),
        place,
        note: if has_it {
            w.has_it_now()
        } else if helps {
            w.helper()
        } else {
            ""
        },
        key: (has_it || helps, on_leave, !has_phone, load.len() as u32, person.user.clone()),
    })
}

async fn take(
    Shared(gateway): Shared<Arc<Gateway>>,
    Path(id): Path<String>,
    filed: Filed,
    manner: Manner,
) -> Result<Response, Problem> {
    gateway
        .blocking(move |gateway| {
            let Filed { visitor, fields } = filed;
            let page = PageId::parse(&id).map_err(|_| Problem::of(Code::NotFound))?;
            let order = order_for(gateway, &visitor, page, Action::Dispatch)?;
            let mut form = Form::with(fields);
            form.fields.set("about", order.number.clone());
            let to = UserId::parse(form.get("to")).ok();
            let Some(to) = to.filter(|to| visitor.directory.people.contains_key(to)) else {
                form.blame("to", visitor.w.order_choose_engineer());
                return draw(gateway, &visitor, page, manner, form, StatusCode::UNPROCESSABLE_ENTITY);
            };
            let ask = match manner {
                Manner::Dispatch => Ask::Assign { order: page, to },
                Manner::Helper => Ask::AddHelper { order: page, helper: to },
            };
            match act::take(gateway, &visitor, form, Wish { ask: Some(ask), write: None })? {
                Done::Taken => Ok(on_to(&format!("/orders/{page}"), "dispatched")),
                Done::AlreadySo => Ok(on_to(&format!("/orders/{page}"), "already")),
                Done::Not(form) => draw(gateway, &visitor, page, manner, form, StatusCode::CONFLICT),
            }
        })
        .await
}
