//! What a supervisor must see of an order.

use super::{OrderFacts, Records};
use crate::access::Action;
use crate::command::Ask;
use crate::decision::{Decision, Life, Standing, Turn};
use crate::entry::{Body, PayMethod};
use crate::fold::event::{Event, Sheet};
use crate::fold::flag::{Flag, FlagKind, Raised};
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
    let mut raised = Raised::default();
    if standing.self_opened {
        raised.raise(FlagKind::SelfOpened, "", standing.opened_at, &standing.opened_by);
    }
    let signatures = || facts.visit_facts.iter().filter_map(|visit| visit.signed.as_ref());
    for (since, by) in signatures().filter_map(|sign| sign.amended_by.as_ref()) {
        raised.raise(FlagKind::AmendedAfterSignature, "", *since, by);
    }
    let unsigned = facts.visits > 0 && signatures().next().is_none();
    let closing = decisions.iter().rev().find(|decision| matches!(decision.ask(), Ask::Close { .. }));
    if let Some(closing) = closing.filter(|_| standing.life == Life::Closed && unsigned) {
        raised.raise(FlagKind::ClosedUnsigned, "", closing.at(), closing.by());
    }
    for sheet in order.iter().chain(visits.iter().map(|(sheet, _)| sheet)) {
        raise_by_writers(&mut raised, &sheet.all(), standing, records);
    }
    let cash =
        facts.visit_facts.iter().flat_map(|visit| &visit.charges).filter(|charge| charge.method == PayMethod::Cash);
    for charge in cash.filter(|charge| charge.amount > 0 && !records.policy.takes_cash(charge.at)) {
        raised.raise(FlagKind::CashForbidden, "", charge.at, &charge.by);
    }
    for decision in decisions.iter().filter(|one| one.envelope.is_suspect(&one.command.evidence)) {
        let seen = decision.envelope.attested().latest.unwrap_or(decision.at());
        raised.raise(FlagKind::TimeSuspect, decision.ask().name(), seen, decision.by());
    }
    if let Some(sheet) = order {
        raise_conflicts(&mut raised, facts, sheet);
    }
    raised.flags()
}

/// What is marked by who wrote it, and when he says that it was.
fn raise_by_writers(raised: &mut Raised, events: &[Event<'_>], standing: &Standing, records: &Records<'_>) {
    // What came with the register line is the opening, not work on the order.
    let opening: BTreeSet<Hash> =
        events.iter().filter(|event| matches!(event.body, Body::Register { .. })).map(|event| event.change).collect();
    for event in events {
        let opens = opening.contains(&event.change);
        let mut raise = |holds: bool, kind, detail| {
            if holds {
                raised.raise(kind, detail, event.seen_at(), &event.by);
            }
        };
        raise(event.suspect, FlagKind::TimeSuspect, if opens { "open_order" } else { event.body.name() });
        if opens {
            continue;
        }
        let engineer = records.role_of(&event.by) == Some(Role::Engineer);
        let worked = engineer || Action::of_entry(event.body) == Some(Action::LogWork);
        raise(worked && !standing.ever.contains(&event.by), FlagKind::Unassigned, "");
        raise(is_former(&standing.turns, &event.by, event.at), FlagKind::FormerAssignee, "");
        // At his own station he may work on what isn't his yet; elsewhere nobody had sent him.
        let stranger = records.station_of(&event.by) != standing.station;
        let early = is_early(&standing.turns, &event.by, event.at);
        raise(worked && stranger && early, FlagKind::BeforeAssignment, "");
    }
}

/// Values of a field that didn't know of each other: since the second came.
fn raise_conflicts(raised: &mut Raised, facts: &OrderFacts, sheet: Sheet<'_>) {
    let events = sheet.all();
    for (name, values) in facts.fields.iter().filter(|(_, values)| values.len() > 1) {
        let shown: BTreeSet<Hash> = sheet.index.values(name).map(|row| row.change).collect();
        let sets = events.iter().filter(|event| {
            shown.contains(&event.change) && matches!(event.body, Body::Set { field, .. } if field == name)
        });
        let mut seen: Vec<(Millis, &UserId)> = sets.map(|event| (event.seen_at(), &event.by)).collect();
        seen.sort();
        let Some((since, by)) = seen.get(1).or(seen.first()) else { continue };
        let mut sorted = values.clone();
        sorted.sort();
        raised.raise(FlagKind::Conflict, format!("{name}: {}", sorted.join(" | ")), *since, by);
    }
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
