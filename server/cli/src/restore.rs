//! `outpost restore`: a backup becomes a data folder again, and what will come back by itself is said.

use crate::progress::Stages;
use crate::trouble::Trouble;
use outpost_model::time::{Millis, Zone};
use outpost_server::clock::{Clock, SystemClock};
use outpost_server::life::restore::{Order, Restored, restore};
use std::path::PathBuf;

#[derive(clap::Args)]
#[command(after_help = "Example:\n  \
    outpost restore --from /backups/monday.tar.zst --keys /safe/keys --data DIR\n\n\
    DIR must be new or empty. The backup is checked as `outpost verify` checks before DIR gets it; a bad one leaves\n\
    nothing behind. The folder goes on in a new epoch: at its next sync each phone offers everything that it holds.")]
pub struct Args {
    /// The backup
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// The data folder to make; new or empty
    #[arg(long = "data", value_name = "DIR", env = "OUTPOST_DATA")]
    data: PathBuf,
    /// The folder `keys` of the old data folder, as it was kept elsewhere
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
    /// Where it was noted how far the log had come, if not in DIR.mark
    #[arg(long, value_name = "FILE", env = "OUTPOST_MARK")]
    mark: Option<PathBuf>,
}

pub fn run(args: Args) -> Result<(), Trouble> {
    let order = Order {
        from: &args.from,
        to: &args.data,
        keys: args.keys.as_deref(),
        mark: args.mark.clone(),
        now: SystemClock.now(),
    };
    let stages = Stages::default();
    let restored = restore(&order, &|what, done, of| stages.at(what, done, of))?;
    stages.done();
    print!("{}", told(&restored, &args));
    Ok(())
}

fn told(restored: &Restored, args: &Args) -> String {
    let Restored { manifest, report, epoch, known, has_row_key } = restored;
    let (data, at) = (args.data.display(), moment(manifest.made));
    let (seq, next) = (manifest.seq, manifest.seq + 1);
    let mut text = format!(
        "{data} holds {} as it was at {at}: {seq} rows of the log, {} pages, {} orders. Sound; epoch {epoch} begins.\n\n",
        manifest.tenant, report.played.pages, report.played.orders
    );
    text += &match known {
        Some(known) => {
            format!("The log had reached row {known} when it was lost: rows {next} to {known} aren't in this backup.\n")
        }
        None => format!("What came after row {seq} isn't in this backup; how much that was isn't known here.\n"),
    };
    text += "\nComes back by itself, as phones sync:\n  \
        - all that a phone logged and still holds, whether it was sent before or not;\n";
    text += match has_row_key {
        true => {
            "  - rows of others and decisions of the console, under the name of whoever they are, from any phone \
             that holds them.\n"
        }
        false => "",
    };
    text += "\nDoes not come back by itself:\n";
    if !has_row_key {
        text += &format!(
            "  - rows of others and decisions of the console: the keys are missing, and without them nothing proves\n    \
               that a row was here. Have you got the old folder `keys`? Then remove {data} and restore again with\n    \
               --keys; or put rows.key into {data}/keys before the first start.\n"
        );
    }
    text += "  - what no phone holds any more: decisions and people that only the console saw, phones that were lost;\n  \
        - what stands beside the log: passwords set since, invitations given out since;\n  \
        - photos and strokes whose phone has let go of them.\n\n\
        Look after, since they may be undone now: phones revoked, people deactivated and passwords changed since.\n\
        Everybody signs in to the console anew.\n";
    text += &format!(
        "\nNext:\n  outpost serve --data {data}\n  outpost review list --data {data}   what phones brought that needs a decision\n  outpost doctor --data {data}        once phones have synced: which rows nobody has brought back\n"
    );
    text
}

fn moment(at: i64) -> String {
    Zone::parse("UTC").map_or_else(|_| at.to_string(), |zone| zone.rfc3339(Millis(at)))
}
