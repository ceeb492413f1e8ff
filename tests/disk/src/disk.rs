//! A disk in the hands of a test.

use crate::content::Content;
use crate::platter::Platter;
use crate::vfs;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

/// A disk mounted over a folder, until its last handle is dropped.
#[derive(Clone)]
pub struct Disk {
    platter: Shared,
    mount: Arc<Mount>,
}

/// What was in a disk's files at one moment, by their places below its folder.
#[derive(Clone, Default)]
pub struct Image(BTreeMap<String, Content>);

pub(crate) type Shared = Arc<Mutex<Platter>>;

static MOUNTS: RwLock<BTreeMap<PathBuf, Shared>> = RwLock::new(BTreeMap::new());

struct Mount(PathBuf);

impl Drop for Mount {
    fn drop(&mut self) {
        MOUNTS.write().unwrap_or_else(PoisonError::into_inner).remove(&self.0);
    }
}

/// The disk that a path is on.
pub(crate) fn mounted(path: &str) -> Option<Shared> {
    let mounts = MOUNTS.read().unwrap_or_else(PoisonError::into_inner);
    Path::new(path).ancestors().skip(1).find_map(|folder| mounts.get(folder).cloned())
}

pub(crate) fn hold(platter: &Shared) -> MutexGuard<'_, Platter> {
    platter.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Disk {
    /// Mounts an empty disk over a folder given by its absolute path.
    pub fn mount(folder: &Path) -> Self {
        vfs::install();
        let platter = Shared::default();
        MOUNTS.write().unwrap_or_else(PoisonError::into_inner).insert(folder.to_owned(), platter.clone());
        Self { platter, mount: Arc::new(Mount(folder.to_owned())) }
    }

    fn hold(&self) -> MutexGuard<'_, Platter> {
        hold(&self.platter)
    }

    /// Writes, cuts, syncs and removals so far.
    pub fn steps(&self) -> u64 {
        self.hold().steps
    }

    /// The process that writes here dies in its so-manieth step from now.
    pub fn dies_after(&self, steps: u64) {
        let mut platter = self.hold();
        platter.dies_at = Some(platter.steps + steps.max(1));
    }

    /// Nobody dies here.
    pub fn lives(&self) {
        let mut platter = self.hold();
        if !platter.dead {
            platter.dies_at = None;
        }
    }

    /// Whether somebody died here; it takes [`Disk::revive`] or [`Disk::cut_power`] for the next to write.
    pub fn is_dead(&self) -> bool {
        self.hold().dead
    }

    /// From its so-manieth step on the disk is full.
    pub fn fills_after(&self, steps: u64) {
        let mut platter = self.hold();
        platter.fills_at = Some(platter.steps + steps.max(1));
    }

    /// All files together hold at most so many bytes.
    pub fn limit(&self, bytes: usize) {
        self.hold().room = Some(bytes);
    }

    /// There is room again.
    pub fn free(&self) {
        let mut platter = self.hold();
        (platter.fills_at, platter.room) = (None, None);
    }

    /// Whether it takes no more, or not much.
    pub fn is_full(&self) -> bool {
        let platter = self.hold();
        platter.room.is_some() || platter.fills_at.is_some_and(|at| platter.steps >= at)
    }

    /// How often it said that it is full.
    pub fn refused(&self) -> u64 {
        self.hold().refused
    }

    /// Whoever has files open here is dead; what he wrote is there.
    pub fn revive(&self) {
        self.hold().revive();
    }

    /// Whoever has files open here is dead, and of what wasn't synced there is some, or nothing. `chance` draws a
    /// number below its argument.
    pub fn cut_power(&self, mut chance: impl FnMut(usize) -> usize) {
        self.hold().cut(&mut chance);
    }

    /// A copy of all files, as somebody takes it who copies the folder.
    pub fn image(&self) -> Image {
        let place = |name: &str| Path::new(name).strip_prefix(&self.mount.0).ok()?.to_str().map(str::to_owned);
        let files = self.hold().image();
        Image(files.into_iter().filter_map(|(name, content)| Some((place(&name)?, content))).collect())
    }

    /// Puts a copy in the place of all files. Whoever has files open here is dead.
    pub fn lay(&self, image: &Image) {
        let name = |place: &str| self.mount.0.join(place).to_string_lossy().into_owned();
        let files = image.0.iter().map(|(place, content)| (name(place), content.clone())).collect();
        self.hold().lay(&files);
    }
}

impl Image {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn bytes(&self) -> usize {
        self.0.values().map(Content::len).sum()
    }
}
