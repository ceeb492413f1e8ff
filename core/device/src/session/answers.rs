//! What an answer means at each stage, and what a server's no does.

use super::frame::Answer;
use super::{Effect, Session, Stage, Work, access, proof};
use crate::device::Device;
use crate::error::DeviceError;
use crate::report::{Fault, Outcome, Problem};
use crate::store::{blobs, life, proofs};
use outpost_model::problem::Code;
use outpost_model::wire::is_intact;

impl Session {
    pub(super) fn answered(
        &mut self,
        device: &mut Device,
        stage: Stage,
        answer: Answer,
    ) -> Result<Effect, DeviceError> {
        if !answer.is_success() {
            return self.turned_away(device, stage, answer);
        }
        let body = match answer.decoded() {
            Ok(body) => body,
            Err(what) => return self.end(device, Outcome::NotUnderstood(what)),
        };
        match stage {
            Stage::Enrolling => {
                life::set_enrolled(device.store.read(), true)?;
                self.go_on(device)
            }
            Stage::Nonce => match access::token(device, &body)? {
                Ok(call) => {
                    self.stage = Stage::Token;
                    self.call(call)
                }
                Err(what) => self.end(device, Outcome::NotUnderstood(what)),
            },
            Stage::Token => match access::keep_token(device, &body)? {
                Ok(()) => self.go_on(device),
                Err(what) => self.end(device, Outcome::NotUnderstood(what)),
            },
            Stage::LastNonce => self.hand_in(device, &body),
            Stage::HandingIn => self.handed_in(device),
            // As if it had broken off: nothing of it counts, and all of it is asked for again.
            Stage::Working(work) if work.is_a_frame() && !is_intact(&body) => {
                self.end(device, Outcome::NoAnswer(Fault::Broken("the answer was damaged on its way".to_owned())))
            }
            Stage::Working(work) => {
                self.renewed = false;
                let understood = match work {
                    Work::Sync => self.synced(device, &body)?,
                    Work::Buckets(scope, sum) => self.buckets(device, &scope, sum, &body)?,
                    Work::Pages(scope, _) => self.pages(device, &scope, &body)?,
                    Work::Rows(pages) => self.mended(device, &pages, &body)?,
                    Work::BringBack => self.brought(device, &body)?,
                    Work::File(sending) => self.uploaded(device, sending, &body)?,
                    Work::Fetch(file) => self.fetched(device, &file, body)?,
                    Work::Proof(visit, entry) => proof::keep(device, visit, entry, &body)?,
                };
                match understood {
                    Ok(()) => self.next(device),
                    Err(what) => self.end(device, Outcome::NotUnderstood(what)),
                }
            }
            Stage::Idle | Stage::Done => self.end(device, Outcome::Settled),
        }
    }

    /// The next sync redeems the code once more.
    pub(super) fn enrol_again(&mut self, device: &Device, problem: Problem) -> Result<Effect, DeviceError> {
        let db = device.store.read();
        life::set_enrolled(db, false)?;
        life::set_token(db, None)?;
        self.end(device, Outcome::TurnedAway(problem))
    }

    fn turned_away(&mut self, device: &mut Device, stage: Stage, answer: Answer) -> Result<Effect, DeviceError> {
        let problem = answer.clone().problem();
        if stage == Stage::HandingIn {
            return self.not_handed_in(device, problem);
        }
        if problem.code == Code::DeviceRevoked.name() {
            return self.revoked(device);
        }
        match stage {
            Stage::Working(_) | Stage::Nonce if problem.status == 401 && !self.renewed => {
                self.renewed = true;
                life::set_token(device.store.read(), None)?;
                // A relay that knows the phone by its old token sends the nonce along.
                match answer.decoded().ok().map(|body| access::token(device, &body)).transpose()? {
                    Some(Ok(call)) => {
                        self.stage = Stage::Token;
                        self.call(call)
                    }
                    Some(Err(_)) | None => self.go_on(device),
                }
            }
            Stage::Token if problem.code == Code::NonceInvalid.name() && !self.renewed => {
                self.renewed = true;
                self.go_on(device)
            }
            // The server was put back to before this phone's enrolment.
            _ if problem.code == Code::DeviceUnknown.name() => self.enrol_again(device, problem),
            Stage::Working(Work::BringBack) if matches!(problem.status, 404 | 405) => {
                self.brings_nothing(device)?;
                self.next(device)
            }
            // A file that isn't taken must not keep the next one back.
            Stage::Working(Work::File(sending)) if problem.status != 401 => {
                self.not_uploaded(device, sending, &problem)?;
                self.next(device)
            }
            // Nor must a countersignature that can't be had.
            Stage::Working(Work::Proof(_, entry)) if problem.status != 401 => {
                if !problem.is_passing() {
                    proofs::keep(device.store.read(), entry, "")?;
                }
                self.next(device)
            }
            Stage::Working(Work::Fetch(file)) if problem.code == Code::BlobErased.name() => {
                blobs::erase(device.store.read(), &file)?;
                self.end(device, Outcome::TurnedAway(problem))
            }
            _ => self.end(device, Outcome::TurnedAway(problem)),
        }
    }
}
