//! The order's page: what the story's parts say, put together for whoever may read it.

use super::super::act::{Shown, fresh_id, last_decision};
use super::super::flags::{self, Chip};
use super::super::form::Form;
use super::super::page::{Frame, Nav, render_as};
use super::super::show::{Almanac, money};
use super::super::visit::Visitor;
use super::axis::Axis;
use super::conflict::Conflict;
use super::custody::Good;
use super::map::Map;
use super::may::May;
use super::picture::{Photo, Where};
use super::signed::Signed;
use super::timeline::Row;
use crate::http::{Gateway, Problem};
use crate::relay::OrderStory;
use crate::store::probe;
use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use axum::response::Response;
use outpost_model::access::Action;
use outpost_model::command::Ask;
use outpost_model::fold::flag::Flag;
use outpost_model::fold::order::State;
use outpost_model::header::Kind;
use outpost_model::id::PageId;
use outpost_model::problem::Code;
use rusqlite::params;
use std::sync::Arc;

/// A flag of the order: what it says, and what to do.
struct Raised {
    chip: Chip,
    what: String,
    note: &'static str,
}

struct Detail {
    name: &'static str,
    word: String,
    value: String,
}

#[derive(Template)]
#[template(path = "order.html")]
struct Page {
    f: Frame,
    order: String,
    number: String,
    customer: String,
    about: String,
    state: &'static str,
    flags: Vec<Raised>,
    summary: String,
    same: Option<(String, String)>,
    axis_head: String,
    rows: Vec<Row>,
    photos: Vec<Photo>,
    map: Option<String>,
    map_text: Vec<String>,
    conflicts: Vec<Conflict>,
    signed: Vec<Signed>,
    goods: Vec<Good>,
    details: Vec<Detail>,
    helpers: Vec<(String, String)>,
    may: May,
    form: Form,
    shown: Shown,
    id: String,
    is_unsigned: bool,
    drawn: String,
}

impl Page {
    /// Whether a form came back: it stays open.
    fn is_open(&self, deed: &str) -> bool {
        self.form.get("do") == deed
    }
}

pub async fn show(
    Shared(gateway): Shared<Arc<Gateway>>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let page = PageId::parse(&id).map_err(|_| Problem::of(Code::NotFound))?;
    gateway.blocking(move |gateway| draw(gateway, &visitor, page, Form::default(), StatusCode::OK)).await
}

/// The story, if this person may read it.
pub fn story_for(gateway: &Gateway, visitor: &Visitor, page: PageId) -> Result<OrderStory, Problem> {
    Nav::Orders.check(visitor)?;
    let story = gateway.relay().order_story(page)?.ok_or(Problem::of(Code::NotFound))?;
    // In the same words as where there is none: who may not read an order doesn't learn that it exists.
    if visitor.sight.may_this(Action::Read, &story.facts) { Ok(story) } else { Err(Problem::of(Code::NotFound)) }
}

pub fn draw(
    gateway: &Gateway,
    visitor: &Visitor,
    page: PageId,
    form: Form,
    status: StatusCode,
) -> Result<Response, Problem> {
    let (w, directory, almanac) = (visitor.w, &*visitor.directory, visitor.almanac());
    let story = story_for(gateway, visitor, page)?;
    let facts = &story.facts;
    let tenant = directory.tenant.as_str();
    let (customer, unit, site, after, same) = gateway.relay().store().read(|db| {
        let sql = "select name, lat_e7, lng_e7 from customer_row where tenant = $1 and customer = $2";
        let customer = probe(db, sql, params![tenant, facts.customer.as_str()], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Option<i64>>(1)?, row.get::<_, Option<i64>>(2)?))
        })?;
        let sql = "select model, serial from asset_row where tenant = $1 and asset = $2";
        let asset = facts.asset.as_ref().map(|asset| asset.to_string()).unwrap_or_default();
        let unit = probe(db, sql, params![tenant, asset], |row| {
            Ok(format!("{} {}", row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        let same = match facts.same_as {
            Some(same) => {
                let sql = "select number from service_call where tenant = $1 and page = $2";
                probe(db, sql, params![tenant, same.0], |row| row.get::<_, String>(0))?.map(|number| (same, number))
            }
            None => None,
        };
        let site = customer.as_ref().and_then(|(_, lat, lng)| lat.zip(*lng));
        Ok((customer.map(|(name, ..)| name), unit.unwrap_or_default(), site, last_decision(db, directory, page)?, same))
    })?;
    let axis = Axis::over(&super::timeline::moments(&story), &almanac);
    let map = Map::of(&story, site, directory, &almanac);
    let title_customer = customer.unwrap_or_else(|| facts.customer.to_string());
    let about = [unit.as_str(), w.service(facts.service_type)].into_iter().filter(|text| !text.trim().is_empty());
    let is_agreed = facts.state == State::Replied && facts.appointment.is_some();
    Ok(render_as(
        status,
        &Page {
            order: page.to_string(),
            number: facts.number.clone(),
            about: about.collect::<Vec<_>>().join(" · "),
            state: if is_agreed { w.agreed() } else { w.order_state(facts.state) },
            flags: facts.flags.iter().map(|flag| raised(visitor, flag)).collect(),
            summary: summary(&story, &almanac, visitor),
            same: same.map(|(page, number)| (page.to_string(), w.same_shown(number))),
            axis_head: axis.head(),
            rows: super::timeline::rows(&story, &axis, visitor),
            photos: super::picture::photos(gateway, visitor, &story),
            map_text: map.as_ref().map(Map::words).unwrap_or_default(),
            map: map.map(|map| map.draw(&almanac)),
            conflicts: super::conflict::conflicts(visitor, &story),
            signed: super::signed::panels(gateway, visitor, &story),
            goods: super::custody::goods(visitor, &story),
            details: details(visitor, &story),
            helpers: facts.helpers.iter().map(|user| (user.to_string(), directory.name_of(user))).collect(),
            may: May::of(visitor, facts),
            shown: Shown { after, heads: story.order.heads.clone() },
            id: fresh_id(visitor.now),
            is_unsigned: facts.visits > 0 && facts.survey_score.is_none(),
            drawn: almanac.exact(visitor.now),
            form,
            f: Frame::of(visitor, Some(Nav::Orders), format!("{} {title_customer}", facts.number)),
            customer: title_customer,
        },
    ))
}

fn raised(visitor: &Visitor, flag: &Flag) -> Raised {
    let w = visitor.w;
    let (what, since) =
        (flags::detail_words(w, flag.kind, &flag.detail), flag.since.map(|at| visitor.almanac().moment(at)));
    let by = flag.by.as_ref().map(|user| visitor.directory.name_of(user));
    let words = [Some(what).filter(|what| !what.is_empty()), by, since];
    Raised {
        chip: flags::chip(w, flag.kind),
        what: words.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        note: w.flag_do(flag.kind),
    }
}

fn summary(story: &OrderStory, almanac: &Almanac<'_>, visitor: &Visitor) -> String {
    let (facts, w) = (&story.facts, almanac.w);
    let given = story.order.decisions.iter().rev().find(|one| matches!(one.ask(), Ask::Assign { .. }));
    let mut parts = Vec::new();
    if let Some(engineer) = &facts.engineer {
        parts.push(visitor.directory.name_of(engineer));
    }
    parts.extend(given.map(|one| w.summary_dispatched(almanac.moment(one.at()))));
    parts.extend(facts.arrived_at.map(|at| w.summary_arrived(almanac.moment(at), almanac.moment(facts.arrival_due))));
    if facts.labour_minutes > 0 {
        parts.push(w.summary_labour(facts.labour_minutes));
    }
    if facts.parts_amount > 0 {
        parts.push(w.summary_parts(money(facts.parts_amount)));
    }
    if facts.first_time_fix {
        parts.push(w.summary_first_fix().to_owned());
    }
    parts.join(" · ")
}

fn details(visitor: &Visitor, story: &OrderStory) -> Vec<Detail> {
    let w = visitor.w;
    let fields = outpost_model::field::of(Kind::Order).iter().map(|field| {
        let values = story.facts.fields.get(field.name);
        let value = values.and_then(|values| values.first()).cloned().unwrap_or_default();
        Detail { name: field.name, word: w.of(field.zh, field.en).to_owned(), value }
    });
    fields.collect()
}
