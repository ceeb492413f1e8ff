//! The power is cut under server and phones while they write: what wasn't synced is gone, in part, or out of order.
//! Whatever was admitted or captured before is there. `OUTPOST_CUTS` sets how often, `OUTPOST_SEED` when.

use outpost_device::device::Device;
use outpost_device::transport::http::HttpTransport;
use outpost_disk::Disk;
use outpost_faults::asked;
use outpost_faults::company::{Company, phone};
use outpost_faults::house::House;
use outpost_faults::load::{Tapped, tap};
use outpost_faults::process::Heard;
use outpost_server::clock::{Clock, SystemClock};
use outpost_simulation::cast;
use outpost_simulation::dice::Dice;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const PHONES: usize = 3;
/// Cuts before the company comes to rest and another is founded.
const CUTS: u64 = 20;

#[derive(Debug, Default)]
struct Tally {
    server: u64,
    phones: u64,
    captured: usize,
    admitted: usize,
}

#[test]
fn whatever_the_power_takes_it_was_not_promised() {
    let (cuts, seed) = (asked("OUTPOST_CUTS", 60), asked("OUTPOST_SEED", 1));
    let mut tally = Tally::default();
    let mut company = 0;
    while tally.server + tally.phones < cuts {
        live(seed.wrapping_mul(1_000_003).wrapping_add(company), cuts, &mut tally);
        company += 1;
    }
    println!("seed {seed}: {tally:?}, lost 0");
    assert!(tally.server > 0 && tally.phones > 0 && tally.admitted > 0);
}

/// A phone on a disk of its own.
struct Hand {
    place: usize,
    folder: PathBuf,
    disk: Disk,
    dice: Dice,
}

impl Hand {
    fn new(folder: &Path, place: usize, seed: u64) -> Self {
        let folder = folder.join(format!("phone-{place}"));
        let disk = Disk::mount(&folder.join("store"));
        Self { place, folder, disk, dice: Dice::new(seed ^ place as u64) }
    }

    fn open(&self, company: &Company, address: &str) -> Result<Device, String> {
        phone(&self.folder, &company.invitation(self.place, address))
    }

    /// Logs and syncs until either disk dies, or enough was done; whether the phone's own died.
    fn work(&mut self, company: &Company, house: &House, server: &Disk, heard: &Heard) -> bool {
        let device = self.open(company, &house.address);
        let Ok(mut device) = device.map_err(|fault| self.must_be_dead(&fault)) else { return true };
        let mut transport = heard.on(HttpTransport::new(&house.address).unwrap());
        for _ in 0..40 {
            for _ in 0..1 + self.dice.below(4) {
                match tap(&mut device, SystemClock.now(), &mut self.dice) {
                    Tapped::Captured(entries) => heard.all().captured.extend(entries),
                    Tapped::Denied => {}
                    Tapped::Full => panic!("this disk isn't full"),
                    Tapped::Broke(fault) => {
                        self.must_be_dead(&fault);
                        return true;
                    }
                }
            }
            if let Err(fault) = device.sync(&mut transport) {
                self.must_be_dead(&fault.to_string());
                return true;
            }
            if server.is_dead() {
                return false;
            }
        }
        self.disk.is_dead()
    }

    fn must_be_dead(&self, fault: &str) {
        assert!(self.disk.is_dead(), "a phone on a good disk says: {fault}");
    }
}

fn live(seed: u64, most: u64, tally: &mut Tally) {
    let folder = cast::folder();
    let (heard, mut dice) = (Heard::default(), Dice::new(seed));
    let relay = folder.path().join("relay");
    std::fs::create_dir_all(&relay).unwrap();
    let server = Disk::mount(&relay);
    let company = Company::found(&relay, PHONES);
    let mut hands: Vec<Hand> = (0..PHONES).map(|place| Hand::new(folder.path(), place, seed)).collect();
    for _ in 0..CUTS {
        if tally.server + tally.phones >= most {
            break;
        }
        server.dies_after(1 + dice.below(1_500) as u64);
        let victim = dice.below(PHONES);
        if dice.one_in(2) {
            hands[victim].disk.dies_after(1 + dice.below(400) as u64);
        }
        if let Some(house) = House::open(&company, Arc::new(SystemClock)) {
            let (company, house, server, heard) = (&company, &house, &server, &heard);
            std::thread::scope(|scope| {
                for hand in &mut hands {
                    scope.spawn(move || hand.work(company, house, server, heard));
                }
            });
        }
        if server.is_dead() {
            server.cut_power(|end| dice.below(end));
            tally.server += 1;
            let lost = heard.all().lost(&company.open(Arc::new(SystemClock)));
            assert_eq!(lost, 0, "seed {seed}: admitted rows are lost");
        }
        for hand in hands.iter().filter(|hand| hand.disk.is_dead()) {
            hand.disk.cut_power(|end| dice.below(end));
            tally.phones += 1;
        }
    }
    server.lives();
    let house = House::open(&company, Arc::new(SystemClock)).unwrap();
    for hand in &hands {
        hand.disk.lives();
        let mut device = hand.open(&company, &house.address).unwrap();
        let mut transport = heard.on(HttpTransport::new(&house.address).unwrap());
        let settled = (0..50).any(|_| {
            let report = device.sync(&mut transport).unwrap();
            report.is_settled() && report.tally.sent == 0
        });
        assert!(settled, "seed {seed}: a phone doesn't settle");
    }
    let heard = heard.all();
    assert_eq!(heard.wrong(&house.relay), Vec::<String>::new(), "seed {seed}");
    tally.captured += heard.captured.len();
    tally.admitted += heard.admitted.len();
}
