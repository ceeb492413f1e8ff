//! Out of quarantine: what was refused for a reason that writing it anew can help is written anew, once for each
//! reason and policy version, in capture order across pages.
//!
//! Entry ids, claimed clock and contact number stay as they were; the actor is a fresh one; fields are put at the heads
//! that their author saw, so that a conflict stays a conflict. Where those heads name something refused, what became
//! of it stands for it, or else what it stood on. A signature is written anew only if its digest comes out the same.

mod heads;

use crate::desk::{PhoneDesk, policy};
use crate::device::Device;
use crate::error::DeviceError;
use crate::fold::{Touched, refold};
use crate::host::Host;
use crate::shelf::{Owner, Shelf};
use crate::store::outbox::{Intent, NewStep, StepKind};
use crate::store::quarantine::Quarantined;
use crate::store::{Stored, life, outbox, pages, quarantine};
use outpost_model::admission::PageIndex;
use outpost_model::command::{Command, Question};
use outpost_model::entry::{Body, Entry};
use outpost_model::header::Header;
use outpost_model::id::{CommandId, EntryId, Hash, PageId};
use outpost_model::judge::may_log;
use outpost_model::page::{Draft, NotWritten};
use outpost_model::problem::Code;
use outpost_model::signature::{covered, digest};
use outpost_model::time::Millis;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// Whether the same thing, written anew, may be taken: for what the reason says by itself.
fn can_help(code: &str, newer_policy: bool) -> bool {
    match Code::parse(code) {
        Some(
            Code::NeedsRefused
            | Code::SawUnknown
            | Code::ActorTaken
            | Code::ChecksumWrong
            | Code::BadChange
            | Code::BadEntry
            | Code::BadCommand,
        ) => true,
        Some(Code::SelfOpenForbidden) => newer_policy,
        _ => false,
    }
}

struct Replay<'a> {
    db: &'a Connection,
    shelf: &'a mut Shelf,
    host: &'a mut Host,
    owner: &'a Owner,
    now: Millis,
    epoch: u32,
    all: BTreeMap<u32, Quarantined>,
    /// First step of each act that is written anew.
    acts: BTreeMap<u32, u32>,
    /// Actors of this replay.
    actors: BTreeMap<PageId, [u8; 16]>,
    touched: Touched,
}

impl Device {
    /// Writes anew what can be; how many steps that made.
    pub(crate) fn replay_quarantine(&mut self) -> Result<u32, DeviceError> {
        if quarantine::list(self.store.read())?.is_empty() {
            return Ok(0);
        }
        let replayed = self.replay_in_one();
        if replayed.is_err() {
            self.shelf.forget_all();
        }
        replayed
    }

    fn replay_in_one(&mut self) -> Result<u32, DeviceError> {
        let owner = self.identity()?.owner;
        let now = self.host.clock.now();
        let tx = self.store.begin()?;
        let current = policy(&tx, now)?.version;
        let list = quarantine::list(&tx)?;
        let mut replay = Replay {
            db: &tx,
            shelf: &mut self.shelf,
            host: &mut self.host,
            owner: &owner,
            now,
            epoch: life::load(&tx)?.epoch,
            all: list.iter().map(|held| (held.no, held.clone())).collect(),
            acts: BTreeMap::new(),
            actors: BTreeMap::new(),
            touched: Touched::default(),
        };
        let mut count = 0;
        for held in &list {
            let code = &held.reason.code;
            let due = held.replaced_by.is_none()
                && (can_help(code, current > held.reason.policy) || replay.may_be_logged_now(held)?)
                && !quarantine::was_replayed(&tx, held.origin, code, current)?
                && !replay.rests_on_a_command(held)?;
            if due && let Some(no) = replay.write_anew(held)? {
                quarantine::note_replay(&tx, held.origin, code, current)?;
                quarantine::set_replaced(&tx, held.no, no)?;
                replay.touched.pages.insert(held.page);
                count += 1;
            }
        }
        let touched = std::mem::take(&mut replay.touched);
        refold(&tx, &mut self.shelf, &owner, now, &touched)?;
        tx.commit()?;
        Ok(count)
    }
}

impl Replay<'_> {
    /// Whether an opening, or what was asked in the same act, stays refused: then what rests on it can't be taken.
    fn rests_on_a_command(&self, held: &Quarantined) -> Stored<bool> {
        let opening = Question::Opening.to_string();
        for need in &held.needs {
            let Some(needed) = self.all.get(need) else { continue };
            let StepKind::Command { question, id } = &needed.kind else { continue };
            let stays = quarantine::successor(self.db, &id.0)?.is_none();
            if stays && (*question == opening || needed.act == held.act) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether what was logged without a right to it has got one since: the order was opened, or given to this person.
    fn may_be_logged_now(&mut self, held: &Quarantined) -> Stored<bool> {
        let lacked_a_right = matches!(Code::parse(&held.reason.code), Some(Code::NotAssigned | Code::OrderUnknown));
        let (true, Some(intent), Some(header)) = (lacked_a_right, &held.intent, pages::header(self.db, held.page)?)
        else {
            return Ok(false);
        };
        let read = |(id, text): &(EntryId, String)| Entry::parse(header.kind(), text).ok().map(|entry| (*id, entry));
        let Some(entries) = intent.entries.iter().map(read).collect::<Option<Vec<_>>>() else { return Ok(false) };
        let desk = PhoneDesk::new(self.db, self.shelf, self.owner, &header.tenant, self.now)?;
        Ok(desk.actor()?.is_some_and(|actor| may_log(&header, &entries, &actor, &desk).is_ok()))
    }

    fn write_anew(&mut self, held: &Quarantined) -> Result<Option<u32>, DeviceError> {
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
    fn write(
        &mut self,
        page: PageId,
        heads: &[Hash],
        draft: &Draft,
    ) -> Result<Option<outpost_model::page::Written>, DeviceError> {
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
