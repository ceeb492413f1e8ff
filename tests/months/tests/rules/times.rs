use super::bench::Bench;

#[test]
fn two_minutes_before_the_last_contact_are_believed() {
    for (clock, expected) in [("08:00:00", ""), ("07:59:59", "time_suspect,W,depart\n")] {
        let mut b = Bench::new();
        b.dispatched("c-300");
        let fields = r#""order": "W", "visit": "V""#;
        b.clocked("09:00:00", clock, "d1", "depart", fields).sync("09:10:00", "d1");
        assert_eq!(b.flags(), expected, "heard at 08:02:00, claimed {clock}");
    }
}

#[test]
fn two_minutes_after_the_receipt_are_believed() {
    for (clock, expected) in [("09:12:00", ""), ("09:12:01", "time_suspect,W,depart\n")] {
        let mut b = Bench::new();
        b.dispatched("c-300");
        b.clocked("09:00:00", clock, "d1", "depart", r#""order": "W", "visit": "V""#).sync("09:10:00", "d1");
        assert_eq!(b.flags(), expected, "received at 09:10:00, claimed {clock}");
    }
}

#[test]
fn a_wrong_clock_is_corrected_by_what_the_last_sync_learned() {
    let mut b = Bench::new();
    b.dispatched("c-300").clocked("08:10:00", "10:10:00", "d1", "sync", "");
    b.clocked("09:00:00", "11:00:00", "d1", "depart", r#""order": "W", "visit": "V""#);
    b.clocked(
        "09:30:00",
        "11:30:00",
        "d1",
        "arrive",
        r#""order": "W", "visit": "V", "lat": 1, "lng": 1, "accuracy_m": 1"#,
    );
    b.sync("10:00:00", "d1");
    assert_eq!((b.flags(), b.order("arrived_at")), (String::new(), "2026-10-12T09:30:00+08:00".into()));
}

#[test]
fn a_refused_sync_teaches_nothing_and_a_clock_without_contact_is_taken_at_its_word() {
    let mut b = Bench::new();
    b.open("08:00:00", "clerk", "W", "c-300").line("08:01:00", "lead", "assign", r#""order": "W", "to": "e1""#);
    b.clocked("08:30:00", "08:00:30", "d1", "contact", r#""order": "W", "outcome": "reached", "note": """#);
    b.sync("09:00:00", "d1");
    assert_eq!((b.flags(), b.order("replied_at")), (String::new(), "2026-10-12T08:00:30+08:00".into()));
}

#[test]
fn a_restored_phone_has_the_offset_of_its_backup() {
    let mut b = Bench::new();
    b.dispatched("c-300").line("08:05:00", "d1", "backup", "");
    b.clocked("08:10:00", "08:20:00", "d1", "sync", "").line("08:15:00", "d1", "restore", "");
    b.visit("09:00:00", "d1", "arrive", "V").sync("09:10:00", "d1");
    assert_eq!(b.order("arrived_at"), "2026-10-12T09:00:00+08:00");
}

#[test]
fn a_restored_phone_sends_again_and_it_counts_once() {
    let mut b = Bench::new();
    b.dispatched("c-300").visit("08:10:00", "d1", "use_part", "V").line("08:11:00", "d1", "backup", "");
    b.visit("08:12:00", "d1", "arrive", "V").sync("08:20:00", "d1").line("08:30:00", "d1", "restore", "");
    b.visit("08:40:00", "d1", "depart", "V9").line("08:41:00", "d1", "restore", "").sync("08:50:00", "d1");
    assert_eq!(
        (b.order("parts_amount"), b.order("visits"), b.order("state")),
        ("100".into(), "1".into(), "on_site".into())
    );
}
