//! A sync's turns as JavaScript has them: one flat object each.

use outpost_device::session::Uploading;
use outpost_device::session::frame::Method;
use outpost_device::talk::{SyncEnd, SyncOutcome, Turn};
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
    /// The file that a call carries a piece of, else empty; how much of it the server has, and its size, in bytes.
    pub file: String,
    pub reached: f64,
    pub size: f64,
    /// How it ended: a `SyncOutcome`.
    pub outcome: String,
    pub code: String,
    pub detail: String,
    pub again_in_s: Option<u32>,
}

impl Effect {
    pub(crate) fn of_turn(turn: Turn, uploading: Option<Uploading>) -> Self {
        match turn {
            Turn::Call(call) => Self {
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
                file: uploading.map(|going| going.file.to_string()).unwrap_or_default(),
                reached: uploading.map_or(0.0, |going| going.reached as f64),
                size: uploading.map_or(0.0, |going| going.size as f64),
                ..Self::of("call")
            },
            Turn::Sign(message) => Self { body: message, ..Self::of("sign") },
            Turn::Ended(SyncEnd { outcome, code, detail, again_in_s }) => {
                Self { outcome: outcome.name().to_owned(), code, detail, again_in_s, ..Self::of("done") }
            }
        }
    }

    fn of(is: &str) -> Self {
        let empty = String::new;
        Self {
            is: is.to_owned(),
            method: empty(),
            path: empty(),
            headers: Vec::new(),
            body: Vec::new(),
            file: empty(),
            reached: 0.0,
            size: 0.0,
            outcome: SyncOutcome::Settled.name().to_owned(),
            code: empty(),
            detail: empty(),
            again_in_s: None,
        }
    }
}
