//! Leave: asked for on the phone at the end of a day, decided at the console in the morning.

use super::stage::Stage;
use crate::{Action, Expect, org::User};
use jiff::{Span, civil::Date};
use rand::{
    Rng,
    seq::{IndexedRandom, SliceRandom},
};

pub const NAMES: [&str; 10] = [
    "leave_approved",
    "leave_over_days_off",
    "leave_refused",
    "leave_undecided",
    "leave_refused_after_approval",
    "leave_approved_after_refusal",
    "leaves_overlapping",
    "leave_worked_through",
    "leave_decided_without_right",
    "leave_approved_by_headquarters",
];

/// Each engineer meets one or two of them.
pub fn plan(stage: &mut Stage) {
    let engineers = stage.engineers();
    let mut deck: Vec<&'static str> = NAMES.repeat(engineers.len().div_ceil(5));
    deck.shuffle(&mut stage.rng);
    for engineer in &engineers {
        for half in 0..if stage.rng.random_bool(0.5) { 2 } else { 1 } {
            let Some(name) = deck.pop() else { return };
            let middle = stage.days.len() / 2;
            let asked = if half == 0 {
                stage.rng.random_range(1..middle - 6)
            } else {
                stage.rng.random_range(middle..middle + 5)
            };
            take(stage, engineer, asked, name);
        }
    }
}

/// One engineer's leave, from asking to the last word.
struct Case<'a> {
    engineer: &'a User,
    lead: String,
    /// The day on which he asks.
    asked: usize,
}

fn take(stage: &mut Stage, engineer: &User, asked: usize, name: &'static str) {
    let lead = stage.lead_of(engineer.station.as_deref().expect("engineers have a station"));
    let case = Case { engineer, lead, asked };
    let first = stage.days[asked] + Span::new().days(stage.rng.random_range(2..4));
    let last = first + Span::new().days(stage.rng.random_range(0..3));
    match name {
        "leave_approved" | "leave_worked_through" | "leave_approved_by_headquarters" => {
            let leave = case.request(stage, first, last);
            let by = if name == "leave_approved_by_headquarters" { "u-hq" } else { &case.lead };
            decide(stage, asked + 1, 30, by, &leave, true);
            if name != "leave_worked_through" {
                case.stay_away(stage, first, last);
            }
        }
        "leave_over_days_off" => {
            let (first, last) = around_days_off(stage, first);
            let leave = case.request(stage, first, last);
            decide(stage, asked + 1, 30, &case.lead, &leave, true);
            case.stay_away(stage, first, last);
        }
        "leave_refused" => {
            let leave = case.request(stage, first, last);
            decide(stage, asked + 1, 30, &case.lead, &leave, false);
        }
        "leave_undecided" => {
            case.request(stage, first, last);
            case.stay_away(stage, first, first);
        }
        "leave_refused_after_approval" | "leave_approved_after_refusal" => {
            let leave = case.request(stage, first, last);
            let approved_at_last = name == "leave_approved_after_refusal";
            decide(stage, asked + 1, 30, &case.lead, &leave, !approved_at_last);
            decide(stage, asked + 2, 45, &case.lead, &leave, approved_at_last);
            case.stay_away(stage, first, last);
        }
        "leaves_overlapping" => {
            let early = case.request(stage, first, first + Span::new().days(2));
            let late = case.request(stage, first + Span::new().days(1), first + Span::new().days(4));
            // The latest decided counts, in whichever order they were asked for.
            let (before, after) = if stage.rng.random_bool(0.5) { (early, late) } else { (late, early) };
            decide(stage, asked + 1, 30, &case.lead, &before, true);
            decide(stage, asked + 1, 50, &case.lead, &after, true);
            case.stay_away(stage, first, first + Span::new().days(4));
        }
        "leave_decided_without_right" => {
            let leave = case.request(stage, first, last);
            case.overstep(stage, &leave);
            case.stay_away(stage, first, last);
        }
        _ => unreachable!("a leave of a kind that isn't in the list: {name}"),
    }
    stage.told(name);
}

impl Case<'_> {
    fn request(&self, stage: &mut Stage, from: Date, to: Date) -> String {
        let leave = format!("LV-{}", stage.next("leave"));
        let kind = (*["annual", "sick", "personal"].choose(&mut stage.rng).expect("there are kinds")).to_owned();
        let (from, to, reason) = (from.to_string(), to.to_string(), "个人事务".to_owned());
        let request = Action::RequestLeave { leave: leave.clone(), kind, from, to, reason };
        let day = stage.days[self.asked];
        stage.diary.phone(stage.at(day, 18, 40, 0), &self.engineer.id, request);
        stage.diary.phone(stage.at(day, 18, 45, 0), &self.engineer.id, Action::Sync);
        leave
    }

    fn stay_away(&self, stage: &mut Stage, from: Date, to: Date) {
        let days = stage.days.iter().filter(|day| from <= **day && **day <= to);
        stage.away.extend(days.map(|day| (self.engineer.id.clone(), *day)));
    }

    /// By himself, by a colleague, by the clerk, by a lead who isn't his.
    fn overstep(&self, stage: &mut Stage, leave: &str) {
        let decision = || Action::DecideLeave { leave: leave.to_owned(), approve: true };
        let station = self.engineer.station.as_deref().expect("engineers have a station");
        let colleague = stage.engineers_of(station).into_iter().find(|id| *id != self.engineer.id);
        let day = stage.days[self.asked];
        for (minute, user) in
            [(50, self.engineer.id.clone()), (52, colleague.expect("stations have several engineers"))]
        {
            stage.diary.phone(stage.at(day, 18, minute, 0), &user, decision()).expect = Some(Expect::NoEffect);
            stage.diary.phone(stage.at(day, 18, minute + 1, 0), &user, Action::Sync);
        }
        let morning = stage.days[self.asked + 1];
        let other = stage.other_lead(station);
        for (minute, user) in [(10, "u-clerk"), (12, &other)] {
            stage.diary.console(stage.at(morning, 9, minute, 0), user, decision()).expect = Some(Expect::NoEffect);
        }
    }
}

fn decide(stage: &mut Stage, day: usize, minute: i8, by: &str, leave: &str, approve: bool) {
    let at = stage.at(stage.days[day], 9, minute, 0);
    stage.diary.console(at, by, Action::DecideLeave { leave: leave.to_owned(), approve });
}

/// From the last working day before the next days off to the first after them.
fn around_days_off(stage: &Stage, from: Date) -> (Date, Date) {
    let mut first = from;
    while !stage.is_working(first) || stage.is_working(first + Span::new().days(1)) {
        first += Span::new().days(1);
    }
    let mut last = first + Span::new().days(1);
    while !stage.is_working(last) {
        last += Span::new().days(1);
    }
    (first, last)
}
