//! Where the generator writes down what happens: lines in any order, sorted by true time at the end.
//!
//! The diary knows what each phone's clock shows and which phone a person carries when, so that whoever tells a story
//! needn't. Lines of one moment keep the order in which they were written.

use crate::{Action, Author, Line, Moment};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use std::collections::BTreeMap;

pub struct Diary {
    zone: TimeZone,
    lines: Vec<Line>,
    /// For each device: from when on its clock is how many seconds ahead.
    clocks: BTreeMap<String, Vec<(Timestamp, i64)>>,
    /// For each person: from when on which phone is carried.
    phones: BTreeMap<String, Vec<(Timestamp, String)>>,
}

impl Diary {
    pub fn new(zone: TimeZone) -> Self {
        Self { zone, lines: Vec::new(), clocks: BTreeMap::new(), phones: BTreeMap::new() }
    }

    pub fn carry(&mut self, user: &str, since: Timestamp, device: &str) {
        self.phones.entry(user.to_owned()).or_default().push((since, device.to_owned()));
    }

    pub fn set_clock(&mut self, device: &str, since: Timestamp, seconds_ahead: i64) {
        self.clocks.entry(device.to_owned()).or_default().push((since, seconds_ahead));
    }

    pub fn phone_of(&self, user: &str, at: Timestamp) -> String {
        let carried = self.phones.get(user).into_iter().flatten().filter(|(since, _)| *since <= at);
        carried.max_by_key(|(since, _)| *since).expect("everybody in the log carries a phone").1.clone()
    }

    pub fn console(&mut self, at: Timestamp, user: &str, action: Action) -> &mut Line {
        self.write(at, Author::Console(user.to_owned()), action, None)
    }

    /// By the phone that this person carries, its clock as it is.
    pub fn phone(&mut self, at: Timestamp, user: &str, action: Action) -> &mut Line {
        self.device(at, &self.phone_of(user, at), action, 0)
    }

    /// By a named device whose clock is moved by so many seconds for this one moment.
    pub fn device(&mut self, at: Timestamp, device: &str, action: Action, skew: i64) -> &mut Line {
        let plan = self.clocks.get(device).into_iter().flatten().filter(|(since, _)| *since <= at);
        let ahead = plan.max_by_key(|(since, _)| *since).map_or(0, |(_, seconds)| *seconds) + skew;
        let clock = (ahead != 0).then(|| at + SignedDuration::from_secs(ahead));
        self.write(at, Author::Device(device.to_owned()), action, clock)
    }

    fn write(&mut self, at: Timestamp, by: Author, action: Action, clock: Option<Timestamp>) -> &mut Line {
        let moment = |instant| Moment::in_zone(instant, &self.zone);
        self.lines.push(Line { at: moment(at), by, action, clock: clock.map(moment), expect: None });
        self.lines.last_mut().expect("just written")
    }

    pub fn finish(mut self) -> Vec<Line> {
        self.lines.sort_by_key(|line| line.at.instant);
        self.lines
    }
}
