//! Attendance.

use crate::story::{Story, policy};
use outpost_model::command::Ask;
use outpost_model::entry::Body;
use outpost_model::fold::attendance::{self, DayRow};
use outpost_model::time::{Day, Month};

fn row(story: &Story, day: &str) -> DayRow {
    let rows = attendance::days(&story.own_time("e1"), &policy(), Month::parse("2026-10").unwrap());
    assert_eq!(rows.len(), 30);
    rows.into_iter().find(|row| row.day == Day::parse(day).unwrap()).unwrap()
}

fn leave(kind: &str, from: &str, to: &str) -> Body {
    let day = |text| Day::parse(text).unwrap();
    Body::RequestLeave { leave: kind.into(), from: day(from), to: day(to), reason: "家事".into() }
}

/// Minutes of the story begin at 08:00 on Monday the 12th.
fn status(come: i64, go: i64) -> &'static str {
    let mut story = Story::new();
    let page = story.attendance("e1");
    story.log(&page, "e1", come, Body::ClockIn { place: None });
    story.log(&page, "e1", go, Body::ClockOut { place: None });
    row(&story, "2026-10-12").status.name()
}

#[test]
fn a_day_is_named_by_the_first_in_and_the_last_out() {
    assert_eq!(status(40, 560), "present", "08:40 is within the grace, 17:20 too");
    assert_eq!(status(41, 570), "late");
    assert_eq!(status(30, 559), "left_early");
    assert_eq!(status(41, 100), "late", "late comes first");
}

#[test]
fn without_events_a_day_is_leave_absent_or_rest() {
    let mut story = Story::new();
    let page = story.attendance("e1");
    let request = story.log(&page, "e1", 0, leave("annual", "2026-10-16", "2026-10-19"));
    assert_eq!(row(&story, "2026-10-16").status.name(), "absent", "undecided isn't approved");
    let decide = |approve| Ask::DecideLeave { page: page.page(), leave: request, approve, reason: String::new() };
    story.decide(&page, "lead", 5, decide(true));
    let friday = row(&story, "2026-10-16");
    assert_eq!((friday.status.name(), friday.leave.as_deref()), ("leave", Some("annual")));
    let saturday = row(&story, "2026-10-17");
    assert_eq!((saturday.status.name(), saturday.leave.as_deref()), ("rest", Some("annual")));
    story.decide(&page, "lead", 6, decide(false));
    assert_eq!(row(&story, "2026-10-16").status.name(), "absent");
}

#[test]
fn of_overlapping_leaves_the_latest_decided_counts() {
    let mut story = Story::new();
    let page = story.attendance("e1");
    let first = story.log(&page, "e1", 0, leave("sick", "2026-10-13", "2026-10-14"));
    let second = story.log(&page, "e1", 1, leave("annual", "2026-10-14", "2026-10-15"));
    for (at, leave) in [(5, second), (9, first)] {
        story.decide(
            &page,
            "lead",
            at,
            Ask::DecideLeave { page: page.page(), leave, approve: true, reason: String::new() },
        );
    }
    assert_eq!(row(&story, "2026-10-14").leave.as_deref(), Some("sick"));
    assert_eq!(row(&story, "2026-10-15").leave.as_deref(), Some("annual"));
}

#[test]
fn an_outing_lasts_until_the_return() {
    let mut story = Story::new();
    let page = story.attendance("e1");
    story.log(&page, "e1", 0, Body::GoOut { destination: "超市".into(), expected_return: crate::story::minute(60) });
    assert!(story.own_time("e1").out.is_some());
    story.log(&page, "e1", 50, Body::Returned {});
    assert_eq!(story.own_time("e1").out, None);
}
