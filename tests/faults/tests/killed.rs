//! Server and phones killed with SIGKILL at random moments under load: whatever anybody was promised is there.
//! `OUTPOST_KILLS` sets how often, `OUTPOST_SEED` which moments.

use outpost_faults::asked;
use outpost_faults::company::Company;
use outpost_faults::process::{Heard, Phone, Process, serve};
use outpost_server::clock::SystemClock;
use outpost_simulation::dice::Dice;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const PHONES: usize = 3;
/// Kills before the company comes to rest and another is founded.
const KILLS: u64 = 25;

#[derive(Debug, Default)]
struct Tally {
    server: u64,
    phones: u64,
    captured: u64,
    admitted: u64,
}

#[test]
fn whoever_is_killed_what_was_promised_is_there() {
    let (kills, seed) = (asked("OUTPOST_KILLS", 50), asked("OUTPOST_SEED", 1));
    let mut tally = Tally::default();
    for company in 0.. {
        let left = kills - tally.server - tally.phones;
        if left == 0 {
            break;
        }
        live(left.min(KILLS), seed.wrapping_mul(1_000_003).wrapping_add(company), &mut tally);
    }
    println!("seed {seed}: {tally:?}, lost 0");
    assert!(tally.admitted > kills, "the phones hardly sent anything");
}

fn live(kills: u64, seed: u64, tally: &mut Tally) {
    let folder = outpost_simulation::cast::folder();
    let company = Company::found(&folder.path().join("relay"), PHONES);
    let program = Path::new(env!("CARGO_BIN_EXE_faults-relay"));
    let (mut server, address) = serve(program, &company, "127.0.0.1:0", "").unwrap();
    let port = address.trim_start_matches("http://").to_owned();
    let heard = Heard::default();
    let mut dice = Dice::new(seed);
    let phones: Vec<Phone> = (0..PHONES)
        .map(|place| Phone {
            place,
            folder: folder.path().join(format!("phone-{place}")),
            program: env!("CARGO_BIN_EXE_faults-phone").into(),
        })
        .collect();
    let mut at_work: Vec<Option<Process>> =
        phones.iter().map(|phone| Some(phone.start(&company, &address, "work", dice.number(), &heard))).collect();
    for _ in 0..kills {
        // The moment is what is drawn here: nothing is waited for.
        std::thread::sleep(Duration::from_millis(20 + dice.below(200) as u64));
        if dice.one_in(2) {
            server.kill();
            tally.server += 1;
            let relay = company.open(Arc::new(SystemClock));
            let lost = heard.all().lost(&relay);
            assert_eq!(lost, 0, "seed {seed}: admitted rows are lost");
            let report = outpost_server::verify::verify(relay.store()).unwrap();
            assert!(report.is_clean(), "seed {seed}: {:?}", report.differences().collect::<Vec<_>>());
            drop(relay);
            server = serve(program, &company, &port, "").unwrap().0;
        } else {
            let victim = dice.below(PHONES);
            // Two processes never share a store: the one that is killed goes first.
            at_work[victim].take().into_iter().for_each(Process::kill);
            at_work[victim] = Some(phones[victim].start(&company, &address, "work", dice.number(), &heard));
            tally.phones += 1;
        }
    }
    at_work.into_iter().flatten().for_each(Process::kill);
    for phone in &phones {
        assert!(phone.start(&company, &address, "settle", 0, &heard).wait(), "seed {seed}: a phone doesn't settle");
    }
    server.kill();
    let heard = heard.all();
    assert_eq!(heard.wrong(&company.open(Arc::new(SystemClock))), Vec::<String>::new(), "seed {seed}");
    tally.captured += heard.captured.len() as u64;
    tally.admitted += heard.admitted.len() as u64;
}
