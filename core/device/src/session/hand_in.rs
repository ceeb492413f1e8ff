//! Access has ended, because the phone was replaced or its owner left: what it captured and couldn't send goes up once
//! more, proved by its own key, for headquarters to look through. Nothing changes here; all of it stays, and can still
//! be carried there in a file.

use super::frame::Call;
use super::{Effect, Session, Stage, access};
use crate::device::Device;
use crate::error::DeviceError;
use crate::report::{Outcome, Problem};
use crate::rescue;
use crate::store::life::{self, LastWord};
use outpost_model::problem::Code;
use outpost_model::wire::{SealedHandIn, frame};

impl Session {
    /// Whoever hears that his access has ended; the work that is left goes up where that was never tried.
    pub(super) fn revoked(&mut self, device: &mut Device) -> Result<Effect, DeviceError> {
        life::set_revoked(device.store.read(), true)?;
        match !self.handing_in && has_something(device)? {
            true => self.begin_hand_in(device),
            false => self.end(device, Outcome::Revoked),
        }
    }

    pub(super) fn begin_hand_in(&mut self, device: &Device) -> Result<Effect, DeviceError> {
        self.handing_in = true;
        self.stage = Stage::LastNonce;
        let call = access::nonce(device)?;
        self.call(call)
    }

    pub(super) fn hand_in(&mut self, device: &mut Device, body: &[u8]) -> Result<Effect, DeviceError> {
        let Some(nonce) = access::nonce_in(body) else {
            return self.end(device, Outcome::NotUnderstood("a nonce that isn't one".to_owned()));
        };
        // What doesn't fit into the one frame that is taken can be carried there in a file.
        let Some(work) = put_together(device)? else { return self.end(device, Outcome::Revoked) };
        let identity = device.identity()?;
        let (tenant, id) = (identity.tenant, identity.owner.device);
        let text = SealedHandIn::signed_text(&tenant, &id, &nonce, &work);
        let signature = device.host.keystore.sign(text.as_bytes()).map_err(DeviceError::Keystore)?;
        let sealed = SealedHandIn { tenant, device: id, nonce, signature, frame: work.into() };
        self.stage = Stage::HandingIn;
        self.call(Call::sealed("/v1/hand-in", frame(&sealed)))
    }

    pub(super) fn handed_in(&mut self, device: &mut Device) -> Result<Effect, DeviceError> {
        device.handing_in = None;
        life::set_last_word(device.store.read(), LastWord::Taken)?;
        self.end(device, Outcome::Revoked)
    }

    pub(super) fn not_handed_in(&mut self, device: &mut Device, problem: Problem) -> Result<Effect, DeviceError> {
        let db = device.store.read();
        match Code::parse(&problem.code) {
            // It was taken, and the answer was lost.
            Some(Code::HandInDone) => self.handed_in(device),
            // Lost or stolen: nothing counts any more; or nothing that is taken this way.
            Some(Code::DeviceRevoked | Code::TooLarge | Code::MalformedFrame) => {
                life::set_last_word(db, LastWord::NotWanted)?;
                self.end(device, Outcome::Revoked)
            }
            // It isn't revoked any more.
            Some(Code::BadRequest) => {
                life::set_revoked(db, false)?;
                self.go_on(device)
            }
            // The server was put back to before this phone's enrolment.
            Some(Code::DeviceUnknown) => {
                life::set_revoked(db, false)?;
                self.enrol_again(device, problem)
            }
            _ => self.end(device, Outcome::TurnedAway(problem)),
        }
    }
}

/// The frame with all of it: the same bytes until something else is captured, however often the key is asked to sign
/// them. A key that isn't this thread's is asked twice.
fn put_together(device: &mut Device) -> Result<Option<Vec<u8>>, DeviceError> {
    let captured = device.life()?.captured;
    if device.handing_in.as_ref().is_none_or(|(of, _)| *of != captured) {
        device.handing_in = rescue::hand_in(device)?.map(|work| (captured, frame(&work)));
    }
    Ok(device.handing_in.as_ref().map(|(_, bytes)| bytes.clone()))
}

/// Whether there is work that was never handed in.
pub(super) fn has_something(device: &Device) -> Result<bool, DeviceError> {
    Ok(device.life()?.last_word == LastWord::Unsaid && rescue::hand_in(device)?.is_some())
}
