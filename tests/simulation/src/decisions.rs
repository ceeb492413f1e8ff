//! What is asked of authority about calls and people's time, by leads and clerks on their phones or at the console.

use crate::cast;
use crate::dice::Dice;
use crate::field::{receipt, word};
use crate::ledger::Ledger;
use outpost_model::command::Ask;
use outpost_model::header::Kind;
use outpost_model::time::Month;

const ENGINEERS: [&str; 4] = ["u-e1", "u-e2", "u-e3", "u-lead1"];

/// A decision about something that exists; none where there is nothing yet.
pub fn decision(ledger: &Ledger, dice: &mut Dice) -> Option<Ask> {
    let order = dice.pick(&ledger.orders).copied();
    let engineer = cast::user(ENGINEERS[dice.below(ENGINEERS.len())]);
    let reason = word(dice);
    let month = Month::parse("2026-10").expect("a month");
    Some(match dice.below(20) {
        0..=4 => Ask::Assign { order: order?, to: engineer },
        5 => Ask::AddHelper { order: order?, helper: engineer },
        6 => Ask::RemoveHelper { order: order?, helper: engineer },
        7 | 8 | 18 | 19 => Ask::Close { order: order? },
        9 => Ask::Reopen { order: order?, reason },
        10 => Ask::Cancel { order: order?, reason },
        11 => Ask::Inspect { order: order?, receipt_no: receipt(dice), pass: dice.one_in(2) },
        12 => Ask::SameAs { order: order?, same: *dice.pick(&ledger.orders)?, reason },
        13 => {
            let (page, leave) = *dice.pick(&ledger.leaves)?;
            Ask::DecideLeave { page, leave, approve: dice.one_in(2), reason }
        }
        14 => Ask::SignOff { person: engineer, month },
        15 => Ask::Unseal { person: engineer, month, reason },
        16 => {
            let (page, charge) = *dice.pick(&ledger.charges)?;
            let order = ledger.headers.get(&page).filter(|header| header.kind() == Kind::Visit)?.order()?;
            Ask::AcknowledgeCash { order, visit: page, charge }
        }
        _ => {
            let entries: Vec<_> = ledger.captured.iter().flat_map(|act| act.entries.iter().copied()).collect();
            let (page, target) = *dice.pick(&entries)?;
            Ask::Correct { page, target, reason, replacement: None }
        }
    })
}
