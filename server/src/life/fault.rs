//! Why a folder wasn't backed up, restored or salvaged, by what its reader can do about it.

use crate::config::FolderFault;
use crate::store::StoreError;
use outpost_model::problem::Code;
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum LifeFault {
    #[error("{0} exists already and is left as it is. Name another file.")]
    Exists(PathBuf),
    #[error("{0} isn't empty. Name a new folder, so that nothing in it is mixed up.")]
    NotEmpty(PathBuf),
    #[error("there is no company in {0} yet, so there is nothing to keep. `outpost serve --data {0}` sets one up.")]
    NoCompany(PathBuf),
    #[error(
        "the folder is damaged ({0}), and a copy of it would be too. `outpost doctor --data DIR` says what is whole."
    )]
    Damaged(String),
    #[error("{0} isn't a whole backup: {1}. Take another one; this one can't be trusted.")]
    BadBackup(PathBuf, String),
    #[error("{0} isn't a backup of Outpost's: {1}")]
    NotABackup(PathBuf, String),
    #[error("{0} was written by a newer version (backup format {1}). Use that version.")]
    NewerBackup(PathBuf, u32),
    #[error("{0} doesn't hold the keys of this company: {1}")]
    BadKeys(PathBuf, String),
    #[error("{0}: {1}")]
    File(PathBuf, std::io::Error),
    #[error(transparent)]
    Folder(#[from] FolderFault),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl LifeFault {
    pub(super) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |error| Self::File(path.to_owned(), error)
    }

    /// Its stable name and number.
    pub fn code(&self) -> Code {
        match self {
            Self::Exists(_) | Self::NotEmpty(_) => Code::FolderTaken,
            Self::NoCompany(_) => Code::NothingToKeep,
            Self::Damaged(_) => Code::FolderDamaged,
            Self::BadBackup(..) | Self::NotABackup(..) => Code::BackupDamaged,
            Self::NewerBackup(..) => Code::VersionUnknown,
            Self::BadKeys(..) => Code::KeysMissing,
            Self::File(..) | Self::Folder(_) | Self::Store(_) => Code::StorageTrouble,
        }
    }
}

impl From<rusqlite::Error> for LifeFault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}
