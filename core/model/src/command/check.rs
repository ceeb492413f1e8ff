//! What a question may hold: numbers people can write on paper, reasons that end, figures in range.

use super::CommandFault;
use super::ask::Ask;
use crate::entry::{MAX_FEN, MAX_TEXT};

impl Ask {
    pub(super) fn check(&self) -> Result<(), CommandFault> {
        let fits = |ok: bool, what| if ok { Ok(()) } else { Err(CommandFault::Range(what)) };
        let number = |text: &str, what| fits((1..=64).contains(&text.len()), what);
        let reason = |text: &str| fits(text.len() <= MAX_TEXT, "reason");
        match self {
            Ask::Open { number: text, .. } => number(text, "number"),
            Ask::Inspect { receipt_no, .. } => number(receipt_no, "receipt_no"),
            Ask::VoidReceipt { receipt_no, reason: why, .. } => {
                number(receipt_no, "receipt_no")?;
                reason(why)
            }
            Ask::Reopen { reason: why, .. }
            | Ask::Cancel { reason: why, .. }
            | Ask::SameAs { reason: why, .. }
            | Ask::DecideLeave { reason: why, .. }
            | Ask::Unseal { reason: why, .. }
            | Ask::Correct { reason: why, .. } => reason(why),
            Ask::DecideForm { approve, reason: why, .. } => {
                // Whoever gets it back must know why.
                fits(*approve || !why.trim().is_empty(), "reason")?;
                reason(why)
            }
            Ask::FixByPhone { note, .. } => fits(!note.trim().is_empty() && note.len() <= MAX_TEXT, "note"),
            Ask::EraseBlob { reason: why, .. } => {
                fits(!why.trim().is_empty(), "reason")?;
                reason(why)
            }
            Ask::PlaceCustomer { distance_km, .. } => fits(*distance_km <= 40_000, "distance_km"),
            Ask::LeaseNumbers { count, .. } => fits((1..=1_000).contains(count), "count"),
            Ask::PutPerson { person } => fits((1..=200).contains(&person.name.len()), "name"),
            Ask::PutStation { station } => fits((1..=200).contains(&station.name.len()), "name"),
            Ask::PutPart { part } => {
                number(&part.part_no, "part_no")?;
                fits((0..=MAX_FEN).contains(&part.unit_price), "unit_price")
            }
            Ask::PutPolicy { policy } => policy.check().map_err(|bad| CommandFault::Range(bad.0)),
            Ask::PutForm { form } => form.check().map_err(|bad| CommandFault::Range(bad.0)),
            Ask::Assign { .. }
            | Ask::AddHelper { .. }
            | Ask::RemoveHelper { .. }
            | Ask::Close { .. }
            | Ask::AcknowledgeCash { .. }
            | Ask::SignOff { .. }
            | Ask::Enrol { .. }
            | Ask::Revoke { .. } => Ok(()),
        }
    }
}
