//! What is wrong with a folder, which parts are whole, and what can be done. It is only read, never written.
//!
//! From the ground up, and no further than the ground bears: the file, its layout, the log's chain, what is worked out
//! from the log, files, keys, and how far the log once came.

use super::LifeFault;
use super::backup::{open_to_read, places_in, tenant_in};
use super::mark::Marks;
use super::salvage::{Place, Reading, ranges};
use crate::auth::signing_key;
use crate::blob::shelf::Shelf;
use crate::config::DataFolder;
use crate::relay::{Gap, Reached, end_of, gap, knows_place, walk};
use crate::store::{LAYOUT, all, probe};
use crate::verify::verify_in;
use outpost_model::blob::MAX_BLOB;
use outpost_model::id::TenantId;
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs;
use std::io::Read;

/// How bad it is, the worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// Sound.
    Whole,
    /// Goes on as it is; something is worth knowing.
    Notice,
    /// What is worked out from the log isn't what the log says: `outpost rebuild` makes it anew.
    Rebuild,
    /// The log itself, or what nobody can work out, is damaged: salvage it, or restore a backup.
    Damaged,
    /// This program can't tell.
    Unknown,
}

impl Gravity {
    /// As the command ends.
    pub fn exit_code(self) -> u8 {
        match self {
            Gravity::Whole => 0,
            Gravity::Notice => 3,
            Gravity::Rebuild => 4,
            Gravity::Damaged => 5,
            Gravity::Unknown => 6,
        }
    }
}

#[derive(Debug, Clone)]
pub struct Finding {
    pub gravity: Gravity,
    /// Which part: file, log, tables, files, keys, past.
    pub part: &'static str,
    pub says: String,
}

#[derive(Debug, Default)]
pub struct Diagnosis {
    pub findings: Vec<Finding>,
    /// Rows of the log that are lost or can't be proved, as far as they were looked at one by one.
    pub lost: BTreeSet<u64>,
    pub unproved: BTreeSet<u64>,
    pub last: u64,
}

impl Diagnosis {
    pub fn gravity(&self) -> Gravity {
        self.findings.iter().map(|finding| finding.gravity).max().unwrap_or(Gravity::Whole)
    }

    fn say(&mut self, gravity: Gravity, part: &'static str, says: impl Into<String>) {
        self.findings.push(Finding { gravity, part, says: says.into() });
    }
}

/// Problems of a kind that are named one by one.
const NAMED: usize = 20;

pub fn examine(folder: &DataFolder, marks: &Marks, blobs: &dyn Shelf) -> Result<Diagnosis, LifeFault> {
    let mut found = Diagnosis::default();
    keys(folder, &mut found);
    if !file(folder, &mut found) {
        one_by_one(folder, marks, &mut found)?;
        return Ok(found);
    }
    let db = open_to_read(&folder.database())?;
    let layout: i64 = db.query_row("pragma user_version", [], |row| row.get(0)).unwrap_or(-1);
    if layout > LAYOUT as i64 {
        let says =
            format!("it has layout {layout}, and this program knows {LAYOUT}: use the newer version that wrote it");
        found.say(Gravity::Unknown, "file", says);
        return Ok(found);
    }
    let tenant = match tenant_in(&db) {
        Ok(Some(tenant)) => tenant,
        Ok(None) => {
            found.say(Gravity::Notice, "log", "there is no company in it yet");
            // Unless somebody remembers one.
            if marks.any().is_some() {
                one_by_one(folder, marks, &mut found)?;
            }
            return Ok(found);
        }
        Err(error) => {
            found.say(Gravity::Damaged, "log", error.to_string());
            one_by_one(folder, marks, &mut found)?;
            return Ok(found);
        }
    };
    match walk(&db, &tenant, |_, _| {}) {
        Ok(walked) => {
            found.last = walked.seq;
            found.say(Gravity::Whole, "log", format!("{} rows, each follows from the one before", walked.seq));
            if layout == LAYOUT as i64 {
                worked_out(&db, &tenant, &mut found);
            } else {
                let says = format!("layout {layout} is older than {LAYOUT}: the next start brings it up to date");
                found.say(Gravity::Notice, "file", says);
            }
            past(&db, &tenant, marks, &mut found);
        }
        Err(error) => {
            found.say(Gravity::Damaged, "log", error.to_string());
            one_by_one(folder, marks, &mut found)?;
        }
    }
    files(&db, &tenant, blobs, &mut found);
    Ok(found)
}

/// Whether the file can be opened and is sound in SQLite's own eyes.
fn file(folder: &DataFolder, found: &mut Diagnosis) -> bool {
    let path = folder.database();
    let mut first = [0; 16];
    let size = fs::metadata(&path).map_or(0, |meta| meta.len());
    let begins = fs::File::open(&path).and_then(|mut file| file.read_exact(&mut first)).is_ok();
    if !path.exists() || size == 0 {
        found.say(Gravity::Damaged, "file", format!("{} is missing or empty", path.display()));
        return false;
    }
    if !begins || &first != b"SQLite format 3\0" {
        found.say(Gravity::Damaged, "file", "its first bytes aren't those of a database");
        return false;
    }
    let checked = open_to_read(&path).and_then(|db| {
        let lines = all(&db, &format!("pragma integrity_check({NAMED})"), [], |row| row.get::<_, String>(0))?;
        Ok(lines)
    });
    match checked {
        Ok(lines) if lines == ["ok"] => {
            found.say(Gravity::Whole, "file", format!("{size} bytes, sound in SQLite's own eyes"));
            true
        }
        Ok(lines) => {
            lines.into_iter().for_each(|line| found.say(Gravity::Damaged, "file", line));
            false
        }
        Err(error) => {
            found.say(Gravity::Damaged, "file", error.to_string());
            false
        }
    }
}

/// Each row by itself: which are whole, which are lost.
fn one_by_one(folder: &DataFolder, marks: &Marks, found: &mut Diagnosis) -> Result<(), LifeFault> {
    if !folder.database().exists() {
        return Ok(());
    }
    let mut reading = Reading::of(folder, marks.any())?;
    if reading.tenant.is_none() {
        found.say(Gravity::Damaged, "log", "no row of a log can be read from it");
        return Ok(());
    }
    found.last = reading.last;
    let mut whole = 0_u64;
    for (place, seq) in reading.places().into_iter().zip(1..) {
        match place {
            Place::Whole(_) => whole += 1,
            Place::Unproved(..) => {
                found.unproved.insert(seq);
            }
            Place::Lost(..) => {
                found.lost.insert(seq);
            }
        }
    }
    let last = found.last;
    found.say(Gravity::Whole, "log", format!("{whole} of {last} rows are whole and proved by the chain"));
    if !found.unproved.is_empty() {
        let says =
            format!("what these rows say is whole, but nothing proves who sent them when: {}", shown(&found.unproved));
        found.say(Gravity::Damaged, "log", says);
    }
    if !found.lost.is_empty() {
        let says = format!("these rows can't be read any more: {}", shown(&found.lost));
        found.say(Gravity::Damaged, "log", says);
    }
    Ok(())
}

/// Sequences, as ranges.
pub fn shown(numbers: &BTreeSet<u64>) -> String {
    let ranges = ranges(numbers);
    let named = ranges.iter().take(NAMED).map(|(first, last)| match first == last {
        true => first.to_string(),
        false => format!("{first}–{last}"),
    });
    let mut text = named.collect::<Vec<_>>().join(", ");
    if ranges.len() > NAMED {
        text.push_str(&format!(" and {} more places", ranges.len() - NAMED));
    }
    text
}

fn worked_out(db: &Connection, tenant: &TenantId, found: &mut Diagnosis) {
    let report = match verify_in(db, tenant) {
        Ok(report) => report,
        Err(error) => return found.say(Gravity::Damaged, "tables", error.to_string()),
    };
    let mut tables = 0_usize;
    for difference in report.differences() {
        // What isn't said of a row or a page's document is said of a table, which can be made anew.
        let of_log = ["row ", "after row ", "page "].iter().any(|begin| difference.starts_with(begin));
        let (gravity, part) = if of_log { (Gravity::Damaged, "log") } else { (Gravity::Rebuild, "tables") };
        tables += 1;
        if tables <= NAMED {
            found.say(gravity, part, difference);
        }
    }
    if tables > NAMED {
        found.say(Gravity::Rebuild, "tables", format!("and {} more differences", tables - NAMED));
    }
    if tables == 0 {
        let says = format!("{} rows are what the log says, {} snapshots too", report.compared, report.played.snapshots);
        found.say(Gravity::Whole, "tables", says);
    }
}

fn files(db: &Connection, tenant: &TenantId, blobs: &dyn Shelf, found: &mut Diagnosis) {
    let Ok(places) = places_in(db, tenant) else {
        return found.say(Gravity::Damaged, "files", "the list of files can't be read");
    };
    let (mut whole, mut missing, mut damaged) = (0_u64, Vec::new(), Vec::new());
    for (place, hash) in &places {
        let mut hasher = Sha256::new();
        let read = blobs.read(&place.to_string_lossy(), 0..MAX_BLOB, &mut |bytes| {
            hasher.update(bytes);
            true
        });
        let hashed: [u8; 32] = hasher.finalize().into();
        match read {
            Ok(true) if hashed == hash.0 => whole += 1,
            Ok(true) => damaged.push(hash.to_string()),
            Ok(false) => missing.push(hash.to_string()),
            Err(error) => return found.say(Gravity::Unknown, "files", error.to_string()),
        }
    }
    let waiting = "select count(distinct m.blob) from blob_mention m where m.tenant = $1 and not exists \
                   (select 1 from blob b where b.tenant = m.tenant and b.blob = m.blob)";
    let waiting: u64 = probe(db, waiting, params![tenant.as_str()], |row| row.get(0)).ok().flatten().unwrap_or(0);
    found.say(
        Gravity::Whole,
        "files",
        format!("{whole} of {} are whole; {waiting} haven't come from their phones", places.len()),
    );
    for (what, hashes) in [("missing", missing), ("damaged", damaged)] {
        if !hashes.is_empty() {
            let named = hashes.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
            let says = format!(
                "{} files are {what}: {named}. Phones that still hold them bring them again after a \
                 restore; a backup may have them",
                hashes.len()
            );
            found.say(Gravity::Damaged, "files", says);
        }
    }
}

fn keys(folder: &DataFolder, found: &mut Diagnosis) {
    let row_key = folder.keys().join("rows.key");
    match fs::read(&row_key) {
        Ok(bytes) if bytes.len() == 32 => found.say(Gravity::Whole, "keys", "the key for the codes on rows is there"),
        Ok(_) => {
            found.say(Gravity::Damaged, "keys", format!("{} isn't a key: put the old one back", row_key.display()))
        }
        Err(_) => {
            let says = format!(
                "{} is missing: put it back, or phones can't prove rows of others that they bring back",
                row_key.display()
            );
            found.say(Gravity::Damaged, "keys", says);
        }
    }
    if !folder.keys().join("seal.key").exists() {
        let says = "there is no key that opens rescue files: the next start makes one, for files sealed from then on";
        found.say(Gravity::Notice, "keys", says);
    }
    match signing_key::load(&folder.keys()) {
        Ok(keys) if !keys.is_empty() => {}
        Ok(_) => found.say(Gravity::Notice, "keys", "there is no signing key: the next start makes one"),
        Err(error) => found.say(Gravity::Damaged, "keys", error.to_string()),
    }
}

/// Whether the log has been where it is remembered to have been.
fn past(db: &Connection, tenant: &TenantId, marks: &Marks, found: &mut Diagnosis) {
    if let Ok(Some(gap)) = gap(db, tenant) {
        let Gap { why, first, last, missing } = gap;
        let numbers: u64 = missing.iter().map(|(first, last)| last - first + 1).sum();
        let named = missing.iter().take(NAMED).map(|(first, last)| format!("{first}–{last}"));
        let named = match missing.is_empty() {
            true => "all of them came back".to_owned(),
            false => format!(
                "{numbers} of them nobody has brought back with its code: {}. What their own authors sent again stands \
                 under new numbers, and is among these",
                named.collect::<Vec<_>>().join(", ")
            ),
        };
        let says = format!("this epoch ({why}) began without rows {first}–{last} of the time before; {named}");
        found.say(Gravity::Notice, "past", says);
    }
    let Some(Reached { epoch, seq, chain, .. }) = marks.furthest(tenant) else { return };
    let Some((now_epoch, last, ..)) = end_of(db, tenant) else { return };
    let ahead = epoch > now_epoch || (epoch == now_epoch && !knows_place(db, tenant, seq, &chain).unwrap_or(false));
    if !ahead {
        return;
    }
    if seq > last {
        found.lost.extend(last + 1..=seq.min(last + 1_000_000));
        found.last = seq;
    }
    let says = format!(
        "it was noted beside it that the log had reached row {seq} in epoch {epoch}; here it ends at row {last}: its \
         WAL was deleted, or an older copy was put back. The next start begins another epoch, and phones bring back \
         what they hold; nobody else has rows {}",
        if seq > last { format!("{}–{seq}", last + 1) } else { "of that time".into() }
    );
    found.say(Gravity::Damaged, "past", says);
}
