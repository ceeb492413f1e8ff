//! The closing day: every phone that is left has a network, then the leads sign off the month, and some who mustn't try.

use super::acts::seal;
use super::stage::Stage;
use crate::{Action, Expect};
use jiff::{Span, civil::Date};
use rand::Rng;

pub const NAMES: [&str; 8] = [
    "sealed",
    "sealed_twice",
    "sealed_by_headquarters",
    "sealed_on_the_leads_phone",
    "sealed_another_month",
    "sealed_by_the_engineer",
    "sealed_by_another_lead",
    "lead_seals_himself",
];

pub fn gather_phones(stage: &mut Stage) {
    stage.learn_corrected_clocks();
    let morning = stage.at(stage.closing_day(), 9, 0, 0);
    let mut owners: Vec<String> = stage.org.devices.iter().map(|device| device.user.clone()).collect();
    owners.dedup();
    for owner in owners {
        stage.diary.phone(morning, &owner, Action::Sync);
    }
    for tablet in std::mem::take(&mut stage.tablets) {
        stage.diary.device(morning, &tablet, Action::Sync, 0);
    }
}

pub fn close_the_month(stage: &mut Stage) {
    gather_phones(stage);
    for engineer in stage.engineers() {
        if stage.rng.random_bool(0.12) {
            continue;
        }
        let name = NAMES[if stage.rng.random_bool(0.4) { 0 } else { stage.rng.random_range(1..NAMES.len()) }];
        sign_off(stage, &engineer.id, engineer.station.as_deref().expect("engineers have a station"), name);
        stage.told(name);
    }
}

fn sign_off(stage: &mut Stage, engineer: &str, station: &str, name: &str) {
    let month = stage.org.attendance.month.clone();
    let (lead, other) = (stage.lead_of(station), stage.other_lead(station));
    let at = |minute| stage.at(stage.closing_day(), 9, minute, 0);
    let (first, second, last) = (at(30), at(40), at(50));
    match name {
        "sealed" => {
            stage.diary.console(first, &lead, seal(engineer, &month));
        }
        "sealed_twice" => {
            stage.diary.console(first, &lead, seal(engineer, &month));
            stage.diary.console(second, &lead, seal(engineer, &month));
        }
        "sealed_by_headquarters" => {
            stage.diary.console(first, "u-hq", seal(engineer, &month));
        }
        "sealed_on_the_leads_phone" => {
            stage.diary.phone(second, &lead, seal(engineer, &month));
            stage.diary.phone(last, &lead, Action::Sync);
        }
        "sealed_another_month" => {
            let before = month_before(stage);
            stage.diary.console(first, &lead, seal(engineer, &before));
            stage.diary.console(second, &lead, seal(engineer, &month));
        }
        "sealed_by_the_engineer" => {
            stage.diary.phone(second, engineer, seal(engineer, &month)).expect = Some(Expect::NoEffect);
            stage.diary.phone(last, engineer, Action::Sync);
        }
        "sealed_by_another_lead" => {
            stage.diary.console(second, &other, seal(engineer, &month)).expect = Some(Expect::NoEffect);
        }
        "lead_seals_himself" => {
            stage.diary.console(second, &lead, seal(&lead, &month)).expect = Some(Expect::NoEffect);
        }
        _ => unreachable!("a sign-off of a kind that isn't in the list: {name}"),
    }
}

fn month_before(stage: &Stage) -> String {
    let first: Date = format!("{}-01", stage.org.attendance.month).parse().expect("a month has a first day");
    (first - Span::new().months(1)).strftime("%Y-%m").to_string()
}
