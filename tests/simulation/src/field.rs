//! What people do on their phones: one tap at a time, on whatever their phone shows them. Now and then somebody taps
//! what he has no right to, past the app's own check, so that headquarters has to say no.

use crate::cast::{self, header};
use crate::decisions::decision;
use crate::dice::Dice;
use crate::ledger::Captured;
use crate::world::World;
use outpost_device::act::{Act, Log};
use outpost_device::error::{CaptureError, DeviceError};
use outpost_device::signing::Glass;
use outpost_device::store::StoreError;
use outpost_model::command::{Ask, Series, ServiceType};
use outpost_model::entry::{Body, Channel, Lang, PayMethod, Reach, VisitResult};
use outpost_model::header::{Header, Kind, Subject};
use outpost_model::id::PageId;
use outpost_model::time::{Day, Millis};

impl World {
    /// Somebody is at work with that phone for a while.
    pub fn work(&mut self, phone: usize, dice: &mut Dice) {
        for _ in 0..1 + dice.below(5) {
            self.tap(phone, dice, true);
            self.hq.clock.advance(Millis::minutes(1 + dice.below(40) as i64));
        }
    }

    /// Somebody taps something on that phone.
    pub fn tap(&mut self, phone: usize, dice: &mut Dice, checked: bool) {
        let Some(act) = self.act(phone, dice) else { return };
        let pages: Vec<PageId> =
            act.writes.iter().flat_map(|write| write.entries.iter().map(|_| write.header.page())).collect();
        let headers: Vec<Header> = act.writes.iter().map(|write| write.header.clone()).collect();
        let opened = match &act.ask {
            Some(Ask::Open { order, .. }) => Some(*order),
            _ => None,
        };
        let bodies: Vec<Body> =
            act.writes.iter().flat_map(|write| write.entries.iter().map(|log| log.body.clone())).collect();
        let device = self.phones[phone].device();
        let done = if checked { device.capture(act) } else { device.capture_past_checks(act) };
        let captured = match done {
            Ok(captured) => captured,
            Err(CaptureError::Denied(_)) => {
                self.ledger.tally.count("acts denied by the phone", 1);
                return;
            }
            Err(CaptureError::Device(DeviceError::Keystore(_) | DeviceError::Outside(_))) => return,
            Err(CaptureError::Device(fault @ DeviceError::Store(_))) => {
                self.ledger.tally.count("acts that found no room", 1);
                if self.phones[phone].disk.is_dead() || !matches!(fault, DeviceError::Store(StoreError::Full)) {
                    self.phones[phone].works(Err(fault))
                }
                return;
            }
            Err(fault) => return self.ledger.troubles.push(format!("{}: {fault}", self.phones[phone].name)),
        };
        self.ledger.tally.count("acts captured", 1);
        headers.iter().for_each(|header| self.know(header));
        self.ledger.orders.extend(opened);
        for ((page, entry), body) in pages.iter().zip(&captured.entries).zip(&bodies) {
            match body {
                Body::RequestLeave { .. } => self.ledger.leaves.push((*page, *entry)),
                Body::Charge { .. } => self.ledger.charges.push((*page, *entry)),
                _ => {}
            }
        }
        let installed = self.phones[phone].installed;
        self.ledger.captured.push(Captured {
            phone,
            installed,
            entries: pages.into_iter().zip(captured.entries).collect(),
            command: captured.command,
            forgotten: false,
        });
    }

    fn act(&mut self, phone: usize, dice: &mut Dice) -> Option<Act> {
        let owner = self.phones[phone].owner;
        let decides = matches!(owner, "u-lead1" | "u-clerk");
        match dice.below(if decides { 20 } else { 12 }) {
            0 if self.ledger.orders.len() < 6 || dice.one_in(4) => Some(self.opening(phone, dice)),
            0..=2 => self.on_order(phone, dice),
            3..=5 => self.on_visit(phone, dice),
            6 => self.signing(phone, dice),
            7 | 8 => self.own_time(phone, dice),
            9 => Some(self.on_register(dice)),
            10 => self.correction(phone, dice),
            11 if dice.one_in(2) => Some(Act::asking(Ask::LeaseNumbers { series: Series::Order, count: 3 })),
            _ => decision(&self.ledger, dice).map(Act::asking),
        }
    }

    fn opening(&mut self, phone: usize, dice: &mut Dice) -> Act {
        let now = self.phones[phone].now();
        let order = PageId::v7(now.0.max(0) as u64, dice.bytes());
        let leased = self.phones[phone].device().take_number(Series::Order);
        let leased = self.phones[phone].works(leased);
        let number = leased.unwrap_or_else(|| format!("W-{}", dice.below(9)));
        let (customer, _) = cast::CUSTOMERS[dice.below(cast::CUSTOMERS.len())];
        let open =
            Ask::Open { order, number, customer: cast::customer(customer), asset: None, service_type: ServiceType::A };
        let register =
            Body::Register { channel: Channel::Phone, fault_code: "E1".to_owned(), fault: "stands".to_owned() };
        Act::asking(open).and(header(Subject::Order { id: order }), [register.into(), set("caller", dice).into()])
    }

    /// An order that the phone shows; seldom one that it only heard of.
    pub fn order(&mut self, phone: usize, dice: &mut Dice) -> Option<PageId> {
        let orders = self.phones[phone].device().orders();
        let shown: Vec<PageId> = self.phones[phone].works(orders).iter().map(|item| item.facts.page).collect();
        if shown.is_empty() || dice.one_in(8) {
            return dice.pick(&self.ledger.orders).copied();
        }
        dice.pick(&shown).copied()
    }

    fn on_order(&mut self, phone: usize, dice: &mut Dice) -> Option<Act> {
        let order = self.order(phone, dice)?;
        let at = self.phones[phone].now().plus(Millis::hours(3));
        let page = header(Subject::Order { id: order });
        let body = match dice.below(9) {
            0 => Body::Contact { outcome: Reach::Reached, note: word(dice), appointment: Some(at) },
            1 => Body::Rebook { appointment: at, reason: word(dice) },
            2 => Body::HandBack { reason: word(dice) },
            3 => Body::Toolkit { missing: vec![word(dice)] },
            4 => Body::Repair { receipt_no: receipt(dice), minutes: 10, note: word(dice) },
            5 => Body::ReturnItem { receipt_no: receipt(dice) },
            6 => Body::FollowUp { note: word(dice) },
            7 => {
                let both = [set("caller", dice).into(), set("phone", dice).into()];
                return Some(Act::default().and(page, both));
            }
            _ => set("remark", dice),
        };
        Some(Act::logging(page, body))
    }

    fn visit(&mut self, phone: usize, dice: &mut Dice) -> Option<Header> {
        let order = self.order(phone, dice)?;
        let known = self.ledger.visits_of(order);
        if known.is_empty() || dice.one_in(4) {
            let id = PageId::v7(self.phones[phone].now().0.max(0) as u64, dice.bytes());
            return Some(header(Subject::Visit { id, order }));
        }
        dice.pick(&known).cloned()
    }

    fn on_visit(&mut self, phone: usize, dice: &mut Dice) -> Option<Act> {
        let visit = self.visit(phone, dice)?;
        let part = |dice: &mut Dice| Body::UsePart {
            part_no: "P-1".to_owned(),
            name: "seal".to_owned(),
            qty: 1 + dice.below(3) as u32,
            unit_price: 1_200,
            billable: true,
            old_serial: None,
            new_serial: None,
        };
        let body = match dice.below(8) {
            0 => Body::Depart {},
            1 | 2 => Body::Arrive { place: None },
            3 => Body::Leave { result: VisitResult::Fixed },
            4 => Body::Leave { result: VisitResult::FollowUp },
            5 => part(dice),
            6 => Body::Charge { item: word(dice), amount: 500, method: PayMethod::Cash, receipt_no: None },
            _ => Body::TakeBack { item: word(dice), serial: "S".to_owned(), receipt_no: receipt(dice) },
        };
        if dice.one_in(5) {
            let order = header(Subject::Order { id: visit.order()? });
            return Some(Act::logging(visit, body).and(order, [set("fault_cause", dice).into()]));
        }
        Some(Act::logging(visit, body))
    }

    fn signing(&mut self, phone: usize, dice: &mut Dice) -> Option<Act> {
        let visit = self.visit(phone, dice)?;
        let glass = Glass {
            visit,
            name: word(dice),
            strokes: dice.bytes::<24>().to_vec(),
            score: 5,
            comment: String::new(),
            lang: Lang::Zh,
            typed: None,
            entry: None,
        };
        match self.phones[phone].device().signing(glass) {
            Ok(act) => Some(act),
            Err(CaptureError::Device(fault)) => Some(self.phones[phone].works(Err(fault))),
            Err(fault) => panic!("a glass can't be read: {fault}"),
        }
    }

    fn own_time(&mut self, phone: usize, dice: &mut Dice) -> Option<Act> {
        let at = self.phones[phone].now();
        let page = self.phones[phone].device().attendance_header(at);
        let page = self.phones[phone].works(page);
        let day = |text| Day::parse(text).expect("a day");
        let body = match dice.below(6) {
            0 => Body::ClockIn { place: None },
            1 => Body::ClockOut { place: None },
            2 => Body::Task { minutes: 30, note: word(dice) },
            3 => Body::GoOut { destination: word(dice), expected_return: at.plus(Millis::hours(2)) },
            4 => Body::Returned {},
            _ => Body::RequestLeave {
                leave: "personal".to_owned(),
                from: day("2026-10-12"),
                to: day("2026-10-13"),
                reason: word(dice),
            },
        };
        Some(Act::logging(page, body))
    }

    fn on_register(&mut self, dice: &mut Dice) -> Act {
        let (customer, _) = cast::CUSTOMERS[dice.below(cast::CUSTOMERS.len())];
        let page = header(Subject::Customer { customer: cast::customer(customer) });
        let body = if dice.one_in(2) { set("remark", dice) } else { Body::StaffChange { text: word(dice) } };
        Act::logging(page, body)
    }

    /// One's own entry is taken back or replaced; seldom somebody else's.
    fn correction(&mut self, phone: usize, dice: &mut Dice) -> Option<Act> {
        let own = self.phones[phone].owner;
        let strange = dice.one_in(6);
        let entries: Vec<_> = self
            .ledger
            .captured
            .iter()
            .filter(|act| strange || self.phones[act.phone].owner == own)
            .flat_map(|act| act.entries.iter().copied())
            .collect();
        let (page, target) = *dice.pick(&entries)?;
        let page = self.ledger.headers.get(&page)?.clone();
        if page.kind() == Kind::Visit && dice.one_in(2) {
            let replacement = Log::from(Body::Arrive { place: None }).in_place_of(target, None);
            return Some(Act::logging(page, replacement));
        }
        Some(Act::logging(page, Body::Void { target, reason: word(dice) }))
    }
}

pub fn set(field: &str, dice: &mut Dice) -> Body {
    Body::Set { field: field.to_owned(), value: format!("v{}", dice.below(1_000)) }
}

pub fn word(dice: &mut Dice) -> String {
    format!("w{}", dice.below(1_000))
}

pub fn receipt(dice: &mut Dice) -> String {
    format!("R-{}", dice.below(4))
}
