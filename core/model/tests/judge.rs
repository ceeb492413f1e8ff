//! The judge, at a desk on which everything lies open.

use outpost_model::access::Actor;
use outpost_model::command::{Ask, Command, Question, Replacement, ServiceType};
use outpost_model::decision::{Decision, Pins, Standing};
use outpost_model::entry::{Body, Entry, Evidence, Lang, Signature, Value, VisitResult};
use outpost_model::envelope::Envelope;
use outpost_model::form::{Form, Rhythm, builtin};
use outpost_model::header::{Header, RecordKey, Subject};
use outpost_model::id::{
    CommandId, CustomerCode, DeviceId, EntryId, FormCode, Hash, PageId, StationId, TenantId, UserId,
};
use outpost_model::judge::{Denial, Desk, Latest, Ruling, judge, may_log};
use outpost_model::policy::Policy;
use outpost_model::problem::Code;
use outpost_model::record::{Person, Role};
use outpost_model::time::{Day, Millis, Month, Zone};
use std::collections::HashMap;

struct Table {
    tenant: TenantId,
    policy: Policy,
    latest: HashMap<String, Latest>,
    entries: HashMap<EntryId, (UserId, Entry)>,
    header: Header,
    /// An order that is open.
    standing: Option<PageId>,
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
            standing: None,
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
    fn order(&self, order: PageId) -> Option<Standing> {
        let open = self.standing.filter(|standing| *standing == order)?;
        let ask = Ask::Open {
            order: open,
            number: "WO-1".into(),
            customer: CustomerCode::parse("c-1").unwrap(),
            asset: None,
            service_type: ServiceType::C,
        };
        let command =
            Command { id: CommandId::derived(&["open"]), ask, evidence: evidence("c1"), heads: vec![], after: None };
        let envelope = Envelope {
            device: DeviceId::parse("d-c1").unwrap(),
            user: user("c1"),
            contact: None,
            floor: None,
            admitted: None,
        };
        let pins = Pins { station: StationId::parse("st-1").ok(), ..Pins::default() };
        Standing::after(&[Decision { command, envelope, pins }])
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

fn form(code: &str) -> FormCode {
    FormCode::parse(code).unwrap()
}

fn filled(code: &str, key: RecordKey) -> Header {
    Header::new(TenantId::parse("acme").unwrap(), Subject::Record { person: user("e1"), form: form(code), key })
}

fn week(day: &str) -> RecordKey {
    RecordKey::Period(Day::parse(day).unwrap())
}

/// A form of that code that e1 sent, and the decision about it.
fn sent(code: &str, key: RecordKey) -> (Table, Ask) {
    let mut table = Table::new();
    table.header = filled(code, key);
    let sending = EntryId::derived(&["sent"]);
    let body = Body::Submit { heads: vec![], digest: Hash::of(b"said"), v: 1, lines: vec![] };
    table.entries.insert(sending, (user("e1"), Entry { body, evidence: evidence("e1"), replaces: None, at: None }));
    let ask = Ask::DecideForm { page: table.header.page(), sending, approve: true, reason: String::new() };
    (table, ask)
}

fn evidence(by: &str) -> Evidence {
    Evidence { by: user(by), clock: Millis(0), zone: 480, contact: 0, epoch: 1, n: 1, mono: None }
}

#[test]
fn a_form_is_approved_by_whom_its_definition_names() {
    let (table, plan) = sent("weekly_plan", week("2026-10-12"));
    assert!(matches!(table.ask("hq", plan.clone(), None, vec![]), Ok(Ruling::Taken(_))));
    assert_eq!(code(table.ask("l1", plan.clone(), None, vec![])), Some(Code::NotAllowed), "the manager's to approve");
    assert_eq!(code(table.ask("e1", plan, None, vec![])), Some(Code::NotAllowed), "nobody's own");
    let (table, handover) = sent("handover", RecordKey::Id(PageId::v7(1, [1; 10])));
    assert!(matches!(table.ask("l1", handover.clone(), None, vec![]), Ok(Ruling::Taken(_))));
    assert!(matches!(table.ask("hq", handover, None, vec![]), Ok(Ruling::Taken(_))));
    let (table, log) = sent("weekly_log", week("2026-10-12"));
    assert_eq!(code(table.ask("hq", log, None, vec![])), Some(Code::BadCommand), "it needs no decision");
    // What isn't a sending can't be decided about.
    let (table, plan) = sent("weekly_plan", week("2026-10-12"));
    let Ask::DecideForm { page, .. } = plan else { unreachable!() };
    let other = Ask::DecideForm { page, sending: EntryId::derived(&["other"]), approve: true, reason: String::new() };
    assert_eq!(code(table.ask("hq", other, None, vec![])), Some(Code::TargetUnknown));
}

#[test]
fn what_is_written_on_a_form_answers_the_version_that_it_names() {
    let table = Table::new();
    let log = |header: &Header, by: &str, body: Body| {
        let entry = Entry { body, evidence: evidence(by), replaces: None, at: None };
        let role = if by.starts_with('l') { Role::Lead } else { Role::Engineer };
        let actor = Actor { user: user(by), role, station: Some(StationId::parse("st-1").unwrap()) };
        may_log(header, &[(EntryId::derived(&["new"]), entry)], &actor, &table).err().map(|denial| denial.code)
    };
    let remark = |field: &str, v| Body::Answer { field: field.into(), value: Value::Text("好".into()), v };
    let plan = filled("weekly_plan", week("2026-10-12"));
    assert_eq!(log(&plan, "e1", remark("remark", 1)), None);
    assert_eq!(log(&plan, "e1", remark("remark", 2)), Some(Code::FormUnknown));
    assert_eq!(log(&plan, "e1", remark("colour", 1)), Some(Code::BadEntry));
    assert_eq!(log(&plan, "l1", remark("remark", 1)), Some(Code::NotAllowed), "a form is its author's");
    assert_eq!(log(&filled("weekly_plan", week("2026-10-13")), "e1", remark("remark", 1)), Some(Code::BadEntry));
    let own = RecordKey::Id(PageId::v7(1, [1; 10]));
    assert_eq!(log(&filled("weekly_plan", own), "e1", remark("remark", 1)), Some(Code::BadEntry));
    assert_eq!(log(&filled("horoscope", own), "e1", remark("remark", 1)), Some(Code::FormUnknown));
}

#[test]
fn a_version_of_a_form_follows_on_the_one_before_and_is_put_once() {
    let mut table = Table::new();
    let plan = |version, title: &str| Form { version, zh: title.into(), ..builtin(&form("weekly_plan")).unwrap() };
    let put = |form: Form| Ask::PutForm { form: Box::new(form) };
    assert_eq!(code(table.ask("hq", put(plan(1, "计划")), None, vec![])), Some(Code::StaleForm), "it is built in");
    assert_eq!(code(table.ask("hq", put(plan(3, "计划")), None, vec![])), Some(Code::StaleForm));
    assert!(matches!(table.ask("hq", put(plan(2, "计划")), None, vec![]), Ok(Ruling::Taken(_))));
    let daily = Form { rhythm: Rhythm::Daily, ..plan(2, "计划") };
    assert_eq!(code(table.ask("hq", put(daily), None, vec![])), Some(Code::BadCommand), "ids follow from the rhythm");
    assert_eq!(code(table.ask("l1", put(plan(2, "计划")), None, vec![])), Some(Code::NotAllowed));
    let second = table.decided(&Question::Form(form("weekly_plan"), 2), 5, put(plan(2, "计划")));
    assert_eq!(table.ask("hq", put(plan(2, "计划")), None, vec![]).unwrap(), Ruling::AlreadySo(second));
    assert_eq!(code(table.ask("hq", put(plan(2, "另一")), Some(second), vec![])), Some(Code::StaleForm));
    assert!(matches!(table.ask("hq", put(plan(3, "另一")), None, vec![]), Ok(Ruling::Taken(_))));
    let own = Form { form: form("canteen"), ..plan(1, "食堂") };
    assert!(matches!(table.ask("hq", put(own), None, vec![]), Ok(Ruling::Taken(_))), "a form of the company's own");
}

#[test]
fn a_decision_may_void_a_signature_and_never_write_one() {
    let mut table = Table::new();
    let order = PageId::v7(1, [1; 10]);
    let subject = Subject::Visit { id: PageId::v7(1, [2; 10]), order };
    table.header = Header::new(table.tenant.clone(), subject);
    table.standing = Some(order);
    let signature = |score| {
        Body::Sign(Signature {
            name: "王工".into(),
            strokes: Hash::of(b"strokes"),
            score,
            comment: String::new(),
            order_heads: vec![],
            visit_heads: vec![],
            digest: Hash::of(b"shown"),
            lang: Lang::Zh,
            typed: None,
        })
    };
    let target = EntryId::derived(&["signed"]);
    let entry = Entry { body: signature(1), evidence: evidence("e1"), replaces: None, at: None };
    table.entries.insert(target, (user("e1"), entry));
    let correct = |replacement: Option<Body>| Ask::Correct {
        page: table.header.page(),
        target,
        reason: "打错分".into(),
        replacement: replacement.map(|body| Replacement { body, at: Millis(9) }),
    };
    assert_eq!(code(table.ask("l1", correct(Some(signature(5))), None, vec![])), Some(Code::BadEntry));
    assert!(matches!(table.ask("l1", correct(None), None, vec![]), Ok(Ruling::Taken(_))));
}
