//! Where an operator wants the files: in the data folder, in another one, or in a bucket.

use super::shelf::bucket::Bucket;
use super::shelf::folder::Folder;
use super::shelf::{Shelf, ShelfFault};
use std::path::PathBuf;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlobLocation {
    Folder(PathBuf),
    /// `s3://bucket/prefix`.
    Bucket(String),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("--blobs is a folder, or s3://BUCKET or s3://BUCKET/PREFIX, not {0}")]
pub struct NoLocation(String);

impl std::str::FromStr for BlobLocation {
    type Err = NoLocation;

    fn from_str(text: &str) -> Result<Self, NoLocation> {
        match text.split_once("://") {
            None if !text.is_empty() => Ok(Self::Folder(text.into())),
            Some(("s3", rest)) if rest.split('/').next().is_some_and(is_bucket) => Ok(Self::Bucket(text.to_owned())),
            _ => Err(NoLocation(text.to_owned())),
        }
    }
}

fn is_bucket(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
    (3..=63).contains(&name.len()) && name.bytes().all(fits)
}

impl BlobLocation {
    pub fn open(&self) -> Result<Box<dyn Shelf>, ShelfFault> {
        Ok(match self {
            Self::Folder(folder) => Box::new(Folder::new(folder.clone())),
            Self::Bucket(address) => Box::new(Bucket::open(address)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_stand_in_a_folder_or_in_a_bucket() {
        let parse = |text: &str| text.parse::<BlobLocation>().ok();
        assert_eq!(parse("/srv/files"), Some(BlobLocation::Folder("/srv/files".into())));
        assert_eq!(parse("s3://acme-files/outpost"), Some(BlobLocation::Bucket("s3://acme-files/outpost".into())));
        assert!(parse("s3://acme-files").is_some());
        for wrong in ["", "s3://", "s3:///x", "s3://A/x", "gs://acme-files", "https://acme-files/x"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
