//! A company at one moment: headquarters, its phones, what is on its way between them, and the ledger.

use crate::cast;
use crate::headquarters::Headquarters;
use crate::ledger::Ledger;
use crate::phone::Phone;
use outpost_device::session::frame::Call;
use outpost_model::header::Header;
use outpost_model::wire::SyncRequest;
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
    _folder: TempDir,
}

impl World {
    pub fn new() -> Self {
        let folder = cast::folder();
        let hq = Headquarters::begin(folder.path().join("hq"));
        let phones: Vec<Phone> = (0..cast::PHONES.len() - 1)
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

    pub fn know(&mut self, header: &Header) {
        self.ledger.headers.entry(header.page()).or_insert_with(|| header.clone());
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}
