//! Other months by seed: the same log format and the same rules, other people, places, policies and mishaps.
//!
//! First an organisation is founded ([`founding`]), then each station's evenings are given to stories ([`stories`]), and
//! around them the days are filled with attendance, leave and ordinary service calls. Everything is written into a
//! [`diary`] in any order and comes out in the order in which it truly happened. By day phones sync as they please; in a
//! story's evening nobody but the story touches its phones and its orders, so that who knows what is the story's own.
//!
//! The same seed and shape give the same bytes.
//!
//! # Left out, because the rules give no answer
//! - A helper who becomes the engineer and is then replaced (still a helper?), and a helper taken off (no such action).
//! - An assignment to the same engineer from a second place while the first is on its way; any decision taken offline that
//!   contradicts one taken meanwhile: it would be refused.
//! - `set` by an engineer of the station who was never on the order: "counts" speaks of the rest, `set` is named apart.
//! - `set` of `caller` or `phone` by a phone that doesn't hold the opening, which gave these fields their first values.
//! - Former engineers who go on writing after the order was closed and gone from their phones.
//! - A field set on a phone, lost by a restore after it was sent, and set again: does its author know of himself?
//! - A visit without arrival on an order that is closed unsigned: was "a visit made"?
//! - An order opened by a lead's or clerk's phone ("his from then on" is said of engineers), or under a number in use.
//! - Two closes of which the one captured first reaches the server last.
//! - An item taken back again under a receipt that was returned; a return before the taking back.
//! - A leave decided twice with one outcome; a decision before the request has arrived; leave of leads.
//! - Tasks on days without clocking in: whether they are events of attendance isn't said. Repairs aren't.
//! - Attendance that arrives after its month was signed off: whether the sign-off stays valid.
//! - Devices revoked because `replaced` or `left`; devices of people who aren't engineers or leads.
//! - Work before the first or after the last day of the month; the same part number under two names.
//! - Entries at the very second of the decision that takes an order away; clocks stepped between backup and restore.
//! - Commas and quotation marks in values that reach a detail column.
//! - Calls of an engineer of another station who was assigned nevertheless; engineers sent across stations.

mod acts;
mod days;
mod diary;
mod errands;
mod founding;
mod leaves;
mod scene;
mod sealing;
mod shape;
mod stage;
mod stories;

pub use shape::Shape;

use crate::Month;
use stage::Stage;

/// The month of this seed and shape.
pub fn month(seed: u64, shape: Shape) -> Month {
    tell(seed, shape).0
}

/// The month, and the names of the stories that it tells.
pub fn tell(seed: u64, shape: Shape) -> (Month, Vec<&'static str>) {
    let shape = shape.big_enough();
    let mut stage = Stage::set(seed, &shape);
    stories::before_first_sync(&mut stage);
    // Phones change hands in stories: whatever else people do on them is written afterwards.
    stories::fill_evenings(&mut stage, &shape);
    leaves::plan(&mut stage);
    days::clock_in_and_out(&mut stage);
    errands::run(&mut stage, &shape);
    sealing::close_the_month(&mut stage);
    stage.strike()
}

/// A month in which nothing happens but one story of an evening; nothing if there is no such story.
pub fn one_story(seed: u64, name: &str) -> Option<Month> {
    let mut stage = Stage::set(seed, &Shape::SMALL.big_enough());
    if !stories::tell_one(&mut stage, name) {
        return None;
    }
    sealing::gather_phones(&mut stage);
    Some(stage.strike().0)
}

/// The names of the stories that fill an evening, each of which can be told alone.
pub fn evening_stories() -> Vec<&'static str> {
    stories::deck().into_iter().map(|story| story.name).collect()
}

/// The names of all stories that there are.
pub fn all_stories() -> Vec<&'static str> {
    evening_stories()
        .into_iter()
        .chain([stories::BEFORE_FIRST_SYNC])
        .chain(leaves::NAMES)
        .chain(days::NAMES)
        .chain(sealing::NAMES)
        .collect()
}
