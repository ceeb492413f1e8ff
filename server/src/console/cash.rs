//! Cash that engineers took on site and the cashier hasn't got yet: each line with its receipt, taken over one by one.

use super::act::{self, Done, Wish, fresh_id, last_decision};
use super::form::Form;
use super::page::{Frame, Nav, on_to, render_as};
use super::show::{Almanac, money};
use super::visit::{Filed, Visitor};
use crate::http::{Gateway, Problem};
use crate::store::{StoreError, all};
use askama::Template;
use axum::Router;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use outpost_model::access::Action;
use outpost_model::command::Ask;
use outpost_model::entry::PayMethod;
use outpost_model::fold::order::{OrderFacts, Wait};
use outpost_model::id::{EntryId, PageId};
use outpost_model::problem::Code;
use outpost_model::time::Millis;
use rusqlite::params;
use std::sync::Arc;

const MOST: usize = 100;

struct Line {
    order: String,
    number: String,
    customer: String,
    who: String,
    at: String,
    /// Days since, where it wasn't handed in on its day.
    old: Option<String>,
    item: String,
    receipt: String,
    amount: String,
    visit: String,
    charge: String,
    after: String,
    id: String,
    key: Millis,
}

#[derive(Template)]
#[template(path = "cash.html")]
struct Page {
    f: Frame,
    form: Form,
    lines: Vec<Line>,
    sum: String,
}

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new().route("/cash", get(show).post(take))
}

async fn show(Shared(gateway): Shared<Arc<Gateway>>, visitor: Visitor) -> Result<Response, Problem> {
    Nav::Cash.check(&visitor)?;
    gateway.blocking(move |gateway| draw(gateway, &visitor, Form::default(), StatusCode::OK)).await
}

fn draw(gateway: &Gateway, visitor: &Visitor, form: Form, status: StatusCode) -> Result<Response, Problem> {
    let directory = &*visitor.directory;
    let almanac = Almanac { w: visitor.w, zone: &directory.policy.zone, now: visitor.now };
    let today = almanac.zone.day(visitor.now);
    let bit = Wait::bits(&[Wait::Cash].into());
    let (mut lines, sum) = gateway.relay().store().read(|db| {
        let sql = "select o.page, o.facts, coalesce(c.name, o.customer) from order_row o \
                   left join customer_row c on c.tenant = o.tenant and c.customer = o.customer \
                   where o.tenant = $1 and o.waits > 0 and o.waits & $2 <> 0 order by o.opened_at";
        let found = all(db, sql, params![directory.tenant.as_str(), bit], |row| {
            Ok((PageId(row.get(0)?), row.get::<_, String>(1)?, row.get::<_, String>(2)?))
        })?;
        let (mut lines, mut sum) = (Vec::new(), 0_i64);
        for (page, facts, customer) in found {
            let facts: OrderFacts = serde_json::from_str(&facts).map_err(StoreError::damaged)?;
            if !visitor.sight.may_this(Action::Cash, &facts) {
                continue;
            }
            let after = last_decision(db, directory, page)?.map_or("none".into(), |id| id.to_string());
            for visit in &facts.visit_facts {
                for charge in visit.charges.iter().filter(|one| one.method == PayMethod::Cash && !one.acknowledged) {
                    sum = sum.saturating_add(charge.amount);
                    let day = almanac.zone.day(charge.at);
                    let days = visitor.now.since(charge.at) / Millis::hours(24);
                    lines.push(Line {
                        order: page.to_string(),
                        number: facts.number.clone(),
                        customer: customer.clone(),
                        who: directory.name_of(&charge.by),
                        at: almanac.moment(charge.at),
                        old: (day < today).then(|| visitor.w.cash_old(days.max(1))),
                        item: charge.item.clone(),
                        receipt: charge.receipt_no.clone().unwrap_or_default(),
                        amount: money(charge.amount),
                        visit: visit.page.to_string(),
                        charge: charge.entry.to_string(),
                        after: after.clone(),
                        id: fresh_id(visitor.now),
                        key: charge.at,
                    });
                }
            }
        }
        Ok((lines, sum))
    })?;
    lines.sort_by_key(|line| line.key);
    lines.truncate(MOST);
    let f = Frame::of(visitor, Some(Nav::Cash), visitor.w.cash());
    Ok(render_as(status, &Page { sum: visitor.w.cash_sum(money(sum)), form, lines, f }))
}

async fn take(Shared(gateway): Shared<Arc<Gateway>>, filed: Filed) -> Result<Response, Problem> {
    Nav::Cash.check(&filed.visitor)?;
    gateway
        .blocking(move |gateway| {
            let Filed { visitor, fields } = filed;
            let form = Form::with(fields);
            let bad = || Problem::of(Code::BadRequest);
            let page = |name: &str| PageId::parse(form.get(name)).map_err(|_| bad());
            let (order, visit) = (page("order")?, page("visit")?);
            let charge = EntryId::parse(form.get("charge")).map_err(|_| bad())?;
            let ask = Ask::AcknowledgeCash { order, visit, charge };
            match act::take(gateway, &visitor, form, Wish { ask: Some(ask), write: None })? {
                Done::Taken => Ok(on_to("/cash", "cash")),
                Done::AlreadySo => Ok(on_to("/cash", "already")),
                Done::Not(form) => draw(gateway, &visitor, form, StatusCode::CONFLICT),
            }
        })
        .await
}
