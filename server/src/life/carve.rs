//! Rows read from the pages of a SQLite file itself, whatever state its trees are in.
//!
//! Every page that looks like a leaf of a table is read cell by cell, in the file and in every page image of its WAL.
//! Nothing here is believed: a row may be stale, or never have been committed; whoever asks checks it by its hash and
//! its place in the chain. All numbers come from damaged bytes, so every one of them is bounded before it is used.

use rusqlite::types::Value;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// A cell larger than this is damage: no row of ours is.
const MOST_CELL: u64 = 64 << 20;
const WAL_HEADER: u64 = 32;
const FRAME_HEADER: u64 = 24;

/// A database file and its WAL as page images.
pub struct Image {
    main: File,
    wal: Option<File>,
    page_size: usize,
    usable: usize,
    pages: u64,
    /// Where in the WAL a page's images stand, the newest last.
    frames: HashMap<u32, Vec<u64>>,
}

/// Where one image of a page is.
#[derive(Debug, Clone, Copy)]
enum Spot {
    Main(u64),
    Wal(u64),
}

impl Image {
    pub fn open(database: &Path) -> io::Result<Self> {
        let mut main = File::open(database)?;
        let mut header = Vec::new();
        (&mut main).take(100).read_to_end(&mut header)?;
        let page_size = header.get(16..18).map_or(0, |at| match u16::from_be_bytes([at[0], at[1]]) {
            1 => 65_536,
            size => usize::from(size),
        });
        // What can't be a size is damage; ours have the usual one.
        let page_size = if page_size.is_power_of_two() && page_size >= 512 { page_size } else { 4_096 };
        let reserved = header.get(20).copied().map_or(0, usize::from);
        let usable = if reserved <= 32 { page_size - reserved } else { page_size };
        let pages = main.metadata()?.len() / page_size as u64;
        let mut name = database.as_os_str().to_owned();
        name.push("-wal");
        let mut image = Self { main, wal: File::open(name).ok(), page_size, usable, pages, frames: HashMap::new() };
        image.read_frames()?;
        Ok(image)
    }

    fn read_frames(&mut self) -> io::Result<()> {
        let Some(wal) = &mut self.wal else { return Ok(()) };
        let (len, frame) = (wal.metadata()?.len(), FRAME_HEADER + self.page_size as u64);
        let mut at = WAL_HEADER;
        while at + frame <= len {
            let mut number = [0; 4];
            wal.seek(SeekFrom::Start(at))?;
            wal.read_exact(&mut number)?;
            self.frames.entry(u32::from_be_bytes(number)).or_default().push(at + FRAME_HEADER);
            at += frame;
        }
        Ok(())
    }

    fn load(&mut self, spot: Spot) -> Option<Vec<u8>> {
        let (file, at) = match spot {
            Spot::Main(at) => (&mut self.main, at),
            Spot::Wal(at) => (self.wal.as_mut()?, at),
        };
        file.seek(SeekFrom::Start(at)).ok()?;
        let mut page = vec![0; self.page_size];
        file.read_exact(&mut page).ok()?;
        Some(page)
    }

    /// The newest image of a page.
    fn page(&mut self, number: u32, from_wal: bool) -> Option<Vec<u8>> {
        let newest = self.frames.get(&number).and_then(|frames| frames.last().copied());
        match newest.filter(|_| from_wal) {
            Some(at) => self.load(Spot::Wal(at)),
            None => {
                let place = u64::from(number.checked_sub(1)?);
                (place < self.pages).then(|| self.load(Spot::Main(place * self.page_size as u64)))?
            }
        }
    }

    /// Shows every row that any leaf holds to `take`: its values, of as many columns as it has.
    pub fn rows(&mut self, mut take: impl FnMut(Vec<Value>)) {
        let main = (0..self.pages).map(|place| (Spot::Main(place * self.page_size as u64), place == 0));
        let wal = self.frames.iter().flat_map(|(number, frames)| {
            let first = *number == 1;
            frames.iter().map(move |at| (Spot::Wal(*at), first))
        });
        let spots: Vec<(Spot, bool)> = main.chain(wal).collect();
        for (spot, first) in spots {
            let Some(page) = self.load(spot) else { continue };
            for record in self.records(&page, if first { 100 } else { 0 }) {
                if let Some(values) = read_record(&record) {
                    take(values);
                }
            }
        }
    }

    /// The payload of each cell of a leaf of a table.
    fn records(&mut self, page: &[u8], at: usize) -> Vec<Vec<u8>> {
        if page.get(at) != Some(&0x0d) {
            return Vec::new();
        }
        let number = |at: usize| page.get(at..at + 2).map(|two| usize::from(u16::from_be_bytes([two[0], two[1]])));
        let cells = number(at + 3).unwrap_or(0).min(self.page_size / 4);
        let starts: Vec<usize> = (0..cells).filter_map(|cell| number(at + 8 + cell * 2)).collect();
        starts.into_iter().flat_map(|start| self.cell(page, start)).collect()
    }

    /// A cell's payload; where it overflows, as the WAL has its pages and as the file has them.
    fn cell(&mut self, page: &[u8], start: usize) -> Vec<Vec<u8>> {
        let Some((size, rest)) = page.get(start..self.usable).and_then(varint) else { return Vec::new() };
        let Some((_, rest)) = varint(rest) else { return Vec::new() };
        if size > MOST_CELL {
            return Vec::new();
        }
        let (size, usable) = (size as usize, self.usable);
        let most = usable - 35;
        if size <= most {
            return rest.get(..size).map(<[u8]>::to_vec).into_iter().collect();
        }
        let least = (usable - 12) * 32 / 255 - 23;
        let surplus = least + (size - least) % (usable - 4);
        let local = if surplus <= most { surplus } else { least };
        let Some(begin) = rest.get(..local) else { return Vec::new() };
        let Some(next) = rest.get(local..local + 4) else { return Vec::new() };
        let next = u32::from_be_bytes([next[0], next[1], next[2], next[3]]);
        let mut found: Vec<Vec<u8>> =
            [true, false].into_iter().filter_map(|wal| self.overflow(begin, next, size, wal)).collect();
        found.dedup();
        found
    }

    fn overflow(&mut self, begin: &[u8], mut next: u32, size: usize, from_wal: bool) -> Option<Vec<u8>> {
        let mut payload = begin.to_vec();
        // A chain has as many pages as its bytes need, so a circle ends too.
        while payload.len() < size {
            let page = self.page(next, from_wal)?;
            next = u32::from_be_bytes([page[0], page[1], page[2], page[3]]);
            let wanted = (size - payload.len()).min(self.usable - 4);
            payload.extend_from_slice(page.get(4..4 + wanted)?);
        }
        Some(payload)
    }
}

fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0_u64;
    for (place, byte) in bytes.iter().take(9).enumerate() {
        if place == 8 {
            return Some(((value << 8) | u64::from(*byte), &bytes[9..]));
        }
        value = (value << 7) | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[place + 1..]));
        }
    }
    None
}

/// The values of a record, if its lengths fit exactly.
fn read_record(record: &[u8]) -> Option<Vec<Value>> {
    let (head, rest) = varint(record)?;
    let head = usize::try_from(head).ok()?;
    let mut types = rest.get(..head.checked_sub(record.len() - rest.len())?)?;
    let mut body = record.get(head..)?;
    let mut values = Vec::new();
    while !types.is_empty() {
        let (kind, more) = varint(types)?;
        types = more;
        let size = match kind {
            0 | 8 | 9 => 0,
            1..=4 => kind as usize,
            5 => 6,
            6 | 7 => 8,
            10 | 11 => return None,
            long => usize::try_from((long - 12) / 2).ok()?,
        };
        let bytes = body.get(..size)?;
        body = &body[size..];
        values.push(match kind {
            0 => Value::Null,
            8 => Value::Integer(0),
            9 => Value::Integer(1),
            1..=6 => Value::Integer(integer(bytes)),
            7 => Value::Real(f64::from_be_bytes(bytes.try_into().ok()?)),
            blob if blob % 2 == 0 => Value::Blob(bytes.to_vec()),
            _ => Value::Text(String::from_utf8(bytes.to_vec()).ok()?),
        });
    }
    body.is_empty().then_some(values)
}

fn integer(bytes: &[u8]) -> i64 {
    let negative = bytes.first().is_some_and(|first| first & 0x80 != 0);
    bytes.iter().fold(if negative { -1 } else { 0 }, |value, byte| (value << 8) | i64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;

    #[test]
    fn rows_are_read_as_sqlite_wrote_them_also_from_the_wal_and_over_many_pages() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("x.db");
        let db = Connection::open(&file).unwrap();
        db.pragma_update(None, "journal_mode", "wal").unwrap();
        db.execute_batch("create table t (a, b, c, d)").unwrap();
        let sql = "insert into t values (?1, ?2, ?3, ?4)";
        let expected: Vec<Vec<Value>> = (0..300_i64)
            .map(|n| {
                let long = vec![n as u8; (n * 61) as usize];
                let sign = if n % 2 == 0 { n << 33 } else { -(n << (n % 40)) };
                vec![Value::Integer(sign), Value::Text(format!("第{n}行")), Value::Blob(long), Value::Null]
            })
            .collect();
        for row in &expected {
            db.execute(sql, rusqlite::params_from_iter(row)).unwrap();
        }
        for _ in 0..2 {
            let mut found = Vec::new();
            Image::open(&file).unwrap().rows(|row| found.push(row));
            assert!(expected.iter().all(|row| found.contains(row)));
            db.execute_batch("pragma wal_checkpoint(truncate)").unwrap();
        }
    }

    #[test]
    fn no_bytes_make_it_panic() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("x.db");
        let mut seed = 1_u64;
        for size in [0, 1, 99, 4_096, 20_000] {
            for first in [0x0d, 0x05, 0xff] {
                let mut bytes: Vec<u8> = (0..size)
                    .map(|_| {
                        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                        (seed >> 40) as u8
                    })
                    .collect();
                for page in bytes.chunks_mut(4_096) {
                    page[0] = first;
                }
                std::fs::write(&file, &bytes).unwrap();
                std::fs::write(dir.path().join("x.db-wal"), &bytes).unwrap();
                Image::open(&file).unwrap().rows(drop);
            }
        }
    }
}
