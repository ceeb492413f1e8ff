//! Leave: who asked for which days, and what was decided last.

use super::deed::Deed;
use crate::Action;
use jiff::{Timestamp, civil::Date};

pub struct ApprovedLeave<'a> {
    pub engineer: &'a str,
    pub kind: &'a str,
    from: Date,
    to: Date,
    decided: (Timestamp, usize),
}

/// Every leave whose standing decision approves it.
pub fn approved<'a>(deeds: &[Deed<'a>]) -> Vec<ApprovedLeave<'a>> {
    deeds
        .iter()
        .filter_map(|deed| match deed.capture.action {
            Action::RequestLeave { leave, kind, from, to, .. } => {
                let (decision, approve) = standing_decision(deeds, leave)?;
                approve.then(|| ApprovedLeave {
                    engineer: &deed.capture.user.id,
                    kind,
                    from: from.parse().expect("a leave begins on a date"),
                    to: to.parse().expect("a leave ends on a date"),
                    decided: decision.rank(),
                })
            }
            _ => None,
        })
        .collect()
}

/// A later decision replaces an earlier one that its author knew of; one made in ignorance of it changes nothing.
fn standing_decision<'d, 'a>(deeds: &'d [Deed<'a>], wanted: &str) -> Option<(&'d Deed<'a>, bool)> {
    let mut standing: Option<(&Deed, bool)> = None;
    for deed in deeds {
        if let Action::DecideLeave { leave, approve } = deed.action
            && leave == wanted
            && standing.is_none_or(|(earlier, _)| deed.held.contains(&earlier.line))
        {
            standing = Some((deed, *approve));
        }
    }
    standing
}

/// The leave that covers this engineer's day; of several the latest decided.
pub fn covering<'l, 'a>(leaves: &'l [ApprovedLeave<'a>], engineer: &str, day: Date) -> Option<&'l ApprovedLeave<'a>> {
    let on_that_day = leaves.iter().filter(|leave| leave.engineer == engineer && leave.from <= day && day <= leave.to);
    on_that_day.max_by_key(|leave| leave.decided)
}
