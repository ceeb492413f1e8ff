//! What the server said of each step. Settled ones keep the log's envelope; refused ones go to quarantine, word for
//! word, with whatever rests on them.

use super::Intake;
use crate::desk::guess_pins;
use crate::store::outbox::{Step, StepKind, StepState};
use crate::store::quarantine::Reason;
use crate::store::rows::{ChangeRow, DecisionRow};
use crate::store::{Stored, outbox, quarantine, rows};
use outpost_model::envelope::Envelope;
use outpost_model::id::Hash;
use outpost_model::problem::Code;
use outpost_model::wire::{Refused, StepVerdict, Verdict};

/// What a step that waits for somebody else's rows waits, in milliseconds.
const WAIT_FOR_OTHERS: i64 = 10 * 60_000;

impl Intake<'_> {
    pub fn verdicts(&mut self, verdicts: Vec<StepVerdict>) -> Stored<()> {
        let mut refused = false;
        for StepVerdict { no, verdict } in verdicts {
            let Some(step) = outbox::find(self.db, no)? else { continue };
            if !step.state.is_pending() {
                // An answer that came twice.
                continue;
            }
            match verdict {
                Verdict::Admitted(envelope) => {
                    self.tally.admitted += 1;
                    self.admitted(step, envelope)?;
                }
                Verdict::AlreadyHad(envelope) => {
                    self.tally.already_had += 1;
                    self.admitted(step, envelope)?;
                }
                Verdict::AlreadySo(_) => {
                    self.tally.already_so += 1;
                    self.tally.settled += 1;
                    outbox::set_already_so(self.db, no)?;
                    quarantine::release(self.db, no)?;
                    self.touched.pages.insert(step.page);
                }
                Verdict::Refused(why) => {
                    refused = true;
                    self.refuse(&step, &reason(why))?;
                }
                Verdict::Deferred(code, wait) => {
                    self.tally.deferred += 1;
                    outbox::set_deferred(self.db, no, &code.0, self.now.plus(i64::from(wait)))?;
                }
                Verdict::Needs(hashes) => refused |= self.needs(&step, &hashes)?,
            }
        }
        if refused { self.refuse_dependents() } else { Ok(()) }
    }

    fn admitted(&mut self, step: Step, envelope: Envelope) -> Stored<()> {
        self.tally.settled += 1;
        quarantine::release(self.db, step.no)?;
        if rows::is_aside(self.db, step.page, &step.hash)? {
            // The server has what this says, by another change: asked again, it said so again.
            outbox::set_admitted(self.db, step.no)?;
            return Ok(());
        }
        let content = self.content(&step)?;
        outbox::set_admitted(self.db, step.no)?;
        let row = |raw| ChangeRow { page: step.page, hash: step.hash, raw, envelope: envelope.clone(), mac: None };
        match step.kind {
            StepKind::Change => self.change(row(content)),
            StepKind::Command { .. } => {
                let text = String::from_utf8(content).unwrap_or_default();
                let mut row = DecisionRow::read(step.page, text, String::new(), envelope, None);
                // Until the row itself comes down, the phone goes by what it can tell of the pins.
                row.pins = match &row.command {
                    Some(command) => rows::print_pins(&guess_pins(self.db, self.owner, &command.ask)?)?,
                    None => "{}".to_owned(),
                };
                self.decision(row)
            }
        }
    }

    /// A step's bytes; once admitted, and offered again, they are in the log's row.
    fn content(&self, step: &Step) -> Stored<Vec<u8>> {
        if !step.content.is_empty() {
            return Ok(step.content.clone());
        }
        Ok(rows::content(self.db, step.page, &step.hash)?.unwrap_or_default())
    }

    fn refuse(&mut self, step: &Step, reason: &Reason) -> Stored<()> {
        self.tally.refused += 1;
        self.tally.settled += 1;
        let content = self.content(step)?;
        quarantine::put(self.db, step, &content, reason)?;
        rows::remove(self.db, step.page, &step.hash)?;
        // The page is read again from what the server has, and what is still on its way.
        self.shelf.forget(&step.page);
        self.touched.pages.insert(step.page);
        Ok(())
    }

    /// Whatever rests on something in quarantine goes there, too: sent alone it would only be refused in turn.
    pub(super) fn refuse_dependents(&mut self) -> Stored<()> {
        for step in outbox::pending(self.db)? {
            for need in &step.needs {
                if quarantine::holds(self.db, *need)? || self.is_double(*need)? {
                    let policy = crate::store::records::policy(self.db)?.map_or(0, |policy| policy.version);
                    self.refuse(&step, &needs_refused(format!("step {need}"), policy))?;
                    break;
                }
            }
        }
        Ok(())
    }

    /// Whether the server has what that step says by another change: its own hash is nowhere.
    fn is_double(&self, no: u32) -> Stored<bool> {
        let step = outbox::find(self.db, no)?;
        Ok(step.is_some_and(|step| step.kind == StepKind::Change && step.state == StepState::AlreadySo))
    }

    /// The server lacks changes that this step, or one that it needs, rests on: this phone's own are offered again
    /// before it.
    fn needs(&mut self, step: &Step, hashes: &[Hash]) -> Stored<bool> {
        outbox::set_kept(self.db, step.no)?;
        for hash in hashes {
            match outbox::find_hash(self.db, hash)? {
                Some(own) if own.state.is_pending() => {}
                Some(own) if self.is_double(own.no)? => {
                    self.refuse(step, &needs_refused(hash.to_string(), 0))?;
                    return Ok(true);
                }
                Some(own) => {
                    outbox::set_kept(self.db, own.no)?;
                    self.tally.offered_again += 1;
                }
                None if rows::has(self.db, hash)? => {
                    let at = self.now.plus(WAIT_FOR_OTHERS);
                    outbox::set_deferred(self.db, step.no, Code::SawUnknown.name(), at)?;
                    self.tally.deferred += 1;
                }
                None => {
                    self.refuse(step, &needs_refused(hash.to_string(), 0))?;
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

fn reason(why: Refused) -> Reason {
    Reason { code: why.code.0, detail: why.detail, by: why.by, at: why.at, policy: why.policy }
}

fn needs_refused(detail: String, policy: u32) -> Reason {
    Reason { code: Code::NeedsRefused.name().to_owned(), detail, by: None, at: None, policy }
}
