//! `outpost replay`: a month of field service through real device stores and a real relay, in virtual time.

pub mod console;
mod deed;
mod phone;
mod player;
mod stage;

pub use phone::Phone;
pub use player::{Manner, Played, Player};
pub use stage::Stage;

use crate::failure::Failure;
use crate::month::Month;
use crate::progress::Progress;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
#[command(after_help = "Example:\n  \
    outpost replay tests/data/month --data ./month\n  \
    outpost export orders --data ./month\n\n\
    MONTH holds org.json (who there is) and log.jsonl (what they did). Each phone is a real device store under\n\
    DIR/phones, each sync a real request. Ends with 1 and names the line when one ends otherwise than it should.")]
pub struct Args {
    /// Folder with org.json and log.jsonl
    #[arg(value_name = "MONTH")]
    month: PathBuf,
    /// Folder for the relay and the phones; it must be empty or new
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
}

pub fn run(args: Args) -> Result<(), Failure> {
    let month = Month::load(&args.month)?;
    let progress = Progress::of("lines", month.lines.len());
    let player = play(month, &args.data, Manner::default(), &mut |done| progress.at(done))?;
    progress.done();
    let Played { lines, syncs, denied } = player.played();
    println!("Played {lines} lines: {syncs} syncs, {denied} without a right and each denied.");
    println!("See what came of it: outpost export orders --data {}", args.data.display());
    Ok(())
}

/// Refuses a folder that holds anything: two companies in one would be nobody's.
pub fn refuse_unless_empty(dir: &Path) -> Result<(), Failure> {
    match std::fs::read_dir(dir) {
        Ok(mut entries) => match entries.next() {
            Some(_) => Err(Failure::NotEmpty(dir.to_owned())),
            None => Ok(()),
        },
        Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(trouble) => Err(Failure::Runtime(trouble)),
    }
}

/// Plays the month into `dir`; `tell` hears how many lines are done.
pub fn play(month: Month, dir: &Path, manner: Manner, tell: &mut dyn FnMut(usize)) -> Result<Player, Failure> {
    refuse_unless_empty(dir)?;
    let mut player = Player::begin(month, dir, manner)?;
    player.play(tell)?;
    Ok(player)
}
