//! A god's-eye reading of a month: from what everybody truly did to what the merged records must say.
//!
//! First the log is replayed ([`replay`]): each device is a set of things that it holds and a clock that it believes;
//! the server is a list of what it took, in order. What comes out is the list of [`deed::Deed`]s that count. Then each
//! of the six files is worked out from the deeds alone, one file of rules for one file of rows.
//!
//! What must stay true: no documents, no merging, no protocol. A rule is read off the month's README and written
//! down once; where the README is silent the generator leaves the situation out.

mod attendance;
mod case;
mod conflict;
mod csv;
mod daily;
mod deed;
mod device;
mod dossier;
mod flags;
mod interval;
mod leaves;
mod orders;
mod parts;
mod replay;
mod rights;
mod sealed;
mod server;
mod state;
mod tenure;
mod visit;

use crate::{Expected, Line, Org};
use dossier::Dossier;

/// What the merged records of this month must say.
pub fn expected(org: &Org, log: &[Line]) -> Expected {
    let records = replay::replay(org, log);
    let dossiers = Dossier::gather(org, &records.deeds);
    Expected {
        orders: orders::csv(org, &dossiers),
        parts: parts::csv(&dossiers),
        daily: daily::csv(org, &dossiers, &records.deeds),
        attendance: attendance::csv(org, &records.deeds),
        flags: flags::csv(&dossiers),
        sealed: sealed::csv(&records.deeds),
    }
}

/// Indices of the lines that reached the server and that their authors had no right to. A well-made log marks exactly
/// these `expect: no_effect`.
pub fn without_effect(org: &Org, log: &[Line]) -> Vec<usize> {
    let mut lines = replay::replay(org, log).without_effect;
    lines.sort_unstable();
    lines
}
