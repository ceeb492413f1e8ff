//! Blobs: files that entries name by their SHA-256, kept as files under their own name.
//!
//! A blob is taken only where an admitted entry names it, so nobody can park files here, and what arrives can be
//! nothing but what was named. It is on disk, with its folder, before anybody is told so. The same again is no work.

pub mod quota;
pub mod rights;

use crate::store::StoreError;
use outpost_model::id::{DeviceId, Hash};
use outpost_model::time::Millis;
use quota::Quota;
use rand::Rng;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum BlobFault {
    /// The bytes hash to something else.
    #[error("the bytes don't match the hash")]
    Mismatch,
    /// The device has stored its day's share; milliseconds until the next day.
    #[error("the day's share is used up")]
    OverQuota(i64),
    #[error("the blob folder: {0}")]
    Folder(#[from] std::io::Error),
}

impl From<BlobFault> for StoreError {
    fn from(fault: BlobFault) -> Self {
        match fault {
            BlobFault::Folder(error) => StoreError::Folder(error),
            fault => StoreError::damaged(fault),
        }
    }
}

pub struct BlobStore {
    folder: PathBuf,
    quota: Quota,
}

impl BlobStore {
    pub fn new(folder: PathBuf, bytes_a_day: u64) -> Self {
        Self { folder, quota: Quota::new(bytes_a_day) }
    }

    fn place(&self, hash: &Hash) -> (PathBuf, PathBuf) {
        let name = hash.to_string();
        let shelf = self.folder.join(&name[..2]);
        let file = shelf.join(&name[2..]);
        (shelf, file)
    }

    /// Keeps the bytes; true if they are new here.
    pub fn put(&self, hash: &Hash, bytes: &[u8], from: &DeviceId, now: Millis) -> Result<bool, BlobFault> {
        if Hash::of(bytes) != *hash {
            return Err(BlobFault::Mismatch);
        }
        let (shelf, file) = self.place(hash);
        if file.exists() {
            return Ok(false);
        }
        self.quota.take(from, bytes.len() as u64, now).map_err(BlobFault::OverQuota)?;
        if !shelf.exists() {
            fs::create_dir_all(&shelf)?;
            sync_folder(&self.folder)?;
        }
        // Written aside and moved into place: a file under its name is always whole.
        let part = shelf.join(format!(".{:016x}.part", rand::rng().random::<u64>()));
        let kept = keep(&part, bytes).and_then(|()| fs::rename(&part, &file)).and_then(|()| sync_folder(&shelf));
        if kept.is_err() {
            let _ = fs::remove_file(&part);
        }
        kept.map(|()| true).map_err(BlobFault::Folder)
    }

    /// The bytes, if they are here; damaged ones are told, not handed out.
    pub fn get(&self, hash: &Hash) -> Result<Option<Vec<u8>>, BlobFault> {
        match fs::read(self.place(hash).1) {
            Ok(bytes) if Hash::of(&bytes) == *hash => Ok(Some(bytes)),
            Ok(_) => Err(BlobFault::Mismatch),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

fn keep(part: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(part)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blob_is_kept_once_and_only_as_what_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = BlobStore::new(dir.path().to_owned(), 8);
        let device = DeviceId::parse("d-1").unwrap();
        let put = |hash: &Hash, bytes: &[u8]| blobs.put(hash, bytes, &device, Millis(0));
        let hash = Hash::of(b"stroke");
        assert!(matches!(put(&hash, b"strike"), Err(BlobFault::Mismatch)));
        assert_eq!(blobs.get(&hash).unwrap(), None);
        assert!(put(&hash, b"stroke").unwrap());
        assert!(!put(&hash, b"stroke").unwrap());
        assert_eq!(blobs.get(&hash).unwrap().as_deref(), Some(&b"stroke"[..]));
        assert!(matches!(put(&Hash::of(b"another"), b"another"), Err(BlobFault::OverQuota(_))));
        fs::write(blobs.place(&hash).1, "damage").unwrap();
        assert!(matches!(blobs.get(&hash), Err(BlobFault::Mismatch)));
    }
}
