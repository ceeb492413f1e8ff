//! From rows to events: each live entry with its author, its corrected time and whether that time is in doubt.
//! Voided entries drop out; of two replacements of one entry the first admitted counts.

use crate::admission::PageIndex;
use crate::command::Ask;
use crate::decision::Decision;
use crate::entry::{Body, Entry};
use crate::envelope::{Attested, Envelope};
use crate::id::{EntryId, Hash, UserId};
use crate::time::Millis;
use std::collections::{BTreeMap, BTreeSet};

/// A page as the fold reads it: its index, and the envelope of each change.
#[derive(Clone, Copy)]
pub struct Sheet<'a> {
    pub index: &'a PageIndex,
    pub envelopes: &'a dyn Fn(&Hash) -> Option<Envelope>,
}

/// One logged thing, live or not, with what is known of its time.
#[derive(Debug, Clone)]
pub struct Event<'a> {
    pub id: EntryId,
    pub change: Hash,
    pub body: &'a Body,
    pub by: UserId,
    pub at: Millis,
    pub suspect: bool,
    /// Between which moments the server attests that it was captured.
    pub attested: Attested,
    /// Place in the log; what is still on the phone comes after everything admitted.
    pub seq: u64,
    /// Replaced entry, if it stands in for one.
    pub replaces: Option<EntryId>,
    rank: (u32, u64, usize),
}

impl<'a> Event<'a> {
    /// When headquarters could first see it; the claimed time while it is only on the phone.
    pub fn seen_at(&self) -> Millis {
        self.attested.latest.unwrap_or(self.at)
    }

    /// By time; equal times by the log, within one change by capture order.
    pub fn order_key(&self) -> (Millis, u64, (u32, u64, usize)) {
        (self.at, self.seq, self.rank)
    }
}

impl<'a> Sheet<'a> {
    /// Everything logged on the page, in admission order, whether it still stands or not.
    pub fn all(&self) -> Vec<Event<'a>> {
        let mut seen: BTreeMap<Hash, Option<Envelope>> = BTreeMap::new();
        let mut events: Vec<Event<'a>> = Vec::new();
        let mut attested: BTreeMap<EntryId, Attested> = BTreeMap::new();
        for (place, row) in self.index.entries().enumerate() {
            let envelope = seen.entry(row.change).or_insert_with(|| (self.envelopes)(&row.change));
            // A change without an envelope isn't known to whoever asks.
            if let Some(envelope) = envelope {
                let mut event = event(row.id, row.change, row.entry, envelope, place);
                if let (Some(at), Some(target)) = (row.entry.at, row.entry.replaces) {
                    // A moment given afterwards may go back as far as what it replaces could have been captured.
                    let reach = attested.get(&target).copied().unwrap_or(event.attested);
                    event.suspect |= event.attested.back_to(reach).excludes(at);
                }
                attested.insert(row.id, event.attested);
                events.push(event);
            }
        }
        events
    }

    /// What still stands, by time.
    pub fn live(&self, decisions: &'a [Decision]) -> Vec<Event<'a>> {
        standing(self.all(), decisions)
    }

    /// What stood, by time, for somebody who saw no more than those heads.
    pub fn live_at(&self, heads: &[Hash]) -> Vec<Event<'a>> {
        let mut all = self.all();
        all.retain(|event| self.index.covers(heads, &event.change));
        standing(all, &[])
    }
}

/// Of these, in admission order, what wasn't voided, replaced or corrected away.
fn standing<'a>(all: Vec<Event<'a>>, decisions: &'a [Decision]) -> Vec<Event<'a>> {
    let corrections = corrections(decisions);
    let mut gone: BTreeSet<EntryId> = corrections.keys().copied().collect();
    for event in &all {
        if let Body::Void { target, .. } = event.body {
            gone.insert(*target);
        }
    }
    let mut replaced = BTreeSet::new();
    for event in &all {
        if let Some(target) = event.replaces {
            let stands = !gone.contains(&event.id);
            gone.insert(target);
            if stands && !replaced.insert(target) {
                // Somebody's replacement came first: this one waits for a decision.
                gone.insert(event.id);
            }
        }
    }
    let mut live: Vec<Event<'a>> = Vec::with_capacity(all.len());
    for mut event in all {
        if let Some(decision) = corrections.get(&event.id) {
            let Ask::Correct { replacement: Some(replacement), .. } = decision.ask() else { continue };
            event.body = &replacement.body;
            event.at = replacement.at;
            event.suspect = false;
            live.push(event);
        } else if !gone.contains(&event.id) {
            live.push(event);
        }
    }
    live.sort_by_key(Event::order_key);
    live
}

/// The latest correction of each entry.
fn corrections(decisions: &[Decision]) -> BTreeMap<EntryId, &Decision> {
    let mut latest = BTreeMap::new();
    for decision in decisions {
        if let Ask::Correct { target, .. } = decision.ask() {
            latest.insert(*target, decision);
        }
    }
    latest
}

fn event<'a>(id: EntryId, change: Hash, entry: &'a Entry, envelope: &Envelope, place: usize) -> Event<'a> {
    Event {
        id,
        change,
        body: &entry.body,
        by: entry.evidence.by.clone(),
        at: entry.at.unwrap_or_else(|| envelope.corrected(entry.evidence.clock)),
        suspect: envelope.is_suspect(&entry.evidence),
        attested: envelope.attested(),
        seq: envelope.admitted.map_or(u64::MAX, |admitted| admitted.seq),
        replaces: entry.replaces,
        rank: (entry.evidence.epoch, entry.evidence.n, place),
    }
}
