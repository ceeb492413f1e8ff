//! One of everything: a header of each kind, an entry of each type, a command of each sort.

use outpost_model::command::{Ask, Command, Replacement, RevokeReason, Series, ServiceType};
use outpost_model::entry::{
    Body, Channel, Entry, Evidence, Lang, PayMethod, Place, Reach, Signature, Value, VisitResult,
};
use outpost_model::form::{Form, builtin};
use outpost_model::header::{Header, Kind, RecordKey, Subject};
use outpost_model::id::{
    AssetCode, CommandId, CustomerCode, DeviceId, EntryId, FormCode, Hash, PageId, StationId, TenantId, UserId,
};
use outpost_model::policy::Policy;
use outpost_model::record::{Part, Person, Role, Station};
use outpost_model::time::{Day, Millis, Month, Zone};

/// A moment in October 2026.
pub const NOW: i64 = 1_791_000_000_000;

pub fn tenant() -> TenantId {
    TenantId::parse("acme").unwrap()
}
pub fn user(code: &str) -> UserId {
    UserId::parse(code).unwrap()
}
pub fn device(code: &str) -> DeviceId {
    DeviceId::parse(code).unwrap()
}
fn month() -> Month {
    Month::parse("2026-10").unwrap()
}
fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}
fn station() -> StationId {
    StationId::parse("ST-JN").unwrap()
}
fn customer() -> CustomerCode {
    CustomerCode::parse("C-0007").unwrap()
}

pub fn order_id() -> PageId {
    PageId::v7(NOW as u64, [1; 10])
}
pub fn visit_id() -> PageId {
    PageId::v7(NOW as u64 + 60_000, [2; 10])
}
pub fn entry_id(n: u8) -> EntryId {
    EntryId::v7(NOW as u64 + u64::from(n), [n; 10])
}
pub fn command_id(n: u8) -> CommandId {
    CommandId::v7(NOW as u64 + u64::from(n), [n; 10])
}

pub fn header(kind: Kind) -> Header {
    let subject = match kind {
        Kind::Order => Subject::Order { id: order_id() },
        Kind::Visit => Subject::Visit { id: visit_id(), order: order_id() },
        Kind::Attendance => Subject::Attendance { person: user("u-e1"), month: month() },
        Kind::Customer => Subject::Customer { customer: customer() },
        Kind::Asset => Subject::Asset { asset: AssetCode::parse("A-1001").unwrap() },
        Kind::Record => {
            let form = FormCode::parse("weekly_plan").unwrap();
            Subject::Record { person: user("u-e1"), form, key: RecordKey::Period(day("2026-10-12")) }
        }
    };
    Header::new(tenant(), subject)
}

pub fn evidence(n: u64) -> Evidence {
    Evidence { by: user("u-e1"), clock: Millis(NOW), zone: 480, contact: 3, epoch: 1, n, mono: None }
}

pub fn entry(body: Body) -> Entry {
    Entry { body, evidence: evidence(41), replaces: None, at: None }
}

/// The kind of page that the entry is shown on here, and the entry. A new type is missed by the compiler.
pub fn entries() -> Vec<(Kind, Body)> {
    let place = Place { lat_e7: 366_512_000, lng_e7: 1_171_205_000, accuracy_m: 12, mock: false };
    let signature = Signature {
        name: "王工".into(),
        strokes: Hash([0x5a; 32]),
        score: 5,
        comment: "".into(),
        order_heads: vec![Hash([1; 32])],
        visit_heads: vec![Hash([2; 32])],
        digest: Hash([3; 32]),
        lang: Lang::Zh,
        typed: None,
    };
    let receipt_no = || String::from("R000042");
    let samples = vec![
        Body::Set { field: "fault_cause".into(), value: "密封圈老化".into() },
        Body::Void { target: entry_id(1), reason: "记错了工单".into() },
        Body::Register { channel: Channel::Phone, fault_code: "F12".into(), fault: "漏油".into() },
        Body::Contact { outcome: Reach::Reached, note: "".into(), appointment: Some(Millis(NOW + 3_600_000)) },
        Body::Rebook { appointment: Millis(NOW + 7_200_000), reason: "客户停产检修".into() },
        Body::HandBack { reason: "与另一单冲突".into() },
        Body::Toolkit { missing: vec!["扭力扳手".into()] },
        Body::Repair { receipt_no: receipt_no(), minutes: 90, note: "换轴承".into() },
        Body::ReturnItem { receipt_no: receipt_no() },
        Body::FollowUp { note: "运行正常".into() },
        Body::Depart {},
        Body::Arrive { place: Some(place) },
        Body::Leave { result: VisitResult::Fixed },
        Body::UsePart {
            part_no: "P-301".into(),
            name: "密封圈".into(),
            qty: 2,
            unit_price: 4_500,
            billable: true,
            old_serial: None,
            new_serial: Some("SN-88".into()),
        },
        Body::Charge {
            item: "上门费".into(), amount: 20_000, method: PayMethod::Cash, receipt_no: Some(receipt_no())
        },
        Body::TakeBack { item: "油泵".into(), serial: "SN-12".into(), receipt_no: receipt_no() },
        Body::Photo { blob: Hash([0x77; 32]), caption: "铭牌".into() },
        Body::Sign(signature),
        Body::Unsigned { reason: "负责人不在场".into() },
        Body::ClockIn { place: Some(place) },
        Body::ClockOut { place: None },
        Body::RequestLeave {
            leave: "annual".into(),
            from: day("2026-10-12"),
            to: day("2026-10-13"),
            reason: "探亲".into(),
        },
        Body::GoOut { destination: "市区采购".into(), expected_return: Millis(NOW + 7_200_000) },
        Body::Returned {},
        Body::Task { minutes: 45, note: "整理备件".into() },
        Body::ProductionPlan { week: day("2026-10-12"), text: "两班生产".into() },
        Body::StaffChange { text: "设备科长换人".into() },
        Body::Answer { field: "remark".into(), value: Value::Text("周三不在".into()), v: 1 },
        Body::Row {
            field: "plan".into(),
            cells: [("day", "2026-10-12"), ("work", "巡检")]
                .map(|(name, text)| (name.to_owned(), Value::Text(text.into())))
                .into(),
            v: 1,
        },
        Body::Submit { heads: vec![Hash([1; 32])], digest: Hash([3; 32]), v: 1, lines: vec![] },
    ];
    let kind = |body: &Body| Kind::ALL.into_iter().find(|kind| body.kind_fits(*kind)).unwrap();
    samples.into_iter().map(|body| (kind(&body), body)).collect()
}

/// Counts the types of entries: a new one doesn't compile until it is counted, and isn't counted without a sample.
pub fn entry_types(body: &Body) -> usize {
    match body {
        Body::Set { .. } | Body::Void { .. } => {}
        Body::Register { .. } | Body::Contact { .. } | Body::Rebook { .. } | Body::HandBack { .. } => {}
        Body::Toolkit { .. } | Body::Repair { .. } | Body::ReturnItem { .. } | Body::FollowUp { .. } => {}
        Body::Depart {} | Body::Arrive { .. } | Body::Leave { .. } | Body::UsePart { .. } => {}
        Body::Charge { .. } | Body::TakeBack { .. } | Body::Photo { .. } | Body::Sign(_) => {}
        Body::Unsigned { .. } | Body::ClockIn { .. } | Body::ClockOut { .. } | Body::RequestLeave { .. } => {}
        Body::GoOut { .. } | Body::Returned {} | Body::Task { .. } => {}
        Body::ProductionPlan { .. } | Body::StaffChange { .. } => {}
        Body::Answer { .. } | Body::Row { .. } | Body::Submit { .. } => {}
    }
    30
}

pub fn policy() -> Policy {
    Policy::regulations(Zone::parse("Asia/Shanghai").unwrap(), month())
}

pub fn form() -> Form {
    let form = builtin(&FormCode::parse("safety_training").unwrap()).unwrap();
    Form { version: 2, due_days: None, ..form }
}

pub fn asks() -> Vec<Ask> {
    let order = order_id();
    let reason = || String::from("重复来电");
    let attendance = header(Kind::Attendance).page();
    let replacement = Replacement { body: Body::Task { minutes: 30, note: "整理备件".into() }, at: Millis(NOW) };
    vec![
        Ask::Open {
            order,
            number: "JN000123".into(),
            customer: customer(),
            asset: Some(AssetCode::parse("A-1001").unwrap()),
            service_type: ServiceType::C,
        },
        Ask::Assign { order, to: user("u-e1") },
        Ask::AddHelper { order, helper: user("u-e2") },
        Ask::RemoveHelper { order, helper: user("u-e2") },
        Ask::Close { order },
        Ask::Reopen { order, reason: reason() },
        Ask::Cancel { order, reason: reason() },
        Ask::Inspect { order, receipt_no: "R000042".into(), pass: true },
        Ask::AcknowledgeCash { order, visit: order, charge: entry_id(7) },
        Ask::VoidReceipt { order, receipt_no: "R000042".into(), reason: reason() },
        Ask::SameAs { order, same: PageId::v7(NOW as u64, [9; 10]), reason: reason() },
        Ask::DecideLeave { page: attendance, leave: entry_id(8), approve: true, reason: "".into() },
        Ask::SignOff { person: user("u-e1"), month: month() },
        Ask::Unseal { person: user("u-e1"), month: month(), reason: "漏记一天".into() },
        Ask::EraseBlob { page: order, target: entry_id(7), blob: Hash([0x77; 32]), reason: reason() },
        Ask::Correct {
            page: attendance,
            target: entry_id(9),
            reason: "分钟数写错".into(),
            replacement: Some(replacement),
        },
        Ask::PlaceCustomer { customer: customer(), station: station(), distance_km: 320 },
        Ask::LeaseNumbers { series: Series::Receipt, count: 50 },
        Ask::Enrol { device: device("d-e1"), user: user("u-e1") },
        Ask::Revoke { device: device("d-e1"), reason: RevokeReason::Lost },
        Ask::PutPerson {
            person: Person {
                user: user("u-e1"),
                name: "李建国".into(),
                role: Role::Engineer,
                station: Some(station()),
                active: true,
            },
        },
        Ask::PutStation {
            station: Station { station: station(), name: "济南".into(), lat_e7: 366_512_000, lng_e7: 1_171_205_000 },
        },
        Ask::PutPart {
            part: Part { part_no: "P-301".into(), name: "密封圈".into(), unit_price: 4_500, active: true }
        },
        Ask::PutPolicy { policy: Box::new(policy()) },
        Ask::DecideForm {
            page: header(Kind::Record).page(),
            sending: entry_id(11),
            approve: false,
            reason: "周三排重了".into(),
        },
        Ask::PutForm { form: Box::new(form()) },
        Ask::FixByPhone { order, note: "按复位键后恢复".into() },
    ]
}

/// As [`entry_types`], for commands.
pub fn ask_types(ask: &Ask) -> usize {
    match ask {
        Ask::Open { .. } | Ask::Assign { .. } | Ask::AddHelper { .. } | Ask::RemoveHelper { .. } => {}
        Ask::Close { .. } | Ask::Reopen { .. } | Ask::Cancel { .. } | Ask::Inspect { .. } => {}
        Ask::AcknowledgeCash { .. } | Ask::VoidReceipt { .. } | Ask::SameAs { .. } => {}
        Ask::DecideLeave { .. }
        | Ask::SignOff { .. }
        | Ask::Unseal { .. }
        | Ask::Correct { .. }
        | Ask::EraseBlob { .. } => {}
        Ask::PlaceCustomer { .. } | Ask::LeaseNumbers { .. } | Ask::Enrol { .. } | Ask::Revoke { .. } => {}
        Ask::PutPerson { .. } | Ask::PutStation { .. } | Ask::PutPart { .. } | Ask::PutPolicy { .. } => {}
        Ask::DecideForm { .. } | Ask::PutForm { .. } | Ask::FixByPhone { .. } => {}
    }
    27
}

pub fn command(ask: Ask) -> Command {
    Command { id: command_id(1), ask, evidence: evidence(42), heads: vec![], after: None }
}
