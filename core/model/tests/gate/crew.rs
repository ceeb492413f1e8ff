//! A crew for the tests: pages to write on, and phones that log on them as the product does.

use outpost_model::admission::{Examined, PageIndex, Verdict};
use outpost_model::entry::{Body, Entry, Evidence, VisitResult};
use outpost_model::header::{Header, Subject};
use outpost_model::id::{AssetCode, CustomerCode, DeviceId, EntryId, Hash, PageId, TenantId, UserId};
use outpost_model::page::{Draft, NotWritten, Page, Written};
use outpost_model::time::{Millis, Month};

pub fn tenant() -> TenantId {
    TenantId::parse("acme").unwrap()
}

pub fn device(name: &str) -> DeviceId {
    DeviceId::parse(name).unwrap()
}

pub fn order(name: &str) -> Header {
    Header::new(tenant(), Subject::Order { id: PageId::derived(&["order", name]) })
}

pub fn visit(name: &str) -> Header {
    let (id, order) = (PageId::derived(&["visit", name]), PageId::derived(&["order", name]));
    Header::new(tenant(), Subject::Visit { id, order })
}

pub fn customer(code: &str) -> Header {
    Header::new(tenant(), Subject::Customer { customer: CustomerCode::parse(code).unwrap() })
}

pub fn asset(code: &str) -> Header {
    Header::new(tenant(), Subject::Asset { asset: AssetCode::parse(code).unwrap() })
}

pub fn attendance(person: &str) -> Header {
    let (person, month) = (UserId::parse(person).unwrap(), Month::parse("2026-10").unwrap());
    Header::new(tenant(), Subject::Attendance { person, month })
}

/// An actor by a number, so that a test reads the same in every run.
pub fn actor(number: u32) -> [u8; 16] {
    let mut actor = [0xa0; 16];
    actor[..4].copy_from_slice(&number.to_be_bytes());
    actor
}

/// An entry id by writer and counter, as far from any other as a random one.
pub fn entry_id(writer: u32, n: u64) -> EntryId {
    let random = Hash::of(format!("{writer} {n}").as_bytes()).0;
    EntryId::v7(1_790_000_000_000 + n, random[..10].try_into().unwrap())
}

pub fn evidence(writer: u32, n: u64) -> Evidence {
    Evidence {
        by: UserId::parse(&format!("u-{writer}")).unwrap(),
        clock: Millis(1_790_000_000_000 + n as i64 * 60_000),
        zone: 480,
        contact: 3,
        epoch: 1,
        n,
        mono: None,
    }
}

pub fn entry(writer: u32, n: u64, body: Body) -> Entry {
    Entry { body, evidence: evidence(writer, n), replaces: None, at: None }
}

pub fn follow_up(note: &str) -> Body {
    Body::FollowUp { note: note.into() }
}

pub fn set(field: &str, value: &str) -> Body {
    Body::Set { field: field.into(), value: value.into() }
}

pub fn leave() -> Body {
    Body::Leave { result: VisitResult::Fixed }
}

/// A draft of entries, with the put of every `set` among them.
pub fn draft(entries: &[(EntryId, Entry)]) -> Draft {
    let mut draft = Draft::default();
    for (id, entry) in entries {
        if let Body::Set { field, value } = &entry.body {
            draft.fields.push((field.clone(), value.clone()));
        }
        draft.entries.push((*id, entry.canonical().unwrap()));
    }
    draft
}

/// A phone with one page open: the document, its index, its actor and its counter.
#[derive(Debug, Clone)]
pub struct Phone {
    pub number: u32,
    pub device: DeviceId,
    pub actor: [u8; 16],
    pub n: u64,
    pub page: Page,
    pub index: PageIndex,
    pub raws: Vec<(Vec<u8>, DeviceId)>,
}

impl Phone {
    pub fn new(number: u32, header: &Header) -> Self {
        Self {
            number,
            device: device(&format!("phone-{number}")),
            actor: actor(number),
            n: 0,
            page: Page::begin(header.clone()),
            index: PageIndex::new(header.clone()),
            raws: Vec::new(),
        }
    }

    pub fn draft(&mut self, bodies: &[Body]) -> Draft {
        let mut entries = Vec::new();
        for body in bodies {
            self.n += 1;
            entries.push((entry_id(self.number, self.n), entry(self.number, self.n, body.clone())));
        }
        draft(&entries)
    }

    pub fn try_log(&mut self, bodies: &[Body]) -> Result<Written, NotWritten> {
        let draft = self.draft(bodies);
        let written = self.page.write(self.actor, &draft)?;
        let examined = self.index.examine(&written.raw, &self.device).expect("what a phone writes passes the gate");
        self.index.admit(examined);
        self.raws.push((written.raw.clone(), self.device.clone()));
        Ok(written)
    }

    /// Logs these in one change.
    pub fn log(&mut self, bodies: &[Body]) -> Written {
        self.try_log(bodies).unwrap()
    }

    /// Takes another's change, as pulled; true if it was new.
    pub fn take(&mut self, raw: &[u8], device: &DeviceId) -> Result<bool, Verdict> {
        let examined = match self.index.examine(raw, device) {
            Ok(examined) => examined,
            Err(Verdict::AlreadyHad { .. }) => return Ok(false),
            Err(verdict) => return Err(verdict),
        };
        self.page = self.page.apply_checked(&[raw]).map_err(Verdict::Refused)?;
        self.index.admit(examined);
        self.raws.push((raw.to_vec(), device.clone()));
        Ok(true)
    }

    /// Takes everything that another has.
    pub fn pull(&mut self, other: &Phone) {
        for (raw, device) in &other.raws {
            self.take(raw, device).expect("honest changes are never refused");
        }
    }

    pub fn heads(&self) -> Vec<Hash> {
        let heads = self.page.heads();
        assert_eq!(heads, self.index.heads(), "document and index agree on the heads");
        heads
    }

    pub fn values(&self, field: &str) -> Vec<String> {
        self.index.values(field).map(|row| row.value.to_owned()).collect()
    }
}

pub fn refusal(verdict: Result<Examined, Verdict>) -> &'static str {
    match verdict {
        Err(Verdict::Refused(refusal)) => refusal.code.code(),
        other => panic!("not refused: {other:?}"),
    }
}
