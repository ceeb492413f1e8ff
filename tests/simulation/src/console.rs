//! What people do at the console: decide, write, move people and customers, change the rules, revoke and enrol phones.
//! A form that is sent twice has one effect.

use crate::cast::{self, header};
use crate::decisions::decision;
use crate::dice::Dice;
use crate::field::{set, word};
use crate::world::World;
use outpost_model::command::{Ask, RevokeReason, ServiceType};
use outpost_model::entry::Body;
use outpost_model::header::Subject;
use outpost_model::id::{CommandId, PageId};
use outpost_model::problem::Code;
use outpost_server::relay::{After, ConsoleAct, ConsoleWrite, Decided, Heads};

const PEOPLE: [&str; 8] = ["u-hq", "u-hq", "u-hq", "u-clerk", "u-lead1", "u-lead2", "u-cash", "u-e1"];

impl World {
    /// Somebody at the console decides or writes something.
    pub fn desk(&mut self, dice: &mut Dice) {
        let by = PEOPLE[dice.below(PEOPLE.len())];
        let ask = match dice.below(10) {
            0 | 1 if self.ledger.orders.len() < 6 => Some(self.opening_at_desk(dice)),
            2 => return self.write_at_desk(by, dice),
            _ => decision(&self.ledger, dice),
        };
        if let Some(ask) = ask {
            self.ask(by, ask, dice);
        }
    }

    fn opening_at_desk(&mut self, dice: &mut Dice) -> Ask {
        let (customer, _) = cast::CUSTOMERS[dice.below(cast::CUSTOMERS.len())];
        Ask::Open {
            order: PageId::v7(self.hq.now().0 as u64, dice.bytes()),
            number: format!("H-{}", dice.below(99)),
            customer: cast::customer(customer),
            asset: None,
            service_type: ServiceType::B,
        }
    }

    /// The day begins: two calls have come in, each station has one, and every phone has heard of it.
    pub fn morning(&mut self, dice: &mut Dice) {
        for (station, engineer) in [(0, "u-e1"), (1, "u-e2")] {
            let Ask::Open { order, number, asset, service_type, .. } = self.opening_at_desk(dice) else { continue };
            let customer = cast::customer(cast::CUSTOMERS[station].0);
            self.ask("u-hq", Ask::Open { order, number, customer, asset, service_type }, dice);
            self.ask("u-hq", Ask::Assign { order, to: cast::user(engineer) }, dice);
        }
        for phone in 0..self.phones.len() {
            self.sync_well(phone);
        }
    }

    fn write_at_desk(&mut self, by: &str, dice: &mut Dice) {
        let Some(order) = dice.pick(&self.ledger.orders).copied() else { return };
        let body = if dice.one_in(3) { Body::FollowUp { note: word(dice) } } else { set("remark", dice) };
        let page = header(Subject::Order { id: order });
        let write = Some(ConsoleWrite { header: page, entries: vec![(None, body)], seen: Heads::Now });
        let id = CommandId::v7(self.hq.now().0 as u64, dice.bytes());
        self.send(by, ConsoleAct { id, ask: None, after: After::Now, heads: Heads::Now, write }, dice);
    }

    /// Long notes, more than one answer holds: whoever sees the order pulls it in parts.
    pub fn fill(&mut self, dice: &mut Dice) {
        let Some(order) = dice.pick(&self.ledger.orders).copied() else { return };
        for part in 0..12 {
            let note = |n: u64| (None, Body::FollowUp { note: format!("{n:02000}") });
            let entries = (0..24).map(|n| note(n + part * 100)).collect();
            let write = Some(ConsoleWrite { header: header(Subject::Order { id: order }), entries, seen: Heads::Now });
            let id = CommandId::v7(self.hq.now().0 as u64, dice.bytes());
            self.send("u-hq", ConsoleAct { id, ask: None, after: After::Now, heads: Heads::Now, write }, dice);
        }
    }

    /// People, customers, rules.
    pub fn administer(&mut self, dice: &mut Dice) {
        let ask = match dice.below(6) {
            0..=2 => {
                let name = ["u-e1", "u-e2", "u-e3", "u-lead2"][dice.below(4)];
                let active = !dice.one_in(4);
                Ask::PutPerson { person: cast::person(name, Some(cast::STATIONS[dice.below(2)]), active) }
            }
            3 | 4 => Ask::PlaceCustomer {
                customer: cast::customer(cast::CUSTOMERS[dice.below(2)].0),
                station: cast::station(cast::STATIONS[dice.below(2)]),
                distance_km: 40 + dice.below(400) as u32,
            },
            _ => {
                self.policy += 1;
                Ask::PutPolicy { policy: Box::new(cast::policy(self.policy, dice.one_in(2))) }
            }
        };
        self.ask("u-hq", ask, dice);
    }

    /// Everybody who is to come back for the end has his place again.
    pub fn reinstate(&mut self) {
        let gone: Vec<_> =
            self.hq.relay().people().expect("people").into_iter().filter(|person| !person.active).collect();
        for mut person in gone {
            person.active = true;
            let id = CommandId::derived(&["reinstated", person.user.as_str()]);
            self.surely("u-hq", &ConsoleAct { ask: Some(Ask::PutPerson { person }), ..nothing(id) });
        }
    }

    /// A phone is lost, stolen, or handed in.
    pub fn revoke(&mut self, phone: usize, dice: &mut Dice) {
        let reason = [RevokeReason::Lost, RevokeReason::Stolen, RevokeReason::Replaced, RevokeReason::Left];
        let ask = Ask::Revoke { device: cast::device(self.phones[phone].name), reason: reason[dice.below(4)] };
        self.ask_surely(ask, dice);
        self.phones[phone].revoked = true;
    }

    /// Headquarters gives the phone, found again or begun anew, another code.
    pub fn enrol_anew(&mut self, phone: usize, dice: &mut Dice) {
        let (name, owner) = (self.phones[phone].name, self.phones[phone].owner);
        // A phone that has a key already gets another only after it was revoked.
        if !self.phones[phone].revoked {
            self.revoke(phone, dice);
        }
        self.ask_surely(Ask::Enrol { device: cast::device(name), user: cast::user(owner) }, dice);
        self.phones[phone].enrolled += 1;
        self.phones[phone].revoked = false;
        let time = self.phones[phone].enrolled;
        while let Err(fault) = cast::issue(self.hq.relay().store(), name, owner, time) {
            assert!(self.hq.has_died() || self.hq.is_full(), "a code: {fault}");
            self.hq.mend();
        }
        // The new code is scanned.
        self.phones[phone].crash();
    }

    pub fn ask(&mut self, by: &str, ask: Ask, dice: &mut Dice) {
        let id = CommandId::v7(self.hq.now().0 as u64, dice.bytes());
        self.send(by, ConsoleAct { ask: Some(ask), ..nothing(id) }, dice);
    }

    /// Headquarters asks until it is done, and sees to the relay where it has to.
    fn ask_surely(&mut self, ask: Ask, dice: &mut Dice) {
        let id = CommandId::v7(self.hq.now().0 as u64, dice.bytes());
        self.surely("u-hq", &ConsoleAct { ask: Some(ask), ..nothing(id) });
    }

    fn surely(&mut self, by: &str, act: &ConsoleAct) {
        while !self.send_once(by, act.clone()) {
            assert!(self.hq.has_died() || self.hq.is_full(), "{act:?}");
            self.hq.mend();
        }
    }

    fn send(&mut self, by: &str, act: ConsoleAct, dice: &mut Dice) {
        let again = dice.one_in(6).then(|| act.clone());
        self.send_or_bury(by, act);
        if let Some(act) = again {
            if dice.one_in(2) {
                self.crash_relay();
            }
            self.send_or_bury(by, act);
        }
    }

    fn send_or_bury(&mut self, by: &str, act: ConsoleAct) {
        if !self.send_once(by, act) && self.hq.has_died() {
            self.crash_relay();
        }
    }

    /// Whether the relay gave an answer.
    fn send_once(&mut self, by: &str, act: ConsoleAct) -> bool {
        self.ledger.tally.count("acts at the console", 1);
        let id = act.id;
        let opens = act.ask.as_ref().filter(|ask| matches!(ask, Ask::Open { .. })).and_then(Ask::order);
        match self.hq.relay().act(&cast::user(by), act) {
            Ok(reply) => {
                if let Some(order) = opens.filter(|order| !self.ledger.orders.contains(order)) {
                    self.know(&header(Subject::Order { id: order }));
                    self.ledger.orders.push(order);
                }
                if let Some((hash, envelope)) = reply.written {
                    self.ledger.acknowledge(envelope.admitted.map_or(0, |admitted| admitted.seq), hash);
                }
                if let Some(Decided::Taken(_)) = reply.decided {
                    self.ledger.decided.push(id);
                }
            }
            Err(_) if self.hq.has_died() => return false,
            Err(denied) if denied.code == Code::StorageTrouble && self.hq.is_full() => {
                self.ledger.tally.count("acts that found headquarters full", 1);
                return false;
            }
            Err(denied) if denied.code.status() >= 500 || denied.code == Code::CommandReused => {
                self.ledger.troubles.push(format!("the console: {denied}"));
            }
            Err(_) => {}
        }
        true
    }
}

fn nothing(id: CommandId) -> ConsoleAct {
    ConsoleAct { id, ask: None, after: After::Now, heads: Heads::Now, write: None }
}
