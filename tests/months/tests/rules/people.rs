use super::bench::{Bench, rows};

fn assign(b: &mut Bench, at: &str, by: &str, to: &str) {
    b.line(at, by, "assign", &format!(r#""order": "W", "to": "{to}""#));
}

#[test]
fn between_taking_away_and_giving_back_he_is_a_former_assignee() {
    for (at, expected) in [("08:59:59", ""), ("09:00:01", "former_assignee,W,\n"), ("09:30:01", "")] {
        let mut b = Bench::new();
        b.dispatched("c-300");
        assign(&mut b, "09:00:00", "lead", "e2");
        if at < "09:30:00" {
            b.visit(at, "d1", "depart", "V");
        }
        assign(&mut b, "09:30:00", "lead", "e1");
        if at > "09:30:00" {
            b.visit(at, "d1", "depart", "V");
        }
        b.sync("10:00:00", "d1");
        assert_eq!(b.flags(), expected, "{at}");
    }
}

#[test]
fn a_helper_is_no_former_assignee() {
    let mut b = Bench::new();
    b.dispatched("c-300");
    assign(&mut b, "09:00:00", "lead", "e2");
    b.line("09:01:00", "lead", "assign_helper", r#""order": "W", "to": "e1""#);
    b.visit("09:10:00", "d1", "depart", "V").sync("10:00:00", "d1");
    assert_eq!((b.flags(), b.order("engineer")), (String::new(), "e2".into()));
}

#[test]
fn a_lead_decides_offline_and_it_holds_from_then_on() {
    let mut b = Bench::new();
    b.dispatched("c-300").sync("08:30:00", "dl");
    assign(&mut b, "09:00:00", "dl", "e2");
    b.visit("09:10:00", "d1", "depart", "V").sync("09:20:00", "d1");
    assert_eq!(b.flags(), "");
    b.sync("09:30:00", "dl");
    assert_eq!((b.flags(), b.order("engineer")), ("former_assignee,W,\n".into(), "e2".into()));
}

#[test]
fn an_engineer_of_the_station_who_was_never_asked_counts_and_is_shown() {
    let mut b = Bench::new();
    b.dispatched("c-300").visit("09:00:00", "d3", "arrive", "V").sync("10:00:00", "d3");
    assert_eq!((b.flags(), b.order("visits")), ("unassigned,W,\n".into(), "1".into()));
    assign(&mut b, "11:00:00", "lead", "e3");
    assert_eq!(b.flags(), "");
}

#[test]
fn an_engineer_of_another_station_doesnt_count() {
    let mut b = Bench::new();
    b.dispatched("c-300").visit("09:00:00", "d9", "arrive", "V").cause("09:01:00", "d9", "x").sync("10:00:00", "d9");
    assert_eq!((b.flags(), b.order("visits")), (String::new(), "0".into()));
}

#[test]
fn what_an_engineer_opens_himself_is_his_and_shown_if_the_customer_is_of_his_station() {
    let mut b = Bench::new();
    b.open("09:00:00", "d1", "W", "c-301").sync("09:10:00", "d1");
    assert_eq!(
        (b.flags(), b.order("engineer"), b.order("state")),
        ("self_opened,W,\n".into(), "e1".into(), "assigned".into())
    );
    let mut b = Bench::new();
    b.open("09:00:00", "d1", "W", "c-9").visit("09:01:00", "d1", "arrive", "V").sync("09:10:00", "d1");
    assert_eq!(rows(&b.expected().orders), "");
}

#[test]
fn nobody_decides_beyond_his_station_or_role() {
    for by in ["clerk", "lead9", "d1", "d2"] {
        let mut b = Bench::new();
        b.dispatched("c-300");
        assign(&mut b, "09:00:00", by, "e3");
        if by != "clerk" {
            b.line("09:01:00", by, "close", r#""order": "W""#);
        }
        for device in ["d1", "d2"] {
            b.sync("09:10:00", device);
        }
        assert_eq!((b.order("engineer"), b.order("closed_at")), ("e1".into(), String::new()), "{by}");
    }
}

#[test]
fn a_lead_locks_nobody_out() {
    let mut b = Bench::new();
    b.dispatched("c-300").line("08:30:00", "lead", "revoke", r#""device": "d1", "reason": "lost""#);
    b.visit("09:00:00", "d1", "arrive", "V").sync("09:10:00", "d1");
    assert_eq!(b.order("visits"), "1");
}

#[test]
fn a_month_is_signed_off_by_the_lead_of_the_station_or_headquarters_and_never_by_oneself() {
    let mut b = Bench::new();
    for (by, user) in
        [("lead", "e1"), ("lead", "e1"), ("hq", "e2"), ("lead", "e9"), ("clerk", "e3"), ("lead", "lead"), ("d3", "e3")]
    {
        b.line("09:00:00", by, "seal_month", &format!(r#""user": "{user}", "month": "2026-10""#));
    }
    b.sync("09:30:00", "d3").line("10:00:00", "lead", "seal_month", r#""user": "e1", "month": "2026-09""#);
    assert_eq!(rows(&b.expected().sealed), "e1,2026-09\ne1,2026-10\ne2,2026-10\n");
}
