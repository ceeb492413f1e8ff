//! The `outpost` command. Each subcommand has a file; this one says what there is, and turns how it ended into an
//! exit code: 0 done, 1 not done (the sentence says what to do), 2 the command line itself doesn't fit; `backup` and
//! `doctor` have more to say, and their help says what.

use outpost_cli::{
    backup, demo, device, doctor, export, key, replay, rescue, restore, review, serve, station, user, verify,
};

use clap::{Parser, Subcommand};
use outpost_cli::trouble::Trouble;
use std::process::ExitCode;

/// Outpost: a logbook for engineers who work where the network doesn't.
///
/// Phones log offline; this relay merges what they log, lets leads decide, and exports what is true.
#[derive(Parser)]
#[command(
    version,
    propagate_version = true,
    after_help = "Begin with:\n  \
        outpost demo                       a month of invented field service, to look around in\n  \
        outpost serve --data ./company     a relay of your own: says how to get in\n\n\
        Exit codes: 0 done, 1 not done (the message says what to do), 2 the command line doesn't fit."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the relay; the first start makes the folder and says how to get in
    Serve(serve::Args),
    /// Play a month of invented field service into a fresh folder, then serve it
    Demo(demo::Args),
    /// Play a month from files, through real device stores and a real relay
    Replay(replay::Args),
    /// Write a table (orders, parts, attendance and so on) as CSV, JSON Lines or a workbook
    Export(export::Args),
    /// Copy everything into one archive, beside the running relay
    Backup(backup::Args),
    /// Make a data folder from a backup
    Restore(restore::Args),
    /// Say what is wrong with a data folder, and save what is whole
    Doctor(doctor::Args),
    /// Open what a phone sealed to headquarters that can't sync any more
    Rescue(rescue::Args),
    /// What such phones handed in: list, show, accept, reject
    Review(review::Args),
    /// Check that the log and everything worked out from it are sound
    Verify(verify::VerifyArgs),
    /// Work everything out from the log anew
    Rebuild(verify::RebuildArgs),
    /// People: list, add, give a password, deactivate
    User(user::Args),
    /// Stations: add
    Station(station::Args),
    /// Phones: list, invite, revoke
    Device(device::Args),
    /// Keys that sign the phones' access tokens: list, rotate
    Key(key::Args),
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Backup(args) => return ended(backup::run(args)),
        Command::Restore(args) => restore::run(args).map_err(|trouble| trouble.to_string()),
        Command::Doctor(args) => return ended(doctor::run(args)),
        Command::Rescue(args) => rescue::run(args).map_err(|trouble| trouble.to_string()),
        Command::Review(args) => review::run(args).map_err(|trouble| trouble.to_string()),
        Command::Serve(args) => serve::run(args).map_err(|trouble| trouble.to_string()),
        Command::Demo(args) => demo::run(args).map_err(|failure| failure.to_string()),
        Command::Replay(args) => replay::run(args).map_err(|failure| failure.to_string()),
        Command::Export(args) => export::run(args).map_err(|trouble| trouble.to_string()),
        Command::Verify(args) => verify::run(args).map_err(|trouble| trouble.to_string()),
        Command::Rebuild(args) => verify::rebuild(args).map_err(|trouble| trouble.to_string()),
        Command::User(args) => user::run(args).map_err(|trouble| trouble.to_string()),
        Command::Station(args) => station::run(args).map_err(|trouble| trouble.to_string()),
        Command::Device(args) => device::run(args).map_err(|trouble| trouble.to_string()),
        Command::Key(args) => key::run(args).map_err(|trouble| trouble.to_string()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("outpost: {sentence}");
            ExitCode::FAILURE
        }
    }
}

/// For what ends in more ways than done or not.
fn ended(done: Result<u8, Trouble>) -> ExitCode {
    match done {
        Ok(code) => ExitCode::from(code),
        Err(trouble) => {
            eprintln!("outpost: {trouble}");
            ExitCode::FAILURE
        }
    }
}
