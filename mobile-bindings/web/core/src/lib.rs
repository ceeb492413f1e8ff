//! The logbook's core in a browser, as one object in one worker: convert, one call, convert.
//!
//! [Views](outpost_device::screens) go out as JSON, [commands](outpost_device::commands) come in as JSON; their types
//! in TypeScript are `app/src/core/views.ts`. A sync is a conversation: the worker makes the calls that
//! [`Core::sync_begin`] and its like ask for, and signs what the key is wanted for, since a browser's keys sign only
//! asynchronously ([`KeyDesk`]). Nothing here reads the network, and nothing waits.

mod host;
mod salvage;
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
mod storage;
mod talk;
mod trouble;

use outpost_device::device::Device;
use outpost_device::error::DeviceError;
use outpost_device::report::Fault;
use outpost_device::rescue::Unsealed;
use outpost_device::screens;
use outpost_device::session::frame::Answer;
use outpost_device::store::blobs::BlobState;
use outpost_device::talk::{KeyDesk, Talk};
use outpost_model::entry::{Lang, Place};
use outpost_model::id::{EntryId, Hash, PageId};
use outpost_model::invitation::Invitation;
use outpost_model::problem::Code;
use outpost_model::time::{Day, Month};
pub use salvage::Salvage;
use serde::Serialize;
use serde::de::DeserializeOwned;
pub use talk::Effect;
use trouble::{Told, Trouble};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
pub struct Core {
    device: Device,
    talk: Talk,
    unsealed: Option<Unsealed>,
}

fn json(view: impl Serialize) -> Told<String> {
    serde_json::to_string(&view).map_err(Trouble::unfit)
}

fn read<T: DeserializeOwned>(text: &str) -> Told<T> {
    serde_json::from_str(text).map_err(Trouble::unfit)
}

/// A view of a page; none for what is no page's id, as an address in the browser may be.
fn on<T>(page: &str, view: impl FnOnce(PageId) -> Result<Option<T>, DeviceError>) -> Result<Option<T>, DeviceError> {
    PageId::parse(page).map_or(Ok(None), view)
}

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
#[wasm_bindgen]
impl Core {
    /// Opens the store in the origin's own files. `public_key` is the phone's, 32 bytes.
    pub async fn open(app: String, public_key: Vec<u8>, zone_minutes: i16) -> Told<Core> {
        storage::install().await.map_err(|trouble| Trouble::of(Code::HostFailed, trouble))?;
        let keys = KeyDesk::new(public_key.try_into().map_err(|_| Trouble::unfit("a public key is 32 bytes"))?);
        let device = Device::open("", host::host(app, keys.clone(), zone_minutes))?;
        Ok(Core { device, talk: Talk::new(Some(keys)), unsealed: None })
    }
}

#[wasm_bindgen]
impl Core {
    /// Takes the invitation; capture can begin at once. The answer is the server that it names.
    pub fn accept(&mut self, code: &str) -> Told<String> {
        let invitation = invitation(code)?;
        self.device.accept(&invitation)?;
        Ok(invitation.server)
    }

    /// Whether an invitation is for the person whose phone this is already.
    pub fn is_mine(&self, code: &str) -> Told<bool> {
        let given = invitation(code)?;
        let had = self.device.invitation()?;
        Ok(had.is_some_and(|had| (had.tenant, had.user) == (given.tenant, given.user)))
    }

    pub fn standing(&mut self) -> Told<String> {
        json(self.device.screens().standing()?)
    }
    pub fn today(&mut self) -> Told<String> {
        json(self.device.screens().today()?)
    }
    pub fn orders(&mut self) -> Told<String> {
        json(self.device.screens().orders()?)
    }
    pub fn order(&mut self, page: &str) -> Told<String> {
        json(on(page, |page| self.device.screens().order(page))?)
    }
    pub fn visit(&mut self, page: &str) -> Told<String> {
        json(on(page, |page| self.device.screens().visit(page))?)
    }
    pub fn glass(&mut self, visit: &str, lang: &str) -> Told<String> {
        let lang = if lang == "en" { Lang::En } else { Lang::Zh };
        json(on(visit, |visit| self.device.screens().glass(visit, lang))?)
    }
    pub fn proof(&mut self, visit: &str) -> Told<String> {
        json(on(visit, |visit| self.device.screens().proof(visit))?)
    }
    pub fn month(&mut self, month: Option<String>) -> Told<String> {
        let month = month.map(|month| Month::parse(&month)).transpose().map_err(Trouble::unfit)?;
        json(self.device.screens().month(month)?)
    }
    pub fn report(&mut self, day: &str) -> Told<String> {
        json(self.device.screens().report(Day::parse(day).map_err(Trouble::unfit)?)?)
    }
    pub fn sync(&mut self) -> Told<String> {
        json(self.device.screens().sync()?)
    }
    pub fn me(&mut self) -> Told<String> {
        json(self.device.screens().me()?)
    }
    pub fn forms(&mut self) -> Told<String> {
        json(self.device.screens().forms()?)
    }
    /// `key`: a form's, as JSON.
    pub fn form(&mut self, key: &str) -> Told<String> {
        json(self.device.screens().form(read(key)?)?)
    }
    pub fn parts(&mut self, query: &str) -> Told<String> {
        json(self.device.screens().parts(query)?)
    }
    pub fn customers(&mut self, query: &str) -> Told<String> {
        json(self.device.screens().customers(query)?)
    }
    /// What a problem's code means, in both languages.
    pub fn sentence(&self, code: &str) -> Told<String> {
        json(screens::sentence(code))
    }

    /// Bytes of a photo or of strokes, while this phone holds them.
    pub fn file(&self, hash: &str) -> Told<Option<Vec<u8>>> {
        Ok(self.device.file(&file(hash)?)?)
    }
    /// Why they aren't here: `erased` by headquarters, or only `away` and to be had from there.
    pub fn file_absence(&self, hash: &str) -> Told<String> {
        let erased = self.device.file_state(&file(hash)?)? == Some(BlobState::Erased);
        Ok(if erased { "erased" } else { "away" }.to_owned())
    }
    /// Lets go of files that the server has; how many bytes that is.
    pub fn free_files(&mut self) -> Told<f64> {
        Ok(self.device.free_files()? as f64)
    }

    /// Logs an act; it is on disk when this returns.
    pub fn capture(&mut self, act: &str, bytes: Option<Vec<u8>>) -> Told<String> {
        json(self.device.perform(read(act)?, bytes)?)
    }
    pub fn locate(&mut self, entry: &str, place: &str) -> Told<()> {
        match read::<Option<Place>>(place)? {
            Some(place) => Ok(self.device.locate(EntryId::parse(entry).map_err(Trouble::unfit)?, place)?),
            None => Ok(()),
        }
    }
    pub fn undo(&mut self, no: u32) -> Told<()> {
        Ok(self.device.take_back(no)?)
    }
    pub fn ask_again(&mut self, no: u32) -> Told<()> {
        Ok(self.device.ask_again(no)?)
    }

    pub fn export_quarantine(&self) -> Told<Vec<u8>> {
        Ok(self.device.export_quarantine()?)
    }
    pub fn export_all(&self) -> Told<Vec<u8>> {
        Ok(self.device.export_all()?)
    }
    /// Whether some of a page can't be read; it is to come anew.
    pub fn is_damaged(&self, page: &str) -> Told<bool> {
        Ok(PageId::parse(page).map_or(Ok(false), |page| self.device.is_damaged(page))?)
    }
    pub fn export_page(&self, page: &str) -> Told<Vec<u8>> {
        Ok(self.device.export_page(PageId::parse(page).map_err(Trouble::unfit)?)?)
    }
    /// Puts together what headquarters hasn't got; the answer is to be signed by the phone's key.
    pub fn rescue_begin(&mut self) -> Told<Vec<u8>> {
        let unsealed = self.device.put_together_rescue()?;
        let message = unsealed.message();
        self.unsealed = Some(unsealed);
        Ok(message)
    }
    /// The file, sealed to headquarters.
    pub fn rescue_seal(&mut self, signature: Option<Vec<u8>>) -> Told<Vec<u8>> {
        let unsealed = self.unsealed.take().ok_or_else(|| Trouble::unfit("nothing is put together"))?;
        let signature = signature.and_then(|bytes| bytes.try_into().ok());
        Ok(self.device.seal_rescue(unsealed, signature)?.0)
    }

    pub fn sync_begin(&mut self) -> Told<Effect> {
        let turn = self.talk.begin(&mut self.device)?;
        Ok(self.effect(turn))
    }
    /// Fetches one file from the server, and nothing else.
    pub fn sync_fetch(&mut self, hash: &str) -> Told<Effect> {
        let turn = self.talk.fetch(&mut self.device, file(hash)?)?;
        Ok(self.effect(turn))
    }
    pub fn sync_answer(&mut self, status: u16, encoding: String, body: Vec<u8>) -> Told<Effect> {
        let turn = self.talk.answer(&mut self.device, Answer { status, encoding, body })?;
        Ok(self.effect(turn))
    }
    pub fn sync_fault(&mut self, why: String) -> Told<Effect> {
        let turn = self.talk.fault(&mut self.device, Fault::Unreachable(why))?;
        Ok(self.effect(turn))
    }
    pub fn sync_signed(&mut self, signature: Vec<u8>) -> Told<Effect> {
        let signature = signature.try_into().map_err(|_| Trouble::unfit("a signature is 64 bytes"))?;
        let turn = self.talk.signed(&mut self.device, signature)?;
        Ok(self.effect(turn))
    }
    /// Milliseconds to wait with the next sync that nobody asked for, when the browser says that there is a network again.
    pub fn sync_wait_after_reconnecting(&mut self) -> f64 {
        self.talk.wait_after_reconnecting(&mut self.device).as_millis() as f64
    }
}

impl Core {
    fn effect(&self, turn: outpost_device::talk::Turn) -> Effect {
        Effect::of_turn(turn, self.talk.uploading())
    }
}

fn invitation(code: &str) -> Told<Invitation> {
    Invitation::parse(code).map_err(|trouble| Trouble::of(Code::BadInvitation, trouble))
}

fn file(hash: &str) -> Told<Hash> {
    Hash::parse(hash).map_err(Trouble::unfit)
}
