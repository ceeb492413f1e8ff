//! Photos: in pieces, after everything else, on from where the server stands whatever breaks; put off, erased, let go of
//! and fetched again. The server's half of tus is made here, byte by byte.

use crate::capture::open_order;
use crate::relay::Relay;
use crate::rig::{Rig, START, visit};
use outpost_device::act::Act;
use outpost_device::device::Device;
use outpost_device::report::{Fault, Outcome};
use outpost_device::session::frame::{Answer, Call, Method};
use outpost_device::session::{Effect, Event, Session};
use outpost_device::store::blobs::{BlobItem, BlobState};
use outpost_device::sync::Transport;
use outpost_model::command::Ask;
use outpost_model::entry::Body;
use outpost_model::id::Hash;
use outpost_model::problem::Code;
use outpost_model::time::Millis;

/// What befalls a call to the uploads.
#[derive(Clone, Copy)]
enum Trouble {
    /// It never arrives.
    Lost,
    /// So many bytes of it arrive, and no answer.
    Cut(usize),
    /// So many bytes of it are taken, with a yes.
    Part(usize),
    Problem(Code, u64),
}

struct Server {
    relay: Relay,
    taken: Vec<u8>,
    length: usize,
    /// For each call to the uploads, counted from one, what befalls it.
    trouble: Box<dyn Fn(usize) -> Option<Trouble>>,
    calls: usize,
    bytes: usize,
    seen: Vec<String>,
}

impl Server {
    fn new() -> Self {
        let mut relay = Relay::new(START);
        relay.decides(open_order("WO-1").ask.unwrap(), "u-lead");
        Self { relay, taken: vec![], length: 0, trouble: Box::new(|_| None), calls: 0, bytes: 0, seen: vec![] }
    }

    fn uploads(&mut self, call: &Call) -> Result<Answer, Fault> {
        let header = |name: &str| {
            let found = call.headers.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        assert_eq!(header("tus-resumable"), "1.0.0");
        self.calls += 1;
        let problem = |code: Code, wait: u64| {
            let body = serde_json::json!({ "status": code.status(), "code": code.name(), "retry_after_s": wait });
            Ok(Answer { status: code.status(), encoding: String::new(), body: body.to_string().into_bytes() })
        };
        let mut taken = call.body.len();
        let mut answered = true;
        match (self.trouble)(self.calls) {
            Some(Trouble::Lost) => return Err(Fault::Unreachable("the tunnel".into())),
            Some(Trouble::Cut(bytes)) => (taken, answered) = (bytes.min(taken), false),
            Some(Trouble::Part(bytes)) => taken = bytes.min(taken),
            Some(Trouble::Problem(code, wait)) => return problem(code, wait),
            None => {}
        }
        let body = match call.method {
            Method::Post => {
                self.length = header("upload-length").parse().unwrap();
                assert!(header("upload-metadata").contains("sha256 "), "{call:?}");
                format!(r#"{{"upload":"u1","offset":{},"length":{}}}"#, self.taken.len(), self.length)
            }
            Method::Patch => {
                assert_eq!(call.path, "/v1/uploads/u1");
                if header("upload-offset") != self.taken.len().to_string() {
                    return problem(Code::UploadOffset, 0);
                }
                self.bytes += taken;
                self.taken.extend_from_slice(&call.body[..taken]);
                assert!(self.taken.len() <= self.length);
                String::new()
            }
            Method::Get | Method::Put => panic!("{call:?}"),
        };
        let answer = Answer { status: 200, encoding: String::new(), body: body.into_bytes() };
        if answered { Ok(answer) } else { Err(Fault::Broken("the tunnel".into())) }
    }
}

impl Transport for Server {
    fn call(&mut self, call: &Call) -> Result<Answer, Fault> {
        self.seen.push(format!("{:?} {}", call.method, call.path.split('?').next().unwrap_or_default()));
        if call.path.starts_with("/v1/uploads") {
            return self.uploads(call);
        }
        if call.method == Method::Get && call.path.starts_with("/v1/blobs/") {
            return Ok(Answer { status: 200, encoding: String::new(), body: self.taken.clone() });
        }
        self.relay.call(call)
    }
}

fn photo() -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xe0];
    bytes.extend((0..700_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 11) as u8));
    bytes
}

fn log(device: &mut Device, photo: &[u8]) {
    let body = Body::Photo { blob: Hash::of(photo), caption: "铭牌".into() };
    device.capture(Act::logging(visit("WO-1"), body).with_blob(photo.to_vec())).unwrap();
}

fn state(device: &Device) -> BlobItem {
    device.sync_state().unwrap().files.into_iter().find(|file| file.size > 1_000).unwrap()
}

#[test]
fn a_photo_goes_in_pieces_after_everything_else() {
    let (rig, mut server) = (Rig::engineer(), Server::new());
    let mut device = rig.open();
    log(&mut device, &photo());
    device.sign(crate::quarantine::glass("WO-1")).unwrap();
    let report = device.sync(&mut server).unwrap();
    assert!(report.is_settled(), "{report:?}");
    assert_eq!((report.tally.files, state(&device).state), (2, BlobState::Stored));
    assert!(server.taken == photo());
    let from = server.seen.iter().rposition(|call| call == "Post /v1/sync").unwrap();
    let strokes = format!("Put /v1/blobs/{}", Hash::of(b"M0 0L9 9"));
    let after: Vec<&str> = server.seen[from + 1..].iter().map(String::as_str).collect();
    let [begin, piece] = ["Post /v1/uploads", "Patch /v1/uploads/u1"];
    assert!(after[0].starts_with("Get /v1/visits/"), "the signature's proof is small: {after:?}");
    assert_eq!(after[1..], [strokes.as_str(), begin, piece, piece, piece, begin]);
}

#[test]
fn how_far_a_photo_got_can_be_seen_while_it_goes() {
    let (rig, mut server) = (Rig::engineer(), Server::new());
    let mut device = rig.open();
    log(&mut device, &photo());
    let mut session = Session::new();
    let mut effect = session.on(&mut device, Event::Begin).unwrap();
    let mut reached = Vec::new();
    while let Effect::Call(call) = effect {
        if let Some(going) = session.uploading() {
            assert_eq!((going.file, going.size), (Hash::of(&photo()), photo().len() as u64));
            reached.push(going.reached);
        }
        effect = session.on(&mut device, Event::Answer(server.call(&call).unwrap())).unwrap();
    }
    let piece = 256 * 1024;
    assert_eq!(reached, [0, 0, piece, 2 * piece, photo().len() as u64]);
    assert_eq!(session.uploading(), None);
}

#[test]
fn a_photo_that_breaks_off_anywhere_goes_on_where_the_server_stands() {
    for at in 1..=5 {
        for trouble in [Trouble::Lost, Trouble::Cut(0), Trouble::Cut(100_001), Trouble::Cut(usize::MAX)] {
            let (rig, mut server) = (Rig::engineer(), Server::new());
            let mut device = rig.open();
            log(&mut device, &photo());
            server.trouble = Box::new(move |call| (call == at).then_some(trouble));
            let report = device.sync(&mut server).unwrap();
            assert!(matches!(report.outcome, Outcome::NoAnswer(_)), "{report:?}");
            assert_ne!(state(&device).state, BlobState::Stored);
            // Killed, and opened again.
            std::mem::forget(device);
            let mut device = rig.open();
            assert!(device.sync(&mut server).unwrap().is_settled());
            assert_eq!(state(&device).state, BlobState::Stored);
            assert!(server.taken == photo());
            assert_eq!(server.bytes, photo().len(), "nothing is sent twice that was taken");
        }
    }
}

#[test]
fn a_yes_to_less_than_was_sent_is_found_out() {
    for at in 2..=4 {
        let (rig, mut server) = (Rig::engineer(), Server::new());
        let mut device = rig.open();
        log(&mut device, &photo());
        server.trouble = Box::new(move |call| (call == at).then_some(Trouble::Part(70_000)));
        assert!(device.sync(&mut server).unwrap().is_settled());
        assert_eq!(state(&device).state, BlobState::Stored);
        assert!(server.taken == photo());
    }
}

#[test]
fn a_server_that_takes_nothing_ends_the_try_and_not_the_photo() {
    let (rig, mut server) = (Rig::engineer(), Server::new());
    let mut device = rig.open();
    log(&mut device, &photo());
    server.trouble = Box::new(|_| Some(Trouble::Part(0)));
    assert!(device.sync(&mut server).unwrap().is_settled());
    assert_eq!(state(&device).state, BlobState::Deferred);
    server.trouble = Box::new(|_| None);
    rig.watch.pass(Millis::minutes(10));
    device.sync(&mut server).unwrap();
    assert!(server.taken == photo());
}

#[test]
fn text_captured_between_two_pieces_goes_first() {
    let (rig, mut server) = (Rig::engineer(), Server::new());
    let mut device = rig.open();
    log(&mut device, &photo());
    let mut session = Session::new();
    let mut effect = session.on(&mut device, Event::Begin).unwrap();
    let mut captured = false;
    while let Effect::Call(call) = effect {
        if call.method == Method::Patch && !captured {
            captured = true;
            device.capture(Act::logging(visit("WO-1"), Body::Arrive { place: None })).unwrap();
        }
        effect = session.on(&mut device, Event::Answer(server.call(&call).unwrap())).unwrap();
    }
    let piece = server.seen.iter().position(|call| call.starts_with("Patch")).unwrap();
    assert_eq!(server.seen[piece + 1], "Post /v1/sync", "{:?}", server.seen);
    assert!(server.seen[piece + 2].starts_with("Patch"), "{:?}", server.seen);
    assert_eq!((device.sync_state().unwrap().kept, state(&device).state), (0, BlobState::Stored));
}

#[test]
fn what_the_server_puts_off_waits_and_goes_again() {
    for code in [Code::BlobQuota, Code::StorageFull, Code::ServerBusy] {
        let (rig, mut server) = (Rig::engineer(), Server::new());
        let mut device = rig.open();
        log(&mut device, &photo());
        server.trouble = Box::new(move |call| (call == 1).then_some(Trouble::Problem(code, 3_600)));
        assert!(device.sync(&mut server).unwrap().is_settled());
        let waits = state(&device);
        assert_eq!((waits.state, waits.code.as_deref()), (BlobState::Deferred, Some(code.name())));
        device.sync(&mut server).unwrap();
        assert_eq!(server.calls, 1, "not before its time");
        rig.watch.pass(2 * Millis::hours(1) + 1);
        device.sync(&mut server).unwrap();
        assert_eq!(state(&device).state, BlobState::Stored, "{code:?}");
    }
}

#[test]
fn what_is_never_taken_is_kept_and_said() {
    let (rig, mut server) = (Rig::engineer(), Server::new());
    let mut device = rig.open();
    log(&mut device, &photo());
    server.trouble = Box::new(|_| Some(Trouble::Problem(Code::BlobKind, 0)));
    device.sync(&mut server).unwrap();
    let refused = state(&device);
    assert_eq!((refused.state, refused.code.as_deref()), (BlobState::Refused, Some("blob_kind")));
    assert!(device.file(&Hash::of(&photo())).unwrap().is_some());
    device.sync(&mut server).unwrap();
    assert_eq!(server.calls, 1);
}

#[test]
fn an_erased_photo_goes_from_the_phone_when_the_decision_comes_down() {
    let (rig, mut server) = (Rig::engineer(), Server::new());
    let mut device = rig.open();
    let blob = Hash::of(&photo());
    log(&mut device, &photo());
    device.sync(&mut server).unwrap();
    assert!(device.file(&blob).unwrap().is_some());
    let page = visit("WO-1").page();
    let detail = device.order(crate::rig::order_id("WO-1")).unwrap().unwrap();
    let target = detail.events.iter().find(|event| event.entry.body.blob() == Some(blob)).unwrap().id;
    server.relay.decides(Ask::EraseBlob { page, target, blob, reason: "证件".into() }, "u-hq");
    device.sync(&mut server).unwrap();
    assert_eq!((device.file(&blob).unwrap(), state(&device).state), (None, BlobState::Erased));
    // Captured once more, it stays erased; the entry is still there.
    log(&mut device, &photo());
    assert_eq!(device.file(&blob).unwrap(), None);
}

#[test]
fn a_photo_that_was_erased_before_it_arrived_goes_too() {
    let (rig, mut server) = (Rig::engineer(), Server::new());
    let mut device = rig.open();
    log(&mut device, &photo());
    server.trouble = Box::new(|_| Some(Trouble::Problem(Code::BlobErased, 0)));
    assert!(device.sync(&mut server).unwrap().is_settled());
    assert_eq!((device.file(&Hash::of(&photo())).unwrap(), state(&device).state), (None, BlobState::Erased));
}

#[test]
fn photos_at_the_server_make_room_and_are_fetched_again() {
    let (rig, mut server) = (Rig::engineer(), Server::new());
    let mut device = rig.open();
    let blob = Hash::of(&photo());
    log(&mut device, &photo());
    assert_eq!(device.free_files().unwrap(), 0, "what isn't at the server stays");
    device.sync(&mut server).unwrap();
    assert_eq!(device.free_files().unwrap(), photo().len() as u64);
    assert_eq!((device.file(&blob).unwrap(), state(&device).state), (None, BlobState::LetGo));
    assert_eq!(state(&device).size, photo().len() as u64);

    let fetch = |device: &mut Device, server: &mut Server| {
        let mut session = Session::fetching(blob);
        let mut effect = session.on(device, Event::Begin).unwrap();
        loop {
            match effect {
                Effect::Call(call) => effect = session.on(device, Event::Answer(server.call(&call).unwrap())).unwrap(),
                Effect::Done(report) => return report.outcome,
            }
        }
    };
    let whole = std::mem::replace(&mut server.taken, b"something else".to_vec());
    assert!(matches!(fetch(&mut device, &mut server), Outcome::NotUnderstood(_)));
    assert_eq!(device.file(&blob).unwrap(), None);
    server.taken = whole;
    assert_eq!(fetch(&mut device, &mut server), Outcome::Settled);
    assert!(device.file(&blob).unwrap().is_some_and(|bytes| bytes == photo()));
}
