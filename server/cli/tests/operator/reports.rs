//! `outpost export`, `outpost verify`, `outpost rebuild`.

use super::site::Site;

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
