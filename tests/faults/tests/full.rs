//! Disks that fill up, on either side: a clear error with a stable code, nothing broken, and on it goes when there is
//! room. Once with disks in memory that say so at a chosen write, once with a real process at a real limit.

use outpost_device::report::Outcome;
use outpost_device::transport::http::HttpTransport;
use outpost_disk::Disk;
use outpost_faults::company::{Company, phone};
use outpost_faults::house::House;
use outpost_faults::load::{Tapped, tap};
use outpost_faults::process::{Heard, Phone, serve};
use outpost_server::clock::{Clock, SystemClock};
use outpost_simulation::cast;
use outpost_simulation::dice::Dice;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

#[test]
fn a_full_server_says_so_takes_nothing_in_part_and_goes_on_when_there_is_room() {
    for seed in 0..6 {
        let folder = cast::folder();
        let relay = folder.path().join("relay");
        std::fs::create_dir_all(&relay).unwrap();
        let disk = Disk::mount(&relay);
        let company = Company::found(&relay, 1);
        let house = House::open(&company, Arc::new(SystemClock)).unwrap();
        let (heard, mut dice) = (Heard::default(), Dice::new(seed));
        let mut device = phone(&folder.path().join("phone"), &company.invitation(0, &house.address)).unwrap();
        let mut way = heard.on(HttpTransport::new(&house.address).unwrap());
        assert!(device.sync(&mut way).unwrap().is_settled());
        disk.fills_after(1 + dice.below(200) as u64);
        let mut turned_away = 0;
        for _ in 0..60 {
            if let Tapped::Captured(entries) = tap(&mut device, SystemClock.now(), &mut dice) {
                heard.all().captured.extend(entries);
            }
            match device.sync(&mut way).unwrap().outcome {
                Outcome::Settled => {}
                Outcome::TurnedAway(problem) => {
                    turned_away += 1;
                    assert_eq!((problem.status, problem.code.as_str(), problem.number), (503, "storage_trouble", 108));
                    assert!(problem.retry_after_s.is_some_and(|seconds| seconds > 0), "{problem:?}");
                }
                other => panic!("seed {seed}: {other:?}"),
            }
        }
        assert!(turned_away > 0, "seed {seed}: the disk never was full");
        disk.free();
        let report = device.sync(&mut way).unwrap();
        assert!(report.is_settled(), "seed {seed}: {report:?}");
        assert_eq!(heard.all().wrong(&house.relay), Vec::<String>::new(), "seed {seed}");
    }
}

#[test]
fn a_full_phone_says_so_keeps_what_it_had_and_goes_on_when_there_is_room() {
    for seed in 0..6 {
        let folder = cast::folder();
        let company = Company::found(&folder.path().join("relay"), 1);
        let house = House::open(&company, Arc::new(SystemClock)).unwrap();
        let (heard, mut dice) = (Heard::default(), Dice::new(seed));
        let place = folder.path().join("phone");
        let disk = Disk::mount(&place.join("store"));
        let mut device = phone(&place, &company.invitation(0, &house.address)).unwrap();
        let mut way = heard.on(HttpTransport::new(&house.address).unwrap());
        disk.fills_after(20 + dice.below(400) as u64);
        let mut full = 0;
        for _ in 0..120 {
            match tap(&mut device, SystemClock.now(), &mut dice) {
                Tapped::Captured(entries) => heard.all().captured.extend(entries),
                Tapped::Full => full += 1,
                Tapped::Denied => {}
                Tapped::Broke(fault) => panic!("seed {seed}: {fault}"),
            }
            if let Err(fault) = device.sync(&mut way) {
                assert!(fault.to_string().contains("storage is full"), "seed {seed}: {fault}");
            }
            assert!(device.orders().is_ok(), "a full phone can be read");
        }
        assert!(full > 0, "seed {seed}: the disk never was full");
        disk.free();
        let settled = (0..10).any(|_| device.sync(&mut way).unwrap().is_settled());
        assert!(settled, "seed {seed}");
        assert!(matches!(tap(&mut device, SystemClock.now(), &mut dice), Tapped::Captured(_) | Tapped::Denied));
        assert_eq!(heard.all().wrong(&house.relay), Vec::<String>::new(), "seed {seed}");
    }
}

#[test]
fn a_server_process_at_its_limit_lives_on_and_takes_all_once_the_limit_is_lifted() {
    if Command::new("prlimit").arg("--version").output().is_err() {
        return println!("skipped: prlimit isn't there");
    }
    let folder = cast::folder();
    let company = Company::found(&folder.path().join("relay"), 1);
    // Files grow to so many blocks of 512 bytes; the signal that would end the process is ignored.
    let limits = "trap '' XFSZ; ulimit -S -f 1600;";
    let program = Path::new(env!("CARGO_BIN_EXE_faults-relay"));
    let (server, address) = serve(program, &company, "127.0.0.1:0", limits).unwrap();
    let (heard, mut dice) = (Heard::default(), Dice::new(1));
    let hand =
        Phone { place: 0, folder: folder.path().join("phone"), program: env!("CARGO_BIN_EXE_faults-phone").into() };
    let mut device = phone(&hand.folder, &company.invitation(0, &address)).unwrap();
    let mut way = heard.on(HttpTransport::new(&address).unwrap());
    let turned_away = (0..2_000).find_map(|_| {
        if let Tapped::Captured(entries) = tap(&mut device, SystemClock.now(), &mut dice) {
            heard.all().captured.extend(entries);
        }
        match device.sync(&mut way).unwrap().outcome {
            Outcome::Settled => None,
            Outcome::TurnedAway(problem) => Some(problem),
            other => panic!("{other:?}"),
        }
    });
    let problem = turned_away.expect("the limit is reached");
    assert_eq!((problem.status, problem.code.as_str()), (503, "storage_trouble"));
    let lifted = Command::new("prlimit").args(["--pid", &server.id().to_string(), "--fsize=unlimited"]).status();
    assert!(lifted.unwrap().success());
    drop(device);
    assert!(hand.start(&company, &address, "settle", 1, &heard).wait(), "the phone doesn't settle");
    server.kill();
    assert_eq!(heard.all().wrong(&company.open(Arc::new(SystemClock))), Vec::<String>::new());
}
