//! A native app as a process, over the same objects that Kotlin and Swift have: it logs, syncs step by step, and dies
//! in whichever way it was told. Each line that it says is a promise to whoever reads it.
//!
//! - `work`: logs and syncs until it is killed.
//! - `window`: takes one step of a sync, and dies without a word of goodbye, as an app whose window is over.
//! - `settle`: syncs until nothing is left, and ends.

use outpost_device::commands::{Act, Captured};
use outpost_device::talk::SyncOutcome;
use outpost_faults::company::customer;
use outpost_ffi::host::{Clock, ClockReading, Host, HostTrouble};
use outpost_ffi::logbook::LogbookCore;
use outpost_ffi::sync::SyncStep;
use outpost_model::command::ServiceType;
use outpost_simulation::dice::Dice;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

/// Goes up in three pieces.
const PHOTO: usize = 600 * 1024;

struct Now;

impl Clock for Now {
    fn read(&self) -> Result<ClockReading, HostTrouble> {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Ok(ClockReading { now: since.as_millis() as i64, zone_minutes: 480, monotonic: None })
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [folder, invitation, seed, mode] = &args[..] else {
        eprintln!("FOLDER INVITATION SEED work|window|settle");
        return ExitCode::FAILURE;
    };
    let host = Host {
        folder: folder.clone(),
        no_backup_folder: None,
        app: "faults".to_owned(),
        clock: Arc::new(Now),
        keystore: None,
        transport: None,
        locator: None,
        power: None,
    };
    let logbook = LogbookCore::open(host).expect("a logbook that was killed opens");
    logbook.enrol(invitation.clone()).expect("an invitation");
    let mut dice = Dice::new(seed.parse().expect("a seed"));
    match mode.as_str() {
        "work" => loop {
            log(&logbook, &mut dice);
            sync(&logbook, usize::MAX);
        },
        "window" => {
            if logbook.left_to_send().expect("a count").steps == 0 && logbook.orders().expect("orders").is_empty() {
                log(&logbook, &mut dice);
            }
            sync(&logbook, 1);
            std::process::abort();
        }
        "settle" => match (0..200).any(|_| sync(&logbook, usize::MAX)) {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        },
        other => panic!("no such mode: {other}"),
    }
}

/// Some tasks, and now and then a visit with a photo that takes several steps.
fn log(logbook: &LogbookCore, dice: &mut Dice) {
    let keep = |act, photo: Option<Vec<u8>>| -> Captured {
        let captured = logbook.capture(act, photo).expect("what may be logged is kept");
        captured.entry.iter().for_each(|entry| say(&format!("captured {entry}")));
        captured
    };
    for _ in 0..1 + dice.below(5) {
        let note = "x".repeat(1 + dice.below(400));
        keep(Act::Task { minutes: 1 + dice.below(60) as u32, note }, None);
    }
    if logbook.orders().expect("orders").len() < 3 {
        let fault = "stands".to_owned();
        let open = Act::OpenOrder { customer: customer(), asset: None, fault, service_type: ServiceType::C };
        let order = keep(open, None).order.expect("an order was opened");
        let visit = keep(Act::Depart { order }, None).visit.expect("a visit was begun");
        let mut photo = vec![0xff, 0xd8, 0xff, 0xe0];
        photo.extend((0..PHOTO / 8).flat_map(|_| dice.bytes::<8>()));
        keep(Act::Photo { visit, caption: "x".to_owned() }, Some(photo));
    }
}

/// A sync of so many steps at most; whether everything is at headquarters.
fn sync(logbook: &Arc<LogbookCore>, most: usize) -> bool {
    let run = logbook.clone().begin_sync().expect("no other sync goes on");
    for _ in 0..most {
        let began = Instant::now();
        let SyncStep { left, end } = run.step().expect("a step");
        say(&format!("step {} {} {}", left.steps, left.file_bytes, began.elapsed().as_millis()));
        match end.map(|end| end.outcome) {
            None => {}
            Some(SyncOutcome::Settled) if left.steps + left.files == 0 => {
                say("settled");
                return true;
            }
            // A server that was killed needs a moment.
            Some(_) => {
                std::thread::sleep(Duration::from_millis(20));
                return false;
            }
        }
    }
    false
}
