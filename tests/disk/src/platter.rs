//! One disk's files, what of them is synced, who has locked them, and what is to go wrong.

use crate::content::Content;
use std::cell::UnsafeCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What can't be torn by a power cut.
const SECTOR: usize = 512;
/// Locks on the shared memory of a write-ahead log.
pub const SHM_LOCKS: usize = 8;

/// Why the disk didn't do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum No {
    /// The process that asks is dead.
    Dead,
    Full,
    Busy,
    Missing,
}

/// A region of shared memory. SQLite reads and writes it past us, by rules of its own.
pub struct Region(pub UnsafeCell<[u64; 4096]>);

// SAFETY: whoever touches it is SQLite, which orders its accesses by the locks below.
unsafe impl Send for Region {}
// SAFETY: as above.
unsafe impl Sync for Region {}

enum Change {
    Write(usize, Vec<u8>),
    Resize(usize),
}

#[derive(Default)]
struct Node {
    now: Content,
    /// What a power cut leaves for certain; nothing where the file's name was never synced.
    synced: Option<Content>,
    since: Vec<Change>,
    locks: Locks,
    shm: Vec<Arc<Region>>,
    shm_users: usize,
    shm_locks: [i32; SHM_LOCKS],
}

#[derive(Default)]
struct Locks {
    shared: usize,
    reserved: bool,
    pending: bool,
    exclusive: bool,
}

/// How a handle has locked its file, in SQLite's levels; exclusive is what comes after these.
const SHARED: i32 = 1;
const RESERVED: i32 = 2;
const PENDING: i32 = 3;

#[derive(Default)]
pub struct Platter {
    names: BTreeMap<String, u64>,
    nodes: HashMap<u64, Node>,
    next: u64,
    /// Names that are gone, as long as a power cut may bring them back.
    removed: BTreeMap<String, Content>,
    /// Handles of an earlier life are dead.
    pub life: u64,
    /// Writes, cuts, syncs and removals so far.
    pub steps: u64,
    pub dies_at: Option<u64>,
    pub dead: bool,
    pub fills_at: Option<u64>,
    pub room: Option<usize>,
    /// How often the disk said that it is full.
    pub refused: u64,
}

impl Platter {
    pub fn exists(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    pub fn open(&mut self, name: Option<&str>, create: bool) -> Result<u64, No> {
        if let Some(known) = name.and_then(|name| self.names.get(name)) {
            return Ok(*known);
        }
        if !create {
            return Err(No::Missing);
        }
        self.next += 1;
        self.nodes.insert(self.next, Node::default());
        if let Some(name) = name {
            self.names.insert(name.to_owned(), self.next);
        }
        Ok(self.next)
    }

    pub fn remove(&mut self, life: u64, name: &str, lasting: bool) -> Result<(), No> {
        self.step(life)?;
        let node = self.names.remove(name).ok_or(No::Missing)?;
        let synced = self.nodes.get(&node).and_then(|node| node.synced.clone());
        match synced.filter(|_| !lasting) {
            Some(content) => drop(self.removed.insert(name.to_owned(), content)),
            None => drop(self.removed.remove(name)),
        }
        if lasting {
            self.removed.clear();
        }
        Ok(())
    }

    /// A file without a name, or whose last handle was closed after it lost its name.
    pub fn forget(&mut self, node: u64) {
        self.nodes.remove(&node);
    }

    pub fn len(&self, node: u64) -> usize {
        self.nodes.get(&node).map_or(0, |node| node.now.len())
    }

    pub fn read(&self, life: u64, node: u64, at: usize, into: &mut [u8]) -> Result<usize, No> {
        if life != self.life {
            return Err(No::Dead);
        }
        Ok(self.node(node)?.now.read(at, into))
    }

    pub fn write(&mut self, life: u64, node: u64, at: usize, data: &[u8]) -> Result<(), No> {
        if let Err(no) = self.step(life) {
            // The last write of a process may have been carried out in part.
            if no == No::Dead && life == self.life && self.dies_at == Some(self.steps) {
                let part = data.len() * (self.steps % 3) as usize / 2;
                self.put(node, at, &data[..part]);
            }
            return Err(no);
        }
        let grows = (at + data.len()).saturating_sub(self.len(node));
        let full = self.fills_at.is_some_and(|from| self.steps >= from);
        if full || self.room.is_some_and(|room| grows > 0 && self.used() + grows > room) {
            self.refused += 1;
            return Err(No::Full);
        }
        self.put(node, at, data);
        Ok(())
    }

    /// A write to a file that nobody will ever read again.
    pub fn write_aside(&mut self, node: u64, at: usize, data: &[u8]) -> Result<(), No> {
        self.node_mut(node)?.now.write(at, data);
        Ok(())
    }

    fn put(&mut self, node: u64, at: usize, data: &[u8]) {
        if let Some(node) = self.nodes.get_mut(&node).filter(|_| !data.is_empty()) {
            node.now.write(at, data);
            node.since.push(Change::Write(at, data.to_vec()));
        }
    }

    fn used(&self) -> usize {
        self.nodes.values().map(|node| node.now.len()).sum()
    }

    pub fn resize(&mut self, life: u64, node: u64, len: usize) -> Result<(), No> {
        self.step(life)?;
        let node = self.node_mut(node)?;
        node.now.resize(len);
        node.since.push(Change::Resize(len));
        Ok(())
    }

    pub fn sync(&mut self, life: u64, node: u64) -> Result<(), No> {
        self.step(life)?;
        // The first sync of a new file is one of its folder, too.
        if self.node(node)?.synced.is_none() {
            self.removed.clear();
        }
        let node = self.node_mut(node)?;
        node.synced = Some(node.now.clone());
        node.since.clear();
        Ok(())
    }

    fn step(&mut self, life: u64) -> Result<(), No> {
        if life != self.life || self.dead {
            return Err(No::Dead);
        }
        self.steps += 1;
        self.dead = self.dies_at.is_some_and(|at| self.steps >= at);
        if self.dead { Err(No::Dead) } else { Ok(()) }
    }

    fn node(&self, node: u64) -> Result<&Node, No> {
        self.nodes.get(&node).ok_or(No::Dead)
    }

    fn node_mut(&mut self, node: u64) -> Result<&mut Node, No> {
        self.nodes.get_mut(&node).ok_or(No::Dead)
    }

    /// Raises a handle's lock, from the level that it holds.
    pub fn lock(&mut self, life: u64, node: u64, held: &mut i32, wanted: i32) -> Result<(), No> {
        if life != self.life {
            return Err(No::Dead);
        }
        let locks = &mut self.node_mut(node)?.locks;
        if *held >= wanted {
            return Ok(());
        }
        if wanted == SHARED {
            if locks.pending || locks.exclusive {
                return Err(No::Busy);
            }
            locks.shared += 1;
        } else if wanted == RESERVED {
            if locks.reserved || locks.exclusive {
                return Err(No::Busy);
            }
            locks.reserved = true;
        } else {
            if *held < PENDING && (locks.pending || (*held < RESERVED && locks.reserved)) {
                return Err(No::Busy);
            }
            // Pending keeps everybody out who isn't in yet, and stays while those who are in finish.
            (locks.reserved, locks.pending) = (true, true);
            *held = PENDING;
            if locks.shared > 1 {
                return Err(No::Busy);
            }
            locks.exclusive = true;
        }
        *held = wanted;
        Ok(())
    }

    pub fn unlock(&mut self, life: u64, node: u64, held: i32, wanted: i32) {
        if life != self.life || held <= wanted {
            return;
        }
        let Ok(node) = self.node_mut(node) else { return };
        if held >= RESERVED {
            (node.locks.reserved, node.locks.pending, node.locks.exclusive) = (false, false, false);
        }
        if wanted < SHARED && held >= SHARED {
            node.locks.shared = node.locks.shared.saturating_sub(1);
        }
    }

    pub fn is_reserved(&self, node: u64) -> bool {
        self.nodes.get(&node).is_some_and(|node| node.locks.reserved)
    }

    /// The region of that number; none where there is none and none is to be made.
    pub fn shm(
        &mut self,
        life: u64,
        node: u64,
        place: usize,
        grow: bool,
        new: bool,
    ) -> Result<Option<Arc<Region>>, No> {
        if life != self.life {
            return Err(No::Dead);
        }
        let node = self.node_mut(node)?;
        if new {
            node.shm_users += 1;
        }
        while grow && node.shm.len() <= place {
            node.shm.push(Arc::new(Region(UnsafeCell::new([0; 4096]))));
        }
        Ok(node.shm.get(place).cloned())
    }

    pub fn shm_leave(&mut self, life: u64, node: u64) {
        if let Some(node) = self.nodes.get_mut(&node).filter(|_| life == self.life) {
            node.shm_users = node.shm_users.saturating_sub(1);
            if node.shm_users == 0 {
                node.shm.clear();
            }
        }
    }

    /// `mine` is what the handle has locked: bits of shared and of exclusive locks.
    pub fn shm_lock(
        &mut self,
        life: u64,
        node: u64,
        range: std::ops::Range<usize>,
        exclusive: bool,
        mine: &mut (u16, u16),
    ) -> Result<(), No> {
        if life != self.life {
            return Err(No::Dead);
        }
        let locks = &mut self.node_mut(node)?.shm_locks;
        let own = |place: usize| i32::from(mine.0 >> place & 1 == 1);
        let free = |place: usize| match exclusive {
            true => locks[place] == own(place) && locks[place] >= 0,
            false => locks[place] >= 0,
        };
        if !range.clone().all(free) {
            return Err(No::Busy);
        }
        for place in range {
            let bit = 1 << place;
            if exclusive {
                locks[place] = -1;
                mine.1 |= bit;
            } else if mine.0 & bit == 0 {
                locks[place] += 1;
                mine.0 |= bit;
            }
        }
        Ok(())
    }

    pub fn shm_unlock(&mut self, life: u64, node: u64, range: std::ops::Range<usize>, mine: &mut (u16, u16)) {
        let node = self.nodes.get_mut(&node).filter(|_| life == self.life);
        let mut none = [0; SHM_LOCKS];
        let locks = node.map_or(&mut none, |node| &mut node.shm_locks);
        for place in range {
            let bit = 1 << place;
            if mine.1 & bit != 0 {
                locks[place] = 0;
            } else if mine.0 & bit != 0 {
                locks[place] = (locks[place] - 1).max(0);
            }
            mine.0 &= !bit;
            mine.1 &= !bit;
        }
    }

    /// Whoever had files open is dead; what he wrote is there.
    pub fn revive(&mut self) {
        self.life += 1;
        (self.dead, self.dies_at) = (false, None);
        let named: std::collections::HashSet<u64> = self.names.values().copied().collect();
        self.nodes.retain(|node, _| named.contains(node));
        for node in self.nodes.values_mut() {
            (node.locks, node.shm, node.shm_users) = (Locks::default(), Vec::new(), 0);
            node.shm_locks = [0; SHM_LOCKS];
        }
    }

    /// The power is gone, and comes back. `chance` draws a number below its argument.
    pub fn cut(&mut self, chance: &mut dyn FnMut(usize) -> usize) {
        self.revive();
        for (name, content) in std::mem::take(&mut self.removed) {
            if chance(2) == 0 && !self.names.contains_key(&name) {
                self.next += 1;
                self.names.insert(name, self.next);
                self.nodes.insert(self.next, Node { now: content, ..Node::default() });
            }
        }
        let mut places: Vec<u64> = self.names.values().copied().collect();
        places.sort_unstable();
        for place in places {
            let Some(node) = self.nodes.get_mut(&place) else { continue };
            if node.since.is_empty() {
                node.synced = Some(node.now.clone());
                continue;
            }
            let Some(mut left) = node.synced.take().or_else(|| (chance(2) == 0).then(Content::default)) else {
                self.nodes.remove(&place);
                self.names.retain(|_, known| *known != place);
                continue;
            };
            for change in std::mem::take(&mut node.since) {
                match (change, chance(3)) {
                    (_, 0) => {}
                    (Change::Resize(len), _) => left.resize(len),
                    (Change::Write(at, data), 1) => left.write(at, &data),
                    (Change::Write(at, data), _) => {
                        for (part, sector) in data.chunks(SECTOR).enumerate() {
                            if chance(2) == 0 {
                                left.write(at + part * SECTOR, sector);
                            }
                        }
                    }
                }
            }
            node.now = left.clone();
            node.synced = Some(left);
        }
    }

    pub fn image(&self) -> BTreeMap<String, Content> {
        let content = |node: &u64| self.nodes.get(node).map(|node| node.now.clone()).unwrap_or_default();
        self.names.iter().map(|(name, node)| (name.clone(), content(node))).collect()
    }

    pub fn lay(&mut self, image: &BTreeMap<String, Content>) {
        self.names.clear();
        self.nodes.clear();
        self.removed.clear();
        self.revive();
        for (name, content) in image {
            self.next += 1;
            self.names.insert(name.clone(), self.next);
            let node = Node { now: content.clone(), synced: Some(content.clone()), ..Node::default() };
            self.nodes.insert(self.next, node);
        }
    }
}
