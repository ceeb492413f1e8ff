//! Ordinary service calls: the clerk opens, the lead assigns, the engineer calls, travels, works, and the customer signs.
//!
//! By day only, in half-days of which each engineer has one for one customer; phones sync when they happen to.

mod errand;

use super::shape::Shape;
use super::stage::Stage;
use errand::Errand;
use rand::Rng;
use std::collections::BTreeSet;

/// A half-day of one engineer: the day's index, and whether it is the afternoon.
type HalfDay = (String, usize, bool);

pub fn run(stage: &mut Stage, shape: &Shape) {
    let mut taken: BTreeSet<HalfDay> = BTreeSet::new();
    for engineer in stage.engineers() {
        for _ in 0..shape.orders {
            let from = stage.rng.random_range(2..stage.days.len());
            if let Some(half) = free_half(stage, &mut taken, &engineer.id, from) {
                Errand::begin(stage, &engineer, half).run(stage, &mut taken);
            }
        }
    }
}

/// The first free half-day from this day on, for a week; taken from then on. Now and then a day off will do.
fn free_half(stage: &mut Stage, taken: &mut BTreeSet<HalfDay>, engineer: &str, from: usize) -> Option<(usize, bool)> {
    for day in from..(from + 7).min(stage.days.len()) {
        let date = stage.days[day];
        let away = stage.away.contains(&(engineer.to_owned(), date));
        if away || (!stage.is_working(date) && stage.rng.random_bool(0.8)) {
            continue;
        }
        for afternoon in [false, true] {
            if taken.insert((engineer.to_owned(), day, afternoon)) {
                return Some((day, afternoon));
            }
        }
    }
    None
}
