use super::bench::{Bench, rows};

#[test]
fn a_row_from_opening_to_signature() {
    let mut b = Bench::new();
    b.dispatched("c-300");
    b.line("08:30:00", "d1", "contact", r#""order": "W", "outcome": "reached", "note": """#);
    b.visit("09:00:00", "d1", "depart", "V").visit("09:30:00", "d1", "arrive", "V");
    b.visit("09:40:00", "d1", "use_part", "V");
    b.line(
        "09:41:00",
        "d1",
        "charge",
        r#""order": "W", "visit": "V", "item": "", "amount": 7, "method": "cash", "receipt_no": "R""#,
    );
    b.visit("10:00:00", "d1", "leave", "V").visit("10:01:00", "d1", "sign", "V").sync("10:05:00", "d1");
    assert_eq!(
        rows(&b.expected().orders),
        "W,A,c-300,a,st-1,e1,signed,2026-10-12T08:00:00+08:00,2026-10-12T08:30:00+08:00,2026-10-12T09:30:00+08:00,,\
         0,0,1,30,100,107,4,1\n"
    );
    assert_eq!(rows(&b.expected().parts), "P,n,2,100\n");
    assert_eq!(rows(&b.expected().daily), "e1,2026-10-12,1,30,0,0,0\n");
    assert_eq!(b.flags(), "");
}

#[test]
fn what_was_never_sent_is_in_no_row() {
    let mut b = Bench::new();
    b.dispatched("c-300").visit("09:00:00", "d1", "depart", "V").visit("09:30:00", "d1", "arrive", "V");
    assert_eq!(b.order("state"), "assigned");
    b.line("09:40:00", "hq", "revoke", r#""device": "d1", "reason": "lost""#);
    b.line("09:50:00", "d1", "sync", r#""expect": "refused""#);
    assert_eq!(b.order("state"), "assigned");
    assert_eq!(b.order("visits"), "0");
}

#[test]
fn arrival_at_the_limit_is_in_time_for_every_distance() {
    let limits = [
        ("c-300", "10-13 08:00:00", "10-13 08:00:01"),
        ("c-301", "10-14 08:00:00", "10-14 08:00:01"),
        ("c-1000", "10-14 08:00:00", "10-14 08:00:01"),
        ("c-1001", "10-15 08:00:00", "10-15 08:00:01"),
    ];
    for (customer, in_time, late) in limits {
        for (at, expected) in [(in_time, "0"), (late, "1")] {
            let mut b = Bench::new();
            b.dispatched(customer).visit(at, "d1", "arrive", "V").sync("10-16 08:00:00", "d1");
            assert_eq!(b.order("arrival_late"), expected, "{customer} at {at}");
        }
    }
}

#[test]
fn no_answer_is_no_reply_and_a_fix_by_telephone_is() {
    let contact = |outcome: &str| format!(r#""order": "W", "outcome": "{outcome}", "note": """#);
    let mut b = Bench::new();
    b.dispatched("c-300").line("09:00:00", "d1", "contact", &contact("no_answer")).sync("09:10:00", "d1");
    assert_eq!(
        (b.order("replied_at"), b.order("state"), b.order("reply_late")),
        (String::new(), "assigned".into(), "0".into())
    );
    b.line("10-13 08:00:01", "d1", "contact", &contact("remote_fixed")).sync("10-13 08:10:00", "d1");
    assert_eq!(b.order("replied_at"), "2026-10-13T08:00:01+08:00");
    assert_eq!((b.order("state"), b.order("reply_late")), ("finished".into(), "1".into()));
}

#[test]
fn minutes_are_rounded_visit_by_visit() {
    let mut b = Bench::new();
    b.dispatched("c-300");
    b.visit("09:00:00", "d1", "arrive", "V1").visit("09:00:30", "d1", "leave", "V1");
    b.visit("10:00:00", "d1", "arrive", "V2").visit("10:01:30", "d1", "leave", "V2");
    b.visit("11:00:00", "d1", "arrive", "V3").visit("10:59:00", "d1", "leave", "V3");
    b.sync("12:00:00", "d1");
    assert_eq!(
        (b.order("labour_minutes"), b.order("visits"), b.order("first_time_fix")),
        ("2".into(), "3".into(), "0".into())
    );
    assert_eq!(rows(&b.expected().daily), "e1,2026-10-12,3,2,0,0,0\n");
}

#[test]
fn a_visit_is_his_who_arrived_first_and_ends_with_the_last_leave() {
    let mut b = Bench::new();
    b.dispatched("c-300")
        .line("08:03:00", "lead", "assign_helper", r#""order": "W", "to": "e2""#)
        .sync("08:04:00", "d2");
    b.visit("09:00:00", "d1", "depart", "V")
        .visit("09:10:00", "d2", "arrive", "V")
        .visit("09:20:00", "d1", "arrive", "V");
    b.visit("10:00:00", "d2", "leave", "V").visit("10:10:00", "d1", "leave", "V");
    b.sync("11:00:00", "d1").sync("11:01:00", "d2");
    assert_eq!(rows(&b.expected().daily), "e2,2026-10-12,1,60,0,0,0\n");
    assert_eq!(b.order("first_time_fix"), "1");
}

#[test]
fn a_leave_without_arrival_finishes_the_order_but_is_nobodys_visit() {
    let mut b = Bench::new();
    b.dispatched("c-300")
        .visit("09:00:00", "d1", "depart", "V")
        .visit("09:40:00", "d1", "leave", "V")
        .sync("10:00:00", "d1");
    assert_eq!(
        (b.order("state"), b.order("visits"), b.order("first_time_fix")),
        ("finished".into(), "0".into(), "0".into())
    );
    assert_eq!(rows(&b.expected().daily), "");
}

#[test]
fn goods_are_in_custody_until_every_receipt_is_returned() {
    let take_back = |n: u8| format!(r#""order": "W", "visit": "V", "item": "", "serial": "", "receipt_no": "K{n}""#);
    let mut b = Bench::new();
    b.dispatched("c-300").visit("09:00:00", "d1", "arrive", "V");
    b.line("09:10:00", "d1", "take_back", &take_back(1)).line("09:11:00", "d1", "take_back", &take_back(2));
    b.visit("09:30:00", "d1", "sign", "V").line("09:40:00", "d1", "return_item", r#""order": "W", "receipt_no": "K1""#);
    b.sync("09:50:00", "d1");
    assert_eq!(b.order("state"), "in_custody");
    b.line("10:40:00", "d1", "return_item", r#""order": "W", "receipt_no": "K2""#).sync("10:50:00", "d1");
    assert_eq!(b.order("state"), "signed");
    b.line("11:00:00", "clerk", "close", r#""order": "W""#).line("12:00:00", "hq", "close", r#""order": "W""#);
    assert_eq!((b.order("state"), b.order("closed_at")), ("closed".into(), "2026-10-12T11:00:00+08:00".into()));
}

#[test]
fn bench_repair_and_tasks_stand_in_the_daily_report_of_their_day() {
    let mut b = Bench::new();
    b.dispatched("c-300")
        .line("08:05:00", "lead", "assign_helper", r#""order": "W", "to": "e2""#)
        .sync("08:06:00", "d2");
    b.line("10-13 07:00:00", "d2", "repair", r#""order": "W", "receipt_no": "K", "minutes": 40, "note": """#);
    b.line("10-13 08:00:00", "d2", "task", r#""task": "T", "minutes": 15, "note": """#).sync("10-13 09:00:00", "d2");
    assert_eq!(rows(&b.expected().daily), "e2,2026-10-13,0,40,0,0,15\n");
}

#[test]
fn of_equal_times_the_last_captured_or_the_last_received_counts() {
    let sign = |score: u8, visit: &str| {
        format!(r#""order": "W", "visit": "{visit}", "name": "", "strokes": "", "score": {score}, "comment": """#)
    };
    let mut b = Bench::new();
    b.dispatched("c-300")
        .line("08:05:00", "lead", "assign_helper", r#""order": "W", "to": "e2""#)
        .sync("08:06:00", "d2");
    b.line("09:00:00", "d1", "sign", &sign(1, "V1")).line("09:00:00", "d2", "sign", &sign(5, "V2"));
    b.line("09:00:00", "d2", "sign", &sign(3, "V2")).sync("09:10:00", "d2");
    assert_eq!(b.order("survey_score"), "3");
    b.sync("09:20:00", "d1");
    assert_eq!(b.order("survey_score"), "1");
}
