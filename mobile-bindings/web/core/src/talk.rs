//! A sync, turn by turn: the session says what it wants, the worker does it and comes back.

use crate::host::KeyDesk;
use outpost_device::device::Device;
use outpost_device::error::DeviceError;
use outpost_device::report::{Fault, Outcome};
use outpost_device::session::frame::{Answer, Method};
use outpost_device::session::{self, Event, Session};
use std::io;
use wasm_bindgen::prelude::wasm_bindgen;

/// What the worker is to do next.
#[wasm_bindgen(getter_with_clone)]
pub struct Effect {
    /// `call`, `sign` or `done`.
    pub is: String,
    pub method: String,
    pub path: String,
    /// Pairs, one after the other.
    pub headers: Vec<String>,
    /// The body of a call, or the message to sign.
    pub body: Vec<u8>,
    /// How it ended: `settled`, `revoked`, `turned_away`, `no_answer`, `not_understood`.
    pub outcome: String,
    pub code: String,
    pub detail: String,
}

pub struct Talk {
    keys: KeyDesk,
    session: Session,
    /// The answer on which a signature is being waited for; none at the beginning.
    answer: Option<Answer>,
}

impl Talk {
    pub fn new(keys: KeyDesk) -> Self {
        Self { keys, session: Session::new(), answer: None }
    }

    pub fn begin(&mut self, device: &mut Device) -> Result<Effect, DeviceError> {
        self.session = Session::new();
        self.answer = None;
        self.on(device, Event::Begin)
    }

    pub fn answer(
        &mut self,
        device: &mut Device,
        status: u16,
        encoding: String,
        body: Vec<u8>,
    ) -> Result<Effect, DeviceError> {
        let answer = Answer { status, encoding, body };
        self.answer = Some(answer.clone());
        self.on(device, Event::Answer(answer))
    }

    pub fn fault(&mut self, device: &mut Device, why: String) -> Result<Effect, DeviceError> {
        self.on(device, Event::Fault(Fault::Unreachable(why)))
    }

    /// The signature is there: the session is asked again what it was asked before.
    pub fn signed(&mut self, device: &mut Device, signature: Vec<u8>) -> Result<Effect, DeviceError> {
        if let Ok(signature) = signature.try_into() {
            self.keys.lay(signature);
        }
        let Some(answer) = self.answer.clone() else { return self.begin(device) };
        // Waiting for the signature ended the session. A new one asks the same question first, and the answer to it
        // is here already.
        self.session = Session::new();
        match self.session.on(device, Event::Begin)? {
            session::Effect::Call(_) => self.on(device, Event::Answer(answer)),
            session::Effect::Done(_) => self.begin(device),
        }
    }

    fn on(&mut self, device: &mut Device, event: Event) -> Result<Effect, DeviceError> {
        match self.session.on(device, event) {
            Err(DeviceError::Keystore(trouble)) if trouble.kind() == io::ErrorKind::WouldBlock => {
                Ok(Effect { body: self.keys.wanted().unwrap_or_default(), ..Effect::of("sign") })
            }
            Err(trouble) => Err(trouble),
            Ok(session::Effect::Call(call)) => Ok(Effect {
                method: match call.method {
                    Method::Get => "GET",
                    Method::Post => "POST",
                    Method::Put => "PUT",
                    Method::Patch => "PATCH",
                }
                .to_owned(),
                path: call.path,
                headers: call.headers.into_iter().flat_map(|(name, value)| [name.to_owned(), value]).collect(),
                body: call.body,
                ..Effect::of("call")
            }),
            Ok(session::Effect::Done(report)) => Ok(match report.outcome {
                Outcome::Settled => Effect { outcome: "settled".into(), ..Effect::of("done") },
                Outcome::Revoked => Effect { outcome: "revoked".into(), ..Effect::of("done") },
                Outcome::TurnedAway(problem) => Effect {
                    outcome: "turned_away".into(),
                    code: problem.code,
                    detail: problem.detail,
                    ..Effect::of("done")
                },
                Outcome::NoAnswer(fault) => {
                    Effect { outcome: "no_answer".into(), detail: fault.to_string(), ..Effect::of("done") }
                }
                Outcome::NotUnderstood(what) => {
                    Effect { outcome: "not_understood".into(), detail: what, ..Effect::of("done") }
                }
            }),
        }
    }
}

impl Effect {
    fn of(is: &str) -> Self {
        let empty = String::new;
        Self {
            is: is.to_owned(),
            method: empty(),
            path: empty(),
            headers: Vec::new(),
            body: Vec::new(),
            outcome: empty(),
            code: empty(),
            detail: empty(),
        }
    }
}
