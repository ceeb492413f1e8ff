use super::bench::Bench;

/// Order `W` on the phones of e1 (the engineer), e2 and e3 (who help).
fn three() -> Bench {
    let mut b = Bench::new();
    b.dispatched("c-300");
    for (helper, device) in [("e2", "d2"), ("e3", "d3")] {
        b.line("08:05:00", "lead", "assign_helper", &format!(r#""order": "W", "to": "{helper}""#))
            .sync("08:06:00", device);
    }
    b
}

#[test]
fn values_of_authors_who_didnt_know_of_each_other_stand_beside_each_other() {
    let mut b = three();
    b.cause("09:00:00", "d1", "x").cause("09:01:00", "d2", "z").cause("09:02:00", "d3", "y");
    b.sync("09:10:00", "d1").sync("09:11:00", "d2").sync("09:12:00", "d3");
    assert_eq!(b.flags(), "conflict,W,fault_cause: x | y | z\n");
}

#[test]
fn the_same_value_is_no_conflict() {
    let mut b = three();
    b.cause("09:00:00", "d1", "x").cause("09:01:00", "d2", "x").sync("09:10:00", "d1").sync("09:11:00", "d2");
    assert_eq!(b.flags(), "");
}

#[test]
fn whoever_knew_the_earlier_value_replaces_it() {
    let mut b = three();
    b.cause("09:00:00", "d1", "x").sync("09:10:00", "d1").sync("09:11:00", "d2").cause("09:12:00", "d2", "y");
    b.sync("09:20:00", "d2");
    assert_eq!(b.flags(), "");
}

#[test]
fn whoever_knew_one_of_two_replaces_one_of_two() {
    let mut b = three();
    b.cause("09:00:00", "d1", "x").cause("09:01:00", "d2", "y");
    b.sync("09:10:00", "d1").sync("09:11:00", "d3").cause("09:12:00", "d3", "z");
    b.sync("09:20:00", "d3").sync("09:21:00", "d2");
    assert_eq!(b.flags(), "conflict,W,fault_cause: y | z\n");
}

#[test]
fn a_conflict_is_gone_when_somebody_who_knew_all_has_set_it_and_may_come_again() {
    let mut b = three();
    b.cause("09:00:00", "d1", "x").cause("09:01:00", "d2", "y").sync("09:10:00", "d1").sync("09:11:00", "d2");
    b.cause("09:30:00", "clerk", "y");
    assert_eq!(b.flags(), "");
    b.cause("09:40:00", "d1", "w").sync("09:50:00", "d1");
    assert_eq!(b.flags(), "conflict,W,fault_cause: w | y\n");
    b.sync("10:00:00", "dl").cause("10:01:00", "dl", "v").sync("10:02:00", "dl");
    assert_eq!(b.flags(), "");
}

#[test]
fn different_fields_dont_disagree() {
    let mut b = three();
    b.cause("09:00:00", "d1", "x").line("09:01:00", "d2", "set", r#""order": "W", "field": "remark", "value": "y""#);
    b.sync("09:10:00", "d1").sync("09:11:00", "d2");
    assert_eq!(b.flags(), "");
}

#[test]
fn a_phone_that_never_pulled_the_order_knows_of_nobodys_value() {
    let mut b = Bench::new();
    b.open("08:00:00", "clerk", "W", "c-300").cause("08:01:00", "clerk", "x");
    b.line("08:02:00", "lead", "assign", r#""order": "W", "to": "e1""#);
    b.cause("09:00:00", "d1", "y").sync("09:10:00", "d1");
    assert_eq!(b.flags(), "conflict,W,fault_cause: x | y\n");
}

#[test]
fn work_that_a_restore_took_back_is_in_nobodys_way() {
    let mut b = three();
    b.line("08:30:00", "d1", "backup", "").cause("09:00:00", "d1", "x").line("09:10:00", "d1", "restore", "");
    b.cause("09:20:00", "d2", "y").sync("09:30:00", "d2").sync("09:31:00", "d1");
    assert_eq!(b.flags(), "");
}
