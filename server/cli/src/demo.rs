//! `outpost demo`: a month of invented field service, played before the reader's eyes and then served, with the clock
//! going on from where the month ended.

use crate::failure::Failure;
use crate::field_app;
use crate::month::{Month, Org};
use crate::progress::Progress;
use crate::replay::{Manner, play, refuse_unless_empty};
use crate::serving::told_to_stop;
use outpost_model::command::Ask;
use outpost_model::id::{CommandId, UserId};
use outpost_model::record::{Person, Role};
use outpost_model::time::{Millis, Zone};
use outpost_server::clock::Clock;
use outpost_server::config::DataFolder;
use outpost_server::console;
use outpost_server::http::{Gateway, Settings};
use outpost_server::relay::{After, ConsoleAct, Heads, Relay};
use outpost_server::store::Store;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// The month comes with the program, so that the demo needs nothing else.
const ORG: &str = include_str!("../../../tests/data/month/org.json");
const LOG: &str = include_str!("../../../tests/data/month/log.jsonl");

#[derive(clap::Args)]
#[command(after_help = "Example:\n  outpost demo --listen 127.0.0.1:7700")]
pub struct Args {
    /// Address and port to listen on; only this machine may connect to a demo
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7700")]
    listen: SocketAddr,
    /// Folder for the demo, empty or new; a fresh one under the system's temporary folder unless told otherwise
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// A clock that goes on from a moment of its own.
struct Onward {
    from: Millis,
    since: Instant,
}

impl Clock for Onward {
    fn now(&self) -> Millis {
        self.from.plus(i64::try_from(self.since.elapsed().as_millis()).unwrap_or(i64::MAX))
    }
}

pub fn run(args: Args) -> Result<(), Failure> {
    if !args.listen.ip().is_loopback() {
        return Err(Failure::DemoAbroad(args.listen));
    }
    let listener = TcpListener::bind(args.listen).map_err(|taken| Failure::Taken(args.listen, taken))?;
    let dir = match args.data {
        Some(dir) => dir,
        None => tempfile::Builder::new().prefix("outpost-demo-").tempdir().map_err(Failure::Runtime)?.keep(),
    };
    refuse_unless_empty(&dir)?;

    let month = Month::parse(ORG, LOG)?;
    let (org, end) = (month.org.clone(), month.lines.last().map_or(Millis(0), |line| line.at));
    println!("Outpost demo 演示: two stations, eight engineers, a month of field service into {}", dir.display());
    let progress = Progress::of("lines", month.lines.len());
    let player = play(month, &dir, Manner::default(), &mut |done| progress.at(done))?;
    progress.done();
    let added = add_missing_roles(&org, &player.stage().relay)?;
    let sign_ins = sign_ins(&org, &added, &mut |user| player.stage().password(user))?;
    // The stage's relay and its runtime end here; the folder is served anew below.
    drop(player);
    open_house(&dir, listener, &sign_ins, &org.timezone, end)
}

/// The month needs no cashier and no auditor; a reader who looks around wants to see what they see.
fn add_missing_roles(org: &Org, relay: &Relay) -> Result<Vec<(Role, UserId)>, Failure> {
    let Some(hq) = org.users.iter().find(|user| user.role == Role::Hq) else { return Ok(Vec::new()) };
    let mut added = Vec::new();
    for (role, id, name) in [(Role::Cashier, "u-cashier", "总部会计"), (Role::Auditor, "u-auditor", "总部审计")]
    {
        if org.users.iter().any(|user| user.role == role) {
            continue;
        }
        let user = UserId::parse(id).expect("letters and a dash are a code");
        let person = Person { user: user.clone(), name: name.into(), role, station: None, active: true };
        let ask = Some(Ask::PutPerson { person });
        let id = CommandId::derived(&["demo", "person", id]);
        relay.act(&hq.id, ConsoleAct { id, ask, after: After::Now, heads: Heads::Now, write: None })?;
        added.push((role, user));
    }
    Ok(added)
}

/// One person of each role, with a fresh password.
fn sign_ins(
    org: &Org,
    added: &[(Role, UserId)],
    password: &mut dyn FnMut(&UserId) -> Result<String, Failure>,
) -> Result<Vec<(Role, UserId, String)>, Failure> {
    let mut found = Vec::new();
    for role in Role::ALL {
        let played = org.users.iter().find(|user| user.role == role).map(|user| user.id.clone());
        let user = played.or_else(|| added.iter().find(|(known, _)| *known == role).map(|(_, user)| user.clone()));
        if let Some(user) = user {
            let password = password(&user)?;
            found.push((role, user, password));
        }
    }
    Ok(found)
}

fn open_house(
    dir: &Path,
    listener: TcpListener,
    sign_ins: &[(Role, UserId, String)],
    zone: &Zone,
    end: Millis,
) -> Result<(), Failure> {
    let folder = DataFolder::prepare(dir)?;
    let row_key = folder.row_key(rand::random())?;
    let clock = Arc::new(Onward { from: end, since: Instant::now() });
    let relay = Relay::open(Store::open(dir)?, clock, row_key)?;
    let address = listener.local_addr().map_err(Failure::Runtime)?;
    let app = field_app::find(None, dir);
    let field_app = field_app::line(app.as_deref(), &format!("http://{address}"));
    let gateway = Gateway::open(relay, Settings { app, ..Settings::new(folder) })?;

    println!("Played. The relay serves it at http://{address}, and its clock goes on from {}.", zone.rfc3339(end));
    println!("{field_app}");
    println!("\nThe console is at http://{address}/ . Sign in as one of these:");
    for (role, user, password) in sign_ins {
        println!("  {:<9} {:<13} {password}", role.name(), user.as_str());
    }
    let data = dir.display();
    println!("\nIn another terminal:");
    println!("  outpost export orders --data {data}      what the month came to");
    println!("  outpost export flags --data {data}       what a supervisor must see");
    println!("  outpost verify --data {data}             that all of it is sound");
    println!("\nStop with Ctrl-C.");
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::Runtime)?;
    let _inside = runtime.enter();
    runtime.block_on(console::serve(listener, gateway, told_to_stop())).map_err(Failure::Serve)
}
