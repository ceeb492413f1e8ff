//! The keys that sign access tokens: files in the key folder, one a key, named after the moment they were made.
//!
//! The newest signs. An older one still verifies until the last token that it signed has run out, so that changing
//! keys disturbs nobody. Another process may add one (`outpost key rotate`): the folder is looked at again when it
//! changed. The files stay out of the database, and out of its backups.

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use jsonwebtoken::{DecodingKey, EncodingKey};
use outpost_model::time::Millis;
use parking_lot::Mutex;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

#[derive(Debug, thiserror::Error)]
pub enum KeyFault {
    #[error("the key folder {0}: {1}")]
    Folder(PathBuf, std::io::Error),
    #[error("{0} isn't a signing key; put it aside and run `outpost key rotate`")]
    Unreadable(PathBuf),
    #[error("there is no signing key in {0}; run `outpost key rotate`")]
    NoKey(PathBuf),
}

/// One key, ready for use.
pub struct SigningKeyFile {
    pub kid: String,
    pub made: Millis,
    pub encoding: EncodingKey,
    pub decoding: DecodingKey,
}

pub struct KeyRing {
    folder: PathBuf,
    /// How long a token may live: so long an older key still verifies.
    token_life: i64,
    loaded: Mutex<Loaded>,
}

struct Loaded {
    changed: Option<SystemTime>,
    /// Oldest first.
    keys: Vec<Arc<SigningKeyFile>>,
}

const PREFIX: &str = "token-";

impl KeyRing {
    /// Opens the ring; a first key is made where there is none.
    pub fn open(folder: &Path, token_life: i64, now: Millis, random: [u8; 32]) -> Result<Self, KeyFault> {
        let keys = load(folder)?;
        if keys.is_empty() {
            make(folder, now, random)?;
        }
        let loaded = Loaded { changed: changed(folder), keys: load(folder)? };
        Ok(Self { folder: folder.to_owned(), token_life, loaded: Mutex::new(loaded) })
    }

    /// The key that signs now.
    pub fn newest(&self) -> Result<Arc<SigningKeyFile>, KeyFault> {
        self.keys()?.pop().ok_or_else(|| KeyFault::NoKey(self.folder.clone()))
    }

    /// The key of that name, if what it signed may still hold.
    pub fn verifying(&self, kid: &str, now: Millis) -> Result<Option<Arc<SigningKeyFile>>, KeyFault> {
        let keys = self.keys()?;
        let Some(place) = keys.iter().position(|key| key.kid == kid) else { return Ok(None) };
        let holds = keys.get(place + 1).is_none_or(|next| now.since(next.made) < self.token_life);
        Ok(holds.then(|| keys[place].clone()))
    }

    fn keys(&self) -> Result<Vec<Arc<SigningKeyFile>>, KeyFault> {
        let mut loaded = self.loaded.lock();
        let changed = changed(&self.folder);
        if changed != loaded.changed {
            *loaded = Loaded { changed, keys: load(&self.folder)? };
        }
        Ok(loaded.keys.clone())
    }
}

fn changed(folder: &Path) -> Option<SystemTime> {
    fs::metadata(folder).and_then(|meta| meta.modified()).ok()
}

/// Makes a key, which signs from now on; its name. Whatever the clock says, it is newer than those there are.
pub fn make(folder: &Path, now: Millis, random: [u8; 32]) -> Result<String, KeyFault> {
    let now = load(folder)?.last().map_or(now, |newest| now.max(newest.made.plus(1)));
    let key = SigningKey::from_bytes(&random);
    let kid = format!("{:013}-{}", now.0.max(0), hex::encode(&key.verifying_key().to_bytes()[..4]));
    let file = folder.join(format!("{PREFIX}{kid}.pem"));
    let fault = |error| KeyFault::Folder(folder.to_owned(), error);
    let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(|_| KeyFault::Unreadable(file.clone()))?;
    // Written aside and moved into place: a ring that looks meanwhile sees all of it or nothing.
    let aside = folder.join(format!(".{kid}.part"));
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut part = options.open(&aside).map_err(fault)?;
    part.write_all(pem.as_bytes()).and_then(|()| part.sync_all()).map_err(fault)?;
    fs::rename(&aside, &file).and_then(|()| fs::File::open(folder)?.sync_all()).map_err(fault)?;
    Ok(kid)
}

/// Removes keys whose last token ran out; their names.
pub fn remove_unneeded(folder: &Path, now: Millis, token_life: i64) -> Result<Vec<String>, KeyFault> {
    let keys = load(folder)?;
    let mut removed = Vec::new();
    for (key, next) in keys.iter().zip(keys.iter().skip(1)) {
        if now.since(next.made) >= token_life {
            let file = folder.join(format!("{PREFIX}{}.pem", key.kid));
            fs::remove_file(file).map_err(|error| KeyFault::Folder(folder.to_owned(), error))?;
            removed.push(key.kid.clone());
        }
    }
    Ok(removed)
}

/// Every key in the folder, oldest first.
pub fn load(folder: &Path) -> Result<Vec<Arc<SigningKeyFile>>, KeyFault> {
    let fault = |error| KeyFault::Folder(folder.to_owned(), error);
    let mut keys = Vec::new();
    for entry in fs::read_dir(folder).map_err(fault)? {
        let path = entry.map_err(fault)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(kid) = name.strip_prefix(PREFIX).and_then(|name| name.strip_suffix(".pem")) else { continue };
        let unreadable = || KeyFault::Unreadable(path.clone());
        let made = kid.split('-').next().and_then(|made| made.parse().ok()).ok_or_else(unreadable)?;
        let pem = fs::read_to_string(&path).map_err(fault)?;
        let key = SigningKey::from_pkcs8_pem(&pem).map_err(|_| unreadable())?;
        let der = key.to_pkcs8_der().map_err(|_| unreadable())?;
        keys.push(Arc::new(SigningKeyFile {
            kid: kid.to_owned(),
            made: Millis(made),
            encoding: EncodingKey::from_ed_der(der.as_bytes()),
            decoding: DecodingKey::from_ed_der(key.verifying_key().as_bytes()),
        }));
    }
    keys.sort_by(|a, b| (a.made, &a.kid).cmp(&(b.made, &b.kid)));
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_key_verifies_until_its_last_token_ran_out() {
        let folder = tempfile::tempdir().unwrap();
        let ring = KeyRing::open(folder.path(), 1_000, Millis(5), [1; 32]).unwrap();
        let first = ring.newest().unwrap().kid.clone();
        let second = make(folder.path(), Millis(10_000), [2; 32]).unwrap();
        assert_eq!(ring.newest().unwrap().kid, second);
        assert!(ring.verifying(&first, Millis(10_999)).unwrap().is_some());
        assert!(ring.verifying(&first, Millis(11_000)).unwrap().is_none());
        assert!(ring.verifying(&second, Millis(99_000)).unwrap().is_some());
        assert!(ring.verifying("nobody's", Millis(0)).unwrap().is_none());
        assert!(remove_unneeded(folder.path(), Millis(10_999), 1_000).unwrap().is_empty());
        assert_eq!(remove_unneeded(folder.path(), Millis(11_000), 1_000).unwrap(), [first]);
    }
}
