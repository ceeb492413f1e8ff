//! The logbook's core in a browser, as one object in one worker: convert, one call, convert.
//!
//! Views go out as JSON ([`view`]), acts come in as JSON ([`act`]). A sync is a conversation: the worker makes the
//! calls that [`Core::sync_begin`] and its like ask for, and signs what the key is wanted for, since a browser's keys
//! sign only asynchronously ([`host::KeyDesk`]). Nothing here reads the network, and nothing waits.

mod act;
mod host;
mod next;
mod phone;
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
mod storage;
mod talk;
mod view;

use outpost_device::error::CaptureError;
use outpost_device::invitation::Invitation;
use phone::Phone;
use serde::Serialize;
pub use talk::Effect;
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
pub struct Core {
    phone: Phone,
    talk: talk::Talk,
}

fn json(view: impl Serialize) -> Result<String, JsError> {
    Ok(serde_json::to_string(&view)?)
}

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
#[wasm_bindgen]
impl Core {
    /// Opens the store in the origin's own files. `public_key` is the phone's, 32 bytes.
    pub async fn open(app: String, public_key: Vec<u8>, zone_minutes: i16) -> Result<Core, JsError> {
        storage::install().await.map_err(|trouble| JsError::new(&trouble))?;
        let keys = host::KeyDesk::new(public_key.try_into().map_err(|_| JsError::new("a public key is 32 bytes"))?);
        let device = outpost_device::device::Device::open("", host::host(app.clone(), keys.clone(), zone_minutes))?;
        Ok(Core { phone: Phone::new(device, app), talk: talk::Talk::new(keys) })
    }
}

#[wasm_bindgen]
impl Core {
    /// Takes the invitation; capture can begin at once. The answer is the server that it names.
    pub fn accept(&mut self, code: &str) -> Result<String, JsError> {
        let invitation = Invitation::parse(code)?;
        self.phone.device.accept(&invitation)?;
        Ok(invitation.server)
    }

    pub fn standing(&mut self) -> Result<String, JsError> {
        json(view::standing(&mut self.phone)?)
    }
    pub fn today(&mut self) -> Result<String, JsError> {
        json(view::today(&mut self.phone)?)
    }
    pub fn orders(&mut self) -> Result<String, JsError> {
        json(view::orders(&mut self.phone)?)
    }
    pub fn order(&mut self, page: &str) -> Result<String, JsError> {
        json(view::order(&mut self.phone, page)?)
    }
    pub fn visit(&mut self, page: &str) -> Result<String, JsError> {
        json(view::visit(&mut self.phone, page)?)
    }
    pub fn glass(&mut self, visit: &str, lang: &str) -> Result<String, JsError> {
        json(view::glass(&mut self.phone, visit, lang)?)
    }
    pub fn proof(&mut self, visit: &str) -> Result<String, JsError> {
        json(view::proof(&mut self.phone, visit)?)
    }
    pub fn month(&mut self, month: Option<String>) -> Result<String, JsError> {
        json(view::month(&mut self.phone, month.as_deref())?)
    }
    pub fn report(&mut self, day: &str) -> Result<String, JsError> {
        json(view::report(&mut self.phone, day)?)
    }
    pub fn sync(&mut self) -> Result<String, JsError> {
        json(view::sync(&mut self.phone)?)
    }
    pub fn me(&mut self) -> Result<String, JsError> {
        json(view::me(&mut self.phone)?)
    }
    pub fn parts(&mut self, query: &str) -> Result<String, JsError> {
        json(view::parts(&mut self.phone, query)?)
    }
    pub fn customers(&mut self, query: &str) -> Result<String, JsError> {
        json(view::customers(&mut self.phone, query)?)
    }

    /// Logs an act; it is on disk when this returns.
    pub fn capture(&mut self, act: &str, bytes: Option<Vec<u8>>) -> Result<String, JsError> {
        let captured = act::capture(&mut self.phone, serde_json::from_str(act)?, bytes);
        match captured {
            Err(CaptureError::Denied(denial)) => Err(JsError::new(&format!("denied {}", denial.code.name()))),
            captured => json(captured?),
        }
    }
    /// What a problem's code means, in both languages.
    pub fn sentence(&self, code: &str) -> Result<String, JsError> {
        json(view::sentence(code))
    }
    pub fn locate(&mut self, entry: &str, place: &str) -> Result<(), JsError> {
        Ok(act::locate(&mut self.phone, entry, serde_json::from_str(place)?)?)
    }
    pub fn undo(&mut self, no: u32) -> Result<(), JsError> {
        Ok(act::undo(&mut self.phone, no)?)
    }
    pub fn ask_again(&mut self, no: u32) -> Result<(), JsError> {
        Ok(act::ask_again(&mut self.phone, no)?)
    }
    pub fn export_quarantine(&self) -> Result<Vec<u8>, JsError> {
        Ok(self.phone.device.export_quarantine()?)
    }
    pub fn export_all(&mut self) -> Result<Vec<u8>, JsError> {
        Ok(view::export(&mut self.phone)?)
    }

    pub fn sync_begin(&mut self) -> Result<Effect, JsError> {
        act::lease_numbers(&mut self.phone)?;
        Ok(self.talk.begin(&mut self.phone.device)?)
    }
    pub fn sync_answer(&mut self, status: u16, encoding: String, body: Vec<u8>) -> Result<Effect, JsError> {
        Ok(self.talk.answer(&mut self.phone.device, status, encoding, body)?)
    }
    pub fn sync_fault(&mut self, why: String) -> Result<Effect, JsError> {
        Ok(self.talk.fault(&mut self.phone.device, why)?)
    }
    pub fn sync_signed(&mut self, signature: Vec<u8>) -> Result<Effect, JsError> {
        Ok(self.talk.signed(&mut self.phone.device, signature)?)
    }
}
