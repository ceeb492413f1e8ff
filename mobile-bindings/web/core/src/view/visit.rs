//! A visit, the glass that a customer signs on, and the proof that he takes along.

use super::order::{gone, state_of};
use super::today::NextStep;
use crate::next::NextAct;
use crate::phone::{Names, Phone};
use outpost_device::error::DeviceError;
use outpost_device::views::{EventItem, OrderDetail};
use outpost_model::command::{Series, ServiceType};
use outpost_model::entry::{Body, Lang};
use outpost_model::fold::visit::VisitFacts;
use outpost_model::header::Subject;
use outpost_model::id::PageId;
use outpost_model::policy::Cash;
use outpost_model::signature::digest;
use outpost_model::time::{Millis, minutes_between};
use serde_json::{Value, json};

struct Seen {
    detail: OrderDetail,
    facts: VisitFacts,
    ordinal: usize,
    /// What stands on the visit's page, by time.
    live: Vec<EventItem>,
    names: Names,
}

fn see(phone: &mut Phone, page: &str) -> Result<Option<Seen>, DeviceError> {
    let Ok(page) = PageId::parse(page) else { return Ok(None) };
    let Some(item) = phone.order_of(page)? else { return Ok(None) };
    let Some(detail) = phone.device.order(item.facts.page)? else { return Ok(None) };
    let mut visits: Vec<&VisitFacts> = detail.item.facts.visit_facts.iter().collect();
    visits.sort_by_key(|visit| visit.departed_at.or(visit.arrived_at));
    let Some(place) = visits.iter().position(|visit| visit.page == page) else { return Ok(None) };
    let facts = visits[place].clone();
    let gone = gone(&detail.events);
    let live = detail.events.iter().filter(|event| event.page == page && !gone.contains(&event.id)).cloned().collect();
    Ok(Some(Seen { ordinal: place + 1, facts, live, names: phone.names()?, detail }))
}

impl Seen {
    fn cause(&self) -> (String, bool) {
        let values = self.detail.item.facts.fields.get("fault_cause").map_or(&[][..], Vec::as_slice);
        (values.first().cloned().unwrap_or_default(), values.len() > 1)
    }

    fn parts(&self) -> Vec<Value> {
        self.live
            .iter()
            .filter_map(|event| match &event.entry.body {
                Body::UsePart { part_no, name, qty, unit_price, billable, old_serial, new_serial } => Some(json!({
                    "entry": event.id, "part_no": part_no, "name": name, "qty": qty, "unit_price": unit_price,
                    "billable": billable, "old_serial": old_serial.as_deref().unwrap_or_default(),
                    "new_serial": new_serial.as_deref().unwrap_or_default(), "state": state_of(event),
                })),
                _ => None,
            })
            .collect()
    }

    fn charges(&self) -> Vec<Value> {
        self.live
            .iter()
            .filter_map(|event| match &event.entry.body {
                Body::Charge { item, amount, method, receipt_no } => Some(json!({
                    "entry": event.id, "item": item, "amount": amount, "method": method, "receipt_no": receipt_no,
                    "state": state_of(event),
                })),
                _ => None,
            })
            .collect()
    }

    fn taken_back(&self) -> Vec<Value> {
        self.live.iter().filter_map(|event| match &event.entry.body {
            Body::TakeBack { item, serial, receipt_no } => Some(json!({
                "entry": event.id, "item": item, "serial": serial, "receipt_no": receipt_no, "state": state_of(event),
            })),
            _ => None,
        }).collect()
    }

    fn photos(&self) -> Vec<Value> {
        self.live
            .iter()
            .filter_map(|event| match &event.entry.body {
                Body::Photo { blob, caption } => Some(json!({
                    "entry": event.id, "blob": blob, "caption": caption, "state": state_of(event),
                })),
                _ => None,
            })
            .collect()
    }

    fn steps(&self) -> Vec<Value> {
        let facts = &self.facts;
        let signed = facts.signed.as_ref().map(|signed| signed.at);
        let worked = facts
            .left_at
            .and(self.live.iter().find(|event| matches!(event.entry.body, Body::UsePart { .. })).map(|event| event.at))
            .or(facts.left_at.and(facts.arrived_at));
        let now = if facts.left_at.is_some() {
            if signed.is_some() { "" } else { "sign" }
        } else if facts.arrived_at.is_some() {
            "work"
        } else {
            "arrive"
        };
        let state = |fits: fn(&Body) -> bool| self.live.iter().find(|event| fits(&event.entry.body)).map(state_of);
        let step = |is: &str, at: Option<Millis>, state: Option<&str>| json!({ "is": is, "at": at, "state": at.and(state), "now": is == now });
        let arrived = state(|body| matches!(body, Body::Arrive { .. }));
        vec![
            step("depart", facts.departed_at, state(|body| matches!(body, Body::Depart {}))),
            step("arrive", facts.arrived_at, arrived),
            step("work", worked, arrived),
            step("finish", facts.left_at, state(|body| matches!(body, Body::Leave { .. }))),
            step("sign", signed, state(|body| matches!(body, Body::Sign(_)))),
        ]
    }

    /// Digest and number of what was signed.
    fn signed(&self) -> Value {
        let entry = self.live.iter().rev().find_map(|event| match &event.entry.body {
            Body::Sign(signature) => Some((event, signature)),
            _ => None,
        });
        let (Some(facts), Some((event, signature))) = (&self.facts.signed, entry) else { return Value::Null };
        let covered = self.live.iter().filter(|each| each.entry.body.is_covered_by_signature()).count();
        json!({
            "name": signature.name, "score": signature.score, "at": event.at, "digest": signature.digest,
            "covered": covered, "amended": facts.amended, "typed": signature.typed.is_some(),
        })
    }
}

pub fn visit(phone: &mut Phone, page: &str) -> Result<Option<Value>, DeviceError> {
    let Some(seen) = see(phone, page)? else { return Ok(None) };
    let (facts, order) = (&seen.facts, &seen.detail.item.facts);
    let (cause, conflict) = seen.cause();
    let declined = seen.live.iter().any(|event| matches!(event.entry.body, Body::Unsigned { .. }));
    let act = if facts.left_at.is_none() {
        Some(if facts.arrived_at.is_some() { NextAct::Finish } else { NextAct::Arrive })
    } else {
        (facts.signed.is_none() && !declined).then_some(NextAct::Sign)
    };
    let next = act.map(|act| NextStep { order: Some(order.page), visit: Some(facts.page), ..NextStep::plain(act) });
    let policy = &seen.names.records.policy;
    let mut missing = Vec::new();
    if cause.is_empty() {
        missing.push("cause");
    }
    if facts.arrived_at.is_none() {
        missing.push("arrival");
    }
    let receipt = phone.device.next_number(Series::Receipt)?;
    let line = super::order::line(&seen.detail.item, &seen.names);
    let line = serde_json::to_value(&line).unwrap_or_default();
    let number = &order.number;
    Ok(Some(json!({
        "page": facts.page,
        "order": order.page,
        "number": number.rsplit('-').next().unwrap_or(number),
        "ordinal": seen.ordinal,
        "customer": line["customer"],
        "model": line["model"],
        "service_type": order.service_type,
        "steps": seen.steps(),
        "cause": { "value": cause, "conflict": conflict },
        "parts": seen.parts(),
        "charges": seen.charges(),
        "taken_back": seen.taken_back(),
        "photos": seen.photos(),
        "result": facts.result,
        "signed": seen.signed(),
        "taken_by": line["taken_by"],
        "missing": missing,
        "next": next,
        "billing": {
            "cash": match policy.cash { Cash::WithReceipt => "with_receipt", Cash::Forbidden => "forbidden" },
            "billable": order.service_type == ServiceType::A,
            "receipt_no": receipt,
            "take_back_no": receipt,
        },
    })))
}

pub fn glass(phone: &mut Phone, page: &str, lang: &str) -> Result<Option<Value>, DeviceError> {
    let Some(seen) = see(phone, page)? else { return Ok(None) };
    let (facts, order) = (&seen.facts, &seen.detail.item.facts);
    let header = phone.device.header(Subject::Visit { id: facts.page, order: order.page })?;
    let covered = phone.device.covered(&header)?;
    let lang = if lang == "en" { Lang::En } else { Lang::Zh };
    let zone = &seen.names.records.policy.zone;
    let names = &seen.names;
    let at = facts.left_at.or(facts.arrived_at).unwrap_or_else(crate::host::now);
    let parts: i64 = facts.parts.iter().filter(|part| part.billable).map(|part| part.amount()).sum();
    let charges: i64 = facts.charges.iter().map(|charge| charge.amount).sum();
    Ok(Some(json!({
        "visit": facts.page,
        "day": zone.day(at),
        "customer": names.customer_name(&order.customer),
        "contact": names.customer(&order.customer, "contact").unwrap_or_default(),
        "unit": names.asset(order.asset.as_ref(), "model").unwrap_or_default(),
        "serial": names.asset(order.asset.as_ref(), "serial").unwrap_or_default(),
        "fault": order.fault,
        "cause": seen.cause().0,
        "arrived_at": facts.arrived_at,
        "left_at": facts.left_at,
        "minutes": facts.arrived_at.zip(facts.left_at).map_or(0, |(came, left)| minutes_between(came, left)),
        "parts": seen.parts(),
        "charges": seen.charges(),
        "taken_back": seen.taken_back(),
        "result": facts.result,
        "total": parts + charges,
        "service_type": order.service_type,
        "photos": seen.photos().len(),
        "covered": covered.len(),
        "digest": digest(&covered, lang),
        "order_heads": [],
        "visit_heads": [],
    })))
}

pub fn proof(phone: &mut Phone, page: &str) -> Result<Option<Value>, DeviceError> {
    let Some(seen) = see(phone, page)? else { return Ok(None) };
    let signed = seen.signed();
    if signed.is_null() {
        return Ok(None);
    }
    let order = &seen.detail.item.facts;
    let text = format!(
        "OUTPOST-PROOF1:{}:{}:{}",
        order.number,
        seen.facts.page,
        signed["digest"].as_str().unwrap_or_default()
    );
    Ok(Some(json!({
        "number": order.number, "customer": seen.names.customer_name(&order.customer), "signed": signed, "text": text,
    })))
}
