//! Files in a folder. A draft is one file that grows; settling it is a rename. File and folder are synced before
//! anybody is told.
//!
//! ```text
//! DIR/parts/9f…        a draft, named after its upload
//! DIR/ab/cd….1234abcd  a file, named after its SHA-256 and the upload that brought it
//! ```

use super::{DRAFTS, Piece, Shelf, ShelfFault, Take};
use crate::blob::proof::Proof;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{Error, ErrorKind, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Read at a time.
const READ: usize = 128 * 1024;

pub struct Folder(PathBuf);

impl From<Error> for ShelfFault {
    fn from(error: Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                Self::Full(error.to_string())
            }
            _ => Self::Trouble(error.to_string()),
        }
    }
}

impl Folder {
    pub fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    fn path(&self, place: &str) -> PathBuf {
        self.0.join(place.trim_end_matches('/'))
    }

    /// The folder that holds a place, made where it is missing.
    fn room_for(&self, path: &Path) -> Result<PathBuf, Error> {
        let room = path.parent().unwrap_or(&self.0).to_owned();
        if !room.exists() {
            let mut builder = DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(&room)?;
            sync_folder(&self.0)?;
        }
        Ok(room)
    }
}

fn sync_folder(folder: &Path) -> Result<(), Error> {
    File::open(folder)?.sync_all()
}

fn open_draft(path: &Path) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Whatever a call says of a file that isn't there, as no file.
fn if_there<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn read_into(path: &Path, range: Range<u64>, take: &mut Take<'_>) -> Result<bool, Error> {
    let Some(mut file) = if_there(File::open(path))? else { return Ok(false) };
    file.seek(SeekFrom::Start(range.start))?;
    let mut left = file.take(range.end.saturating_sub(range.start));
    let mut buffer = vec![0; READ];
    loop {
        let read = left.read(&mut buffer)?;
        if read == 0 || !take(&buffer[..read]) {
            return Ok(true);
        }
    }
}

fn show(path: &Path, proof: &mut Proof) -> Result<bool, Error> {
    proof.reset();
    read_into(path, 0..u64::MAX, &mut |bytes| {
        proof.at(bytes);
        true
    })
}

impl Shelf for Folder {
    fn append(&self, draft: &str, at: u64, bytes: &[u8]) -> Result<Piece, ShelfFault> {
        let path = self.path(draft);
        let room = self.room_for(&path)?;
        let is_new = !path.exists();
        let mut file = open_draft(&path)?;
        if file.metadata()?.len() < at {
            return Err(ShelfFault::Trouble(format!("{draft} is shorter than what was acknowledged of it")));
        }
        // What came after the last acknowledgement may be torn.
        file.set_len(at)?;
        file.seek(SeekFrom::Start(at))?;
        file.write_all(bytes)?;
        file.sync_data()?;
        if is_new {
            sync_folder(&room)?;
        }
        Ok(Piece { start: at, size: bytes.len() as u64, place: String::new() })
    }

    fn settle(&self, draft: &str, _: &[Piece], place: &str, proof: &mut Proof) -> Result<bool, ShelfFault> {
        let (from, to) = (self.path(draft), self.path(place));
        if show(&to, proof)? {
            return Ok(proof.verdict().is_ok());
        }
        if !show(&from, proof)? {
            // No byte came, or the disk lost them: the proof tells one from the other.
            self.append(draft, 0, &[])?;
        }
        if proof.verdict().is_err() {
            return Ok(false);
        }
        let room = self.room_for(&to)?;
        fs::rename(&from, &to)?;
        sync_folder(&room)?;
        Ok(true)
    }

    fn read(&self, place: &str, range: Range<u64>, take: &mut Take<'_>) -> Result<bool, ShelfFault> {
        Ok(read_into(&self.path(place), range, take)?)
    }

    fn remove(&self, place: &str) -> Result<(), ShelfFault> {
        if_there(fs::remove_file(self.path(place)))?;
        Ok(())
    }

    fn list(&self) -> Result<Vec<(String, u64)>, ShelfFault> {
        let mut found = Vec::new();
        for room in if_there(fs::read_dir(&self.0))?.into_iter().flatten() {
            let room = room?;
            let name = room.file_name().to_string_lossy().into_owned();
            if !room.file_type()?.is_dir() {
                continue;
            }
            for file in fs::read_dir(room.path())? {
                let file = file?;
                let size = if_there(file.metadata())?.map_or(0, |metadata| metadata.len());
                found.push((format!("{name}/{}", file.file_name().to_string_lossy()), size));
            }
        }
        Ok(found)
    }

    fn prove(&self) -> Result<(), ShelfFault> {
        let trial = format!("{DRAFTS}trial");
        self.append(&trial, 0, b"trial")?;
        self.remove(&trial)
    }
}
