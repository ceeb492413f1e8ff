//! The logbook's core in a browser, as one object in one worker: convert, one call, convert.
//!
//! [Views](outpost_device::screens) go out as JSON, [commands](outpost_device::commands) come in as JSON; their types
//! in TypeScript are `app/src/core/views.ts`. A sync is a conversation: the worker makes the calls that
//! [`Core::sync_begin`] and its like ask for, and signs what the key is wanted for, since a browser's keys sign only
//! asynchronously ([`host::KeyDesk`]). Nothing here reads the network, and nothing waits.

mod host;
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
mod storage;
mod talk;

use outpost_device::device::Device;
use outpost_device::error::{CaptureError, DeviceError};
use outpost_device::invitation::Invitation;
use outpost_device::screens;
use outpost_model::entry::{Lang, Place};
use outpost_model::id::{EntryId, Hash, PageId};
use outpost_model::time::{Day, Month};
use serde::Serialize;
pub use talk::Effect;
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
pub struct Core {
    device: Device,
    talk: talk::Talk,
}

fn json(view: impl Serialize) -> Result<String, JsError> {
    Ok(serde_json::to_string(&view)?)
}

/// A view of a page; none for what is no page's id, as an address in the browser may be.
fn on<T>(page: &str, view: impl FnOnce(PageId) -> Result<Option<T>, DeviceError>) -> Result<Option<T>, DeviceError> {
    PageId::parse(page).map_or(Ok(None), view)
}

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
#[wasm_bindgen]
impl Core {
    /// Opens the store in the origin's own files. `public_key` is the phone's, 32 bytes.
    pub async fn open(app: String, public_key: Vec<u8>, zone_minutes: i16) -> Result<Core, JsError> {
        storage::install().await.map_err(|trouble| JsError::new(&trouble))?;
        let keys = host::KeyDesk::new(public_key.try_into().map_err(|_| JsError::new("a public key is 32 bytes"))?);
        let device = Device::open("", host::host(app, keys.clone(), zone_minutes))?;
        Ok(Core { device, talk: talk::Talk::new(keys) })
    }
}

#[wasm_bindgen]
impl Core {
    /// Takes the invitation; capture can begin at once. The answer is the server that it names.
    pub fn accept(&mut self, code: &str) -> Result<String, JsError> {
        let invitation = Invitation::parse(code)?;
        self.device.accept(&invitation)?;
        Ok(invitation.server)
    }

    /// Whether an invitation is for the person whose phone this is already.
    pub fn is_mine(&self, code: &str) -> Result<bool, JsError> {
        let given = Invitation::parse(code)?;
        let had = self.device.invitation()?;
        Ok(had.is_some_and(|had| (had.tenant, had.user) == (given.tenant, given.user)))
    }

    pub fn standing(&mut self) -> Result<String, JsError> {
        json(self.device.screens().standing()?)
    }
    pub fn today(&mut self) -> Result<String, JsError> {
        json(self.device.screens().today()?)
    }
    pub fn orders(&mut self) -> Result<String, JsError> {
        json(self.device.screens().orders()?)
    }
    pub fn order(&mut self, page: &str) -> Result<String, JsError> {
        json(on(page, |page| self.device.screens().order(page))?)
    }
    pub fn visit(&mut self, page: &str) -> Result<String, JsError> {
        json(on(page, |page| self.device.screens().visit(page))?)
    }
    pub fn glass(&mut self, visit: &str, lang: &str) -> Result<String, JsError> {
        let lang = if lang == "en" { Lang::En } else { Lang::Zh };
        json(on(visit, |visit| self.device.screens().glass(visit, lang))?)
    }
    pub fn proof(&mut self, visit: &str) -> Result<String, JsError> {
        json(on(visit, |visit| self.device.screens().proof(visit))?)
    }
    pub fn month(&mut self, month: Option<String>) -> Result<String, JsError> {
        let month = month.map(|month| Month::parse(&month)).transpose()?;
        json(self.device.screens().month(month)?)
    }
    pub fn report(&mut self, day: &str) -> Result<String, JsError> {
        json(self.device.screens().report(Day::parse(day)?)?)
    }
    pub fn sync(&mut self) -> Result<String, JsError> {
        json(self.device.screens().sync()?)
    }
    pub fn me(&mut self) -> Result<String, JsError> {
        json(self.device.screens().me()?)
    }
    pub fn forms(&mut self) -> Result<String, JsError> {
        json(self.device.screens().forms()?)
    }
    /// `key`: a form's, as JSON.
    pub fn form(&mut self, key: &str) -> Result<String, JsError> {
        json(self.device.screens().form(serde_json::from_str(key)?)?)
    }
    /// Bytes of a photo or of strokes, while this phone holds them.
    pub fn file(&self, hash: &str) -> Result<Option<Vec<u8>>, JsError> {
        Ok(self.device.file(&Hash::parse(hash)?)?)
    }
    /// Lets go of files that the server has; how many bytes that is.
    pub fn free_files(&mut self) -> Result<f64, JsError> {
        Ok(self.device.free_files()? as f64)
    }
    pub fn parts(&mut self, query: &str) -> Result<String, JsError> {
        json(self.device.screens().parts(query)?)
    }
    pub fn customers(&mut self, query: &str) -> Result<String, JsError> {
        json(self.device.screens().customers(query)?)
    }

    /// Logs an act; it is on disk when this returns.
    pub fn capture(&mut self, act: &str, bytes: Option<Vec<u8>>) -> Result<String, JsError> {
        match self.device.perform(serde_json::from_str(act)?, bytes) {
            Err(CaptureError::Denied(denial)) => Err(JsError::new(&format!("denied {}", denial.code.name()))),
            captured => json(captured?),
        }
    }
    /// What a problem's code means, in both languages.
    pub fn sentence(&self, code: &str) -> Result<String, JsError> {
        json(screens::sentence(code))
    }
    pub fn locate(&mut self, entry: &str, place: &str) -> Result<(), JsError> {
        match serde_json::from_str::<Option<Place>>(place)? {
            Some(place) => Ok(self.device.locate(EntryId::parse(entry)?, place)?),
            None => Ok(()),
        }
    }
    pub fn undo(&mut self, no: u32) -> Result<(), JsError> {
        Ok(self.device.take_back(no)?)
    }
    pub fn ask_again(&mut self, no: u32) -> Result<(), JsError> {
        Ok(self.device.ask_again(no)?)
    }
    pub fn export_quarantine(&self) -> Result<Vec<u8>, JsError> {
        Ok(self.device.export_quarantine()?)
    }
    pub fn export_all(&self) -> Result<Vec<u8>, JsError> {
        Ok(self.device.export_all()?)
    }

    pub fn sync_begin(&mut self) -> Result<Effect, JsError> {
        self.device.lease_numbers()?;
        Ok(self.talk.begin(&mut self.device)?)
    }
    pub fn sync_answer(&mut self, status: u16, encoding: String, body: Vec<u8>) -> Result<Effect, JsError> {
        Ok(self.talk.answer(&mut self.device, status, encoding, body)?)
    }
    pub fn sync_fault(&mut self, why: String) -> Result<Effect, JsError> {
        Ok(self.talk.fault(&mut self.device, why)?)
    }
    pub fn sync_signed(&mut self, signature: Vec<u8>) -> Result<Effect, JsError> {
        Ok(self.talk.signed(&mut self.device, signature)?)
    }
}
