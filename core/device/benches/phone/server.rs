//! A phone in a folder of its own, and a server that admits whatever comes.

use outpost_device::act::Act;
use outpost_device::device::Device;
use outpost_device::host::{Clock, Host, Keystore, NoOutside, Randomness};
use outpost_device::report::Fault;
use outpost_device::session::frame::{Answer, Call};
use outpost_device::sync::Transport;
use outpost_model::command::{Ask, ServiceType};
use outpost_model::entry::{Body, Channel};
use outpost_model::header::{Header, Subject};
use outpost_model::id::{CustomerCode, DeviceId, PageId, TenantId, UserId};
use outpost_model::invitation::Invitation;
use outpost_model::time::Millis;
use outpost_model::wire::{
    Content, Cursor, Item, LogRow, SyncReply, SyncRequest, VERSION, Verdict, frame, parse_frame,
};
use outpost_model::wire::{StepVerdict, What};
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;

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

pub fn open(folder: &TempDir) -> Device {
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

pub fn header(n: usize) -> Header {
    Header::new(tenant(), Subject::Order { id: order(n) })
}

pub fn act(n: usize) -> Act {
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
pub struct Yes {
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
            cursor: Cursor { epoch: 1, seq: to as u64, chain: [0; 16], backfill: None, mac: None },
            digests: vec![],
            more: to < self.log.len(),
            offer_all: false,
        }
    }
}

/// The log of a server at which a phone captured so many orders.
pub fn server(orders: usize) -> Yes {
    let folder = tempfile::tempdir().unwrap();
    let mut device = open(&folder);
    let mut server = Yes::default();
    for n in 0..orders {
        device.capture(act(n)).unwrap();
    }
    assert!(device.sync(&mut server).unwrap().is_settled());
    server
}

pub fn held(orders: usize) -> (TempDir, Device) {
    let mut server = server(orders);
    let folder = tempfile::tempdir().unwrap();
    let mut device = open(&folder);
    assert!(device.sync(&mut server).unwrap().is_settled());
    (folder, device)
}
