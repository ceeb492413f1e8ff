//! A network that stalls, cuts and mangles, between a real phone and the real server over TCP.

use outpost_device::transport::http::HttpTransport;
use outpost_faults::asked;
use outpost_faults::company::{Company, phone};
use outpost_faults::house::House;
use outpost_faults::load::{Tapped, tap};
use outpost_faults::process::Heard;
use outpost_faults::proxy::Proxy;
use outpost_server::clock::{Clock, SystemClock};
use outpost_simulation::cast;
use outpost_simulation::dice::Dice;
use std::sync::Arc;
use std::sync::atomic::Ordering;

#[test]
fn whatever_the_network_does_nothing_is_lost_and_nothing_comes_in_twice() {
    let (syncs, seed) = (asked("OUTPOST_SYNCS", 120), asked("OUTPOST_SEED", 1));
    let folder = cast::folder();
    let company = Company::found(&folder.path().join("relay"), 2);
    let house = House::open(&company, Arc::new(SystemClock)).unwrap();
    let proxy = Proxy::before(&house.address, seed);
    let heard = Heard::default();
    std::thread::scope(|scope| {
        for place in 0..2 {
            let (company, proxy, heard, folder) = (&company, &proxy, &heard, folder.path());
            scope.spawn(move || {
                let mut dice = Dice::new(seed ^ place as u64);
                let invitation = company.invitation(place, &proxy.address);
                let mut device = phone(&folder.join(format!("phone-{place}")), &invitation).unwrap();
                for _ in 0..syncs / 2 {
                    for _ in 0..dice.below(4) {
                        if let Tapped::Captured(entries) = tap(&mut device, SystemClock.now(), &mut dice) {
                            heard.all().captured.extend(entries);
                        }
                    }
                    // A connection of its own each time: each has its fate.
                    device.sync(&mut HttpTransport::new(&proxy.address).unwrap()).unwrap();
                }
            });
        }
    });
    let faults = proxy.faults.load(Ordering::SeqCst);
    proxy.bad.store(false, Ordering::SeqCst);
    for place in 0..2 {
        let invitation = company.invitation(place, &proxy.address);
        let mut device = phone(&folder.path().join(format!("phone-{place}")), &invitation).unwrap();
        let mut way = HttpTransport::new(&proxy.address).unwrap();
        let mut last = None;
        let settled = (0..20).any(|_| {
            let report = device.sync(&mut way).unwrap();
            let settled = report.is_settled() && report.tally.sent == 0;
            last = Some(report);
            settled
        });
        assert!(settled, "seed {seed}: {last:?}");
        assert_eq!(last.unwrap().disagreeing, Vec::<String>::new());
    }
    let heard = heard.all();
    assert_eq!(heard.wrong(&house.relay), Vec::<String>::new(), "seed {seed}");
    println!("seed {seed}: {syncs} syncs, {faults} faults, {} entries, lost 0", heard.captured.len());
    assert!(faults > syncs / 4, "the network was too good");
}
