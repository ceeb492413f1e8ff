//! A phone in its owner's hand: what he logs and asks, and the syncs, each with what the network does to it.

use super::{MINUTE, Network, World, tenant};
use outpost_cli::replay::Phone;
use outpost_device::act::{Act, Captured, Log};
use outpost_device::device::Device;
use outpost_device::error::CaptureError;
use outpost_device::report::SyncReport;
use outpost_device::signing::Glass;
use outpost_device::store::lists::OrderItem;
use outpost_model::command::Ask;
use outpost_model::entry::{Body, Lang};
use outpost_model::fold::flag::FlagKind;
use outpost_model::header::{Header, Subject};
use outpost_model::id::{CommandId, DeviceId, EntryId, PageId, UserId};
use outpost_model::time::Month;
use outpost_server::relay::Device as DeviceRow;
use std::path::PathBuf;
use std::sync::Arc;

pub struct Hand {
    pub network: Network,
    pub user: UserId,
    pub id: DeviceId,
    /// How far its clock is off, in milliseconds.
    pub skew: i64,
    pub phone: Phone,
    folder: PathBuf,
    world: Arc<World>,
}

impl Hand {
    pub fn new(phone: Phone, folder: PathBuf, row: DeviceRow, world: Arc<World>) -> Self {
        let network = Network::new(world.clone());
        Self { network, user: row.user, id: row.device, skew: 0, phone, folder, world }
    }

    /// The device, its clock showing what it would show now.
    pub fn device(&mut self) -> &mut Device {
        self.phone.set_clock(self.world.now().plus(self.skew));
        self.phone.switch_on().unwrap()
    }

    /// The phone's database, while the app is off.
    pub fn database(&mut self) -> rusqlite::Connection {
        self.phone.switch_off();
        rusqlite::Connection::open(self.folder.join("store").join("outpost.db")).unwrap()
    }

    pub fn try_capture(&mut self, act: Act) -> Result<Captured, CaptureError> {
        self.world.pass(MINUTE);
        self.device().capture(act)
    }

    pub fn capture(&mut self, act: Act) -> Captured {
        self.try_capture(act).unwrap_or_else(|fault| panic!("not captured: {fault}"))
    }

    /// Logs these in one change.
    pub fn log(&mut self, header: Header, bodies: impl IntoIterator<Item = Body>) -> Vec<EntryId> {
        self.capture(Act::default().and(header, bodies.into_iter().map(Log::from))).entries
    }

    pub fn ask(&mut self, ask: Ask) -> CommandId {
        self.capture(Act::asking(ask)).command.unwrap()
    }

    /// Captures what the phone's own check would deny, to hear what the relay says of it.
    pub fn trespass(&mut self, act: Act) -> Captured {
        self.world.pass(MINUTE);
        self.device().capture_past_checks(act).unwrap()
    }

    /// What the phone says beforehand to an act that isn't allowed.
    pub fn denied(&mut self, act: Act) -> &'static str {
        match self.try_capture(act) {
            Err(CaptureError::Denied(denial)) => denial.code.name(),
            other => panic!("not denied: {other:?}"),
        }
    }

    /// The customer signs on the glass.
    pub fn sign(&mut self, visit: Header, score: u8) -> Captured {
        let glass = Glass {
            visit,
            name: "设备科长".into(),
            strokes: format!("M0 0L{score} 9").into_bytes(),
            score,
            comment: "满意".into(),
            lang: Lang::Zh,
            typed: None,
            entry: None,
        };
        let act = self.device().signing(glass).unwrap();
        self.capture(act)
    }

    /// A sync, whatever comes of it.
    pub fn try_sync(&mut self) -> SyncReport {
        self.phone.set_clock(self.world.now().plus(self.skew));
        self.phone.switch_on().unwrap().sync(&mut self.network).unwrap()
    }

    /// A sync that settles what can be settled.
    pub fn sync(&mut self) -> SyncReport {
        let before = self.network.seen.len();
        let report = self.try_sync();
        let calls =
            || self.network.seen[before..].iter().map(|seen| (&seen.call.path, seen.status)).collect::<Vec<_>>();
        let is_settled = report.is_settled() && report.disagreeing.is_empty();
        assert!(is_settled, "{}: {report:?} after {:?}", self.id, calls());
        report
    }

    /// The order as this phone's list shows it.
    pub fn sees(&mut self, order: PageId) -> Option<OrderItem> {
        self.device().orders().unwrap().into_iter().find(|item| item.facts.page == order)
    }

    /// The kinds of flags that this phone shows on the order.
    pub fn flags(&mut self, order: PageId) -> Vec<FlagKind> {
        let item = self.sees(order).expect("the phone holds the order");
        item.facts.flags.iter().map(|flag| flag.kind).collect()
    }

    pub fn was_refused_nothing(&mut self) {
        let held = self.device().quarantine().unwrap();
        assert!(held.is_empty(), "{}: {held:?}", self.id);
    }

    /// Codes of what is in quarantine, in capture order.
    pub fn refused(&mut self) -> Vec<String> {
        self.device().quarantine().unwrap().into_iter().map(|held| held.reason.code).collect()
    }

    /// The page of his own time in a month.
    pub fn month(&self, month: &str) -> Header {
        let person = self.user.clone();
        Header::new(tenant(), Subject::Attendance { person, month: Month::parse(month).unwrap() })
    }
}
