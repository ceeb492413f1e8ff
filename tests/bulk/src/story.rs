//! One service call, from the register to the file: what the desk, the lead and the engineer wrote of it.

use super::chain::{Content, Row};
use super::{CLERK, Size, began, customer, device, tenant, user};
use outpost_model::canon::to_canonical;
use outpost_model::command::{Ask, Command, ServiceType};
use outpost_model::decision::Pins;
use outpost_model::entry::{Body, Channel, Entry, Evidence, PayMethod, Place, VisitResult};
use outpost_model::header::{Header, Subject};
use outpost_model::id::{CommandId, DeviceId, EntryId, PageId, UserId};
use outpost_model::page::{Draft, Page};
use outpost_model::time::Millis;
use outpost_server::store::StoreError;

/// Calls come evenly over a year.
const YEAR: i64 = Millis::hours(365 * 24);

pub struct Story {
    n: u32,
    charges: u32,
    engineer: u32,
    station: u32,
    customer: u32,
    opened: Millis,
    order: PageId,
    visit: PageId,
}

fn page_id(n: u32, kind: u8, at: Millis) -> PageId {
    let mut random = [kind; 10];
    random[..4].copy_from_slice(&n.to_be_bytes());
    PageId::v7(at.0 as u64, random)
}

impl Story {
    pub fn of(n: u32, size: &Size) -> Self {
        let customer = n % size.customers;
        let station = customer % size.stations;
        // An engineer of that station.
        let there = size.engineers.div_ceil(size.stations).max(1);
        let engineer = (station + size.stations * (n / size.customers % there)).min(size.engineers - 1);
        let opened = began().plus(YEAR / i64::from(size.orders) * i64::from(n));
        let (order, visit) = (page_id(n, 1, opened), page_id(n, 2, opened));
        Self { n, charges: size.charges, engineer, station, customer, opened, order, visit }
    }

    fn at(&self, minutes: i64) -> Millis {
        self.opened.plus(Millis::minutes(minutes))
    }

    fn evidence(&self, by: &UserId, minutes: i64, n: u64) -> Evidence {
        Evidence { by: by.clone(), clock: self.at(minutes), zone: 480, contact: 0, epoch: 1, n, mono: None }
    }

    /// Hands over its rows, in the order of the log.
    pub fn tell(&self, mut row: impl FnMut(Row) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let (clerk, lead) = (user(CLERK), user(&format!("u-lead-{}", self.station)));
        let engineer = user(&format!("u-e{}", self.engineer));
        let header = Header::new(tenant(), Subject::Order { id: self.order });
        let open = Ask::Open {
            order: self.order,
            number: format!("WO-{:07}", self.n),
            customer: customer(self.customer),
            asset: None,
            service_type: [ServiceType::A, ServiceType::B, ServiceType::C][self.n as usize % 3],
        };
        let pins = Pins {
            policy: 1,
            station: Some(super::station_id(self.station)),
            distance_km: Some(20 + self.customer % 1_500),
            ..Pins::default()
        };
        row(self.decision(open, pins, &clerk, 0, Some(header.clone())))?;
        let fault = format!("第 {} 次叫修：主轴异响，加工到一半停机", self.n);
        let register = Body::Register { channel: Channel::Phone, fault_code: "F-12".into(), fault };
        row(self.change(&header, &clerk, console(&clerk), 1, vec![register]))?;
        let pins = || Pins { policy: 1, ..Pins::default() };
        row(self.decision(Ask::Assign { order: self.order, to: engineer.clone() }, pins(), &lead, 5, None))?;
        // One in forty still waits for its visit.
        if self.n % 40 == 39 {
            return Ok(());
        }
        let header = Header::new(tenant(), Subject::Visit { id: self.visit, order: self.order });
        row(self.change(&header, &engineer, device(self.engineer), 90, self.visit()))?;
        if self.n % 10 != 7 {
            row(self.decision(Ask::Close { order: self.order }, pins(), &clerk, 600, None))?;
        }
        Ok(())
    }

    fn visit(&self) -> Vec<Body> {
        let place = Place { lat_e7: 366_510_000, lng_e7: 1_171_200_000, accuracy_m: 12, mock: false };
        let mut bodies = vec![
            Body::Depart {},
            Body::Arrive { place: Some(place) },
            Body::UsePart {
                part_no: format!("P-{:03}", self.n % 300),
                name: format!("轴承 {}", self.n % 300),
                qty: 1 + self.n % 3,
                unit_price: 12_500,
                billable: self.n.is_multiple_of(3),
                old_serial: Some(format!("S{}", self.n)),
                new_serial: None,
            },
        ];
        for charge in 0..self.charges {
            bodies.push(Body::Charge {
                item: format!("检修费 {charge}"),
                amount: 5_000 + i64::from(self.n % 100) * 100,
                method: if self.n.is_multiple_of(5) { PayMethod::Cash } else { PayMethod::Invoice },
                receipt_no: Some(format!("R{:08}", u64::from(self.n) * 100 + u64::from(charge))),
            });
        }
        if !self.n.is_multiple_of(4) {
            bodies.push(Body::Unsigned { reason: "客户负责人不在".into() });
        }
        bodies.push(Body::Leave { result: VisitResult::Fixed });
        bodies
    }

    fn decision(&self, ask: Ask, pins: Pins, by: &UserId, minutes: i64, header: Option<Header>) -> Row {
        let name = ask.name();
        let id = CommandId::derived(&["bulk", name, &self.n.to_string()]);
        let command = Command { id, ask, evidence: self.evidence(by, minutes, 1), heads: Vec::new(), after: None };
        Row {
            page: self.order,
            header,
            content: Content::Decision {
                command: command.canonical().expect("a command"),
                pins: to_canonical(&pins).expect("pins"),
            },
            device: console(by),
            by: by.clone(),
            received: self.at(minutes),
        }
    }

    /// All of them in one change, ten minutes apart.
    fn change(&self, header: &Header, by: &UserId, device: DeviceId, minutes: i64, bodies: Vec<Body>) -> Row {
        let page = header.page();
        let mut draft = Draft::default();
        let mut last = minutes;
        for (place, body) in bodies.into_iter().enumerate() {
            last = minutes + 10 * place as i64;
            let evidence = self.evidence(by, last, u64::from(self.n) * 100 + place as u64 + 1);
            let mut random = [0x40 + place as u8; 10];
            random[..4].copy_from_slice(&self.n.to_be_bytes());
            random[4] = page.0[15];
            let id = EntryId::v7(self.at(last).0 as u64, random);
            let entry = Entry { body, evidence, replaces: None, at: None };
            draft.entries.push((id, entry.canonical().expect("an entry")));
        }
        let actor = PageId::derived(&["actor", device.as_str(), &page.to_string()]).0;
        let mut begun = Page::begin(header.clone());
        let raw = begun.write(actor, &draft).expect("a change").raw;
        Row {
            page,
            header: Some(header.clone()),
            content: Content::Change(raw),
            device,
            by: by.clone(),
            received: self.at(last + 30),
        }
    }
}

/// The place of somebody at the console.
fn console(user: &UserId) -> DeviceId {
    DeviceId::parse(&format!("console.{user}")).expect("a device")
}
