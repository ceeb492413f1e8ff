//! A phone as a process: logs and syncs until it is killed, and says line by line what was promised. With `settle` it
//! logs nothing, syncs until everything is settled, and ends.

use outpost_device::report::Outcome;
use outpost_device::transport::http::HttpTransport;
use outpost_faults::company::phone;
use outpost_faults::load::{Tapped, tap};
use outpost_faults::promises::Promising;
use outpost_model::invitation::Invitation;
use outpost_model::time::Millis;
use outpost_simulation::dice::Dice;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // Nobody hears it where the test has ended: so does the phone.
    if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}

fn now() -> Millis {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Millis(since.as_millis() as i64)
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [folder, invitation, seed, mode] = &args[..] else {
        eprintln!("FOLDER INVITATION SEED work|settle");
        return ExitCode::FAILURE;
    };
    let invitation = Invitation::parse(invitation).expect("an invitation");
    let mut device = match phone(Path::new(folder), &invitation) {
        Ok(device) => device,
        Err(fault) => {
            say(&format!("closed {fault}"));
            return ExitCode::FAILURE;
        }
    };
    let way = HttpTransport::new(&invitation.server).expect("an address");
    // Said before the phone itself hears of it.
    let mut transport = Promising::telling(way, |seq, hash| say(&format!("admitted {seq} {hash}")));
    let mut dice = Dice::new(seed.parse().expect("a seed"));
    let settles = mode == "settle";
    for _ in 0..if settles { 200 } else { usize::MAX } {
        for _ in 0..if settles { 0 } else { 1 + dice.below(6) } {
            match tap(&mut device, now(), &mut dice) {
                Tapped::Captured(entries) => {
                    entries.iter().for_each(|(page, entry)| say(&format!("captured {page} {entry}")));
                }
                Tapped::Denied => {}
                Tapped::Full => say("full"),
                Tapped::Broke(fault) => {
                    say(&format!("broke {fault}"));
                    return ExitCode::FAILURE;
                }
            }
        }
        match device.sync(&mut transport) {
            Ok(report) if report.outcome == Outcome::Settled && settles && report.tally.sent == 0 => {
                say("settled");
                return ExitCode::SUCCESS;
            }
            Ok(report) if report.outcome == Outcome::Settled => {}
            Ok(report) => {
                say(&format!("unsettled {:?}", report.outcome));
                // A server that was killed needs a moment.
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(fault) => say(&format!("halted {fault}")),
        }
    }
    ExitCode::FAILURE
}
