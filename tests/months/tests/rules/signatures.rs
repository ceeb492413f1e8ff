use super::bench::Bench;

fn signed() -> Bench {
    let mut b = Bench::new();
    b.dispatched("c-300").visit("09:00:00", "d1", "arrive", "V").visit("09:30:00", "d1", "leave", "V");
    b
}

const AMENDED: &str = "amended_after_signature,W,\n";

#[test]
fn what_comes_after_the_last_signature_amends_it() {
    for act in ["depart", "arrive", "leave", "use_part"] {
        let mut b = signed();
        b.visit("09:40:00", "d1", "sign", "V").visit("09:50:00", "d1", act, "V").sync("10:00:00", "d1");
        assert_eq!(b.flags(), AMENDED, "{act}");
        b.visit("10:10:00", "d1", "sign", "V").sync("10:20:00", "d1");
        assert_eq!(b.flags(), "", "{act}, signed again");
    }
}

#[test]
fn another_visit_and_the_order_itself_amend_nothing() {
    let mut b = signed();
    b.visit("09:40:00", "d1", "sign", "V").cause("09:41:00", "d1", "x").visit("09:50:00", "d1", "arrive", "V2");
    b.line("09:51:00", "d1", "contact", r#""order": "W", "outcome": "reached", "note": """#).sync("10:00:00", "d1");
    assert_eq!(b.flags(), "");
}

#[test]
fn what_the_signing_phone_did_not_hold_amends_although_it_was_earlier() {
    let mut b = signed();
    b.line("09:31:00", "lead", "assign_helper", r#""order": "W", "to": "e2""#).visit("09:35:00", "d2", "use_part", "V");
    b.visit("09:40:00", "d1", "sign", "V").sync("09:50:00", "d2").sync("09:51:00", "d1");
    assert_eq!(b.flags(), AMENDED);
}

#[test]
fn what_the_signing_phone_had_pulled_is_covered() {
    let mut b = signed();
    b.line("09:31:00", "lead", "assign_helper", r#""order": "W", "to": "e2""#).visit("09:35:00", "d2", "use_part", "V");
    b.sync("09:36:00", "d2").sync("09:37:00", "d1").visit("09:40:00", "d1", "sign", "V").sync("09:51:00", "d1");
    assert_eq!(b.flags(), "");
}

#[test]
fn closed_unsigned_goes_when_the_signature_arrives() {
    let mut b = signed();
    b.sync("09:35:00", "d1").visit("09:40:00", "d1", "sign", "V").line("09:50:00", "clerk", "close", r#""order": "W""#);
    assert_eq!(b.flags(), "closed_unsigned,W,\n");
    b.sync("10:00:00", "d1");
    assert_eq!(b.flags(), "");
}

#[test]
fn closed_without_a_visit_needs_no_signature() {
    let mut b = Bench::new();
    b.dispatched("c-300").line("09:50:00", "clerk", "close", r#""order": "W""#);
    assert_eq!((b.flags(), b.order("state")), (String::new(), "closed".into()));
}
