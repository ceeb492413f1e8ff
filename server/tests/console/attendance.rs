//! Attendance: whose days who sees, corrections that keep what was logged, and months that are signed off.

use super::desk::{Browser, Desk, fields, post};
use outpost_model::entry::Body;

const DAY: &str = "/attendance/u-e1/2026-10-20";

/// The engineer comes at one moment of the 20th and goes at another.
fn worked(desk: &Desk, came: &str, left: &str) {
    for (at, body) in [(came, Body::ClockIn { place: None }), (left, Body::ClockOut { place: None })] {
        desk.until(&format!("2026-10-20T{at}"));
        desk.log("u-e1", desk.own_time("u-e1", "2026-10"), &[body]);
    }
}

/// The cell of a day, as its link says it.
fn cell(browser: &Browser<'_>, person: &str, day: &str) -> String {
    let page = browser.get("/attendance?month=2026-10").text;
    let from = page.split(&format!("href=\"/attendance/{person}/{day}\" aria-label=\"")).nth(1);
    from.and_then(|rest| rest.split('"').next()).unwrap_or_else(|| panic!("no cell in {page}")).to_owned()
}

#[test]
fn a_lead_sees_his_crews_month_and_no_other_days_exist_for_him() {
    let desk = Desk::open();
    worked(&desk, "10:30", "17:40");
    desk.until("2026-10-21T09:00");
    let lead = desk.sign_in("u-lead-1");
    assert!(cell(&lead, "u-e1", "2026-10-20").contains("Late"));
    assert!(cell(&lead, "u-e1", "2026-10-21").contains("not over yet"), "a day that runs has no verdict");
    let day = lead.get(DAY).text;
    assert!(day.contains("10:30:00") && day.contains("17:40:00") && day.contains("7:10 worked"), "{day}");
    let other = desk.sign_in("u-lead-2");
    assert!(!other.get("/attendance").text.contains("姓名 u-e1"));
    assert!(!other.get("/attendance?at=st-1").text.contains("姓名 u-e1"));
    for path in ["/attendance/u-e1", DAY] {
        assert_eq!((lead.get(path).status, other.get(path).status), (200, 404), "{path}");
        assert_eq!(desk.sign_in("u-cashier").get(path).status, 404, "{path}");
    }
    let clerk = desk.sign_in("u-clerk");
    let read = clerk.get(DAY).text;
    assert!(read.contains("10:30:00") && !read.contains("<details"), "a clerk reads and corrects nothing: {read}");
    for nobody in ["/attendance/u-hq", "/attendance/nobody", "/attendance/u-e1/2026-13-01"] {
        assert_eq!(lead.get(nobody).status, 404, "{nobody}");
    }
}

#[test]
fn a_correction_keeps_the_first_entry_and_names_who_and_why() {
    let desk = Desk::open();
    worked(&desk, "10:30", "17:40");
    desk.until("2026-10-21T09:00");
    let (lead, other) = (desk.sign_in("u-lead-1"), desk.sign_in("u-lead-1b"));
    let stale = other.get(DAY).text;
    let typed = [("do", "correct"), ("at", "2026-10-20T08:25"), ("reason", "  ")];
    let unexplained = lead.file(DAY, DAY, &typed);
    assert_eq!(unexplained.status, 422);
    assert!(unexplained.text.contains("href=\"#reason\"") && unexplained.text.contains("value=\"2026-10-20T08:25\""));
    let ahead = lead.file(DAY, DAY, &[("do", "correct"), ("at", "2026-10-29T08:25"), ("reason", "手机没电")]);
    assert_eq!(ahead.status, 422);
    assert!(ahead.text.contains("That time is still to come") && ahead.text.contains("手机没电</textarea>"));
    assert!(cell(&lead, "u-e1", "2026-10-20").contains("Late"), "nothing was decided yet");
    let done = lead.file(DAY, DAY, &[("do", "correct"), ("at", "2026-10-20T08:25"), ("reason", "手机没电")]);
    assert_eq!(done.status, 303, "{}", done.text);
    let day = lead.get(DAY).text;
    assert!(
        day.contains("10:30:00") && day.contains("Corrected by 姓名 u-lead-1") && day.contains("手机没电"),
        "{day}"
    );
    assert!(cell(&lead, "u-e1", "2026-10-20").contains("Present"));
    // The other lead's page was drawn before: one decision, and he is told who and when.
    let late = other.file_as(&stale, DAY, &[("do", "void"), ("reason", "重复")]);
    assert_eq!(late.status, 409);
    assert!(
        late.text.contains("姓名 u-lead-1 decided first, 09:00") && late.text.contains("重复</textarea>"),
        "{}",
        late.text
    );
    assert_eq!(desk.count("select count(*) from answer where question like 'entry:%'"), 1);
    // Over what stands now, the same wish is a decision like any other.
    assert_eq!(other.file(DAY, DAY, &[("do", "void"), ("reason", "重复")]).status, 303);
    assert!(cell(&lead, "u-e1", "2026-10-20").contains("Clock missing"));
    let day = lead.get(DAY).text;
    assert!(day.contains("Voided by 姓名 u-lead-1b") && day.contains("No clock-in"), "{day}");
}

#[test]
fn a_month_is_signed_off_from_its_closing_day_and_what_changes_later_is_a_second_revision() {
    let desk = Desk::open();
    worked(&desk, "10:30", "17:40");
    desk.until("2026-10-21T09:00");
    let lead = desk.sign_in("u-lead-1");
    assert!(lead.get("/attendance").text.contains("Can be signed off from 10-26"));
    let csrf = lead.get(DAY).text.split("name=\"csrf\" value=\"").nth(1).unwrap()[..64].to_owned();
    let id = desk.command().to_string();
    let early = [("csrf", csrf.as_str()), ("id", &id), ("do", "sign"), ("month", "2026-10"), ("after", "none")];
    let early = desk.send(post("/attendance/u-e1/seal", &lead.cookie, fields(&early)));
    assert_eq!(early.status, 422);
    assert!(early.text.contains("Can be signed off from 10-26"), "{}", early.text);

    desk.until("2026-10-26T09:00");
    let (lead, other) = (desk.sign_in("u-lead-1"), desk.sign_in("u-lead-1b"));
    let (month, seal) = ("/attendance/u-e1?month=2026-10", "/attendance/u-e1/seal");
    let stale = other.get(month).text;
    assert!(stale.contains("Absent × "), "what is open is said: {stale}");
    let signed = lead.file("/attendance?month=2026-10", seal, &[("do", "sign")]);
    assert_eq!((signed.status, signed.location.as_str()), (303, "/attendance?month=2026-10&done=sealed"));
    assert!(lead.get("/attendance?month=2026-10").text.contains("Revision 1 · signed off by 姓名 u-lead-1, 09:00"));
    let again = other.file_as(&stale, seal, &[("do", "sign")]);
    assert!(again.location.ends_with("done=already"), "{}", again.location);
    assert_eq!(desk.count("select count(*) from answer where question like 'month:%'"), 1);

    // The 20th reads differently now.
    assert_eq!(
        lead.file(DAY, DAY, &[("do", "correct"), ("at", "2026-10-20T08:25"), ("reason", "手机没电")]).status,
        303
    );
    assert!(cell(&lead, "u-e1", "2026-10-20").contains("changed since signed off"));
    let page = lead.get(month).text;
    assert!(page.contains("10-20: Late 10:30–17:40 → Present 08:25–17:40"), "{page}");
    let second = lead.file(month, seal, &[("do", "sign")]);
    assert_eq!(second.status, 303, "{}", second.text);
    let page = lead.get(month).text;
    assert!(page.contains("Revision 2 · signed off by 姓名 u-lead-1"), "{page}");
    assert!(page.contains("10-20: Late 10:30–17:40 → Present 08:25–17:40"), "the second says what it changed: {page}");

    let why = lead.file(month, seal, &[("do", "unseal"), ("reason", "")]);
    assert_eq!(why.status, 422);
    assert!(why.text.contains("reason-problem") && why.text.contains("<details class=\"act\" open>"), "{}", why.text);
    assert_eq!(lead.file(month, seal, &[("do", "unseal"), ("reason", "补录")]).status, 303);
    assert!(lead.get(month).text.contains("Sign off revision 3"), "numbers go on");
}

#[test]
fn nobody_corrects_or_signs_off_his_own_month() {
    let desk = Desk::open();
    let entry = desk.log("u-lead-1", desk.own_time("u-lead-1", "2026-10"), &[Body::ClockIn { place: None }])[0];
    desk.until("2026-10-26T09:00");
    let lead = desk.sign_in("u-lead-1");
    let (month, day) = ("/attendance/u-lead-1?month=2026-10", "/attendance/u-lead-1/2026-10-20");
    for path in [month, day] {
        let page = lead.get(path);
        assert_eq!(page.status, 200);
        assert!(!page.text.contains("value=\"sign\"") && !page.text.contains("value=\"void\""), "{}", page.text);
    }
    let csrf = lead.get(day).text.split("name=\"csrf\" value=\"").nth(1).unwrap()[..64].to_owned();
    let (id, entry, page) = (desk.command().to_string(), entry.to_string(), "00000000-0000-0000-0000-000000000000");
    let common = [("csrf", csrf.as_str()), ("id", id.as_str()), ("after", "none"), ("reason", "为我自己")];
    for (path, more) in [
        ("/attendance/u-lead-1/seal", vec![("do", "sign"), ("month", "2026-10")]),
        (day, vec![("do", "void"), ("target", entry.as_str()), ("page", page)]),
    ] {
        let forced: Vec<(&str, &str)> = common.iter().copied().chain(more).collect();
        assert_eq!(desk.send(post(path, &lead.cookie, fields(&forced))).status, 403, "{path}");
    }
    // The other lead of the station may.
    assert_eq!(desk.sign_in("u-lead-1b").file(month, "/attendance/u-lead-1/seal", &[("do", "sign")]).status, 303);
}

#[test]
fn a_day_of_leave_shows_what_was_asked_and_what_became_of_it() {
    let desk = Desk::open();
    let day = |text| outpost_model::time::Day::parse(text).unwrap();
    let asked = Body::RequestLeave {
        leave: "sick".into(),
        from: day("2026-10-22"),
        to: day("2026-10-23"),
        reason: "发烧".into(),
    };
    desk.log("u-e1", desk.own_time("u-e1", "2026-10"), &[asked]);
    desk.until("2026-10-24T09:00");
    let lead = desk.sign_in("u-lead-1");
    assert_eq!(cell(&lead, "u-e1", "2026-10-22"), "姓名 u-e1, 10-22, Absent, leave asked for");
    let page = lead.get("/attendance/u-e1/2026-10-22").text;
    let leave = page.split("href=\"/leave/").nth(1).and_then(|rest| rest.split('?').next()).unwrap();
    let path = format!("/leave/{leave}");
    assert_eq!(lead.file(&path, &path, &[("answer", "approve")]).status, 303);
    assert_eq!(cell(&lead, "u-e1", "2026-10-22"), "姓名 u-e1, 10-22, Leave");
    assert!(lead.get("/attendance/u-e1/2026-10-23").text.contains("姓名 u-lead-1 09:00 approved"));
}
