//! The archive that a backup is: a tar, compressed with zstd, that any system can open. Every file in it is named in
//! the manifest with its SHA-256; the manifest stands last, so an archive that was cut off has none.
//!
//! ```text
//! outpost.db       one snapshot of the database, whole and compact
//! blobs/…          files, as they stand in the data folder
//! keys/…           only where they were asked for
//! manifest.json
//! ```

use super::{LifeFault, places};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Component, Path, PathBuf};
use tar::{Archive, Builder, EntryType, Header};

pub const FORMAT: u32 = 1;
pub const DATABASE: &str = "outpost.db";
const MANIFEST: &str = "manifest.json";
/// A manifest is a list of names: more than this is none.
const MOST_MANIFEST: u64 = 256 << 20;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub outpost_backup: u32,
    /// The program's version that made it.
    pub by: String,
    /// When, in milliseconds since 1970.
    pub made: i64,
    pub tenant: String,
    pub epoch: u32,
    pub seq: u64,
    pub chain: String,
    pub files: Vec<Packed>,
    /// Files of the blob folder that aren't in here, and why.
    pub left_out: Vec<LeftOut>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packed {
    pub name: String,
    pub size: u64,
    pub sha256: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    pub name: String,
    pub why: String,
}

impl Manifest {
    pub fn has_keys(&self) -> bool {
        self.files.iter().any(|file| file.name.starts_with("keys/"))
    }
    /// Files of entries, and their bytes.
    pub fn blobs(&self) -> (usize, u64) {
        let blobs = self.files.iter().filter(|file| file.name.starts_with("blobs/"));
        blobs.fold((0, 0), |(count, bytes), file| (count + 1, bytes + file.size))
    }
}

pub struct Packing<'a> {
    tar: Builder<zstd::Encoder<'a, BufWriter<File>>>,
    pub files: Vec<Packed>,
    made: u64,
}

impl Packing<'_> {
    pub fn begin(file: File, made: i64) -> io::Result<Self> {
        let mut encoder = zstd::Encoder::new(BufWriter::new(file), 3)?;
        encoder.include_checksum(true)?;
        Ok(Self { tar: Builder::new(encoder), files: Vec::new(), made: made.max(0) as u64 / 1_000 })
    }

    /// Adds what is read, of exactly that size.
    pub fn add(&mut self, name: &str, size: u64, from: impl Read) -> io::Result<()> {
        let mut hashed = Hashed { inner: from, hash: Sha256::new() };
        let mut header = self.header(size);
        self.tar.append_data(&mut header, name, &mut hashed)?;
        let sha256 = hex::encode(hashed.hash.finalize());
        self.files.push(Packed { name: name.to_owned(), size, sha256 });
        Ok(())
    }

    /// Adds the manifest, and sees that everything is on disk.
    pub fn finish(mut self, manifest: &Manifest) -> io::Result<()> {
        let text = serde_json::to_vec_pretty(manifest)?;
        let mut header = self.header(text.len() as u64);
        self.tar.append_data(&mut header, MANIFEST, text.as_slice())?;
        let mut out = self.tar.into_inner()?.finish()?;
        out.flush()?;
        out.get_ref().sync_all()
    }

    fn header(&self, size: u64) -> Header {
        let mut header = Header::new_ustar();
        header.set_size(size);
        header.set_mode(0o600);
        header.set_mtime(self.made);
        header.set_entry_type(EntryType::Regular);
        header
    }
}

struct Hashed<R> {
    inner: R,
    hash: Sha256,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(bytes)?;
        self.hash.update(&bytes[..read]);
        Ok(read)
    }
}

/// Reads an archive through; every file must be there as the manifest has it. Where `into` is given they are unpacked
/// there; nothing in an archive can name another place.
pub fn read(path: &Path, into: Option<&Path>, watch: super::Watch<'_>) -> Result<Manifest, LifeFault> {
    let bad = |what: String| LifeFault::BadBackup(path.to_owned(), what);
    let io = |error: io::Error| LifeFault::BadBackup(path.to_owned(), error.to_string());
    let file = File::open(path).map_err(LifeFault::file(path))?;
    let total = file.metadata().map_err(LifeFault::file(path))?.len();
    let mut first = [0; 4];
    let begins = BufReader::new(&file).read_exact(&mut first).is_ok() && first == [0x28, 0xb5, 0x2f, 0xfd];
    if !begins {
        return Err(LifeFault::NotABackup(path.to_owned(), "it is no zstd archive".into()));
    }
    let counted = Counted { inner: File::open(path).map_err(LifeFault::file(path))?, done: 0, total, watch };
    let mut archive = Archive::new(zstd::Decoder::new(counted).map_err(io)?);
    let (mut found, mut manifest) = (Vec::new(), None);
    for entry in archive.entries().map_err(io)? {
        let mut entry = entry.map_err(io)?;
        let name = entry.path().map_err(io)?.to_string_lossy().into_owned();
        if entry.header().entry_type() != EntryType::Regular {
            return Err(bad(format!("{name} is no plain file")));
        }
        if name == MANIFEST {
            let mut text = Vec::new();
            entry.by_ref().take(MOST_MANIFEST).read_to_end(&mut text).map_err(io)?;
            manifest = Some(parse(path, &text)?);
            continue;
        }
        let place = safe(&name).ok_or_else(|| bad(format!("{name} has no place in a backup")))?;
        let mut hashed = Hashed { inner: &mut entry, hash: Sha256::new() };
        let size = match into {
            Some(dir) => unpack(&mut hashed, &dir.join(place))?,
            None => io::copy(&mut hashed, &mut io::sink()).map_err(io)?,
        };
        found.push(Packed { name, size, sha256: hex::encode(hashed.hash.finalize()) });
    }
    // To the last byte: the archive's own checksum stands at its end.
    io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(io)?;
    let manifest = manifest.ok_or_else(|| bad("its end is missing".into()))?;
    if let Some(other) = manifest.files.iter().find(|file| !found.contains(file)) {
        return Err(bad(format!("{} is missing, or not as it was packed", other.name)));
    }
    if found.len() != manifest.files.len() {
        return Err(bad("it holds files that its manifest doesn't name".into()));
    }
    Ok(manifest)
}

fn parse(path: &Path, text: &[u8]) -> Result<Manifest, LifeFault> {
    let other = |what: String| LifeFault::NotABackup(path.to_owned(), what);
    let value: serde_json::Value = serde_json::from_slice(text).map_err(|error| other(error.to_string()))?;
    match value["outpost_backup"].as_u64() {
        Some(format) if format > u64::from(FORMAT) => {
            Err(LifeFault::NewerBackup(path.to_owned(), u32::try_from(format).unwrap_or(u32::MAX)))
        }
        Some(_) => serde_json::from_value(value).map_err(|error| other(error.to_string())),
        None => Err(other("its manifest is something else's".into())),
    }
}

/// The place of a file inside a folder, if it is one of those that a backup has.
fn safe(name: &str) -> Option<PathBuf> {
    let path = Path::new(name);
    let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    let known = name == DATABASE || name.starts_with("blobs/") || name.starts_with("keys/");
    (plain && known).then(|| path.to_owned())
}

fn unpack(from: &mut impl Read, to: &Path) -> Result<u64, LifeFault> {
    places::make_private(places::parent(to)).map_err(LifeFault::file(to))?;
    let mut out = places::create_private(to).map_err(LifeFault::file(to))?;
    io::copy(from, &mut out).map_err(LifeFault::file(to))
}

struct Counted<'a, R> {
    inner: R,
    done: u64,
    total: u64,
    watch: super::Watch<'a>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(bytes)?;
        self.done += read as u64;
        (self.watch)("bytes read", self.done, self.total);
        Ok(read)
    }
}
