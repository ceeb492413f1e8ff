//! How far the log came, noted beside it: so that a folder that somebody copied back is noticed at the start.
//!
//! There are two places, because there are two ways to copy back. One is beside the keys, which tells when only the
//! database was replaced. The other is outside the folder, which tells when all of it was: `DIR.mark`, or where the
//! operator says. A mark may be a second old: what it misses, phones show in operation. A place that can't be written
//! is said once, and harms nothing.

use super::places;
use crate::config::DataFolder;
use crate::relay::{Lost, Reached, Why, has_been, reached, turn};
use crate::store::{Store, StoreError};
use outpost_model::id::TenantId;
use outpost_model::time::Millis;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often the marks are raised while rows come in.
const EVERY: Duration = Duration::from_secs(1);

#[derive(Serialize, Deserialize)]
struct Written {
    outpost_mark: u32,
    tenant: String,
    epoch: u32,
    seq: u64,
    chain: String,
}

#[derive(Debug, Clone)]
pub struct Marks(Vec<PathBuf>);

/// The folder stands before what was noted beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noticed {
    pub epoch: u32,
    /// Where the log ends now, and where it had been.
    pub seq: u64,
    pub known: u64,
}

impl Marks {
    /// Beside the keys, and outside the folder.
    pub fn of(folder: &DataFolder, outside: Option<PathBuf>) -> Self {
        Self(
            [Some(folder.keys().join("log.mark")), outside.or_else(|| usual(folder.path()))]
                .into_iter()
                .flatten()
                .collect(),
        )
    }

    /// The furthest place that is noted anywhere.
    pub fn furthest(&self, tenant: &TenantId) -> Option<Reached> {
        self.read().into_iter().filter(|place| place.tenant == *tenant).max_by_key(|place| (place.epoch, place.seq))
    }

    /// The furthest place that is noted of any company.
    pub fn any(&self) -> Option<Reached> {
        self.read().into_iter().max_by_key(|place| (place.epoch, place.seq))
    }

    /// What is noted; a place that can't be read notes nothing.
    fn read(&self) -> Vec<Reached> {
        self.0.iter().filter_map(|file| load(file)).collect()
    }

    /// Notes it in every place; the first that couldn't be written.
    pub fn write(&self, place: &Reached) -> Result<(), (PathBuf, io::Error)> {
        let mut trouble = Ok(());
        for file in &self.0 {
            if let Err(error) = note(file, place) {
                trouble = trouble.and(Err((file.clone(), error)));
            }
        }
        trouble
    }
}

/// `DIR.mark`, beside the folder.
fn usual(folder: &Path) -> Option<PathBuf> {
    let folder = fs::canonicalize(folder).ok()?;
    Some(folder.parent()?.join(format!("{}.mark", folder.file_name()?.to_string_lossy())))
}

fn load(file: &Path) -> Option<Reached> {
    let Written { outpost_mark: 1, tenant, epoch, seq, chain } = serde_json::from_slice(&fs::read(file).ok()?).ok()?
    else {
        return None;
    };
    let chain = hex::decode(chain).ok()?.try_into().ok()?;
    Some(Reached { tenant: TenantId::parse(&tenant).ok()?, epoch, seq, chain })
}

fn note(file: &Path, place: &Reached) -> io::Result<()> {
    let written = Written {
        outpost_mark: 1,
        tenant: place.tenant.to_string(),
        epoch: place.epoch,
        seq: place.seq,
        chain: hex::encode(place.chain),
    };
    let part = places::beside(file, "part");
    let mut out = places::create_private(&part)?;
    let done = out
        .write_all(&serde_json::to_vec(&written)?)
        .and_then(|()| out.sync_all())
        .and_then(|()| fs::rename(&part, file));
    if done.is_err() {
        let _ = fs::remove_file(&part);
    }
    done
}

/// Compares the log with what was noted beside it, and begins another epoch if it has never been there.
pub fn check(store: &Store, marks: &Marks, now: Millis) -> Result<Option<Noticed>, StoreError> {
    let Some(end) = reached(store)? else { return Ok(None) };
    let mut lost: Option<Reached> = None;
    for place in marks.read().into_iter().filter(|place| place.tenant == end.tenant) {
        if !has_been(store, &place)?
            && lost.as_ref().is_none_or(|lost| (lost.epoch, lost.seq) < (place.epoch, place.seq))
        {
            lost = Some(place);
        }
    }
    let Some(Reached { epoch, seq: known, .. }) = lost else { return Ok(None) };
    let lost = Lost { epoch, known: Some(known), ..Lost::default() };
    let epoch = turn(store, Why::BehindItsMark, lost, now)?;
    tracing::warn!(epoch, seq = end.seq, known, "the folder was put back to an earlier time: another epoch begins");
    Ok(Some(Noticed { epoch, seq: end.seq, known }))
}

/// Raises the marks while the relay runs, and once more at its end.
pub struct Keeper {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    pub fn start(store: Arc<Store>, marks: Marks) -> io::Result<Self> {
        let (stop, stopped) = channel();
        let thread = std::thread::Builder::new().name("outpost-mark".into()).spawn(move || {
            let (mut noted, mut complained) = (None, false);
            loop {
                raise(&store, &marks, &mut noted, &mut complained);
                match stopped.recv_timeout(EVERY) {
                    Err(RecvTimeoutError::Timeout) => {}
                    Ok(()) | Err(RecvTimeoutError::Disconnected) => break,
                }
            }
            raise(&store, &marks, &mut noted, &mut complained);
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn raise(store: &Store, marks: &Marks, noted: &mut Option<Reached>, complained: &mut bool) {
    let Ok(Some(end)) = reached(store) else { return };
    if noted.as_ref() == Some(&end) {
        return;
    }
    if let Err((file, error)) = marks.write(&end)
        && !std::mem::replace(complained, true)
    {
        let file = file.display().to_string();
        tracing::warn!(file, %error, "how far the log came can't be noted here: name another place with --mark FILE");
    }
    *noted = Some(end);
}
