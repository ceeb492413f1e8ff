//! Headquarters: the real relay over its real store on a disk in memory, killed and started again whenever a history
//! says so, in the middle of a write too, and put back from copies; and the routes that phones call. Enrolment and nonces are the product's; a token is a plain word that says whose it is and
//! until when, and whether the device still counts is asked at each use, as the HTTP face does.

use crate::cast::{self, ROW_KEY, tenant};
use crate::dice::Dice;
use crate::log_book::LogBook;
use crate::reference::Reference;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use outpost_device::session::frame::{Answer, Call};
use outpost_disk::{Disk, Image};
use outpost_model::id::DeviceId;
use outpost_model::problem::Code;
use outpost_model::time::Millis;
use outpost_model::wire::{
    BringBack, BroughtBack, Drill, MAX_REQUEST, SealedHandIn, StepVerdict, SyncReply, SyncRequest, Verdict, frame,
    parse_frame,
};
use outpost_server::auth::{AuthFault, enrolment, nonce, token};
use outpost_server::clock::{Clock, VirtualClock};
use outpost_server::relay::{Denied, Relay, Source, begin_epoch};
use outpost_server::store::Store;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

const NONCE_LIFE: i64 = Millis::minutes(5);
const TOKEN_LIFE: i64 = Millis::minutes(15);

pub struct Headquarters {
    folder: PathBuf,
    /// The right time; the relay's own clock may be off.
    pub clock: Arc<VirtualClock>,
    skew: Arc<AtomicI64>,
    pub disk: Disk,
    relay: Option<Arc<Relay>>,
    nonces: u64,
    copy: Option<Image>,
    pub reference: Reference,
}

/// A clock that may be off, and set back.
struct ServerWatch {
    time: Arc<VirtualClock>,
    skew: Arc<AtomicI64>,
}

impl Clock for ServerWatch {
    fn now(&self) -> Millis {
        self.time.now().plus(self.skew.load(Ordering::SeqCst))
    }
}

/// How the relay is disposed towards a push.
pub type Shed<'a> = &'a mut dyn FnMut() -> bool;

impl Headquarters {
    pub fn begin(folder: PathBuf) -> Self {
        let disk = Disk::mount(&folder);
        disk.lay(cast::founded());
        let clock = Arc::new(VirtualClock::at(cast::START));
        Self {
            folder,
            clock,
            skew: Arc::default(),
            disk,
            relay: None,
            nonces: 0,
            copy: None,
            reference: Reference::default(),
        }
    }

    pub fn set_skew(&self, skew: i64) {
        self.skew.store(skew, Ordering::SeqCst);
    }

    fn watch(&self) -> ServerWatch {
        ServerWatch { time: self.clock.clone(), skew: self.skew.clone() }
    }

    /// The relay, started if it isn't running. Where its disk won't let it start, whoever looks after it sees to that.
    pub fn relay(&mut self) -> Arc<Relay> {
        for _ in 0..2 {
            if let Some(relay) = &self.relay {
                return relay.clone();
            }
            let store = Store::open(&self.folder);
            match store.and_then(|store| Relay::open(store, Arc::new(self.watch()), ROW_KEY)) {
                Ok(relay) => self.relay = Some(relay),
                Err(_) if self.has_died() || self.is_full() => self.mend(),
                Err(fault) => panic!("the relay doesn't start again: {fault}"),
            }
        }
        panic!("the relay doesn't start on a good disk")
    }

    /// The process dies, now and then with the whole machine, which forgets what wasn't synced; the next request finds
    /// another process.
    pub fn crash(&mut self) {
        self.relay = None;
        let steps = self.disk.steps();
        if steps.is_multiple_of(3) {
            let mut dice = Dice::new(steps);
            self.disk.cut_power(|end| dice.below(end));
        } else {
            self.disk.revive();
        }
    }

    /// Whether the process died inside its last write.
    pub fn has_died(&self) -> bool {
        self.disk.is_dead()
    }

    pub fn is_full(&self) -> bool {
        self.disk.is_full()
    }

    /// The disk has room, and the process starts on it.
    pub fn mend(&mut self) {
        self.disk.free();
        self.crash();
    }

    /// A copy of the folder is taken.
    pub fn back_up(&mut self) {
        self.copy = Some(self.disk.image());
    }

    /// The copy is put in the folder's place, as it is done when a machine was lost; the length of its log.
    pub fn restore(&mut self) -> Option<u64> {
        let copy = self.copy.clone()?;
        self.relay = None;
        self.disk.free();
        self.disk.lay(&copy);
        let relay = self.relay();
        begin_epoch(relay.store()).expect("an epoch begins");
        self.reference.forget();
        self.relay = None;
        self.relay().facts(|facts| Ok(facts.end.0)).ok()
    }

    /// What the relay's clock says.
    pub fn now(&self) -> Millis {
        self.watch().now()
    }

    /// One call, to its answer; none where the process died over it. `shed` says of each step of a push whether it is
    /// put off.
    pub fn answer(&mut self, call: &Call, shed: Shed<'_>) -> Option<Answer> {
        let answer = match self.routed(call, shed) {
            Ok(answer) => answer,
            Err(_) if self.has_died() => {
                self.crash();
                return None;
            }
            Err(denied) => problem(&denied),
        };
        Some(answer)
    }

    fn routed(&mut self, call: &Call, shed: Shed<'_>) -> Result<Answer, Denied> {
        match call.path.as_str() {
            "/v1/enrol" => self.enrol(&read(&call.body)?),
            "/v1/token/nonce" => self.nonce(&read(&call.body)?),
            "/v1/token" => self.token(&read(&call.body)?),
            "/v1/sync" => {
                let device = self.caller(call)?;
                let request = parse_frame(&unpacked(call)?).map_err(malformed)?;
                Ok(cbor(frame(&self.sync(&device, request, shed)?)))
            }
            "/v1/drill" => {
                let device = self.caller(call)?;
                let drill: Drill = parse_frame(&unpacked(call)?).map_err(malformed)?;
                Ok(cbor(frame(&self.relay().drill(&device, drill)?)))
            }
            "/v1/bring-back" => {
                let device = self.caller(call)?;
                let brought: BringBack = parse_frame(&unpacked(call)?).map_err(malformed)?;
                self.catch_up();
                self.reference.may_return(brought.rows.iter().map(|back| back.row.content_hash()));
                let verdicts = self.relay().bring_back(&device, brought)?;
                Ok(cbor(frame(&BroughtBack { verdicts })))
            }
            "/v1/hand-in" => {
                let sealed: SealedHandIn = parse_frame(&unpacked(call)?).map_err(malformed)?;
                self.relay().hand_in(&sealed.device, sealed.frame.into(), Source::Phone)?;
                Ok(Answer { status: 200, encoding: String::new(), body: Vec::new() })
            }
            path if path.starts_with("/v1/blobs/") => {
                self.caller(call)?;
                Ok(Answer { status: 200, encoding: String::new(), body: Vec::new() })
            }
            path => Err(Denied::new(Code::NotFound, path)),
        }
    }

    /// Steps that are put off are judged by nobody this time, and neither are those that name them.
    fn sync(&mut self, device: &DeviceId, mut request: SyncRequest, shed: Shed<'_>) -> Result<SyncReply, Denied> {
        let mut put_off = Vec::new();
        request.steps.retain(|step| {
            let rests = step.needs.iter().any(|need| put_off.contains(need));
            let off = rests || shed();
            if off {
                put_off.push(step.no);
            }
            !off
        });
        let mut reply = self.push(device, request)?;
        let waits = put_off.into_iter().map(|no| {
            let verdict = Verdict::Deferred(Code::ServerBusy.into(), 30_000);
            StepVerdict { no, verdict }
        });
        reply.verdicts.extend(waits);
        reply.verdicts.sort_by_key(|verdict| verdict.no);
        Ok(reply)
    }

    /// A push, answered by the relay and held against the model of it.
    pub fn push(&mut self, device: &DeviceId, request: SyncRequest) -> Result<SyncReply, Denied> {
        self.catch_up();
        let (relay, heard) = (self.relay(), request.clone());
        let done = relay.sync(device, request);
        match &done {
            Ok(reply) => self.reference.hear(device, &heard, reply, &|seq| LogBook::pins_at(&relay, seq)),
            Err(denied) if denied.code == Code::StorageTrouble => self.reference.overhear(&heard),
            Err(denied) => self.reference.hear_denied(device, denied.code),
        }
        done
    }

    /// The model reads what went into the log unheard.
    pub fn catch_up(&mut self) {
        let relay = self.relay();
        let rows = LogBook::rows_after(&relay, self.reference.end());
        self.reference.read(&rows, &|page| LogBook::header_of(&relay, page));
    }

    fn enrol(&mut self, body: &Value) -> Result<Answer, Denied> {
        let (relay, now) = (self.relay(), self.now());
        let device = named(body)?;
        let claim = enrolment::Claim {
            tenant: tenant(),
            code: text(body, "code")?,
            device: device.clone(),
            public_key: fixed(body, "public_key")?,
            proof: fixed(body, "proof")?,
        };
        let key = claim.public_key;
        relay.store().write(move |tx| Ok(enrolment::redeem(tx, &claim, now)))?.map_err(denied)?;
        relay.certify(&device, key)?;
        self.standing(&device)?;
        Ok(plain(&json!({ "device": device })))
    }

    fn nonce(&mut self, body: &Value) -> Result<Answer, Denied> {
        let device = named(body)?;
        self.nonces += 1;
        let mut random = [0; 16];
        random[..8].copy_from_slice(&self.nonces.to_be_bytes());
        let key = nonce::NonceKey::from_folder_key(&ROW_KEY);
        Ok(plain(&json!({ "nonce": key.make(&tenant(), &device, self.now().plus(NONCE_LIFE), random) })))
    }

    fn token(&mut self, body: &Value) -> Result<Answer, Denied> {
        let (device, now, given) = (named(body)?, self.now(), text(body, "nonce")?);
        let key = nonce::NonceKey::from_folder_key(&ROW_KEY);
        let expires = nonce::check(&key, &tenant(), &device, &given, now).map_err(denied)?;
        let row = self.relay().device(&device)?;
        let key = row.and_then(|row| row.public_key).ok_or_else(|| Denied::new(Code::DeviceUnknown, ""))?;
        let request = token::request_text(tenant().as_str(), device.as_str(), &given);
        token::is_proved(key, &request, fixed(body, "signature")?).map_err(denied)?;
        self.standing(&device)?;
        let of = device.clone();
        let spent = self.relay().store().write(move |tx| Ok(nonce::spend(tx, &tenant(), &of, &given, expires, now)))?;
        spent.map_err(denied)?;
        Ok(plain(&json!({ "token": format!("{} {device}", now.plus(TOKEN_LIFE).0), "expires_in_s": 900 })))
    }

    /// Whose token it is, if it and its device still count.
    fn caller(&mut self, call: &Call) -> Result<DeviceId, Denied> {
        let bearer = call.headers.iter().find(|(name, _)| *name == "authorization").map(|(_, value)| value.as_str());
        let word = bearer.and_then(|value| value.strip_prefix("Bearer ")).and_then(|word| word.split_once(' '));
        let (until, device) = word.ok_or_else(|| Denied::new(Code::TokenInvalid, ""))?;
        if until.parse::<i64>().unwrap_or(0) <= self.now().0 {
            return Err(Denied::new(Code::TokenExpired, ""));
        }
        let device = cast::device(device);
        self.standing(&device)?;
        Ok(device)
    }

    fn standing(&mut self, device: &DeviceId) -> Result<(), Denied> {
        let row = self.relay().device(device)?.ok_or_else(|| Denied::new(Code::DeviceUnknown, ""))?;
        if row.revoked.is_some() {
            return Err(Denied::new(Code::DeviceRevoked, ""));
        }
        match self.relay().person(&row.user)? {
            Some(person) if person.active => Ok(()),
            _ => Err(Denied::new(Code::PersonInactive, "")),
        }
    }
}

fn denied(fault: AuthFault) -> Denied {
    match fault {
        AuthFault::Refused(code) => Denied::new(code, ""),
        AuthFault::Store(error) => error.into(),
    }
}

fn malformed(fault: impl std::fmt::Display) -> Denied {
    Denied::new(Code::MalformedFrame, fault.to_string())
}

fn read(body: &[u8]) -> Result<Value, Denied> {
    serde_json::from_slice(body).map_err(malformed)
}

fn text(body: &Value, field: &str) -> Result<String, Denied> {
    body[field].as_str().map(str::to_owned).ok_or_else(|| Denied::new(Code::BadRequest, field))
}

fn named(body: &Value) -> Result<DeviceId, Denied> {
    DeviceId::parse(&text(body, "device")?).map_err(|_| Denied::new(Code::BadRequest, "device"))
}

fn fixed<const N: usize>(body: &Value, field: &str) -> Result<[u8; N], Denied> {
    let bytes = URL_SAFE_NO_PAD.decode(text(body, field)?).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| Denied::new(Code::BadRequest, field))
}

fn unpacked(call: &Call) -> Result<Vec<u8>, Denied> {
    if call.headers.iter().any(|(name, value)| *name == "content-encoding" && value == "zstd") {
        return zstd::bulk::decompress(&call.body, MAX_REQUEST).map_err(malformed);
    }
    Ok(call.body.clone())
}

fn plain(body: &Value) -> Answer {
    Answer { status: 200, encoding: String::new(), body: body.to_string().into_bytes() }
}

fn cbor(body: Vec<u8>) -> Answer {
    Answer { status: 200, encoding: String::new(), body }
}

pub fn problem(denied: &Denied) -> Answer {
    let code = denied.code;
    let body = json!({ "status": code.status(), "code": code.name(), "number": code.number(), "title": code.en(),
        "detail": denied.detail });
    Answer { status: code.status(), encoding: String::new(), body: body.to_string().into_bytes() }
}
