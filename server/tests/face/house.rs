//! A small company with a relay of its own: one station, headquarters, an engineer and another; a clock that the test
//! sets; a phone that can enrol, get tokens and sync.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer, SigningKey};
use outpost_model::command::{Ask, RevokeReason};
use outpost_model::id::{CommandId, DeviceId, StationId, TenantId, UserId};
use outpost_model::policy::Policy;
use outpost_model::record::{Person, Role, Station};
use outpost_model::time::{Millis, Month, Zone};
use outpost_model::wire::{SyncRequest, VERSION, frame};
use outpost_server::auth::{enrolment, password, secret};
use outpost_server::clock::{Clock, VirtualClock};
use outpost_server::config::DataFolder;
use outpost_server::http::{Gateway, Settings, app};
use outpost_server::observe::logs;
use outpost_server::relay::{After, ConsoleAct, Heads, Relay};
use outpost_server::store::Store;
use serde_json::{Value, json};
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Once};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt;

pub const TENANT: &str = "acme";
pub const PASSWORD: &str = "correct horse battery";

/// What all relays of this process wrote to their log.
static LINES: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static LOGGING: Once = Once::new();

struct Lines;

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LINES.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

pub fn lines() -> String {
    String::from_utf8(LINES.lock().unwrap().clone()).unwrap()
}

pub struct House {
    pub clock: Arc<VirtualClock>,
    pub relay: Arc<Relay>,
    pub gateway: Arc<Gateway>,
    pub runtime: Runtime,
    pub dir: TempDir,
    app: Router,
    acts: AtomicU64,
}

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
    /// Status and code of a problem.
    pub fn problem(&self) -> (u16, String) {
        (self.status, self.json()["code"].as_str().unwrap_or_default().to_owned())
    }
}

/// What a test says of a refusal: status and code.
pub fn is(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

pub fn user(id: &str) -> UserId {
    UserId::parse(id).unwrap()
}
pub fn device(id: &str) -> DeviceId {
    DeviceId::parse(id).unwrap()
}
pub fn tenant() -> TenantId {
    TenantId::parse(TENANT).unwrap()
}

impl House {
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    pub fn with(adjust: impl FnOnce(&mut Settings)) -> Self {
        LOGGING.call_once(|| tracing::subscriber::set_global_default(logs::subscriber(|| Lines)).unwrap());
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::prepare(dir.path()).unwrap();
        let clock = Arc::new(VirtualClock::at(Millis(1_790_000_000_000)));
        let key = folder.row_key([7; 32]).unwrap();
        let relay = Relay::open(Store::open(dir.path()).unwrap(), clock.clone(), key).unwrap();
        let policy = Policy::regulations(Zone::parse("Asia/Shanghai").unwrap(), Month::parse("2026-09").unwrap());
        let station = StationId::parse("st-1").unwrap();
        let person = |id: &str, role: Role, station: Option<StationId>| Ask::PutPerson {
            person: Person { user: user(id), name: format!("姓名{id}"), role, station, active: true },
        };
        let asks = vec![
            Ask::PutStation {
                station: Station { station: station.clone(), name: "济南驻点".into(), lat_e7: 0, lng_e7: 0 },
            },
            person("u-hq", Role::Hq, None),
            person("u-e1", Role::Engineer, Some(station.clone())),
            person("u-e2", Role::Engineer, Some(station)),
        ];
        relay.bootstrap(&tenant(), policy, asks).unwrap();
        let mut settings = Settings::new(folder);
        adjust(&mut settings);
        let gateway = Gateway::open(relay.clone(), settings).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { app: app(gateway.clone()), clock, relay, gateway, runtime, dir, acts: AtomicU64::new(0) }
    }

    pub fn after(&self, millis: i64) {
        self.clock.advance(millis);
    }

    pub fn send(&self, request: Request<Body>) -> Answer {
        self.runtime.block_on(async {
            let response = self.app.clone().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let bytes = to_bytes(body, 1 << 24).await.unwrap().to_vec();
            Answer { status: parts.status.as_u16(), headers: parts.headers, bytes }
        })
    }

    /// The same relay behind another gateway, as after a restart.
    pub fn replace(&mut self, gateway: Arc<Gateway>, app: Router) {
        (self.gateway, self.app) = (gateway, app);
    }

    /// Whether an answer's body breaks off before its end.
    pub fn breaks_off(&self, path: &str, bearer: &str) -> bool {
        let request = Request::builder().uri(path).header("authorization", bearer).body(Body::empty()).unwrap();
        self.runtime.block_on(async {
            let response = self.app.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), 200);
            to_bytes(response.into_body(), 1 << 24).await.is_err()
        })
    }

    pub fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.call("GET", path, headers, Vec::new())
    }

    pub fn post(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        self.call("POST", path, headers, body.to_string().into_bytes())
    }

    pub fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body)).unwrap())
    }

    pub fn decide(&self, ask: Ask) {
        self.act(
            "u-hq",
            ConsoleAct { id: self.command(), ask: Some(ask), after: After::Now, heads: Heads::Now, write: None },
        );
    }

    pub fn act(&self, by: &str, act: ConsoleAct) {
        self.relay.act(&user(by), act).unwrap();
    }

    pub fn command(&self) -> CommandId {
        CommandId::v7(
            self.clock.now().0 as u64,
            std::array::from_fn(|_| self.acts.fetch_add(1, Ordering::Relaxed) as u8),
        )
    }

    pub fn set_password(&self, id: &str) {
        let (phc, of, now) = (password::hash(PASSWORD, [1; 16]).unwrap(), user(id), self.clock.now());
        self.relay.store().write(move |tx| password::keep(tx, &tenant(), &of, &phc, now)).unwrap();
    }

    /// Signs in; the session for tools, and the form's proof.
    pub fn sign_in(&self, id: &str) -> (String, String) {
        self.set_password(id);
        let answer = self.post("/v1/session", &[], &json!({ "user": id, "password": PASSWORD }));
        assert_eq!(answer.status, 200, "{}", answer.json());
        let text = |key: &str| answer.json()[key].as_str().unwrap().to_owned();
        (text("session"), text("csrf"))
    }

    /// A code for a device that headquarters enrols.
    pub fn code_for(&self, of: &str, id: &str) -> String {
        self.decide(Ask::Enrol { device: device(id), user: user(of) });
        let code = secret::enrolment_code(rand::random());
        let expires = self.clock.now().plus(7 * Millis::hours(24));
        let (kept, of, id) = (code.clone(), user(of), device(id));
        self.relay.store().write(move |tx| enrolment::issue(tx, &tenant(), &id, &of, &kept, expires)).unwrap();
        code
    }

    pub fn revoke(&self, id: &str) {
        self.decide(Ask::Revoke { device: device(id), reason: RevokeReason::Lost });
    }

    /// An enrolled phone.
    pub fn phone(&self, of: &str, id: &str) -> Phone<'_> {
        let code = self.code_for(of, id);
        let phone = Phone::new(self, id);
        let answer = phone.enrol(&code);
        assert_eq!(answer.status, 200, "{}", answer.json());
        phone
    }
}

pub struct Phone<'a> {
    house: &'a House,
    pub id: String,
    pub key: SigningKey,
}

impl<'a> Phone<'a> {
    pub fn new(house: &'a House, id: &str) -> Self {
        Self { house, id: id.to_owned(), key: SigningKey::from_bytes(&rand::random()) }
    }

    fn signed(&self, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.key.sign(text.as_bytes()).to_bytes())
    }

    pub fn enrol(&self, code: &str) -> Answer {
        let id = &self.id;
        let body = json!({
            "tenant": TENANT, "code": code, "device": id,
            "public_key": URL_SAFE_NO_PAD.encode(self.key.verifying_key().to_bytes()),
            "proof": self.signed(&format!("outpost-enrol-v1\n{TENANT}\n{code}\n{id}")),
        });
        self.house.post("/v1/enrol", &[], &body)
    }

    pub fn nonce(&self) -> String {
        let answer = self.house.post("/v1/token/nonce", &[], &json!({ "tenant": TENANT, "device": self.id }));
        answer.json()["nonce"].as_str().unwrap().to_owned()
    }

    pub fn ask_token(&self, nonce: &str) -> Answer {
        let id = &self.id;
        let signature = self.signed(&format!("outpost-token-v1\n{TENANT}\n{id}\n{nonce}"));
        let body = json!({ "tenant": TENANT, "device": id, "nonce": nonce, "signature": signature });
        self.house.post("/v1/token", &[], &body)
    }

    pub fn token(&self) -> String {
        let answer = self.ask_token(&self.nonce());
        assert_eq!(answer.status, 200, "{}", answer.json());
        answer.json()["token"].as_str().unwrap().to_owned()
    }

    /// An idle sync under that token.
    pub fn sync(&self, token: &str) -> Answer {
        self.house.call("POST", "/v1/sync", &[("authorization", &format!("Bearer {token}"))], frame(&self.idle()))
    }

    pub fn idle(&self) -> SyncRequest {
        SyncRequest {
            version: VERSION,
            clock: self.house.clock.now(),
            epoch: 1,
            captured: 0,
            sends: 1,
            cursor: None,
            pages: vec![],
            steps: vec![],
            unsent: 0,
            app: "test".into(),
        }
    }
}
