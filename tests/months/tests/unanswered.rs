//! What the rules don't answer must not be asked: generated months are searched for the situations that the generator
//! says it leaves out.

use outpost_months::generate::{self, Shape};
use outpost_months::{Action, Author, Expect, Line, Month};
use std::collections::{BTreeMap, BTreeSet};

fn months() -> impl Iterator<Item = (u64, Month)> {
    (100..130).map(|seed| (seed, generate::month(seed, Shape::MEDIUM)))
}

fn effective(month: &Month) -> impl Iterator<Item = &Line> {
    month.log.iter().filter(|line| line.expect.is_none())
}

fn order(line: &Line) -> Option<&str> {
    line.action.order()
}

#[test]
fn no_helper_becomes_the_engineer() {
    for (seed, month) in months() {
        let mut helpers = BTreeSet::new();
        for line in effective(&month) {
            match &line.action {
                Action::AssignHelper { order, to } => drop(helpers.insert((order, to))),
                Action::Assign { order, to } => assert!(!helpers.contains(&(order, to)), "seed {seed}: {line:?}"),
                _ => {}
            }
        }
    }
}

#[test]
fn nobody_who_lost_an_order_writes_on_it_once_it_is_closed() {
    for (seed, month) in months() {
        let mut holders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for line in effective(&month) {
            if let Action::Assign { order, to } = &line.action {
                holders.entry(order).or_default().push(to);
            }
        }
        for line in effective(&month) {
            if let Action::Close { order } = &line.action {
                let engineers = BTreeSet::from_iter(holders.get(order.as_str()).into_iter().flatten());
                assert!(engineers.len() < 2, "seed {seed}: {order} changed hands and was closed");
            }
        }
    }
}

#[test]
fn what_is_closed_unsigned_was_arrived_at_or_never_begun() {
    for (seed, month) in months() {
        let mut seen: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for line in effective(&month) {
            if let Some(order) = order(line) {
                seen.entry(order).or_default().insert(line.action.name());
            }
        }
        for (order, acts) in seen {
            let doubtful = acts.contains("close") && (acts.contains("leave") || acts.contains("depart"));
            assert!(!doubtful || acts.contains("arrive"), "seed {seed}: {order} {acts:?}");
        }
    }
}

#[test]
fn receipts_are_taken_back_once_and_returned_after_it() {
    for (seed, month) in months() {
        let mut out = BTreeMap::new();
        for line in effective(&month) {
            match &line.action {
                Action::TakeBack { receipt_no, .. } => {
                    assert!(out.insert(receipt_no, line.at.instant).is_none(), "seed {seed}: {receipt_no}");
                }
                Action::ReturnItem { receipt_no, .. } => {
                    assert!(out[receipt_no] < line.at.instant, "seed {seed}: {receipt_no}");
                }
                _ => {}
            }
        }
    }
}

#[test]
fn a_leave_is_asked_for_and_sent_before_it_is_decided_and_never_decided_the_same_twice() {
    for (seed, month) in months() {
        let mut asked: BTreeMap<&str, &Author> = BTreeMap::new();
        let mut sent: BTreeSet<&str> = BTreeSet::new();
        let mut decided: BTreeMap<&str, bool> = BTreeMap::new();
        for line in effective(&month) {
            match &line.action {
                Action::RequestLeave { leave, .. } => drop(asked.insert(leave, &line.by)),
                Action::Sync => sent.extend(asked.iter().filter(|(_, by)| **by == &line.by).map(|(leave, _)| *leave)),
                Action::DecideLeave { leave, approve } => {
                    assert!(sent.contains(leave.as_str()), "seed {seed}: {leave}");
                    assert_ne!(decided.insert(leave, *approve), Some(*approve), "seed {seed}: {leave}");
                }
                _ => {}
            }
        }
    }
}

#[test]
fn only_engineers_and_leads_carry_phones_and_only_engineers_open_orders_on_them() {
    for (seed, month) in months() {
        for line in &month.log {
            if let (Author::Device(device), Action::OpenOrder { .. }) = (&line.by, &line.action) {
                assert!(!device.contains("lead"), "seed {seed}: {line:?}");
            }
        }
        for device in &month.org.devices {
            assert!(device.user.starts_with("u-e") || device.user.starts_with("u-lead"), "seed {seed}");
        }
    }
}

#[test]
fn on_the_closing_day_there_are_only_syncs_and_sign_offs() {
    for (seed, month) in months() {
        let zone = month.org.zone();
        let closing = month.org.attendance.days().last().unwrap().tomorrow().unwrap();
        let morning = closing.at(9, 0, 0, 0).to_zoned(zone).unwrap().timestamp();
        for line in month.log.iter().filter(|line| line.at.instant >= morning) {
            assert!(line.action == Action::Sync || is_seal(line), "seed {seed}: {line:?}");
        }
        for line in month.log.iter().filter(|line| line.at.instant < morning && is_seal(line)) {
            assert_eq!(line.expect, Some(Expect::NoEffect), "seed {seed}: {line:?}");
        }
    }
}

#[test]
fn tasks_are_done_on_days_that_were_clocked_in() {
    for (seed, month) in months() {
        let day = |line: &Line| line.at.instant.to_zoned(month.org.zone()).date();
        let ins = month.log.iter().filter(|line| line.action.name() == "clock_in");
        let clocked: BTreeSet<_> = ins.map(|line| (&line.by, day(line))).collect();
        for task in month.log.iter().filter(|line| line.action.name() == "task") {
            assert!(clocked.contains(&(&task.by, day(task))), "seed {seed}: {task:?}");
        }
    }
}

#[test]
fn values_that_reach_a_detail_need_no_quotes() {
    for (seed, month) in months() {
        for line in &month.log {
            if let Action::Set { value, .. } = &line.action {
                assert!(!value.contains([',', '"', '\n', '|']), "seed {seed}: {value}");
            }
        }
    }
}

fn is_seal(line: &Line) -> bool {
    matches!(line.action, Action::SealMonth { .. })
}
