//! A backup becomes a folder again, in a new epoch.
//!
//! It is unpacked beside its place, checked as `verify` checks, put into the new epoch, and only then gets its name.
//! Sessions at the console end: one that was ended since would be alive again.

use super::archive::{self, Manifest};
use super::mark::Marks;
use super::places::{self, Scrap};
use super::{LifeFault, Watch};
use crate::auth::tables;
use crate::config::DataFolder;
use crate::relay::{Lost, Why, reached, turn};
use crate::store::{Store, change};
use crate::verify::{Report, verify};
use outpost_model::time::Millis;
use std::fs;
use std::path::{Path, PathBuf};

pub struct Order<'a> {
    pub from: &'a Path,
    pub to: &'a Path,
    /// The keys as they were kept elsewhere.
    pub keys: Option<&'a Path>,
    /// The mark outside the folder, if not in its usual place.
    pub mark: Option<PathBuf>,
    pub now: Millis,
}

#[derive(Debug)]
pub struct Restored {
    pub manifest: Manifest,
    pub report: Report,
    pub epoch: u32,
    /// How far the log is known to have come before it was lost.
    pub known: Option<u64>,
    /// The codes on rows that phones hold can be checked.
    pub has_row_key: bool,
}

pub fn restore(order: &Order<'_>, watch: Watch<'_>) -> Result<Restored, LifeFault> {
    let to = order.to;
    if !places::is_free(to).map_err(LifeFault::file(to))? {
        return Err(LifeFault::NotEmpty(to.to_owned()));
    }
    let aside = places::beside(to, "restoring");
    let mut scrap = Scrap::of([aside.clone()]);
    places::make_private(&aside).map_err(LifeFault::file(&aside))?;
    let manifest = archive::read(order.from, Some(&aside), watch)?;
    let folder = DataFolder::prepare(&aside)?;
    if let Some(keys) = order.keys {
        take_keys(keys, &folder.keys())?;
    }
    let bad = |what: String| LifeFault::BadBackup(order.from.to_owned(), what);
    let has_row_key = folder.keys().join("rows.key").exists();

    let store = Store::open(folder.path())?;
    let report = verify(&store).map_err(|error| bad(error.to_string()))?;
    let first = report.differences().next();
    if let Some(first) = first {
        return Err(bad(first));
    }
    let end = reached(&store)?.ok_or_else(|| bad("there is no company in it".into()))?;
    if (end.seq, hex::encode(end.chain)) != (manifest.seq, manifest.chain.clone()) {
        return Err(bad("its log ends elsewhere than its manifest says".into()));
    }
    // Outside of the folder that was lost there may be a word of how far it had come.
    let marks = Marks::of(&DataFolder::at(to), order.mark.clone().or_else(|| beside(to)));
    let noted = marks.furthest(&end.tenant);
    let known = noted.as_ref().map(|place| place.seq).filter(|seq| *seq > end.seq);
    let lost = Lost { epoch: noted.map_or(0, |place| place.epoch), known, ..Lost::default() };
    let epoch = turn(&store, Why::Restored, lost, order.now)?;
    store.write(|tx| {
        tables::create(tx)?;
        change(tx, "delete from session", []).map(drop)
    })?;
    let end = reached(&store)?.ok_or_else(|| bad("there is no company in it".into()))?;
    drop(store);

    places::sync_tree(&aside).map_err(LifeFault::file(&aside))?;
    if to.exists() {
        fs::remove_dir(to).map_err(LifeFault::file(to))?;
    }
    fs::rename(&aside, to).map_err(LifeFault::file(to))?;
    scrap.keep(&aside);
    places::sync_folder(places::parent(to)).map_err(LifeFault::file(to))?;
    // From here on the folder stands where it should: an old mark says nothing about it any more.
    if let Err((file, error)) = marks.write(&end) {
        tracing::warn!(file = %file.display(), %error, "how far the log came can't be noted here");
    }
    Ok(Restored { manifest, report, epoch, known, has_row_key })
}

/// `DIR.mark`, for a folder that isn't there yet.
fn beside(to: &Path) -> Option<PathBuf> {
    let parent = fs::canonicalize(places::parent(to)).ok()?;
    Some(parent.join(format!("{}.mark", to.file_name()?.to_string_lossy())))
}

fn take_keys(from: &Path, to: &Path) -> Result<(), LifeFault> {
    let row_key = from.join("rows.key");
    if !row_key.is_file() {
        let what = "there is no rows.key in it. Name the folder `keys` of the old data folder.";
        return Err(LifeFault::BadKeys(from.to_owned(), what.into()));
    }
    for file in places::files_below(from).map_err(LifeFault::file(from))? {
        let name = file.to_string_lossy();
        if name.starts_with('.') || name.ends_with(".mark") {
            continue;
        }
        let (source, target) = (from.join(&file), to.join(&file));
        let bytes = fs::read(&source).map_err(LifeFault::file(&source))?;
        let _ = fs::remove_file(&target);
        let mut out = places::create_private(&target).map_err(LifeFault::file(&target))?;
        std::io::Write::write_all(&mut out, &bytes).map_err(LifeFault::file(&target))?;
    }
    Ok(())
}
