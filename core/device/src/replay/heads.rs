//! What refused hashes and command ids stand for now.

use super::Replay;
use crate::store::outbox::StepKind;
use crate::store::{Stored, quarantine, rows};
use outpost_model::admission::PageIndex;
use outpost_model::command::Command;
use outpost_model::id::{CommandId, Hash};
use std::collections::BTreeSet;

impl Replay<'_> {
    /// The heads that stand for these: themselves, what became of them, or what they stood on. Never none.
    pub(super) fn map_heads(&self, index: &PageIndex, heads: &[Hash]) -> Stored<Vec<Hash>> {
        let mapped = self.map_heads_or_none(index, heads)?;
        Ok(if mapped.is_empty() { PageIndex::new(index.header().clone()).heads() } else { mapped })
    }

    pub(super) fn map_heads_or_none(&self, index: &PageIndex, heads: &[Hash]) -> Stored<Vec<Hash>> {
        let (mut mapped, mut seen) = (BTreeSet::new(), BTreeSet::new());
        let mut queue = heads.to_vec();
        while let Some(head) = queue.pop() {
            if !seen.insert(head) {
                continue;
            }
            let next = quarantine::successor(self.db, &head.0)?;
            let next = next.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()).map(Hash);
            match next {
                _ if index.contains(&head) => drop(mapped.insert(head)),
                Some(next) if index.contains(&next) => drop(mapped.insert(next)),
                _ => {
                    let refused = self.all.values().find(|held| held.hash == head || next == Some(held.hash));
                    queue.extend(refused.and_then(|held| held.intent.as_ref()).into_iter().flat_map(|i| &i.heads));
                }
            }
        }
        // One that another descends from says nothing more; the genesis least of all.
        let all: Vec<Hash> = mapped.iter().copied().collect();
        let news = all.iter().filter(|head| {
            let others: Vec<Hash> = all.iter().copied().filter(|other| other != *head).collect();
            !index.covers(&others, head)
        });
        Ok(news.copied().collect())
    }

    /// The decision that stands for the one that a command followed.
    pub(super) fn map_after(&self, after: Option<CommandId>) -> Stored<Option<CommandId>> {
        let mut after = after;
        for _ in 0..64 {
            let Some(id) = after else { return Ok(None) };
            if rows::seq_of(self.db, id)?.is_some() {
                return Ok(Some(id));
            }
            if let Some(next) = quarantine::successor(self.db, &id.0)? {
                return Ok(<[u8; 16]>::try_from(next).ok().map(CommandId));
            }
            let refused =
                self.all.values().find(|held| matches!(held.kind, StepKind::Command { id: had, .. } if had == id));
            let Some(refused) = refused else { return Ok(Some(id)) };
            let text = std::str::from_utf8(&refused.content).unwrap_or_default();
            after = Command::parse(text).ok().and_then(|command| command.after);
        }
        Ok(after)
    }
}
