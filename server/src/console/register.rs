//! A call is registered (form 002): the telephone number first, which finds the customer, his units, his history and what
//! may be the same call. The type is proposed from the warranty, with the reason; misuse makes it paid.

use super::act::{self, Done, Wish, fresh_id};
use super::audit::{self, Act};
use super::directory::Directory;
use super::form::Form;
use super::page::Nav;
use super::page::{Frame, on_to, render_as};
use super::rows::codes_like;
use super::show::Almanac;
use super::sight::Reach;
use super::visit::{Fields, Filed, Visitor};
use super::words::Words;
use crate::http::{Gateway, Problem};
use crate::staff;
use crate::store::{StoreError, all, one, probe};
use askama::Template;
use axum::Router;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use outpost_model::access::{Action, ThingKind};
use outpost_model::command::{Ask, ServiceType};
use outpost_model::entry::{Body, Channel};
use outpost_model::fold::order::{OrderFacts, State};
use outpost_model::header::{Header, Subject};
use outpost_model::id::{AssetCode, CommandId, CustomerCode, PageId, StationId};
use outpost_model::problem::Code;
use outpost_model::time::Day;
use rusqlite::{Connection, params};
use std::sync::Arc;

struct Customer {
    code: String,
    name: String,
    address: String,
    contact: String,
    phone: String,
    station: Option<StationId>,
    served: String,
}

struct Unit {
    code: String,
    model: String,
    serial: String,
    warranty: String,
    is_chosen: bool,
    repeat: Option<String>,
}

struct Past {
    id: String,
    number: String,
    day: String,
    what: String,
    state: &'static str,
    is_open: bool,
}

#[derive(Template)]
#[template(path = "register.html")]
struct Page {
    f: Frame,
    form: Form,
    id: String,
    found: Vec<Customer>,
    customer: Option<Customer>,
    units: Vec<Unit>,
    unit_known: bool,
    history: Vec<Past>,
    duplicates: Vec<Past>,
    proposed: Option<(ServiceType, String)>,
    proposal: String,
    looked_up: bool,
    phone_encoded: String,
    may_dispatch: bool,
    may_fix: bool,
}

impl Page {
    fn chose_or(&self, name: &str, value: &str, default: &str) -> bool {
        let typed = self.form.get(name);
        if typed.is_empty() { value == default } else { typed == value }
    }
    fn proposed_is(&self, value: &str) -> bool {
        let typed = self.form.get("type");
        match (typed.is_empty(), &self.proposed) {
            (true, Some((kind, _))) => format!("{kind:?}") == value,
            _ => typed == value,
        }
    }
}

pub fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/orders/new", get(show).post(send))
        .route("/customers/new", get(new_customer).post(add_customer))
}

fn check(visitor: &Visitor) -> Result<(), Problem> {
    if visitor.sight.may_anywhere(Action::Register) { Ok(()) } else { Err(Problem::of(Code::NotFound)) }
}

async fn show(Shared(gateway): Shared<Arc<Gateway>>, visitor: Visitor) -> Result<Response, Problem> {
    check(&visitor)?;
    gateway
        .blocking(move |gateway| {
            let mut fields = Fields::default();
            for name in ["phone", "customer", "asset", "q"] {
                if !visitor.asked(name).is_empty() {
                    fields.set(name, visitor.asked(name));
                }
            }
            draw(gateway, &visitor, Form::with(fields), StatusCode::OK)
        })
        .await
}

fn draw(gateway: &Gateway, visitor: &Visitor, mut form: Form, status: StatusCode) -> Result<Response, Problem> {
    let (w, directory) = (visitor.w, &*visitor.directory);
    let almanac = Almanac { w, zone: &directory.policy.zone, now: visitor.now };
    let reach = visitor.sight.orders().clone();
    let (found, customer, units, history, duplicates, proposed) = gateway.relay().store().read(|db| {
        let mut found = Vec::new();
        let sought = [form.get("phone"), form.get("q")].into_iter().find(|text| text.chars().count() > 1);
        if form.get("customer").is_empty()
            && let Some(sought) = sought
        {
            for code in codes_like(db, directory, "c", sought, 8)? {
                found.extend(customer(db, directory, w, &code)?.filter(|one| reach_holds(&reach, one)));
            }
        }
        // One customer by this number: there is nothing to choose.
        if found.len() == 1 && form.get("q").is_empty() {
            form.fields.set("customer", found[0].code.clone());
        }
        let chosen = customer(db, directory, w, form.get("customer"))?.filter(|one| reach_holds(&reach, one));
        let Some(chosen) = chosen else { return Ok((found, None, Vec::new(), Vec::new(), Vec::new(), None)) };
        let history = history(db, directory, "customer", &chosen.code, &almanac)?;
        let units = units(db, directory, &chosen.code, &form, &almanac)?;
        let duplicates = duplicates(db, directory, &chosen.code, &form, &almanac)?;
        let proposed = propose(db, directory, &form, &almanac)?;
        Ok((Vec::new(), Some(chosen), units, history, duplicates, Some(proposed)))
    })?;
    if let Some(customer) = customer.as_ref().filter(|_| form.get("caller").is_empty() && !form.fields.has("caller")) {
        form.fields.set("caller", customer.contact.clone());
        if form.get("phone").is_empty() {
            form.fields.set("phone", customer.phone.clone());
        }
    }
    let unit_known = units.iter().any(|unit| unit.is_chosen);
    let may = |action| match &customer {
        Some(customer) => visitor.sight.may_order(action, customer.station.as_ref()),
        None => false,
    };
    let (may_dispatch, may_fix) = (may(Action::Dispatch), may(Action::FixByPhone));
    let looked_up = !form.get("phone").is_empty() || !form.get("q").is_empty();
    let id = CommandId::parse(form.get("id")).map_or_else(|_| fresh_id(visitor.now), |id| id.to_string());
    Ok(render_as(
        status,
        &Page {
            found,
            customer,
            units,
            unit_known,
            history,
            duplicates,
            proposal: proposed.as_ref().map(|(kind, why)| w.proposed_type(w.service(*kind), why)).unwrap_or_default(),
            proposed,
            looked_up,
            phone_encoded: form_urlencoded::byte_serialize(form.get("phone").as_bytes()).collect(),
            may_dispatch,
            may_fix,
            id,
            form,
            f: Frame::of(visitor, Some(Nav::Orders), w.register_call()),
        },
    ))
}

fn reach_holds(reach: &Reach, customer: &Customer) -> bool {
    *reach == Reach::All || reach.holds(customer.station.as_ref())
}

fn customer(db: &Connection, directory: &Directory, w: Words, code: &str) -> Result<Option<Customer>, StoreError> {
    let sql = "select name, address, contact, phone, station, distance_km from customer_row \
               where tenant = $1 and customer = $2";
    let found = probe(db, sql, params![directory.tenant.as_str(), code], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, String>(1)?,
            row.get::<_, String>(2)?,
            row.get::<_, String>(3)?,
            row.get::<_, Option<String>>(4)?,
            row.get::<_, u32>(5)?,
        ))
    })?;
    Ok(found.map(|(name, address, contact, phone, station, km)| {
        let station = station.and_then(|station| StationId::parse(&station).ok());
        let served = directory
            .station_name(station.as_ref())
            .map(|name| format!("{}{}{}", w.served_by(name), w.of("，", ", "), w.distance(km)));
        Customer {
            name: if name.is_empty() { code.to_owned() } else { name },
            code: code.to_owned(),
            address,
            contact,
            phone,
            station,
            served: served.unwrap_or_default(),
        }
    }))
}

fn units(
    db: &Connection,
    directory: &Directory,
    customer: &str,
    form: &Form,
    almanac: &Almanac<'_>,
) -> Result<Vec<Unit>, StoreError> {
    let w = almanac.w;
    let sql = "select asset, model, serial, warranty_until from asset_row where tenant = $1 and customer = $2 \
               order by model, asset limit 50";
    let found = all(db, sql, params![directory.tenant.as_str(), customer], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get::<_, String>(3)?))
    })?;
    let today = almanac.zone.day(almanac.now);
    let mut units = Vec::new();
    for (code, model, serial, until) in found {
        let warranty = match Day::parse(&until) {
            Ok(day) if day >= today => w.warranty_until(day),
            Ok(day) => w.warranty_over(day),
            Err(_) => w.warranty_none().to_owned(),
        };
        let is_chosen = form.get("asset") == code;
        let repeat = if is_chosen { repeat(db, directory, &code, form.get("fault_code"), almanac)? } else { None };
        units.push(Unit { is_chosen, repeat, model, serial, warranty, code });
    }
    Ok(units)
}

/// The same fault was repaired on this unit before: a defect of service to be shown.
fn repeat(
    db: &Connection,
    directory: &Directory,
    asset: &str,
    fault_code: &str,
    almanac: &Almanac<'_>,
) -> Result<Option<String>, StoreError> {
    if fault_code.is_empty() {
        return Ok(None);
    }
    let past = facts_of(db, directory, "asset", asset)?;
    let same = past.iter().find(|(_, facts)| facts.fault_code == fault_code && facts.visits > 0);
    Ok(same.map(|(_, facts)| almanac.w.repeat_defect(almanac.day(facts.opened_at))))
}

fn facts_of(
    db: &Connection,
    directory: &Directory,
    column: &str,
    code: &str,
) -> Result<Vec<(PageId, OrderFacts)>, StoreError> {
    let sql = format!(
        "select page, facts from order_row where tenant = $1 and {column} = $2 order by opened_at desc limit 12"
    );
    let found = all(db, &sql, params![directory.tenant.as_str(), code], |row| {
        Ok((PageId(row.get(0)?), row.get::<_, String>(1)?))
    })?;
    let parse = |(page, text): (PageId, String)| Ok((page, serde_json::from_str(&text).map_err(StoreError::damaged)?));
    found.into_iter().map(parse).collect()
}

fn past(page: PageId, facts: &OrderFacts, almanac: &Almanac<'_>) -> Past {
    Past {
        id: page.to_string(),
        number: facts.number.clone(),
        day: almanac.brief(facts.opened_at),
        what: facts.fault.clone(),
        state: almanac.w.order_state(facts.state),
        is_open: facts.is_open(),
    }
}

fn history(
    db: &Connection,
    directory: &Directory,
    column: &str,
    code: &str,
    almanac: &Almanac<'_>,
) -> Result<Vec<Past>, StoreError> {
    let found = facts_of(db, directory, column, code)?;
    Ok(found.iter().map(|(page, facts)| past(*page, facts, almanac)).collect())
}

/// Open calls of the customer; of the unit, where one was chosen.
fn duplicates(
    db: &Connection,
    directory: &Directory,
    customer: &str,
    form: &Form,
    almanac: &Almanac<'_>,
) -> Result<Vec<Past>, StoreError> {
    let found = facts_of(db, directory, "customer", customer)?;
    let unit = form.get("asset");
    let near = found.iter().filter(|(_, facts)| {
        let same_unit = unit.is_empty() || facts.asset.as_ref().is_none_or(|asset| asset.as_str() == unit);
        facts.is_open() && !matches!(facts.state, State::Signed | State::Finished) && same_unit
    });
    Ok(near.map(|(page, facts)| past(*page, facts, almanac)).collect())
}

/// Free in warranty, paid after it; by hand where there is a contract.
fn propose(
    db: &Connection,
    directory: &Directory,
    form: &Form,
    almanac: &Almanac<'_>,
) -> Result<(ServiceType, String), StoreError> {
    let w = almanac.w;
    if form.get("misuse") == "yes" {
        return Ok((ServiceType::A, w.why_misuse().to_owned()));
    }
    let sql = "select warranty_until from asset_row where tenant = $1 and asset = $2";
    let until: Option<String> =
        probe(db, sql, params![directory.tenant.as_str(), form.get("asset")], |row| row.get(0))?;
    let today = almanac.zone.day(almanac.now);
    Ok(match until.as_deref().map(Day::parse) {
        Some(Ok(day)) if day >= today => (ServiceType::C, w.why_warranty(day)),
        Some(Ok(day)) => (ServiceType::A, w.why_expired(day)),
        Some(Err(_)) | None => (ServiceType::A, w.why_unknown().to_owned()),
    })
}

fn parse_type(text: &str) -> Option<ServiceType> {
    [ServiceType::A, ServiceType::B, ServiceType::C, ServiceType::D]
        .into_iter()
        .find(|kind| format!("{kind:?}") == text)
}

fn parse_channel(text: &str) -> Option<Channel> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).ok()
}

async fn send(Shared(gateway): Shared<Arc<Gateway>>, filed: Filed) -> Result<Response, Problem> {
    check(&filed.visitor)?;
    gateway.blocking(move |gateway| register(gateway, filed)).await
}

fn register(gateway: &Gateway, filed: Filed) -> Result<Response, Problem> {
    let Filed { visitor, fields } = filed;
    let (w, directory) = (visitor.w, visitor.directory.clone());
    let mut form = Form::with(fields);
    // A lookup, or another choice of customer: the page again, with all that was typed.
    match form.get("do") {
        "find" => {
            form.fields.set("customer", "");
            form.fields.set("asset", "");
            form.fields.set("type", "");
            form.fields.set("do", "");
            return draw(gateway, &visitor, form, StatusCode::OK);
        }
        "look" => {
            // What is proposed follows from what was chosen now.
            form.fields.set("type", "");
            return draw(gateway, &visitor, form, StatusCode::OK);
        }
        chosen if chosen.starts_with("customer:") => {
            let code = chosen.trim_start_matches("customer:").to_owned();
            form.fields.set("customer", code);
            form.fields.set("q", "");
            form.fields.set("type", "");
            return draw(gateway, &visitor, form, StatusCode::OK);
        }
        _ => {}
    }
    let phone = form.text(w, "phone", w.phone(), 40);
    let caller = form.optional(w, "caller", 60);
    let fault = form.text(w, "fault", w.fault(), 500);
    let fault_code = form.optional(w, "fault_code", 40);
    let address_note = form.optional(w, "address_note", 200);
    let remark = form.optional(w, "remark", 500);
    let channel = form.choice(w, "channel", parse_channel);
    let is_fixed = form.chose("do", "fixed");
    let fix_note = if is_fixed { form.text(w, "fix_note", w.phone_fix_note(), 500) } else { String::new() };
    let misuse = form.get("misuse").to_owned();
    let kind = form.choice(w, "type", parse_type);
    let code = CustomerCode::parse(form.get("customer")).ok();
    let known = gateway.relay().store().read(|db| customer(db, &directory, w, form.get("customer")))?;
    match &known {
        None => form.blame("phone", w.not_found_by_phone()),
        Some(known) if known.station.is_none() => form.blame("customer", w.customer_unplaced()),
        Some(_) => {}
    }
    let asset = form.get("asset").to_owned();
    let asset = if asset.is_empty() { None } else { AssetCode::parse(&asset).ok() };
    let (Some(code), Some(channel), Some(kind), true) = (code, channel, kind, form.is_sound()) else {
        return draw(gateway, &visitor, form, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let kind = if misuse == "yes" { ServiceType::A } else { kind };
    let Ok(id) = CommandId::parse(form.get("id")) else { return Err(Problem::of(Code::CsrfInvalid)) };
    // The same form again opens the same order: its page follows from the form's id.
    let order = PageId::v7(visitor.now_of(&id), order_random(&id));
    let number = match gateway.relay().store().read(|db| number_of(db, &directory, order))? {
        Some(number) => number,
        None => gateway.relay().store().read(|db| next_number(db, &visitor))?,
    };
    let mut entries = vec![Body::Register { channel, fault_code, fault }];
    let mut set = |field: &str, value: &str| {
        if !value.is_empty() {
            entries.push(Body::Set { field: field.to_owned(), value: value.to_owned() });
        }
    };
    set("caller", &caller);
    set("phone", &phone);
    set("address_note", &address_note);
    let remarks = match misuse.as_str() {
        "yes" => [w.misuse_yes(), &remark].join(w.of("。", ". ")),
        "false" => [w.misuse_false(), &remark].join(w.of("。", ". ")),
        _ => remark.clone(),
    };
    set("remark", remarks.trim_end_matches(['。', '.', ' ']));
    form.fields.set("about", number.clone());
    let header = Header::new(directory.tenant.clone(), Subject::Order { id: order });
    let ask = Ask::Open { order, number, customer: code, asset, service_type: kind };
    let wish = Wish { ask: Some(ask), write: Some((header, entries)) };
    match act::take(gateway, &visitor, form, wish)? {
        Done::Taken | Done::AlreadySo => {}
        Done::Not(form) => return draw(gateway, &visitor, form, StatusCode::CONFLICT),
    }
    if is_fixed {
        let id = CommandId::derived(&["phone_fix", &id.to_string()]);
        staff::decide(gateway.relay(), &visitor.user, id, Ask::FixByPhone { order, note: fix_note })?;
        audit::note(gateway, &visitor.user, Act::Decision, format!("fix_by_phone {order}"));
        return Ok(on_to(&format!("/orders/{order}"), "phone_fixed"));
    }
    let may_dispatch = known.is_some_and(|known| visitor.sight.may_order(Action::Dispatch, known.station.as_ref()));
    let next = if may_dispatch { format!("/orders/{order}/dispatch") } else { format!("/orders/{order}") };
    Ok(on_to(&next, "registered"))
}

fn order_random(id: &CommandId) -> [u8; 10] {
    let derived = CommandId::derived(&["order", &id.to_string()]);
    let mut random = [0; 10];
    random.copy_from_slice(&derived.0[..10]);
    random
}

impl Visitor {
    /// The moment that a form's id was made, so that everything made from it is the same when it comes again.
    fn now_of(&self, id: &CommandId) -> u64 {
        id.0[..6].iter().fold(0, |millis, byte| millis << 8 | u64::from(*byte))
    }
}

fn number_of(db: &Connection, directory: &Directory, order: PageId) -> Result<Option<String>, StoreError> {
    let sql = "select number from service_call where tenant = $1 and page = $2";
    probe(db, sql, params![directory.tenant.as_str(), order.0], |row| row.get(0))
}

/// `WO-20261020-0093`: the day's calls, counted. Two clerks at the same moment may take one number: the second is marked
/// as a duplicate, never refused.
fn next_number(db: &Connection, visitor: &Visitor) -> Result<String, StoreError> {
    let directory = &*visitor.directory;
    let day = directory.policy.zone.day(visitor.now).to_string().replace('-', "");
    let prefix = format!("WO-{day}-");
    let sql = "select max(number) from service_call where tenant = $1 and number >= $2 and number < $3";
    let until = format!("WO-{day}.");
    let last: Option<String> = one(db, sql, params![directory.tenant.as_str(), prefix, until], |row| row.get(0))?;
    let last = last.and_then(|number| number[prefix.len()..].parse::<u32>().ok()).unwrap_or(0);
    Ok(format!("{prefix}{:04}", last + 1))
}

#[derive(Template)]
#[template(path = "customer_new.html")]
struct CustomerPage {
    f: Frame,
    form: Form,
    id: String,
    inputs: [(&'static str, &'static str); 5],
    stations: Vec<(String, String)>,
    may_place: bool,
}

async fn new_customer(Shared(gateway): Shared<Arc<Gateway>>, visitor: Visitor) -> Result<Response, Problem> {
    check(&visitor)?;
    gateway
        .blocking(move |_| {
            let mut fields = Fields::default();
            fields.set("phone", visitor.asked("phone"));
            draw_customer(&visitor, Form::with(fields), StatusCode::OK)
        })
        .await
}

fn draw_customer(visitor: &Visitor, form: Form, status: StatusCode) -> Result<Response, Problem> {
    let stations = visitor.directory.stations.values();
    Ok(render_as(
        status,
        &CustomerPage {
            inputs: [
                ("code", visitor.w.customer_code()),
                ("name", visitor.w.customer_name()),
                ("phone", visitor.w.phone()),
                ("contact", visitor.w.contact_person()),
                ("address", visitor.w.address()),
            ],
            stations: stations.map(|one| (one.station.to_string(), one.name.clone())).collect(),
            may_place: visitor.sight.may(Action::PlaceCustomer, ThingKind::Customer, None),
            id: fresh_id(visitor.now),
            form,
            f: Frame::of(visitor, Some(Nav::Orders), visitor.w.new_customer()),
        },
    ))
}

async fn add_customer(Shared(gateway): Shared<Arc<Gateway>>, filed: Filed) -> Result<Response, Problem> {
    check(&filed.visitor)?;
    gateway
        .blocking(move |gateway| {
            let Filed { visitor, fields } = filed;
            let (w, mut form) = (visitor.w, Form::with(fields));
            let code = form.choice(w, "code", |text| CustomerCode::parse(text).ok());
            if code.is_none() {
                form = blamed(form, "code", w.not_a_code());
            }
            let name = form.text(w, "name", w.customer_name(), 100);
            let phone = form.text(w, "phone", w.phone(), 40);
            let address = form.optional(w, "address", 200);
            let contact = form.optional(w, "contact", 60);
            let station = StationId::parse(form.get("station")).ok();
            let km: Option<u32> = form.get("distance").parse().ok();
            let may_place = visitor.sight.may(Action::PlaceCustomer, ThingKind::Customer, None);
            if may_place && station.is_some() && km.is_none() {
                form.blame("distance", w.not_a_number());
            }
            let taken = gateway.relay().store().read(|db| customer(db, &visitor.directory, w, form.get("code")))?;
            if taken.is_some() {
                form.blame("code", w.code_taken());
            }
            let (Some(code), true) = (code, form.is_sound()) else {
                return draw_customer(&visitor, form, StatusCode::UNPROCESSABLE_ENTITY);
            };
            let subject = Subject::Customer { customer: code.clone() };
            let header = Header::new(visitor.directory.tenant.clone(), subject);
            let fields = [("name", name), ("phone", phone.clone()), ("address", address), ("contact", contact)];
            let entries = fields
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(field, value)| Body::Set { field: field.into(), value })
                .collect();
            let place = station.filter(|_| may_place).zip(km);
            let ask =
                place.map(|(station, distance_km)| Ask::PlaceCustomer { customer: code.clone(), station, distance_km });
            form.fields.set("about", code.to_string());
            match act::take(gateway, &visitor, form, Wish { ask, write: Some((header, entries)) })? {
                Done::Taken | Done::AlreadySo => Ok(on_to(&format!("/orders/new?customer={code}"), "customer")),
                Done::Not(form) => draw_customer(&visitor, form, StatusCode::CONFLICT),
            }
        })
        .await
}

fn blamed(form: Form, name: &str, problem: &str) -> Form {
    let mut again = Form::with(form.fields);
    again.blame(name, problem);
    again
}
