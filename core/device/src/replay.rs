//! Out of quarantine: what was refused for a reason that writing it anew can help is written anew, once for each
//! reason and policy version, in capture order across pages.
//!
//! Entry ids, claimed clock and contact number stay as they were; the actor is a fresh one; fields are put at the heads
//! that their author saw, so that a conflict stays a conflict. Where those heads name something refused, what became
//! of it stands for it, or else what it stood on. A signature is written anew only if its digest comes out the same.

mod anew;
mod heads;

use crate::desk::{PhoneDesk, policy};
use crate::device::Device;
use crate::error::DeviceError;
use crate::fold::{Touched, refold};
use crate::host::Host;
use crate::shelf::{Owner, Shelf};
use crate::store::outbox::StepKind;
use crate::store::quarantine::Quarantined;
use crate::store::{Stored, life, pages, quarantine};
use outpost_model::command::Question;
use outpost_model::entry::Entry;
use outpost_model::id::{EntryId, PageId};
use outpost_model::judge::may_log;
use outpost_model::problem::Code;
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

    /// Whether what was logged without a right to it has got one since: the order was opened, or given to this person;
    /// or the form's version is on record now.
    fn may_be_logged_now(&mut self, held: &Quarantined) -> Stored<bool> {
        let lacked =
            matches!(Code::parse(&held.reason.code), Some(Code::NotAssigned | Code::OrderUnknown | Code::FormUnknown));
        let (true, Some(intent), Some(header)) = (lacked, &held.intent, pages::header(self.db, held.page)?) else {
            return Ok(false);
        };
        let read = |(id, text): &(EntryId, String)| Entry::parse(header.kind(), text).ok().map(|entry| (*id, entry));
        let Some(entries) = intent.entries.iter().map(read).collect::<Option<Vec<_>>>() else { return Ok(false) };
        let desk = PhoneDesk::new(self.db, self.shelf, self.owner, &header.tenant, self.now)?;
        Ok(desk.actor()?.is_some_and(|actor| may_log(&header, &entries, &actor, &desk).is_ok()))
    }
}
