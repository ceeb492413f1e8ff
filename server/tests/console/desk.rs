//! A small company with two stations, one person of each role, customers, a unit; browsers with cookies.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use outpost_model::command::Ask;
use outpost_model::entry::Body as Logged;
use outpost_model::header::{Header, Subject};
use outpost_model::id::{AssetCode, CommandId, CustomerCode, EntryId, StationId, TenantId, UserId};
use outpost_model::policy::Policy;
use outpost_model::record::{Person, Role, Station};
use outpost_model::time::{Millis, Month, Zone, parse_moment};
use outpost_server::auth::password;
use outpost_server::clock::{Clock, VirtualClock};
use outpost_server::config::DataFolder;
use outpost_server::console;
use outpost_server::http::{Gateway, Settings};
use outpost_server::relay::{ActReply, After, ConsoleAct, ConsoleWrite, Heads, Relay};
use outpost_server::store::{Store, all, one};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio_stream::StreamExt;
use tower::ServiceExt;

pub const PASSWORD: &str = "correct horse battery";
pub const PEOPLE: [(&str, Role, Option<&str>); 10] = [
    ("u-hq", Role::Hq, None),
    ("u-clerk", Role::Clerk, None),
    ("u-cashier", Role::Cashier, None),
    ("u-auditor", Role::Auditor, None),
    ("u-lead-1", Role::Lead, Some("st-1")),
    ("u-lead-1b", Role::Lead, Some("st-1")),
    ("u-lead-2", Role::Lead, Some("st-2")),
    ("u-e1", Role::Engineer, Some("st-1")),
    ("u-e2", Role::Engineer, Some("st-1")),
    ("u-e3", Role::Engineer, Some("st-2")),
];

pub struct Desk {
    pub clock: Arc<VirtualClock>,
    pub relay: Arc<Relay>,
    runtime: Runtime,
    app: Router,
    acts: AtomicU64,
    _dir: TempDir,
}

pub struct Answer {
    pub status: u16,
    pub location: String,
    pub cookie: String,
    pub text: String,
    pub bytes: Vec<u8>,
}

pub fn tenant() -> TenantId {
    TenantId::parse("acme").unwrap()
}
pub fn user(id: &str) -> UserId {
    UserId::parse(id).unwrap()
}
pub fn station(id: &str) -> StationId {
    StationId::parse(id).unwrap()
}

impl Desk {
    pub fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::prepare(dir.path()).unwrap();
        let clock = Arc::new(VirtualClock::at(parse_moment("2026-10-20T09:00:00+08:00").unwrap()));
        let key = folder.row_key([7; 32]).unwrap();
        let relay = Relay::open(Store::open(dir.path()).unwrap(), clock.clone(), key).unwrap();
        let policy = Policy::regulations(Zone::parse("Asia/Shanghai").unwrap(), Month::parse("2026-10").unwrap());
        let mut asks = Vec::new();
        for (id, name) in [("st-1", "济南驻点"), ("st-2", "武汉驻点")] {
            asks.push(Ask::PutStation {
                station: Station { station: station(id), name: name.into(), lat_e7: 0, lng_e7: 0 },
            });
        }
        for (id, role, at) in PEOPLE {
            let person =
                Person { user: user(id), name: format!("姓名 {id}"), role, station: at.map(station), active: true };
            asks.push(Ask::PutPerson { person });
        }
        for (code, at) in [("C-1", "st-1"), ("C-2", "st-2")] {
            let customer = CustomerCode::parse(code).unwrap();
            asks.push(Ask::PlaceCustomer { customer, station: station(at), distance_km: 120 });
        }
        relay.bootstrap(&tenant(), policy, asks).unwrap();
        let gateway = Gateway::open(relay.clone(), Settings::new(folder)).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let desk = Self { app: console::app(gateway), clock, relay, runtime, acts: AtomicU64::new(0), _dir: dir };
        for (code, name, phone) in [("C-1", "青岛化工", "0531-80000001"), ("C-2", "武汉钢铁", "027-80000002")] {
            let customer = CustomerCode::parse(code).unwrap();
            desk.set(Subject::Customer { customer }, &[("name", name), ("phone", phone), ("contact", "设备科")]);
        }
        let asset = AssetCode::parse("A-1").unwrap();
        let fields = [("customer", "C-1"), ("model", "XH-850"), ("serial", "SN0203"), ("warranty_until", "2027-01-01")];
        desk.set(Subject::Asset { asset }, &fields);
        let phc = password::hash(PASSWORD, [1; 16]).unwrap();
        let now = desk.clock.now();
        for (id, ..) in PEOPLE {
            let (phc, of) = (phc.clone(), user(id));
            desk.relay.store().write(move |tx| password::keep(tx, &tenant(), &of, &phc, now)).unwrap();
        }
        desk
    }

    pub fn command(&self) -> CommandId {
        let n = self.acts.fetch_add(1, Ordering::Relaxed);
        CommandId::derived(&["test", &n.to_string()])
    }

    /// What somebody logs of an order, or of his own time, at this moment; the ids of the entries.
    pub fn log(&self, by: &str, subject: Subject, bodies: &[Logged]) -> Vec<EntryId> {
        self.write(by, subject, bodies).entries
    }

    pub fn write(&self, by: &str, subject: Subject, bodies: &[Logged]) -> ActReply {
        let entries = bodies.iter().map(|body| (None, body.clone())).collect();
        let write = ConsoleWrite { header: Header::new(tenant(), subject), entries, seen: Heads::Now };
        let act =
            ConsoleAct { id: self.command(), ask: None, after: After::Now, heads: Heads::Now, write: Some(write) };
        self.relay.act(&user(by), act).unwrap()
    }

    pub fn decide(&self, by: &str, ask: Ask) {
        let act = ConsoleAct { id: self.command(), ask: Some(ask), after: After::Now, heads: Heads::Now, write: None };
        self.relay.act(&user(by), act).unwrap();
    }

    /// Somebody's own time, in the bucket of that calendar month.
    pub fn own_time(&self, person: &str, month: &str) -> Subject {
        Subject::Attendance { person: user(person), month: Month::parse(month).unwrap() }
    }

    /// Goes on to a moment, as `2026-10-26T09:00`.
    pub fn until(&self, moment: &str) {
        let to = parse_moment(&format!("{moment}:00+08:00")).unwrap();
        self.clock.advance(to.since(self.clock.now()));
    }

    fn set(&self, subject: Subject, fields: &[(&str, &str)]) {
        let entries = fields
            .iter()
            .map(|(field, value)| (None, Logged::Set { field: (*field).into(), value: (*value).into() }))
            .collect();
        let write = ConsoleWrite { header: Header::new(tenant(), subject), entries, seen: Heads::Now };
        let act =
            ConsoleAct { id: self.command(), ask: None, after: After::Now, heads: Heads::Now, write: Some(write) };
        self.relay.act(&user("u-hq"), act).unwrap();
    }

    pub fn send(&self, request: Request<Body>) -> Answer {
        self.runtime.block_on(async {
            let response = self.app.clone().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let header = |name: &str| {
                parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
            };
            let (location, cookie) = (header("location"), header("set-cookie"));
            let bytes = to_bytes(body, 1 << 24).await.unwrap();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            Answer { status: parts.status.as_u16(), location, cookie, text, bytes: bytes.to_vec() }
        })
    }

    pub fn sign_in(&self, id: &str) -> Browser<'_> {
        let body = fields(&[("user", id), ("password", PASSWORD), ("to", "/")]);
        let answer = self.send(post("/sign-in", "", body));
        assert_eq!(answer.status, 303, "{}", answer.text);
        let cookie = answer.cookie.split(';').next().unwrap().to_owned();
        Browser { desk: self, cookie: format!("{cookie}; outpost_lang=en") }
    }

    /// A browser that has that cookie.
    pub fn browse(&self, cookie: &str) -> Browser<'_> {
        Browser { desk: self, cookie: cookie.to_owned() }
    }

    /// Whether who has that cookie and listens hears of what is done meanwhile.
    pub fn hears(&self, cookie: &str, done: impl FnOnce()) -> bool {
        self.runtime.block_on(async {
            let request = Request::get("/v1/live").header("cookie", cookie).body(Body::empty()).unwrap();
            let response = self.app.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status().as_u16(), 200);
            let mut stream = response.into_body().into_data_stream();
            let mut next = async |wait| {
                let piece = tokio::time::timeout(Duration::from_millis(wait), stream.next()).await;
                piece.ok().flatten().map(|piece| String::from_utf8_lossy(&piece.unwrap()).into_owned())
            };
            // What stood there before isn't news.
            while next(50).await.is_some() {}
            done();
            while let Some(said) = next(400).await {
                if said.contains("event: new") {
                    return true;
                }
            }
            false
        })
    }

    /// How many rows a query counts.
    pub fn count(&self, sql: &str) -> u32 {
        self.relay.store().read(|db| one(db, sql, [], |row| row.get(0))).unwrap()
    }

    pub fn numbers(&self, sql: &str) -> Vec<u64> {
        self.relay.store().read(|db| all(db, sql, [], |row| row.get(0))).unwrap()
    }

    pub fn texts(&self, sql: &str) -> Vec<String> {
        self.relay.store().read(|db| all(db, sql, [], |row| row.get(0))).unwrap()
    }

    pub fn after(&self, minutes: i64) {
        self.clock.advance(Millis::minutes(minutes));
    }
}

pub fn fields(pairs: &[(&str, &str)]) -> String {
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(pairs);
    body.finish()
}

pub fn post(path: &str, cookie: &str, body: String) -> Request<Body> {
    let request =
        Request::post(path).header("cookie", cookie).header("content-type", "application/x-www-form-urlencoded");
    request.body(Body::from(body)).unwrap()
}

pub struct Browser<'a> {
    desk: &'a Desk,
    pub cookie: String,
}

impl Browser<'_> {
    pub fn get(&self, path: &str) -> Answer {
        self.desk.send(Request::get(path).header("cookie", &self.cookie).body(Body::empty()).unwrap())
    }

    /// Sends these fields and no others.
    pub fn send(&self, path: &str, typed: &[(&str, &str)]) -> Answer {
        self.desk.send(post(path, &self.cookie, fields(typed)))
    }

    /// Sends a form as the page at `from` had it, with its hidden fields, over what is given.
    pub fn file(&self, from: &str, path: &str, typed: &[(&str, &str)]) -> Answer {
        let page = self.get(from).text;
        self.file_as(&page, path, typed)
    }

    /// The same, over a page that was drawn before.
    pub fn file_as(&self, page: &str, path: &str, typed: &[(&str, &str)]) -> Answer {
        let form = page.split("<form").find(|form| form.contains(&format!("action=\"{path}\"")));
        let form = form.unwrap_or_else(|| panic!("no form for {path} in {page}"));
        let hidden = |name: &str| {
            let at = form.find(&format!("type=\"hidden\" name=\"{name}\" value=\""))?;
            form[at..].split("value=\"").nth(1)?.split('"').next().map(str::to_owned)
        };
        let mut pairs: Vec<(String, String)> = Vec::new();
        for name in [
            "csrf", "id", "after", "heads", "do", "to", "customer", "field", "receipt", "page", "target", "month",
            "sending", "server",
        ] {
            if let Some(value) = hidden(name).filter(|_| !typed.iter().any(|(known, _)| *known == name)) {
                pairs.push((name.to_owned(), value));
            }
        }
        pairs.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.desk.send(post(path, &self.cookie, fields(&pairs)))
    }

    /// Registers a call of that customer; the order's address.
    pub fn register(&self, phone: &str, fault: &str) -> String {
        let found = format!("/orders/new?phone={phone}");
        let typed = [("phone", phone), ("fault", fault), ("channel", "phone"), ("type", "C"), ("do", "register")];
        let answer = self.file(&found, "/orders/new", &typed);
        assert_eq!(answer.status, 303, "{}", answer.text);
        let path = answer.location.split('?').next().unwrap();
        path.trim_end_matches("/dispatch").to_owned()
    }
}
