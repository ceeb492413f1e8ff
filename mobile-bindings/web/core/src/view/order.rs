//! Orders: a line of each for lists, and one in full with its story.

use super::today::NextStep;
use crate::next::{self, Limit};
use crate::phone::{Names, Phone};
use outpost_device::error::DeviceError;
use outpost_device::store::lists::OrderItem;
use outpost_device::views::{EventItem, OrderDetail};
use outpost_model::command::Ask;
use outpost_model::entry::Body;
use outpost_model::fold::flag::FlagKind;
use outpost_model::fold::order::State;
use outpost_model::id::{EntryId, PageId};
use outpost_model::time::Millis;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[derive(Serialize)]
pub struct Line {
    pub page: PageId,
    number: String,
    pub customer: String,
    pub model: String,
    unit: String,
    fault: String,
    state: State,
    pub limit: Option<Limit>,
    appointment: Option<Millis>,
    flags: BTreeSet<FlagKind>,
    taken_by: Option<String>,
    closed_at: Option<Millis>,
    provisional: bool,
}

pub fn line(item: &OrderItem, names: &Names) -> Line {
    let facts = &item.facts;
    let other = facts.engineer.as_ref().filter(|engineer| !item.mine && **engineer != names.me);
    Line {
        page: facts.page,
        number: facts.number.clone(),
        customer: names.customer_name(&facts.customer),
        model: names
            .asset(facts.asset.as_ref(), "model")
            .or_else(|| facts.asset.as_ref().map(ToString::to_string))
            .unwrap_or_default(),
        unit: String::new(),
        fault: if facts.fault.is_empty() { facts.fault_code.clone() } else { facts.fault.clone() },
        state: facts.state,
        limit: next::limit(facts),
        appointment: facts.appointment,
        flags: facts.flags.iter().map(|flag| flag.kind).collect(),
        taken_by: other.map(|other| names.person(other)),
        closed_at: facts.closed_at.filter(|_| facts.state == State::Closed),
        provisional: item.provisional,
    }
}

pub fn orders(phone: &mut Phone) -> Result<Vec<Line>, DeviceError> {
    let names = phone.names()?;
    let mut lines: Vec<Line> = phone.device.orders()?.iter().map(|item| line(item, &names)).collect();
    lines.sort_by_key(|line| line.limit.map_or(i64::MAX, |limit| limit.due.0));
    Ok(lines)
}

/// Entries that were voided or replaced by something that is there.
pub fn gone(events: &[EventItem]) -> BTreeSet<EntryId> {
    events
        .iter()
        .filter_map(|event| match &event.entry.body {
            Body::Void { target, .. } => Some(*target),
            _ => event.entry.replaces,
        })
        .collect()
}

pub fn state_of(event: &EventItem) -> &'static str {
    if event.pending { "kept" } else { "admitted" }
}

fn told(body: &Body) -> Option<Value> {
    Some(match body {
        Body::Contact { outcome, appointment, .. } => {
            json!({ "is": "contacted", "outcome": outcome, "appointment": appointment })
        }
        Body::Rebook { appointment, reason } => {
            json!({ "is": "rebooked", "appointment": appointment, "reason": reason })
        }
        Body::HandBack { reason } => json!({ "is": "handed_back", "reason": reason }),
        Body::Toolkit { missing } => json!({ "is": "toolkit", "missing": missing.len() }),
        Body::Depart {} => json!({ "is": "departed" }),
        Body::Arrive { place } => {
            json!({ "is": "arrived", "accuracy_m": place.as_ref().map(|place| place.accuracy_m) })
        }
        Body::Leave { result } => json!({ "is": "left", "result": result }),
        Body::Sign(signature) => json!({ "is": "signed", "name": signature.name, "score": signature.score }),
        Body::Unsigned { reason } => json!({ "is": "unsigned", "reason": reason }),
        Body::TakeBack { receipt_no, .. } => json!({ "is": "goods_taken", "receipt_no": receipt_no }),
        Body::ReturnItem { receipt_no } => json!({ "is": "goods_returned", "receipt_no": receipt_no }),
        _ => return None,
    })
}

fn story(detail: &OrderDetail, names: &Names) -> Vec<Value> {
    let mut rows: Vec<(Millis, Value)> = Vec::new();
    for decision in &detail.decisions {
        let what = match decision.ask() {
            Ask::Open { .. } if decision.pins.self_opened || *decision.by() == names.me => {
                json!({ "is": "self_opened" })
            }
            Ask::Open { .. } => json!({ "is": "registered" }),
            Ask::Assign { to, .. } => json!({ "is": "assigned", "to": names.person(to), "mine": *to == names.me }),
            Ask::AddHelper { helper, .. } => json!({ "is": "helper_added", "to": names.person(helper) }),
            Ask::Close { .. } => json!({ "is": "closed" }),
            Ask::Reopen { reason, .. } => json!({ "is": "reopened", "reason": reason }),
            _ => continue,
        };
        let state = if decision.envelope.admitted.is_some() { "admitted" } else { "kept" };
        let at = decision.at();
        rows.push((
            at,
            json!({
                "id": decision.id(), "what": what, "at": at, "by": names.person(decision.by()),
                "state": state, "suspect": false, "visit": null,
            }),
        ));
    }
    let gone = gone(&detail.events);
    for event in detail.events.iter().filter(|event| !gone.contains(&event.id)) {
        if let Some(what) = told(&event.entry.body) {
            let visit = (event.page != detail.item.facts.page).then_some(event.page);
            rows.push((
                event.at,
                json!({
                    "id": event.id, "what": what, "at": event.at, "by": names.person(&event.by),
                    "state": state_of(event), "suspect": event.suspect, "visit": visit,
                }),
            ));
        }
    }
    rows.sort_by_key(|(at, _)| *at);
    rows.into_iter().map(|(_, row)| row).collect()
}

fn conflicts(detail: &OrderDetail, names: &Names) -> Vec<Value> {
    let facts = &detail.item.facts;
    facts
        .fields
        .iter()
        .filter(|(_, values)| values.len() > 1)
        .map(|(name, values)| {
            let values: Vec<Value> = values
                .iter()
                .map(|value| {
                    let set = detail.events.iter().find(|event| {
                matches!(&event.entry.body, Body::Set { field, value: put } if field == name && put == value)
            });
                    json!({
                        "value": value,
                        "by": set.map(|set| names.person(&set.by)).unwrap_or_default(),
                        "at": set.map_or(facts.opened_at, |set| set.at),
                    })
                })
                .collect();
            json!({ "field": name, "values": values })
        })
        .collect()
}

/// Each conflict of an order, for the Sync screen too.
pub fn conflicts_of(phone: &mut Phone, names: &Names, page: PageId) -> Result<Vec<Value>, DeviceError> {
    Ok(phone.device.order(page)?.map(|detail| conflicts(&detail, names)).unwrap_or_default())
}

/// Earlier calls for the same unit, the latest first.
fn history(phone: &Phone, names: &Names, of: &OrderItem) -> Result<Vec<Value>, DeviceError> {
    let Some(asset) = &of.facts.asset else { return Ok(Vec::new()) };
    let zone = &names.records.policy.zone;
    let mut past: Vec<OrderItem> = phone.device.orders()?;
    past.retain(|item| {
        item.facts.page != of.facts.page && item.facts.asset.as_ref() == Some(asset) && item.facts.arrived_at.is_some()
    });
    past.sort_by_key(|item| std::cmp::Reverse(item.facts.arrived_at));
    Ok(past.iter().map(|item| {
        let facts = &item.facts;
        json!({
            "page": facts.page, "number": facts.number, "day": zone.day(facts.arrived_at.unwrap_or(facts.opened_at)),
            "fault": facts.fault,
            "cause": facts.fields.get("fault_cause").and_then(|values| values.first()).cloned().unwrap_or_default(),
            "result": facts.visit_facts.iter().max_by_key(|visit| visit.left_at).and_then(|visit| visit.result),
            "engineer": facts.engineer.as_ref().map(|engineer| names.person(engineer)).unwrap_or_default(),
            "parts": facts.visit_facts.iter().flat_map(|visit| &visit.parts).map(|part| part.name.clone()).collect::<Vec<_>>(),
        })
    }).collect())
}

pub fn order(phone: &mut Phone, page: &str) -> Result<Option<Value>, DeviceError> {
    let Ok(page) = PageId::parse(page) else { return Ok(None) };
    let names = phone.names()?;
    let Some(detail) = phone.device.order(page)? else { return Ok(None) };
    let (item, facts) = (&detail.item, &detail.item.facts);
    let refused: Vec<PageId> = detail
        .events
        .iter()
        .filter(|event| matches!(event.entry.body, Body::Unsigned { .. }))
        .map(|event| event.page)
        .collect();
    let next = next::of_order(facts, item.mine, |visit| refused.contains(&visit)).map(|(act, visit)| NextStep {
        order: Some(page),
        visit,
        ..NextStep::plain(act)
    });
    let customer = |field| names.customer(&facts.customer, field);
    let own = |field: &str| facts.fields.get(field).and_then(|values| values.first()).cloned();
    let degrees = |field| customer(field).and_then(|text| text.parse::<f64>().ok()).map(|e7| e7 / 1e7);
    let place = degrees("lat_e7").zip(degrees("lng_e7")).map(|(lat, lng)| json!({ "lat": lat, "lng": lng }));
    let free = item.mine && matches!(facts.state, State::Open | State::Assigned | State::Replied | State::FollowUp);
    let visits: Vec<Value> = facts
        .visit_facts
        .iter()
        .enumerate()
        .map(|(n, visit)| {
            json!({
                "page": visit.page, "ordinal": n + 1, "arrived_at": visit.arrived_at, "left_at": visit.left_at,
                "result": visit.result, "signed": visit.signed.is_some(),
            })
        })
        .collect();
    Ok(Some(json!({
        "line": line(item, &names),
        "service_type": facts.service_type,
        "address": customer("address").unwrap_or_default(),
        "contact": own("caller").or_else(|| customer("contact")).unwrap_or_default(),
        "phone": own("phone").or_else(|| customer("phone")).unwrap_or_default(),
        "place": place,
        "serial": names.asset(facts.asset.as_ref(), "serial").unwrap_or_default(),
        "warranty_until": names.asset(facts.asset.as_ref(), "warranty_until"),
        "history": history(phone, &names, item)?,
        "story": story(&detail, &names),
        "next": next,
        "latest_departure": null,
        "too_late": false,
        "toolkit": { "checked": 0, "of": 0, "items": [] },
        "visits": visits,
        "goods": facts.goods,
        "flags": facts.flags,
        "conflicts": conflicts(&detail, &names),
        "voucher": null,
        "may": { "contact": free, "rebook": free && facts.replied_at.is_some(), "hand_back": free, "depart": free },
    })))
}
