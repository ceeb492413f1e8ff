//! `outpost doctor`: what is wrong with a data folder, and what can be saved of it.

use crate::office::Data;
use crate::progress::Stages;
use crate::trouble::Trouble;
use outpost_server::blob::location::BlobLocation;
use outpost_server::clock::{Clock, SystemClock};
use outpost_server::config::DataFolder;
use outpost_server::life::doctor::{Diagnosis, Gravity, examine, shown};
use outpost_server::life::mark::Marks;
use outpost_server::life::salvage::{Salvaged, salvage};
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    outpost doctor --data DIR                       what is wrong, what is whole, what to do\n  \
    outpost doctor --data DIR --salvage NEWDIR      all that is whole, into a new folder\n\n\
    DIR is only read. What couldn't be salvaged stands in NEWDIR/salvage.jsonl, a line for each row of the log, with\n\
    the bytes that are left of it.\n\n\
    Exit codes: 0 sound; 3 sound, with something to know; 4 mended by `outpost rebuild`; 5 damaged; 6 written by a\n\
    newer version; 1 it couldn't be looked at. With --salvage: 0 all of the log was taken, 3 not all.")]
pub struct Args {
    #[command(flatten)]
    data: Data,
    /// Save what is whole into this folder, new or empty
    #[arg(long, value_name = "NEWDIR")]
    salvage: Option<PathBuf>,
    /// Where it is noted how far the log has come, if not in DIR.mark
    #[arg(long, value_name = "FILE", env = "OUTPOST_MARK")]
    mark: Option<PathBuf>,
    /// Where photos and strokes stand, if not in DIR/blobs
    #[arg(long, value_name = "PLACE", env = "OUTPOST_BLOBS")]
    blobs: Option<BlobLocation>,
}

pub fn run(args: Args) -> Result<u8, Trouble> {
    let data = &args.data.folder;
    if !data.is_dir() {
        return Err(outpost_server::config::FolderFault::Missing(data.clone()).into());
    }
    let folder = DataFolder::at(data);
    let marks = Marks::of(&folder, args.mark.clone());
    let Some(to) = &args.salvage else {
        let location = args.blobs.clone().unwrap_or_else(|| BlobLocation::Folder(folder.blobs()));
        let shelf = location.open().map_err(|fault| Trouble::Unsound(fault.to_string()))?;
        let diagnosis = examine(&folder, &marks, &*shelf)?;
        print!("{}", told(&diagnosis, data));
        return Ok(diagnosis.gravity().exit_code());
    };
    let stages = Stages::default();
    let salvaged = salvage(&folder, &marks, to, SystemClock.now(), &|what, done, of| stages.at(what, done, of))?;
    stages.done();
    print!("{}", saved(&salvaged, data, to));
    Ok(if salvaged.listed.is_empty() && salvaged.unproved.is_empty() { 0 } else { 3 })
}

fn told(diagnosis: &Diagnosis, data: &Path) -> String {
    let mut text = String::new();
    for finding in &diagnosis.findings {
        let mark = match finding.gravity {
            Gravity::Whole => "whole  ",
            Gravity::Notice => "note   ",
            Gravity::Rebuild => "mend   ",
            Gravity::Damaged => "DAMAGED",
            Gravity::Unknown => "unknown",
        };
        text += &format!("{mark}  {:6}  {}\n", finding.part, finding.says);
    }
    let data = data.display();
    text += &match diagnosis.gravity() {
        Gravity::Whole => "\nSound.\n".to_owned(),
        Gravity::Notice => "\nSound; the notes say what is worth knowing.\n".to_owned(),
        Gravity::Rebuild => format!(
            "\nThe log is whole, and what is worked out from it can be made anew:\n  outpost rebuild --data {data}\n"
        ),
        Gravity::Damaged => format!(
            "\nStop the relay, and leave this folder as it is. Then, whichever loses less:\n  \
             outpost doctor --data {data} --salvage NEWDIR     all that is whole, in a new folder\n  \
             outpost restore --from BACKUP --data NEWDIR       the last backup\n\
             Phones bring back what they hold, either way.\n"
        ),
        Gravity::Unknown => "\nUse the version that wrote it.\n".to_owned(),
    };
    text
}

fn saved(salvaged: &Salvaged, data: &Path, to: &Path) -> String {
    let (last, taken, listed) = (salvaged.last, salvaged.taken, salvaged.listed.len());
    let (data, to) = (data.display(), to.display());
    let mut text = format!(
        "{to} holds {taken} of the {last} rows that {data} is known to have had; epoch {} begins.\n",
        salvaged.epoch
    );
    if listed > 0 {
        let lost = salvaged.listed.iter().map(|listed| listed.seq).collect();
        text += &format!(
            "Not salvaged: {listed} rows ({}). Each has its line in {to}/salvage.jsonl, with why and with the bytes \
             that are left. Phones that hold them bring them back.\n",
            shown(&lost)
        );
    }
    if !salvaged.unproved.is_empty() {
        let numbers = salvaged.unproved.iter().copied().collect();
        text += &format!("Taken, though nothing proves any more who sent them when: rows {}.\n", shown(&numbers));
    }
    for table in &salvaged.tables {
        text += &format!("Beside the log: {table}.\n");
    }
    if !salvaged.phones.is_empty() {
        let named = salvaged.phones.join(", ");
        text += &format!("The keys of these phones are lost; invite them anew (`outpost device code`): {named}.\n");
    }
    for file in &salvaged.files {
        text += &format!("A file that couldn't be copied: {file}.\n");
    }
    if salvaged.keys_missing {
        text += "The key for the codes on rows is missing: put it into NEWDIR/keys before the first start, or phones \
                 can't bring back rows of others.\n";
    }
    text += match salvaged.report.is_clean() {
        true => {
            "The new folder is sound. Serve it in the place of the old one, and keep that one until all phones have synced.\n"
        }
        false => "The new folder isn't sound yet: `outpost doctor --data NEWDIR` says why.\n",
    };
    text
}
