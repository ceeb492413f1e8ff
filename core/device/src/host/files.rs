//! A key pair and a send counter in files, for hosts that have nothing better: the command line, tests, desktops.
//! A file is replaced whole, by writing another beside it first, so that a crash leaves the old or the new one.

use super::{Keystore, Outside, Randomness};
use ed25519_dalek::{Signer, SigningKey};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

pub struct FileKeystore {
    key: SigningKey,
}

impl FileKeystore {
    /// The key in that file; a new one where there is none.
    pub fn open(path: &Path, randomness: &mut dyn Randomness) -> io::Result<Self> {
        let secret = match fs::read(path) {
            Ok(bytes) => <[u8; 32]>::try_from(bytes.as_slice())
                .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "a key file holds 32 bytes"))?,
            Err(missing) if missing.kind() == io::ErrorKind::NotFound => {
                let mut secret = [0; 32];
                randomness.fill(&mut secret);
                replace(path, &secret)?;
                secret
            }
            Err(trouble) => return Err(trouble),
        };
        Ok(Self { key: SigningKey::from_bytes(&secret) })
    }
}

impl Keystore for FileKeystore {
    fn public_key(&mut self) -> io::Result<[u8; 32]> {
        Ok(self.key.verifying_key().to_bytes())
    }
    fn sign(&mut self, message: &[u8]) -> io::Result<[u8; 64]> {
        Ok(self.key.sign(message).to_bytes())
    }
}

pub struct FileOutside {
    path: PathBuf,
}

impl FileOutside {
    /// `path` must lie outside what a backup of the device folder copies.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }
}

impl Outside for FileOutside {
    fn read(&self) -> io::Result<Option<u64>> {
        match fs::read_to_string(&self.path) {
            Ok(text) => text
                .trim()
                .parse()
                .map(Some)
                .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "a send counter is one number")),
            Err(missing) if missing.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(trouble) => Err(trouble),
        }
    }
    fn write(&mut self, sends: u64) -> io::Result<()> {
        replace(&self.path, sends.to_string().as_bytes())
    }
}

fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    match path.parent() {
        // Directories can't be opened everywhere; where they can, the new name must last too.
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder).map_or(Ok(()), |folder| folder.sync_all()),
        _ => Ok(()),
    }
}
