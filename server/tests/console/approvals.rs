//! Approvals: what wants a yes or no from whom, and where it stands once somebody has given it.

use super::desk::{Desk, tenant, user};
use outpost_model::admission::PageIndex;
use outpost_model::entry::{Body, Value};
use outpost_model::header::{Header, RecordKey, Subject};
use outpost_model::id::{DeviceId, FormCode};
use outpost_model::signature::{covered, sent};
use outpost_model::time::Day;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn ask_for_leave(desk: &Desk, person: &str, from: &str) {
    let body =
        Body::RequestLeave { leave: "annual".into(), from: day(from), to: day(from), reason: "家里有事".into() };
    desk.log(person, desk.own_time(person, "2026-10"), &[body]);
}

#[test]
fn leave_waits_for_its_lead_and_once_decided_the_other_is_told_who_and_when() {
    let desk = Desk::open();
    ask_for_leave(&desk, "u-e1", "2026-10-28");
    let (lead, other) = (desk.sign_in("u-lead-1"), desk.sign_in("u-lead-1b"));
    let page = lead.get("/approvals").text;
    assert!(page.contains("姓名 u-e1 asks for leave 10-28") && page.contains("家里有事"), "{page}");
    assert!(page.contains("<b class=\"badge\">1</b>"), "the rail counts it: {page}");
    assert!(!desk.sign_in("u-lead-2").get("/approvals").text.contains("u-e1"), "another station's is not his");
    let stale = other.get("/approvals").text;
    let path = page.split("action=\"/leave/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let path = format!("/leave/{path}");
    desk.after(4);
    let returned = lead.file(&path, &path, &[("answer", "return"), ("own", "那天要去客户那里")]);
    assert_eq!(returned.status, 303, "{}", returned.text);
    let late = other.file_as(&stale, &path, &[("answer", "approve")]);
    assert_eq!(late.status, 409);
    assert!(late.text.contains("姓名 u-lead-1 decided first, 09:04"), "{}", late.text);
    assert!(lead.get("/approvals").text.contains("Nothing wants your yes or no"));
    let decided = lead.get("/approvals/decided").text;
    assert!(decided.contains("Leave returned: 那天要去客户那里") && decided.contains("姓名 u-lead-1"), "{decided}");
    assert!(!desk.sign_in("u-lead-2").get("/approvals/decided").text.contains("u-e1"));
}

/// A weekly plan with one line, sent.
fn send_plan(desk: &Desk, work: &str) {
    let form = FormCode::parse("weekly_plan").unwrap();
    let subject = Subject::Record { person: user("u-e1"), form, key: RecordKey::Period(day("2026-10-26")) };
    let cells = [("day", "2026-10-26"), ("work", work)].map(|(name, text)| (name.to_owned(), Value::Text(text.into())));
    let row = Body::Row { field: "plan".into(), cells: cells.into(), v: 1 };
    desk.write("u-e1", subject.clone(), &[row]);
    let mut index = PageIndex::new(Header::new(tenant(), subject.clone()));
    let device = DeviceId::parse("console.u-e1").unwrap();
    let page = Header::new(tenant(), subject.clone()).page();
    let sql = format!("select seq from log where kind = 'change' and hex(page) = '{}' order by seq", hex(&page.0));
    for seq in desk.numbers(&sql) {
        let raw = desk.relay.row_bytes(seq).unwrap().unwrap();
        let examined = index.examine(&raw, &device).unwrap();
        index.admit(examined);
    }
    let heads = index.heads();
    let digest = sent(&covered(&index, &heads));
    desk.write("u-e1", subject, &[Body::Submit { heads, digest, v: 1, lines: Vec::new() }]);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

#[test]
fn a_plan_waits_for_headquarters_and_comes_back_with_a_reason() {
    let desk = Desk::open();
    send_plan(&desk, "巡检两台除尘器");
    let (hq, lead) = (desk.sign_in("u-hq"), desk.sign_in("u-lead-1"));
    let page = hq.get("/approvals").text;
    assert!(page.contains("姓名 u-e1 · Weekly plan 10-26"), "{page}");
    let path = page.split("href=\"/forms/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let path = format!("/forms/{path}");
    let filled = hq.get(&path).text;
    assert!(filled.contains("巡检两台除尘器") && filled.contains("2026-10-26"), "{filled}");
    // His lead may read it; the word is headquarters'.
    assert!(!lead.get("/approvals").text.contains("Weekly plan"));
    let read = lead.get(&path);
    assert!(read.status == 200 && !read.text.contains("value=\"approve\""), "{}", read.text);
    assert_eq!(desk.sign_in("u-lead-2").get(&path).status, 404);

    let unexplained = hq.file(&path, &path, &[("answer", "return"), ("reason", "")]);
    assert_eq!(unexplained.status, 422);
    assert!(unexplained.text.contains("reason-problem"), "{}", unexplained.text);
    assert_eq!(hq.file(&path, &path, &[("answer", "return"), ("reason", "写上客户")]).status, 303);
    assert!(!hq.get("/approvals").text.contains("Weekly plan"), "it waits for its author now");
    assert!(lead.get(&path).text.contains("returned: 写上客户"));
    desk.after(10);
    send_plan(&desk, "石家庄钢铁：巡检两台除尘器");
    let again = hq.get(&path).text;
    assert!(again.contains("Revision 2") && again.contains("石家庄钢铁") && again.contains("Sent before"), "{again}");
    assert_eq!(hq.file(&path, &path, &[("answer", "approve"), ("reason", "")]).status, 303);
    assert!(hq.get("/approvals/decided").text.contains("Form approved"));
}
