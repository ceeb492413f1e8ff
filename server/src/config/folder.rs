//! The data folder: where what is.
//!
//! ```text
//! DIR/outpost.db    the log and everything worked out from it
//! DIR/keys/         keys, kept out of the database and of its backups; for the owner's eyes only
//! DIR/blobs/ab/cd…  files, named after their SHA-256
//! ```

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum FolderFault {
    #[error("{0} doesn't exist. `outpost serve --data {0}` makes it.")]
    Missing(PathBuf),
    #[error("{0}: {1}")]
    Io(PathBuf, std::io::Error),
    #[error("{0} isn't a key of 32 bytes. If it was replaced, put the old one back.")]
    BadKey(PathBuf),
}

#[derive(Debug, Clone)]
pub struct DataFolder(PathBuf);

impl DataFolder {
    /// A folder that a relay was started in before.
    pub fn existing(path: &Path) -> Result<Self, FolderFault> {
        let folder = Self(path.to_owned());
        if folder.database().exists() { Ok(folder) } else { Err(FolderFault::Missing(path.to_owned())) }
    }

    /// The folder, whatever is there or isn't: for looking at it.
    pub fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// The folder, made where it is missing.
    pub fn prepare(path: &Path) -> Result<Self, FolderFault> {
        let folder = Self(path.to_owned());
        for dir in [path.to_owned(), folder.keys(), folder.blobs()] {
            make_private(&dir).map_err(|error| FolderFault::Io(dir, error))?;
        }
        Ok(folder)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
    pub fn database(&self) -> PathBuf {
        self.0.join("outpost.db")
    }
    pub fn keys(&self) -> PathBuf {
        self.0.join("keys")
    }
    pub fn blobs(&self) -> PathBuf {
        self.0.join("blobs")
    }

    /// There is a database, but the key that went with it is gone: perhaps the folder was restored without `keys`.
    pub fn has_lost_row_key(&self) -> bool {
        self.database().exists() && !self.keys().join("rows.key").exists()
    }

    /// The key for the MAC on rows that phones get. Made once; losing it means that phones can't bring rows back.
    pub fn row_key(&self, random: [u8; 32]) -> Result<[u8; 32], FolderFault> {
        self.key("rows.key", random)
    }

    /// The key that opens what phones seal to headquarters. Made once; losing it means that rescue files which were
    /// sealed by then stay closed.
    pub fn seal_key(&self, random: [u8; 32]) -> Result<[u8; 32], FolderFault> {
        self.key("seal.key", random)
    }

    fn key(&self, name: &str, random: [u8; 32]) -> Result<[u8; 32], FolderFault> {
        let file = self.keys().join(name);
        let io = |error| FolderFault::Io(file.clone(), error);
        match fs::read(&file) {
            Ok(bytes) => bytes.try_into().map_err(|_| FolderFault::BadKey(file)),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                write_private(&file, &random).map_err(io)?;
                Ok(random)
            }
            Err(error) => Err(io(error)),
        }
    }
}

fn make_private(dir: &Path) -> std::io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// Writes a file that only its owner reads, durably; one that exists stays.
fn write_private(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(file)?;
    out.write_all(bytes)?;
    out.sync_all()?;
    match file.parent() {
        Some(dir) => fs::File::open(dir)?.sync_all(),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_for_its_owner_only() {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::prepare(&dir.path().join("data")).unwrap();
        fs::write(folder.database(), "").unwrap();
        assert!(folder.has_lost_row_key());
        assert_eq!(folder.row_key([1; 32]).unwrap(), [1; 32]);
        assert!(!folder.has_lost_row_key());
        assert_eq!(folder.row_key([2; 32]).unwrap(), [1; 32]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(folder.keys()), mode(folder.keys().join("rows.key"))), (0o700, 0o600));
        }
        fs::write(folder.keys().join("rows.key"), "short").unwrap();
        assert!(matches!(folder.row_key([2; 32]), Err(FolderFault::BadKey(_))));
    }
}
