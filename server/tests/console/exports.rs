//! Exports from the console: nobody takes along what he may not read, every file leaves a line, and what the page says
//! beforehand is what the file holds.

use super::desk::{Answer, Browser, Desk, fields, post};
use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use outpost_model::table::Table;
use std::io::Cursor;

fn export(desk: &Desk, browser: &Browser<'_>, chosen: &[(&str, &str)]) -> Answer {
    let page = browser.get("/exports").text;
    let csrf = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    let mut pairs = vec![("csrf", csrf), ("id", "one")];
    pairs.extend_from_slice(chosen);
    desk.send(post("/exports/file", &browser.cookie, fields(&pairs)))
}

const ALL_DAYS: [(&str, &str); 2] = [("from", ""), ("to", "")];

fn with<'a>(chosen: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    ALL_DAYS.iter().chain(chosen).copied().collect()
}

fn workbook(answer: Answer) -> Xlsx<Cursor<Vec<u8>>> {
    open_workbook_from_rs(Cursor::new(answer.bytes)).unwrap()
}

#[test]
fn nobody_takes_along_what_he_may_not_read() {
    let desk = Desk::open();
    let clerk = desk.sign_in("u-clerk");
    clerk.register("0531-80000001", "这里的");
    clerk.register("027-80000002", "那里的");
    let csv = with(&[("table", "orders"), ("format", "csv")]);
    let all = export(&desk, &clerk, &csv);
    assert_eq!((all.status, all.text.lines().count()), (200, 3), "{}", all.text);
    assert!(all.text.starts_with('\u{feff}'));

    let lead = desk.sign_in("u-lead-1");
    let his = export(&desk, &lead, &csv).text;
    assert!(his.lines().count() == 2 && his.contains(",st-1,") && !his.contains("st-2"), "{his}");
    // Whatever the form is made to say.
    let there = with(&[("table", "orders"), ("format", "csv"), ("at", "st-2")]);
    assert_eq!(export(&desk, &lead, &there).status, 404);
    assert_eq!(export(&desk, &lead, &with(&[("table", "decisions")])).status, 404);
    let cashier = desk.sign_in("u-cashier");
    assert_eq!(export(&desk, &cashier, &with(&[("table", "charges")])).status, 200);
    for table in ["attendance", "daily", "sealed", "decisions"] {
        assert_eq!(export(&desk, &cashier, &with(&[("table", table)])).status, 404, "{table}");
        assert!(!cashier.get("/exports").text.contains(&format!("value=\"{table}\"")), "{table}");
    }
    let engineer = desk.sign_in("u-e1");
    assert_eq!((engineer.get("/exports").status, engineer.get("/exports/cover").status), (404, 404));
    let forced = fields(&[("csrf", "0"), ("table", "orders")]);
    assert_eq!(desk.send(post("/exports/file", &clerk.cookie, forced)).status, 403);
    let package = export(&desk, &cashier, &[("package", "2026-10")]);
    let names = workbook(package).sheet_names();
    assert!(names.contains(&"Charges".to_owned()) && !names.iter().any(|name| name.contains("ttendance")), "{names:?}");
}

#[test]
fn every_file_leaves_a_line_and_a_choice_that_makes_no_sense_is_told_beside_its_field() {
    let desk = Desk::open();
    let hq = desk.sign_in("u-hq");
    let backwards = [("table", "orders"), ("from", "2026-10-20"), ("to", "2026-10-01")];
    let answer = export(&desk, &hq, &backwards);
    assert!(answer.status == 422 && answer.text.contains("The last day is before the first"), "{}", answer.text);
    assert_eq!(export(&desk, &hq, &[("table", "orders"), ("from", "tomorrow"), ("to", "")]).status, 422);
    let years = [("table", "attendance"), ("from", "2020-01-01"), ("to", "2026-10-01")];
    assert_eq!(export(&desk, &hq, &years).status, 422);
    assert_eq!(desk.count("select count(*) from audit where act = 'export'"), 0);
    let chosen =
        [("table", "orders"), ("format", "jsonl"), ("from", "2026-10-01"), ("to", "2026-10-31"), ("at", "st-1")];
    let columns = [("of", "orders"), ("c", "number"), ("c", "state")];
    let chosen: Vec<_> = chosen.into_iter().chain(columns).collect();
    assert_eq!(export(&desk, &hq, &chosen).status, 200);
    let lines = desk.texts("select person || ' ' || detail from audit where act = 'export'");
    assert_eq!(lines, ["u-hq orders.jsonl 2026-10-01..2026-10-31 st-1 (number, state)"]);
    let told = hq.get("/exports/progress?id=one").text;
    assert!(told.contains("\"rows\":0") && told.contains("\"done\":true"), "{told}");
    assert_eq!(desk.sign_in("u-clerk").get("/exports/progress?id=one").status, 404, "another's isn't told");
}

#[test]
fn what_the_page_says_beforehand_is_what_the_file_holds() {
    let desk = Desk::open();
    let clerk = desk.sign_in("u-clerk");
    for n in 0..3 {
        clerk.register("0531-80000001", &format!("报警 {n}"));
    }
    let page = clerk.get("/exports?table=orders").text;
    assert!(page.contains("Export XLSX · 3 rows"), "{page}");
    assert!(page.contains("2026-09-26") && page.contains("2026-10-25"), "this attendance month");
    let month = [("table", "orders"), ("from", "2026-09-26"), ("to", "2026-10-25")];
    let mut book = workbook(export(&desk, &clerk, &month));
    assert_eq!(book.sheet_names(), ["Cover", "Orders"]);
    let orders = book.worksheet_range("Orders").unwrap();
    assert_eq!(orders.height(), 4);
    let opened = Table::Orders.columns().iter().position(|column| column.name == "opened_at").unwrap() as u32;
    assert!(matches!(orders.get_value((1, opened)), Some(Data::DateTime(_))), "a moment is a moment");
    let cover: Vec<String> = book.worksheet_range("Cover").unwrap().rows().flatten().map(Data::to_string).collect();
    let seq = desk.count("select seq from tenant");
    assert!(cover.contains(&seq.to_string()) && cover.contains(&"No phone is in use.".to_owned()), "{cover:?}");
    assert!(cover.iter().any(|cell| cell == "Orders, 2026-09-26 to 2026-10-25, all stations"), "{cover:?}");
    assert!(clerk.get("/exports/cover?table=orders").text.contains("Log up to row"));
    // Before the month there was nothing.
    let early = [("table", "orders"), ("format", "csv"), ("from", "2026-08-01"), ("to", "2026-08-31")];
    assert_eq!(export(&desk, &clerk, &early).text.lines().count(), 1);
}

#[test]
fn a_month_is_taken_along_whole_with_the_sheet_that_personnel_expects() {
    let desk = Desk::open();
    let hq = desk.sign_in("u-hq");
    let mut book = workbook(export(&desk, &hq, &[("package", "2026-10")]));
    let names = book.sheet_names();
    assert_eq!(names[..2], ["Cover", "Attendance sheet"]);
    assert_eq!(names.len(), 2 + Table::ALL.iter().filter(|table| table.has_stations()).count(), "{names:?}");
    let sheet = book.worksheet_range("Attendance sheet").unwrap();
    let text = |row, column| sheet.get_value((row, column)).map(Data::to_string).unwrap_or_default();
    assert_eq!((text(0, 0), text(2, 2), text(3, 2)), ("Attendance 2026-10".into(), "26".into(), "Sa".into()));
    // Three engineers, two of the first station; the 20th hasn't ended.
    let name = [text(4, 0), text(5, 0), text(6, 0), text(7, 0)];
    assert_eq!(name, ["姓名 u-e1", "姓名 u-e2", "姓名 u-e3", ""]);
    let day = |day: u32| text(4, 2 + day);
    assert_eq!((day(23), day(24), day(25)), ("A".into(), String::new(), String::new()), "the 19th, 20th and 21st");
    let csv = with(&[("table", "attendance"), ("layout", "sheet"), ("format", "csv")]);
    let csv = export(&desk, &hq, &csv).text;
    assert!(csv.lines().next().unwrap().contains("Name,Staff no.,2026-09-26,"), "{csv}");
    assert_eq!(csv.lines().count(), 4);
}
