//! Whose phone it is, the day at a glance, and what is looked up while typing.

use super::order::{Line, line};
use super::sync::{Outbox, outbox};
use crate::host::now;
use crate::next::{self, NextAct};
use crate::phone::{Names, Phone};
use outpost_device::error::DeviceError;
use outpost_model::entry::Body;
use outpost_model::fold::order::State;
use outpost_model::id::PageId;
use outpost_model::policy::Cash;
use outpost_model::time::{Day, Millis};
use serde::Serialize;
use serde_json::{Value, json};

pub fn owner(phone: &Phone, names: &Names) -> Result<Value, DeviceError> {
    let invitation = phone.device.invitation()?.ok_or(DeviceError::NotInvited)?;
    let me = names.records.people.iter().find(|person| person.user == names.me);
    let station = me.and_then(|me| me.station.as_ref()).map(|station| names.station(station));
    let policy = &names.records.policy;
    Ok(json!({
        "user": names.me,
        "name": names.person(&names.me),
        "station": station.unwrap_or_default(),
        "tenant": invitation.tenant,
        "device": invitation.device,
        "zone": policy.zone,
        "cash": match policy.cash { Cash::WithReceipt => "with_receipt", Cash::Forbidden => "forbidden" },
        "self_open": policy.self_open,
    }))
}

pub fn standing(phone: &mut Phone) -> Result<Value, DeviceError> {
    if phone.device.invitation()?.is_none() {
        return Ok(json!({ "is": "unenrolled" }));
    }
    if phone.device.sync_state()?.revoked {
        return Ok(json!({ "is": "revoked" }));
    }
    let names = phone.names()?;
    Ok(json!({ "is": "ready", "owner": owner(phone, &names)? }))
}

#[derive(Serialize)]
pub struct NextStep {
    pub act: NextAct,
    pub order: Option<PageId>,
    pub visit: Option<PageId>,
    pub customer: Option<String>,
    pub model: Option<String>,
    pub outing: Option<Value>,
}

impl NextStep {
    pub fn plain(act: NextAct) -> Self {
        Self { act, order: None, visit: None, customer: None, model: None, outing: None }
    }
}

#[derive(Serialize)]
pub struct Today {
    duty: Value,
    outbox: Outbox,
    orders: Vec<Line>,
    next: Option<NextStep>,
    report: Value,
}

/// Whether the customer wouldn't sign that visit.
pub fn declined(phone: &mut Phone, order: PageId, visit: PageId) -> Result<bool, DeviceError> {
    let Some(detail) = phone.device.order(order)? else { return Ok(false) };
    Ok(detail.events.iter().any(|event| event.page == visit && matches!(event.entry.body, Body::Unsigned { .. })))
}

pub fn outing(phone: &Phone, names: &Names) -> Result<Option<Value>, DeviceError> {
    let own = phone.device.own_time(&names.me)?;
    Ok(own.out.map(|(destination, expected)| {
        json!({ "entry": "", "destination": destination, "since": expected, "expected": expected, "overdue": expected < now() })
    }))
}

/// The day's work is over by the policy's clock: the next step is home.
pub fn home(names: &Names) -> Option<NextStep> {
    let policy = &names.records.policy;
    let over = policy.zone.time_of_day_ms(now()) >= Millis::minutes(i64::from(policy.attendance.work_end_min));
    over.then(|| NextStep::plain(NextAct::ClockOut))
}

pub fn today(phone: &mut Phone) -> Result<Today, DeviceError> {
    let names = phone.names()?;
    let own = phone.device.own_time(&names.me)?;
    let out = outing(phone, &names)?;
    let items = phone.device.orders()?;
    let open = |state: State| !matches!(state, State::Closed | State::Cancelled);
    let mut steps = Vec::new();
    let mut lines = Vec::new();
    for item in items.iter().filter(|item| open(item.facts.state)) {
        let mut step = next::of_order(&item.facts, item.mine, |_| false);
        if let Some((NextAct::Sign, Some(visit))) = step
            && declined(phone, item.facts.page, visit)?
        {
            step = next::of_order(&item.facts, item.mine, |page| page == visit);
        }
        let begun = step.is_some_and(|(act, _)| next::is_begun(act));
        if item.mine || begun {
            let line = line(item, &names);
            let due = line.limit.map_or(i64::MAX, |limit| limit.due.0);
            steps.push((!begun, due, step, line.page, line.customer.clone(), line.model.clone()));
            lines.push((due, line));
        }
    }
    lines.sort_by_key(|(due, _)| *due);
    steps.sort_by_key(|(later, due, ..)| (*later, *due));
    let overdue = out.as_ref().is_some_and(|out| out["overdue"] == true);
    let first = steps.into_iter().find(|(_, _, step, ..)| step.is_some());
    let next = if overdue {
        Some(NextStep { outing: out.clone(), ..NextStep::plain(NextAct::Returned) })
    } else {
        match first {
            Some((later, _, Some((act, visit)), order, customer, model)) if own.on_duty_since.is_some() || !later => {
                Some(NextStep {
                    act,
                    order: Some(order),
                    visit,
                    customer: Some(customer),
                    model: Some(model),
                    outing: None,
                })
            }
            _ if own.on_duty_since.is_none() => Some(NextStep::plain(NextAct::ClockIn)),
            _ => out
                .clone()
                .map(|out| NextStep { outing: Some(out), ..NextStep::plain(NextAct::Returned) })
                .or_else(|| home(&names)),
        }
    };
    let day: Day = names.records.policy.zone.day(now());
    let (visits, minutes) = super::attendance::day_totals(phone, &names, &items, day)?;
    Ok(Today {
        duty: json!({ "since": own.on_duty_since, "place": { "is": "unsaid" }, "out": out }),
        outbox: outbox(phone, &items)?,
        orders: lines.into_iter().map(|(_, line)| line).collect(),
        next,
        report: json!({ "day": day, "visits": visits, "minutes": minutes, "sent": false }),
    })
}

const HITS: usize = 30;

pub fn parts(phone: &mut Phone, query: &str) -> Result<Vec<Value>, DeviceError> {
    let query = query.to_lowercase();
    let records = phone.device.records()?;
    let fits = |text: &str| text.to_lowercase().contains(&query);
    Ok(records
        .parts
        .iter()
        .filter(|part| part.active && (fits(&part.name) || fits(&part.part_no)))
        .take(HITS)
        .map(|part| json!({ "part_no": part.part_no, "name": part.name, "unit_price": part.unit_price }))
        .collect())
}

pub fn customers(phone: &mut Phone, query: &str) -> Result<Vec<Value>, DeviceError> {
    let query = query.to_lowercase();
    let names = phone.names()?;
    // Customers that nobody has described are still customers.
    let mut codes: Vec<String> = names.customer_codes().cloned().collect();
    codes.extend(names.records.customers.iter().map(|place| place.customer.to_string()));
    codes.sort();
    codes.dedup();
    let mut hits = Vec::new();
    for code in codes {
        let Ok(customer) = outpost_model::id::CustomerCode::parse(&code) else { continue };
        let name = names.customer_name(&customer);
        if !name.to_lowercase().contains(&query) && !code.to_lowercase().contains(&query) {
            continue;
        }
        let units: Vec<Value> = names
            .units_of(&code)
            .map(|(unit, model, serial)| json!({ "code": unit, "model": model, "serial": serial, "unit": "" }))
            .collect();
        let address = names.customer(&customer, "address").unwrap_or_default();
        hits.push(json!({ "code": code, "name": name, "address": address, "units": units }));
        if hits.len() == HITS {
            break;
        }
    }
    Ok(hits)
}
