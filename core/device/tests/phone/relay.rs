//! A relay made of the model alone: one scope that holds every page, a log in memory, no rights. It says what a real
//! one would where the tests look, and what the test tells it to elsewhere.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use outpost_device::report::Fault;
use outpost_device::session::frame::{Answer, Call};
use outpost_device::sync::Transport;
use outpost_model::admission::{PageIndex, Verdict as Gate};
use outpost_model::command::{Ask, Command};
use outpost_model::decision::{NumberBlock, Pins};
use outpost_model::entry::Evidence;
use outpost_model::envelope::{Admitted, ContactMark, Envelope};
use outpost_model::header::Header;
use outpost_model::id::{CommandId, DeviceId, Hash, PageId, StationId, UserId};
use outpost_model::page::{Draft, Page};
use outpost_model::problem::Code;
use outpost_model::time::Millis;
use outpost_model::wire::*;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub const SCOPE: &str = "user:u-e1";
/// Headquarters' secret half of the key that phones seal to.
pub const SEAL: [u8; 32] = [0x5e; 32];

/// What the test wants said of a step, before the relay looks at it.
pub type Word = Box<dyn FnMut(&str, &Step) -> Option<Verdict>>;

pub struct Relay {
    pub log: Vec<Item>,
    pub pages: HashMap<PageId, PageIndex>,
    pub now: Millis,
    pub contacts: Vec<ContactMark>,
    pub word: Option<Word>,
    pub revoked: bool,
    /// Why the next hand-in isn't taken.
    pub no_hand_in: Option<Code>,
    pub handed_in: Vec<HandIn>,
    /// What the next lease is given.
    pub block: Option<NumberBlock>,
    pub epoch: u32,
    /// Items of one answer.
    pub room: usize,
    /// Pages of one answer to a drill-down.
    pub drill_room: usize,
    /// Takes the request and loses the answer.
    pub loses_answers: bool,
    pub token: Option<String>,
    pub calls: Vec<String>,
    pub sends: Vec<u64>,
    pub files: BTreeMap<String, Vec<u8>>,
    pub last: Option<SyncRequest>,
    /// No countersignature is given out.
    pub countersigns_nothing: bool,
}

impl Relay {
    pub fn new(now: i64) -> Self {
        Self {
            log: Vec::new(),
            pages: HashMap::new(),
            now: Millis(now),
            contacts: Vec::new(),
            word: None,
            revoked: false,
            no_hand_in: None,
            handed_in: Vec::new(),
            block: None,
            epoch: 1,
            room: 1_000,
            drill_room: 1_000,
            loses_answers: false,
            token: None,
            calls: Vec::new(),
            sends: Vec::new(),
            files: BTreeMap::new(),
            last: None,
            countersigns_nothing: false,
        }
    }

    fn envelope(&self, device: &DeviceId, user: &UserId, contact: u32) -> Envelope {
        let contact = self.contacts.iter().find(|mark| mark.number == contact).copied();
        let seq = self.log.len() as u64 + 1;
        let admitted = Some(Admitted { seq, received: self.now });
        Envelope { device: device.clone(), user: user.clone(), contact, floor: None, admitted }
    }

    fn know(&mut self, header: &Header) {
        let page = header.page();
        if let Entry::Vacant(place) = self.pages.entry(page) {
            place.insert(PageIndex::new(header.clone()));
            self.log.push(Item::Granted(SCOPE.into(), page, header.canonical()));
        }
    }

    fn know_plain(&mut self, page: PageId) {
        let known = self.log.iter().any(|item| matches!(item, Item::Granted(_, had, _) if *had == page));
        if !known {
            self.log.push(Item::Granted(SCOPE.into(), page, String::new()));
        }
    }

    /// Somebody else logs on a page, on top of all that is there.
    pub fn other_logs(&mut self, header: &Header, draft: &Draft, actor: [u8; 16]) -> Hash {
        self.know(header);
        let raws: Vec<Vec<u8>> = self.raws(header.page());
        let mut page = Page::rebuild(header.clone(), &raws).unwrap();
        let written = page.write(actor, draft).unwrap();
        let device = DeviceId::parse("d-other").unwrap();
        self.take(header.page(), &written.raw, &device, &UserId::parse("u-other").unwrap()).unwrap();
        written.hash
    }

    pub fn raws(&self, wanted: PageId) -> Vec<Vec<u8>> {
        let raw = |item: &Item| match item {
            Item::Row(LogRow { page, content: Content::Change(raw), .. }) if *page == wanted => Some(raw.to_vec()),
            _ => None,
        };
        self.log.iter().filter_map(raw).collect()
    }

    fn take(&mut self, page: PageId, raw: &[u8], device: &DeviceId, user: &UserId) -> Result<Envelope, Gate> {
        let examined = self.pages[&page].examine(raw, device)?;
        let contact = examined.entries().first().map_or(0, |(_, entry)| entry.evidence.contact);
        let envelope = self.envelope(device, user, contact);
        self.pages.get_mut(&page).unwrap().admit(examined);
        let content = Content::Change(raw.to_vec().into());
        self.log.push(Item::Row(LogRow { page, envelope: envelope.clone(), content, mac: [7; 16] }));
        Ok(envelope)
    }

    /// Somebody at the console decides.
    pub fn decides(&mut self, ask: Ask, by: &str) -> CommandId {
        let by = UserId::parse(by).unwrap();
        let id = CommandId::v7(self.now.0 as u64, [self.log.len() as u8; 10]);
        let n = self.log.len() as u64;
        let evidence = Evidence { by: by.clone(), clock: self.now, zone: 480, contact: 0, epoch: 1, n, mono: None };
        let command = Command { id, ask, evidence, heads: vec![], after: None };
        self.decide(&command, &DeviceId::parse("console").unwrap(), &by);
        id
    }

    fn decide(&mut self, command: &Command, device: &DeviceId, user: &UserId) -> Envelope {
        let tenant = crate::rig::tenant();
        let page = command.ask.place(&tenant, user).page(&tenant);
        match command.ask.order() {
            Some(order) => self.know(&Header::new(tenant, outpost_model::header::Subject::Order { id: order })),
            None => self.know_plain(page),
        }
        let envelope = self.envelope(device, user, command.evidence.contact);
        let self_opened = matches!(command.ask, Ask::Open { .. }) && user.as_str().starts_with("u-e");
        let block = self.block.clone().filter(|_| matches!(command.ask, Ask::LeaseNumbers { .. }));
        let station = match &command.ask {
            Ask::Open { customer, .. } if customer.as_str() == "c-1" => StationId::parse("st-1").ok(),
            _ => None,
        };
        let pins = Pins { policy: 1, station, self_opened, block, ..Pins::default() };
        let pins = outpost_model::canon::to_canonical(&pins).unwrap();
        let content = Content::Decision(command.canonical().unwrap(), pins);
        self.log.push(Item::Row(LogRow { page, envelope: envelope.clone(), content, mac: [7; 16] }));
        envelope
    }

    pub fn withdraw(&mut self, page: PageId) {
        self.log.push(Item::Withdrawn(SCOPE.into(), page));
    }

    fn rows(&self) -> impl Iterator<Item = &LogRow> {
        let gone: BTreeSet<PageId> = self
            .log
            .iter()
            .filter_map(|item| match item {
                Item::Withdrawn(_, page) => Some(*page),
                _ => None,
            })
            .collect();
        self.log.iter().filter_map(move |item| match item {
            Item::Row(row) if !gone.contains(&row.page) => Some(row),
            _ => None,
        })
    }

    fn sums(&self) -> BTreeMap<PageId, Sum> {
        let mut sums = BTreeMap::new();
        for row in self.rows() {
            let sum: &mut Sum = sums.entry(row.page).or_default();
            *sum = sum.plus(Sum::of(&row.content_hash()));
        }
        sums
    }

    fn judge(&mut self, request: &SyncRequest, step: &Step, user: &UserId, device: &DeviceId) -> Verdict {
        match &step.what {
            What::Command(text) => {
                let command = Command::parse(text).unwrap();
                let known = self.log.iter().find_map(|item| match item {
                    Item::Row(row) if row.content_hash() == Hash::of(text.as_bytes()) => Some(row.envelope.clone()),
                    _ => None,
                });
                match known {
                    Some(envelope) => Verdict::AlreadyHad(envelope),
                    None => Verdict::Admitted(self.decide(&command, device, user)),
                }
            }
            What::Change(place, raw) => {
                let header = Header::parse(&request.pages[*place as usize]).unwrap();
                self.know(&header);
                match self.take(header.page(), raw, device, user) {
                    Ok(envelope) => Verdict::Admitted(envelope),
                    Err(Gate::AlreadyHad { hash }) => {
                        let row = self.rows().find(|row| row.content_hash() == hash).unwrap();
                        Verdict::AlreadyHad(row.envelope.clone())
                    }
                    Err(Gate::Needs(hashes)) => Verdict::Needs(hashes),
                    Err(Gate::Refused(refusal)) => refused(refusal.code.into(), &refusal.to_string()),
                }
            }
        }
    }

    fn sync(&mut self, request: SyncRequest) -> SyncReply {
        let (user, device) = (UserId::parse("u-e1").unwrap(), DeviceId::parse("d-e1").unwrap());
        self.sends.push(request.sends);
        let mut verdicts = Vec::new();
        let mut stopped: BTreeMap<u32, Verdict> = BTreeMap::new();
        let mut pushed = BTreeSet::new();
        for step in &request.steps {
            let name = name_of(step);
            let said = self.word.as_mut().and_then(|word| word(&name, step));
            let verdict = match said {
                Some(verdict) => verdict,
                None => match step.needs.iter().find_map(|need| stopped.get(need)) {
                    Some(Verdict::Refused(_)) => refused(Code::NeedsRefused, "a step"),
                    Some(waiting) => waiting.clone(),
                    None => self.judge(&request, step, &user, &device),
                },
            };
            match &verdict {
                Verdict::Refused(_) | Verdict::Deferred(..) | Verdict::Needs(_) => {
                    stopped.insert(step.no, verdict.clone());
                }
                Verdict::Admitted(_) | Verdict::AlreadyHad(_) => {
                    if let What::Change(_, raw) = &step.what {
                        pushed.insert(Content::Change(raw.clone()).hash());
                    }
                }
                Verdict::AlreadySo(_) => {}
            }
            verdicts.push(StepVerdict { no: step.no, verdict });
        }
        let offer_all = request.cursor.as_ref().is_some_and(|cursor| cursor.epoch != self.epoch);
        let from = if offer_all { 0 } else { request.cursor.as_ref().map_or(0, |cursor| cursor.seq as usize) };
        let from = from.min(self.log.len());
        let to = self.log.len().min(from + self.room);
        let more = to < self.log.len();
        let items = self.log[from..to].iter();
        let items = items.filter(|item| !matches!(item, Item::Row(row) if pushed.contains(&row.content_hash())));
        let items: Vec<Item> = items.cloned().collect();
        let sum = self.sums().values().fold(Sum::default(), |sum, page| sum.plus(*page));
        let number = self.contacts.len() as u32 + 1;
        self.contacts.push(ContactMark { number, server: self.now, device: request.clock });
        let reply = SyncReply {
            version: VERSION,
            server: self.now,
            contact: number,
            verdicts,
            items,
            cursor: Cursor { epoch: self.epoch, seq: to as u64, chain: [0; 16], backfill: None, mac: None },
            digests: if more { vec![] } else { vec![ScopeDigest { scope: SCOPE.into(), sum }] },
            more,
            offer_all,
        };
        self.last = Some(request);
        reply
    }

    fn whole(&self, wanted: PageId) -> Vec<Item> {
        let of_page = |item: &&Item| match item {
            Item::Granted(_, page, _) => *page == wanted,
            Item::Row(row) => row.page == wanted,
            Item::Withdrawn(..) => false,
        };
        self.log.iter().filter(of_page).cloned().collect()
    }

    fn drill(&self, drill: Drill) -> DrillReply {
        match drill {
            Drill::Buckets(_) => {
                let mut buckets = vec![Sum::default(); 256];
                for (page, sum) in self.sums() {
                    let bucket = &mut buckets[usize::from(page.0[15])];
                    *bucket = bucket.plus(sum);
                }
                DrillReply::Buckets(buckets)
            }
            Drill::Pages(_, buckets) => {
                DrillReply::Pages(self.sums().into_iter().filter(|(page, _)| buckets.contains(&page.0[15])).collect())
            }
            Drill::Rows(pages) => {
                let held = self.sums();
                let shown = pages.iter().filter(|page| held.contains_key(page)).take(self.drill_room);
                DrillReply::Rows(shown.flat_map(|page| self.whole(*page)).collect())
            }
        }
    }

    fn problem(&self, code: Code) -> Answer {
        let body = serde_json::json!({ "status": code.status(), "code": code.name(), "number": code.number() });
        Answer { status: code.status(), encoding: String::new(), body: body.to_string().into_bytes() }
    }

    /// Rows with its own code are taken at the log's end, as they were.
    fn bring_back(&mut self, brought: BringBack) -> BroughtBack {
        let headers: Vec<Header> = brought.pages.iter().map(|text| Header::parse(text).unwrap()).collect();
        let mut verdicts = Vec::new();
        for BackRow { page, row } in brought.rows {
            let known = self.log.iter().find_map(|item| match item {
                Item::Row(known) if known.page == row.page && known.content_hash() == row.content_hash() => {
                    Some(known.envelope.clone())
                }
                _ => None,
            });
            if let Some(envelope) = known {
                verdicts.push(Verdict::AlreadyHad(envelope));
                continue;
            }
            if row.mac != [7; 16] {
                verdicts.push(refused(Code::RowUnproven, ""));
                continue;
            }
            match page {
                Some(page) => self.know(&headers[page as usize]),
                None => self.know_plain(row.page),
            }
            if let Content::Change(raw) = &row.content {
                let examined = self.pages[&row.page].examine(raw, &row.envelope.device).unwrap();
                self.pages.get_mut(&row.page).unwrap().admit(examined);
            }
            let mut envelope = row.envelope.clone();
            envelope.admitted.as_mut().unwrap().seq = self.log.len() as u64 + 1;
            verdicts.push(Verdict::Admitted(envelope.clone()));
            self.log.push(Item::Row(LogRow { envelope, ..row }));
        }
        BroughtBack { verdicts }
    }

    fn countersign(&self, path: &str) -> Answer {
        let [_, _, _, visit, _, entry] = path.split('/').collect::<Vec<_>>()[..] else { panic!("{path}") };
        let body = serde_json::json!({
            "tenant": "acme", "visit": visit, "entry": entry, "digest": "ab", "received": self.now.0, "key": "k1",
            "signature": "sig",
        });
        Answer { status: 200, encoding: String::new(), body: body.to_string().into_bytes() }
    }

    fn answer(&mut self, call: &Call) -> Answer {
        let json = |text: &str| Answer { status: 200, encoding: String::new(), body: text.as_bytes().to_vec() };
        let cbor = |body: Vec<u8>| Answer { status: 200, encoding: String::new(), body };
        if self.revoked && !["/v1/token/nonce", "/v1/hand-in"].contains(&call.path.as_str()) {
            return self.problem(Code::DeviceRevoked);
        }
        let bearer = call.headers.iter().find(|(name, _)| *name == "authorization").map(|(_, value)| value.clone());
        match call.path.as_str() {
            "/v1/enrol" => json(r#"{"device":"d-e1","user":"u-e1","tenant":"acme"}"#),
            "/v1/token/nonce" => json(r#"{"nonce":"abc"}"#),
            "/v1/hand-in" if !self.revoked => self.problem(Code::BadRequest),
            "/v1/hand-in" => match self.no_hand_in {
                Some(why) => self.problem(why),
                None => {
                    let sealed: SealedHandIn = parse_frame(&body_of(call)).unwrap();
                    self.handed_in.push(parse_frame(&sealed.frame).unwrap());
                    self.no_hand_in = Some(Code::HandInDone);
                    json(r#"{"id":"x","new":true}"#)
                }
            },
            "/v1/token" => {
                let token = self.token.get_or_insert_with(|| "t1".into());
                let seal = crypto_box::SecretKey::from(SEAL).public_key();
                let seal = URL_SAFE_NO_PAD.encode(seal.as_bytes());
                json(&format!(r#"{{"token":"{token}","expires_in_s":900,"seal_key":"{seal}"}}"#))
            }
            _ if bearer != self.token.as_ref().map(|token| format!("Bearer {token}")) => {
                self.problem(Code::TokenExpired)
            }
            "/v1/sync" => {
                let request = parse_frame(&body_of(call)).unwrap();
                cbor(frame(&self.sync(request)))
            }
            "/v1/drill" => cbor(frame(&self.drill(parse_frame(&body_of(call)).unwrap()))),
            "/v1/bring-back" => cbor(frame(&self.bring_back(parse_frame(&body_of(call)).unwrap()))),
            path if path.starts_with("/v1/visits/") => match self.countersigns_nothing {
                true => self.problem(Code::NotFound),
                false => self.countersign(path),
            },
            path => {
                self.files.insert(path.to_owned(), call.body.clone());
                json("")
            }
        }
    }
}

fn body_of(call: &Call) -> Vec<u8> {
    let zstd = call.headers.iter().any(|(name, value)| *name == "content-encoding" && value == "zstd");
    if zstd { zstd::bulk::decompress(&call.body, MAX_REQUEST).unwrap() } else { call.body.clone() }
}

pub fn refused(code: Code, detail: &str) -> Verdict {
    Verdict::Refused(Refused { code: code.into(), detail: detail.into(), by: None, at: None, policy: 1 })
}

/// What a step is, for the test's word: the first entry's text, or the command's.
fn name_of(step: &Step) -> String {
    match &step.what {
        What::Command(text) => text.clone(),
        What::Change(_, raw) => String::from_utf8_lossy(raw).into_owned(),
    }
}

impl Transport for Relay {
    fn call(&mut self, call: &Call) -> Result<Answer, Fault> {
        self.calls.push(call.path.clone());
        let answer = self.answer(call);
        if self.loses_answers { Err(Fault::Broken("lost".into())) } else { Ok(answer) }
    }
}
