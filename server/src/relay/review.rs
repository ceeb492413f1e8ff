//! The review: work of phones that can't sync any more. A phone that was revoked as `replaced` or `left` hands in once
//! what it had captured before; a rescue file brings the same. It is kept raw, and shown to headquarters with what the
//! gate and the judge would say to each step; only headquarters' word takes it into the log, under the device that
//! captured it.

mod kept;

pub use kept::{ReviewId, ReviewState, Source};

use super::book::Book;
use super::context::Context;
use super::take::{Halt, Taking};
use super::trip::judge_steps;
use super::{Denied, Relay, device, push};
use crate::store::{StoreError, Tx};
use kept::Kept;
use outpost_model::access::{Action, Actor, Thing, ThingKind, allows};
use outpost_model::admission::entries_in;
use outpost_model::command::{Ask, Command, RevokeReason};
use outpost_model::entry::Entry;
use outpost_model::header::{Header, Kind};
use outpost_model::id::{DeviceId, EntryId, TenantId, UserId};
use outpost_model::problem::Code;
use outpost_model::time::Millis;
use outpost_model::wire::{
    HandIn, MAX_HAND_IN, MAX_HAND_IN_STEPS, Step, StepVerdict, VERSION, Verdict, What, frame, parse_frame,
};
use std::collections::HashMap;
use std::sync::Arc;

/// What was handed in, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    pub id: ReviewId,
    pub device: DeviceId,
    /// Whose device it was.
    pub user: UserId,
    pub source: Source,
    pub received: Millis,
    pub state: ReviewState,
    /// In capture order.
    pub steps: Vec<ReviewStep>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ReviewStep {
    pub no: u32,
    pub header: Option<Header>,
    pub says: Said,
    /// While the review is open, what would be said now; once it is accepted, what was.
    pub verdict: Option<Verdict>,
}

/// What a step says, as far as it can be read.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    Entries(Vec<(EntryId, Entry)>),
    Asks(Box<Ask>),
    /// Its bytes can be had from the frame.
    Unreadable,
}

/// What was handed in as lists show it, unread.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewHead {
    pub id: ReviewId,
    pub device: DeviceId,
    pub user: UserId,
    pub source: Source,
    pub received: Millis,
    pub state: ReviewState,
    pub bytes: u64,
}

impl Said {
    /// What bytes say that couldn't be admitted: nobody kept on which page they were to be.
    pub fn of_refused(raw: &[u8]) -> Self {
        let command = std::str::from_utf8(raw).ok().and_then(|source| Command::parse(source).ok());
        if let Some(command) = command {
            return Said::Asks(Box::new(command.ask));
        }
        let read = Kind::ALL.into_iter().find_map(|kind| entries_in(raw, kind).filter(|entries| !entries.is_empty()));
        read.map_or(Said::Unreadable, Said::Entries)
    }
}

/// What headquarters decides about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// Whatever the gate and the judge take goes into the log.
    Accept,
    Reject {
        reason: String,
    },
}

/// What was handed in has this name from now on; it is new, or was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HandedIn {
    pub id: ReviewId,
    pub new: bool,
}

impl Relay {
    /// Keeps a frame of captured work for review. Whoever calls has made sure whose it is: by the device's key, or as
    /// headquarters that imports a file. The same bytes again are the same.
    pub fn hand_in(&self, device: &DeviceId, bytes: Vec<u8>, source: Source) -> Result<HandedIn, Denied> {
        let unknown = || Denied::new(Code::DeviceUnknown, device.as_str());
        let tenant = self.context.tenant.get().ok_or_else(unknown)?;
        if bytes.len() > MAX_HAND_IN {
            return Err(Denied::new(Code::TooLarge, format!("{} bytes, at most {MAX_HAND_IN}", bytes.len())));
        }
        read(&bytes)?;
        let (tenant, device, now) = (tenant.clone(), device.clone(), self.context.clock.now());
        self.store.write(move |tx| {
            let Some(row) = device::find(tx, &tenant, &device)? else {
                return Ok(Err(Denied::new(Code::DeviceUnknown, device.as_str())));
            };
            let id = ReviewId::of(&device, &bytes);
            if kept::find(tx, &tenant, id)?.is_some() {
                return Ok(Ok(HandedIn { id, new: false }));
            }
            let revoked_at = match (source, row.revoked) {
                (Source::File, revoked) => revoked.map(|(_, at)| at),
                (Source::Phone, Some((RevokeReason::Replaced | RevokeReason::Left, at))) => {
                    if kept::has_handed_in(tx, &tenant, &device, at)? {
                        return Ok(Err(Denied::new(Code::HandInDone, device.as_str())));
                    }
                    Some(at)
                }
                (Source::Phone, Some(_)) => return Ok(Err(Denied::new(Code::DeviceRevoked, device.as_str()))),
                (Source::Phone, None) => return Ok(Err(Denied::new(Code::BadRequest, "not revoked: sync instead"))),
            };
            let review = Kept {
                id,
                device,
                user: row.user,
                source,
                received: now,
                state: ReviewState::Open,
                bytes,
                verdicts: None,
            };
            kept::insert(tx, &tenant, &review, revoked_at)?;
            Ok(Ok(HandedIn { id, new: true }))
        })?
    }

    /// Everything that was handed in, the newest first, for who may decide about it.
    pub fn reviews(&self, by: &UserId) -> Result<Vec<Review>, Denied> {
        let tenant = self.reviewed_by(by)?;
        let kept = self.store.read(|db| kept::list(db, &tenant))?;
        kept.into_iter().map(|review| self.show(&tenant, review)).collect()
    }

    /// The same, unread and unjudged: what a list shows of them.
    pub fn review_heads(&self, by: &UserId) -> Result<Vec<ReviewHead>, Denied> {
        let tenant = self.reviewed_by(by)?;
        Ok(self.store.read(|db| kept::heads(db, &tenant))?)
    }

    /// One of them with its frame, byte for byte.
    pub fn review(&self, by: &UserId, id: ReviewId) -> Result<(Review, Vec<u8>), Denied> {
        let tenant = self.reviewed_by(by)?;
        let kept = self.store.read(|db| kept::find(db, &tenant, id))?;
        let kept = kept.ok_or_else(|| Denied::new(Code::NotFound, id.to_string()))?;
        let bytes = kept.bytes.clone();
        Ok((self.show(&tenant, kept)?, bytes))
    }

    /// Headquarters decides, once. What is accepted is judged as it stands now, step by step; what is refused stays in
    /// the review with its verdict.
    pub fn decide_review(&self, by: &UserId, id: ReviewId, word: Word) -> Result<Review, Denied> {
        let tenant = self.reviewed_by(by)?;
        let (context, of, who, now) = (self.context.clone(), tenant.clone(), by.clone(), self.context.clock.now());
        let decided = self.store.write(move |tx| {
            let Some(review) = kept::find(tx, &of, id)? else {
                return Ok(Err(Denied::new(Code::NotFound, id.to_string())));
            };
            match (&review.state, word) {
                (ReviewState::Open, Word::Reject { reason }) => {
                    let state = ReviewState::Rejected { by: who, at: now, reason };
                    kept::settle(tx, &of, id, &state, None)?;
                    Ok(Ok(Kept { state, ..review }))
                }
                (ReviewState::Open, Word::Accept) => {
                    let verdicts = match take_in(tx, &context, &of, &review)? {
                        Ok(verdicts) => verdicts,
                        Err(denied) => {
                            tx.undo();
                            return Ok(Err(denied));
                        }
                    };
                    let state = ReviewState::Accepted { by: who, at: now };
                    kept::settle(tx, &of, id, &state, Some(&frame(&verdicts)))?;
                    Ok(Ok(Kept { state, verdicts: Some(verdicts), ..review }))
                }
                // A double click, or two people of one mind.
                (ReviewState::Accepted { .. }, Word::Accept) | (ReviewState::Rejected { .. }, Word::Reject { .. }) => {
                    Ok(Ok(review))
                }
                (ReviewState::Accepted { by, at }, Word::Reject { .. })
                | (ReviewState::Rejected { by, at, .. }, Word::Accept) => {
                    let by = Some((by.clone(), *at));
                    Ok(Err(Denied { by, ..Denied::new(Code::Superseded, id.to_string()) }))
                }
            }
        })??;
        self.show(&tenant, decided)
    }

    /// Who may revoke a phone may decide about what it hands in.
    fn reviewed_by(&self, by: &UserId) -> Result<TenantId, Denied> {
        let denied = || Denied::new(Code::PersonInactive, by.as_str());
        let tenant = self.context.tenant.get().ok_or_else(denied)?;
        let actor = self.store.read(|db| device::actor_of(db, tenant, by))??;
        let thing = Thing { kind: ThingKind::Devices, station: None, person: None, involved: false };
        match allows(&actor, Action::Administer, &thing) {
            true => Ok(tenant.clone()),
            false => Err(Denied::new(Code::NotAllowed, "review")),
        }
    }

    fn show(&self, tenant: &TenantId, kept: Kept) -> Result<Review, Denied> {
        let hand_in = read(&kept.bytes)?;
        let verdicts = match (&kept.state, &kept.verdicts) {
            (_, Some(verdicts)) => verdicts.clone(),
            (ReviewState::Open, None) => self.would_say(tenant, &kept)?,
            (_, None) => Vec::new(),
        };
        let mut verdicts: HashMap<u32, Verdict> = verdicts.into_iter().map(|said| (said.no, said.verdict)).collect();
        let headers: Vec<Option<Header>> = hand_in.pages.iter().map(|text| Header::parse(text).ok()).collect();
        let steps = hand_in.steps.iter().map(|step| {
            let header = header_of(step, &headers);
            let says = said(step, header.as_ref());
            ReviewStep { no: step.no, header, says, verdict: verdicts.remove(&step.no) }
        });
        let steps = steps.collect();
        let Kept { id, device, user, source, received, state, .. } = kept;
        Ok(Review { id, device, user, source, received, state, steps })
    }

    /// What would be said now, of which nothing stays.
    fn would_say(&self, tenant: &TenantId, review: &Kept) -> Result<Vec<StepVerdict>, Denied> {
        let (context, tenant, review) = (self.context.clone(), tenant.clone(), review.clone());
        self.store.write(move |tx| {
            tx.undo();
            judge(tx, &context, &tenant, &review, |_| Ok(()))
        })?
    }
}

/// Takes what can be taken into the log.
fn take_in(
    tx: &mut Tx<'_>,
    context: &Arc<Context>,
    tenant: &TenantId,
    review: &Kept,
) -> Result<Result<Vec<StepVerdict>, Denied>, StoreError> {
    let mut closed = None;
    let judged = judge(tx, context, tenant, review, |taking| {
        closed = Some(taking.finish()?);
        Ok(())
    })?;
    if let Some(closed) = closed {
        context.publish(tx, closed);
    }
    Ok(judged)
}

fn judge(
    tx: &Tx<'_>,
    context: &Arc<Context>,
    tenant: &TenantId,
    review: &Kept,
    end: impl FnOnce(Taking<'_>) -> Result<(), Halt>,
) -> Result<Result<Vec<StepVerdict>, Denied>, StoreError> {
    let Kept { device, user, bytes, .. } = review;
    let Some(person) = super::records::person(tx, tenant, user)? else {
        return Ok(Err(Denied::new(Code::PersonUnknown, user.as_str())));
    };
    // As he was: whether he is still with the company is what headquarters has just looked at.
    let actor = Actor { user: person.user, role: person.role, station: person.station };
    let push = match read(bytes).and_then(|hand_in| push::read_steps(&hand_in.pages, hand_in.steps)) {
        Ok(push) => push,
        Err(denied) => return Ok(Err(denied)),
    };
    let mut book = Book::open(tx, tenant, context)?;
    book.set_moment(context.clock.now());
    let mut taking = Taking::new(book, actor, device.clone(), HashMap::new());
    let examined = push.steps.iter().map(|_| None).collect();
    match judge_steps(&mut taking, &push, examined).and_then(|verdicts| end(taking).map(|()| verdicts)) {
        Ok(verdicts) => Ok(Ok(verdicts)),
        Err(Halt::Store(error)) => Err(error),
        Err(Halt::Again) => Ok(Err(Denied::new(Code::ServerBusy, ""))),
    }
}

fn read(bytes: &[u8]) -> Result<HandIn, Denied> {
    let read: HandIn = parse_frame(bytes).map_err(|error| Denied::new(Code::MalformedFrame, error.to_string()))?;
    if read.version != VERSION {
        return Err(Denied::new(Code::VersionUnknown, read.version.to_string()));
    }
    let (steps, pages) = (read.steps.len(), read.pages.len());
    if steps > MAX_HAND_IN_STEPS || pages > MAX_HAND_IN_STEPS {
        return Err(Denied::new(
            Code::TooLarge,
            format!("{steps} steps on {pages} pages, at most {MAX_HAND_IN_STEPS}"),
        ));
    }
    Ok(read)
}

fn header_of(step: &Step, headers: &[Option<Header>]) -> Option<Header> {
    match &step.what {
        What::Change(page, _) => headers.get(*page as usize)?.clone(),
        What::Command(_) => None,
    }
}

fn said(step: &Step, header: Option<&Header>) -> Said {
    match &step.what {
        What::Command(source) => match Command::parse(source) {
            Ok(command) => Said::Asks(Box::new(command.ask)),
            Err(_) => Said::Unreadable,
        },
        What::Change(_, raw) => match header.and_then(|header| entries_in(raw, header.kind())) {
            Some(entries) => Said::Entries(entries),
            None => Said::Unreadable,
        },
    }
}
