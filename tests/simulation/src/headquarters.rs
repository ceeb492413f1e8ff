//! Headquarters: the real relay over its real store, killed and started again whenever a history says so, and the
//! routes that phones call. Enrolment and nonces are the product's; a token is a plain word that says whose it is and
//! until when, and whether the device still counts is asked at each use, as the HTTP face does.

use crate::cast::{self, ROW_KEY, tenant};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use outpost_device::session::frame::{Answer, Call};
use outpost_model::id::DeviceId;
use outpost_model::problem::Code;
use outpost_model::time::Millis;
use outpost_model::wire::{Drill, MAX_REQUEST, StepVerdict, SyncReply, SyncRequest, Verdict, frame, parse_frame};
use outpost_server::auth::{AuthFault, enrolment, nonce, token};
use outpost_server::clock::{Clock, VirtualClock};
use outpost_server::relay::{Denied, Relay};
use outpost_server::store::Store;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;

const NONCE_LIFE: i64 = Millis::minutes(5);
const TOKEN_LIFE: i64 = Millis::minutes(15);

pub struct Headquarters {
    folder: PathBuf,
    pub clock: Arc<VirtualClock>,
    relay: Option<Arc<Relay>>,
    nonces: u64,
}

/// How the relay is disposed towards a push.
pub type Shed<'a> = &'a mut dyn FnMut() -> bool;

impl Headquarters {
    pub fn begin(folder: PathBuf) -> Self {
        std::fs::create_dir_all(&folder).expect("a folder");
        for (name, content) in cast::founded() {
            std::fs::write(folder.join(name), content).expect("a copy of the founded company");
        }
        Self { folder, clock: Arc::new(VirtualClock::at(cast::START)), relay: None, nonces: 0 }
    }

    pub fn relay(&mut self) -> Arc<Relay> {
        let (folder, clock) = (&self.folder, &self.clock);
        let open = || {
            let store = Store::open(folder).expect("the relay's store opens again");
            Relay::open(store, clock.clone(), ROW_KEY).expect("the relay starts again")
        };
        self.relay.get_or_insert_with(open).clone()
    }

    /// The process dies; the next request finds another.
    pub fn crash(&mut self) {
        self.relay = None;
    }

    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// One call, to its answer. `shed` says of each step of a push whether it is put off.
    pub fn answer(&mut self, call: &Call, shed: Shed<'_>) -> Answer {
        match self.routed(call, shed) {
            Ok(answer) => answer,
            Err(denied) => problem(&denied),
        }
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
        let mut reply = self.relay().sync(device, request)?;
        let waits = put_off.into_iter().map(|no| {
            let verdict = Verdict::Deferred(Code::ServerBusy.into(), 30_000);
            StepVerdict { no, verdict }
        });
        reply.verdicts.extend(waits);
        reply.verdicts.sort_by_key(|verdict| verdict.no);
        Ok(reply)
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
