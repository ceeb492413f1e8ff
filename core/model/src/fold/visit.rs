//! One visit: the first arrival, the last departure and the last leave count; it is his who arrived.

use super::event::{Event, Sheet};
use crate::command::Ask;
use crate::decision::Decision;
use crate::entry::{Body, PayMethod, Place, VisitResult};
use crate::id::{EntryId, PageId, UserId};
use crate::time::{Millis, minutes_between};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitFacts {
    pub page: PageId,
    /// Who arrived first.
    pub engineer: Option<UserId>,
    pub departed_at: Option<Millis>,
    pub arrived_at: Option<Millis>,
    /// Where the phone was on arrival.
    pub place: Option<Place>,
    pub left_at: Option<Millis>,
    pub result: Option<VisitResult>,
    pub parts: Vec<PartLine>,
    pub charges: Vec<ChargeLine>,
    pub taken_back: Vec<GoodsLine>,
    pub signed: Option<SignedFacts>,
    /// Why the customer wouldn't sign or rate, as it was last said.
    pub unsigned: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartLine {
    pub part_no: String,
    pub name: String,
    pub qty: u32,
    pub unit_price: i64,
    pub billable: bool,
}

impl PartLine {
    pub fn amount(&self) -> i64 {
        i64::from(self.qty).saturating_mul(self.unit_price)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeLine {
    pub entry: EntryId,
    pub by: UserId,
    pub at: Millis,
    pub item: String,
    pub amount: i64,
    pub method: PayMethod,
    pub receipt_no: Option<String>,
    /// The cashier has the money.
    pub acknowledged: bool,
    pub acknowledged_by: Option<UserId>,
    pub acknowledged_at: Option<Millis>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoodsLine {
    pub receipt_no: String,
    pub item: String,
    pub serial: String,
    pub taken_at: Millis,
    pub by: Option<UserId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedFacts {
    pub entry: EntryId,
    pub name: String,
    pub score: u8,
    #[serde(default)]
    pub comment: String,
    pub at: Millis,
    pub seq: u64,
    /// Something of the visit isn't in what was signed.
    pub amended: bool,
    /// Since when that could be seen, and who wrote the first of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amended_by: Option<(Millis, UserId)>,
}

impl VisitFacts {
    pub fn minutes(&self) -> Option<i64> {
        Some(minutes_between(self.arrived_at?, self.left_at?))
    }
}

/// Reads one visit's page. `decisions` are those that hang on this page.
pub fn facts(sheet: Sheet<'_>, decisions: &[Decision]) -> VisitFacts {
    let mut visit = VisitFacts {
        page: sheet.index.header().page(),
        engineer: None,
        departed_at: None,
        arrived_at: None,
        place: None,
        left_at: None,
        result: None,
        parts: vec![],
        charges: vec![],
        taken_back: vec![],
        signed: None,
        unsigned: None,
    };
    for event in sheet.live(decisions) {
        take(&mut visit, &event, sheet, decisions);
    }
    visit
}

/// Events come by time, so "first" keeps and "last" overwrites.
fn take(visit: &mut VisitFacts, event: &Event<'_>, sheet: Sheet<'_>, decisions: &[Decision]) {
    match event.body {
        Body::Depart {} => visit.departed_at = Some(event.at),
        Body::Arrive { place } if visit.arrived_at.is_none() => {
            visit.arrived_at = Some(event.at);
            visit.place = *place;
            visit.engineer = Some(event.by.clone());
        }
        Body::Leave { result } => {
            visit.left_at = Some(event.at);
            visit.result = Some(*result);
        }
        Body::UsePart { part_no, name, qty, unit_price, billable, .. } => visit.parts.push(PartLine {
            part_no: part_no.clone(),
            name: name.clone(),
            qty: *qty,
            unit_price: *unit_price,
            billable: *billable,
        }),
        Body::Charge { item, amount, method, receipt_no } => visit.charges.push(ChargeLine {
            entry: event.id,
            by: event.by.clone(),
            at: event.at,
            item: item.clone(),
            amount: *amount,
            method: *method,
            receipt_no: receipt_no.clone(),
            acknowledged: false,
            acknowledged_by: None,
            acknowledged_at: None,
        }),
        Body::TakeBack { item, serial, receipt_no } => visit.taken_back.push(GoodsLine {
            receipt_no: receipt_no.clone(),
            item: item.clone(),
            serial: serial.clone(),
            taken_at: event.at,
            by: Some(event.by.clone()),
        }),
        Body::Unsigned { reason } => visit.unsigned = Some(reason.clone()),
        Body::Sign(signature) => {
            let amended_by = amended_by(sheet, &signature.visit_heads, event.at, decisions);
            visit.signed = Some(SignedFacts {
                entry: event.id,
                name: signature.name.clone(),
                score: signature.score,
                comment: signature.comment.clone(),
                at: event.at,
                seq: event.seq,
                amended: amended_by.is_some(),
                amended_by,
            });
        }
        _ => {}
    }
}

/// The first of what the signature covers and the phone that the customer signed on didn't know.
fn amended_by(
    sheet: Sheet<'_>,
    heads: &[crate::id::Hash],
    signed_at: Millis,
    decisions: &[Decision],
) -> Option<(Millis, UserId)> {
    let all = sheet.all();
    let covers = |id: &EntryId| all.iter().any(|event| event.id == *id && event.body.is_covered_by_signature());
    let logged_unseen = all
        .iter()
        .filter(|event| match event.body {
            Body::Void { target, .. } => covers(target),
            body => body.is_covered_by_signature(),
        })
        .filter(|event| !sheet.index.covers(heads, &event.change))
        .map(|event| (event.seen_at(), event.by.clone()));
    let corrected = decisions
        .iter()
        .filter(|decision| {
            matches!(decision.ask(), Ask::Correct { target, .. } if covers(target)) && decision.at() > signed_at
        })
        .map(|decision| (decision.at(), decision.by().clone()));
    logged_unseen.chain(corrected).min()
}
