//! Whether somebody is on duty, where, and whether he is out.

use super::Screens;
use crate::views::EventItem;
use outpost_model::entry::{Body, Place};
use outpost_model::fold::attendance::OwnTime;
use outpost_model::id::EntryId;
use outpost_model::time::Millis;
use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct Duty {
    /// Clocked in and not out since.
    pub since: Option<Millis>,
    pub place: Located,
    pub out: Option<Outing>,
}

/// On the way somewhere, and expected back.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct Outing {
    pub entry: EntryId,
    pub destination: String,
    pub since: Millis,
    pub expected: Millis,
    pub overdue: bool,
}

/// A place comes late or never; what was logged stands without it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Enum, ts_rs::TS))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Located {
    Known { name: Option<String>, accuracy_m: u32 },
    Coming,
    None,
    Unsaid,
}

/// So long a phone looks for its place.
const LOOKING: i64 = 60_000;

pub(super) fn located(place: Option<Place>, event: &EventItem, now: Millis) -> Located {
    match place {
        Some(place) => Located::Known { name: None, accuracy_m: place.accuracy_m },
        None if now.since(event.entry.evidence.clock) < LOOKING => Located::Coming,
        None => Located::None,
    }
}

impl Screens<'_> {
    /// The outing that hasn't ended.
    pub(super) fn outing(&self, own: &OwnTime, events: &[EventItem]) -> Option<Outing> {
        let (destination, expected) = own.out.clone()?;
        let went = events.iter().rev().find(|event| match &event.entry.body {
            Body::GoOut { destination: to, expected_return } => (to, *expected_return) == (&destination, expected),
            _ => false,
        });
        Some(Outing {
            entry: went.map_or(EntryId([0; 16]), |went| went.id),
            since: went.map_or(expected, |went| went.at),
            overdue: expected < self.now(),
            destination,
            expected,
        })
    }

    pub(super) fn duty_place(&self, own: &OwnTime, events: &[EventItem]) -> Located {
        let Some(since) = own.on_duty_since else { return Located::Unsaid };
        let came = events.iter().rev().find_map(|event| match &event.entry.body {
            Body::ClockIn { place } if event.at == since => Some((event, place)),
            _ => None,
        });
        came.map_or(Located::Unsaid, |(event, place)| located(*place, event, self.now()))
    }
}
