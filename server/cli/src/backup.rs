//! `outpost backup`: one archive of everything, beside the running relay.

use crate::office::Data;
use crate::progress::Stages;
use crate::trouble::Trouble;
use outpost_server::blob::location::BlobLocation;
use outpost_server::clock::{Clock, SystemClock};
use outpost_server::config::DataFolder;
use outpost_server::life::backup::{Made, Order, backup};
use std::path::PathBuf;

#[derive(clap::Args)]
#[command(after_help = "Examples, also beside a running relay:\n  \
    outpost backup --data DIR --to /backups/                 a file named after company and moment\n  \
    outpost backup --data DIR --to /backups/monday.tar.zst\n\n\
    Takes one snapshot of the database, and the files. The chain of the log is walked on the copy, and the archive is\n\
    read back whole before it gets its name: what is there is good. It opens with `tar --zstd -xf` too.\n\n\
    Keys aren't in it: whoever has both can pose as this relay. Keep a copy of DIR/keys elsewhere, once; with it,\n\
    phones bring back after a restore what they hold of others, too. --with-keys puts them in.\n\n\
    Exit code 3: done, but some files couldn't be packed; they are named.")]
pub struct Args {
    #[command(flatten)]
    data: Data,
    /// The file to write, which mustn't exist; or a folder to write one into
    #[arg(long, value_name = "FILE|DIR")]
    to: PathBuf,
    /// Put the keys in, too
    #[arg(long)]
    with_keys: bool,
    /// Where photos and strokes stand, if not in DIR/blobs; those in a bucket are left there
    #[arg(long, value_name = "PLACE", env = "OUTPOST_BLOBS")]
    blobs: Option<BlobLocation>,
}

pub fn run(args: Args) -> Result<u8, Trouble> {
    let folder = DataFolder::existing(&args.data.folder)?;
    let blobs = match &args.blobs {
        None => folder.blobs(),
        Some(BlobLocation::Folder(elsewhere)) => elsewhere.clone(),
        // Nothing of it is here, and that is said at the end.
        Some(BlobLocation::Bucket(_)) => folder.path().join("in-a-bucket"),
    };
    let order =
        Order { folder: &folder, to: &args.to, blobs: &blobs, with_keys: args.with_keys, now: SystemClock.now() };
    let stages = Stages::default();
    let made = backup(&order, &|what, done, of| stages.at(what, done, of))?;
    stages.done();
    tell(&made, &args);
    Ok(if made.manifest.left_out.is_empty() { 0 } else { 3 })
}

fn tell(made: &Made, args: &Args) {
    let manifest = &made.manifest;
    let (files, bytes) = manifest.blobs();
    println!("{}", made.file.display());
    println!(
        "{} bytes: the log up to row {} (epoch {}), {files} files of {bytes} bytes. Read back whole: it is good.",
        made.size, manifest.seq, manifest.epoch
    );
    if args.with_keys {
        println!("The keys are in it: whoever has this file can pose as this relay. Keep it like a key.");
    } else {
        println!(
            "The keys aren't in it. Keep a copy of {} elsewhere: a restore asks for it.",
            args.data.folder.join("keys").display()
        );
    }
    if made.elsewhere > 0 {
        println!(
            "{} files stand elsewhere than in the data folder, or are lost: a bucket is backed up by its own means; \
             `outpost doctor` tells what is lost.",
            made.elsewhere
        );
    }
    for left in &manifest.left_out {
        eprintln!("left out: {}: {}", left.name, left.why);
    }
}
