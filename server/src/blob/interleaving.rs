//! Two phones bring one file, a row names it, a decision erases it, collection and inventory run, time passes, and any
//! of them stops in the middle: step by step in every order that a seed gives.
//!
//! After each step: who was told that the file is here finds it, whole, as long as somebody names it or its lease
//! lasts; a row never names bytes that aren't there. At the end: nothing stands on the shelf that no row names.
//!
//! `OUTPOST_ROUNDS=100000` plays more; `OUTPOST_SEED=7` plays one.

use super::collection::Registered;
use super::ledger::{self, Kept};
use super::ledger::{Upload, UploadId};
use super::proof::Proof;
use super::shelf::{DRAFTS, Piece, Shelf, ShelfFault, Take};
use super::upload::{Bringing, Writing};
use super::{BlobFault, BlobLimits, BlobStore, Found};
use crate::relay::{erase_blob, note_blob};
use crate::store::Store;
use outpost_model::blob::BlobKind;
use outpost_model::id::{DeviceId, Hash, PageId, TenantId};
use outpost_model::time::Millis;
use parking_lot::Mutex;
use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

const LEASE: i64 = 1_000;

/// A shelf in memory, as eager as a bucket: each piece by itself.
#[derive(Default)]
struct Pile(Mutex<BTreeMap<String, Vec<u8>>>);

impl Shelf for Arc<Pile> {
    fn append(&self, draft: &str, at: u64, bytes: &[u8]) -> Result<Piece, ShelfFault> {
        let mut pile = self.0.lock();
        let place = format!("{draft}{at:04}-{}", pile.len());
        pile.insert(place.clone(), bytes.to_vec());
        Ok(Piece { start: at, size: bytes.len() as u64, place })
    }
    fn settle(&self, _: &str, pieces: &[Piece], place: &str, proof: &mut Proof) -> Result<bool, ShelfFault> {
        let mut pile = self.0.lock();
        let whole = match pile.get(place) {
            Some(whole) => whole.clone(),
            None => pieces.iter().flat_map(|piece| pile.get(&piece.place).cloned().unwrap_or_default()).collect(),
        };
        proof.at(&whole);
        if proof.verdict().is_ok() {
            pile.insert(place.to_owned(), whole);
        }
        Ok(proof.verdict().is_ok())
    }
    fn read(&self, place: &str, _: Range<u64>, take: &mut Take<'_>) -> Result<bool, ShelfFault> {
        Ok(self.0.lock().get(place).map(|bytes| take(bytes)).is_some())
    }
    fn remove(&self, place: &str) -> Result<(), ShelfFault> {
        self.0.lock().retain(|one, _| if place.ends_with('/') { !one.starts_with(place) } else { one != place });
        Ok(())
    }
    fn list(&self) -> Result<Vec<(String, u64)>, ShelfFault> {
        let draft = |place: &str| {
            let upload = place.strip_prefix(DRAFTS)?.split('/').next()?;
            Some(format!("{DRAFTS}{upload}/"))
        };
        let pile = self.0.lock();
        Ok(pile.iter().map(|(place, bytes)| (draft(place).unwrap_or(place.clone()), bytes.len() as u64)).collect())
    }
    fn prove(&self) -> Result<(), ShelfFault> {
        Ok(())
    }
}

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % sides as u64) as usize
    }
}

struct World {
    blobs: BlobStore,
    store: Arc<Store>,
    pile: Arc<Pile>,
    tenant: TenantId,
    file: Vec<u8>,
    blob: Hash,
    page: PageId,
    now: Millis,
    dice: Dice,
    named: bool,
    erased: bool,
    /// Somebody was told that it is here, and may count on it until then.
    owed: Option<Millis>,
}

impl World {
    fn tell(&mut self) {
        self.owed = Some(self.now.plus(LEASE));
    }

    fn check(&mut self) {
        if self.erased || (!self.named && self.owed.is_some_and(|until| self.now >= until)) {
            self.owed = None;
        }
        match self.blobs.find(&self.tenant, &self.blob).unwrap() {
            Found::Here(file) => {
                let pile = self.pile.0.lock();
                assert_eq!(pile.get(&file.place), Some(&self.file), "a row names what isn't there");
            }
            Found::Erased => assert!(self.erased),
            Found::NotHere => assert!(self.owed.is_none(), "somebody was told that the file is here"),
        }
    }
}

/// Somebody with several things to do, one at a time; true as long as there is more.
trait Actor {
    fn step(&mut self, world: &mut World) -> bool;
}

/// A phone that brings the file.
struct Phone {
    device: DeviceId,
    tries: u32,
    upload: Option<Upload>,
    writing: Option<Writing>,
    kind: Option<BlobKind>,
}

impl Phone {
    fn go(&mut self, world: &mut World) -> Result<bool, BlobFault> {
        if let (Some(upload), Some(kind)) = (&self.upload, self.kind) {
            world.blobs.enter(&world.tenant, upload, kind, world.now)?;
            world.tell();
            return Ok(false);
        }
        if let Some(writing) = &mut self.writing {
            if writing.at == writing.upload.reached && writing.left() == 0 {
                self.kind = Some(world.blobs.settle(&world.tenant, &writing.upload)?);
                self.upload = Some(writing.upload.clone());
                return Ok(true);
            }
            if writing.at > writing.upload.reached {
                world.blobs.commit(&world.tenant, writing, world.now)?;
                return Ok(true);
            }
            let from = writing.at as usize;
            let to = (from + 1 + world.dice.roll(world.file.len())).min(world.file.len());
            world.blobs.write(writing, &world.file[from..to])?;
            return Ok(true);
        }
        let bringing = Bringing {
            tenant: world.tenant.clone(),
            device: self.device.clone(),
            page: world.page,
            blob: world.blob,
            length: world.file.len() as u64,
        };
        let id = UploadId(std::array::from_fn(|_| world.dice.roll(256) as u8));
        let upload = world.blobs.begin(bringing, id, world.now)?;
        if upload.is_here() {
            world.tell();
            return Ok(false);
        }
        self.writing = Some(Writing::on(upload));
        Ok(true)
    }
}

impl Actor for Phone {
    fn step(&mut self, world: &mut World) -> bool {
        match self.go(world) {
            Ok(more) => more,
            Err(BlobFault::Erased) => {
                assert!(world.erased);
                false
            }
            Err(BlobFault::UploadUnknown | BlobFault::Offset(_) | BlobFault::Mismatch) => {
                (self.upload, self.writing, self.kind) = (None, None, None);
                self.tries += 1;
                self.tries < 4
            }
            Err(fault) => panic!("{fault}"),
        }
    }
}

#[derive(Default)]
struct Collector {
    begun: bool,
    orphans: VecDeque<Hash>,
    emptying: bool,
    trash: VecDeque<String>,
    gone: Option<String>,
}

impl Actor for Collector {
    fn step(&mut self, world: &mut World) -> bool {
        if !self.begun {
            (self.begun, self.orphans) = (true, world.blobs.orphans(&world.tenant, world.now).unwrap().into());
            return true;
        }
        if let Some(blob) = self.orphans.pop_front() {
            world.blobs.collect(&world.tenant, &blob, world.now).unwrap();
            return true;
        }
        if !self.emptying {
            (self.emptying, self.trash) = (true, world.blobs.trash(&world.tenant).unwrap().into());
            return true;
        }
        if let Some(place) = self.gone.take() {
            world.blobs.empty(&world.tenant, &place).unwrap();
            return true;
        }
        let Some(place) = self.trash.pop_front() else { return false };
        world.blobs.shelf.remove(&place).unwrap();
        self.gone = Some(place);
        true
    }
}

#[derive(Default)]
struct Inventory {
    begun: bool,
    places: VecDeque<(String, u64)>,
    looked: bool,
    unseen: VecDeque<(Hash, Kept)>,
}

impl Actor for Inventory {
    fn step(&mut self, world: &mut World) -> bool {
        if !self.begun {
            (self.begun, self.places) = (true, world.pile.list().unwrap().into());
            return true;
        }
        if let Some((place, size)) = self.places.pop_front() {
            let registered = world.blobs.register(&world.tenant, &place, size, world.now).unwrap();
            assert!(!(world.erased && registered == Registered::TakenIn), "an erased file was taken in");
            return true;
        }
        if !self.looked {
            let unseen = world.store.read(|db| ledger::unseen(db, &world.tenant)).unwrap();
            (self.looked, self.unseen) = (true, unseen.into());
            return true;
        }
        let Some((blob, file)) = self.unseen.pop_front() else { return false };
        world.blobs.look_at(&world.tenant, &blob, &file, world.now).unwrap();
        true
    }
}

struct Once(fn(&mut World));

impl Actor for Once {
    fn step(&mut self, world: &mut World) -> bool {
        (self.0)(world);
        false
    }
}

fn name_it(world: &mut World) {
    let (tenant, blob, page) = (world.tenant.clone(), world.blob, world.page);
    world.store.write(move |tx| note_blob(tx, &tenant, &blob, page)).unwrap();
    world.named = true;
}

fn erase_it(world: &mut World) {
    let (tenant, blob, page) = (world.tenant.clone(), world.blob, world.page);
    world.store.write(move |tx| erase_blob(tx, &tenant, &blob, page, 1)).unwrap();
    world.erased = true;
}

/// Time passes; what lasts only so long may end.
fn wait(world: &mut World) {
    world.now = world.now.plus(LEASE / 2 + world.dice.roll(LEASE as usize) as i64);
}

fn expire(world: &mut World) {
    world.blobs.sweep(&world.tenant, world.now).unwrap();
}

fn phone(name: &str) -> Box<dyn Actor> {
    let device = DeviceId::parse(name).unwrap();
    Box::new(Phone { device, tries: 0, upload: None, writing: None, kind: None })
}

fn play(store: &Arc<Store>, seed: u64) {
    let pile = Arc::new(Pile::default());
    let limits = BlobLimits { bytes_a_day: 1 << 30, bytes: 1 << 40, upload_life: 3 * LEASE, orphan_life: LEASE };
    let file = format!("M{seed} 0L9 9").into_bytes();
    let mut world = World {
        blobs: BlobStore::new(store.clone(), Box::new(pile.clone()), limits),
        store: store.clone(),
        pile,
        tenant: TenantId::parse("acme").unwrap(),
        blob: Hash::of(&file),
        page: PageId::derived(&["page", &seed.to_string()]),
        file,
        now: Millis(1_790_000_000_000),
        dice: Dice(seed),
        named: false,
        erased: false,
        owed: None,
    };
    if world.dice.roll(3) == 0 {
        // The database was put back from an old copy: the file is here, its row isn't.
        let name = world.blob.to_string();
        world.pile.0.lock().insert(format!("{}/{}", &name[..2], &name[2..]), world.file.clone());
    }
    let mut actors = vec![phone("d-1"), phone("d-2")];
    for _ in 0..2 {
        actors.push(Box::new(Collector::default()));
        actors.push(Box::new(Inventory::default()));
        actors.push(Box::new(Once(wait)));
    }
    for (odds, once) in [(2, name_it as fn(&mut World)), (4, erase_it), (2, wait), (3, expire)] {
        if world.dice.roll(odds) == 0 {
            actors.push(Box::new(Once(once)));
        }
    }
    while !actors.is_empty() {
        let next = world.dice.roll(actors.len());
        let more = actors[next].step(&mut world);
        world.check();
        // Any of them may die between two steps.
        if !more || world.dice.roll(40) == 0 {
            drop(actors.swap_remove(next));
        }
    }
    settle_down(&mut world);
}

/// Whoever died left a mess: two sweeps and an inventory later nothing is on the shelf that no row names.
fn settle_down(world: &mut World) {
    for _ in 0..2 {
        world.blobs.take_inventory(&world.tenant, world.now).unwrap();
        world.now = world.now.plus(10 * LEASE);
        world.blobs.sweep(&world.tenant, world.now).unwrap();
        world.check();
    }
    let found = world.blobs.find(&world.tenant, &world.blob).unwrap();
    let left: Vec<String> = world.pile.0.lock().keys().cloned().collect();
    let expected: Vec<String> = match found {
        Found::Here(file) => vec![file.place],
        Found::Erased | Found::NotHere => vec![],
    };
    assert_eq!(left, expected, "what stands on the shelf has a row");
    assert!(world.named || expected.is_empty(), "an orphan is collected");
    assert_eq!(world.blobs.trash(&world.tenant).unwrap(), Vec::<String>::new());
}

#[test]
fn collection_never_takes_a_file_that_somebody_counts_on() {
    let memory = std::path::Path::new("/dev/shm");
    let dir = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
    let store = Store::open(dir.path()).unwrap();
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seeds = match number("OUTPOST_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("OUTPOST_ROUNDS").unwrap_or(2_000),
    };
    for seed in seeds {
        let played = std::panic::catch_unwind(AssertUnwindSafe(|| play(&store, seed)));
        assert!(played.is_ok(), "OUTPOST_SEED={seed}");
    }
}
