use super::bench::Bench;

const PLACE: &str = r#""lat": 1, "lng": 1, "accuracy_m": 1"#;

/// e1's row of the 12th (a Monday) or the 13th (a holiday).
fn row(b: &mut Bench, day: &str) -> String {
    b.sync("10-16 09:00:00", "d1");
    let text = b.expected().attendance;
    let start = format!("e1,2026-10-{day},");
    text.lines()
        .find_map(|line| line.strip_prefix(&start))
        .expect("a row for each engineer and day")
        .replace("2026-10-", "")
}

fn day(ins: &[&str], outs: &[&str]) -> Bench {
    let mut b = Bench::new();
    for at in ins {
        b.line(at, "d1", "clock_in", PLACE);
    }
    for at in outs {
        b.line(at, "d1", "clock_out", PLACE);
    }
    b
}

#[test]
fn grace_is_to_the_second() {
    let cases = [
        ("08:40:00", "17:20:00", "present,,12T08:40:00+08:00,12T17:20:00+08:00,520"),
        ("08:40:01", "17:20:00", "late,,12T08:40:01+08:00,12T17:20:00+08:00,520"),
        ("08:40:00", "17:19:59", "left_early,,12T08:40:00+08:00,12T17:19:59+08:00,520"),
        ("08:40:01", "17:19:59", "late,,12T08:40:01+08:00,12T17:19:59+08:00,520"),
        ("08:30:00", "17:30:30", "present,,12T08:30:00+08:00,12T17:30:30+08:00,540"),
        ("08:30:30", "17:32:00", "present,,12T08:30:30+08:00,12T17:32:00+08:00,542"),
    ];
    for (first_in, last_out, expected) in cases {
        assert_eq!(row(&mut day(&[first_in], &[last_out]), "12"), expected);
    }
}

#[test]
fn first_in_and_last_out_count() {
    let mut b = day(&["09:30:00", "08:20:00"], &["12:00:00", "18:00:00"]);
    assert_eq!(row(&mut b, "12"), "present,,12T08:20:00+08:00,12T18:00:00+08:00,580");
}

#[test]
fn an_out_before_the_in_is_no_work() {
    assert_eq!(row(&mut day(&["08:35:00"], &["08:00:00"]), "12"), "left_early,,12T08:35:00+08:00,12T08:00:00+08:00,0");
}

#[test]
fn an_out_after_midnight_belongs_to_the_next_day() {
    let mut b = day(&["08:30:00"], &["10-13 00:30:00"]);
    assert_eq!(row(&mut b, "12"), "incomplete,,12T08:30:00+08:00,,0");
    assert_eq!(row(&mut b, "13"), "incomplete,,,13T00:30:00+08:00,0");
}

#[test]
fn days_off_are_rest_or_overtime_and_working_days_without_events_absence() {
    assert_eq!(row(&mut day(&[], &[]), "12"), "absent,,,,0");
    assert_eq!(row(&mut day(&[], &[]), "13"), "rest,,,,0");
    let mut b = day(&["10-13 11:00:00"], &["10-13 12:00:00"]);
    assert_eq!(row(&mut b, "13"), "overtime,,13T11:00:00+08:00,13T12:00:00+08:00,60");
}

fn ask(b: &mut Bench, leave: &str, kind: &str) {
    let fields =
        format!(r#""leave": "{leave}", "kind": "{kind}", "from": "2026-10-12", "to": "2026-10-13", "reason": """#);
    b.line("10-11 18:00:00", "d1", "request_leave", &fields).sync("10-11 18:01:00", "d1");
}

fn decide(b: &mut Bench, at: &str, by: &str, leave: &str, approve: bool) {
    b.line(at, by, "decide_leave", &format!(r#""leave": "{leave}", "approve": {approve}"#));
}

#[test]
fn an_approved_leave_excuses_working_days_and_is_named_on_all() {
    let mut b = Bench::new();
    ask(&mut b, "L", "sick");
    assert_eq!(row(&mut b, "12"), "absent,,,,0");
    decide(&mut b, "10-11 19:00:00", "lead", "L", true);
    assert_eq!((row(&mut b, "12"), row(&mut b, "13")), ("leave,sick,,,0".into(), "rest,sick,,,0".into()));
    b.line("08:30:00", "d1", "clock_in", PLACE).line("17:30:00", "d1", "clock_out", PLACE);
    assert_eq!(row(&mut b, "12"), "present,sick,12T08:30:00+08:00,12T17:30:00+08:00,540");
}

#[test]
fn the_later_decision_counts_and_only_theirs_who_may() {
    let mut b = Bench::new();
    ask(&mut b, "L", "sick");
    for by in ["clerk", "lead9", "d1", "d2"] {
        decide(&mut b, "10-11 19:00:00", by, "L", true);
    }
    b.sync("10-11 19:30:00", "d2");
    assert_eq!(row(&mut b, "12"), "absent,,,,0");
    decide(&mut b, "10-11 20:00:00", "lead", "L", true);
    assert_eq!(row(&mut b, "12"), "leave,sick,,,0");
    decide(&mut b, "10-11 21:00:00", "hq", "L", false);
    assert_eq!(row(&mut b, "12"), "absent,,,,0");
}

#[test]
fn of_overlapping_leaves_the_latest_decided_is_named() {
    let mut b = Bench::new();
    ask(&mut b, "L1", "annual");
    ask(&mut b, "L2", "sick");
    decide(&mut b, "10-11 20:00:00", "lead", "L2", true);
    decide(&mut b, "10-11 21:00:00", "lead", "L1", true);
    assert_eq!(row(&mut b, "12"), "leave,annual,,,0");
}
