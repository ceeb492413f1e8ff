//! A sync without I/O: events in, effects out. The host makes the calls; everything between two calls is one step,
//! durable by itself, so that a phone killed anywhere begins the next sync where this one stood.
//!
//! ```text
//! Begin → [enrol] → [nonce → token] → sync ⟲ while there is more → [bring back ⟲ → sync] → [drill ⟲] → [mend ⟲] → [proofs ⟲]
//!       → [files ⟲] → Done;   revoked: [nonce → hand in] → Done
//! ```
//!
//! In brackets is what happens only when there is need: a phone that is up to date makes exactly one request.
//! A token that the server doesn't take any more is renewed once, and the call repeated. A phone whose access has ended
//! hands in what it couldn't send, once: `nonce → hand-in → Done`.

mod access;
mod answers;
mod bring_back;
mod drill;
pub mod frame;
mod hand_in;
mod proof;
mod push;
mod round;
mod upload;

use crate::device::Device;
use crate::error::DeviceError;
use crate::report::{Fault, Outcome, Problem, SyncReport, Tally};
use crate::store::outbox;
use frame::{Answer, Call};
use outpost_model::id::{EntryId, Hash, PageId};
use outpost_model::time::Millis;
use outpost_model::wire::{ScopeDigest, Sum, checked_frame};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use upload::Sending;

pub enum Event {
    Begin,
    Answer(Answer),
    Fault(Fault),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Make this call, and come back with the answer or the fault.
    Call(Call),
    Done(SyncReport),
}

/// What the session waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stage {
    Idle,
    Enrolling,
    Nonce,
    Token,
    /// Access has ended: the nonce for handing in what is left, and that itself.
    LastNonce,
    HandingIn,
    Working(Work),
    Done,
}

/// What a token is needed for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Work {
    Sync,
    /// Rows that the server lost are brought back.
    BringBack,
    /// The sums of a scope's buckets; the server's sum of the whole.
    Buckets(String, Sum),
    /// The pages in some of a scope's buckets.
    Pages(String, Vec<u8>),
    /// Pages to be fetched whole.
    Rows(Vec<PageId>),
    File(Sending),
    /// A file of a page that may be read here.
    Fetch(Hash),
    /// Headquarters' countersignature of a customer's signature.
    Proof(PageId, EntryId),
}

/// A file on its way up: how much of it the server has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Uploading {
    pub file: Hash,
    pub reached: u64,
    pub size: u64,
}

impl Work {
    /// Whether its answer is a frame; files are held against their hash.
    fn is_a_frame(&self) -> bool {
        match self {
            Work::Sync | Work::BringBack | Work::Buckets(..) | Work::Pages(..) | Work::Rows(_) => true,
            Work::File(_) | Work::Fetch(_) | Work::Proof(..) => false,
        }
    }
}

pub struct Session {
    stage: Stage,
    /// What goes on once there is a token.
    work: Work,
    queue: VecDeque<Work>,
    /// The token was renewed for the call that is being made.
    renewed: bool,
    /// The device's clock as it stood in the request that is open.
    sent_at: Millis,
    tally: Tally,
    digests: Vec<ScopeDigest>,
    /// Pages whose sums differ.
    differing: BTreeSet<PageId>,
    /// Scopes that were drilled into, with the server's sum.
    drilled: Vec<(String, Sum)>,
    disagreeing: Vec<String>,
    /// How often each step went out in this session.
    offers: BTreeMap<u32, u8>,
    /// Page and hash of each row that is on its way back.
    bringing: Vec<(PageId, Hash)>,
    /// The server wants no more rows back for now.
    brought_enough: bool,
    /// A last round for what mending offered again.
    amends: bool,
    /// The files were gone through.
    filed: bool,
    /// Handing in what is left was begun.
    handing_in: bool,
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

impl Session {
    pub fn new() -> Self {
        Self {
            stage: Stage::Idle,
            work: Work::Sync,
            queue: VecDeque::new(),
            renewed: false,
            sent_at: Millis(0),
            tally: Tally::default(),
            digests: Vec::new(),
            differing: BTreeSet::new(),
            drilled: Vec::new(),
            disagreeing: Vec::new(),
            offers: BTreeMap::new(),
            bringing: Vec::new(),
            brought_enough: false,
            amends: false,
            filed: false,
            handing_in: false,
        }
    }

    /// A session that only fetches a file, which is kept here afterwards.
    pub fn fetching(file: Hash) -> Self {
        Self { work: Work::Fetch(file), filed: true, ..Self::new() }
    }

    /// The file that the present call carries a piece of.
    pub fn uploading(&self) -> Option<Uploading> {
        match &self.stage {
            Stage::Working(Work::File(sending)) => Some(sending.progress()),
            _ => None,
        }
    }

    /// The next effect. Events that nobody waits for, such as an answer that comes twice, change nothing. An error ends
    /// the session: what was on its way is only here again.
    pub fn on(&mut self, device: &mut Device, event: Event) -> Result<Effect, DeviceError> {
        let effect = self.step(device, event);
        if effect.is_err() {
            self.stage = Stage::Done;
            // Where even that doesn't fit, the next start or sync does it.
            let _ = outbox::recall(device.store.read());
        }
        effect
    }

    fn step(&mut self, device: &mut Device, event: Event) -> Result<Effect, DeviceError> {
        match (event, self.stage.clone()) {
            (Event::Begin, Stage::Idle) => self.begin(device),
            (_, Stage::Idle | Stage::Done) | (Event::Begin, _) => Ok(Effect::Done(self.report(Outcome::Settled))),
            (Event::Fault(fault), _) => self.end(device, Outcome::NoAnswer(fault)),
            (Event::Answer(answer), stage) => {
                self.tally.bytes_down += answer.body.len() as u64;
                self.answered(device, stage, answer)
            }
        }
    }

    fn begin(&mut self, device: &mut Device) -> Result<Effect, DeviceError> {
        let life = device.life()?;
        let invitation = life.invitation.ok_or(DeviceError::NotInvited)?;
        if !life.enrolled {
            self.stage = Stage::Enrolling;
            let call = access::enrol(device, &invitation)?;
            return self.call(call);
        }
        if life.revoked && hand_in::has_something(device)? {
            return self.begin_hand_in(device);
        }
        self.go_on(device)
    }

    /// Makes the call of the present work, or first fetches the token that it needs.
    fn go_on(&mut self, device: &mut Device) -> Result<Effect, DeviceError> {
        let Some(token) = device.life()?.token else {
            self.stage = Stage::Nonce;
            let call = access::nonce(device)?;
            return self.call(call);
        };
        let call = match &self.work {
            Work::Sync => {
                let (request, sent_at) = push::request(device, &self.offers)?;
                for step in &request.steps {
                    *self.offers.entry(step.no).or_default() += 1;
                }
                self.tally.sent += request.steps.len() as u32;
                self.sent_at = sent_at;
                Call::cbor("/v1/sync", checked_frame(&request), &token)
            }
            Work::Buckets(..) | Work::Pages(..) | Work::Rows(_) => drill::question(&self.work, &token),
            Work::BringBack => match self.rows_to_bring(device, &token)? {
                Some(call) => call,
                None => return self.next(device),
            },
            Work::File(sending) => match upload::call(device, sending, &token)? {
                Some(call) => call,
                None => return self.next(device),
            },
            Work::Fetch(file) => Call::get(format!("/v1/blobs/{file}"), &token),
            Work::Proof(visit, entry) => Call::get(format!("/v1/visits/{visit}/signatures/{entry}"), &token),
        };
        self.stage = Stage::Working(self.work.clone());
        self.call(call)
    }

    /// Goes on to whatever is to be done next.
    fn next(&mut self, device: &mut Device) -> Result<Effect, DeviceError> {
        if self.queue.is_empty() {
            self.find_work(device)?;
        }
        match self.queue.pop_front() {
            Some(work @ Work::File(_)) if self.has_text(device)? => {
                // What was captured meanwhile doesn't wait for photos.
                self.queue.push_front(work);
                self.work = Work::Sync;
                self.go_on(device)
            }
            Some(work) => {
                self.work = work;
                self.go_on(device)
            }
            None => self.end(device, Outcome::Settled),
        }
    }

    fn call(&mut self, call: Call) -> Result<Effect, DeviceError> {
        self.tally.requests += 1;
        self.tally.bytes_up += call.body.len() as u64;
        Ok(Effect::Call(call))
    }

    fn end(&mut self, device: &Device, outcome: Outcome) -> Result<Effect, DeviceError> {
        self.stage = Stage::Done;
        outbox::recall(device.store.read())?;
        Ok(Effect::Done(self.report(outcome)))
    }

    fn report(&self, outcome: Outcome) -> SyncReport {
        SyncReport { outcome, tally: self.tally.clone(), disagreeing: self.disagreeing.clone() }
    }
}

impl Problem {
    /// Whether waiting helps.
    pub fn is_passing(&self) -> bool {
        matches!(self.status, 408 | 425 | 429 | 500..=599)
    }
}
