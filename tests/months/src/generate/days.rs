//! Attendance: how each engineer's day begins and ends, ordinary or at an edge of the rules.

use super::acts::{clock_in, clock_out};
use super::stage::Stage;
use crate::{
    Action,
    org::{Station, User},
};
use jiff::civil::Date;
use rand::{Rng, seq::IndexedRandom};

pub const NAMES: [&str; 17] = [
    "day_in_order",
    "day_in_at_the_grace",
    "day_in_a_second_late",
    "day_late",
    "day_out_at_the_grace",
    "day_out_a_second_early",
    "day_left_early",
    "day_late_and_left_early",
    "day_in_and_out_twice",
    "day_out_after_midnight",
    "day_out_before_in",
    "day_without_out",
    "day_without_in",
    "day_absent",
    "day_off",
    "day_off_worked",
    "day_off_incomplete",
];

const HOUR: i64 = 3600;

/// Ins and outs of one day, in seconds after its midnight.
#[derive(Default)]
struct Day {
    ins: Vec<i64>,
    outs: Vec<i64>,
}

pub fn clock_in_and_out(stage: &mut Stage) {
    for engineer in stage.engineers() {
        for (number, day) in stage.days.clone().into_iter().enumerate() {
            if number == 0 && engineer.id == stage.late_starter || stage.away.contains(&(engineer.id.clone(), day)) {
                continue;
            }
            let name = choose(stage, day);
            let plan = lay_out(stage, name);
            live_through(stage, &engineer, day, &plan);
            stage.told(name);
        }
    }
}

fn choose(stage: &mut Stage, day: Date) -> &'static str {
    if !stage.is_working(day) {
        return match stage.rng.random_range(0..100) {
            0..8 => "day_off_worked",
            8..11 => "day_off_incomplete",
            _ => "day_off",
        };
    }
    if stage.rng.random_bool(0.6) {
        return "day_in_order";
    }
    NAMES[1..14].choose(&mut stage.rng).expect("there are days")
}

fn lay_out(stage: &mut Stage, name: &str) -> Day {
    let policy = &stage.org.attendance;
    let seconds = |face: jiff::civil::Time| i64::from(face.hour()) * HOUR + i64::from(face.minute()) * 60;
    let (start, end, grace) = (seconds(policy.start()), seconds(policy.end()), policy.grace_minutes * 60);
    let early = start - stage.rng.random_range(0..1500);
    let full = end + stage.rng.random_range(0..1500);
    let late = start + grace + stage.rng.random_range(60..7200);
    let soon = end - grace - stage.rng.random_range(60..7200);
    // Half a minute either way is where rounding shows.
    let half = early - early % 60 + 30;
    match name {
        "day_in_order" if stage.rng.random_bool(0.3) => Day { ins: vec![half], outs: vec![full - full % 60] },
        "day_in_order" => Day { ins: vec![early], outs: vec![full] },
        "day_in_at_the_grace" => Day { ins: vec![start + grace], outs: vec![full] },
        "day_in_a_second_late" => Day { ins: vec![start + grace + 1], outs: vec![full] },
        "day_late" => Day { ins: vec![late], outs: vec![full] },
        "day_out_at_the_grace" => Day { ins: vec![early], outs: vec![end - grace] },
        "day_out_a_second_early" => Day { ins: vec![early], outs: vec![end - grace - 1] },
        "day_left_early" => Day { ins: vec![early], outs: vec![soon] },
        "day_late_and_left_early" => Day { ins: vec![late], outs: vec![soon] },
        "day_in_and_out_twice" => Day { ins: vec![early, 13 * HOUR], outs: vec![12 * HOUR, full] },
        "day_out_after_midnight" => Day { ins: vec![early], outs: vec![24 * HOUR + full % 5000] },
        "day_out_before_in" => Day { ins: vec![late], outs: vec![start - 600] },
        "day_without_out" | "day_off_incomplete" => Day { ins: vec![early], outs: vec![] },
        "day_without_in" => Day { ins: vec![], outs: vec![full] },
        "day_off_worked" => Day { ins: vec![late], outs: vec![soon] },
        "day_absent" | "day_off" => Day::default(),
        _ => unreachable!("a day of a kind that isn't in the list: {name}"),
    }
}

/// Clocks, now and then syncs after it, and does some general work once in.
fn live_through(stage: &mut Stage, engineer: &User, day: Date, plan: &Day) {
    let station = engineer.station.as_deref();
    let office = stage.org.stations.iter().find(|known| Some(known.id.as_str()) == station).cloned();
    let office = office.expect("engineers have a station");
    for second in &plan.ins {
        let (lat, lng) = near(stage, &office);
        write(stage, engineer, day, *second, clock_in(lat, lng));
        if stage.rng.random_bool(0.5) {
            write(stage, engineer, day, second + 60, Action::Sync);
        }
    }
    for second in &plan.outs {
        let (lat, lng) = near(stage, &office);
        write(stage, engineer, day, *second, clock_out(lat, lng));
        if stage.rng.random_bool(0.6) {
            write(stage, engineer, day, second + 120, Action::Sync);
        }
    }
    if let Some(begin) = plan.ins.first()
        && stage.rng.random_bool(0.2)
    {
        let minutes = *[30, 45, 60, 90].choose(&mut stage.rng).expect("there are lengths");
        let task = format!("T-{:04}", stage.next("task"));
        let task = Action::Task { task, minutes, note: "整理备件、填写台账".to_owned() };
        write(stage, engineer, day, begin + 1200, task);
    }
}

fn write(stage: &mut Stage, engineer: &User, day: Date, second: i64, action: Action) {
    let at = stage.at_second(day, second);
    stage.diary.phone(at, &engineer.id, action);
}

fn near(stage: &mut Stage, office: &Station) -> (f64, f64) {
    let mut stray = |degrees: f64| ((degrees + stage.rng.random_range(-0.02..0.02)) * 1e6).round() / 1e6;
    (stray(office.lat), stray(office.lng))
}
