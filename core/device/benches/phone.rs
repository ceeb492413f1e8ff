//! What a phone's work costs, beside the bounds it is measured against: a durable commit of the same disk in the same
//! run, and reading the same rows without doing anything with them.

use divan::Bencher;
use outpost_device::act::Act;
use outpost_device::device::Device;
use outpost_device::host::{Clock, Host, Keystore, NoOutside, Randomness};
use outpost_device::invitation::Invitation;
use outpost_device::report::Fault;
use outpost_device::session::frame::{Answer, Call};
use outpost_device::sync::Transport;
use outpost_model::command::{Ask, ServiceType};
use outpost_model::entry::{Body, Channel};
use outpost_model::header::{Header, Subject};
use outpost_model::id::{CustomerCode, DeviceId, PageId, TenantId, UserId};
use outpost_model::time::Millis;
use outpost_model::wire::{
    Content, Cursor, Item, LogRow, SyncReply, SyncRequest, VERSION, Verdict, frame, parse_frame,
};
use outpost_model::wire::{StepVerdict, What};
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;

fn main() {
    divan::main();
}

struct Still;

impl Clock for Still {
    fn now(&self) -> Millis {
        Millis(1_790_000_000_000)
    }
    fn zone_minutes(&self) -> i16 {
        480
    }
}

struct Counting;

static COUNT: AtomicU64 = AtomicU64::new(1);

impl Randomness for Counting {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.fill(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let from = bytes.len().saturating_sub(8);
        let (part, end) = (bytes.len() - from, n.len());
        bytes[from..].copy_from_slice(&n[end - part..]);
    }
}

struct NoKey;

impl Keystore for NoKey {
    fn public_key(&mut self) -> std::io::Result<[u8; 32]> {
        Ok([0; 32])
    }
    fn sign(&mut self, _: &[u8]) -> std::io::Result<[u8; 64]> {
        Ok([0; 64])
    }
}

fn tenant() -> TenantId {
    TenantId::parse("acme").unwrap()
}

fn open(folder: &TempDir) -> Device {
    let host = Host {
        clock: Box::new(Still),
        randomness: Box::new(Counting),
        keystore: Box::new(NoKey),
        outside: Box::new(NoOutside),
        app: "bench".into(),
    };
    let mut device = Device::open(folder.path(), host).unwrap();
    let invitation = Invitation {
        server: "http://127.0.0.1:1".into(),
        tenant: tenant(),
        user: UserId::parse("u-e1").unwrap(),
        device: DeviceId::parse("d-e1").unwrap(),
        code: "CODE".into(),
    };
    device.accept(&invitation).unwrap();
    device
}

fn order(n: usize) -> PageId {
    PageId::derived(&["order", &n.to_string()])
}

fn header(n: usize) -> Header {
    Header::new(tenant(), Subject::Order { id: order(n) })
}

fn act(n: usize) -> Act {
    let open = Ask::Open {
        order: order(n),
        number: format!("WO-{n:05}"),
        customer: CustomerCode::parse("c-1").unwrap(),
        asset: None,
        service_type: ServiceType::C,
    };
    let register = Body::Register { channel: Channel::Phone, fault_code: "F-7".into(), fault: "开机跳闸".into() };
    let set = |field: &str| Body::Set { field: field.into(), value: "王工 0531-80000001".into() };
    Act::asking(open).and(header(n), [register.into(), set("caller").into(), set("phone").into()])
}

/// Admits whatever comes, and gives everything to whoever has nothing.
#[derive(Default)]
struct Yes {
    log: Vec<Item>,
}

impl Transport for Yes {
    fn call(&mut self, call: &Call) -> Result<Answer, Fault> {
        let body = match call.path.as_str() {
            "/v1/token/nonce" => br#"{"nonce":"n"}"#.to_vec(),
            "/v1/token" => br#"{"token":"t"}"#.to_vec(),
            "/v1/sync" => {
                let zstd = call.headers.iter().any(|(name, _)| *name == "content-encoding");
                let plain = if zstd { zstd::bulk::decompress(&call.body, 1 << 20).unwrap() } else { call.body.clone() };
                frame(&self.sync(parse_frame(&plain).unwrap()))
            }
            _ => b"{}".to_vec(),
        };
        Ok(Answer { status: 200, encoding: String::new(), body })
    }
}

impl Yes {
    fn sync(&mut self, request: SyncRequest) -> SyncReply {
        let (device, user) = (DeviceId::parse("d-e1").unwrap(), UserId::parse("u-e1").unwrap());
        let from = request.cursor.as_ref().map_or(0, |cursor| cursor.seq as usize);
        let mut verdicts = Vec::new();
        for step in &request.steps {
            let seq = self.log.len() as u64 + 1;
            let admitted = Some(outpost_model::envelope::Admitted { seq, received: Millis(1_790_000_000_000) });
            let envelope = outpost_model::envelope::Envelope {
                device: device.clone(),
                user: user.clone(),
                contact: None,
                floor: None,
                admitted,
            };
            let (page, content) = match &step.what {
                What::Change(place, raw) => {
                    let header = Header::parse(&request.pages[*place as usize]).unwrap();
                    (header.page(), Content::Change(raw.clone()))
                }
                What::Command(text) => {
                    let command = outpost_model::command::Command::parse(text).unwrap();
                    let page = command.ask.order().unwrap();
                    let header = Header::new(tenant(), Subject::Order { id: page });
                    self.log.push(Item::Granted("user:u-e1".into(), page, header.canonical()));
                    (page, Content::Decision(text.clone(), r#"{"policy":1}"#.into()))
                }
            };
            self.log.push(Item::Row(LogRow { page, envelope: envelope.clone(), content, mac: [0; 16] }));
            verdicts.push(StepVerdict { no: step.no, verdict: Verdict::Admitted(envelope) });
        }
        let to = self.log.len().min(from + 2_000);
        SyncReply {
            version: VERSION,
            server: Millis(1_790_000_000_000),
            contact: 1,
            verdicts,
            items: self.log[from..to].to_vec(),
            cursor: Cursor { epoch: 1, seq: to as u64, chain: [0; 16], backfill: None },
            digests: vec![],
            more: to < self.log.len(),
            offer_all: false,
        }
    }
}

/// The log of a server at which a phone captured so many orders.
fn server(orders: usize) -> Yes {
    let folder = tempfile::tempdir().unwrap();
    let mut device = open(&folder);
    let mut server = Yes::default();
    for n in 0..orders {
        device.capture(act(n)).unwrap();
    }
    assert!(device.sync(&mut server).unwrap().is_settled());
    server
}

/// The bound of every capture: one small row, durable.
#[divan::bench]
fn bare_durable_insert(bencher: Bencher) {
    let folder = tempfile::tempdir().unwrap();
    let db = rusqlite::Connection::open(folder.path().join("bare.db")).unwrap();
    db.pragma_update(None, "journal_mode", "wal").unwrap();
    db.pragma_update(None, "synchronous", "full").unwrap();
    db.execute_batch("create table row (no integer primary key, content blob)").unwrap();
    bencher.bench_local(|| db.execute("insert into row (content) values (zeroblob(300))", []).unwrap());
}

/// One entry on a page that is open.
#[divan::bench]
fn capture_on_an_open_page(bencher: Bencher) {
    let folder = tempfile::tempdir().unwrap();
    let mut device = open(&folder);
    device.capture(act(0)).unwrap();
    let mut n = 0;
    bencher.bench_local(|| {
        n += 1;
        // A page of a few dozen entries, as orders are.
        let page = header(n / 40);
        device.capture(Act::logging(page, Body::FollowUp { note: "回访：运转正常".into() })).unwrap()
    });
}

/// A call registered on site: command, register line and two fields.
#[divan::bench]
fn capture_of_a_new_order(bencher: Bencher) {
    let folder = tempfile::tempdir().unwrap();
    let mut device = open(&folder);
    let mut n = 0;
    bencher.bench_local(|| {
        n += 1;
        device.capture(act(n)).unwrap()
    });
}

/// A new phone reads a thousand orders, and folds each.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn cold_start_of_1000_pages(bencher: Bencher) {
    let mut server = server(1_000);
    bencher.bench_local(|| {
        let folder = tempfile::tempdir().unwrap();
        let mut device = open(&folder);
        assert!(device.sync(&mut server).unwrap().is_settled());
        assert_eq!(device.orders().unwrap().len(), 1_000);
    });
}

/// The bound of a list: the same rows, read and left alone.
#[divan::bench(args = [1_000])]
fn bare_read_of_list_rows(bencher: Bencher, orders: usize) {
    let (folder, device) = held(orders);
    drop(device);
    let db = rusqlite::Connection::open(folder.path().join("outpost.db")).unwrap();
    bencher.bench_local(|| {
        let mut query = db.prepare_cached("select facts from order_row").unwrap();
        query.query_map([], |row| row.get::<_, String>(0)).unwrap().map(|text| text.unwrap().len()).sum::<usize>()
    });
}

#[divan::bench(args = [1_000])]
fn list_of_orders(bencher: Bencher, orders: usize) {
    let (_folder, device) = held(orders);
    bencher.bench_local(|| device.orders().unwrap().len());
    assert!(device.page_parses() <= orders as u64);
}

fn held(orders: usize) -> (TempDir, Device) {
    let mut server = server(orders);
    let folder = tempfile::tempdir().unwrap();
    let mut device = open(&folder);
    assert!(device.sync(&mut server).unwrap().is_settled());
    (folder, device)
}

/// An idle sync but for the network, by the number of pages held.
#[divan::bench(args = [10, 1_000])]
fn idle_sync(bencher: Bencher, orders: usize) {
    let mut server = server(orders);
    let folder = tempfile::tempdir().unwrap();
    let mut device = open(&folder);
    device.sync(&mut server).unwrap();
    bencher.bench_local(|| device.sync(&mut server).unwrap().tally.requests);
}
