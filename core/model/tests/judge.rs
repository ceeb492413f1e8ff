//! The judge, at a desk on which everything lies open.

use outpost_model::access::Actor;
use outpost_model::command::{Ask, Command, Question, Replacement};
use outpost_model::decision::Standing;
use outpost_model::entry::{Body, Entry, Evidence, VisitResult};
use outpost_model::header::{Header, Subject};
use outpost_model::id::{CommandId, CustomerCode, DeviceId, EntryId, Hash, PageId, StationId, TenantId, UserId};
use outpost_model::judge::{Denial, Desk, Latest, Ruling, judge};
use outpost_model::policy::Policy;
use outpost_model::problem::Code;
use outpost_model::record::{Person, Role};
use outpost_model::time::{Millis, Month, Zone};
use std::collections::HashMap;

struct Table {
    tenant: TenantId,
    policy: Policy,
    latest: HashMap<String, Latest>,
    entries: HashMap<EntryId, (UserId, Entry)>,
    header: Header,
    days_differ: bool,
}

fn user(name: &str) -> UserId {
    UserId::parse(name).unwrap()
}

fn month() -> Month {
    Month::parse("2026-10").unwrap()
}

impl Table {
    fn new() -> Self {
        let tenant = TenantId::parse("acme").unwrap();
        let subject = Subject::Attendance { person: user("e1"), month: month() };
        Self {
            header: Header::new(tenant.clone(), subject),
            tenant,
            policy: Policy::regulations(Zone::parse("Asia/Shanghai").unwrap(), month()),
            latest: HashMap::new(),
            entries: HashMap::new(),
            days_differ: false,
        }
    }

    fn decided(&mut self, question: &Question, seq: u64, ask: Ask) -> CommandId {
        let id = CommandId::derived(&["decided", &seq.to_string()]);
        let latest = Latest { id, seq, by: user("l1"), at: Millis(7), ask };
        self.latest.insert(question.to_string(), latest);
        id
    }

    fn ask(&self, by: &str, ask: Ask, after: Option<CommandId>, heads: Vec<Hash>) -> Result<Ruling, Denial> {
        let role = match by.chars().next() {
            Some('l') => Role::Lead,
            Some('h') => Role::Hq,
            _ => Role::Engineer,
        };
        let station = (role != Role::Hq).then(|| StationId::parse("st-1").unwrap());
        let evidence = Evidence { by: user(by), clock: Millis(0), zone: 480, contact: 0, epoch: 1, n: 1, mono: None };
        let command = Command { id: CommandId::derived(&["new"]), ask, evidence, heads, after };
        judge(&command, &Actor { user: user(by), role, station }, self)
    }
}

impl Desk for Table {
    fn tenant(&self) -> &TenantId {
        &self.tenant
    }
    fn policy(&self) -> &Policy {
        &self.policy
    }
    fn person(&self, who: &UserId) -> Option<Person> {
        let role = if who.as_str().starts_with('l') { Role::Lead } else { Role::Engineer };
        let station = Some(StationId::parse("st-1").unwrap());
        Some(Person { user: who.clone(), name: who.to_string(), role, station, active: true })
    }
    fn has_station(&self, _: &StationId) -> bool {
        true
    }
    fn customer(&self, _: &CustomerCode) -> Option<(StationId, u32)> {
        None
    }
    fn order(&self, _: PageId) -> Option<Standing> {
        None
    }
    fn header(&self, page: PageId) -> Option<Header> {
        (page == self.header.page()).then(|| self.header.clone())
    }
    fn entry(&self, _: PageId, entry: EntryId) -> Option<(UserId, Entry)> {
        self.entries.get(&entry).cloned()
    }
    fn device_owner(&self, _: &DeviceId) -> Option<UserId> {
        None
    }
    fn latest(&self, _: PageId, question: &Question) -> Option<Latest> {
        self.latest.get(&question.to_string()).cloned()
    }
    fn seq_of(&self, decision: CommandId) -> Option<u64> {
        self.latest.values().find(|latest| latest.id == decision).map(|latest| latest.seq)
    }
    fn has_change(&self, _: PageId, change: &Hash) -> bool {
        *change == Hash::of(b"known")
    }
    fn signed_month_differs(&self, _: &UserId, _: Month) -> bool {
        self.days_differ
    }
    fn number_taken(&self, _: &str) -> bool {
        false
    }
    fn number_leased(&self, _: &UserId, _: &str) -> bool {
        true
    }
}

fn sign_off(person: &str) -> Ask {
    Ask::SignOff { person: user(person), month: month() }
}

fn unseal(person: &str) -> Ask {
    Ask::Unseal { person: user(person), month: month(), reason: "漏签".into() }
}

fn code(ruling: Result<Ruling, Denial>) -> Option<Code> {
    ruling.err().map(|denial| denial.code)
}

#[test]
fn a_later_decision_that_the_author_had_not_seen_stands_and_is_named() {
    let mut table = Table::new();
    let question = Question::Month(user("e1"), month());
    let seen = table.decided(&question, 5, unseal("e1"));
    assert!(matches!(table.ask("l1", sign_off("e1"), Some(seen), vec![]), Ok(Ruling::Taken(_))));
    let denial = table.ask("l2", sign_off("e1"), None, vec![]).unwrap_err();
    assert_eq!((denial.code, denial.by), (Code::Superseded, Some((user("l1"), Millis(7)))));
    // Even where the days read differently: that is a reason to sign again, not to overturn an unsealing.
    table.days_differ = true;
    assert_eq!(code(table.ask("l2", sign_off("e1"), None, vec![])), Some(Code::Superseded));
}

#[test]
fn the_same_again_changes_nothing_unless_the_signed_days_read_differently() {
    let mut table = Table::new();
    let signed = table.decided(&Question::Month(user("e1"), month()), 5, sign_off("e1"));
    assert_eq!(table.ask("l2", sign_off("e1"), None, vec![]).unwrap(), Ruling::AlreadySo(signed));
    table.days_differ = true;
    assert!(matches!(table.ask("l2", sign_off("e1"), None, vec![]), Ok(Ruling::Taken(_))));
}

#[test]
fn what_rests_on_unknown_heads_is_refused() {
    let table = Table::new();
    assert!(table.ask("l1", sign_off("e1"), None, vec![Hash::of(b"known")]).is_ok());
    assert_eq!(code(table.ask("l1", sign_off("e1"), None, vec![Hash::of(b"other")])), Some(Code::SawUnknown));
}

#[test]
fn nobody_signs_off_himself_and_no_engineer_anybody() {
    let table = Table::new();
    assert_eq!(code(table.ask("l1", sign_off("l1"), None, vec![])), Some(Code::NotAllowed));
    assert_eq!(code(table.ask("e1", sign_off("e2"), None, vec![])), Some(Code::NotAllowed));
}

#[test]
fn a_correction_is_of_the_entrys_own_form_and_in_range() {
    let mut table = Table::new();
    let evidence = Evidence { by: user("e1"), clock: Millis(0), zone: 480, contact: 0, epoch: 1, n: 1, mono: None };
    let entry = Entry { body: Body::Task { minutes: 30, note: String::new() }, evidence, replaces: None, at: None };
    let target = EntryId::derived(&["task"]);
    table.entries.insert(target, (user("e1"), entry));
    let page = table.header.page();
    let correct = |body| Ask::Correct {
        page,
        target,
        reason: String::new(),
        replacement: Some(Replacement { body, at: Millis(1) }),
    };
    let task = |minutes| Body::Task { minutes, note: String::new() };
    assert!(table.ask("l1", correct(task(45)), None, vec![]).is_ok());
    assert_eq!(code(table.ask("l1", correct(task(u32::MAX)), None, vec![])), Some(Code::BadEntry));
    let foreign = Body::Leave { result: VisitResult::Fixed };
    assert_eq!(code(table.ask("l1", correct(foreign), None, vec![])), Some(Code::BadEntry));
    assert_eq!(code(table.ask("e2", correct(task(45)), None, vec![])), Some(Code::NotAllowed));
}
