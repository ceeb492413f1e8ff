//! Taking what was asked, step by step, inside the commit: the gate once more where the page has moved, then the
//! judge, then the log and the books.
//!
//! Documents are tried before the lock, a page's changes of one push together. Here that trial counts as long as the
//! page's changes come exactly as they were tried; as soon as one drops out, the rest are tried one by one.

mod returned;

use super::book::{Book, header_of};
use super::contact::Envelopes;
use super::context::Closed;
use super::verdicts::Kept;
use super::{device, log, records, signed, verdicts};
use crate::store::StoreError;
use outpost_model::access::Actor;
use outpost_model::admission::{Examined, Refusal, Verdict as Gate};
use outpost_model::command::{Ask, Command};
use outpost_model::decision::Pins;
use outpost_model::entry::{Entry, Evidence};
use outpost_model::header::Header;
use outpost_model::id::{DeviceId, EntryId, Hash, PageId};
use outpost_model::judge::{Denial, Ruling, judge, may_log};
use outpost_model::page::Page;
use outpost_model::problem::Code;
use outpost_model::wire::{Refused, Verdict, frame};
use std::collections::{HashMap, HashSet};

/// A page's changes of one push, tried together on the state that the page had before.
pub(super) struct Trial {
    /// Changes that the page had.
    pub base: usize,
    pub hashes: Vec<Hash>,
    pub before: Page,
    pub after: Page,
}

#[derive(Default)]
struct Track {
    trial: Option<Trial>,
    /// What was taken of the trial so far, in its order.
    done: Vec<Vec<u8>>,
}

/// What stops a job.
pub(super) enum Halt {
    Store(StoreError),
    /// What was left of a trial didn't hold together: everything again, one by one.
    Again,
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        Halt::Store(error)
    }
}

pub(super) struct Taking<'a> {
    pub book: Book<'a>,
    pub actor: Actor,
    pub device: DeviceId,
    trials: HashMap<PageId, Trial>,
    tracks: HashMap<PageId, Track>,
    refused: HashSet<Hash>,
    envelopes: Envelopes,
}

impl<'a> Taking<'a> {
    pub fn new(mut book: Book<'a>, actor: Actor, device: DeviceId, trials: HashMap<PageId, Trial>) -> Self {
        book.asker = Some(device.clone());
        let envelopes = Envelopes::default();
        Self { book, actor, device, trials, tracks: HashMap::new(), refused: HashSet::new(), envelopes }
    }

    pub fn refusal(&self, denial: Denial) -> Verdict {
        let (by, at) = denial.by.unzip();
        let policy = self.book.policy.version;
        Verdict::Refused(Refused { code: denial.code.into(), detail: denial.detail, by, at, policy })
    }

    pub fn refuse(&self, code: Code, detail: impl Into<String>) -> Verdict {
        self.refusal(Denial::new(code, detail))
    }

    /// A change that isn't taken because of another one: what rests on it can't be taken either.
    pub fn pass_over(&mut self, raw: &[u8]) {
        self.refused.insert(change_hash(raw));
    }

    /// One change of a page. `examined` is what the gate said before the lock.
    pub fn take_change(&mut self, header: &Header, raw: &[u8], examined: Option<Examined>) -> Result<Verdict, Halt> {
        let verdict = match self.admit(header, raw, examined) {
            Ok(verdict) => verdict,
            Err(Stop::Halt(halt)) => return Err(halt),
            Err(Stop::Refused(denial)) => self.refusal(denial),
        };
        if let Verdict::Refused(refused) = &verdict {
            self.refused.insert(change_hash(raw));
            self.book.forget_if_empty(header.page());
            let now = self.book.end.moment;
            verdicts::keep_refused(self.book.db(), &self.book.tenant, &self.device, raw, refused, now)?;
        }
        Ok(verdict)
    }

    fn admit(&mut self, header: &Header, raw: &[u8], examined: Option<Examined>) -> Result<Verdict, Stop> {
        let page = header.page();
        self.book.meet_page(header)?.map_err(Stop::Refused)?;
        let hot = self.book.expect_page(page)?;
        let examined = match examined.filter(|examined| examined.fits(&hot.index)) {
            Some(examined) => Ok(examined),
            None => hot.index.examine(raw, &self.device),
        };
        let examined = match examined {
            Ok(examined) => examined,
            Err(Gate::AlreadyHad { hash }) => {
                let envelope = hot.envelope(&hash).cloned();
                let envelope = envelope.ok_or_else(|| StoreError::damaged(format!("change {hash} has no envelope")))?;
                return Ok(Verdict::AlreadyHad(envelope));
            }
            Err(Gate::Needs(hashes)) => match hashes.iter().find(|hash| self.refused.contains(hash)) {
                Some(hash) => return Err(Stop::Refused(Denial::new(Code::NeedsRefused, hash.to_string()))),
                None => return Ok(Verdict::Needs(hashes)),
            },
            Err(Gate::Refused(refusal)) => return Err(Stop::Refused(denial_of(&refusal))),
        };
        let entries: Vec<(EntryId, Entry)> =
            examined.entries().iter().map(|(id, entry)| (*id, Entry::clone(entry))).collect();
        let signed = signed::check(&hot.index, &entries);
        // Whoever still lent the page would make the next change copy it.
        drop(hot);
        may_log(header, &entries, &self.actor, &self.book).map_err(Stop::Refused)?;
        self.book.check_fault()?;
        signed.map_err(Stop::Refused)?;
        let evidence = first_captured(&entries).ok_or_else(|| Stop::Refused(Denial::new(Code::BadEntry, "none")))?;
        let (db, tenant) = (self.book.db(), &self.book.tenant);
        let envelope = self.envelopes.envelope(db, tenant, &self.device, &self.actor.user, evidence)?;
        let tried = self.try_on(page, &examined)?;
        let envelope = self.book.append_change(page, examined, envelope)?;
        if let Some(doc) = tried {
            self.book.with_page(page, |hot| hot.set_doc(doc))?;
        }
        Ok(Verdict::Admitted(envelope))
    }

    /// The document with the change on it; none while the push's trial speaks for it.
    fn try_on(&mut self, page: PageId, examined: &Examined) -> Result<Option<Page>, Stop> {
        let len = self.book.expect_page(page)?.index.len();
        let track = self.tracks.entry(page).or_insert_with(|| {
            let trial = self.trials.remove(&page).filter(|trial| trial.base == len);
            Track { trial, done: Vec::new() }
        });
        if let Some(trial) = &track.trial
            && trial.hashes.get(track.done.len()) == Some(&examined.hash())
        {
            track.done.push(examined.raw().to_vec());
            return Ok(None);
        }
        if let Some(trial) = track.trial.take().filter(|_| !track.done.is_empty()) {
            let doc = trial.before.apply_checked(&track.done).map_err(|_| Stop::Halt(Halt::Again))?;
            self.book.with_page(page, |hot| hot.set_doc(doc))?;
        }
        let hot = self.book.expect_page(page)?;
        let doc = hot.doc(self.book.db(), &self.book.tenant)?;
        doc.apply_checked(&[examined.raw()]).map(Some).map_err(|refusal| Stop::Refused(denial_of(&refusal)))
    }

    /// One command.
    pub fn take_command(&mut self, command: &Command, source: &str) -> Result<Verdict, StoreError> {
        let content = Hash::of(source.as_bytes());
        let db = self.book.db();
        match verdicts::kept(db, &self.book.tenant, &self.device, command.id, &content)? {
            Kept::Open => {}
            Kept::Answered(verdict) => return Ok(verdict),
            Kept::Reused => return Ok(self.refuse(Code::CommandReused, command.id.to_string())),
        }
        if let Some((seq, _)) = records::seq_of(db, &self.book.tenant, command.id)? {
            let row = log::at(db, &self.book.tenant, seq)?.map(|(row, _)| row).filter(|row| row.hash == content);
            return Ok(match row {
                Some(row) => Verdict::AlreadyHad(row.envelope),
                None => self.refuse(Code::CommandReused, command.id.to_string()),
            });
        }
        let verdict = match self.decide(command, source)? {
            Ok(verdict) => verdict,
            Err(denial) => self.refusal(denial),
        };
        let (tenant, now) = (&self.book.tenant, self.book.end.moment);
        match &verdict {
            Verdict::Refused(refused) => {
                verdicts::keep_refused(db, tenant, &self.device, source.as_bytes(), refused, now)?;
            }
            taken => {
                let seen = self.seen_with(command, taken)?;
                verdicts::remember(db, tenant, &self.device, (command.id, &content), &frame(taken), seen)?;
            }
        }
        Ok(verdict)
    }

    /// A command that changed nothing has no place in the log: how far its author had read stands with its verdict.
    fn seen_with(&self, command: &Command, verdict: &Verdict) -> Result<Option<u64>, StoreError> {
        let Verdict::AlreadySo(same) = verdict else { return Ok(None) };
        let after = command.after.map(|after| self.book.read_up_to(after)).transpose()?.flatten();
        Ok(self.book.read_up_to(*same)?.max(after))
    }

    fn decide(&mut self, command: &Command, source: &str) -> Result<Result<Verdict, Denial>, StoreError> {
        let ruling = judge(command, &self.actor, &self.book);
        self.book.check_fault()?;
        let mut pins = match ruling {
            Ok(Ruling::Taken(pins)) => pins,
            Ok(Ruling::AlreadySo(id)) => return Ok(Ok(Verdict::AlreadySo(id))),
            Err(denial) => return Ok(Err(denial)),
        };
        if let Some(header) = header_of(&command.ask, &self.book.tenant)
            && let Err(denial) = self.book.meet_page(&header)?
        {
            return Ok(Err(denial));
        }
        self.complete(&command.ask, &mut pins)?;
        let (db, tenant) = (self.book.db(), &self.book.tenant);
        let envelope = self.envelopes.envelope(db, tenant, &self.device, &self.actor.user, &command.evidence)?;
        let envelope = self.book.append_decision(command.clone(), source.to_owned(), pins, envelope)?;
        self.settle_device(&command.ask)?;
        Ok(Ok(Verdict::Admitted(envelope)))
    }

    /// Pins that need counters and the fold.
    fn complete(&self, ask: &Ask, pins: &mut Pins) -> Result<(), StoreError> {
        match ask {
            Ask::LeaseNumbers { series, count } => pins.block = Some(self.book.free_block(*series, *count)?),
            Ask::SignOff { person, month } => pins.signed = Some(self.book.sign_month(person, *month)?),
            _ => {}
        }
        Ok(())
    }

    fn settle_device(&self, ask: &Ask) -> Result<(), StoreError> {
        let (db, tenant, now) = (self.book.db(), &self.book.tenant, self.book.end.moment);
        match ask {
            Ask::Enrol { device: phone, user } => device::enrol(db, tenant, phone, user, now),
            Ask::Revoke { device: phone, reason } => device::revoke(db, tenant, phone, *reason, now),
            _ => Ok(()),
        }
    }

    /// Everything was judged: documents take what was tried, and the books are closed.
    pub fn finish(mut self) -> Result<Closed, Halt> {
        for (page, track) in std::mem::take(&mut self.tracks) {
            let Some(trial) = track.trial.filter(|_| !track.done.is_empty()) else { continue };
            let doc = if track.done.len() == trial.hashes.len() {
                trial.after
            } else {
                trial.before.apply_checked(&track.done).map_err(|_| Halt::Again)?
            };
            self.book.with_page(page, |hot| hot.set_doc(doc))?;
        }
        Ok(self.book.close()?)
    }
}

enum Stop {
    Halt(Halt),
    Refused(Denial),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Stop::Halt(Halt::Store(error))
    }
}

fn denial_of(refusal: &Refusal) -> Denial {
    Denial::new(refusal.code.into(), format!("{}: {}", refusal.code.code(), refusal.detail))
}

/// The hash that the bytes would have as a change, whatever they are.
fn change_hash(raw: &[u8]) -> Hash {
    outpost_model::wire::Content::Change(raw.to_vec().into()).hash()
}

/// What was captured first speaks for the whole change: all of it came after whatever that came after.
fn first_captured(entries: &[(EntryId, Entry)]) -> Option<&Evidence> {
    entries.iter().map(|(_, entry)| &entry.evidence).min_by_key(|evidence| evidence.n)
}
