//! Mistakes: voided, replaced, or corrected by a decision.

use crate::story::{Story, minute};
use outpost_model::command::{Ask, Replacement};
use outpost_model::entry::{Body, VisitResult};

#[test]
fn a_void_takes_an_entry_out_and_a_replacement_stands_in_its_place() {
    let mut story = Story::new();
    story.open("clerk", 0);
    story.assign("e1", 1);
    let visit = story.visit("v1");
    story.log(&visit, "e1", 10, Body::Arrive { place: None });
    let wrong = story.log(&visit, "e1", 50, Body::Leave { result: VisitResult::NoFault });
    story.log(&visit, "e1", 51, Body::Void { target: wrong, reason: "点错".into() });
    assert_eq!(story.facts().visit_facts[0].left_at, None);
    let late = story.log(&visit, "e1", 60, Body::Leave { result: VisitResult::Fixed });
    story.replace(&visit, "e1", 70, late, Body::Leave { result: VisitResult::Fixed }, 55);
    assert_eq!(story.facts().visit_facts[0].left_at, Some(minute(55)));
    assert_eq!(story.facts().labour_minutes, 45);
}

#[test]
fn of_two_replacements_the_first_admitted_counts() {
    let mut story = Story::new();
    story.open("clerk", 0);
    story.assign("e1", 1);
    let visit = story.visit("v1");
    let arrived = story.log(&visit, "e1", 10, Body::Arrive { place: None });
    story.replace(&visit, "e1", 20, arrived, Body::Arrive { place: None }, 8);
    story.replace(&visit, "e1", 21, arrived, Body::Arrive { place: None }, 5);
    assert_eq!(story.facts().arrived_at, Some(minute(8)));
}

#[test]
fn a_lead_corrects_anothers_entry_by_decision_and_the_author_stays() {
    let mut story = Story::new();
    let page = story.attendance("e1");
    let came = story.log(&page, "e1", 60, Body::ClockIn { place: None });
    let correct = |replacement| Ask::Correct { page: page.page(), target: came, reason: "忘打".into(), replacement };
    story.decide(
        &page,
        "lead",
        100,
        correct(Some(Replacement { body: Body::ClockIn { place: None }, at: minute(25) })),
    );
    let first = |story: &Story| story.own_time("e1").clocked.values().next().and_then(|day| day.first_in);
    assert_eq!(first(&story), Some(minute(25)));
    story.decide(&page, "lead", 110, correct(None));
    assert_eq!(first(&story), None);
}

#[test]
fn when_the_first_replacement_is_voided_the_second_counts() {
    let mut story = Story::new();
    story.open("clerk", 0);
    story.assign("e1", 1);
    let visit = story.visit("v1");
    let arrived = story.log(&visit, "e1", 10, Body::Arrive { place: None });
    let first = story.replace(&visit, "e1", 20, arrived, Body::Arrive { place: None }, 8);
    story.replace(&visit, "e1", 21, arrived, Body::Arrive { place: None }, 5);
    story.log(&visit, "e1", 22, Body::Void { target: first, reason: "多余".into() });
    assert_eq!(story.facts().arrived_at, Some(minute(5)));
}

#[test]
fn a_moment_given_afterwards_is_in_doubt_where_the_first_entry_could_not_have_been_captured() {
    for (happened, suspect) in [(9, false), (7, true), (40, false), (43, true)] {
        let mut story = Story::new();
        story.open("clerk", 0);
        story.assign("e1", 1);
        let visit = story.visit("v1");
        let arrived = story.log(&visit, "e1", 20, Body::Arrive { place: None });
        story.contact("e1", minute(10), minute(10));
        story.replace(&visit, "e1", 40, arrived, Body::Arrive { place: None }, happened);
        assert_eq!(!story.flags().is_empty(), suspect, "at {happened}");
    }
}

#[test]
fn endless_sums_stay_sums() {
    let mut story = Story::new();
    story.open("clerk", 0);
    let visit = story.visit("v1");
    let dear = Body::UsePart {
        part_no: "P".into(),
        name: "P".into(),
        qty: u32::MAX,
        unit_price: i64::MAX,
        billable: true,
        old_serial: None,
        new_serial: None,
    };
    let target = story.log(&visit, "e1", 1, Body::Depart {});
    let correct = Ask::Correct {
        page: visit.page(),
        target,
        reason: String::new(),
        replacement: Some(Replacement { body: dear, at: minute(2) }),
    };
    story.decide(&visit, "lead", 3, correct);
    assert_eq!(story.facts().billable_amount, i64::MAX);
}
