//! The network between phones and headquarters. On a bad day it loses requests and answers, doubles, delays, cuts
//! and reorders them, and either end may die in between. On a good day it carries each call once.

use crate::dice::Dice;
use crate::phone::Turn;
use crate::world::World;
use outpost_device::report::{Fault, SyncReport};
use outpost_device::session::Event;
use outpost_device::session::frame::{Answer, Call};
use outpost_model::wire::{Item, SyncReply, SyncRequest, Verdict, What, parse_frame};

/// What happens to one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Luck {
    Fine,
    RequestLost,
    AnswerLost,
    /// The request arrives twice; the second answer comes through.
    Twice,
    /// The request arrives some time after the phone gave up.
    Late,
    RequestCut,
    AnswerCut,
    Busy,
    /// Some steps are put off.
    PutOff,
    PhoneDies,
    PhoneDiesAfter,
    RelayDies,
    RelayDiesAfter,
    /// The answer is on its way while other things happen.
    Held,
}

const BAD_DAY: [(usize, Luck); 14] = [
    (60, Luck::Fine),
    (4, Luck::RequestLost),
    (6, Luck::AnswerLost),
    (4, Luck::Twice),
    (5, Luck::Late),
    (2, Luck::RequestCut),
    (2, Luck::AnswerCut),
    (2, Luck::Busy),
    (5, Luck::PutOff),
    (3, Luck::PhoneDies),
    (4, Luck::PhoneDiesAfter),
    (3, Luck::RelayDies),
    (3, Luck::RelayDiesAfter),
    (8, Luck::Held),
];

/// Calls that one sync makes at most: more means that it never comes to rest.
const MOST_CALLS: usize = 200;

impl World {
    /// A sync on a bad day, or what is left of one; how it ended, if it did.
    pub fn sync_badly(&mut self, phone: usize, dice: &mut Dice) -> Option<SyncReport> {
        self.sync_by(phone, dice, true)
    }

    pub fn sync_well(&mut self, phone: usize) -> Option<SyncReport> {
        self.phones[phone].open = None;
        self.sync_by(phone, &mut Dice::new(0), false)
    }

    fn sync_by(&mut self, phone: usize, dice: &mut Dice, bad: bool) -> Option<SyncReport> {
        self.ledger.tally.count("syncs", 1);
        let mut next = self.phones[phone].call();
        for _ in 0..MOST_CALLS {
            let call = match next {
                Turn::Call(call) => call,
                Turn::Ended(report) => {
                    self.reported(&report);
                    return Some(*report);
                }
                Turn::Broke => return None,
            };
            let held = self.phones[phone].open.as_mut().and_then(|open| open.held.take());
            let luck = if bad && held.is_none() { dice.weigh(&BAD_DAY) } else { Luck::Fine };
            self.ledger.tally.count("calls", 1);
            self.ledger.tally.count("calls with a fault", u64::from(luck != Luck::Fine));
            let event = match held {
                Some(answer) => self.arrived(&call, Some(answer)),
                None if self.phones[phone].cut_off => unreachable(),
                None => self.carry(phone, &call, luck, dice)?,
            };
            next = self.phones[phone].go_on(event);
        }
        self.ledger.troubles.push(format!("{}: a sync that never ends", self.phones[phone].name));
        None
    }

    fn reported(&mut self, report: &SyncReport) {
        let tally = &report.tally;
        for (what, by) in [
            ("steps sent", tally.sent),
            ("steps admitted", tally.admitted),
            ("steps already had", tally.already_had),
            ("steps already so", tally.already_so),
            ("steps refused", tally.refused),
            ("steps put off", tally.deferred),
            ("steps written anew", tally.replayed),
            ("steps offered again", tally.offered_again),
            ("rows brought back", tally.brought_back),
            ("rows pulled", tally.rows),
            ("rows that the phone's gate refused", tally.unfit),
            ("pages withdrawn", tally.withdrawn),
            ("pages mended", tally.mended),
        ] {
            self.ledger.tally.count(what, u64::from(by));
        }
    }

    /// Carries a call; nothing comes of it where the phone died or the answer is still on its way.
    fn carry(&mut self, phone: usize, call: &Call, luck: Luck, dice: &mut Dice) -> Option<Event> {
        Some(match luck {
            Luck::Fine => {
                let answer = self.deliver(call);
                self.arrived(call, answer)
            }
            Luck::RequestLost => unreachable(),
            Luck::AnswerLost => {
                self.deliver(call);
                broken()
            }
            Luck::Twice => {
                self.deliver(call);
                let answer = self.deliver(call);
                self.arrived(call, answer)
            }
            Luck::Late => {
                self.late.push(call.clone());
                broken()
            }
            Luck::RequestCut => {
                let mut cut = call.clone();
                cut.body.truncate(dice.below(call.body.len().max(1)));
                self.deliver(&cut).map_or_else(broken, Event::Answer)
            }
            Luck::AnswerCut => {
                let Some(mut answer) = self.deliver(call) else { return Some(broken()) };
                answer.body.truncate(dice.below(answer.body.len().max(1)));
                Event::Answer(answer)
            }
            Luck::Busy => Event::Answer(Answer { status: 503, encoding: String::new(), body: b"busy".to_vec() }),
            Luck::PutOff => {
                let mut shed = || dice.one_in(3);
                let answer = self.hq.answer(call, &mut shed);
                self.arrived(call, answer)
            }
            Luck::PhoneDies => {
                self.crash_phone(phone);
                return None;
            }
            Luck::PhoneDiesAfter => {
                self.deliver(call);
                self.crash_phone(phone);
                return None;
            }
            Luck::RelayDies => {
                self.crash_relay();
                let answer = self.deliver(call);
                self.arrived(call, answer)
            }
            Luck::RelayDiesAfter => {
                self.deliver(call);
                self.crash_relay();
                broken()
            }
            Luck::Held => {
                let answer = self.deliver(call);
                if answer.is_none() {
                    return Some(broken());
                }
                if let Some(open) = &mut self.phones[phone].open {
                    open.held = answer;
                }
                return None;
            }
        })
    }

    /// The call is answered by headquarters, whoever hears the answer.
    pub fn deliver(&mut self, call: &Call) -> Option<Answer> {
        if call.path == "/v1/sync"
            && let Some(request) = request_in(call)
        {
            self.overheard.push(request);
        }
        self.hq.answer(call, &mut || false)
    }

    /// The answer reaches the phone: what it acknowledges counts from now on.
    fn arrived(&mut self, call: &Call, answer: Option<Answer>) -> Event {
        let Some(answer) = answer else { return broken() };
        let reply = (call.path == "/v1/sync" && answer.status == 200).then(|| parse_frame::<SyncReply>(&answer.body));
        if let (Some(Ok(reply)), Some(request)) = (reply, request_in(call)) {
            self.acknowledged(&request, &reply);
        }
        Event::Answer(answer)
    }

    fn acknowledged(&mut self, request: &SyncRequest, reply: &SyncReply) {
        for said in &reply.verdicts {
            let step = request.steps.iter().find(|step| step.no == said.no);
            let (Some(step), Verdict::Admitted(envelope) | Verdict::AlreadyHad(envelope)) = (step, &said.verdict)
            else {
                continue;
            };
            let hash = match &step.what {
                What::Change(_, raw) => outpost_model::wire::Content::Change(raw.clone()).hash(),
                What::Command(text) => outpost_model::id::Hash::of(text.as_bytes()),
            };
            match envelope.admitted {
                Some(admitted) => self.ledger.acknowledge(admitted.seq, hash),
                None => self.ledger.troubles.push("admitted at no place of the log".to_owned()),
            }
        }
        for item in &reply.items {
            if let Item::Row(row) = item {
                let seq = row.envelope.admitted.map_or(0, |admitted| admitted.seq);
                self.ledger.acknowledge(seq, row.content_hash());
            }
        }
    }
}

pub fn request_in(call: &Call) -> Option<SyncRequest> {
    let packed = call.headers.iter().any(|(name, value)| *name == "content-encoding" && value == "zstd");
    let body = if packed { zstd::bulk::decompress(&call.body, 1 << 20).ok()? } else { call.body.clone() };
    parse_frame(&body).ok()
}

fn unreachable() -> Event {
    Event::Fault(Fault::Unreachable("no network".to_owned()))
}

fn broken() -> Event {
    Event::Fault(Fault::Broken("no answer".to_owned()))
}
