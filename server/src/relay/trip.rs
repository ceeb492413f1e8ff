//! One round trip: what the phone brings is judged and committed, the contact is counted, and what is new for it
//! goes back.

use super::book::Book;
use super::context::Context;
use super::counts::count;
use super::device::Stated;
use super::log;
use super::push::{Prepared, Push, ReadStep, Work};
use super::take::{Halt, Taking};
use super::{Denied, Relay, contact, device, epoch, pull, push, verdicts};
use crate::store::{StoreError, Tx};
use outpost_model::access::Actor;
use outpost_model::admission::Examined;
use outpost_model::id::{DeviceId, Hash, TenantId};
use outpost_model::problem::Code;
use outpost_model::time::Millis;
use outpost_model::wire::{Content, Cursor, StepVerdict, SyncReply, SyncRequest, VERSION, Verdict};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// What the commit leaves to the answer.
struct Committed {
    server: Millis,
    contact: u32,
    verdicts: Vec<StepVerdict>,
    actor: Actor,
}

impl Relay {
    pub(super) fn round_trip(&self, device: &DeviceId, mut request: SyncRequest) -> Result<SyncReply, Denied> {
        let tenant = self.context.tenant.get().ok_or_else(|| Denied::new(Code::DeviceUnknown, device.as_str()))?;
        if let Some(cursor) = &request.cursor {
            self.notice_lost_time(tenant, cursor)?;
        }
        let mut push = push::read(&mut request)?;
        let (mut prepared, mut put_off) = (Prepared::default(), Vec::new());
        if !push.steps.is_empty() {
            // Whoever may not send, or not so much, doesn't make the gate work either.
            prepared = self.store.read(|db| match device::actor(db, tenant, device)? {
                Ok(_) => {
                    // What was captured after the lost time rests on rows that are to be brought back first.
                    put_off = match &request.cursor {
                        Some(cursor) if pull::is_of_another_time(db, tenant, cursor)? => {
                            after_what_comes_back(&mut push)
                        }
                        _ => self.put_off(device, &mut push),
                    };
                    Ok(Ok(push.prepare(db, tenant, &self.context, device)?))
                }
                Err(denied) => Ok(Err(denied)),
            })??;
        }
        let push = Arc::new(push);
        let stated = Stated::of(&request);
        let mut committed = self.commit(tenant, device, &stated, &push, prepared)?;
        let pushed = had_by_phone(&push, &committed.verdicts);
        committed.verdicts.extend(put_off);
        let reader = pull::Reader { tenant, user: &committed.actor.user, key: &self.context.mac_key };
        let pulled = self.store.read(|db| pull::pull(db, &reader, request.cursor.as_ref(), &pushed))?;
        count(&self.context.counts.syncs, 1);
        count(&self.context.counts.rows_pulled, pulled.items.len() as u64);
        Ok(SyncReply {
            version: VERSION,
            server: committed.server,
            contact: committed.contact,
            verdicts: committed.verdicts,
            items: pulled.items,
            cursor: pulled.cursor,
            digests: pulled.digests,
            more: pulled.more,
            offer_all: pulled.offer_all,
        })
    }

    /// A phone shows a place that this relay gave out and its log doesn't know: the log was put back to an earlier time.
    /// Another epoch begins, and every phone offers what it holds.
    fn notice_lost_time(&self, tenant: &TenantId, cursor: &Cursor) -> Result<(), Denied> {
        let key = &self.context.mac_key;
        let (shows, tells) = self.store.read(|db| {
            Ok((epoch::shows_a_lost_time(db, tenant, key, cursor)?, epoch::tells_of_more(db, tenant, key, cursor)?))
        })?;
        if tells {
            let (of, cursor) = (tenant.clone(), cursor.clone());
            self.store.write(move |tx| epoch::learn(tx, &of, &cursor))?;
        }
        if !shows {
            return Ok(());
        }
        let (of, key, cursor, now) = (tenant.clone(), self.context.mac_key, cursor.clone(), self.context.clock.now());
        let shown = cursor.seq;
        let begun = self.store.write(move |tx| {
            // Another phone may have shown it meanwhile.
            if !epoch::shows_a_lost_time(tx, &of, &key, &cursor)? {
                return Ok(None);
            }
            let lost = epoch::Lost { epoch: cursor.epoch, known: Some(cursor.seq), ..epoch::Lost::default() };
            epoch::begin(tx, &of, epoch::Why::ShownByPhone, &lost, now).map(Some)
        })?;
        if let Some(epoch) = begun {
            count(&self.context.counts.epochs, 1);
            tracing::warn!(epoch, shown, "the log was put back to an earlier time: a phone knows rows that it lacks");
        }
        Ok(())
    }

    /// Takes out the steps beyond the device's budget: always the last ones, so whatever rests on one is put off too.
    fn put_off(&self, device: &DeviceId, push: &mut Push) -> Vec<StepVerdict> {
        let (taken, verdict) = self.context.budgets.spend(device, push.steps.len(), self.context.clock.now());
        push.steps.drain(taken..).map(|step| StepVerdict { no: step.no, verdict: verdict.clone() }).collect()
    }

    fn commit(
        &self,
        tenant: &TenantId,
        device: &DeviceId,
        stated: &Stated,
        push: &Arc<Push>,
        prepared: Prepared,
    ) -> Result<Committed, Denied> {
        let mut prepared = Some(prepared);
        loop {
            // Without a trial every change is tried by itself.
            let (context, tenant, device) = (self.context.clone(), tenant.clone(), device.clone());
            let (stated, push, first) = (stated.clone(), push.clone(), prepared.take());
            let again = first.is_none();
            let job = move |tx: &mut Tx<'_>| judge_and_write(tx, &context, &tenant, &device, &stated, &push, first);
            match self.store.write(job)? {
                Outcome::Done(committed) => return Ok(committed),
                Outcome::Denied(denied) => return Err(denied),
                Outcome::Again if !again => {}
                Outcome::Again => return Err(Denied::new(Code::ServerBusy, "")),
            }
        }
    }
}

fn after_what_comes_back(push: &mut Push) -> Vec<StepVerdict> {
    let again = Verdict::Deferred(Code::ServerBusy.into(), 0);
    push.steps.drain(..).map(|step| StepVerdict { no: step.no, verdict: again.clone() }).collect()
}

enum Outcome {
    Done(Committed),
    Denied(Denied),
    Again,
}

fn judge_and_write(
    tx: &mut Tx<'_>,
    context: &Arc<Context>,
    tenant: &TenantId,
    device: &DeviceId,
    stated: &Stated,
    push: &Push,
    prepared: Option<Prepared>,
) -> Result<Outcome, StoreError> {
    let actor = match device::actor(tx, tenant, device)? {
        Ok(actor) => actor,
        Err(denied) => {
            tx.undo();
            return Ok(Outcome::Denied(denied));
        }
    };
    let now = context.clock.now();
    let (server, verdicts, closed) = if push.steps.is_empty() {
        let end = log::end(tx, tenant)?;
        (now.max(end.moment), Vec::new(), None)
    } else {
        let mut book = Book::open(tx, tenant, context)?;
        book.set_moment(now);
        let server = book.end.moment;
        let Prepared { mut examined, trials } = prepared.unwrap_or_default();
        examined.resize_with(push.steps.len(), || None);
        let mut taking = Taking::new(book, actor.clone(), device.clone(), trials);
        let judged = judge_steps(&mut taking, push, examined).and_then(|verdicts| Ok((verdicts, taking.finish()?)));
        match judged {
            Ok((verdicts, closed)) => (server, verdicts, Some(closed)),
            Err(Halt::Store(error)) => return Err(error),
            Err(Halt::Again) => {
                tx.undo();
                return Ok(Outcome::Again);
            }
        }
    };
    let contact = contact::note(tx, tenant, device, stated, server)?;
    if let Some(closed) = closed {
        context.publish(tx, closed);
    }
    Ok(Outcome::Done(Committed { server, contact, verdicts, actor }))
}

pub(super) fn judge_steps(
    taking: &mut Taking<'_>,
    push: &Push,
    examined: Vec<Option<Examined>>,
) -> Result<Vec<StepVerdict>, Halt> {
    let mut verdicts: BTreeMap<u32, Verdict> = BTreeMap::new();
    for (step, examined) in push.steps.iter().zip(examined) {
        let verdict = match blocked(step, &verdicts, taking) {
            Some(verdict) => {
                if let (Work::Change { raw, .. }, Verdict::Refused(_)) = (&step.work, &verdict) {
                    taking.pass_over(raw);
                }
                verdict
            }
            None => judge_step(taking, step, examined)?,
        };
        if matches!(verdict, Verdict::Refused(_)) {
            taking.book.count_refusal();
        }
        verdicts.insert(step.no, verdict);
    }
    Ok(verdicts.into_iter().map(|(no, verdict)| StepVerdict { no, verdict }).collect())
}

/// The verdict on a step that rests on one which wasn't taken.
fn blocked(step: &ReadStep, verdicts: &BTreeMap<u32, Verdict>, taking: &Taking<'_>) -> Option<Verdict> {
    step.needs.iter().find_map(|need| match verdicts.get(need)? {
        Verdict::Refused(_) => Some(taking.refuse(Code::NeedsRefused, need.to_string())),
        waiting @ (Verdict::Deferred(..) | Verdict::Needs(_)) => Some(waiting.clone()),
        Verdict::Admitted(_) | Verdict::AlreadyHad(_) | Verdict::AlreadySo(_) => None,
    })
}

fn judge_step(taking: &mut Taking<'_>, step: &ReadStep, examined: Option<Examined>) -> Result<Verdict, Halt> {
    match &step.work {
        Work::Change { header, raw } => taking.take_change(header, raw, examined),
        Work::Command { command, source } => Ok(taking.take_command(command, source)?),
        Work::Unreadable { code, detail, raw } => {
            let verdict = taking.refuse(*code, detail);
            if let Verdict::Refused(refused) = &verdict {
                let (book, now) = (&taking.book, taking.book.end.moment);
                verdicts::keep_refused(book.db(), &book.tenant, &taking.device, raw, refused, now)?;
            }
            Ok(verdict)
        }
    }
}

/// Changes of this request that are in the log: the phone has them, so they needn't travel back.
fn had_by_phone(push: &Push, verdicts: &[StepVerdict]) -> HashSet<Hash> {
    let mut had = HashSet::new();
    for (step, verdict) in push.steps.iter().zip(verdicts) {
        if let (Work::Change { raw, .. }, Verdict::Admitted(_) | Verdict::AlreadyHad(_)) =
            (&step.work, &verdict.verdict)
        {
            had.insert(Content::Change(raw.clone().into()).hash());
        }
    }
    had
}
