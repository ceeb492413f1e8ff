//! `outpost serve`: opens the folder, or makes it, and serves until it is told to stop.

use crate::field_app;
use crate::founding::{self, FirstAccount};
use crate::serving::told_to_stop;
use crate::trouble::Trouble;
use outpost_model::id::TenantId;
use outpost_model::time::Zone;
use outpost_server::blob::location::BlobLocation;
use outpost_server::clock::SystemClock;
use outpost_server::config::{DataFolder, Exposure};
use outpost_server::console;
use outpost_server::http::{Gateway, Settings};
use outpost_server::life::mark::{self, Keeper, Marks, Noticed};
use outpost_server::observe::logs;
use outpost_server::relay::{self, Lost, Relay, Why};
use outpost_server::store::Store;
use std::fs::File;
use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How long a stop waits for what is no request: a sweep of files that talks to its bucket.
const LEFTOVERS: Duration = Duration::from_secs(5);

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    outpost serve --data ./company\n  \
    outpost serve --data /var/lib/outpost --listen 0.0.0.0:443 --tls-cert chain.pem --tls-key key.pem\n  \
    outpost serve --data /var/lib/outpost --listen 10.0.0.5:7700 --behind-proxy\n\n\
    Log lines (JSON) go to standard error; OUTPOST_LOG=warn shows fewer. Stop with Ctrl-C or SIGTERM:\n\
    requests under way are finished first.")]
pub struct Args {
    /// Folder for everything the relay keeps; made at the first start
    #[arg(long, value_name = "DIR", env = "OUTPOST_DATA")]
    data: PathBuf,
    /// Address and port to listen on
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7700")]
    listen: SocketAddr,
    /// Certificate chain (PEM), where the relay speaks TLS itself
    #[arg(long, value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// Private key (PEM) of the certificate
    #[arg(long, value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// A proxy in front speaks TLS and sets X-Forwarded-For
    #[arg(long)]
    behind_proxy: bool,
    /// Short code of the company; counts at the first start only
    #[arg(long, value_name = "CODE", default_value = "company")]
    tenant: String,
    /// Time zone of the company's days; counts at the first start only
    #[arg(long, value_name = "ZONE", default_value = "Asia/Shanghai")]
    zone: String,
    /// Lets another machine read /metrics with `Authorization: Bearer TOKEN`
    #[arg(long, value_name = "TOKEN", env = "OUTPOST_METRICS_TOKEN", hide_env_values = true)]
    metrics_token: Option<String>,
    /// Where photos and strokes stand: a folder, or s3://BUCKET/PREFIX (keys, region and address from AWS_… as usual);
    /// DATA/blobs if nothing is said
    #[arg(long, value_name = "PLACE", env = "OUTPOST_BLOBS")]
    blobs: Option<BlobLocation>,
    /// Where it is noted, outside the folder, how far the log has come; DIR.mark if nothing is said
    #[arg(long, value_name = "FILE", env = "OUTPOST_MARK")]
    mark: Option<PathBuf>,
    /// Folder with the built field app; found beside the data or the program unless told otherwise
    #[arg(long, value_name = "DIR", env = "OUTPOST_APP")]
    app: Option<PathBuf>,
}

pub fn run(args: Args) -> Result<(), Trouble> {
    // What can be wrong with the command line is told before anything is made.
    let exposure = Exposure::choose(args.listen, args.tls_cert, args.tls_key, args.behind_proxy)?;
    let tenant = TenantId::parse(&args.tenant).map_err(|bad| Trouble::Unsound(format!("--tenant: {bad}.")))?;
    let zone = Zone::parse(&args.zone).map_err(|bad| Trouble::Unsound(format!("--zone: {bad}.")))?;
    logs::start();

    let folder = DataFolder::prepare(&args.data)?;
    let _lock = lock(&args.data)?;
    let listener = TcpListener::bind(args.listen).map_err(|taken| Trouble::Taken(args.listen, taken))?;
    let address = listener.local_addr().map_err(Trouble::Machine)?;
    let lost_row_key = folder.has_lost_row_key();
    if lost_row_key {
        tracing::warn!("keys/rows.key is gone and is made anew: phones can't bring back rows that they got under it");
    }
    let key = folder.row_key(rand::random())?;
    let relay = Relay::open(Store::open(&args.data)?, Arc::new(SystemClock), key)?;
    let first = founding::found(&relay, &tenant, zone)?;
    if lost_row_key {
        // What phones hold under the old key proves nothing: they shall read everything anew.
        relay::turn(relay.store(), Why::KeyLost, Lost::default(), relay.clock().now())?;
    }
    let marks = Marks::of(&folder, args.mark);
    if let Some(noticed) = mark::check(relay.store(), &marks, relay.clock().now())? {
        relay.counts().epochs.fetch_add(1, Ordering::Relaxed);
        put_back(&args.data, &noticed);
    }
    let _keeper = Keeper::start(relay.store().clone(), marks).map_err(Trouble::Machine)?;
    let app = field_app::find(args.app, &args.data);
    let settings = Settings {
        exposure: exposure.clone(),
        metrics_token: args.metrics_token,
        app: app.clone(),
        blobs: args.blobs,
        ..Settings::new(folder)
    };
    let gateway = Gateway::open(relay, settings)?;

    let scheme = if matches!(exposure, Exposure::Tls { .. }) { "https" } else { "http" };
    let runtime = tokio::runtime::Runtime::new().map_err(Trouble::Machine)?;
    // Whoever reads that it serves may stop it at once.
    let stop = {
        let _inside = runtime.enter();
        told_to_stop()
    };
    welcome(&args.data, &format!("{scheme}://{address}"), app.as_deref(), first).map_err(Trouble::Terminal)?;
    let served = runtime.block_on(console::serve(listener, gateway, stop));
    // Requests are finished. What else waits for somebody who doesn't answer may be killed at any point.
    runtime.shutdown_timeout(LEFTOVERS);
    served?;
    tracing::info!("stopped");
    Ok(())
}

fn put_back(data: &Path, noticed: &Noticed) {
    let Noticed { epoch, seq, known } = noticed;
    eprintln!(
        "outpost: {} was put back to an earlier time: it ends at row {seq}, and the log had reached row {known}.\n\
         Epoch {epoch} begins, and phones bring back what they hold. docs/operations.md says what else to look after.",
        data.display()
    );
}

/// Holds the folder for this process; another relay in it would be told apart by nobody.
fn lock(data: &Path) -> Result<File, Trouble> {
    let file = data.join("serving.lock");
    let lock = File::create(&file).map_err(|error| Trouble::File(file, error))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(_) => Err(Trouble::Serving(data.to_owned())),
    }
}

fn welcome(data: &Path, relay: &str, app: Option<&Path>, first: Option<FirstAccount>) -> std::io::Result<()> {
    let data = data.display();
    let mut out = std::io::stdout().lock();
    writeln!(out, "Outpost serves {data} at {relay}")?;
    writeln!(out, "{}", field_app::line(app, relay))?;
    if let Some(FirstAccount { user, password }) = first {
        writeln!(
            out,
            "\nThis is the first start. Headquarters signs in with (shown only now 仅显示一次):\n\n  \
               user 工号      {user}\n  \
               password 密码  {password}\n\n\
             Next, in another terminal:\n  \
               outpost station add st-1 --name 济南驻点 --data {data}\n  \
               outpost user add u-1 --name 王工 --role engineer --station st-1 --data {data}\n  \
               outpost device code --user u-1 --server https://YOUR-HOST --data {data}\n"
        )?;
    }
    writeln!(out, "Stop with Ctrl-C.")?;
    out.flush()
}
