//! One thing written anew: the same entries and fields at the heads that stand for those their author saw, or the same
//! question under another id.

use super::Replay;
use crate::error::DeviceError;
use crate::store::outbox::{Intent, NewStep, StepKind};
use crate::store::quarantine::Quarantined;
use crate::store::{Stored, outbox, pages, quarantine};
use outpost_model::admission::PageIndex;
use outpost_model::command::Command;
use outpost_model::entry::{Body, Entry};
use outpost_model::header::Header;
use outpost_model::id::{CommandId, EntryId, Hash, PageId};
use outpost_model::page::{Draft, NotWritten, Written};
use outpost_model::signature::{covered, digest, sent};

impl Replay<'_> {
    pub(super) fn write_anew(&mut self, held: &Quarantined) -> Result<Option<u32>, DeviceError> {
        let Some(header) = pages::header(self.db, held.page)? else {
            return match held.kind {
                StepKind::Command { .. } => self.ask_anew(held, None),
                StepKind::Change => Ok(None),
            };
        };
        match held.kind {
            StepKind::Change => self.log_anew(held, &header),
            StepKind::Command { .. } => self.ask_anew(held, Some(&header)),
        }
    }

    fn index(&mut self, page: PageId) -> Stored<Option<PageIndex>> {
        Ok(self.shelf.open(self.db, self.owner, page)?.map(|open| open.index().clone()))
    }

    fn log_anew(&mut self, held: &Quarantined, header: &Header) -> Result<Option<u32>, DeviceError> {
        let (Some(intent), Some(index)) = (&held.intent, self.index(held.page)?) else { return Ok(None) };
        let heads = self.map_heads(&index, &intent.heads)?;
        let (mut entries, mut pinned) = (Vec::new(), Vec::new());
        for (id, text) in &intent.entries {
            match self.entry_anew(header, &index, *id, text)? {
                Some((text, pins)) => {
                    entries.push((*id, text));
                    pinned.extend(pins);
                }
                None => return Ok(None),
            }
        }
        let draft = Draft { entries, fields: intent.fields.clone() };
        let Some(written) = self.write(held.page, &heads, &draft)? else { return Ok(None) };
        let needs = crate::capture::needs::of_change(self.db, header, &heads, &pinned)?;
        let intent = Intent { entries: draft.entries, fields: draft.fields, heads };
        quarantine::note_successor(self.db, &held.hash.0, &written.hash.0)?;
        self.append(held, StepKind::Change, written.hash, written.raw, Some(intent), needs).map(Some)
    }

    /// An entry as it is to be written anew: word for word, but for heads that it pins; and those on its order's page.
    fn entry_anew(
        &mut self,
        header: &Header,
        index: &PageIndex,
        id: EntryId,
        text: &str,
    ) -> Result<Option<(String, Vec<Hash>)>, DeviceError> {
        let Ok(mut entry) = Entry::parse(header.kind(), text) else { return Ok(None) };
        if index.entry(&id).is_some() {
            return Ok(None);
        }
        if let Body::Submit { heads, digest, .. } = &mut entry.body {
            *heads = self.map_heads_or_none(index, heads)?;
            if sent(&covered(index, heads)) != *digest {
                return Ok(None);
            }
            return Ok(entry.canonical().ok().map(|text| (text, Vec::new())));
        }
        let Body::Sign(signature) = &mut entry.body else { return Ok(Some((text.to_owned(), Vec::new()))) };
        signature.visit_heads = self.map_heads_or_none(index, &signature.visit_heads)?;
        if let Some(order) = header.order()
            && let Some(order_index) = self.index(order)?
        {
            signature.order_heads = self.map_heads_or_none(&order_index, &signature.order_heads)?;
        }
        if digest(&covered(index, &signature.visit_heads), signature.lang) != signature.digest {
            return Ok(None);
        }
        let pinned = signature.order_heads.clone();
        Ok(entry.canonical().ok().map(|text| (text, pinned)))
    }

    /// Under this replay's actor of the page if what it wrote is among those heads, else under a fresh one.
    fn write(&mut self, page: PageId, heads: &[Hash], draft: &Draft) -> Result<Option<Written>, DeviceError> {
        for fresh in [false, true] {
            let actor = match self.actors.get(&page) {
                Some(actor) if !fresh => *actor,
                None if !fresh => continue,
                _ => self.host.random(),
            };
            let Some(open) = self.shelf.open(self.db, self.owner, page)? else { return Ok(None) };
            match open.write(self.db, self.owner, actor, Some(heads), draft)? {
                Ok(written) => {
                    open.note_heads(self.db, page)?;
                    self.actors.insert(page, actor);
                    pages::set_actor(self.db, page, actor, self.epoch)?;
                    return Ok(Some(written));
                }
                Err(NotWritten::OwnPreviousMissing) => {}
                Err(_) => return Ok(None),
            }
        }
        Ok(None)
    }

    fn ask_anew(&mut self, held: &Quarantined, header: Option<&Header>) -> Result<Option<u32>, DeviceError> {
        let Some(mut command) = std::str::from_utf8(&held.content).ok().and_then(|text| Command::parse(text).ok())
        else {
            return Ok(None);
        };
        if header.is_some()
            && let Some(index) = self.index(held.page)?
        {
            command.heads = self.map_heads_or_none(&index, &command.heads)?;
        }
        command.after = self.map_after(command.after)?;
        // A verdict is kept by the command's id: what says something else must be called something else.
        let old = command.id;
        let (millis, random) = self.host.id_parts();
        command.id = CommandId::v7(millis, random);
        let Ok(text) = command.canonical() else { return Ok(None) };
        let question = command.question();
        let needs = crate::capture::needs::of_command(self.db, held.page, &command.heads, &question)?;
        quarantine::note_successor(self.db, &old.0, &command.id.0)?;
        let kind = StepKind::Command { id: command.id, question: question.to_string() };
        self.append(held, kind, Hash::of(text.as_bytes()), text.into_bytes(), None, needs).map(Some)
    }

    fn append(
        &mut self,
        held: &Quarantined,
        kind: StepKind,
        hash: Hash,
        content: Vec<u8>,
        intent: Option<Intent>,
        mut needs: Vec<u32>,
    ) -> Result<u32, DeviceError> {
        let act = self.acts.get(&held.act).copied();
        // Within one act, what is logged rests on what was asked, as before.
        needs.extend(act.filter(|act| intent.is_some() && !needs.contains(act) && self.is_command(*act)));
        needs.sort_unstable();
        let step = NewStep {
            act,
            page: held.page,
            name: held.name.clone(),
            at: held.at,
            kind,
            hash,
            content,
            intent,
            needs,
            origin: Some(held.origin),
        };
        let no = outbox::append(self.db, &step)?;
        self.acts.entry(held.act).or_insert(no);
        pages::set_own(self.db, held.page)?;
        Ok(no)
    }

    fn is_command(&self, no: u32) -> bool {
        matches!(outbox::find(self.db, no), Ok(Some(step)) if step.kind != StepKind::Change)
    }
}
