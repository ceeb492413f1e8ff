//! A backup beside the running relay: one snapshot of the database, then the files, into one archive.
//!
//! The snapshot is taken first: a file is stored before the row that names it is answered, so whatever the snapshot
//! names is in the folder by then. The chain is walked on the copy; the archive is read back whole before it gets its
//! name. Keys stay out unless they are asked for: whoever has the archive and the keys can pose as this server.

use super::archive::{self, DATABASE, FORMAT, LeftOut, Manifest, Packing};
use super::places::{self, Scrap};
use super::{LifeFault, Watch};
use crate::config::DataFolder;
use crate::relay::{Walked, walk};
use crate::store::{all, probe};
use outpost_model::id::{Hash, TenantId};
use outpost_model::time::Millis;
use rusqlite::{Connection, OpenFlags, params};
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub struct Order<'a> {
    pub folder: &'a DataFolder,
    /// A file that isn't there yet, or a folder in which one is made.
    pub to: &'a Path,
    /// Where the files of entries are, if in a folder.
    pub blobs: &'a Path,
    pub with_keys: bool,
    pub now: Millis,
}

#[derive(Debug)]
pub struct Made {
    pub file: PathBuf,
    pub size: u64,
    pub manifest: Manifest,
    /// Files that the snapshot names and that aren't in the folder: in a bucket, or lost.
    pub elsewhere: u64,
}

pub fn backup(order: &Order<'_>, watch: Watch<'_>) -> Result<Made, LifeFault> {
    let folder = order.folder;
    let live = open_to_read(&folder.database())?;
    let tenant = tenant_in(&live)?.ok_or_else(|| LifeFault::NoCompany(folder.path().to_owned()))?;
    let target = target(order.to, &tenant, order.now)?;
    let (copy, part) = (places::beside(&target, "db"), places::beside(&target, "part"));
    let mut scrap = Scrap::of([copy.clone(), part.clone()]);

    snapshot(&live, &folder.database(), &copy, watch)?;
    drop(live);
    let (walked, places, mentioned) = inspect(&copy, &tenant, watch)?;

    let out = places::create_private(&part).map_err(LifeFault::file(&part))?;
    let mut packing = Packing::begin(out, order.now.0).map_err(LifeFault::file(&part))?;
    let database = File::open(&copy).map_err(LifeFault::file(&copy))?;
    let size = database.metadata().map_err(LifeFault::file(&copy))?.len();
    packing.add(DATABASE, size, database).map_err(LifeFault::file(&part))?;
    let (left_out, found) = add_blobs(&mut packing, order.blobs, &places, &part, watch)?;
    if order.with_keys {
        add_keys(&mut packing, &folder.keys(), &part)?;
    }
    let manifest = Manifest {
        outpost_backup: FORMAT,
        by: env!("CARGO_PKG_VERSION").to_owned(),
        made: order.now.0,
        tenant: tenant.to_string(),
        epoch: walked.epoch,
        seq: walked.seq,
        chain: hex::encode(walked.chain),
        files: std::mem::take(&mut packing.files),
        left_out,
    };
    packing.finish(&manifest).map_err(LifeFault::file(&part))?;

    // What counts is what stands on disk.
    let read = archive::read(&part, None, watch)?;
    if read != manifest {
        return Err(LifeFault::BadBackup(part, "it reads back otherwise than it was written".into()));
    }
    let size = fs::metadata(&part).map_err(LifeFault::file(&part))?.len();
    // Whoever made the same file meanwhile keeps it.
    fs::hard_link(&part, &target)
        .or_else(|error| match error.kind() {
            ErrorKind::AlreadyExists => Err(error),
            // A file system without links.
            _ => fs::rename(&part, &target),
        })
        .map_err(LifeFault::file(&target))?;
    let _ = fs::remove_file(&part);
    scrap.keep(&part);
    places::sync_folder(places::parent(&target)).map_err(LifeFault::file(&target))?;
    Ok(Made { file: target, size, manifest, elsewhere: mentioned.saturating_sub(found) })
}

/// For reading alone: nothing is migrated, nothing checkpointed.
pub(super) fn open_to_read(file: &Path) -> Result<Connection, LifeFault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(file, flags)?;
    db.busy_timeout(Duration::from_secs(10))?;
    Ok(db)
}

pub(super) fn tenant_in(db: &Connection) -> Result<Option<TenantId>, LifeFault> {
    let name = probe(db, "select tenant from tenant limit 1", [], |row| row.get::<_, String>(0));
    match name.map_err(|error| LifeFault::Damaged(error.to_string()))? {
        Some(name) => TenantId::parse(&name).map(Some).map_err(|bad| LifeFault::Damaged(bad.to_string())),
        None => Ok(None),
    }
}

fn target(to: &Path, tenant: &TenantId, now: Millis) -> Result<PathBuf, LifeFault> {
    let names_a_folder = to.is_dir() || to.to_string_lossy().ends_with(std::path::MAIN_SEPARATOR);
    let target = if names_a_folder {
        places::make_private(to).map_err(LifeFault::file(to))?;
        let utc = outpost_model::time::Zone::parse("UTC").map_err(|bad| LifeFault::Damaged(bad.to_string()))?;
        let stamp: String = utc.rfc3339(now).chars().filter(|c| !matches!(c, ':' | '-')).take(15).collect();
        to.join(format!("outpost-{tenant}-{stamp}Z.tar.zst"))
    } else {
        to.to_owned()
    };
    if target.exists() { Err(LifeFault::Exists(target)) } else { Ok(target) }
}

/// One snapshot, whatever is written meanwhile.
fn snapshot(live: &Connection, database: &Path, copy: &Path, watch: Watch<'_>) -> Result<(), LifeFault> {
    drop(places::create_private(copy).map_err(LifeFault::file(copy))?);
    let total = fs::metadata(database).map_or(0, |meta| meta.len());
    let done = AtomicBool::new(false);
    let taken = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Acquire) {
                watch("bytes of the database copied", fs::metadata(copy).map_or(0, |meta| meta.len()), total);
                std::thread::park_timeout(Duration::from_millis(200));
            }
        });
        let taken = live.execute("vacuum into ?1", [copy.to_string_lossy()]);
        done.store(true, Ordering::Release);
        taken
    });
    taken.map(drop).map_err(|error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => {
            LifeFault::Damaged(error.to_string())
        }
        _ => error.into(),
    })
}

type Places = HashMap<PathBuf, Hash>;

/// Walks the copy's chain; which place holds which file, and how many files there should be.
fn inspect(copy: &Path, tenant: &TenantId, watch: Watch<'_>) -> Result<(Walked, Places, u64), LifeFault> {
    let db = open_to_read(copy)?;
    let walked = walk(&db, tenant, |seq, last| watch("rows of the log checked", seq, last))
        .map_err(|error| LifeFault::Damaged(error.to_string()))?;
    let places = places_in(&db, tenant)?;
    let count = places.len() as u64;
    Ok((walked, places, count))
}

/// Which place of the blob folder holds which file.
pub(super) fn places_in(db: &Connection, tenant: &TenantId) -> Result<Places, LifeFault> {
    let has = probe(db, "select 1 from sqlite_schema where type = 'table' and name = 'blob'", [], |_| Ok(()))?;
    if has.is_none() {
        return Ok(Places::new());
    }
    let sql = "select place, blob from blob where tenant = $1";
    let rows = all(db, sql, params![tenant.as_str()], |row| Ok((row.get::<_, String>(0)?, Hash(row.get(1)?))))?;
    Ok(rows.into_iter().map(|(place, hash)| (PathBuf::from(place), hash)).collect())
}

fn add_blobs(
    packing: &mut Packing<'_>,
    blobs: &Path,
    places: &Places,
    part: &Path,
    watch: Watch<'_>,
) -> Result<(Vec<LeftOut>, u64), LifeFault> {
    let files = places::files_below(blobs).map_err(LifeFault::file(blobs))?;
    let (mut left_out, mut found) = (Vec::new(), 0);
    for (done, file) in files.iter().enumerate() {
        watch("files packed", done as u64, files.len() as u64);
        let name = format!("blobs/{}", file.to_string_lossy());
        let bytes = match fs::read(blobs.join(file)) {
            Ok(bytes) => bytes,
            // Given up meanwhile.
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => {
                left_out.push(LeftOut { name, why: error.to_string() });
                continue;
            }
        };
        if let Some(hash) = places.get(file) {
            found += 1;
            if Hash::of(&bytes) != *hash {
                left_out.push(LeftOut { name, why: "its bytes don't match its hash any more".into() });
                continue;
            }
        }
        packing.add(&name, bytes.len() as u64, bytes.as_slice()).map_err(LifeFault::file(part))?;
    }
    Ok((left_out, found))
}

fn add_keys(packing: &mut Packing<'_>, keys: &Path, part: &Path) -> Result<(), LifeFault> {
    for file in places::files_below(keys).map_err(LifeFault::file(keys))? {
        let name = file.to_string_lossy();
        // How far the log came says nothing about a copy.
        if name.starts_with('.') || name.ends_with(".mark") {
            continue;
        }
        let bytes = fs::read(keys.join(&file)).map_err(LifeFault::file(&file))?;
        packing.add(&format!("keys/{name}"), bytes.len() as u64, bytes.as_slice()).map_err(LifeFault::file(part))?;
    }
    Ok(())
}
