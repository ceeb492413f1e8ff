//! The wire without a phone: frames put together by hand, under the leave of an enrolled device.

use crate::company::{Hand, World};
use outpost_model::command::{Ask, Command};
use outpost_model::entry::{Body, Entry, Evidence};
use outpost_model::header::Header;
use outpost_model::id::{CommandId, DeviceId, EntryId, PageId, UserId};
use outpost_model::page::{Draft, Page};
use outpost_model::wire::{Step, SyncReply, SyncRequest, VERSION, Verdict, What, frame, parse_frame};
use serde_json::Value;
use std::sync::Arc;
use ureq::Agent;

/// Somebody with a device that was honestly enrolled, and tools of his own.
pub struct Mallory {
    pub user: UserId,
    pub device: DeviceId,
    pub token: String,
    pub steps: Vec<Step>,
    pub headers: Vec<String>,
    world: Arc<World>,
    agent: Agent,
    n: u64,
}

/// What came back: a frame, or a problem's status and JSON.
pub type Answered = Result<SyncReply, (u16, Value)>;

impl Mallory {
    /// With the leave that this phone got at its last sync.
    pub fn with(hand: &Hand, world: &Arc<World>) -> Self {
        let token = hand.network.token().expect("the phone has synced");
        Self { token, ..Self::of(hand.user.clone(), hand.id.clone(), world) }
    }

    /// Without a leave: for a relay in this very process.
    pub fn of(user: UserId, device: DeviceId, world: &Arc<World>) -> Self {
        let agent = Agent::new_with_config(Agent::config_builder().http_status_as_error(false).build());
        Self {
            user,
            device,
            token: String::new(),
            steps: Vec::new(),
            headers: Vec::new(),
            world: world.clone(),
            agent,
            n: 1_000,
        }
    }

    pub fn evidence(&mut self) -> Evidence {
        self.n += 1;
        let (by, clock) = (self.user.clone(), self.world.now());
        Evidence { by, clock, zone: 480, contact: 1, epoch: 1, n: self.n, mono: None }
    }

    pub fn entry(&mut self, body: Body) -> (EntryId, Entry) {
        let entry = Entry { body, evidence: self.evidence(), replaces: None, at: None };
        (EntryId::v7(self.world.now().0 as u64, rand::random()), entry)
    }

    /// A draft of these, with the put of every `set`.
    pub fn draft(&mut self, bodies: impl IntoIterator<Item = Body>) -> Draft {
        let mut draft = Draft::default();
        for body in bodies {
            if let Body::Set { field, value } = &body {
                draft.fields.push((field.clone(), value.clone()));
            }
            let (id, entry) = self.entry(body);
            draft.entries.push((id, entry.canonical().unwrap()));
        }
        draft
    }

    /// An honest change on top of a page, under a fresh actor.
    pub fn change(&mut self, page: &mut Page, bodies: impl IntoIterator<Item = Body>) -> Vec<u8> {
        let draft = self.draft(bodies);
        page.write(rand::random(), &draft).unwrap().raw
    }

    pub fn command(&mut self, ask: Ask) -> Command {
        let id = CommandId::v7(self.world.now().0 as u64, rand::random());
        Command { id, ask, evidence: self.evidence(), heads: vec![], after: None }
    }

    fn place(&mut self, header: String) -> u32 {
        let known = self.headers.iter().position(|known| *known == header);
        known.unwrap_or_else(|| {
            self.headers.push(header);
            self.headers.len() - 1
        }) as u32
    }

    pub fn push_raw(&mut self, header: &Header, raw: Vec<u8>) -> &mut Self {
        let place = self.place(header.canonical());
        self.step(What::Change(place, raw.into()))
    }

    pub fn push_command(&mut self, text: String) -> &mut Self {
        self.step(What::Command(text))
    }

    pub fn step(&mut self, what: What) -> &mut Self {
        let no = self.steps.len() as u32 + 1;
        self.steps.push(Step { no, needs: vec![], what });
        self
    }

    /// The request that these steps make; they are gone then.
    pub fn request(&mut self) -> SyncRequest {
        SyncRequest {
            version: VERSION,
            clock: self.world.now(),
            epoch: 1,
            captured: self.n,
            sends: 1,
            cursor: None,
            pages: std::mem::take(&mut self.headers),
            steps: std::mem::take(&mut self.steps),
            unsent: 0,
            app: "of his own".into(),
        }
    }

    /// Sends what was put together.
    pub fn send(&mut self) -> Answered {
        let request = self.request();
        self.sync(&request)
    }

    pub fn sync(&self, request: &SyncRequest) -> Answered {
        self.bytes(&frame(request), "identity")
    }

    /// Any bytes as a sync.
    pub fn bytes(&self, body: &[u8], encoding: &str) -> Answered {
        let (status, answer) = self.post("/v1/sync", body, &[("content-encoding", encoding)]);
        match status {
            200 => Ok(parse_frame(&answer).unwrap()),
            _ => Err((status, serde_json::from_slice(&answer).unwrap_or(Value::Null))),
        }
    }

    pub fn get(&self, path: &str) -> (u16, Vec<u8>) {
        let request = self.agent.get(format!("{}{path}", self.world.address()));
        let mut response = request.header("authorization", format!("Bearer {}", self.token)).call().unwrap();
        (response.status().as_u16(), response.body_mut().read_to_vec().unwrap())
    }

    pub fn put(&self, path: &str, body: &[u8]) -> (u16, Vec<u8>) {
        let request = self.agent.put(format!("{}{path}", self.world.address()));
        let mut response = request.header("authorization", format!("Bearer {}", self.token)).send(body).unwrap();
        (response.status().as_u16(), response.body_mut().read_to_vec().unwrap())
    }

    pub fn post(&self, path: &str, body: &[u8], headers: &[(&str, &str)]) -> (u16, Vec<u8>) {
        let mut request = self.agent.post(format!("{}{path}", self.world.address()));
        request = request.header("authorization", format!("Bearer {}", self.token));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = request.send(body).unwrap();
        (response.status().as_u16(), response.body_mut().read_to_vec().unwrap())
    }
}

/// Codes of what wasn't taken, and `admitted` of what was, in order.
pub fn words(reply: &SyncReply) -> Vec<String> {
    let word = |verdict: &Verdict| match verdict {
        Verdict::Admitted(_) => "admitted".to_owned(),
        Verdict::AlreadyHad(_) => "already_had".to_owned(),
        Verdict::AlreadySo(_) => "already_so".to_owned(),
        Verdict::Refused(refused) => refused.code.0.clone(),
        Verdict::Deferred(code, _) => format!("deferred: {}", code.0),
        Verdict::Needs(_) => "needs".to_owned(),
    };
    reply.verdicts.iter().map(|step| word(&step.verdict)).collect()
}

/// Code of a problem, which has a sentence and a number.
pub fn code(answered: Answered) -> (u16, String) {
    let (status, problem) = answered.expect_err("a problem");
    let sentence = problem["title"].as_str().unwrap_or_default();
    assert!(!sentence.is_empty() && problem["number"].is_u64(), "{status} {problem}");
    (status, problem["code"].as_str().unwrap_or_default().to_owned())
}

/// A page that nobody has yet.
pub fn nobodys_page() -> PageId {
    PageId::v7(1_790_000_000_000, rand::random())
}
