//! What a supervisor must see of an order.

use super::{OrderFacts, Records};
use crate::access::Action;
use crate::decision::{Decision, Life, Standing, Turn};
use crate::entry::{Body, PayMethod};
use crate::fold::event::Sheet;
use crate::fold::flag::{Flag, FlagKind};
use crate::id::{Hash, UserId};
use crate::record::Role;
use crate::time::Millis;
use std::collections::BTreeSet;

pub(super) fn flags(
    facts: &OrderFacts,
    standing: &Standing,
    decisions: &[Decision],
    order: Option<Sheet<'_>>,
    visits: &[(Sheet<'_>, &[Decision])],
    records: &Records<'_>,
) -> BTreeSet<Flag> {
    let mut flags = BTreeSet::new();
    let mut raise = |holds: bool, kind| {
        if holds {
            flags.insert(Flag::plain(kind));
        }
    };
    let signatures = || facts.visit_facts.iter().filter_map(|visit| visit.signed.as_ref());
    raise(standing.self_opened, FlagKind::SelfOpened);
    raise(signatures().any(|sign| sign.amended), FlagKind::AmendedAfterSignature);
    let unsigned = facts.visits > 0 && signatures().next().is_none();
    raise(standing.life == Life::Closed && unsigned, FlagKind::ClosedUnsigned);

    let sheets = order.iter().chain(visits.iter().map(|(sheet, _)| sheet));
    let mut suspect_actions = BTreeSet::new();
    for sheet in sheets {
        let events = sheet.all();
        // What came with the register line is the opening, not work on the order.
        let opening: BTreeSet<Hash> = events
            .iter()
            .filter(|event| matches!(event.body, Body::Register { .. }))
            .map(|event| event.change)
            .collect();
        for event in &events {
            let opens = opening.contains(&event.change);
            if event.suspect {
                suspect_actions.insert(if opens { "open_order" } else { event.body.name() });
            }
            if !opens {
                let engineer = records.role_of(&event.by) == Some(Role::Engineer);
                let worked = engineer || Action::of_entry(event.body) == Some(Action::LogWork);
                raise(worked && !standing.ever.contains(&event.by), FlagKind::Unassigned);
                raise(is_former(&standing.turns, &event.by, event.at), FlagKind::FormerAssignee);
                // At his own station he may work on what isn't his yet; elsewhere nobody had sent him.
                let stranger = records.station_of(&event.by) != standing.station;
                raise(worked && stranger && is_early(&standing.turns, &event.by, event.at), FlagKind::BeforeAssignment);
            }
        }
    }
    let cash =
        facts.visit_facts.iter().flat_map(|visit| &visit.charges).filter(|charge| charge.method == PayMethod::Cash);
    for charge in cash {
        raise(charge.amount > 0 && !records.policy.takes_cash(charge.at), FlagKind::CashForbidden);
    }
    for decision in decisions {
        if decision.envelope.is_suspect(&decision.command.evidence) {
            suspect_actions.insert(decision.ask().name());
        }
    }
    flags.extend(
        suspect_actions.into_iter().map(|action| Flag { kind: FlagKind::TimeSuspect, detail: action.to_owned() }),
    );
    for (name, values) in &facts.fields {
        if values.len() > 1 {
            let mut sorted = values.clone();
            sorted.sort();
            flags.insert(Flag { kind: FlagKind::Conflict, detail: format!("{name}: {}", sorted.join(" | ")) });
        }
    }
    flags
}

/// Whether the order was given to this person, but only later.
fn is_early(turns: &[Turn], user: &UserId, at: Millis) -> bool {
    let first = turns.iter().find_map(|turn| match turn {
        Turn::Given { to: who, at } | Turn::HelperAdded { helper: who, at } if who == user => Some(*at),
        _ => None,
    });
    first.is_some_and(|first| at < first)
}

/// Whether the order had been taken from this person by then, and not given back; a helper has it still.
fn is_former(turns: &[Turn], user: &UserId, at: Millis) -> bool {
    let (mut has, mut taken, mut helps) = (false, false, false);
    for turn in turns {
        match turn {
            Turn::Given { to, at: when } if *when <= at => {
                taken = (taken || has) && to != user;
                has = to == user;
            }
            Turn::HelperAdded { helper, at: when } if *when <= at && helper == user => helps = true,
            Turn::HelperRemoved { helper, at: when } if *when <= at && helper == user => helps = false,
            _ => {}
        }
    }
    taken && !helps
}
