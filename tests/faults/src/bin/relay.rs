//! `outpost serve` and nothing else, so that a test has a process of its own to kill.

use clap::Parser;
use outpost_cli::serve;
use std::process::ExitCode;

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    args: serve::Args,
}

fn main() -> ExitCode {
    match serve::run(Cli::parse().args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::FAILURE
        }
    }
}
