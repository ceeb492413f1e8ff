//! Mishaps and edges, one evening (or a few) each: every rule has a story that turns on it.
//!
//! A story is a name, how many evenings in a row it needs, and what happens. The deck is shuffled by the seed and dealt
//! to the stations' evenings until they, or the shape, are full.

mod clocks;
mod conflicts;
mod custody;
mod dispatch;
mod limits;
mod openings;
mod phones;
mod rights;
mod signatures;
mod transfers;
mod visits;

use super::acts::*;
use super::scene::Scene;
use super::shape::Shape;
use super::stage::Stage;
use crate::Action;
use rand::seq::{IndexedRandom, SliceRandom};

pub struct Story {
    pub name: &'static str,
    evenings: usize,
    tell: fn(&mut Scene),
}

const fn story(name: &'static str, tell: fn(&mut Scene)) -> Story {
    Story { name, evenings: 1, tell }
}

const fn long_story(name: &'static str, evenings: usize, tell: fn(&mut Scene)) -> Story {
    Story { name, evenings, tell }
}

/// Every story, in the order of the rules.
pub fn deck() -> Vec<Story> {
    let mut deck = Vec::new();
    deck.extend(visits::STORIES);
    deck.extend(limits::STORIES);
    deck.extend(custody::STORIES);
    deck.extend(signatures::STORIES);
    deck.extend(conflicts::STORIES);
    deck.extend(transfers::STORIES);
    deck.extend(clocks::STORIES);
    deck.extend(phones::STORIES);
    deck.extend(openings::STORIES);
    deck.extend(dispatch::STORIES);
    deck.extend(rights::STORIES);
    deck
}

/// The first evenings stay free, so that an order may have been opened four days before its story.
const FIRST_EVENING: usize = 4;

pub fn fill_evenings(stage: &mut Stage, shape: &Shape) {
    let mut deck = deck();
    deck.shuffle(&mut stage.rng);
    let stations: Vec<String> = stage.org.stations.iter().map(|station| station.id.clone()).collect();
    let mut free = vec![FIRST_EVENING; stations.len()];
    let mut left = shape.stories * stations.len();
    for (number, story) in deck.iter().cycle().take(left.min(deck.len() * 2)).enumerate() {
        let place = number % stations.len();
        let begins = free[place];
        if left == 0 || begins + story.evenings > stage.days.len() {
            continue;
        }
        left -= 1;
        free[place] = begins + story.evenings;
        let evening = stage.days[begins];
        let mut scene = Scene::begin(stage, &stations[place], evening);
        (story.tell)(&mut scene);
        scene.end();
        stage.told(story.name);
    }
}

/// One story at the first station, on the first evening that it may have.
pub fn tell_one(stage: &mut Stage, name: &str) -> bool {
    let Some(story) = deck().into_iter().find(|story| story.name == name) else { return false };
    let station = stage.org.stations[0].id.clone();
    let evening = stage.days[FIRST_EVENING];
    let mut scene = Scene::begin(stage, &station, evening);
    (story.tell)(&mut scene);
    scene.end();
    stage.told(story.name);
    true
}

pub const BEFORE_FIRST_SYNC: &str = "before_first_sync";

/// Somebody's phone has never synced when the month begins: its clock is taken at its word, and his orders he has by
/// telephone only. On that day nothing else happens to him.
pub fn before_first_sync(stage: &mut Stage) {
    let late = stage.late_starter.clone();
    let station = stage.org.user(&late).and_then(|user| user.station.clone()).expect("engineers have a station");
    let customers = stage.org.customers.iter().filter(|customer| customer.station == station);
    let customer = customers.collect::<Vec<_>>().choose(&mut stage.rng).map(|customer| (*customer).clone());
    let customer = customer.expect("every station has customers");
    let opened = stage.at(stage.eve(), 22, 10, 0);
    let order = stage.order_number(opened, "");
    let opening = stage.opening(&order, &customer, "phone", crate::action::ServiceType::B);
    stage.diary.console(opened, "u-clerk", opening);
    let lead = stage.lead_of(&station);
    stage.diary.console(stage.at(stage.eve(), 22, 14, 0), &lead, assign(&order, &late));
    let day = stage.days[0];
    let first = visit(&order, 1);
    let place = stage.org.stations.iter().find(|known| known.id == station).expect("stations are in org.json");
    let (lat, lng) = (place.lat, place.lng);
    let acts = [
        (7, 50, reached(&order)),
        (8, 20, clock_in(lat, lng)),
        (9, 0, depart(&order, &first)),
        (9, 30, arrive(&order, &first)),
        (10, 30, fixed(&order, &first)),
        (10, 33, sign(&order, &first, 4)),
        (11, 0, Action::Sync),
        (17, 40, clock_out(lat, lng)),
        (17, 50, Action::Sync),
    ];
    for (hour, minute, action) in acts {
        let at = stage.at(day, hour, minute, 0);
        stage.diary.phone(at, &late, action);
    }
    stage.told(BEFORE_FIRST_SYNC);
}
