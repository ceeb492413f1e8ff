//! A campaign: as many histories as there is time for. Stops at nothing; says at the end which seeds broke what.

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use outpost_simulation::history::{minimise, play, steps};
use outpost_simulation::tally::Tally;
use std::process::ExitCode;
use std::time::Instant;

#[derive(Parser)]
#[command(about = "Plays whole companies by seed and checks that nothing is lost")]
struct Campaign {
    /// How many histories.
    #[arg(long, default_value_t = 1_000)]
    histories: u64,
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Make failing histories short, and print what is left of them.
    #[arg(long)]
    minimise: bool,
}

fn main() -> ExitCode {
    let campaign = Campaign::parse();
    let began = Instant::now();
    let bar = ProgressBar::new(campaign.histories);
    if let Ok(style) = ProgressStyle::with_template("{pos}/{len} histories, {per_sec}, {eta} left  {msg}") {
        bar.set_style(style);
    }
    let (mut tally, mut failed) = (Tally::default(), Vec::new());
    for seed in campaign.seed..campaign.seed + campaign.histories {
        let list = steps(seed);
        let outcome = play(&list);
        tally.add(&outcome.tally);
        if let Some(first) = outcome.troubles.first() {
            bar.suspend(|| {
                println!("seed {seed}: {} troubles; the first: {first}", outcome.troubles.len());
                if campaign.minimise {
                    let rule = first.split(' ').next().unwrap_or_default();
                    let short = minimise(&list, rule);
                    println!("  {} of {} deeds:", short.len(), list.len());
                    short.iter().for_each(|step| println!("    {:?} {}", step.deed, step.chance));
                    play(&short).troubles.iter().for_each(|trouble| println!("  {trouble}"));
                }
            });
            failed.push(seed);
            bar.set_message(format!("{} failed", failed.len()));
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    let last = campaign.seed + campaign.histories - 1;
    println!(
        "{} histories, seeds {} to {last}, in {:.1} s: {tally}. Failed: {}{}",
        campaign.histories,
        campaign.seed,
        began.elapsed().as_secs_f64(),
        failed.len(),
        if failed.is_empty() { String::new() } else { format!(", seeds {failed:?}") }
    );
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
