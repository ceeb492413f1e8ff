//! The rows of the story, in attested order, so that a doubtful time doesn't move its row: what was logged and what was
//! decided, what became of it since, and the evidence drawn on one axis and said in words.

use super::super::flags::{self, Chip};
use super::super::show::Almanac;
use super::super::tell;
use super::super::trace;
use super::super::visit::Visitor;
use super::axis::Axis;
use crate::relay::{Aftermath, Leaf, OrderStory, Sheaf};
use outpost_model::command::Ask;
use outpost_model::decision::Decision;
use outpost_model::entry::Body;
use outpost_model::envelope::Attested;
use outpost_model::fold::flag::FlagKind;
use outpost_model::id::EntryId;
use outpost_model::time::Millis;

/// One row of the story.
pub struct Row {
    pub clock: String,
    pub full: String,
    /// The axis cell, drawn; and the same in words.
    pub drawing: String,
    pub spoken: String,
    pub what: String,
    pub by: String,
    pub chips: Vec<Chip>,
    /// Why it doesn't count as it was logged.
    pub fate: Option<String>,
    pub is_strong: bool,
    /// Which visit it belongs to, where there were several.
    pub visit: Option<String>,
}

fn sheaves(story: &OrderStory) -> impl Iterator<Item = &Sheaf> {
    std::iter::once(&story.order).chain(&story.visits)
}

/// Every claimed and attested moment, for the axis.
pub fn moments(story: &OrderStory) -> Vec<Millis> {
    let logged = sheaves(story)
        .flat_map(|sheaf| &sheaf.leaves)
        .flat_map(|leaf| [Some(leaf.at), leaf.attested.earliest.filter(|_| !leaf.at_console), leaf.attested.latest]);
    let decided = sheaves(story).flat_map(|sheaf| &sheaf.decisions).map(|decision| Some(decision.at()));
    logged.chain(decided).flatten().collect()
}

/// A claim, drawn into what is attested.
fn settled(at: Millis, attested: Attested) -> Millis {
    let at = attested.earliest.map_or(at, |earliest| at.max(earliest));
    attested.latest.map_or(at, |latest| at.min(latest))
}

pub fn rows(story: &OrderStory, axis: &Axis, visitor: &Visitor) -> Vec<Row> {
    let mut rows: Vec<((Millis, u64), Row)> = Vec::new();
    let visits = visits_in_order(story);
    for sheaf in sheaves(story) {
        let nth = visits.iter().position(|page| *page == sheaf.header.page()).filter(|_| visits.len() > 1);
        for leaf in trace::shown(&sheaf.leaves) {
            let mut row = logged(story, sheaf, axis, visitor, leaf);
            row.visit = nth.map(|nth| visitor.w.nth_visit(nth + 1));
            rows.push(((settled(leaf.at, leaf.attested), leaf.seq), row));
        }
        for decision in &sheaf.decisions {
            let seq = decision.envelope.admitted.map_or(u64::MAX, |admitted| admitted.seq);
            let key = (settled(decision.at(), decision.envelope.attested()), seq);
            rows.push((key, decided(story, axis, visitor, decision)));
        }
    }
    rows.sort_by_key(|(key, _)| *key);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// Visits by arrival.
fn visits_in_order(story: &OrderStory) -> Vec<outpost_model::id::PageId> {
    let mut visits: Vec<_> = story.facts.visit_facts.iter().map(|visit| (visit.arrived_at, visit.page)).collect();
    visits.sort_by_key(|(at, page)| (at.unwrap_or(Millis(i64::MAX)), *page));
    visits.into_iter().map(|(_, page)| page).collect()
}

fn logged(story: &OrderStory, sheaf: &Sheaf, axis: &Axis, visitor: &Visitor, leaf: &Leaf) -> Row {
    let (w, almanac, directory) = (visitor.w, visitor.almanac(), &*visitor.directory);
    let (drawing, spoken) = if leaf.at_console {
        let at = leaf.received.unwrap_or(leaf.at);
        (axis.square(at), w.axis_spoken_server(almanac.moment(at)))
    } else {
        let Attested { earliest, latest } = leaf.attested;
        (axis.span(leaf.at, earliest, latest, leaf.suspect), spoken(&almanac, leaf.at, leaf.attested))
    };
    let in_conflict = |name: &str| story.order.fields.iter().any(|(known, values)| known == name && values.len() > 1);
    let mut kinds = Vec::new();
    kinds.extend(leaf.suspect.then_some(FlagKind::TimeSuspect));
    if matches!(&leaf.body, Body::Set { field, .. } if in_conflict(field)) && leaf.stands() {
        kinds.push(FlagKind::Conflict);
    }
    let was_signed_away = leaf.signed == Some(true) && !matches!(leaf.aftermath, Aftermath::Stands);
    if (leaf.signed == Some(false) && leaf.stands()) || was_signed_away {
        kinds.push(FlagKind::AmendedAfterSignature);
    }
    Row {
        clock: axis.clock(leaf.at, &almanac),
        full: almanac.exact(leaf.at),
        drawing,
        spoken,
        what: match &leaf.body {
            Body::Void { target, reason } => w.void_of(told_of(&almanac, sheaf, *target), reason),
            body => tell::tell(&almanac, body),
        },
        by: directory.name_of(&leaf.by),
        chips: kinds.into_iter().map(|kind| flags::chip(w, kind)).collect(),
        fate: trace::fate(&almanac, directory, leaf),
        is_strong: matches!(leaf.body, Body::Sign(_)),
        visit: None,
    }
}

fn decided(story: &OrderStory, axis: &Axis, visitor: &Visitor, decision: &Decision) -> Row {
    let (w, almanac, directory) = (visitor.w, visitor.almanac(), &*visitor.directory);
    let (at, attested) = (decision.at(), decision.envelope.attested());
    let is_suspect = decision.envelope.is_suspect(&decision.command.evidence);
    let (drawing, spoken) = if decision.envelope.device.as_str().starts_with("console.") {
        (axis.square(at), w.axis_spoken_server(almanac.moment(at)))
    } else {
        (axis.span(at, attested.earliest, attested.latest, is_suspect), spoken(&almanac, at, attested))
    };
    let about = |entry: EntryId| {
        sheaves(story).map(|sheaf| told_of(&almanac, sheaf, entry)).find(|told| !told.is_empty()).unwrap_or_default()
    };
    let what = match decision.ask() {
        Ask::AcknowledgeCash { charge, .. } => w.cash_taken_over(about(*charge)),
        Ask::Correct { target, reason, replacement, .. } => {
            let word =
                if replacement.is_some() { w.correction_of(about(*target)) } else { w.voiding_of(about(*target)) };
            format!("{word}{}{reason}", w.of("：", ": "))
        }
        Ask::EraseBlob { reason, .. } => format!("{}{}{reason}", w.photo_erased(), w.of("：", ": ")),
        ask => tell::tell_ask(&almanac, directory, ask),
    };
    Row {
        clock: axis.clock(at, &almanac),
        full: almanac.exact(at),
        drawing,
        spoken,
        what,
        by: directory.name_of(decision.by()),
        chips: is_suspect.then(|| flags::chip(w, FlagKind::TimeSuspect)).into_iter().collect(),
        fate: None,
        is_strong: false,
        visit: None,
    }
}

/// What an entry of the page says; empty where it isn't there.
fn told_of(almanac: &Almanac<'_>, sheaf: &Sheaf, entry: EntryId) -> String {
    let leaf = sheaf.leaves.iter().find(|leaf| leaf.id == entry);
    leaf.map(|leaf| tell::tell_plain(almanac, &leaf.body)).unwrap_or_default()
}

fn spoken(almanac: &Almanac<'_>, at: Millis, attested: Attested) -> String {
    let claimed = almanac.moment(at);
    let latest = attested.latest.map(|at| almanac.moment(at)).unwrap_or_default();
    match attested.earliest {
        Some(earliest) => almanac.w.axis_spoken(claimed, almanac.moment(earliest), latest),
        None => almanac.w.axis_open(claimed, latest),
    }
}
