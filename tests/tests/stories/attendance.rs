//! Months are signed off, with the rows that were signed; what arrives later makes a numbered revision.

use outpost_model::canon::parse_canonical;
use outpost_model::command::Ask;
use outpost_model::decision::Pins;
use outpost_model::entry::Body;
use outpost_model::fold::attendance::DayStatus;
use outpost_model::time::Month;
use outpost_tests::company::{Company, Hand, october, user};

fn sign_off(person: &str) -> Ask {
    Ask::SignOff { person: user(person), month: Month::parse("2026-10").unwrap() }
}

fn clocks(hand: &mut Hand, company: &Company, day: u8, from: &str, to: &str) {
    let month = hand.month("2026-10");
    company.until(october(day, from));
    hand.log(month.clone(), [Body::ClockIn { place: None }]);
    company.until(october(day, to));
    hand.log(month, [Body::ClockOut { place: None }]);
}

/// What each sign-off of anybody's month pinned, in the order of the log.
fn signed(hand: &mut Hand) -> Vec<Pins> {
    let database = hand.database();
    let sql = "select pins from log_row where question like 'month:%' and decision is not null order by seq";
    let mut query = database.prepare(sql).unwrap();
    let rows = query.query_map([], |row| row.get::<_, String>(0)).unwrap();
    rows.map(|pins| parse_canonical(&pins.unwrap()).unwrap()).collect()
}

#[test]
fn what_arrives_after_a_sign_off_makes_a_second_revision() {
    let company = Company::open();
    let (mut wang, mut zhou) = (company.met("d-wang"), company.met("d-zhou"));
    clocks(&mut wang, &company, 8, "08:25", "17:40");
    wang.sync();
    clocks(&mut wang, &company, 9, "08:20", "17:35");
    company.until(october(26, "09:00"));
    zhou.sync();
    zhou.ask(sign_off("wang"));
    zhou.sync();
    let first = signed(&mut zhou);
    let rows = first[0].signed.as_ref().unwrap();
    assert_eq!((first.len(), rows.revision, rows.days.len()), (1, 1, 30));
    assert_eq!(first[0].policy, 1);
    let day = |rows: &[Vec<String>], day: &str| rows.iter().find(|cells| cells[0] == day).unwrap()[1].clone();
    assert_eq!((day(&rows.days, "2026-10-08").as_str(), day(&rows.days, "2026-10-09").as_str()), ("present", "absent"));

    // The same month again: nothing differs, nothing is added.
    assert!(company.desk("wu").ask(sign_off("wang"))["already_so"].is_string());
    // The 9th arrives.
    let report = wang.sync();
    assert_eq!((report.tally.admitted, report.tally.refused), (2, 0), "late work on what is signed is taken");
    let own = company.own_time(&user("wang"));
    let days = company.relay().facts(|facts| Ok(facts.days(&own, Month::parse("2026-10").unwrap()))).unwrap();
    assert!(days.iter().filter(|row| row.status == DayStatus::Present).count() == 2);
    assert!(company.desk("wu").ask(sign_off("wang"))["taken"].is_object());
    zhou.sync();
    let both = signed(&mut zhou);
    assert_eq!(both.len(), 2);
    assert_eq!(both[0], first[0], "the first stays as it was signed");
    let rows = both[1].signed.as_ref().unwrap();
    assert_eq!((rows.revision, day(&rows.days, "2026-10-09").as_str()), (2, "present"));
    company.ends_well(&mut [&mut wang, &mut zhou]);
}

#[test]
fn a_month_is_unsealed_and_signed_again() {
    let company = Company::open();
    let mut wang = company.met("d-wang");
    clocks(&mut wang, &company, 8, "08:25", "17:40");
    wang.sync();
    let mut zhou = company.desk("zhou");
    let sealed = |company: &Company| company.relay().facts(|facts| facts.sealed()).unwrap().len();
    zhou.ask(sign_off("wang"));
    assert_eq!(sealed(&company), 1);
    let month = Month::parse("2026-10").unwrap();
    zhou.ask(Ask::Unseal { person: user("wang"), month, reason: "补录".into() });
    assert_eq!(sealed(&company), 0);
    assert!(zhou.ask(sign_off("wang"))["taken"].is_object());
    assert_eq!(sealed(&company), 1);
    assert_eq!(company.desk("zheng").denied(sign_off("wang")), (403, "not_allowed".to_owned()));
    company.ends_well(&mut [&mut wang]);
}
