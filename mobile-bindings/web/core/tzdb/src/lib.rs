//! Time zones for phones: each with its transitions since 2020 and the rule for the years to come.
//!
//! The crate of this name holds all of history, 31 KB that every first visit would pay for and no moment that somebody
//! logs falls into. This one has its interface and stands in for it in the browser's build alone. `slim.py` makes the
//! data from the other's.

const DATA: &[u8] = include_bytes!("zones.dat");
const TABLE: &str = include_str!("zones.txt");

/// The release of the time zone database; nothing that the browser's build asks for.
pub static VERSION: Option<&str> = None;

fn names() -> impl Iterator<Item = (&'static str, usize)> {
    TABLE.lines().skip(1).filter_map(|line| {
        let (name, place) = line.split_once(' ')?;
        Some((name, place.parse().ok()?))
    })
}

/// The zone of that name, in whatever case: its own spelling, and its rules as TZif.
pub fn get(name: &str) -> Option<(&'static str, &'static [u8])> {
    let (name, place) = names().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    let mut rest = DATA;
    for _ in 0..place {
        let length = u16::from_be_bytes([*rest.first()?, *rest.get(1)?]);
        rest = rest.get(2 + usize::from(length)..)?;
    }
    let length = u16::from_be_bytes([*rest.first()?, *rest.get(1)?]);
    Some((name, rest.get(2..2 + usize::from(length))?))
}

pub fn available() -> TimeZoneNameIter {
    let mut lines = TABLE.lines();
    lines.next();
    TimeZoneNameIter { lines }
}

#[derive(Clone, Debug)]
pub struct TimeZoneNameIter {
    lines: std::str::Lines<'static>,
}

impl Iterator for TimeZoneNameIter {
    type Item = &'static str;

    fn next(&mut self) -> Option<Self::Item> {
        self.lines.next()?.split(' ').next()
    }
}
