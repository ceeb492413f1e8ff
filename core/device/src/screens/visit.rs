//! A visit, the glass that a customer signs on, and the proof that he takes along.

use super::Screens;
use super::names::{Names, short};
use super::next::{self, NextStep};
use super::order::line;
use super::story::gone;
use crate::error::DeviceError;
use crate::store::blobs::{self, BlobState};
use crate::store::outbox::StepState;
use crate::store::proofs;
use crate::views::{EventItem, OrderDetail};
use outpost_model::command::{Series, ServiceType};
use outpost_model::entry::{Body, Lang, PayMethod, Signature, VisitResult};
use outpost_model::fold::visit::VisitFacts;
use outpost_model::header::Subject;
use outpost_model::id::{EntryId, Hash, PageId};
use outpost_model::policy::Cash;
use outpost_model::signature::digest;
use outpost_model::time::{Day, Millis};
use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct Visit {
    pub page: PageId,
    pub order: PageId,
    pub number: String,
    pub ordinal: u32,
    pub customer: String,
    pub model: String,
    pub service_type: ServiceType,
    pub steps: Vec<VisitStep>,
    pub cause: Cause,
    pub parts: Vec<PartUsed>,
    pub charges: Vec<ChargeMade>,
    pub taken_back: Vec<TakenBack>,
    pub photos: Vec<Photo>,
    pub result: Option<VisitResult>,
    pub signed: Option<Signed>,
    pub taken_by: Option<String>,
    /// What Finish and Signature will ask for.
    pub missing: Vec<Missing>,
    pub next: Option<NextStep>,
    pub billing: Billing,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct Cause {
    pub value: String,
    pub conflict: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Enum, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    Cause,
    Result,
    Arrival,
}

/// What policy and contract let this visit charge.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct Billing {
    pub cash: Cash,
    /// Parts are paid by the customer.
    pub billable: bool,
    /// The leased number that the next receipt gets; none left is no reason not to log.
    pub receipt_no: Option<String>,
    pub take_back_no: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct VisitStep {
    pub is: VisitStepName,
    pub at: Option<Millis>,
    pub state: Option<StepState>,
    pub now: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Enum, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum VisitStepName {
    Depart,
    Arrive,
    Work,
    Finish,
    Sign,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct PartUsed {
    pub entry: EntryId,
    pub part_no: String,
    pub name: String,
    pub qty: u32,
    /// Fen.
    pub unit_price: i64,
    pub billable: bool,
    pub old_serial: String,
    pub new_serial: String,
    pub state: StepState,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct ChargeMade {
    pub entry: EntryId,
    pub item: String,
    /// Fen.
    pub amount: i64,
    pub method: PayMethod,
    pub receipt_no: Option<String>,
    pub state: StepState,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct TakenBack {
    pub entry: EntryId,
    pub item: String,
    pub serial: String,
    pub receipt_no: String,
    pub state: StepState,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct Photo {
    pub entry: EntryId,
    pub blob: Hash,
    pub caption: String,
    pub state: StepState,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct Signed {
    pub name: String,
    pub score: u8,
    pub at: Millis,
    pub digest: Hash,
    /// How many entries it covers.
    pub covered: u32,
    pub amended: bool,
    /// The name was typed instead of drawn.
    pub typed: bool,
}

/// Exactly what the glass shows, and what its digest covers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct Glass {
    pub visit: PageId,
    pub day: Day,
    pub customer: String,
    pub contact: String,
    pub unit: String,
    pub serial: String,
    pub fault: String,
    pub cause: String,
    pub arrived_at: Option<Millis>,
    pub left_at: Option<Millis>,
    pub minutes: i64,
    pub parts: Vec<PartUsed>,
    pub charges: Vec<ChargeMade>,
    pub taken_back: Vec<TakenBack>,
    pub result: Option<VisitResult>,
    /// Fen.
    pub total: i64,
    pub service_type: ServiceType,
    pub photos: u32,
    pub covered: u32,
    /// Changes with anything that is covered.
    pub digest: Hash,
}

/// What the customer takes along.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct Proof {
    pub number: String,
    pub customer: String,
    pub signed: Signed,
    /// What the QR code says.
    pub text: String,
    /// Headquarters' own signature is in it, which anybody can check.
    pub countersigned: bool,
}

struct Seen {
    detail: OrderDetail,
    facts: VisitFacts,
    ordinal: u32,
    /// What stands on the visit's page, by time.
    live: Vec<EventItem>,
    names: Names,
}

impl Screens<'_> {
    fn see(&mut self, page: PageId) -> Result<Option<Seen>, DeviceError> {
        let Some(item) = self.order_of(page)? else { return Ok(None) };
        let Some(detail) = self.device.order(item.facts.page)? else { return Ok(None) };
        let mut visits: Vec<&VisitFacts> = detail.item.facts.visit_facts.iter().collect();
        visits.sort_by_key(|visit| visit.departed_at.or(visit.arrived_at));
        let Some((ordinal, facts)) = (1..).zip(visits).find(|(_, visit)| visit.page == page) else { return Ok(None) };
        let facts = facts.clone();
        let gone = gone(&detail.events);
        let stands = |event: &&EventItem| event.page == page && !gone.contains(&event.id);
        let live = detail.events.iter().filter(stands).cloned().collect();
        Ok(Some(Seen { ordinal, facts, live, names: self.names()?, detail }))
    }

    pub fn visit(&mut self, page: PageId) -> Result<Option<Visit>, DeviceError> {
        let Some(seen) = self.see(page)? else { return Ok(None) };
        let (facts, order) = (&seen.facts, &seen.detail.item.facts);
        let next = next::of_visit(facts);
        let cause = seen.cause();
        let without_cause = cause.value.is_empty().then_some(Missing::Cause);
        let without_arrival = facts.arrived_at.is_none().then_some(Missing::Arrival);
        let receipt_no = self.device.next_number(Series::Receipt)?;
        let line = line(&seen.detail.item, &seen.names);
        Ok(Some(Visit {
            page: facts.page,
            order: order.page,
            number: short(&order.number),
            ordinal: seen.ordinal,
            customer: line.customer,
            model: line.model,
            service_type: order.service_type,
            steps: seen.steps(),
            cause,
            parts: seen.parts(),
            charges: seen.charges(),
            taken_back: seen.taken_back(),
            photos: self.photos(&seen)?,
            result: facts.result,
            signed: seen.signed(),
            taken_by: line.taken_by,
            missing: without_cause.into_iter().chain(without_arrival).collect(),
            next: next.map(|act| NextStep { order: Some(order.page), visit: Some(facts.page), ..NextStep::plain(act) }),
            billing: Billing {
                cash: seen.names.records.policy.at(self.now()).cash,
                billable: order.service_type == ServiceType::A,
                take_back_no: receipt_no.clone(),
                receipt_no,
            },
        }))
    }

    pub fn glass(&mut self, visit: PageId, lang: Lang) -> Result<Option<Glass>, DeviceError> {
        let Some(seen) = self.see(visit)? else { return Ok(None) };
        let (facts, order, names) = (&seen.facts, &seen.detail.item.facts, &seen.names);
        let header = self.device.header(Subject::Visit { id: facts.page, order: order.page })?;
        let covered = self.device.covered(&header)?;
        let at = facts.left_at.or(facts.arrived_at).unwrap_or_else(|| self.now());
        let parts = facts.parts.iter().filter(|part| part.billable).map(|part| part.amount());
        let charges = facts.charges.iter().map(|charge| charge.amount);
        Ok(Some(Glass {
            visit: facts.page,
            day: names.records.policy.zone.day(at),
            customer: names.customer_name(&order.customer),
            contact: names.customer(&order.customer, "contact").unwrap_or_default(),
            unit: names.asset(order.asset.as_ref(), "model").unwrap_or_default(),
            serial: names.asset(order.asset.as_ref(), "serial").unwrap_or_default(),
            fault: order.fault.clone(),
            cause: seen.cause().value,
            arrived_at: facts.arrived_at,
            left_at: facts.left_at,
            minutes: facts.minutes().unwrap_or(0),
            parts: seen.parts(),
            charges: seen.charges(),
            taken_back: seen.taken_back(),
            result: facts.result,
            total: parts.chain(charges).fold(0, i64::saturating_add),
            service_type: order.service_type,
            photos: seen.photos().len() as u32,
            covered: covered.len() as u32,
            digest: digest(&covered, lang),
        }))
    }

    pub fn proof(&mut self, visit: PageId) -> Result<Option<Proof>, DeviceError> {
        let Some(seen) = self.see(visit)? else { return Ok(None) };
        let Some(signed) = seen.signed() else { return Ok(None) };
        let order = &seen.detail.item.facts;
        let number = order.number.clone();
        let countersigned = match seen.signature() {
            Some((event, _)) => proofs::find(self.device.store.read(), event.id)?,
            None => None,
        };
        let text = match &countersigned {
            Some(word) => format!("OUTPOST-PROOF2:{word}:{number}"),
            None => format!("OUTPOST-PROOF1:{number}:{}:{}", seen.facts.page, signed.digest),
        };
        let customer = seen.names.customer_name(&order.customer);
        Ok(Some(Proof { number, customer, text, countersigned: countersigned.is_some(), signed }))
    }
}

impl Screens<'_> {
    /// A photo's bytes go after the text that names them: how far they got is what counts.
    fn photos(&self, seen: &Seen) -> Result<Vec<Photo>, DeviceError> {
        let mut photos = seen.photos();
        for photo in &mut photos {
            match blobs::find(self.device.store.read(), &photo.blob)?.map(|file| file.state) {
                Some(BlobState::Kept) => photo.state = StepState::Kept,
                Some(BlobState::Deferred) => photo.state = StepState::Deferred,
                Some(BlobState::Stored | BlobState::Refused | BlobState::LetGo | BlobState::Erased) | None => {}
            }
        }
        Ok(photos)
    }
}

impl Seen {
    fn cause(&self) -> Cause {
        let values = self.detail.item.facts.fields.get("fault_cause").map_or(&[][..], Vec::as_slice);
        Cause { value: values.first().cloned().unwrap_or_default(), conflict: values.len() > 1 }
    }

    fn each<T>(&self, pick: impl Fn(&EventItem) -> Option<T>) -> Vec<T> {
        self.live.iter().filter_map(pick).collect()
    }

    fn parts(&self) -> Vec<PartUsed> {
        self.each(|event| match &event.entry.body {
            Body::UsePart { part_no, name, qty, unit_price, billable, old_serial, new_serial } => Some(PartUsed {
                entry: event.id,
                part_no: part_no.clone(),
                name: name.clone(),
                qty: *qty,
                unit_price: *unit_price,
                billable: *billable,
                old_serial: old_serial.clone().unwrap_or_default(),
                new_serial: new_serial.clone().unwrap_or_default(),
                state: event.state,
            }),
            _ => None,
        })
    }

    fn charges(&self) -> Vec<ChargeMade> {
        self.each(|event| match &event.entry.body {
            Body::Charge { item, amount, method, receipt_no } => Some(ChargeMade {
                entry: event.id,
                item: item.clone(),
                amount: *amount,
                method: *method,
                receipt_no: receipt_no.clone(),
                state: event.state,
            }),
            _ => None,
        })
    }

    fn taken_back(&self) -> Vec<TakenBack> {
        self.each(|event| match &event.entry.body {
            Body::TakeBack { item, serial, receipt_no } => Some(TakenBack {
                entry: event.id,
                item: item.clone(),
                serial: serial.clone(),
                receipt_no: receipt_no.clone(),
                state: event.state,
            }),
            _ => None,
        })
    }

    /// As their entries got.
    fn photos(&self) -> Vec<Photo> {
        self.each(|event| match &event.entry.body {
            Body::Photo { blob, caption } => {
                Some(Photo { entry: event.id, blob: *blob, caption: caption.clone(), state: event.state })
            }
            _ => None,
        })
    }

    fn steps(&self) -> Vec<VisitStep> {
        let facts = &self.facts;
        let signed = facts.signed.as_ref().map(|signed| signed.at);
        let fitted = self.live.iter().find(|event| matches!(event.entry.body, Body::UsePart { .. }));
        let worked = facts.left_at.and(fitted.map(|event| event.at)).or(facts.left_at.and(facts.arrived_at));
        let now = match (facts.arrived_at, facts.left_at, signed) {
            (_, Some(_), Some(_)) => None,
            (_, Some(_), None) => Some(VisitStepName::Sign),
            (Some(_), None, _) => Some(VisitStepName::Work),
            (None, None, _) => Some(VisitStepName::Arrive),
        };
        let state =
            |fits: fn(&Body) -> bool| self.live.iter().find(|event| fits(&event.entry.body)).map(|event| event.state);
        let step = |is, at: Option<Millis>, state: Option<StepState>| VisitStep {
            is,
            at,
            state: at.and(state),
            now: Some(is) == now,
        };
        let arrived = state(|body| matches!(body, Body::Arrive { .. }));
        vec![
            step(VisitStepName::Depart, facts.departed_at, state(|body| matches!(body, Body::Depart {}))),
            step(VisitStepName::Arrive, facts.arrived_at, arrived),
            step(VisitStepName::Work, worked, arrived),
            step(VisitStepName::Finish, facts.left_at, state(|body| matches!(body, Body::Leave { .. }))),
            step(VisitStepName::Sign, signed, state(|body| matches!(body, Body::Sign(_)))),
        ]
    }

    /// The signature that stands.
    fn signature(&self) -> Option<(&EventItem, &Signature)> {
        self.live.iter().rev().find_map(|event| match &event.entry.body {
            Body::Sign(signature) => Some((event, signature)),
            _ => None,
        })
    }

    fn signed(&self) -> Option<Signed> {
        let facts = self.facts.signed.as_ref()?;
        let (event, signature) = self.signature()?;
        let covered = self.live.iter().filter(|each| each.entry.body.is_covered_by_signature()).count();
        Some(Signed {
            name: signature.name.clone(),
            score: signature.score,
            at: event.at,
            digest: signature.digest,
            covered: covered as u32,
            amended: facts.amended,
            typed: signature.typed.is_some(),
        })
    }
}
