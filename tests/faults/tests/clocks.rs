//! Phones whose clocks are ten years fast or slow, or set back in the middle of the day: what they log comes in the
//! same order, by the same rights, and reads the same; only the times are in doubt.

use outpost_device::act::Act;
use outpost_device::device::Device;
use outpost_device::host::Clock as PhoneClock;
use outpost_device::transport::http::HttpTransport;
use outpost_faults::company::{Company, customer, host, tenant};
use outpost_faults::house::House;
use outpost_model::command::{Ask, ServiceType};
use outpost_model::entry::{Body, Channel, Reach, VisitResult};
use outpost_model::header::{Header, Subject};
use outpost_model::id::PageId;
use outpost_model::time::Millis;
use outpost_server::clock::{Clock, VirtualClock};
use outpost_simulation::cast;
use outpost_simulation::log_book::LogBook;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

const YEAR: i64 = 365 * 24 * 3_600_000;
const START: i64 = 1_791_417_600_000;
const PHONES: usize = 3;

struct Wrong(Arc<VirtualClock>, Arc<AtomicI64>);

impl PhoneClock for Wrong {
    fn now(&self) -> Millis {
        Clock::now(&*self.0).plus(self.1.load(Ordering::SeqCst))
    }
    fn zone_minutes(&self) -> i16 {
        480
    }
}

/// What a day came to, whatever its clocks said: who logged what, in which order, and how each order stands.
#[derive(Debug, PartialEq)]
struct Day {
    log: Vec<String>,
    orders: Vec<String>,
}

/// The same day with these clocks: the skew of each phone in the morning, and after noon.
fn day(skews: [[i64; 2]; PHONES]) -> Day {
    let folder = cast::folder();
    let time = Arc::new(VirtualClock::at(Millis(START)));
    let company = Company::found_by(&folder.path().join("relay"), PHONES, time.clone());
    let house = House::open(&company, time.clone()).unwrap();
    let skewed: Vec<Arc<AtomicI64>> = skews.iter().map(|[morning, _]| Arc::new(AtomicI64::new(*morning))).collect();
    let mut phones: Vec<Device> =
        (0..PHONES).map(|n| open(folder.path(), &company, &house, n, &time, &skewed[n])).collect();
    let mut orders = Vec::new();
    for hour in 0..8 {
        for (n, phone) in phones.iter_mut().enumerate() {
            let order = match hour {
                0 => {
                    orders.push(PageId::v7(START as u64, [n as u8; 10]));
                    orders[n]
                }
                _ => orders[n],
            };
            for act in acts(n, order, hour) {
                phone.capture(act).unwrap();
                time.advance(60_000);
            }
            // Every other hour there is no network.
            if hour % 2 == 1 {
                assert!(phone.sync(&mut HttpTransport::new(&house.address).unwrap()).unwrap().is_settled());
            }
        }
        time.advance(3_000_000);
        if hour == 3 {
            skewed.iter().zip(&skews).for_each(|(now, [_, later])| now.store(*later, Ordering::SeqCst));
        }
    }
    for phone in &mut phones {
        let report = phone.sync(&mut HttpTransport::new(&house.address).unwrap()).unwrap();
        assert!(report.is_settled() && report.disagreeing.is_empty(), "{report:?}");
        assert_eq!(phone.sync_state().unwrap().kept, 0);
    }
    read(&house)
}

fn open(
    folder: &Path,
    company: &Company,
    house: &House,
    n: usize,
    time: &Arc<VirtualClock>,
    skew: &Arc<AtomicI64>,
) -> Device {
    let place = folder.join(format!("phone-{n}"));
    let mut device =
        Device::open(place.join("store"), host(&place, Wrong(time.clone(), skew.clone()), n as u64)).unwrap();
    device.accept(&company.invitation(n, &house.address)).unwrap();
    assert!(device.sync(&mut HttpTransport::new(&house.address).unwrap()).unwrap().is_settled());
    device
}

fn acts(n: usize, order: PageId, hour: u8) -> Vec<Act> {
    let page = Header::new(tenant(), Subject::Order { id: order });
    let visit = Header::new(tenant(), Subject::Visit { id: PageId::v7(START as u64, [100 + n as u8; 10]), order });
    match hour {
        0 => {
            let open = Ask::Open {
                order,
                number: format!("C-{n}"),
                customer: customer(),
                asset: None,
                service_type: ServiceType::A,
            };
            let register =
                Body::Register { channel: Channel::Phone, fault_code: "E1".to_owned(), fault: "stands".to_owned() };
            vec![Act::asking(open).and(page, [register.into()])]
        }
        1 => {
            vec![Act::logging(page, Body::Contact { outcome: Reach::Reached, note: "c".to_owned(), appointment: None })]
        }
        2 => vec![Act::logging(visit.clone(), Body::Depart {}), Act::logging(visit, Body::Arrive { place: None })],
        3 => vec![Act::logging(visit, Body::Leave { result: VisitResult::FollowUp })],
        4 => vec![Act::logging(page, Body::Set { field: "remark".to_owned(), value: format!("by {n}") })],
        5 => vec![Act::logging(page, Body::Toolkit { missing: vec!["fuse".to_owned()] })],
        6 => vec![Act::logging(page, Body::HandBack { reason: "h".to_owned() })],
        _ => vec![Act::asking(Ask::LeaseNumbers { series: outpost_model::command::Series::Order, count: 2 })],
    }
}

fn read(house: &House) -> Day {
    let book = LogBook::read(&house.relay);
    assert_eq!(book.troubles, Vec::<String>::new());
    let log = book.rows.iter().map(|row| match row.decision() {
        Some((command, _)) => format!("{} {}", row.envelope.device, command.ask.name()),
        None => {
            format!("{} wrote on {:?}", row.envelope.device, book.pages[&row.page].header.as_ref().map(Header::kind))
        }
    });
    let mut orders = Vec::new();
    let listed = house.relay.facts(|facts| {
        facts.each_order(|order| {
            orders.push(format!("{} {:?} {:?} {}", order.number, order.state, order.engineer, order.visits));
            Ok(())
        })
    });
    listed.unwrap();
    Day { log: log.collect(), orders }
}

#[test]
fn ten_years_either_way_change_neither_order_nor_authority() {
    let right = day([[0; 2]; PHONES]);
    assert!(right.log.len() > 20);
    let days = [
        [[10 * YEAR, 10 * YEAR], [-10 * YEAR, -10 * YEAR], [0, 0]],
        [[10 * YEAR, -10 * YEAR], [0, 10 * YEAR], [-10 * YEAR, 0]],
        [[3_600_000, -3_600_000], [YEAR, 0], [0, -YEAR]],
    ];
    for skews in days {
        assert_eq!(day(skews), right, "{skews:?}");
    }
    println!(
        "{} rows, {} orders, clocks up to ten years off and set back: the same log",
        right.log.len(),
        right.orders.len()
    );
}
