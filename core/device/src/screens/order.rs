//! Orders: a line of each for lists, and one in full.

use super::Screens;
use super::names::Names;
use super::next::{self, NextStep};
use super::story::{StoryRow, gone, story};
use crate::desk::decisions_of_order;
use crate::error::DeviceError;
use crate::store::lists::OrderItem;
use crate::views::{EventItem, OrderDetail};
use outpost_model::command::ServiceType;
use outpost_model::decision::Standing as Decided;
use outpost_model::entry::{Body, VisitResult};
use outpost_model::fold::flag::FlagKind;
use outpost_model::fold::order::{Limit, LimitKind, OrderFacts, State};
use outpost_model::id::PageId;
use outpost_model::policy;
use outpost_model::time::{Day, Millis};
use serde::Serialize;
use std::collections::BTreeSet;

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct OrderLine {
    pub page: PageId,
    pub number: String,
    pub customer: String,
    pub model: String,
    pub unit: String,
    pub fault: String,
    pub state: State,
    pub limit: Option<Limit>,
    /// The arrival that was agreed with the customer.
    pub appointment: Option<Millis>,
    pub flags: Vec<FlagKind>,
    /// Somebody else has it now; what was begun can still be written.
    pub taken_by: Option<String>,
    pub closed_at: Option<Millis>,
    /// Opened on this phone and not yet admitted.
    pub provisional: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct Order {
    pub line: OrderLine,
    pub service_type: ServiceType,
    pub address: String,
    pub contact: String,
    pub phone: String,
    pub place: Option<Point>,
    pub serial: String,
    pub warranty_until: Option<String>,
    /// Earlier repairs of the same unit, the latest first.
    pub history: Vec<PastRepair>,
    pub story: Vec<StoryRow>,
    pub next: Option<NextStep>,
    /// Setting out later than this can't arrive in time.
    pub latest_departure: Option<Millis>,
    pub too_late: bool,
    pub toolkit: ToolkitCheck,
    pub visits: Vec<VisitLine>,
    pub goods: Vec<Goods>,
    pub flags: Vec<FlagNote>,
    pub conflicts: Vec<FieldConflict>,
    pub voucher: Option<String>,
    pub may: OrderRights,
}

/// Degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct Point {
    pub lat: f64,
    pub lng: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct OrderRights {
    pub contact: bool,
    pub rebook: bool,
    pub hand_back: bool,
    pub depart: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct ToolkitCheck {
    pub checked: u32,
    pub of: u32,
    pub items: Vec<ToolItem>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct ToolItem {
    pub name: String,
    pub missing: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct PastRepair {
    pub page: PageId,
    pub number: String,
    pub day: Day,
    pub fault: String,
    pub cause: String,
    pub result: Option<VisitResult>,
    pub engineer: String,
    pub parts: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct VisitLine {
    pub page: PageId,
    pub ordinal: u32,
    pub arrived_at: Option<Millis>,
    pub left_at: Option<Millis>,
    pub result: Option<VisitResult>,
    pub signed: bool,
}

/// The customer's goods in our hands.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct Goods {
    pub receipt_no: String,
    pub item: String,
    pub serial: String,
    pub taken_at: Millis,
    pub bench_minutes: u32,
    pub inspected: Option<bool>,
    pub returned_at: Option<Millis>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct FlagNote {
    pub kind: FlagKind,
    pub detail: String,
}

/// Values that didn't know of each other.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct FieldConflict {
    pub field: String,
    pub values: Vec<FieldValue>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct FieldValue {
    pub value: String,
    pub by: String,
    pub at: Millis,
}

pub(super) fn line(item: &OrderItem, names: &Names) -> OrderLine {
    let facts = &item.facts;
    let other = facts.engineer.as_ref().filter(|engineer| !item.mine && **engineer != names.me);
    OrderLine {
        page: facts.page,
        number: facts.number.clone(),
        customer: names.customer_name(&facts.customer),
        model: names.model(facts.asset.as_ref()),
        unit: String::new(),
        fault: if facts.fault.is_empty() { facts.fault_code.clone() } else { facts.fault.clone() },
        state: facts.state,
        limit: facts.limit(),
        appointment: facts.appointment,
        flags: facts.flags.iter().map(|flag| flag.kind).collect::<BTreeSet<_>>().into_iter().collect(),
        taken_by: other.map(|other| names.person(other)),
        closed_at: facts.closed_at.filter(|_| facts.state == State::Closed),
        provisional: item.provisional,
    }
}

impl Screens<'_> {
    /// Every order that the phone holds, the most urgent first.
    pub fn orders(&self) -> Result<Vec<OrderLine>, DeviceError> {
        let names = self.names()?;
        let mut lines: Vec<OrderLine> = self.device.orders()?.iter().map(|item| line(item, &names)).collect();
        lines.sort_by_key(|line| line.limit.map_or(i64::MAX, |limit| limit.due.0));
        Ok(lines)
    }

    /// One order in full; none if the phone doesn't hold it.
    pub fn order(&mut self, page: PageId) -> Result<Option<Order>, DeviceError> {
        let names = self.names()?;
        let Some(detail) = self.device.order(page)? else { return Ok(None) };
        let (item, facts) = (&detail.item, &detail.item.facts);
        let next = next::of_order(facts, item.mine);
        let customer = |field| names.customer(&facts.customer, field);
        let own = |field: &str| facts.fields.get(field).and_then(|values| values.first()).cloned();
        let latest_departure = self.latest_departure(facts)?;
        let degrees = |field| customer(field).and_then(|text| text.parse::<f64>().ok()).map(|e7| e7 / 1e7);
        Ok(Some(Order {
            line: line(item, &names),
            service_type: facts.service_type,
            address: customer("address").unwrap_or_default(),
            contact: own("caller").or_else(|| customer("contact")).unwrap_or_default(),
            phone: own("phone").or_else(|| customer("phone")).unwrap_or_default(),
            place: degrees("lat_e7").zip(degrees("lng_e7")).map(|(lat, lng)| Point { lat, lng }),
            serial: names.asset(facts.asset.as_ref(), "serial").unwrap_or_default(),
            warranty_until: names.asset(facts.asset.as_ref(), "warranty_until"),
            history: self.history(&names, item)?,
            story: story(&detail, &names),
            next: next.map(|(act, visit)| NextStep { order: Some(page), visit, ..NextStep::plain(act) }),
            too_late: latest_departure.is_some_and(|at| at < self.now()),
            latest_departure,
            toolkit: toolkit(&detail.events, &names, self.now()),
            visits: visits(facts),
            goods: goods(facts),
            flags: facts.flags.iter().map(|it| FlagNote { kind: it.kind, detail: it.detail.clone() }).collect(),
            conflicts: conflicts(&detail, &names),
            voucher: None,
            may: rights(item),
        }))
    }

    /// Until when one may set out, while somebody is waited for.
    fn latest_departure(&self, facts: &OrderFacts) -> Result<Option<Millis>, DeviceError> {
        let Some(limit) = facts.limit().filter(|limit| limit.kind == LimitKind::Arrival) else { return Ok(None) };
        let owner = self.device.identity()?.owner;
        let (decisions, _) = decisions_of_order(self.device.store.read(), &owner, facts.page)?;
        Ok(Decided::after(&decisions).map(|order| policy::latest_departure(limit.due, order.distance_km)))
    }

    /// Earlier calls for the same unit, the latest first.
    fn history(&self, names: &Names, of: &OrderItem) -> Result<Vec<PastRepair>, DeviceError> {
        let Some(asset) = &of.facts.asset else { return Ok(Vec::new()) };
        let zone = &names.records.policy.zone;
        let mut past = self.device.orders()?;
        past.retain(|item| item.facts.page != of.facts.page && item.facts.asset.as_ref() == Some(asset));
        past.retain(|item| item.facts.arrived_at.is_some());
        past.sort_by_key(|item| std::cmp::Reverse(item.facts.arrived_at));
        let repair = |facts: &OrderFacts| PastRepair {
            page: facts.page,
            number: facts.number.clone(),
            day: zone.day(facts.arrived_at.unwrap_or(facts.opened_at)),
            fault: facts.fault.clone(),
            cause: facts.fields.get("fault_cause").and_then(|values| values.first()).cloned().unwrap_or_default(),
            result: facts.visit_facts.iter().max_by_key(|visit| visit.left_at).and_then(|visit| visit.result),
            engineer: facts.engineer.as_ref().map(|engineer| names.person(engineer)).unwrap_or_default(),
            parts: facts.visit_facts.iter().flat_map(|visit| &visit.parts).map(|part| part.name.clone()).collect(),
        };
        Ok(past.iter().map(|item| repair(&item.facts)).collect())
    }
}

pub(super) fn conflicts(detail: &OrderDetail, names: &Names) -> Vec<FieldConflict> {
    let facts = &detail.item.facts;
    let witness = |name: &str, value: &str| {
        detail
            .events
            .iter()
            .find(|event| matches!(&event.entry.body, Body::Set { field, value: put } if field == name && put == value))
    };
    let value = |name: &str, value: &String| {
        let set = witness(name, value);
        FieldValue {
            value: value.clone(),
            by: set.map(|set| names.person(&set.by)).unwrap_or_default(),
            at: set.map_or(facts.opened_at, |set| set.at),
        }
    };
    let open = facts.fields.iter().filter(|(_, values)| values.len() > 1);
    open.map(|(name, values)| FieldConflict {
        field: name.clone(),
        values: values.iter().map(|it| value(name, it)).collect(),
    })
    .collect()
}

/// What the last check found missing. The standard list is the company's, and not yet among its records.
/// The standard list, and what of it was missing at the last look. What was missing and has left the list since stays.
fn toolkit(events: &[EventItem], names: &Names, now: Millis) -> ToolkitCheck {
    let gone = gone(events);
    let look =
        events.iter().rev().filter(|event| !gone.contains(&event.id)).find_map(|event| match &event.entry.body {
            Body::Toolkit { missing } => Some(missing.as_slice()),
            _ => None,
        });
    let missing = look.unwrap_or_default();
    let me = names.records.people.iter().find(|person| person.user == names.me);
    let standard = names.records.policy.at(now).toolkit_of(&names.me, me.and_then(|me| me.station.as_ref()));
    let former = missing.iter().map(String::as_str).filter(|name| !standard.contains(name));
    let item = |name: &str| ToolItem { name: name.to_owned(), missing: missing.iter().any(|lacks| lacks == name) };
    let items: Vec<ToolItem> = standard.iter().copied().chain(former).map(item).collect();
    let there = items.iter().filter(|item| !item.missing).count() as u32;
    ToolkitCheck { checked: look.map_or(0, |_| there), of: items.len() as u32, items }
}

fn visits(facts: &OrderFacts) -> Vec<VisitLine> {
    let line = |(ordinal, visit): (u32, &outpost_model::fold::visit::VisitFacts)| VisitLine {
        page: visit.page,
        ordinal,
        arrived_at: visit.arrived_at,
        left_at: visit.left_at,
        result: visit.result,
        signed: visit.signed.is_some(),
    };
    (1..).zip(&facts.visit_facts).map(line).collect()
}

fn goods(facts: &OrderFacts) -> Vec<Goods> {
    let goods = facts.goods.iter().map(|it| Goods {
        receipt_no: it.receipt_no.clone(),
        item: it.item.clone(),
        serial: it.serial.clone(),
        taken_at: it.taken_at,
        bench_minutes: it.bench_minutes,
        inspected: it.inspected,
        returned_at: it.returned_at,
    });
    goods.collect()
}

fn rights(item: &OrderItem) -> OrderRights {
    let free =
        item.mine && matches!(item.facts.state, State::Open | State::Assigned | State::Replied | State::FollowUp);
    OrderRights { contact: free, rebook: free && item.facts.replied_at.is_some(), hand_back: free, depart: free }
}
