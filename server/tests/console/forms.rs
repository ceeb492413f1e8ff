//! Forms: what comes back, what counts once, and what two people do at once.

use super::desk::{Desk, fields, post};

#[test]
fn a_wrong_password_gives_the_number_back_and_never_the_password() {
    let desk = Desk::open();
    let answer = desk.send(post("/sign-in", "", fields(&[("user", "u-hq"), ("password", "wrong horse"), ("to", "/")])));
    assert_eq!(answer.status, 401);
    assert!(answer.text.contains("value=\"u-hq\"") && !answer.text.contains("wrong horse"), "{}", answer.text);
    let empty = desk.send(post("/sign-in", "outpost_lang=en", fields(&[("user", ""), ("password", "")])));
    assert_eq!(empty.status, 422);
    assert!(empty.text.contains("id=\"user-problem\"") && empty.text.contains("id=\"password-problem\""));
    assert_eq!(desk.texts("select act from audit order by id"), ["wrong_password"]);
}

#[test]
fn a_call_that_lacks_something_comes_back_with_the_field_named_and_what_was_typed() {
    let desk = Desk::open();
    let clerk = desk.sign_in("u-clerk");
    let page = clerk.get("/orders/new?phone=80000001").text;
    assert!(page.contains("青岛化工") && page.contains("SN0203"), "the number finds customer and unit: {page}");
    let typed = [
        ("phone", "0531-80000001"),
        ("fault", ""),
        ("remark", "<急> & 快"),
        ("channel", "phone"),
        ("type", "C"),
        ("do", "register"),
    ];
    let answer = clerk.file_as(&page, "/orders/new", &typed);
    assert_eq!(answer.status, 422);
    assert!(answer.text.contains("id=\"fault-problem\""), "{}", answer.text);
    assert!(answer.text.contains("href=\"#fault\""), "the list on top leads to the field");
    assert!(answer.text.contains("&#60;急&#62; &#38; 快"), "what was typed is kept, as text: {}", answer.text);
    assert_eq!(desk.count("select count(*) from service_call"), 0);
}

#[test]
fn a_form_that_is_sent_twice_is_one_act() {
    let desk = Desk::open();
    let clerk = desk.sign_in("u-clerk");
    let page = clerk.get("/orders/new?phone=0531-80000001").text;
    let typed =
        [("phone", "0531-80000001"), ("fault", "报警"), ("channel", "phone"), ("type", "C"), ("do", "register")];
    let first = clerk.file_as(&page, "/orders/new", &typed);
    let again = clerk.file_as(&page, "/orders/new", &typed);
    assert_eq!((first.status, again.status), (303, 303), "{}", again.text);
    assert_eq!(first.location.split('?').next(), again.location.split('?').next());
    assert_eq!(desk.count("select count(*) from service_call"), 1);
}

#[test]
fn of_two_leads_who_dispatch_one_decides_and_the_other_is_told_who_and_when() {
    let desk = Desk::open();
    let order = desk.sign_in("u-clerk").register("0531-80000001", "报警 E204");
    let (one, other) = (desk.sign_in("u-lead-1"), desk.sign_in("u-lead-1b"));
    let sheet = format!("{order}/dispatch");
    let shown = other.get(&sheet).text;
    desk.after(5);
    let first = one.file(&sheet, &sheet, &[("to", "u-e1")]);
    assert_eq!(first.status, 303, "{}", first.text);
    let late = other.file_as(&shown, &sheet, &[("to", "u-e2")]);
    assert_eq!(late.status, 409);
    assert!(late.text.contains("姓名 u-lead-1 decided first, 09:05"), "{}", late.text);
    assert!(late.text.contains("value=\"u-e2\" checked"), "what was chosen is kept");
    assert_eq!(desk.count("select count(*) from answer where question = 'assignment'"), 1);
    // Over what stands now, the same wish is a decision like any other.
    assert_eq!(other.file(&sheet, &sheet, &[("to", "u-e2")]).status, 303);
}

#[test]
fn a_stale_page_overwrites_nothing() {
    let desk = Desk::open();
    let clerk = desk.sign_in("u-clerk");
    let order = clerk.register("0531-80000001", "报警");
    let lead = desk.sign_in("u-lead-1");
    let (act, typed) = (format!("{order}/do"), [("do", "edit"), ("field", "remark"), ("value", "后来的")]);
    let stale = lead.get(&order).text;
    desk.after(3);
    let saved = clerk.file(&order, &act, &[("do", "edit"), ("field", "remark"), ("value", "先到的")]);
    assert_eq!(saved.status, 303, "{}", saved.text);
    let refused = lead.file_as(&stale, &act, &typed);
    assert_eq!(refused.status, 409);
    assert!(refused.text.contains("姓名 u-clerk changed this"), "{}", refused.text);
    assert!(refused.text.contains("value=\"后来的\"") && refused.text.contains("先到的"), "both are on the page");
    assert!(lead.get(&order).text.contains("先到的"));
}

#[test]
fn an_order_is_rebooked_filed_reopened_and_cancelled_each_with_its_reason() {
    let desk = Desk::open();
    let lead = desk.sign_in("u-lead-1");
    let order = lead.register("0531-80000001", "报警");
    let act = format!("{order}/do");
    let file = |typed: &[(&str, &str)]| lead.file(&order, &act, typed);
    let past = file(&[("do", "rebook"), ("at", "2026-10-19T09:00"), ("reason", "客户停机")]);
    assert_eq!(past.status, 422);
    assert!(past.text.contains("That time has passed") && past.text.contains("客户停机"), "{}", past.text);
    assert_eq!(file(&[("do", "rebook"), ("at", "2026-10-21T09:00"), ("reason", "客户停机")]).status, 303);
    assert_eq!(file(&[("do", "file")]).status, 303);
    assert!(lead.get(&order).text.contains("Closed"));
    let unexplained = file(&[("do", "reopen"), ("reason", " ")]);
    assert_eq!(unexplained.status, 422);
    assert!(unexplained.text.contains("reason-reopen-problem"));
    assert_eq!(file(&[("do", "reopen"), ("reason", "又坏了")]).status, 303);
    assert_eq!(file(&[("do", "cancel"), ("reason", "误报")]).status, 303);
    assert!(lead.get(&order).text.contains("Cancelled"));
    let acts = desk.texts("select detail from audit where act = 'decision' order by id");
    assert_eq!(acts.len(), 4, "opened, filed, reopened, cancelled: {acts:?}");
}

#[test]
fn a_call_mended_by_telephone_is_registered_so_and_asked_about_a_day_later() {
    let desk = Desk::open();
    let clerk = desk.sign_in("u-clerk");
    let page = clerk.get("/orders/new?phone=0531-80000001").text;
    let mut typed = vec![
        ("phone", "0531-80000001"),
        ("fault", "误动作"),
        ("channel", "phone"),
        ("type", "C"),
        ("do", "fixed"),
        ("fix_note", ""),
    ];
    let unexplained = clerk.file_as(&page, "/orders/new", &typed);
    assert!(unexplained.status == 422 && unexplained.text.contains("id=\"fix_note-problem\""), "{}", unexplained.text);
    assert_eq!(desk.count("select count(*) from service_call"), 0);
    typed.pop();
    typed.push(("fix_note", "按复位键后恢复"));
    for _ in 0..2 {
        let done = clerk.file_as(&page, "/orders/new", &typed);
        assert!(done.status == 303 && done.location.ends_with("done=phone_fixed"), "{}", done.text);
    }
    assert_eq!(desk.count("select count(*) from answer where question = 'phone_fix'"), 1);
    assert_eq!(desk.texts("select state from order_row"), ["finished"]);
    assert!(!clerk.get("/today").text.contains("Follow up: 青岛化工"), "not before its time");
    desk.clock.advance(outpost_model::time::Millis::hours(25));
    let (clerk, other) = (desk.sign_in("u-clerk"), desk.sign_in("u-lead-2"));
    assert!(clerk.get("/today").text.contains("Follow up: 青岛化工"));
    assert!(!other.get("/today").text.contains("青岛化工"), "another station's");
    let order = clerk.get("/orders?state=all").text;
    let order = order.split("href=\"/orders/0").nth(1).unwrap().split('"').next().unwrap();
    let order = format!("/orders/0{order}");
    assert!(clerk.get(&order).text.contains("按复位键后恢复"));
    let asked = [("do", "follow_up"), ("note", "一直正常")];
    assert_eq!(clerk.file(&order, &format!("{order}/do"), &asked).status, 303);
    assert!(!clerk.get("/today").text.contains("Follow up: 青岛化工"));
}

#[test]
fn the_desk_mends_an_order_by_telephone_until_somebody_is_sent() {
    let desk = Desk::open();
    let lead = desk.sign_in("u-lead-1");
    let order = lead.register("0531-80000001", "报警");
    let act = format!("{order}/do");
    let unexplained = lead.file(&order, &act, &[("do", "phone_fix"), ("fix_note", "")]);
    assert!(unexplained.status == 422 && unexplained.text.contains("id=\"fix_note-problem\""), "{}", unexplained.text);
    assert_eq!(lead.file(&order, &act, &[("do", "phone_fix"), ("fix_note", "复位")]).status, 303);
    let page = lead.get(&order).text;
    assert!(page.contains("Fixed by telephone: 复位") && page.contains("id=\"follow-up\""), "{page}");
    assert_eq!(desk.texts("select state from order_row"), ["finished"]);
    assert_eq!(lead.file(&format!("{order}/dispatch"), &format!("{order}/dispatch"), &[("to", "u-e1")]).status, 303);
    assert_eq!(desk.texts("select state from order_row"), ["replied"]);
}
