//! Orders change hands: in mid-visit, to a helper beside, to nobody's knowledge.

use outpost_model::entry::VisitResult;
use outpost_model::fold::flag::FlagKind;
use outpost_model::fold::order::State;
use outpost_tests::company::call::{arrive, leave, part, reached, set};
use outpost_tests::company::{Company, HOUR, user};

#[test]
fn a_transfer_in_mid_visit_keeps_what_the_first_engineer_logged_and_marks_it() {
    let company = Company::open();
    let (mut wang, mut li) = (company.met("d-wang"), company.met("d-li"));
    let call = company.dispatched("WO-1", "steel", "wang");
    wang.sync();
    wang.log(call.header(), [reached()]);
    wang.log(call.visit("V1"), [arrive()]);
    wang.sync();

    company.pass(HOUR);
    company.desk("zhou").ask(call.assign("li"));
    li.sync();
    // Wang hasn't heard; he goes on, and so does Li, on the same visit.
    wang.log(call.visit("V1"), [part("P-1", 2)]);
    li.log(call.visit("V1"), [part("P-2", 1), leave(VisitResult::Fixed)]);
    wang.sync();
    li.sync();

    let item = wang.sees(call.id()).expect("who was ever assigned keeps the order");
    assert!(!item.mine);
    let facts = company.order(call.id());
    assert_eq!((facts.engineer, facts.state), (Some(user("li")), State::Finished));
    assert_eq!(facts.parts_amount, 3 * 1_200);
    assert!(li.flags(call.id()).contains(&FlagKind::FormerAssignee));
    company.ends_well(&mut [&mut wang, &mut li]);
}

#[test]
fn a_helper_works_beside_the_engineer_and_is_no_former_assignee() {
    let company = Company::open();
    let (mut wang, mut li) = (company.met("d-wang"), company.met("d-li"));
    let call = company.dispatched("WO-1", "steel", "wang");
    li.sync();
    assert_eq!(li.sees(call.id()), None);
    company.desk("zhou").ask(call.helper("li"));
    li.sync();
    wang.sync();
    assert!(li.sees(call.id()).is_some_and(|item| item.mine));

    wang.log(call.visit("V1"), [arrive()]);
    li.log(call.visit("V1"), [part("P-1", 1)]);
    li.log(call.header(), [set("fault_cause", "密封圈老化")]);
    company.ends_well(&mut [&mut wang, &mut li]);
    assert_eq!(wang.sees(call.id()).unwrap().facts.fields["fault_cause"], ["密封圈老化"]);
    assert_eq!(li.flags(call.id()), []);
}
