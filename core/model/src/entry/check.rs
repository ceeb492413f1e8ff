//! What an answer may be: numbers in range, texts not endless, fields known.

use super::answer::{Place, Signature, Value};
use super::body::Body;
use super::{EntryFault, MAX_FEN, MAX_TEXT};
use crate::field;
use crate::header::Kind;

impl Body {
    /// Numbers in range, texts not endless, fields known on that kind of page.
    pub fn check(&self, kind: Kind) -> Result<(), EntryFault> {
        if !self.kind_fits(kind) {
            return Err(EntryFault::WrongPage(self.name()));
        }
        match self {
            Body::Set { field, value } => {
                in_range(field::find(kind, field).is_some(), "field")?;
                text(value, "value")
            }
            Body::Void { reason, .. } => text(reason, "reason"),
            Body::Register { fault_code, fault, .. } => {
                text(fault_code, "fault_code")?;
                text(fault, "fault")
            }
            Body::Contact { note, .. } | Body::FollowUp { note } => text(note, "note"),
            Body::Rebook { reason, .. } | Body::HandBack { reason } | Body::Unsigned { reason } => {
                text(reason, "reason")
            }
            Body::Toolkit { missing } => {
                in_range(missing.len() <= 100, "missing")?;
                missing.iter().try_for_each(|item| text(item, "missing"))
            }
            Body::Repair { receipt_no, minutes, note } => {
                number_text(receipt_no, "receipt_no")?;
                minutes_of_work(*minutes)?;
                text(note, "note")
            }
            Body::ReturnItem { receipt_no } => number_text(receipt_no, "receipt_no"),
            Body::Arrive { place } | Body::ClockIn { place } | Body::ClockOut { place } => {
                place.as_ref().map_or(Ok(()), Place::check)
            }
            Body::UsePart { part_no, name, qty, unit_price, old_serial, new_serial, .. } => {
                number_text(part_no, "part_no")?;
                text(name, "name")?;
                in_range((1..=100_000).contains(qty), "qty")?;
                fen(*unit_price, "unit_price")?;
                [old_serial, new_serial].into_iter().flatten().try_for_each(|serial| text(serial, "serial"))
            }
            Body::Charge { item, amount, receipt_no, .. } => {
                text(item, "item")?;
                fen(*amount, "amount")?;
                receipt_no.as_ref().map_or(Ok(()), |number| number_text(number, "receipt_no"))
            }
            Body::TakeBack { item, serial, receipt_no } => {
                text(item, "item")?;
                text(serial, "serial")?;
                number_text(receipt_no, "receipt_no")
            }
            Body::Photo { caption, .. } => text(caption, "caption"),
            Body::Sign(signature) => signature.check(),
            Body::RequestLeave { leave, from, to, reason } => {
                number_text(leave, "leave")?;
                in_range(from <= to, "to")?;
                text(reason, "reason")
            }
            Body::GoOut { destination, .. } => text(destination, "destination"),
            Body::Task { minutes, note } => {
                minutes_of_work(*minutes)?;
                text(note, "note")
            }
            Body::ProductionPlan { text: plan, .. } | Body::StaffChange { text: plan } => text(plan, "text"),
            Body::Answer { field, value, v } => {
                form_field(field, *v)?;
                value.check("value")
            }
            Body::Row { field, cells, v } => {
                form_field(field, *v)?;
                in_range((1..=20).contains(&cells.len()) && cells.keys().all(|name| is_field_name(name)), "cells")?;
                cells.values().try_for_each(|value| value.check("cells"))
            }
            Body::Submit { heads, v, lines, .. } => {
                in_range(heads.len() <= 16, "heads")?;
                in_range(*v >= 1, "v")?;
                in_range(lines.len() <= 100 && lines.iter().all(|line| line.len() <= 16), "lines")?;
                lines.iter().flatten().try_for_each(|cell| number_cell(cell))
            }
            Body::Depart {} | Body::Leave { .. } | Body::Returned {} => Ok(()),
        }
    }
}

impl Place {
    fn check(&self) -> Result<(), EntryFault> {
        in_range((-900_000_000..=900_000_000).contains(&self.lat_e7), "lat_e7")?;
        in_range((-1_800_000_000..=1_800_000_000).contains(&self.lng_e7), "lng_e7")
    }
}

impl Signature {
    fn check(&self) -> Result<(), EntryFault> {
        text(&self.name, "name")?;
        text(&self.comment, "comment")?;
        in_range((1..=5).contains(&self.score), "score")?;
        in_range(self.order_heads.len() <= 16 && self.visit_heads.len() <= 16, "heads")?;
        self.typed.as_ref().map_or(Ok(()), |reason| text(reason, "typed"))
    }
}

impl Value {
    fn check(&self, what: &'static str) -> Result<(), EntryFault> {
        match self {
            Value::Text(value) => text(value, what),
            Value::YesNo(_) | Value::Number(_) => Ok(()),
        }
    }
}

/// The name of a form's field, of a table's column, of a choice: `a-z`, then up to 31 of `a-z 0-9 _`.
pub fn is_field_name(name: &str) -> bool {
    (1..=32).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

fn form_field(name: &str, v: u32) -> Result<(), EntryFault> {
    in_range(is_field_name(name), "field")?;
    in_range(v >= 1, "v")
}

fn number_cell(cell: &str) -> Result<(), EntryFault> {
    in_range(cell.len() <= 64, "lines")
}

pub(super) fn in_range(fits: bool, what: &'static str) -> Result<(), EntryFault> {
    if fits { Ok(()) } else { Err(EntryFault::Range(what)) }
}

fn text(value: &str, what: &'static str) -> Result<(), EntryFault> {
    in_range(value.len() <= MAX_TEXT, what)
}

/// A number that people write on paper: short, not empty.
fn number_text(value: &str, what: &'static str) -> Result<(), EntryFault> {
    in_range((1..=64).contains(&value.len()), what)
}

fn minutes_of_work(minutes: u32) -> Result<(), EntryFault> {
    in_range(minutes <= 7 * 24 * 60, "minutes")
}

fn fen(amount: i64, what: &'static str) -> Result<(), EntryFault> {
    in_range((0..=MAX_FEN).contains(&amount), what)
}
