//! `outpost rescue`: what a phone sealed to headquarters is opened and put into the review.

use crate::office::{Data, Office};
use crate::trouble::Trouble;
use clap::Subcommand;
use outpost_server::blob::BlobStore;
use outpost_server::blob::location::BlobLocation;
use outpost_server::blob::shelf::ShelfFault;
use outpost_server::life::rescue::{Imported, Opened, import, limits, open};
use std::path::PathBuf;

#[derive(clap::Args)]
#[command(after_help = "Example:\n  outpost rescue open li.rescue --data DIR\n\n\
    A phone that can't sync any more writes such a file (`export for headquarters`): all that headquarters hasn't got.\n\
    It opens with DIR/keys/seal.key alone. Nothing of it counts before headquarters decides: `outpost review`.")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Open a rescue file and put what it holds into the review; the same file again changes nothing
    Open {
        file: PathBuf,
        #[command(flatten)]
        data: Data,
        /// Where photos and strokes stand, if not in DIR/blobs
        #[arg(long, value_name = "PLACE", env = "OUTPOST_BLOBS")]
        blobs: Option<BlobLocation>,
    },
}

pub fn run(args: Args) -> Result<(), Trouble> {
    let Action::Open { file, data, blobs } = args.action;
    let office = Office::open(&data)?;
    let bytes = std::fs::read(&file).map_err(|error| Trouble::File(file, error))?;
    let opened = open(&bytes, &office.folder.seal_key(rand::random())?, &office.tenant)?;
    let unreachable = |fault: ShelfFault| Trouble::Unsound(fault.to_string());
    let location = blobs.unwrap_or_else(|| BlobLocation::Folder(office.folder.blobs()));
    let shelf = location.open().map_err(unreachable)?;
    let blobs = BlobStore::new(office.relay.store().clone(), shelf, limits());
    let imported = import(&office.relay, &blobs, &opened, office.now())?;
    tell(&opened, &imported);
    Ok(())
}

fn tell(opened: &Opened, imported: &Imported) {
    let rescue = &opened.rescue;
    let refused = rescue.steps.iter().filter(|step| step.refused.is_some()).count();
    println!(
        "{} of {}: {} steps that headquarters hasn't got, {refused} of them refused before; {} strokes, {} photos by \
         their hash.",
        rescue.device,
        rescue.user,
        rescue.steps.len(),
        imported.strokes,
        imported.photos
    );
    for missing in &rescue.missing {
        println!("Couldn't be read on the phone: {missing}.");
    }
    if !imported.is_its_own {
        println!(
            "It is NOT signed by the key that this phone is known by: make sure where it comes from before you accept \
             anything. [rescue_unsigned]"
        );
    }
    for review in &imported.reviews {
        let new = if review.new { "in the review" } else { "in the review since an earlier time" };
        println!("{new}: outpost review show {}", &review.id.to_string()[..12]);
    }
    if imported.reviews.is_empty() {
        println!("There is nothing to review.");
    }
}
