//! A sync in steps, each short enough for a background window: one call to the server and what came of it, on disk
//! when the step returns. Whoever is killed between two steps, or in one, begins the next sync where this one stood.

use crate::host::{HttpAnswer, HttpHeader, HttpRequest};
use crate::logbook::{Going, LogbookCore};
use crate::observe::Change;
use crate::trouble::Trouble;
use outpost_device::report::Fault;
use outpost_device::session::frame::{Answer, Call, Method};
use outpost_device::sync::Transport;
use outpost_device::talk::{Left, SyncEnd, SyncOutcome, Talk, Turn};
use outpost_device::transport::http::HttpTransport;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

#[derive(uniffi::Object)]
pub struct SyncRun {
    logbook: Arc<LogbookCore>,
    talk: Mutex<Stand>,
    cancelled: AtomicBool,
    /// What was left after the last step.
    left: Mutex<Left>,
}

/// How far it is after a step.
#[derive(Debug, Clone, uniffi::Record)]
pub struct SyncStep {
    /// What is still to be sent; rows from headquarters may be to come besides.
    pub left: Left,
    /// None: there are more steps.
    pub end: Option<SyncEnd>,
}

struct Stand {
    talk: Talk,
    next: Next,
    /// Our own way to the server, kept open from step to step.
    own: Option<HttpTransport>,
}

enum Next {
    Begin,
    Call(Call),
    Sign(Vec<u8>),
    /// A step is being taken.
    Taken,
    Ended(SyncEnd),
}

#[uniffi::export]
impl LogbookCore {
    /// Begins a sync; nothing is called before its first step. One at a time.
    pub fn begin_sync(self: Arc<Self>) -> Result<Arc<SyncRun>, Trouble> {
        if self.sync_going().is_some_and(|run| run.is_going()) {
            return Err(Trouble::syncing());
        }
        let run = Arc::new(SyncRun::new(Arc::clone(&self)));
        let begun: Arc<dyn Going> = run.clone();
        *self.syncing.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::downgrade(&begun));
        Ok(run)
    }
}

#[uniffi::export]
impl SyncRun {
    /// Takes one step: one call to the server that carries something, with the small ones before it that only ask.
    pub fn step(&self) -> Result<SyncStep, Trouble> {
        let next = {
            let mut stand = self.stand();
            match &stand.next {
                Next::Taken => return Err(Trouble::syncing()),
                Next::Ended(end) => {
                    let end = end.clone();
                    drop(stand);
                    return self.report(Some(end));
                }
                Next::Begin | Next::Call(_) | Next::Sign(_) => std::mem::replace(&mut stand.next, Next::Taken),
            }
        };
        let turn = if self.is_cancelled() { Ok(self.abandoned()) } else { self.take(next) };
        let mut stand = self.stand();
        let end = match turn {
            Ok(Turn::Call(call)) => {
                stand.next = Next::Call(call);
                None
            }
            Ok(Turn::Sign(message)) => {
                stand.next = Next::Sign(message);
                None
            }
            Ok(Turn::Ended(end)) => {
                stand.next = Next::Ended(end.clone());
                Some(end)
            }
            Err(trouble) => {
                stand.next = Next::Ended(SyncEnd::plain(SyncOutcome::Cancelled));
                drop(stand);
                return Err(trouble);
            }
        };
        drop(stand);
        self.logbook.observers.tell(Change::Synced);
        self.report(end)
    }

    /// Ends it. The answer to a call that is being made isn't waited for by the store: it is asked for again by the
    /// next sync, which goes on from what is on disk.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::SeqCst);
    }
}

impl SyncRun {
    fn new(logbook: Arc<LogbookCore>) -> Self {
        let talk = Talk::new(logbook.bridge.keys());
        Self {
            logbook,
            talk: Mutex::new(Stand { talk, next: Next::Begin, own: None }),
            cancelled: AtomicBool::new(false),
            left: Mutex::new(Left::default()),
        }
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }

    fn stand(&self) -> std::sync::MutexGuard<'_, Stand> {
        self.talk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn report(&self, end: Option<SyncEnd>) -> Result<SyncStep, Trouble> {
        // A logbook that was suspended meanwhile stays closed.
        let left = self.logbook.if_open(|device| Ok(device.left_to_send()?))?;
        let mut known = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(left) = left {
            *known = left;
        }
        Ok(SyncStep { left: *known, end })
    }

    /// What was on its way is only here again; a logbook that was suspended meanwhile finds that when it opens.
    fn abandoned(&self) -> Turn {
        let fault = || Fault::Broken("cancelled".to_owned());
        let _ = self.logbook.if_open(|device| Ok(self.stand().talk.fault(device, fault())?));
        Turn::Ended(SyncEnd::plain(SyncOutcome::Cancelled))
    }

    /// Does what is next outside of every lock, then tells the core.
    fn take(&self, next: Next) -> Result<Turn, Trouble> {
        match next {
            Next::Begin => {
                let turn = self.logbook.with(|device| Ok(self.stand().talk.begin(device)?))?;
                // Nothing has gone out yet: the first call belongs to this step.
                match turn {
                    Turn::Call(call) => self.take(Next::Call(call)),
                    turn => Ok(turn),
                }
            }
            Next::Call(call) if is_file(&call) && self.files_wait() => {
                Ok(Turn::Ended(SyncEnd::plain(SyncOutcome::FilesWait)))
            }
            Next::Call(call) => {
                let answered = self.call(&call)?;
                let only_asked = answered.as_ref().is_ok_and(|answer| only_asks(&call, answer));
                let turn = match answered {
                    _ if self.is_cancelled() => self.abandoned(),
                    Ok(answer) => self.logbook.with(|device| Ok(self.stand().talk.answer(device, answer)?))?,
                    Err(fault) => self.logbook.with(|device| Ok(self.stand().talk.fault(device, fault)?))?,
                };
                self.go_on(turn, only_asked)
            }
            Next::Sign(message) => {
                let signature = self.logbook.bridge.sign(message).map_err(Trouble::host)?;
                let turn = self.logbook.with(|device| Ok(self.stand().talk.signed(device, signature)?))?;
                self.go_on(turn, true)
            }
            Next::Taken | Next::Ended(_) => Err(Trouble::syncing()),
        }
    }

    /// What was only asked (a nonce, where an upload stands, whether anything is new) is kept nowhere, so what it was
    /// asked for belongs to the same step: else windows of one step would ask for ever.
    fn go_on(&self, turn: Turn, only_asked: bool) -> Result<Turn, Trouble> {
        match turn {
            Turn::Sign(message) => self.take(Next::Sign(message)),
            Turn::Call(call) if only_asked => self.take(Next::Call(call)),
            turn => Ok(turn),
        }
    }

    /// Photos wait while power is low or bytes cost money. A host that says nothing has no objection.
    fn files_wait(&self) -> bool {
        let power = self.logbook.bridge.host.power.as_ref();
        power.and_then(|power| power.read().ok()).is_some_and(|power| power.low || power.metered)
    }

    fn call(&self, call: &Call) -> Result<Result<Answer, Fault>, Trouble> {
        let server = self.logbook.with(|device| Ok(device.invitation()?))?.map(|it| it.server).unwrap_or_default();
        if let Some(transport) = &self.logbook.bridge.host.transport {
            let answer = transport.call(request(&server, call));
            return Ok(answer.map(Answer::from).map_err(Fault::from));
        }
        let own = self.stand().own.take();
        let mut own = match own.map_or_else(|| HttpTransport::new(&server), Ok) {
            Ok(own) => own,
            Err(fault) => return Ok(Err(fault)),
        };
        let answer = own.call(call);
        self.stand().own = Some(own);
        Ok(answer)
    }
}

/// Of a call and its answer together: beyond that something was carried.
const LITTLE: usize = 8 * 1024;
/// No step that is worth sending fits into a request of that size.
const IDLE: usize = 400;

fn only_asks(call: &Call, answer: &Answer) -> bool {
    let is_little = call.body.len() + answer.body.len() < LITTLE;
    match (call.method, call.path.as_str()) {
        (Method::Post, "/v1/token/nonce" | "/v1/uploads" | "/v1/drill") => is_little,
        (Method::Post, "/v1/sync") => is_little && call.body.len() < IDLE,
        _ => false,
    }
}

/// Whether a call carries a file, whole or in pieces.
fn is_file(call: &Call) -> bool {
    call.path.starts_with("/v1/uploads") || call.path.starts_with("/v1/blobs")
}

impl Going for SyncRun {
    /// Also while the last call of one that was cancelled is still out.
    fn is_going(&self) -> bool {
        match self.stand().next {
            Next::Taken => true,
            Next::Ended(_) => false,
            Next::Begin | Next::Call(_) | Next::Sign(_) => !self.is_cancelled(),
        }
    }

    fn end(&self) {
        self.cancel();
    }
}

fn request(server: &str, call: &Call) -> HttpRequest {
    let method = match call.method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Patch => "PATCH",
    };
    let header = |(name, value): &(&'static str, String)| HttpHeader { name: (*name).to_owned(), value: value.clone() };
    HttpRequest {
        method: method.to_owned(),
        url: format!("{}{}", server.trim_end_matches('/'), call.path),
        headers: call.headers.iter().map(header).collect(),
        body: call.body.clone(),
    }
}

impl From<HttpAnswer> for Answer {
    fn from(answer: HttpAnswer) -> Self {
        let encoding = answer.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-encoding"));
        let encoding = encoding.map(|header| header.value.clone()).unwrap_or_default();
        Answer { status: answer.status, encoding, body: answer.body }
    }
}
