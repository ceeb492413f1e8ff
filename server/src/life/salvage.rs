//! A damaged folder's log, made anew in another folder from all that is whole.
//!
//! Rows are read from the pages of the file itself and believed by their hashes and the chain. What is whole follows
//! in its old order without a gap; the chain is made anew over it, in a new epoch, so that phones offer what they hold
//! and fill what is missing. Each row that couldn't be taken is in the list, by its old sequence, with the bytes that
//! are left of it: taken and listed together are all there were.

use super::carve::Image;
use super::mark::Marks;
use super::places::{self, Scrap};
use super::{LifeFault, Watch, backup};
use crate::auth::tables;
use crate::config::DataFolder;
use crate::relay::{
    BOOKS, Fate, Link, Lost, Reached, Row, Why, end_of, find_headers, first_link, next_link, raise_moment, remake,
    remake_devices, turn,
};
use crate::store::Store;
use crate::verify::{Report, verify};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use outpost_model::envelope::{Admitted, ContactMark, Envelope};
use outpost_model::header::Header;
use outpost_model::id::{DeviceId, Hash, PageId, TenantId, UserId};
use outpost_model::time::Millis;
use outpost_model::wire::Content;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io::Write;
use std::path::Path;

/// Columns of a row of the log, of a page, of a device, of a contact, as the tables have them.
const LOG: usize = 15;
const PAGE: usize = 5;
/// Sequences beyond this are damage.
const MOST_ROWS: u64 = 1 << 40;
/// Sequences of lost rows that are named one by one; beyond, a gap is a gap.
const MOST_NAMED: u64 = 10_000_000;

/// What was read of a damaged folder.
#[derive(Default)]
pub struct Reading {
    pub tenant: Option<TenantId>,
    candidates: BTreeMap<u64, Vec<(Row, Link)>>,
    /// Bytes of rows that don't have the content that they say.
    broken: BTreeMap<u64, Vec<u8>>,
    headers: HashMap<PageId, String>,
    /// Where the log ended, as far as anybody says.
    end: Option<(u64, Link)>,
    pub last: u64,
    epoch: u32,
    /// The latest moment that it attested.
    moment: i64,
}

/// What a sequence of the old log is worth.
pub enum Place {
    /// Proved by the chain.
    Whole(Row),
    /// Its content is what its hash says; nothing proves its envelope any more.
    Unproved(Row, &'static str),
    Lost(Option<Vec<u8>>, &'static str),
}

impl Reading {
    /// Reads what there is, believing nothing.
    pub fn of(folder: &DataFolder, noted: Option<Reached>) -> Result<Self, LifeFault> {
        let file = folder.database();
        let mut image = Image::open(&file).map_err(LifeFault::file(&file))?;
        let mut reading = Self::default();
        let (mut tenants, mut logs) = (BTreeMap::<String, u64>::new(), Vec::new());
        image.rows(|values| match values.len() {
            PAGE => reading.take_header(&values),
            LOG.. => {
                if let Some(Value::Text(tenant)) = values.first()
                    && let Some(parsed) = parse(&values)
                {
                    *tenants.entry(tenant.clone()).or_default() += 1;
                    logs.push((tenant.clone(), parsed));
                }
            }
            _ => {}
        });
        let most = tenants.into_iter().max_by_key(|(_, rows)| *rows).and_then(|(name, _)| TenantId::parse(&name).ok());
        reading.tenant = most.or_else(|| noted.as_ref().map(|place| place.tenant.clone()));
        let Some(tenant) = reading.tenant.clone() else { return Ok(reading) };
        for (of, parsed) in logs {
            if of == tenant.as_str() {
                reading.take_row(parsed);
            }
        }
        reading.headers.retain(|_, text| Header::parse(text).is_ok_and(|header| header.tenant == tenant));
        if let Ok(db) = backup::open_to_read(&file)
            && let Some((epoch, seq, chain, moment)) = end_of(&db, &tenant)
        {
            (reading.epoch, reading.moment) = (epoch, moment.0);
            reading.end = Some((seq, chain));
            reading.last = reading.last.max(seq);
        }
        if let Some(place) = noted.filter(|place| place.tenant == tenant) {
            reading.epoch = reading.epoch.max(place.epoch);
            if place.epoch >= reading.epoch {
                reading.last = reading.last.max(place.seq);
            }
        }
        Ok(reading)
    }

    fn take_header(&mut self, values: &[Value]) {
        if let [Value::Text(_), Value::Blob(page), Value::Text(header), ..] = values
            && let Ok(page) = <[u8; 16]>::try_from(page.as_slice())
            && Header::parse(header).is_ok_and(|header| header.page() == PageId(page))
        {
            self.headers.insert(PageId(page), header.clone());
        }
    }

    fn take_row(&mut self, parsed: Parsed) {
        let seq = parsed.row.seq();
        if seq == 0 || seq > MOST_ROWS {
            return;
        }
        if parsed.row.content.hash() == parsed.row.hash {
            let known = self.candidates.entry(seq).or_default();
            if !known.iter().any(|(row, link)| (row, link) == (&parsed.row, &parsed.link)) {
                known.push((parsed.row, parsed.link));
            }
        } else {
            let bytes = match parsed.row.content {
                Content::Change(raw) => raw.to_vec(),
                Content::Decision(text, _) => text.into_bytes(),
            };
            self.broken.insert(seq, bytes);
        }
        // One stray number in damaged bytes mustn't make a log of billions.
        let is_near = seq <= self.last.saturating_add(MOST_NAMED);
        if is_near {
            self.last = self.last.max(seq);
        }
    }

    /// What each sequence is worth, from the first to the last that anybody knows of.
    pub fn places(&mut self) -> Vec<Place> {
        let Some(tenant) = self.tenant.clone() else { return Vec::new() };
        let mut before = Some(first_link(&tenant));
        let mut places = Vec::new();
        for seq in 1..=self.last {
            let (place, link) = self.judge(&tenant, seq, before);
            places.push(place);
            before = link;
        }
        places
    }

    /// A sequence's worth, and the chain at it, if anything still says what that is.
    fn judge(&mut self, tenant: &TenantId, seq: u64, before: Option<Link>) -> (Place, Option<Link>) {
        let candidates = self.candidates.remove(&seq).unwrap_or_default();
        if let Some(before) = before {
            for (row, link) in &candidates {
                let worked_out = next_link(&before, &row.canonical(tenant));
                // Either its own link says so, or what follows it does: then only the link was damaged.
                if worked_out == *link || self.goes_on_from(tenant, seq, &worked_out) {
                    return (Place::Whole(row.clone()), Some(worked_out));
                }
            }
        }
        let why = match before {
            Some(_) => "the chain doesn't lead to it as it stands: its envelope was altered, or what it followed",
            None => "what stood before it is lost, so nothing proves its envelope",
        };
        let anchored = candidates.iter().find(|(_, link)| self.goes_on_from(tenant, seq, link));
        match anchored.or(candidates.first()) {
            Some((row, link)) => {
                let link = self.goes_on_from(tenant, seq, link).then_some(*link);
                (Place::Unproved(row.clone(), why), link)
            }
            None => match self.broken.remove(&seq) {
                Some(bytes) => (Place::Lost(Some(bytes), "its bytes don't match its hash"), None),
                None => (Place::Lost(None, "nothing of it could be read"), None),
            },
        }
    }

    /// Whether the chain goes on from that link: in the next row, or in the log's end.
    fn goes_on_from(&self, tenant: &TenantId, seq: u64, link: &Link) -> bool {
        let next = self.candidates.get(&(seq + 1)).into_iter().flatten();
        let follows = |(row, after): &(Row, Link)| next_link(link, &row.canonical(tenant)) == *after;
        self.end == Some((seq, *link)) || next.into_iter().any(follows)
    }
}

struct Parsed {
    row: Row,
    link: Link,
}

/// A row of the log from a record's values; none where they can't be one.
fn parse(values: &[Value]) -> Option<Parsed> {
    let number = |at: usize| match &values[at] {
        Value::Integer(number) => Some(*number),
        _ => None,
    };
    let text = |at: usize| match &values[at] {
        Value::Text(text) => Some(text.as_str()),
        _ => None,
    };
    let bytes = |at: usize| match &values[at] {
        Value::Blob(bytes) => Some(bytes.as_slice()),
        _ => None,
    };
    let content = match text(3)? {
        "change" => Content::Change(bytes(5)?.to_vec().into()),
        "decision" => Content::Decision(String::from_utf8(bytes(5)?.to_vec()).ok()?, text(6)?.to_owned()),
        _ => return None,
    };
    let contact = match (number(10), number(11), number(12)) {
        (Some(number), Some(server), Some(device)) => {
            Some(ContactMark { number: u32::try_from(number).ok()?, server: Millis(server), device: Millis(device) })
        }
        _ => None,
    };
    let admitted = Admitted { seq: u64::try_from(number(1)?).ok()?, received: Millis(number(9)?) };
    let envelope = Envelope {
        device: DeviceId::parse(text(7)?).ok()?,
        user: UserId::parse(text(8)?).ok()?,
        contact,
        floor: number(13).map(Millis),
        admitted: Some(admitted),
    };
    let row =
        Row { page: PageId(bytes(2)?.try_into().ok()?), hash: Hash(bytes(4)?.try_into().ok()?), envelope, content };
    Some(Parsed { row, link: bytes(14)?.try_into().ok()? })
}

/// A row of the old log that isn't in the new one.
#[derive(Debug, Clone)]
pub struct Listed {
    pub seq: u64,
    pub why: String,
}

#[derive(Debug)]
pub struct Salvaged {
    pub tenant: TenantId,
    /// The last sequence that the old log is known to have had.
    pub last: u64,
    pub taken: u64,
    /// Taken, though nothing proves their envelopes any more.
    pub unproved: Vec<u64>,
    pub listed: Vec<Listed>,
    /// Tables beside the log of which something couldn't be read.
    pub tables: Vec<String>,
    /// Phones that must be enrolled anew: their keys are lost.
    pub phones: Vec<String>,
    /// Files that couldn't be taken, and why.
    pub files: Vec<String>,
    pub keys_missing: bool,
    pub epoch: u32,
    pub report: Report,
}

/// Salvages a folder into a new one.
pub fn salvage(
    folder: &DataFolder,
    marks: &Marks,
    to: &Path,
    now: Millis,
    watch: Watch<'_>,
) -> Result<Salvaged, LifeFault> {
    if !places::is_free(to).map_err(LifeFault::file(to))? {
        return Err(LifeFault::NotEmpty(to.to_owned()));
    }
    watch("pages of the file read", 0, 1);
    let mut reading = Reading::of(folder, marks.any())?;
    let tenant = reading.tenant.clone().ok_or_else(|| LifeFault::NoCompany(folder.path().to_owned()))?;
    let last = reading.last;
    let (mut rows, mut unproved, mut list) = (Vec::new(), Vec::new(), Vec::new());
    for (place, seq) in reading.places().into_iter().zip(1..) {
        match place {
            Place::Whole(row) => rows.push(row),
            Place::Unproved(row, _) => {
                unproved.push(seq);
                rows.push(row);
            }
            Place::Lost(bytes, why) => list.push((seq, why.to_owned(), None, bytes)),
        }
    }
    find_headers(&tenant, &rows, &mut reading.headers);

    let aside = places::beside(to, "salvaging");
    let mut scrap = Scrap::of([aside.clone()]);
    places::make_private(&aside).map_err(LifeFault::file(&aside))?;
    let new = DataFolder::prepare(&aside)?;
    let store = Store::open(new.path())?;
    store.write(|tx| tables::create(tx))?;

    watch("rows entered anew", 0, rows.len() as u64);
    let (epoch, headers, moment) = (reading.epoch.max(1), std::mem::take(&mut reading.headers), Millis(reading.moment));
    let (of, entered) = (tenant.clone(), rows.clone());
    let fates: Vec<Fate> = store.write(move |tx| {
        let fates = remake(tx, &of, epoch, &headers, &entered)?;
        raise_moment(tx, &of, moment)?;
        Ok(fates)
    })?;
    let mut kept = Vec::new();
    for (row, fate) in rows.iter().zip(fates) {
        match fate {
            Ok(_) => kept.push(row.clone()),
            Err(why) => {
                let bytes = match &row.content {
                    Content::Change(raw) => raw.to_vec(),
                    Content::Decision(text, _) => text.clone().into_bytes(),
                };
                list.push((
                    row.seq(),
                    format!("it doesn't fit without what is lost: {why}"),
                    Some(row.page),
                    Some(bytes),
                ));
            }
        }
    }
    list.sort_by_key(|(seq, ..)| *seq);
    let lost: BTreeSet<u64> = list.iter().map(|(seq, ..)| *seq).collect();
    unproved.retain(|seq| !lost.contains(seq));

    let tables = copy_tables(&folder.database(), &store)?;
    let of = tenant.clone();
    let (decided, taken) = (kept.clone(), kept.len() as u64);
    let phones = store.write(move |tx| remake_devices(tx, &of, &decided))?;
    write_list(&aside, &list)?;
    let detail = json!({
        "rows": last, "taken": taken, "unproved": unproved.iter().take(1_000).collect::<Vec<_>>(),
        "lost": ranges(&lost).into_iter().take(1_000).collect::<Vec<_>>(),
    });
    let beginning = Lost { epoch, known: Some(last), detail: detail.to_string() };
    let epoch = turn(&store, Why::Salvaged, beginning, now)?;
    let report = verify(&store)?;
    drop(store);

    let files = copy_files(&folder.blobs(), &new.blobs(), watch)?;
    copy_keys(&folder.keys(), &new.keys())?;
    let keys_missing = !new.keys().join("rows.key").exists();
    places::sync_tree(&aside).map_err(LifeFault::file(&aside))?;
    if to.exists() {
        fs::remove_dir(to).map_err(LifeFault::file(to))?;
    }
    fs::rename(&aside, to).map_err(LifeFault::file(to))?;
    scrap.keep(&aside);
    places::sync_folder(places::parent(to)).map_err(LifeFault::file(to))?;
    let listed = list.into_iter().map(|(seq, why, ..)| Listed { seq, why }).collect();
    Ok(Salvaged { tenant, last, taken, unproved, listed, tables, phones, files, keys_missing, epoch, report })
}

/// Numbers that follow each other, as first and last.
pub fn ranges(numbers: &BTreeSet<u64>) -> Vec<(u64, u64)> {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => ranges.push((*number, *number)),
        }
    }
    ranges
}

type Entry = (u64, String, Option<PageId>, Option<Vec<u8>>);

/// One line for each row that isn't in the new log, with the bytes that are left of it.
fn write_list(dir: &Path, list: &[Entry]) -> Result<(), LifeFault> {
    let file = dir.join("salvage.jsonl");
    let mut out = places::create_private(&file).map_err(LifeFault::file(&file))?;
    for (seq, why, page, bytes) in list {
        let bytes = bytes.as_ref().map(|bytes| STANDARD.encode(bytes));
        let line = json!({ "seq": seq, "why": why, "page": page.map(|page| page.to_string()), "bytes": bytes });
        writeln!(out, "{line}").map_err(LifeFault::file(&file))?;
    }
    out.sync_all().map_err(LifeFault::file(&file))
}

/// What stands beside the log and can't be worked out from it, as far as it can be read. What couldn't be is said.
fn copy_tables(database: &Path, store: &Store) -> Result<Vec<String>, LifeFault> {
    let Ok(old) = backup::open_to_read(database) else {
        return Ok(vec!["the file can't be opened: contacts, phones' keys and passwords couldn't be read".into()]);
    };
    let mut said = Vec::new();
    let tables: Vec<String> = store.read(|db| {
        crate::store::all(db, "select name from sqlite_schema where type = 'table' order by name", [], |row| row.get(0))
    })?;
    let made: BTreeSet<&str> = BOOKS.into_iter().chain(["log", "snapshot"]).collect();
    for table in tables.into_iter().filter(|table| !made.contains(table.as_str()) && !table.starts_with("sqlite_")) {
        let read = read_table(&old, &table);
        let (columns, rows) = (read.columns, read.rows);
        if let Some(why) = read.trouble {
            said.push(format!("{table}: {} rows could be read, then: {why}", rows.len()));
        }
        if columns.is_empty() {
            continue;
        }
        let marks = (1..=columns.len()).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ");
        let names = columns.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        let sql = format!("insert or ignore into {table} ({names}) values ({marks})");
        let refused = store.write(move |tx| {
            let mut refused = 0_u64;
            let Ok(mut insert) = tx.prepare(&sql) else { return Ok(rows.len() as u64) };
            for row in rows {
                refused += u64::from(insert.execute(params_from_iter(row)).is_err());
            }
            Ok(refused)
        })?;
        if refused > 0 {
            said.push(format!("{table}: {refused} rows don't fit the table any more"));
        }
    }
    Ok(said)
}

#[derive(Default)]
struct Read {
    columns: Vec<String>,
    rows: Vec<Vec<Value>>,
    trouble: Option<String>,
}

fn names_of(db: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let mut query = db.prepare("select name from pragma_table_info(?1) order by cid")?;
    query.query_map([table], |row| row.get(0))?.collect()
}

/// A table from its beginning, and, where that breaks off, from its end too.
fn read_table(db: &Connection, table: &str) -> Read {
    let mut read = Read::default();
    let quoted = table.replace('"', "");
    for order in ["", " order by rowid desc"] {
        let mut query = match db.prepare(&format!("select * from \"{quoted}\"{order}")) {
            Ok(query) => query,
            // An older layout hasn't got it.
            Err(error) if error.to_string().contains("no such table") => return read,
            Err(error) => {
                read.trouble = Some(error.to_string());
                return read;
            }
        };
        // Asked as values: a name that was damaged is an answer then, and no panic.
        read.columns = match names_of(db, &quoted) {
            Ok(names) => names,
            Err(error) => {
                read.trouble = Some(error.to_string());
                return read;
            }
        };
        let width = read.columns.len();
        let found = query.query([]).and_then(|mut rows| {
            while let Some(row) = rows.next()? {
                read.rows.push((0..width).map(|at| row.get(at)).collect::<Result<_, _>>()?);
            }
            Ok(())
        });
        match found {
            Ok(()) if order.is_empty() => return read,
            Ok(()) => {}
            Err(error) => read.trouble = Some(error.to_string()),
        }
    }
    read
}

fn copy_files(from: &Path, to: &Path, watch: Watch<'_>) -> Result<Vec<String>, LifeFault> {
    let mut said = Vec::new();
    let files = places::files_below(from).unwrap_or_default();
    for (done, file) in files.iter().enumerate() {
        watch("files copied", done as u64, files.len() as u64);
        let target = to.join(file);
        places::make_private(places::parent(&target)).map_err(LifeFault::file(&target))?;
        if let Err(error) = fs::copy(from.join(file), &target) {
            said.push(format!("{}: {error}", file.display()));
        }
    }
    Ok(said)
}

fn copy_keys(from: &Path, to: &Path) -> Result<(), LifeFault> {
    for file in places::files_below(from).unwrap_or_default() {
        let name = file.to_string_lossy();
        if name.starts_with('.') || name.ends_with(".mark") {
            continue;
        }
        let target = to.join(&file);
        fs::copy(from.join(&file), &target).map_err(LifeFault::file(&target))?;
    }
    Ok(())
}
