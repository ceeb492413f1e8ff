//! `outpost station`: the places that engineers are resident at.

use crate::office::{Data, Office};
use crate::trouble::Trouble;
use clap::Subcommand;
use outpost_model::command::Ask;
use outpost_model::id::StationId;
use outpost_model::record::{Station, degrees_e7};

#[derive(clap::Args)]
#[command(after_help = "Example:\n  outpost station add st-1 --name 济南驻点 --lat 36.65 --lng 117.12 --data DIR")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Put a station on record, or change its name and place
    Add {
        /// Short code, for example st-1
        #[arg(value_name = "STATION", value_parser = StationId::parse)]
        station: StationId,
        /// Name as the lists show it
        #[arg(long)]
        name: String,
        /// Latitude in degrees
        #[arg(long, default_value_t = 0.0, value_parser = clap::value_parser!(f64), allow_negative_numbers = true)]
        lat: f64,
        /// Longitude in degrees
        #[arg(long, default_value_t = 0.0, value_parser = clap::value_parser!(f64), allow_negative_numbers = true)]
        lng: f64,
        #[command(flatten)]
        data: Data,
    },
}

pub fn run(args: Args) -> Result<(), Trouble> {
    let Action::Add { station, name, lat, lng, data } = args.action;
    let degrees = |value: f64, most: f64| {
        degrees_e7(value, most).ok_or_else(|| Trouble::Unsound(format!("{value} is outside of ±{most} degrees.")))
    };
    let record = Station { station: station.clone(), name, lat_e7: degrees(lat, 90.0)?, lng_e7: degrees(lng, 180.0)? };
    Office::open(&data)?.decide(Ask::PutStation { station: record })?;
    println!("Station {station} is on record.");
    Ok(())
}
