//! A small model of the relay, to hold it against step by step: rows in a list, looked through from end to end at each
//! question. It knows neither SQL nor transactions, caches, books nor trials before the lock, and shares with the relay
//! only what the rules themselves are made of: the gate, the judge and the fold.
//!
//! It hears every push with its answer, and says where it would have answered otherwise. What went into the log unheard
//! (at the console, or as the relay died over its answer) it reads there, and says where it would not have let it in.

mod desk;

use crate::cast::{header, tenant};
use crate::log_book::LogRow;
use outpost_model::access::Actor;
use outpost_model::admission::{PageIndex, Verdict as Gate};
use outpost_model::command::{Ask, Command};
use outpost_model::decision::{Decision, NumberBlock, Pins};
use outpost_model::entry::{Body, Entry};
use outpost_model::envelope::Envelope;
use outpost_model::header::{Header, Subject};
use outpost_model::id::{CommandId, DeviceId, EntryId, Hash, PageId, UserId};
use outpost_model::judge::{Denial, Ruling, judge, may_log};
use outpost_model::problem::Code;
use outpost_model::signature::{covered, digest};
use outpost_model::wire::{Content, SyncReply, SyncRequest, Verdict, What};
use outpost_server::relay::SYSTEM;
use std::collections::{BTreeMap, HashMap, HashSet};

struct Sheet {
    index: PageIndex,
    envelopes: HashMap<Hash, Envelope>,
}

#[derive(Default)]
pub struct Reference {
    rows: Vec<(DeviceId, Hash)>,
    pages: BTreeMap<PageId, Sheet>,
    decisions: Vec<(PageId, Decision)>,
    answered: HashMap<(DeviceId, CommandId), (Hash, Verdict)>,
    /// How far had read who asked for what was so already.
    seen: HashMap<(DeviceId, CommandId), u64>,
    /// Commands whose answer nobody heard.
    unheard: HashSet<CommandId>,
    /// Rows that phones bring back after the log was put back: they were judged once, and are taken as they were.
    returning: HashSet<Hash>,
    /// Through which device the judge is asked, while he is.
    asker: Option<DeviceId>,
    pub troubles: Vec<String>,
}

/// What the model would answer. A row's place in the log follows from the answers before.
#[derive(Debug, PartialEq)]
enum Guess {
    Admitted,
    AlreadyHad(u64),
    AlreadySo(CommandId),
    Refused(Code),
    Needs(HashSet<Hash>),
    Deferred,
    /// It hangs on an answer that nobody heard.
    Open,
}

impl Reference {
    pub fn end(&self) -> u64 {
        self.rows.len() as u64
    }

    /// The log was put back to an earlier time: it is to be read anew.
    pub fn forget(&mut self) {
        let unheard = std::mem::take(&mut self.seen).into_keys().map(|(_, command)| command).collect();
        *self = Self { troubles: std::mem::take(&mut self.troubles), unheard, ..Self::default() };
    }

    pub fn may_return(&mut self, rows: impl Iterator<Item = Hash>) {
        self.returning.extend(rows);
    }

    /// A push of which nobody heard the answer.
    pub fn overhear(&mut self, request: &SyncRequest) {
        for step in &request.steps {
            if let What::Command(text) = &step.what
                && let Ok(command) = Command::parse(text)
            {
                self.unheard.insert(command.id);
            }
        }
    }

    /// A push and its answer. `pins` are those of the log, by sequence.
    pub fn hear(
        &mut self,
        device: &DeviceId,
        request: &SyncRequest,
        reply: &SyncReply,
        pins: &dyn Fn(u64) -> Option<String>,
    ) {
        let Some(actor) = self.actor(device) else {
            return self.troubles.push(format!("M1 {device} was heard, and may not speak"));
        };
        self.asker = Some(device.clone());
        let (mut given, mut refused): (HashMap<u32, &Verdict>, _) = (HashMap::new(), HashSet::new());
        for step in &request.steps {
            let Some(said) = reply.verdicts.iter().find(|said| said.no == step.no).map(|said| &said.verdict) else {
                self.troubles.push(format!("M1 {device}: no verdict on step {}", step.no));
                continue;
            };
            let blocked = step.needs.iter().find_map(|need| match given.get(need)? {
                Verdict::Refused(_) => Some(Guess::Refused(Code::NeedsRefused)),
                Verdict::Needs(hashes) => Some(Guess::Needs(hashes.iter().copied().collect())),
                Verdict::Deferred(..) => Some(Guess::Deferred),
                _ => None,
            });
            let guess = blocked.unwrap_or_else(|| match &step.what {
                What::Change(place, raw) => match request.pages.get(*place as usize).map(|text| Header::parse(text)) {
                    Some(Ok(header)) => self.change(&header, raw, device, &actor, &refused),
                    _ => Guess::Refused(Code::PageMismatch),
                },
                What::Command(text) => self.command(text, device, &actor),
            });
            if !self.is(&guess, said) {
                self.troubles
                    .push(format!("M2 {device} step {}: the relay says {said:?}, the model {guess:?}", step.no));
            }
            if let (What::Change(_, raw), Verdict::Refused(_)) = (&step.what, said) {
                refused.insert(Content::Change(raw.clone()).hash());
            }
            given.insert(step.no, said);
            self.follow(&step.what, request, said, device, pins);
        }
        self.asker = None;
    }

    /// A push that was denied as a whole.
    pub fn hear_denied(&mut self, device: &DeviceId, code: Code) {
        let may = self.actor(device).is_some();
        if may && matches!(code, Code::DeviceRevoked | Code::DeviceUnknown | Code::PersonInactive) {
            self.troubles.push(format!("M1 {device} was told {}, and may speak", code.name()));
        }
    }

    fn is(&self, guess: &Guess, said: &Verdict) -> bool {
        let next = self.end() + 1;
        let seq = |envelope: &Envelope| envelope.admitted.map_or(0, |admitted| admitted.seq);
        match (guess, said) {
            (Guess::Open, _) => true,
            (Guess::Admitted, Verdict::Admitted(envelope)) => seq(envelope) == next,
            (Guess::AlreadyHad(known), Verdict::AlreadyHad(envelope) | Verdict::Admitted(envelope)) => {
                seq(envelope) == *known
            }
            (Guess::AlreadySo(known), Verdict::AlreadySo(id)) => known == id,
            (Guess::Refused(code), Verdict::Refused(refused)) => refused.code.0 == code.name(),
            (Guess::Needs(known), Verdict::Needs(hashes)) => hashes.iter().all(|hash| known.contains(hash)),
            (_, Verdict::Deferred(..)) => true,
            _ => false,
        }
    }

    fn change(&self, header: &Header, raw: &[u8], device: &DeviceId, actor: &Actor, refused: &HashSet<Hash>) -> Guess {
        let page = header.page();
        let begun = PageIndex::new(header.clone());
        let sheet = self.pages.get(&page);
        let is_place = sheet.is_none() && self.decisions.iter().any(|(place, _)| *place == page);
        if header.tenant != tenant() || is_place || sheet.is_some_and(|sheet| sheet.index.header() != header) {
            return Guess::Refused(Code::PageMismatch);
        }
        let index = sheet.map_or(&begun, |sheet| &sheet.index);
        let examined = match index.examine(raw, device) {
            Ok(examined) => examined,
            Err(Gate::AlreadyHad { hash }) => {
                let known = sheet.and_then(|sheet| sheet.envelopes.get(&hash)?.admitted);
                return Guess::AlreadyHad(known.map_or(0, |admitted| admitted.seq));
            }
            Err(Gate::Needs(hashes)) if hashes.iter().any(|hash| refused.contains(hash)) => {
                return Guess::Refused(Code::NeedsRefused);
            }
            Err(Gate::Needs(hashes)) => return Guess::Needs(hashes.into_iter().collect()),
            Err(Gate::Refused(refusal)) => return Guess::Refused(refusal.code.into()),
        };
        let entries: Vec<(EntryId, Entry)> =
            examined.entries().iter().map(|(id, entry)| (*id, Entry::clone(entry))).collect();
        match may_log(header, &entries, actor, self) {
            Err(denial) => Guess::Refused(denial.code),
            Ok(()) if entries.iter().all(|(_, entry)| is_as_shown(index, entry)) => Guess::Admitted,
            Ok(()) => Guess::Refused(Code::BadEntry),
        }
    }

    fn command(&self, text: &str, device: &DeviceId, actor: &Actor) -> Guess {
        let Ok(command) = Command::parse(text) else { return Guess::Refused(Code::BadCommand) };
        let content = Hash::of(text.as_bytes());
        if self.unheard.contains(&command.id) || command.after.is_some_and(|after| self.unheard.contains(&after)) {
            return Guess::Open;
        }
        match self.answered.get(&(device.clone(), command.id)) {
            Some((known, _)) if *known != content => return Guess::Refused(Code::CommandReused),
            Some((_, Verdict::AlreadySo(same))) => return Guess::AlreadySo(*same),
            Some((_, Verdict::Admitted(envelope))) => {
                return Guess::AlreadyHad(envelope.admitted.map_or(0, |admitted| admitted.seq));
            }
            _ => {}
        }
        if let Some((_, decision)) = self.decisions.iter().find(|(_, decision)| decision.id() == command.id) {
            let seq = decision.envelope.admitted.map_or(0, |admitted| admitted.seq);
            let same = self.rows.get(seq as usize - 1).is_some_and(|(_, hash)| *hash == content);
            return if same { Guess::AlreadyHad(seq) } else { Guess::Refused(Code::CommandReused) };
        }
        match self.judged(&command, actor) {
            Ok(Ruling::Taken(_)) => Guess::Admitted,
            Ok(Ruling::AlreadySo(id)) => Guess::AlreadySo(id),
            Err(denial) => Guess::Refused(denial.code),
        }
    }

    fn judged(&self, command: &Command, actor: &Actor) -> Result<Ruling, Denial> {
        let ruling = judge(command, actor, self)?;
        let page = header_of(&command.ask);
        let taken = page.is_some_and(|page| {
            let other = self.pages.get(&page.page()).is_some_and(|sheet| *sheet.index.header() != page);
            other && matches!(ruling, Ruling::Taken(_))
        });
        if taken { Err(Denial::new(Code::PageMismatch, "")) } else { Ok(ruling) }
    }

    /// What the relay did is so, whatever the model would have done.
    fn follow(
        &mut self,
        what: &What,
        request: &SyncRequest,
        said: &Verdict,
        device: &DeviceId,
        pins: &dyn Fn(u64) -> Option<String>,
    ) {
        let command = match what {
            What::Command(text) => Command::parse(text).ok(),
            What::Change(..) => None,
        };
        match said {
            Verdict::Admitted(envelope) => {
                let seq = envelope.admitted.map_or(0, |admitted| admitted.seq);
                if seq != self.end() + 1 {
                    return;
                }
                match what {
                    What::Change(place, raw) => {
                        let header = request.pages.get(*place as usize).and_then(|text| Header::parse(text).ok());
                        self.enter_change(header, raw, envelope);
                    }
                    What::Command(text) => self.enter_decision(text, pins(seq).as_deref(), envelope),
                }
            }
            Verdict::AlreadySo(same) => {
                let (What::Command(text), Some(command)) = (what, command) else { return };
                let content = Hash::of(text.as_bytes());
                self.answered.entry((device.clone(), command.id)).or_insert((content, said.clone()));
                let read = self.read_up_to(*same).max(command.after.and_then(|after| self.read_up_to(after)));
                if let Some(read) = read {
                    self.seen.entry((device.clone(), command.id)).or_insert(read);
                }
                self.unheard.remove(&command.id);
            }
            _ => {}
        }
    }

    /// Rows that went into the log unheard. Each must be one that the model would have taken.
    pub fn read(&mut self, rows: &[LogRow], header: &dyn Fn(PageId) -> Option<Header>) {
        for row in rows {
            self.asker = Some(row.envelope.device.clone());
            let founding = row.envelope.user.as_str() == SYSTEM;
            let actor = self.actor_of(&row.envelope.user);
            match row.decision() {
                Some((command, _)) => {
                    let ruling = actor.as_ref().map(|actor| self.judged(&command, actor));
                    let founding = founding || self.returning.contains(&row.hash);
                    let hangs = command.after.is_some_and(|after| self.unheard.contains(&after));
                    if !founding && !hangs && !matches!(ruling, Some(Ok(Ruling::Taken(_)))) {
                        self.troubles.push(format!("M3 row {}: the model says {ruling:?} to {command:?}", row.seq));
                    }
                    let text = String::from_utf8_lossy(&row.payload).into_owned();
                    self.enter_decision(&text, row.pins.as_deref(), &row.envelope);
                }
                None => self.enter_change(header(row.page), &row.payload, &row.envelope),
            }
        }
        self.asker = None;
    }

    /// Whether the log holds what the model has seen go in.
    pub fn compare(&mut self, rows: &[LogRow]) {
        let log = rows.iter().map(|row| (&row.envelope.device, &row.hash));
        if !log.eq(self.rows.iter().map(|(device, hash)| (device, hash))) {
            self.troubles.push("M5 the log holds other rows than the model".to_owned());
        }
    }

    fn enter_change(&mut self, header: Option<Header>, raw: &[u8], envelope: &Envelope) {
        let seq = self.end() + 1;
        let hash = Content::Change(raw.to_vec().into()).hash();
        self.rows.push((envelope.device.clone(), hash));
        let Some(header) = header else { return self.troubles.push(format!("M3 row {seq} is on no page")) };
        let sheet = self.sheet(&header);
        match sheet.index.examine(raw, &envelope.device) {
            Ok(examined) => {
                sheet.envelopes.insert(examined.hash(), envelope.clone());
                sheet.index.admit(examined);
            }
            Err(verdict) => self.troubles.push(format!("M3 row {seq} doesn't pass the gate: {verdict:?}")),
        }
    }

    fn enter_decision(&mut self, text: &str, pins: Option<&str>, envelope: &Envelope) {
        let (seq, content) = (self.end() + 1, Hash::of(text.as_bytes()));
        self.rows.push((envelope.device.clone(), content));
        let pins: Option<Pins> = pins.and_then(|pins| serde_json::from_str(pins).ok());
        let (Ok(command), Some(pins)) = (Command::parse(text), pins) else {
            return self.troubles.push(format!("M3 row {seq} is no decision"));
        };
        if !self.returning.contains(&content) {
            self.check_pins(seq, &command, envelope, &pins);
        }
        if let Some(header) = header_of(&command.ask) {
            self.sheet(&header);
        }
        self.unheard.remove(&command.id);
        let answer = (content, Verdict::Admitted(envelope.clone()));
        self.answered.insert((envelope.device.clone(), command.id), answer);
        let page = command.ask.place(&tenant(), &envelope.user).page(&tenant());
        self.decisions.push((page, Decision { command, envelope: envelope.clone(), pins }));
    }

    fn check_pins(&mut self, seq: u64, command: &Command, envelope: &Envelope, pins: &Pins) {
        if let Some(block) = &pins.block {
            let overlaps = |other: &NumberBlock| {
                (other.series, &other.prefix) == (block.series, &block.prefix)
                    && other.first <= block.last
                    && block.first <= other.last
            };
            if self.decisions.iter().filter_map(|(_, known)| known.pins.block.as_ref()).any(overlaps) {
                self.troubles.push(format!("M4 row {seq}: numbers were leased twice"));
            }
        }
        let Some(actor) = self.actor_of(&envelope.user) else { return };
        if let Ok(Ruling::Taken(own)) = self.judged(command, &actor) {
            let same = Pins { block: pins.block.clone(), signed: pins.signed.clone(), ..own };
            if same != *pins {
                self.troubles.push(format!("M4 row {seq}: the relay pins {pins:?}, the model {same:?}"));
            }
        }
    }

    fn sheet(&mut self, header: &Header) -> &mut Sheet {
        let begin = || Sheet { index: PageIndex::new(header.clone()), envelopes: HashMap::new() };
        self.pages.entry(header.page()).or_insert_with(begin)
    }

    /// Up to where somebody has read who names that decision as the last he knows of.
    fn read_up_to(&self, decision: CommandId) -> Option<u64> {
        let known = self.decisions.iter().find(|(_, known)| known.id() == decision);
        let read = known.and_then(|(_, known)| Some(known.envelope.admitted?.seq));
        read.or_else(|| self.seen.get(&(self.asker.clone()?, decision)).copied())
    }

    /// Who acts through that device, if he still may.
    fn actor(&self, device: &DeviceId) -> Option<Actor> {
        let mut owner: Option<UserId> = None;
        for (_, decision) in &self.decisions {
            match decision.ask() {
                Ask::Enrol { device: of, user } if of == device => owner = Some(user.clone()),
                Ask::Revoke { device: of, .. } if of == device => owner = None,
                _ => {}
            }
        }
        self.actor_of(&owner?)
    }

    fn actor_of(&self, user: &UserId) -> Option<Actor> {
        use outpost_model::judge::Desk;
        let person = self.person(user).filter(|person| person.active)?;
        Some(Actor { user: person.user, role: person.role, station: person.station })
    }
}

/// A signature has the fingerprint of what its heads show here.
fn is_as_shown(page: &PageIndex, entry: &Entry) -> bool {
    let Body::Sign(signature) = &entry.body else { return true };
    let known = signature.visit_heads.iter().all(|head| page.contains(head));
    known && digest(&covered(page, &signature.visit_heads), signature.lang) == signature.digest
}

/// The page that a decision begins where there is none.
fn header_of(ask: &Ask) -> Option<Header> {
    Some(header(match ask {
        Ask::Open { order, .. } => Subject::Order { id: *order },
        Ask::SignOff { person, month } | Ask::Unseal { person, month, .. } => {
            Subject::Attendance { person: person.clone(), month: *month }
        }
        Ask::PlaceCustomer { customer, .. } => Subject::Customer { customer: customer.clone() },
        _ => return None,
    }))
}
