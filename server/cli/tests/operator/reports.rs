//! `outpost export`, `outpost verify`, `outpost rebuild`.

use super::site::Site;
use calamine::{Data, Reader, Xlsx, open_workbook};
use std::path::Path;
use std::process::Command;

#[test]
fn an_empty_company_exports_headers_and_says_how_complete_that_is() {
    let (site, _) = Site::founded();
    for (name, first) in [("orders", "number,"), ("parts", "part_no,"), ("flags", "kind,order,detail")] {
        let ran = site.run(&["export", name]);
        assert_eq!((ran.code, ran.out.lines().count()), (0, 1), "{}", ran.err);
        assert!(ran.out.starts_with(first) && ran.err.contains("0 rows, as of log row"), "{}{}", ran.out, ran.err);
        assert_eq!(site.done(&["export", name, "--format", "jsonl"]), "");
    }
}

#[test]
fn attendance_has_a_row_for_each_day_of_the_month_that_is_asked_for() {
    let (site, _) = Site::founded();
    site.done(&["station", "add", "st-1", "--name", "济南驻点"]);
    site.done(&["user", "add", "u-1", "--name", "王工", "--role", "engineer", "--station", "st-1"]);
    let file = site.path("attendance.csv");
    let out = site.done(&["export", "attendance", "--month", "2026-02", "--out", file.to_str().unwrap()]);
    assert_eq!(out, "");
    let rows = std::fs::read_to_string(&file).unwrap();
    assert_eq!(rows.lines().count(), 1 + 31);
    assert!(rows.lines().nth(1).unwrap().starts_with("u-1,2026-01-26,absent,"), "{rows}");
    let line = site.done(&["export", "attendance", "--month", "2026-02", "--format", "jsonl"]);
    let first: serde_json::Value = serde_json::from_str(line.lines().next().unwrap()).unwrap();
    assert_eq!((&first["worked_minutes"], &first["first_in"]), (&0.into(), &serde_json::Value::Null));
    assert_eq!(site.run(&["export", "attendance", "--month", "2026-13"]).code, 2);
    let nowhere = site.path("nowhere/x.csv");
    assert!(site.refused(&["export", "parts", "--out", nowhere.to_str().unwrap()]).contains("nowhere"));
}

/// A company with one engineer, whose days of an old month are all absences or rest.
fn staffed() -> Site {
    let (site, _) = Site::founded();
    site.done(&["station", "add", "st-1", "--name", "济南驻点"]);
    site.done(&["user", "add", "u-1", "--name", "王工", "--role", "engineer", "--station", "st-1"]);
    site
}

#[test]
fn a_cut_takes_days_stations_and_columns_and_excel_knows_the_characters() {
    let site = staffed();
    let days = ["export", "attendance", "--from", "2026-02-02", "--to", "2026-02-03"];
    let rows = site.done(&days);
    assert_eq!(rows.lines().skip(1).collect::<Vec<_>>(), ["u-1,2026-02-02,absent,,,,0", "u-1,2026-02-03,absent,,,,0"]);
    let some = site.done(&[&days[..], &["--columns", "status,engineer", "--station", "st-1"]].concat());
    assert_eq!(some, "status,engineer\nabsent,u-1\nabsent,u-1\n");
    let sheet = site.done(&[&days[..], &["--sheet", "--bom"]].concat());
    assert!(sheet.starts_with("\u{feff}姓名,工号,2026-02-02,2026-02-03,出勤,"), "{sheet}");
    assert!(sheet.contains("\n王工,u-1,缺,缺,0,"), "{sheet}");
    let cover = site.path("cover.txt");
    site.done(&[&days[..], &["--cover", cover.to_str().unwrap(), "--language", "en"]].concat());
    let cover = std::fs::read_to_string(cover).unwrap();
    assert!(
        cover.contains("Attendance, 2026-02-02 to 2026-02-03, all stations") && cover.contains("Chain head"),
        "{cover}"
    );

    for (wrong, said) in [
        (&["export", "orders", "--columns", "number,colour"][..], "orders has no column colour. It has number,"),
        (&["export", "orders", "--station", "st-9"], "there is no station st-9"),
        (&["export", "orders", "--from", "2026-02-03", "--to", "2026-02-02"], "--to is before --from"),
        (&["export", "orders", "--sheet"], "--sheet is for attendance"),
        (&["export", "decisions", "--station", "st-1"], "decisions are the whole company's"),
        (&["export", "orders", "--format", "jsonl", "--bom"], "--bom is for CSV"),
        (&["export", "package", "--format", "csv"], "a package is a workbook"),
        (&["export", "attendance", "--from", "2020-01-01", "--to", "2026-01-01"], "a year at a time"),
    ] {
        assert!(site.refused(wrong).contains(said), "{wrong:?}");
    }
}

#[test]
fn a_workbook_opens_with_typed_cells_sheets_by_name_and_its_cover() {
    let site = staffed();
    let file = site.path("feb.xlsx");
    site.done(&["export", "package", "--month", "2026-02", "--out", file.to_str().unwrap()]);
    let mut book: Xlsx<_> = open_workbook(&file).unwrap();
    let names = book.sheet_names();
    assert_eq!(names[..4], ["封面", "考勤表", "工单", "配件"], "{names:?}");
    let cover: Vec<String> = book.worksheet_range("封面").unwrap().rows().flatten().map(Data::to_string).collect();
    assert!(cover.iter().any(|cell| cell == "考勤，2026-01-26 至 2026-02-25，全部驻点"), "{cover:?}");
    let days = book.worksheet_range("考勤").unwrap();
    assert_eq!(days.height(), 1 + 31);
    assert!(matches!(days.get_value((1, 1)), Some(Data::DateTime(_))), "a date is a date");
    assert_eq!(days.get_value((1, 6)), Some(&Data::Float(0.0)));
    let sheet = book.worksheet_range("考勤表").unwrap();
    assert_eq!(sheet.get_value((0, 0)), Some(&Data::String("2026 年 2 月考勤表".into())));
    assert_eq!(
        (sheet.get_value((4, 0)), sheet.get_value((4, 2))),
        (Some(&Data::String("王工".into())), Some(&Data::String("缺".into())))
    );
    by_openpyxl(&file, "['封面', '考勤表', '工单', '配件']");
}

/// What another reader makes of the file, where there is one.
fn by_openpyxl(file: &Path, first: &str) {
    let script = "import sys, openpyxl\nbook = openpyxl.load_workbook(sys.argv[1])\nprint(book.sheetnames[:4])\n\
                  print(book['考勤'].freeze_panes, book['考勤'].cell(2, 2).value.year)\n";
    let ran = Command::new("python3").args(["-c", script]).arg(file).env("PYTHONIOENCODING", "utf-8").output();
    match ran {
        Ok(ran) if ran.status.success() => {
            assert_eq!(String::from_utf8_lossy(&ran.stdout), format!("{first}\nB2 2026\n"));
        }
        _ => eprintln!("not checked by openpyxl: python3 with openpyxl isn't here"),
    }
}

#[test]
fn a_sound_folder_is_said_to_be_sound_also_beside_a_running_relay() {
    let site = Site::empty();
    let relay = site.serve(&[]);
    site.done(&["station", "add", "st-1", "--name", "济南驻点"]);
    assert!(site.done(&["verify"]).contains("Sound"));
    assert!(site.done(&["rebuild"]).contains("Made anew"));
    assert!(site.done(&["verify"]).contains("Sound"));
    relay.stop();
}
