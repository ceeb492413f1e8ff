//! A company at one moment: headquarters, its phones, what is on its way between them, and the ledger.

use crate::cast;
use crate::dice::Dice;
use crate::headquarters::Headquarters;
use crate::ledger::Ledger;
use crate::log_book::LogBook;
use crate::phone::{Phone, Rested};
use outpost_device::session::frame::Call;
use outpost_disk::Image;
use outpost_model::header::Header;
use outpost_model::id::PageId;
use outpost_model::wire::SyncRequest;
use std::collections::BTreeMap;
use std::sync::OnceLock;
use tempfile::TempDir;

pub struct World {
    pub hq: Headquarters,
    pub phones: Vec<Phone>,
    pub ledger: Ledger,
    /// Requests whose phones have given up on them.
    pub late: Vec<Call>,
    /// Every push that went over the wire: a thief may have heard it.
    pub overheard: Vec<SyncRequest>,
    /// The acts that a phone's backup holds, by number of acts in the ledger.
    pub backups: Vec<usize>,
    pub policy: u32,
    /// How phones were enrolled when the relay's folder was copied.
    copied: Vec<(u32, u32, bool)>,
    /// The relay was put back once.
    pub put_back: bool,
    _folder: TempDir,
}

/// A company whose phones have heard of the first calls of the day: what most histories begin with.
struct Settled {
    hq: Image,
    phones: Vec<Rested>,
    orders: Vec<PageId>,
    headers: BTreeMap<PageId, Header>,
}

impl World {
    /// Everybody's phone has just been unpacked.
    pub fn new() -> Self {
        Self::with((0..cast::PHONES.len() - 1).collect())
    }

    /// Everybody has his phone in use, and so many of them are there today.
    pub fn settled(count: usize, dice: &mut Dice) -> Self {
        static SETTLED: OnceLock<Settled> = OnceLock::new();
        let settled = SETTLED.get_or_init(|| {
            let mut world = Self::new();
            world.morning(&mut Dice::new(0));
            world.hq.mend();
            Settled {
                hq: world.hq.disk.image(),
                phones: world.phones.iter_mut().map(Phone::rest).collect(),
                orders: world.ledger.orders,
                headers: world.ledger.headers,
            }
        });
        let mut places: Vec<usize> = (0..settled.phones.len()).collect();
        while places.len() > count.max(1) {
            places.remove(dice.below(places.len()));
        }
        let mut world = Self::with(places);
        world.hq.disk.lay(&settled.hq);
        world.ledger.orders.clone_from(&settled.orders);
        world.ledger.headers.clone_from(&settled.headers);
        for phone in &mut world.phones {
            phone.wake(&settled.phones[phone.place]);
        }
        world
    }

    fn with(places: Vec<usize>) -> Self {
        let folder = cast::folder();
        let hq = Headquarters::begin(folder.path().join("hq"));
        let phones: Vec<Phone> = places
            .into_iter()
            .map(|place| Phone::new(folder.path().join(cast::PHONES[place].0), place, hq.clock.clone()))
            .collect();
        let backups = vec![0; phones.len()];
        Self {
            hq,
            phones,
            ledger: Ledger::default(),
            late: Vec::new(),
            overheard: Vec::new(),
            backups,
            policy: 1,
            copied: Vec::new(),
            put_back: false,
            _folder: folder,
        }
    }

    pub fn crash_phone(&mut self, phone: usize) {
        self.phones[phone].crash();
        self.ledger.tally.count("crashes", 1);
    }

    pub fn crash_relay(&mut self) {
        self.hq.crash();
        self.ledger.tally.count("crashes", 1);
    }

    pub fn back_up_relay(&mut self) {
        self.hq.back_up();
        self.copied = self.enrolments();
    }

    fn enrolments(&self) -> Vec<(u32, u32, bool)> {
        self.phones.iter().map(|phone| (phone.enrolled, phone.installed, phone.revoked)).collect()
    }

    /// The relay's machine is lost, and begins again from the copy: what was acknowledged since isn't there before the
    /// phones bring it. Phones that were enrolled or revoked since are enrolled or revoked again.
    pub fn restore_relay(&mut self, dice: &mut Dice) {
        let Some(end) = self.hq.restore() else { return };
        self.ledger.tally.count("relays put back", 1);
        self.put_back = true;
        self.ledger.acknowledged.retain(|seq, _| *seq <= end);
        let book = LogBook::read(&self.hq.relay());
        self.ledger.decided.retain(|command| book.commands.contains_key(command));
        for (phone, then) in std::mem::take(&mut self.copied).into_iter().enumerate() {
            let row = self.hq.relay().device(&cast::device(self.phones[phone].name)).expect("a phone's row");
            let has_key = row.is_some_and(|row| row.public_key.is_some());
            if self.phones[phone].revoked && then != self.enrolments()[phone] {
                self.revoke(phone, dice);
            } else if !(self.phones[phone].revoked || has_key && then == self.enrolments()[phone]) {
                self.enrol_anew(phone, dice);
            }
        }
        self.copied = self.enrolments();
        self.hq.back_up();
    }

    pub fn know(&mut self, header: &Header) {
        self.ledger.headers.entry(header.page()).or_insert_with(|| header.clone());
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}
