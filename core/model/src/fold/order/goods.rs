//! Customers' goods in our hands: taken back, repaired, inspected, returned.

use crate::command::Ask;
use crate::decision::Decision;
use crate::entry::Body;
use crate::fold::event::Event;
use crate::fold::visit::VisitFacts;
use crate::id::UserId;
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// Custody of one receipt's goods (003, 004, 005).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoodsFacts {
    pub receipt_no: String,
    pub item: String,
    pub serial: String,
    pub taken_at: Millis,
    /// Whose hands they are in.
    pub taken_by: Option<UserId>,
    pub bench_minutes: u32,
    pub inspected: Option<bool>,
    pub inspected_at: Option<Millis>,
    pub returned_at: Option<Millis>,
    /// The receipt came home and was voided (作废).
    pub receipt_voided: bool,
}

pub(super) fn goods(events: &[Event<'_>], visits: &[VisitFacts], decisions: &[Decision]) -> Vec<GoodsFacts> {
    let mut goods: Vec<GoodsFacts> = Vec::new();
    for line in visits.iter().flat_map(|visit| &visit.taken_back) {
        if goods.iter().any(|known| known.receipt_no == line.receipt_no) {
            continue;
        }
        let number = &line.receipt_no;
        let inspection = decisions.iter().rev().find_map(|decision| match decision.ask() {
            Ask::Inspect { receipt_no, pass, .. } if receipt_no == number => Some((*pass, decision.at())),
            _ => None,
        });
        goods.push(GoodsFacts {
            receipt_no: number.clone(),
            item: line.item.clone(),
            serial: line.serial.clone(),
            taken_at: line.taken_at,
            taken_by: line.by.clone(),
            bench_minutes: events
                .iter()
                .filter_map(|event| match event.body {
                    Body::Repair { receipt_no, minutes, .. } if receipt_no == number => Some(*minutes),
                    _ => None,
                })
                .sum(),
            inspected: inspection.map(|(pass, _)| pass),
            inspected_at: inspection.map(|(_, at)| at),
            returned_at: events.iter().find_map(|event| match event.body {
                Body::ReturnItem { receipt_no } if receipt_no == number => Some(event.at),
                _ => None,
            }),
            receipt_voided: decisions
                .iter()
                .any(|decision| matches!(decision.ask(), Ask::VoidReceipt { receipt_no, .. } if receipt_no == number)),
        });
    }
    goods.sort_by(|a, b| (a.taken_at, &a.receipt_no).cmp(&(b.taken_at, &b.receipt_no)));
    goods
}
