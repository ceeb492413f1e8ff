//! Step 3, the grammar: what a change may say. Puts of texts on known fields, replacing exactly what their author
//! saw; entries under ids that are new now; a witness for each put and a put for each witness; one author a change.

use super::clock::Clock;
use super::columns::PageOp;
use super::history::PutPlace;
use super::refusal::{Refusal, RefusalCode};
use super::scan::Scanned;
use super::{Actor, PageIndex, Verdict};
use crate::entry::{Body, Entry};
use crate::field;
use crate::id::{EntryId, Hash};
use crate::page::{ENTRIES, FIELDS};
use std::collections::HashSet;
use std::sync::Arc;

/// A value that a change puts on a field.
#[derive(Debug, Clone)]
pub struct Put {
    pub(super) field: &'static str,
    pub(super) value: Arc<str>,
    pub(super) op: u32,
    pub(super) replaces: Vec<PutPlace>,
}

pub(super) struct Said {
    pub(super) entries: Vec<(EntryId, Arc<Entry>)>,
    pub(super) puts: Vec<Put>,
}

pub(super) fn check(index: &PageIndex, change: &Scanned<'_>, clock: &Clock) -> Result<Said, Verdict> {
    let mut said = Said { entries: Vec::new(), puts: Vec::new() };
    let mut had = Vec::new();
    let mut ids = HashSet::with_capacity(change.ops.len());
    for (op, number) in change.ops.iter().zip(change.start_op..) {
        let (container, actor) = op.container;
        match container {
            _ if change.actors[actor] != index.genesis_actor() => return Err(outside().into()),
            FIELDS => said.puts.push(put(index, change, op, number as u32, clock, &said.puts)?),
            ENTRIES => {
                let (id, entry, by) = entry(index, op)?;
                if !ids.insert(id) {
                    return Err(Refusal::new(RefusalCode::EntryTwice, id.to_string()).into());
                }
                had.extend(by);
                said.entries.push((id, entry));
            }
            _ => return Err(outside().into()),
        }
    }
    check_witnesses(&said)?;
    check_evidence(&said.entries)?;
    match had.first() {
        // A replay of what came through after all.
        Some(hash) if had.len() == said.entries.len() => Err(Verdict::AlreadyHad { hash: *hash }),
        Some(hash) => Err(Refusal::new(RefusalCode::EntryExists, format!("some of them, by {hash}")).into()),
        None => Ok(said),
    }
}

fn outside() -> Refusal {
    Refusal::new(RefusalCode::OutsideContainers, "another object")
}

fn put(
    index: &PageIndex,
    change: &Scanned<'_>,
    op: &PageOp<'_>,
    number: u32,
    clock: &Clock,
    before: &[Put],
) -> Result<Put, Refusal> {
    let field = field::find(index.header().kind(), op.key).map(|field| field.name);
    let field = field.ok_or_else(|| Refusal::new(RefusalCode::UnknownField, op.key))?;
    if before.iter().any(|put| put.field == field) {
        return Err(Refusal::new(RefusalCode::FieldTwice, field));
    }
    let shown = index.showing_at(field, clock);
    let mut wanted: Vec<(u64, Actor)> = shown.iter().map(|(_, op, actor)| (u64::from(*op), *actor)).collect();
    wanted.sort_unstable();
    let named = op.preds.iter().map(|(op, actor)| (*op, change.actors[*actor]));
    if !named.eq(wanted) {
        return Err(Refusal::new(RefusalCode::BadPredecessors, field));
    }
    let replaces = shown.into_iter().map(|(place, ..)| place).collect();
    Ok(Put { field, value: op.value.into(), op: number, replaces })
}

/// The entry, and the change that holds the very same one, if any.
fn entry(index: &PageIndex, op: &PageOp<'_>) -> Result<(EntryId, Arc<Entry>, Option<Hash>), Refusal> {
    let id = EntryId::parse(op.key).map_err(|_| Refusal::new(RefusalCode::BadEntryId, op.key))?;
    if !op.preds.is_empty() {
        return Err(Refusal::new(RefusalCode::BadPredecessors, format!("the entry {id} replaces something")));
    }
    let entry = Entry::parse(index.header().kind(), op.value)
        .map_err(|fault| Refusal::new(RefusalCode::BadEntry, format!("{id}: {fault}")))?;
    match index.entry(&id) {
        Some(row) if **row.entry != entry => Err(Refusal::new(RefusalCode::EntryExists, id.to_string())),
        Some(row) => Ok((id, row.entry.clone(), Some(row.change))),
        None => Ok((id, Arc::new(entry), None)),
    }
}

fn check_witnesses(said: &Said) -> Result<(), Refusal> {
    let mut unwitnessed: Vec<&Put> = said.puts.iter().collect();
    for (id, entry) in &said.entries {
        if let Body::Set { field, value } = &entry.body {
            let put = unwitnessed.iter().position(|put| put.field == field && *put.value == **value);
            let put = put.ok_or_else(|| Refusal::new(RefusalCode::NoPut, format!("{id} on {field}")))?;
            unwitnessed.swap_remove(put);
        }
    }
    match unwitnessed.first() {
        Some(put) => Err(Refusal::new(RefusalCode::NoWitness, put.field)),
        None => Ok(()),
    }
}

fn check_evidence(entries: &[(EntryId, Arc<Entry>)]) -> Result<(), Refusal> {
    let source = |entry: &Entry| (entry.evidence.by.clone(), entry.evidence.contact, entry.evidence.epoch);
    let mixed = entries.windows(2).find(|pair| source(&pair[0].1) != source(&pair[1].1));
    match mixed {
        Some(pair) => Err(Refusal::new(RefusalCode::MixedEvidence, format!("{} and {}", pair[0].0, pair[1].0))),
        None => Ok(()),
    }
}
