//! A company on paper: people log on shared pages through the real page writer and gate, a clock in minutes, and the
//! envelope that a server would have written.

use outpost_model::admission::PageIndex;
use outpost_model::command::{Ask, Command, ServiceType};
use outpost_model::decision::{Decision, Pins};
use outpost_model::entry::{Body, Entry, Evidence};
use outpost_model::envelope::{Admitted, ContactMark, Envelope};
use outpost_model::fold::Sheet;
use outpost_model::fold::attendance::{self, OwnTime};
use outpost_model::fold::flag::FlagKind;
use outpost_model::fold::order::{self, OrderFacts, Records};
use outpost_model::fold::record::{self, RecordFacts};
use outpost_model::form::{Form, builtin};
use outpost_model::header::{Header, RecordKey, Subject};
use outpost_model::id::{
    CommandId, CustomerCode, DeviceId, EntryId, FormCode, Hash, PageId, StationId, TenantId, UserId,
};
use outpost_model::page::{Draft, Page};
use outpost_model::policy::Policy;
use outpost_model::record::{Person, Role};
use outpost_model::signature;
use outpost_model::time::{Day, Millis, Month, Zone};
use std::collections::{BTreeMap, HashMap};

/// 2026-10-12 (a Monday) 08:00 in Shanghai.
const START: i64 = 1_791_763_200_000;

pub fn minute(n: i64) -> Millis {
    Millis(START + n * 60_000)
}

pub fn user(name: &str) -> UserId {
    UserId::parse(name).unwrap()
}

pub fn policy() -> Policy {
    Policy::regulations(Zone::parse("Asia/Shanghai").unwrap(), Month::parse("2026-10").unwrap())
}

pub struct Story {
    tenant: TenantId,
    pages: BTreeMap<PageId, (Page, PageIndex)>,
    envelopes: HashMap<Hash, Envelope>,
    decisions: BTreeMap<PageId, Vec<Decision>>,
    seq: u64,
    count: u64,
    pub policy: Policy,
}

impl Story {
    pub fn new() -> Self {
        Self {
            tenant: TenantId::parse("acme").unwrap(),
            pages: BTreeMap::new(),
            envelopes: HashMap::new(),
            decisions: BTreeMap::new(),
            seq: 0,
            count: 0,
            policy: policy(),
        }
    }

    pub fn order(&self) -> Header {
        Header::new(self.tenant.clone(), Subject::Order { id: PageId::derived(&["order"]) })
    }
    pub fn visit(&self, name: &str) -> Header {
        let id = PageId::derived(&["visit", name]);
        Header::new(self.tenant.clone(), Subject::Visit { id, order: PageId::derived(&["order"]) })
    }
    pub fn attendance(&self, person: &str) -> Header {
        let month = Month::parse("2026-10").unwrap();
        Header::new(self.tenant.clone(), Subject::Attendance { person: user(person), month })
    }

    /// A person's plan of the week from Monday the 12th.
    pub fn plan(&self, person: &str) -> Header {
        let (form, week) = (FormCode::parse("weekly_plan").unwrap(), Day::parse("2026-10-12").unwrap());
        let subject = Subject::Record { person: user(person), form, key: RecordKey::Period(week) };
        Header::new(self.tenant.clone(), subject)
    }

    /// Sends a form as it stands.
    pub fn send(&mut self, header: &Header, by: &str, at: i64) -> EntryId {
        let heads = self.heads(header);
        let digest = signature::sent(&signature::covered(&self.pages[&header.page()].1, &heads));
        self.log(header, by, at, Body::Submit { heads, digest, v: 1, lines: vec![] })
    }

    pub fn record(&self, header: &Header) -> Option<RecordFacts> {
        let find = |hash: &Hash| self.envelopes.get(hash).cloned();
        let (_, index) = self.pages.get(&header.page())?;
        let decisions = self.decisions.get(&header.page()).map_or(&[][..], Vec::as_slice);
        let form_of = |code: &FormCode, _: u32| {
            let form = builtin(code)?;
            Some(Form { due_days: Some(0), ..form })
        };
        record::facts(Sheet { index, envelopes: &find }, decisions, &self.policy, &form_of)
    }

    pub fn heads(&self, header: &Header) -> Vec<Hash> {
        self.pages.get(&header.page()).map(|(page, _)| page.heads()).unwrap_or_default()
    }

    fn evidence(&mut self, by: &str, at: Millis) -> Evidence {
        self.count += 1;
        Evidence { by: user(by), clock: at, zone: 480, contact: 0, epoch: 1, n: self.count, mono: None }
    }

    fn envelope(&mut self, by: &str, received: Millis) -> Envelope {
        self.seq += 1;
        Envelope {
            device: DeviceId::parse(&format!("d-{by}")).unwrap(),
            user: user(by),
            contact: None,
            floor: None,
            admitted: Some(Admitted { seq: self.seq, received }),
        }
    }

    /// Logs something at a minute, received at once, on everything that was there.
    pub fn log(&mut self, header: &Header, by: &str, at: i64, body: Body) -> EntryId {
        let heads = self.heads(header);
        self.log_at(header, by, at, body, &heads)
    }

    /// Logs something by somebody who saw only those heads.
    pub fn log_at(&mut self, header: &Header, by: &str, at: i64, body: Body, heads: &[Hash]) -> EntryId {
        let entry = Entry { body, evidence: self.evidence_of(by, at), replaces: None, at: None };
        self.write(header, by, entry, heads)
    }

    fn evidence_of(&mut self, by: &str, at: i64) -> Evidence {
        self.evidence(by, minute(at))
    }

    /// Replaces an entry of one's own.
    pub fn replace(
        &mut self,
        header: &Header,
        by: &str,
        at: i64,
        target: EntryId,
        body: Body,
        happened: i64,
    ) -> EntryId {
        let evidence = self.evidence_of(by, at);
        let entry = Entry { body, evidence, replaces: Some(target), at: Some(minute(happened)) };
        let heads = self.heads(header);
        self.write(header, by, entry, &heads)
    }

    fn write(&mut self, header: &Header, by: &str, entry: Entry, heads: &[Hash]) -> EntryId {
        let id = EntryId::derived(&["entry", &self.count.to_string()]);
        let received = entry.evidence.clock;
        let fields = match &entry.body {
            Body::Set { field, value } => vec![(field.clone(), value.clone())],
            _ => vec![],
        };
        let draft = Draft { entries: vec![(id, entry.canonical().unwrap())], fields };
        let envelope = self.envelope(by, received);
        let (page, index) = self
            .pages
            .entry(header.page())
            .or_insert_with(|| (Page::begin(header.clone()), PageIndex::new(header.clone())));
        let mut actor = [0; 16];
        actor[..8].copy_from_slice(&self.count.to_be_bytes());
        let written =
            if heads.is_empty() { page.write(actor, &draft) } else { page.write_at(actor, heads, &draft) }.unwrap();
        let examined = index.examine(&written.raw, &envelope.device).unwrap();
        index.admit(examined);
        self.envelopes.insert(written.hash, envelope);
        id
    }

    pub fn decide(&mut self, page: &Header, by: &str, at: i64, ask: Ask) {
        let evidence = self.evidence_of(by, at);
        let id = CommandId::derived(&["command", &self.count.to_string()]);
        let pins = Pins {
            station: Some(StationId::parse("st-1").unwrap()),
            distance_km: Some(100),
            self_opened: matches!(ask, Ask::Open { .. }) && by.starts_with('e'),
            ..Pins::default()
        };
        let decision = Decision {
            command: Command { id, ask, evidence, heads: vec![], after: None },
            envelope: self.envelope(by, minute(at)),
            pins,
        };
        self.decisions.entry(page.page()).or_default().push(decision);
    }

    pub fn open(&mut self, by: &str, at: i64) -> Header {
        let header = self.order();
        let ask = Ask::Open {
            order: header.page(),
            number: "WO-1".into(),
            customer: CustomerCode::parse("c-1").unwrap(),
            asset: None,
            service_type: ServiceType::C,
        };
        self.decide(&header, by, at, ask);
        header
    }

    pub fn assign(&mut self, to: &str, at: i64) {
        let header = self.order();
        self.decide(&header, "lead", at, Ask::Assign { order: header.page(), to: user(to) });
    }

    /// Says that a device's clock was off when it last met the server, for all that it logged.
    pub fn contact(&mut self, by: &str, server: Millis, device: Millis) {
        for envelope in self.envelopes.values_mut().filter(|envelope| envelope.user == user(by)) {
            envelope.contact = Some(ContactMark { number: 1, server, device });
        }
    }

    pub fn received(&mut self, by: &str, at: Millis) {
        for envelope in self.envelopes.values_mut().filter(|envelope| envelope.user == user(by)) {
            if let Some(admitted) = &mut envelope.admitted {
                admitted.received = at;
            }
        }
    }

    pub fn facts(&self) -> OrderFacts {
        let find = |hash: &Hash| self.envelopes.get(hash).cloned();
        let sheet = |page: &PageId| self.pages.get(page).map(|(_, index)| Sheet { index, envelopes: &find });
        let order = self.order().page();
        let none: &[Decision] = &[];
        let on = |page: &PageId| self.decisions.get(page).map_or(none, Vec::as_slice);
        let visits: Vec<(Sheet<'_>, &[Decision])> = self
            .pages
            .keys()
            .filter(|page| **page != order && self.pages[*page].1.header().order() == Some(order))
            .map(|page| (sheet(page).unwrap(), on(page)))
            .collect();
        let person = |user: &UserId| {
            let (role, station) = match user.as_str().chars().next() {
                Some('e') => (Role::Engineer, Some("st-1")),
                Some('l') => (Role::Lead, Some("st-1")),
                // From another station.
                Some('x') => (Role::Engineer, Some("st-2")),
                _ => (Role::Clerk, None),
            };
            let station = station.map(|code| StationId::parse(code).unwrap());
            Some(Person { user: user.clone(), name: user.to_string(), role, station, active: true })
        };
        let records = Records { policy: &self.policy, person: &person };
        order::facts(on(&order), sheet(&order), &visits, &records).expect("the order is open")
    }

    pub fn flags(&self) -> Vec<(FlagKind, String)> {
        self.facts().flags.into_iter().map(|flag| (flag.kind, flag.detail)).collect()
    }

    pub fn own_time(&self, person: &str) -> OwnTime {
        let find = |hash: &Hash| self.envelopes.get(hash).cloned();
        let page = self.attendance(person).page();
        let none: &[Decision] = &[];
        let pages: Vec<(Sheet<'_>, &[Decision])> = self
            .pages
            .get(&page)
            .map(|(_, index)| Sheet { index, envelopes: &find })
            .into_iter()
            .map(|sheet| (sheet, self.decisions.get(&page).map_or(none, Vec::as_slice)))
            .collect();
        attendance::own_time(&pages, &policy())
    }
}
