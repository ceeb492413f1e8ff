//! A phone as the relay sees one, in memory: it writes pages with the model's own pen, sends steps, and keeps what
//! it is told. After each sync that ends with digests it adds up what it holds and compares.

use crate::company::{named, tenant};
use outpost_model::admission::PageIndex;
use outpost_model::command::{Ask, Command};
use outpost_model::entry::{Body, Entry, Evidence};
use outpost_model::envelope::Envelope;
use outpost_model::header::Header;
use outpost_model::id::{CommandId, DeviceId, EntryId, Hash, PageId, UserId};
use outpost_model::page::{Draft, Page};
use outpost_model::time::Millis;
use outpost_model::wire::{
    BackRow, BringBack, Content, Cursor, Item, LogRow, Refused, Step, StepVerdict, Sum, SyncReply, SyncRequest,
    VERSION, Verdict, What,
};
use outpost_server::clock::{Clock, VirtualClock};
use outpost_server::relay::{Denied, Relay};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub struct Phone {
    relay: Arc<Relay>,
    clock: Arc<VirtualClock>,
    pub device: DeviceId,
    pub user: UserId,
    /// How far its clock is off.
    pub skew: i64,
    pub epoch: u32,
    pub n: u64,
    pub contact: u32,
    pub cursor: Option<Cursor>,
    pub steps: Vec<Step>,
    pub headers: Vec<String>,
    next_step: u32,
    docs: BTreeMap<PageId, Page>,
    /// Rows held, by page.
    pub rows: BTreeMap<PageId, BTreeMap<Hash, LogRow>>,
    /// What was brought and is in the log.
    own: BTreeMap<PageId, BTreeSet<Hash>>,
    pub scopes: BTreeMap<String, BTreeSet<PageId>>,
    pub received: usize,
    last_decision: BTreeMap<PageId, CommandId>,
}

impl Phone {
    pub fn new(relay: Arc<Relay>, clock: Arc<VirtualClock>, device: DeviceId, user: UserId) -> Self {
        Self {
            relay,
            clock,
            device,
            user,
            skew: 0,
            epoch: 1,
            n: 0,
            contact: 0,
            cursor: None,
            steps: Vec::new(),
            headers: Vec::new(),
            next_step: 0,
            docs: BTreeMap::new(),
            rows: BTreeMap::new(),
            own: BTreeMap::new(),
            scopes: BTreeMap::new(),
            received: 0,
            last_decision: BTreeMap::new(),
        }
    }

    /// The relay was started anew.
    pub fn moved_to(&mut self, relay: Arc<Relay>) {
        self.relay = relay;
    }

    /// What the page shows on this phone.
    pub fn index_of(&self, header: &Header) -> PageIndex {
        let mut index = PageIndex::new(header.clone());
        for raw in self.docs[&header.page()].raws() {
            let examined = index.examine(&raw, &self.device).unwrap();
            index.admit(examined);
        }
        index
    }

    /// The customer's signature on a visit.
    pub fn signature_on(&self, visit: &Header) -> EntryId {
        let index = self.index_of(visit);
        index.entries().find(|row| matches!(row.entry.body, Body::Sign(_))).unwrap().id
    }

    pub fn doc(&self, header: &Header) -> Page {
        self.docs[&header.page()].clone()
    }

    /// Forgets what was written on the page since.
    pub fn put_back(&mut self, doc: Page) {
        self.docs.insert(doc.header().page(), doc);
    }

    pub fn now(&self) -> Millis {
        self.clock.now().plus(self.skew)
    }

    pub fn evidence(&mut self) -> Evidence {
        self.n += 1;
        Evidence {
            by: self.user.clone(),
            clock: self.now(),
            zone: 480,
            contact: self.contact,
            epoch: self.epoch,
            n: self.n,
            mono: None,
        }
    }

    pub fn entry_id(&self) -> EntryId {
        let id = EntryId::derived(&[self.device.as_str(), &self.epoch.to_string(), &self.n.to_string()]);
        let mut random = [0; 10];
        random.copy_from_slice(&id.0[..10]);
        EntryId::v7(self.clock.now().0 as u64, random)
    }

    fn actor(&self, page: PageId) -> [u8; 16] {
        PageId::derived(&["actor", self.device.as_str(), &self.epoch.to_string(), &page.to_string()]).0
    }

    /// Logs these in one change; the step's number.
    pub fn log(&mut self, header: &Header, bodies: &[Body]) -> u32 {
        self.log_needing(header, bodies, vec![])
    }

    pub fn log_needing(&mut self, header: &Header, bodies: &[Body], needs: Vec<u32>) -> u32 {
        let mut draft = Draft::default();
        for body in bodies {
            let evidence = self.evidence();
            let entry = Entry { body: body.clone(), evidence, replaces: None, at: None };
            if let Body::Set { field, value } = body {
                draft.fields.push((field.clone(), value.clone()));
            }
            draft.entries.push((self.entry_id(), entry.canonical().unwrap()));
        }
        let page = header.page();
        let actor = self.actor(page);
        let doc = self.docs.entry(page).or_insert_with(|| Page::begin(header.clone()));
        let raw = doc.write(actor, &draft).unwrap().raw;
        self.push_raw(header, raw, needs)
    }

    pub fn push_raw(&mut self, header: &Header, raw: Vec<u8>, needs: Vec<u32>) -> u32 {
        let text = header.canonical();
        let place = self.headers.iter().position(|known| *known == text).unwrap_or_else(|| {
            self.headers.push(text);
            self.headers.len() - 1
        });
        self.step(needs, What::Change(place as u32, raw.into()))
    }

    pub fn step(&mut self, needs: Vec<u32>, what: What) -> u32 {
        self.next_step += 1;
        self.steps.push(Step { no: self.next_step, needs, what });
        self.next_step
    }

    /// Asks for a decision, having seen what this phone has seen.
    pub fn ask(&mut self, ask: Ask) -> u32 {
        let command = self.command(ask);
        self.step(vec![], What::Command(command.canonical().unwrap()))
    }

    pub fn command(&mut self, ask: Ask) -> Command {
        let evidence = self.evidence();
        let id = CommandId::derived(&[self.device.as_str(), &self.epoch.to_string(), &self.n.to_string()]);
        let page = ask.place(&tenant(), &self.user).page(&tenant());
        let heads = self.docs.get(&page).map(Page::heads).unwrap_or_default();
        let after = self.last_decision.get(&page).copied();
        Command { id, ask, evidence, heads, after }
    }

    pub fn request(&self) -> SyncRequest {
        SyncRequest {
            version: VERSION,
            clock: self.now(),
            epoch: self.epoch,
            captured: self.n,
            sends: 1,
            cursor: self.cursor.clone(),
            pages: self.headers.clone(),
            steps: self.steps.clone(),
            unsent: 0,
            app: "test".into(),
        }
    }

    pub fn try_sync(&mut self) -> Result<Vec<StepVerdict>, Denied> {
        let mut request = self.request();
        let reply = self.relay.sync(&self.device, request.clone())?;
        let verdicts = reply.verdicts.clone();
        self.take(&request, reply.clone());
        let mut more = reply.more;
        self.steps.clear();
        self.headers.clear();
        while more {
            request = self.request();
            let reply = self.relay.sync(&self.device, request.clone())?;
            more = reply.more;
            self.take(&request, reply);
        }
        Ok(verdicts)
    }

    /// Syncs until nothing more is to come; the verdicts on what was sent.
    pub fn sync(&mut self) -> Vec<StepVerdict> {
        self.clock.advance(60_000);
        self.try_sync().unwrap()
    }

    pub fn sync_admitted(&mut self) -> Vec<Envelope> {
        let verdicts = self.sync();
        verdicts.into_iter().map(|step| admitted(&step.verdict)).collect()
    }

    pub fn take(&mut self, request: &SyncRequest, reply: SyncReply) {
        self.contact = reply.contact;
        for (step, said) in request.steps.iter().zip(&reply.verdicts) {
            assert_eq!(step.no, said.no, "a verdict for each step, in order");
            if let (What::Change(page, raw), Verdict::Admitted(_) | Verdict::AlreadyHad(_)) =
                (&step.what, &said.verdict)
            {
                let page = Header::parse(&request.pages[*page as usize]).unwrap().page();
                self.own.entry(page).or_default().insert(Content::Change(raw.clone()).hash());
            }
        }
        for item in reply.items {
            self.received += 1;
            self.take_item(item);
        }
        self.cursor = Some(reply.cursor);
        if !reply.more {
            let said: BTreeMap<String, Sum> =
                reply.digests.into_iter().map(|digest| (digest.scope, digest.sum)).collect();
            assert_eq!(self.sums(said.keys()), said, "{} holds what its scopes hold", self.device);
        }
    }

    pub fn take_item(&mut self, item: Item) {
        match item {
            Item::Granted(scope, page, header) => {
                assert!(header.is_empty() || Header::parse(&header).unwrap().page() == page);
                self.scopes.entry(scope).or_default().insert(page);
                if !header.is_empty() {
                    let header = Header::parse(&header).unwrap();
                    self.docs.entry(page).or_insert_with(|| Page::begin(header));
                }
            }
            Item::Withdrawn(scope, page) => {
                self.scopes.entry(scope).or_default().remove(&page);
                if !self.sees(page) {
                    self.rows.remove(&page);
                }
            }
            Item::Row(row) => {
                assert!(self.sees(row.page), "a row comes after its page was granted");
                if let Content::Decision(command, _) = &row.content {
                    let id = Command::parse(command).unwrap().id;
                    self.last_decision.insert(row.page, id);
                } else if let (Content::Change(raw), Some(doc)) = (&row.content, self.docs.get_mut(&row.page)) {
                    doc.extend(&[raw.to_vec()]).unwrap();
                }
                self.rows.entry(row.page).or_default().insert(row.content_hash(), row);
            }
        }
    }

    /// Every row that it was shipped, in the order of the log, with the headers that it knows.
    pub fn all_rows(&self) -> BringBack {
        let pages: Vec<PageId> = self.docs.keys().copied().collect();
        let mut rows: Vec<BackRow> = self
            .rows
            .values()
            .flat_map(BTreeMap::values)
            .map(|row| BackRow { page: pages.binary_search(&row.page).ok().map(|at| at as u32), row: row.clone() })
            .collect();
        rows.sort_by_key(|back| back.row.envelope.admitted.map(|admitted| admitted.seq));
        BringBack { pages: self.docs.values().map(|doc| doc.header().canonical()).collect(), rows }
    }

    pub fn sees(&self, page: PageId) -> bool {
        self.scopes.values().any(|pages| pages.contains(&page))
    }

    /// Hashes held of a page: what was pulled, and what was brought.
    pub fn hashes(&self, page: PageId) -> BTreeSet<Hash> {
        let pulled = self.rows.get(&page).into_iter().flat_map(|rows| rows.keys().copied());
        pulled.chain(self.own.get(&page).into_iter().flatten().copied()).collect()
    }

    fn sums<'a>(&self, scopes: impl Iterator<Item = &'a String>) -> BTreeMap<String, Sum> {
        scopes
            .map(|scope| {
                let pages = self.scopes.get(scope).into_iter().flatten();
                let hashes = pages.flat_map(|page| self.hashes(*page));
                (scope.clone(), hashes.fold(Sum::default(), |sum, hash| sum.plus(Sum::of(&hash))))
            })
            .collect()
    }

    pub fn has_order(&self, name: &str) -> bool {
        self.sees(named(name))
    }
}

pub fn admitted(verdict: &Verdict) -> Envelope {
    match verdict {
        Verdict::Admitted(envelope) => envelope.clone(),
        other => panic!("not admitted: {other:?}"),
    }
}

pub fn refused(verdict: &Verdict) -> &Refused {
    match verdict {
        Verdict::Refused(refused) => refused,
        other => panic!("not refused: {other:?}"),
    }
}
