//! A native app that syncs in background windows: killed after each single step, and at random moments in them. What it
//! had promised is there, what was left never starts over, and everything gets through.

use outpost_faults::asked;
use outpost_faults::company::Company;
use outpost_faults::process::serve;
use outpost_model::id::EntryId;
use outpost_server::clock::SystemClock;
use outpost_server::verify::verify;
use outpost_simulation::cast;
use outpost_simulation::dice::Dice;
use outpost_simulation::log_book::LogBook;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

/// Longer than any window, and so many windows are enough for what one app logs.
const WINDOWS: usize = 30;

#[derive(Default)]
struct Heard {
    captured: BTreeSet<EntryId>,
    /// Steps and bytes of files that were left, after each step.
    left: Vec<(u64, u64)>,
    settled: bool,
    longest_ms: u64,
}

struct App<'a> {
    folder: &'a Path,
    invitation: String,
}

impl App<'_> {
    fn start(&self, mode: &str, seed: u64) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_faults-app"));
        command.arg(self.folder).arg(&self.invitation).arg(seed.to_string()).arg(mode);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("the app starts")
    }

    /// Everything that it says until it is gone; whether it ended content.
    fn hear(mut child: Child, heard: &mut Heard) -> bool {
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
        for line in lines {
            let words: Vec<&str> = line.split(' ').collect();
            match words[..] {
                ["captured", entry] => drop(heard.captured.insert(EntryId::parse(entry).expect("an id"))),
                // The last line of one that was killed may be cut short.
                ["step", steps, bytes, ms] => {
                    if let (Ok(steps), Ok(bytes), Ok(ms)) = (steps.parse(), bytes.parse(), ms.parse()) {
                        heard.left.push((steps, bytes));
                        heard.longest_ms = heard.longest_ms.max(ms);
                    }
                }
                ["settled"] => heard.settled = true,
                _ => {}
            }
        }
        child.wait().is_ok_and(|status| status.success())
    }
}

fn all_there(company: &Company, heard: &Heard, what: &str) {
    let relay = company.open(Arc::new(SystemClock));
    let report = verify(relay.store()).unwrap();
    assert!(report.is_clean(), "{what}: {:?}", report.differences().collect::<Vec<_>>());
    let book = LogBook::read(&relay);
    let there: BTreeSet<EntryId> = book.pages.values().flat_map(|page| page.entries.iter().copied()).collect();
    let lost: Vec<&EntryId> = heard.captured.difference(&there).collect();
    assert!(lost.is_empty(), "{what}: lost {lost:?}");
}

#[test]
fn an_app_that_is_killed_after_every_single_step_gets_everything_through() {
    let folder = cast::folder();
    let company = Company::found(&folder.path().join("relay"), 1);
    let (server, address) =
        serve(Path::new(env!("CARGO_BIN_EXE_faults-relay")), &company, "127.0.0.1:0", "").expect("it serves");
    let app = App { folder: &folder.path().join("phone"), invitation: company.invitation(0, &address).to_string() };
    let mut heard = Heard::default();
    for _ in 0..WINDOWS {
        assert!(!App::hear(app.start("window", 7), &mut heard), "it dies in every window");
        if heard.settled {
            break;
        }
    }
    assert!(heard.settled, "{:?}", heard.left);
    assert!(heard.captured.len() >= 3 && heard.left.len() >= 6, "{:?}", heard.left);
    // What is left only ever gets less, and a window seldom passes in vain: enrolling and the token cost one each, the
    // server is asked once where a photo stands.
    assert!(heard.left.windows(2).all(|pair| pair[1] <= pair[0]), "{:?}", heard.left);
    let (first, last) = (heard.left[0], heard.left[heard.left.len() - 1]);
    assert!(first.0 > 0 && first.1 > 0 && last == (0, 0), "{:?}", heard.left);
    server.kill();
    all_there(&company, &heard, "windows");
    println!("{} windows, the longest step {} ms: {:?}", heard.left.len(), heard.longest_ms, heard.left);
}

#[test]
fn an_app_that_is_killed_at_any_moment_of_a_sync_goes_on() {
    let (kills, seed) = (asked("OUTPOST_APP_KILLS", 12), asked("OUTPOST_SEED", 1));
    let folder = cast::folder();
    let company = Company::found(&folder.path().join("relay"), 1);
    let (server, address) =
        serve(Path::new(env!("CARGO_BIN_EXE_faults-relay")), &company, "127.0.0.1:0", "").expect("it serves");
    let app = App { folder: &folder.path().join("phone"), invitation: company.invitation(0, &address).to_string() };
    let (mut heard, mut dice) = (Heard::default(), Dice::new(seed));
    for _ in 0..kills {
        let child = app.start("work", dice.number());
        let id = child.id();
        std::thread::scope(|scope| {
            let listening = scope.spawn(|| App::hear(child, &mut heard));
            // The moment is what is drawn here: nothing is waited for.
            std::thread::sleep(Duration::from_millis(30 + dice.below(250) as u64));
            let killed = Command::new("kill").args(["-KILL", &id.to_string()]).status().expect("kill");
            assert!(killed.success());
            assert!(!listening.join().expect("no panic"));
        });
    }
    heard.settled = false;
    assert!(App::hear(app.start("settle", 0), &mut heard) && heard.settled, "seed {seed}: {:?}", heard.left);
    server.kill();
    all_there(&company, &heard, &format!("seed {seed}"));
    assert!(heard.captured.len() as u64 > kills, "seed {seed}: the app hardly did anything");
    println!(
        "seed {seed}: {kills} kills, {} entries, lost 0; the longest step {} ms",
        heard.captured.len(),
        heard.longest_ms
    );
}
