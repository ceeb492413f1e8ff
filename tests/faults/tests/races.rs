//! Orders change hands while people write on them and others pull: nobody misses a grant or a withdrawal. And a push
//! that comes a hundred times has one effect. `OUTPOST_RACES` sets how many orders change hands.

use outpost_device::session::frame::{Answer, Call};
use outpost_device::sync::Transport;
use outpost_device::transport::http::HttpTransport;
use outpost_disk::Disk;
use outpost_faults::asked;
use outpost_faults::company::{Company, device, phone, tenant, user};
use outpost_faults::house::House;
use outpost_faults::load::{Tapped, tap};
use outpost_faults::promises::Recording;
use outpost_model::command::{Ask, ServiceType};
use outpost_model::entry::Body;
use outpost_model::header::{Header, Subject};
use outpost_model::id::{CommandId, Hash, PageId};
use outpost_model::wire::{Cursor, Item, SyncReply, SyncRequest, VERSION};
use outpost_server::clock::{Clock, SystemClock};
use outpost_server::relay::{After, ConsoleAct, ConsoleWrite, Heads, Relay};
use outpost_simulation::cast;
use outpost_simulation::dice::Dice;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const ENGINEERS: usize = 3;
const ORDERS: usize = 6;
/// Races in one company: a longer log makes each of them slower.
const RACES: u64 = 500;

/// What somebody holds who takes what he is given: pages by scope, rows by page.
#[derive(Default, PartialEq, Debug)]
struct Holding {
    granted: BTreeMap<PageId, BTreeSet<String>>,
    rows: BTreeMap<PageId, BTreeSet<Hash>>,
}

impl Holding {
    fn take(&mut self, items: Vec<Item>) {
        for item in items {
            match item {
                Item::Granted(scope, page, _) => drop(self.granted.entry(page).or_default().insert(scope)),
                Item::Withdrawn(scope, page) => {
                    if let Some(scopes) = self.granted.get_mut(&page) {
                        scopes.remove(&scope);
                        if scopes.is_empty() {
                            self.granted.remove(&page);
                            self.rows.remove(&page);
                        }
                    }
                }
                Item::Row(row) => drop(self.rows.entry(row.page).or_default().insert(row.content_hash())),
            }
        }
    }
}

struct Reader {
    place: usize,
    cursor: Option<Cursor>,
    holding: Holding,
    sends: u64,
}

impl Reader {
    fn new(place: usize) -> Self {
        Self { place, cursor: None, holding: Holding::default(), sends: 0 }
    }

    /// One answer; whether there is more.
    fn pull(&mut self, relay: &Relay) -> bool {
        self.sends += 1;
        let request = SyncRequest {
            version: VERSION,
            clock: relay.clock().now(),
            epoch: 1,
            captured: 0,
            sends: self.sends,
            cursor: self.cursor.take(),
            pages: Vec::new(),
            steps: Vec::new(),
            unsent: 0,
            app: "race".to_owned(),
        };
        let SyncReply { items, cursor, more, .. } = relay.sync(&device(self.place), request).unwrap();
        self.holding.take(items);
        self.cursor = Some(cursor);
        more
    }

    fn pull_all(&mut self, relay: &Relay) {
        while self.pull(relay) {}
    }
}

#[test]
fn whoever_is_given_an_order_or_loses_it_hears_so_whatever_is_written_meanwhile() {
    let (races, seed) = (asked("OUTPOST_RACES", 500), asked("OUTPOST_SEED", 1));
    let (mut done, mut missed, mut company) = (0, 0, 0);
    while done < races {
        let count = (races - done).min(RACES);
        missed += race(seed.wrapping_mul(1_000_003).wrapping_add(company), count);
        done += count;
        company += 1;
    }
    println!("seed {seed}: {done} races of grants and withdrawals with writes and pulls, missed {missed}");
    assert_eq!(missed, 0);
}

fn act(id: [u8; 16], ask: Option<Ask>, write: Option<ConsoleWrite>) -> ConsoleAct {
    ConsoleAct { id: CommandId(id), ask, after: After::Now, heads: Heads::Now, write }
}

fn race(seed: u64, count: u64) -> u64 {
    let folder = cast::folder();
    let place = folder.path().join("relay");
    std::fs::create_dir_all(&place).unwrap();
    let _disk = Disk::mount(&place);
    let relay = Company::found(&place, ENGINEERS).open(Arc::new(SystemClock));
    let (mut dice, hq) = (Dice::new(seed), Company::hq());
    let orders: Vec<PageId> = (0..ORDERS)
        .map(|n| {
            let order = PageId::v7(relay.clock().now().0 as u64, dice.bytes());
            let customer = outpost_faults::company::customer();
            let open =
                Ask::Open { order, number: format!("R-{n}"), customer, asset: None, service_type: ServiceType::A };
            relay.act(&hq, act(dice.bytes(), Some(open), None)).unwrap();
            order
        })
        .collect();
    let over = AtomicBool::new(false);
    let mut readers: Vec<Reader> = (0..ENGINEERS).map(Reader::new).collect();
    std::thread::scope(|scope| {
        let (relay, orders, over, hq) = (&*relay, &orders, &over, &hq);
        for reader in &mut readers {
            scope.spawn(move || {
                while !over.load(Ordering::SeqCst) {
                    reader.pull(relay);
                }
            });
        }
        let mut writes = Dice::new(!seed);
        scope.spawn(move || {
            while !over.load(Ordering::SeqCst) {
                let header = Header::new(tenant(), Subject::Order { id: *writes.pick(orders).unwrap() });
                let entries = vec![(None, Body::FollowUp { note: "x".repeat(1 + writes.below(60)) })];
                let write = ConsoleWrite { header, entries, seen: Heads::Now };
                relay.act(hq, act(writes.bytes(), None, Some(write))).unwrap();
                std::thread::yield_now();
            }
        });
        let mut given = 0;
        while given < count {
            let order = *dice.pick(orders).unwrap();
            let ask = match dice.below(8) {
                0 => Ask::Close { order },
                1 => Ask::Reopen { order, reason: "again".to_owned() },
                2 => Ask::AddHelper { order, helper: user(dice.below(ENGINEERS)) },
                3 => Ask::RemoveHelper { order, helper: user(dice.below(ENGINEERS)) },
                _ => Ask::Assign { order, to: user(dice.below(ENGINEERS)) },
            };
            given += u64::from(relay.act(hq, act(dice.bytes(), Some(ask), None)).is_ok());
        }
        over.store(true, Ordering::SeqCst);
    });
    let mut missed = 0;
    for reader in &mut readers {
        reader.pull_all(&relay);
        let mut fresh = Reader::new(reader.place);
        fresh.pull_all(&relay);
        if reader.holding != fresh.holding {
            println!(
                "seed {seed}: engineer {} holds {:?}, and should {:?}",
                reader.place, reader.holding, fresh.holding
            );
            missed += 1;
        }
    }
    missed
}

#[test]
fn a_push_that_comes_a_hundred_times_has_one_effect() {
    let folder = cast::folder();
    let company = Company::found(&folder.path().join("relay"), 1);
    let house = House::open(&company, Arc::new(SystemClock)).unwrap();
    let mut device = phone(&folder.path().join("phone"), &company.invitation(0, &house.address)).unwrap();
    let mut way = Recording::over(HttpTransport::new(&house.address).unwrap());
    device.sync(&mut way).unwrap();
    let (mut dice, mut entries) = (Dice::new(1), 0);
    while entries < 40 {
        if let Tapped::Captured(captured) = tap(&mut device, SystemClock.now(), &mut dice) {
            entries += captured.len();
        }
    }
    way.calls.clear();
    device.sync(&mut way).unwrap();
    let push: Call = way.syncs().max_by_key(|call| call.body.len()).unwrap().clone();
    let end = house.relay.facts(|facts| Ok(facts.end)).unwrap();
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let send = || {
            let mut way = HttpTransport::new(&house.address).unwrap();
            (0..25).map(|_| way.call(&push).unwrap()).collect::<Vec<_>>()
        };
        let senders: Vec<_> = (0..4).map(|_| scope.spawn(send)).collect();
        senders.into_iter().flat_map(|sender| sender.join().unwrap()).collect()
    });
    assert_eq!(answers.len(), 100);
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(house.relay.facts(|facts| Ok(facts.end)).unwrap(), end, "the log grew");
    let report = outpost_server::verify::verify(house.relay.store()).unwrap();
    assert!(report.is_clean(), "{:?}", report.differences().collect::<Vec<_>>());
    assert!(device.sync(&mut way).unwrap().disagreeing.is_empty());
    println!("a push of {entries} entries, sent 100 times more by four at once: one effect");
}
