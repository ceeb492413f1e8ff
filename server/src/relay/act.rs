//! What a person does at the console: one act, a decision or an entry on a page or both, taken whole or not at all.
//! The same act sent again has one effect. The person is a keyless device of his own; the server writes for him,
//! over what his form showed.

use super::book::Book;
use super::context::Context;
use super::form::{After, ConsoleAct, ConsoleWrite, Heads};
use super::hot::HotPage;
use super::take::{Halt, Taking};
use super::{Denied, Relay, device, records, verdicts};
use crate::store::{StoreError, Tx};
use hmac::{Hmac, Mac};
use minicbor::{Decode, Encode};
use outpost_model::command::{Ask, Command};
use outpost_model::entry::{Body, Entry, Evidence};
use outpost_model::envelope::Envelope;
use outpost_model::header::Header;
use outpost_model::id::{CommandId, DeviceId, EntryId, Hash, UserId};
use outpost_model::page::Draft;
use outpost_model::problem::Code;
use outpost_model::time::Millis;
use outpost_model::wire::{Refused, Verdict, frame, parse_frame};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub struct ActReply {
    /// What came of the question.
    #[n(0)]
    pub decided: Option<Decided>,
    /// The change that was written.
    #[n(1)]
    pub written: Option<(Hash, Envelope)>,
    /// The ids of its entries.
    #[n(2)]
    pub entries: Vec<EntryId>,
}

#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub enum Decided {
    #[n(0)]
    Taken(#[n(0)] Envelope),
    /// The same was decided before, by this command.
    #[n(1)]
    AlreadySo(#[n(0)] CommandId),
}

impl Relay {
    pub(super) fn take_act(&self, user: &UserId, act: ConsoleAct) -> Result<ActReply, Denied> {
        if self.context.tenant.get().is_none() {
            return Err(Denied::new(Code::PersonInactive, user.as_str()));
        }
        let (context, user) = (self.context.clone(), user.clone());
        self.store.write(move |tx| {
            let done = do_act(tx, &context, &user, &act);
            match done {
                Ok(reply) => Ok(Ok(reply)),
                Err(Stop::Store(error)) => Err(error),
                Err(Stop::Denied(denied)) => {
                    tx.undo();
                    Ok(Err(denied))
                }
            }
        })?
    }
}

enum Stop {
    Store(StoreError),
    Denied(Denied),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Stop::Store(error)
    }
}
impl From<Denied> for Stop {
    fn from(denied: Denied) -> Self {
        Stop::Denied(denied)
    }
}
impl From<Halt> for Stop {
    fn from(halt: Halt) -> Self {
        match halt {
            Halt::Store(error) => Stop::Store(error),
            Halt::Again => Stop::Denied(Denied::new(Code::ServerBusy, "")),
        }
    }
}

fn do_act(tx: &mut Tx<'_>, context: &Arc<Context>, user: &UserId, act: &ConsoleAct) -> Result<ActReply, Stop> {
    let tenant = context.tenant.get().ok_or_else(|| StoreError::damaged("no tenant"))?;
    let actor = device::actor_of(tx, tenant, user)??;
    let mut book = Book::open(tx, tenant, context)?;
    book.set_moment(context.clock.now());
    let device = device::open_console(tx, tenant, user, book.end.moment)?;
    let spelled = serde_json::to_string(act).map_err(|error| Denied::new(Code::BadRequest, error.to_string()))?;
    let content = Hash::of(spelled.as_bytes());
    // The whole act is answered under an id of its own, beside the decision's.
    let kept_id = CommandId::derived(&["act", &act.id.to_string()]);
    if let Some(known) = verdicts::recall(tx, tenant, &device, kept_id)? {
        return match known.content == content {
            true => Ok(parse_frame(&known.reply).map_err(StoreError::damaged)?),
            false => Err(Denied::new(Code::CommandReused, act.id.to_string()).into()),
        };
    }
    let mut taking = Taking::new(book, actor, device.clone(), HashMap::new());
    let decided = act.ask.as_ref().map(|ask| decide(&mut taking, act, ask)).transpose()?;
    let mut reply = ActReply { decided, written: None, entries: Vec::new() };
    if let Some(write) = &act.write {
        let (hash, envelope, entries) = log_entries(&mut taking, context, act.id, write)?;
        (reply.written, reply.entries) = (Some((hash, envelope)), entries);
    }
    let closed = taking.finish()?;
    verdicts::remember(tx, tenant, &device, (kept_id, &content), &frame(&reply), None)?;
    context.publish(tx, closed);
    Ok(reply)
}

fn decide(taking: &mut Taking<'_>, act: &ConsoleAct, ask: &Ask) -> Result<Decided, Stop> {
    let (db, tenant) = (taking.book.db(), taking.book.tenant.clone());
    let page = ask.place(&tenant, &taking.actor.user).page(&tenant);
    let after = match act.after {
        After::Nothing => None,
        After::Decision(after) => Some(after),
        After::Now => records::last_on(db, &tenant, page)?,
    };
    let heads = match &act.heads {
        Heads::These(heads) => heads.clone(),
        Heads::Now => taking.book.page(page)?.map(|hot| hot.index.heads()).unwrap_or_default(),
    };
    let evidence = evidence(taking)?;
    let command = Command { id: act.id, ask: ask.clone(), evidence, heads, after };
    command.check().map_err(|fault| Denied::new(Code::BadCommand, fault.to_string()))?;
    let source = command.canonical().map_err(|fault| Denied::new(Code::BadCommand, fault.to_string()))?;
    match taking.take_command(&command, &source)? {
        Verdict::Admitted(envelope) | Verdict::AlreadyHad(envelope) => Ok(Decided::Taken(envelope)),
        Verdict::AlreadySo(id) => Ok(Decided::AlreadySo(id)),
        Verdict::Refused(refused) => Err(denied_for(refused).into()),
        Verdict::Deferred(..) | Verdict::Needs(_) => Err(Denied::new(Code::ServerBusy, "").into()),
    }
}

/// One change with the entries, over the values that the form showed.
fn log_entries(
    taking: &mut Taking<'_>,
    context: &Context,
    act: CommandId,
    write: &ConsoleWrite,
) -> Result<(Hash, Envelope, Vec<EntryId>), Stop> {
    taking.book.meet_page(&write.header)?.map_err(Denied::from)?;
    let hot = taking.book.expect_page(write.header.page())?;
    let (mut draft, mut ids) = (Draft::default(), Vec::new());
    for (place, (id, body)) in write.entries.iter().enumerate() {
        if let Body::Set { field, value } = body {
            if let Some(newer) = unseen(&hot, field, &write.seen) {
                return Err(Denied { by: newer, ..Denied::new(Code::StaleForm, field) }.into());
            }
            draft.fields.push((field.clone(), value.clone()));
        }
        let id = id.unwrap_or_else(|| made_id(act, place, taking.book.end.moment));
        let entry = Entry { body: body.clone(), evidence: evidence(taking)?, replaces: None, at: None };
        let text = entry.check(write.header.kind()).and_then(|()| entry.canonical());
        draft.entries.push((id, text.map_err(|fault| Denied::new(Code::BadEntry, fault.to_string()))?));
        ids.push(id);
    }
    let mut doc = hot.doc(taking.book.db(), &taking.book.tenant)?.clone();
    let actor = pen(context, taking.book.end.epoch, &taking.device, &write.header);
    let written = doc.write(actor, &draft).map_err(|fault| Denied::new(Code::BadRequest, fault.to_string()))?;
    match taking.take_change(&write.header, &written.raw, None)? {
        Verdict::Admitted(envelope) | Verdict::AlreadyHad(envelope) => Ok((written.hash, envelope, ids)),
        Verdict::Refused(refused) => Err(denied_for(refused).into()),
        Verdict::AlreadySo(_) | Verdict::Deferred(..) | Verdict::Needs(_) => {
            Err(Denied::new(Code::ServerBusy, "").into())
        }
    }
}

/// Who wrote, and when, what the field shows and the form didn't: the latest of it.
fn unseen(hot: &HotPage, field: &str, seen: &Heads) -> Option<Option<(UserId, Millis)>> {
    let Heads::These(seen) = seen else { return None };
    let newer = hot.index.values(field).filter(|shown| !hot.index.covers(seen, &shown.change));
    let author = |change: &Hash| hot.envelope(change).map(|envelope| (envelope.user.clone(), envelope.admitted));
    let authors = newer.map(|shown| author(&shown.change)).max_by_key(|author| author.as_ref().map(|(_, at)| *at));
    authors.map(|author| author.and_then(|(user, at)| Some((user, at?.received))))
}

/// At the console the server's clock is the device's.
fn evidence(taking: &Taking<'_>) -> Result<Evidence, StoreError> {
    let (book, clock) = (&taking.book, taking.book.end.moment);
    Ok(Evidence {
        by: taking.actor.user.clone(),
        clock,
        zone: book.policy.zone.offset_minutes(clock),
        contact: 0,
        epoch: 1,
        n: device::count_capture(book.db(), &book.tenant, &taking.device)?,
        mono: None,
    })
}

/// The automerge actor of a person's place at the console on one page: nobody can guess it and come first, and after
/// a restore it is another.
fn pen(context: &Context, epoch: u32, device: &DeviceId, header: &Header) -> [u8; 16] {
    let mut mac = Hmac::<Sha256>::new_from_slice(&context.mac_key).expect("a key of any length will do");
    mac.update(b"outpost pen 1\0");
    mac.update(&epoch.to_be_bytes());
    mac.update(&header.page().0);
    mac.update(device.as_str().as_bytes());
    let mut actor = [0; 16];
    actor.copy_from_slice(&mac.finalize().into_bytes()[..16]);
    actor
}

fn made_id(act: CommandId, place: usize, now: Millis) -> EntryId {
    let digest = Sha256::digest([&act.0[..], &(place as u64).to_be_bytes()].concat());
    let mut random = [0; 10];
    random.copy_from_slice(&digest[..10]);
    EntryId::v7(now.0.max(0) as u64, random)
}

fn denied_for(refused: Refused) -> Denied {
    let code = Code::parse(&refused.code.0).unwrap_or(Code::BadRequest);
    Denied { code, detail: refused.detail, by: refused.by.zip(refused.at) }
}
