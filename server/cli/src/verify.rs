//! `outpost verify` and `outpost rebuild`: whether the folder is what its log says, and how to make it so again.

use crate::office::{Data, Office};
use crate::trouble::Trouble;
use outpost_server::{relay, verify};

#[derive(clap::Args)]
#[command(after_help = "Example, also beside a running relay:\n  outpost verify --data DIR\n\n\
    Walks the chain of the log, passes every change through the gate again, makes every page and table anew and\n\
    compares. Exit code 1 on any difference: then `outpost rebuild` mends what is worked out from the log; a broken\n\
    chain can't be mended: restore a backup, and the phones bring back what they hold.")]
pub struct VerifyArgs {
    #[command(flatten)]
    data: Data,
}

#[derive(clap::Args)]
#[command(after_help = "Example:\n  outpost rebuild --data DIR\n\n\
    Takes as long as the log is long; the log itself is only read.")]
pub struct RebuildArgs {
    #[command(flatten)]
    data: Data,
}

pub fn run(args: VerifyArgs) -> Result<(), Trouble> {
    let office = Office::open(&args.data)?;
    let report = verify::verify(office.relay.store())?;
    let played = &report.played;
    println!(
        "{} rows of the log ({} changes, {} decisions), {} pages, {} orders; {} snapshots and {} rows of tables compared.",
        played.rows, played.changes, played.decisions, played.pages, played.orders, played.snapshots, report.compared
    );
    if report.is_clean() {
        println!("Sound: everything is as its log says.");
        return Ok(());
    }
    let differences: Vec<String> = report.differences().map(|difference| format!("  {difference}")).collect();
    Err(Trouble::Unsound(format!(
        "not everything is as the log says:\n{}\nIf the log itself is whole, `outpost rebuild` mends this; \
         if its chain is broken, restore a backup.",
        differences.join("\n")
    )))
}

pub fn rebuild(args: RebuildArgs) -> Result<(), Trouble> {
    let office = Office::open(&args.data)?;
    let played = relay::rebuild(office.relay.store())?;
    println!(
        "Made anew from {} rows of the log: {} pages, {} orders, {} snapshots. `outpost verify` checks it.",
        played.rows, played.pages, played.orders, played.snapshots
    );
    if played.differences.is_empty() {
        return Ok(());
    }
    let differences: Vec<String> = played.differences.iter().map(|difference| format!("  {difference}")).collect();
    Err(Trouble::Unsound(format!("the log itself is damaged:\n{}\nRestore a backup.", differences.join("\n"))))
}
