//! A phone that was revoked hands in, once, what it captured and headquarters hasn't got. Whether any of it counts is
//! headquarters' to say: of a phone that was lost nothing does, and the phone keeps what it has.

use super::frame::Call;
use super::{Effect, Session, Stage, access};
use crate::device::{Device, HandingIn};
use crate::error::DeviceError;
use crate::report::{Outcome, Problem};
use crate::rescue;
use crate::store::life;
use outpost_model::problem::Code;
use outpost_model::wire::{SealedHandIn, frame};

impl Session {
    /// The first call of it; none where it was done, or there is nothing to hand in.
    pub(super) fn hand_in(&mut self, device: &mut Device) -> Result<Option<Effect>, DeviceError> {
        if device.life()?.handed_in.is_some() {
            return Ok(None);
        }
        if device.handing_in.is_none() {
            let first = rescue::of(device.store.read(), &device.host)?.hand_ins().into_iter().next();
            let count = |of: usize| u32::try_from(of).unwrap_or(u32::MAX);
            device.handing_in =
                first.map(|hand_in| HandingIn { steps: count(hand_in.steps.len()), frame: frame(&hand_in) });
        }
        if device.handing_in.is_none() {
            return Ok(None);
        }
        self.stage = Stage::HandInNonce;
        let call = access::nonce(device)?;
        self.call(call).map(Some)
    }

    pub(super) fn not_handed_in(&mut self, device: &mut Device, problem: Problem) -> Result<Effect, DeviceError> {
        match Code::parse(&problem.code) {
            Some(Code::DeviceRevoked) => {
                device.handing_in = None;
                life::set_handed_in(device.store.read(), 0)?;
                self.end(device, Outcome::Revoked)
            }
            // It came before, and the answer was lost.
            Some(Code::HandInDone) => {
                is_done(device)?;
                self.end(device, Outcome::Revoked)
            }
            // Headquarters took the phone back meanwhile.
            Some(Code::BadRequest) => {
                device.handing_in = None;
                life::set_revoked(device.store.read(), false)?;
                self.go_on(device)
            }
            _ => self.end(device, Outcome::TurnedAway(problem)),
        }
    }
}

pub(super) fn sealed(device: &mut Device, body: &[u8]) -> Result<Result<Call, String>, DeviceError> {
    let Some(nonce) = access::nonce_in(body) else { return Ok(Err("a nonce that isn't one".to_owned())) };
    let Some(HandingIn { frame: bytes, .. }) = device.handing_in.clone() else {
        return Ok(Err("an answer to what wasn't asked".to_owned()));
    };
    let identity = device.identity()?;
    let (tenant, id) = (identity.tenant, identity.owner.device);
    let text = SealedHandIn::signed_text(&tenant, &id, &nonce, &bytes);
    let signature = device.host.keystore.sign(text.as_bytes()).map_err(DeviceError::Keystore)?;
    let hand_in = SealedHandIn { tenant, device: id, nonce, signature, frame: bytes.into() };
    Ok(Ok(Call::proved("/v1/hand-in", frame(&hand_in))))
}

pub(super) fn is_done(device: &mut Device) -> Result<(), DeviceError> {
    if let Some(HandingIn { steps, .. }) = device.handing_in.take() {
        life::set_handed_in(device.store.read(), steps)?;
    }
    Ok(())
}
