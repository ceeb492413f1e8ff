//! How far each captured thing got, and what belongs to the person: numbers, version, what is unsent.

use super::order::conflicts_of;
use super::today::owner;
use crate::phone::{Names, Phone};
use outpost_device::error::DeviceError;
use outpost_device::store::blobs::BlobState;
use outpost_device::store::lists::OrderItem;
use outpost_device::store::outbox::{StepKind, StepState};
use outpost_device::views::{DecisionState, SyncItem, SyncState};
use outpost_model::command::{Ask, Command, Series};
use outpost_model::fold::flag::FlagKind;
use outpost_model::id::PageId;
use outpost_model::problem::Code;
use outpost_model::time::Millis;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Serialize)]
pub struct Outbox {
    kept: u32,
    sending: u32,
    deferred: u32,
    admitted: u32,
    refused: u32,
    conflicts: usize,
    last_contact: Option<Millis>,
}

pub fn outbox(phone: &Phone, items: &[OrderItem]) -> Result<Outbox, DeviceError> {
    Ok(counted(&phone.device.sync_state()?, conflicted(items).len()))
}

fn counted(state: &SyncState, conflicts: usize) -> Outbox {
    Outbox {
        kept: state.kept,
        sending: state.sending,
        deferred: state.deferred,
        admitted: state.admitted,
        refused: state.refused,
        conflicts,
        last_contact: state.last_contact.map(|mark| mark.device),
    }
}

fn conflicted(items: &[OrderItem]) -> Vec<PageId> {
    let has = |item: &&OrderItem| item.mine && item.facts.flags.iter().any(|flag| flag.kind == FlagKind::Conflict);
    items.iter().filter(has).map(|item| item.facts.page).collect()
}

/// Whom or what each page is about.
fn subjects(items: &[OrderItem], names: &Names) -> BTreeMap<PageId, (PageId, String)> {
    let mut subjects = BTreeMap::new();
    for item in items {
        let name = names.customer_name(&item.facts.customer);
        subjects.insert(item.facts.page, (item.facts.page, name.clone()));
        for visit in &item.facts.visit_facts {
            subjects.insert(visit.page, (item.facts.page, name.clone()));
        }
    }
    subjects
}

pub fn sync(phone: &mut Phone) -> Result<Value, DeviceError> {
    let names = phone.names()?;
    let state = phone.device.sync_state()?;
    let items = phone.device.orders()?;
    let subjects = subjects(&items, &names);
    let about = |page: &PageId| subjects.get(page).map(|(_, name)| name.clone()).unwrap_or_default();
    let item = |item: &SyncItem| {
        json!({
            "no": item.no, "act": item.name, "about": about(&item.page), "at": item.at,
            "state": item.state, "code": item.code,
        })
    };
    let refused: Vec<Value> = phone
        .device
        .quarantine()?
        .iter()
        .map(|held| {
            let command = std::str::from_utf8(&held.content).ok().and_then(|text| Command::parse(text).ok());
            let wish = command.as_ref().and_then(|command| match &command.ask {
                Ask::Assign { to, .. } => Some(names.person(to)),
                Ask::AddHelper { helper, .. } => Some(names.person(helper)),
                _ => None,
            });
            json!({
                "no": held.no, "act": held.name, "about": about(&held.page), "wish": wish, "at": held.at,
                "code": held.reason.code, "why": sentence(&held.reason.code), "detail": held.reason.detail,
                "by": held.reason.by.as_ref().map(|by| names.person(by)), "decided_at": held.reason.at,
                "refused_at": held.reason.at.or(state.last_contact.map(|mark| mark.device)).unwrap_or(held.at),
                "order": subjects.get(&held.page).map(|(order, _)| order), "again": held.kind != StepKind::Change,
                "bytes": held.content.len(), "hash": held.hash,
            })
        })
        .collect();
    let waiting = state.files.iter().filter(|file| matches!(file.state, BlobState::Kept | BlobState::Deferred));
    let (count, bytes) = waiting.clone().fold((0, 0), |(count, bytes), file| (count + 1, bytes + file.size));
    let blobs = (count > 0).then(|| json!({ "count": count, "bytes": bytes, "state": "kept" }));
    let damaged: Vec<Value> = state
        .damaged
        .iter()
        .map(|page| {
            json!({
                "page": page, "kind": "", "about": about(page),
                "unsent": state.items.iter().filter(|item| item.page == *page).count(),
            })
        })
        .collect();
    let pending: Vec<Value> = phone
        .device
        .decisions()?
        .iter()
        .filter(|item| item.state == DecisionState::Pending && !matches!(item.command.ask, Ask::LeaseNumbers { .. }))
        .map(|item| {
            json!({
                "no": item.command.id, "act": item.command.ask.name(), "about": about(&item.page),
                "since": item.command.evidence.clock, "with": "",
            })
        })
        .collect();
    let mut conflicts = Vec::new();
    for page in conflicted(&items) {
        let Some(order) = phone.order_of(page)? else { continue };
        for conflict in conflicts_of(phone, &names, page)? {
            conflicts.push(json!({
                "order": page, "number": order.facts.number,
                "customer": names.customer_name(&order.facts.customer), "conflict": conflict,
            }));
        }
    }
    let retry =
        state.items.iter().filter(|item| item.state == StepState::Deferred).filter_map(|item| item.retry_at).min();
    Ok(json!({
        "outbox": counted(&state, conflicted(&items).len()),
        "refused": refused,
        "conflicts": conflicts,
        "waiting": state.items.iter().map(item).collect::<Vec<_>>(),
        "blobs": blobs,
        "pending": pending,
        "settled": state.recent.iter().map(item).collect::<Vec<_>>(),
        "retry_at": retry,
        "storage": { "used": 0, "quota": 0, "freeable": 0, "freeable_photos": 0, "full": false },
        "damaged": damaged,
        "agreed_at": state.last_contact.map(|mark| mark.device),
    }))
}

/// What a code means, in both languages; a newer server's code has only its name.
pub fn sentence(code: &str) -> Value {
    let code = Code::parse(code);
    json!({ "zh-CN": code.map_or("", Code::zh), "en": code.map_or("", Code::en) })
}

pub fn me(phone: &mut Phone) -> Result<Value, DeviceError> {
    let names = phone.names()?;
    let state = phone.device.sync_state()?;
    let block = |series| -> Result<Value, DeviceError> {
        Ok(json!({ "next": phone.device.next_number(series)?, "left": phone.device.numbers_left(series)? }))
    };
    Ok(json!({
        "owner": owner(phone, &names)?,
        "device_since": null,
        "app": phone.app,
        "receipts": block(Series::Receipt)?,
        "orders": block(Series::Order)?,
        "records": [],
        "may_write": false,
        "unsent": state.kept + state.sending + state.deferred + state.refused,
    }))
}

/// Everything that is only here: what was refused, and each page that something waits on.
pub fn export(phone: &mut Phone) -> Result<Vec<u8>, DeviceError> {
    let state = phone.device.sync_state()?;
    let mut pages: Vec<PageId> = state.items.iter().map(|item| item.page).chain(state.damaged).collect();
    pages.sort();
    pages.dedup();
    let mut file = phone.device.export_quarantine()?;
    for page in pages {
        file.extend(phone.device.export_page(page)?);
    }
    Ok(file)
}
