//! Moments, days and months. Inside everything is UTC milliseconds; the tenant's zone appears at the edge.
//! Nothing here reads a clock.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// A moment, in UTC milliseconds since 1970. What clocks claim is kept as claimed, so any value may stand here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub i64);

impl Millis {
    pub const fn minutes(n: i64) -> i64 {
        n * 60_000
    }
    pub const fn hours(n: i64) -> i64 {
        n * 3_600_000
    }
    pub const fn plus(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }
    /// `self − earlier`, in milliseconds.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl<C> minicbor::Encode<C> for Millis {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.i64(self.0)?.ok()
    }
}
impl<'b, C> minicbor::Decode<'b, C> for Millis {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        d.i64().map(Self)
    }
}

/// Whole minutes of an interval, rounded half to even; one that runs backwards has none.
pub fn minutes_between(from: Millis, to: Millis) -> i64 {
    let span = to.since(from);
    if span <= 0 {
        return 0;
    }
    let (whole, rest) = (span / 60_000, span % 60_000);
    match rest.cmp(&30_000) {
        std::cmp::Ordering::Less => whole,
        std::cmp::Ordering::Equal => whole + whole % 2,
        std::cmp::Ordering::Greater => whole + 1,
    }
}

/// A text that isn't a day, a month, a moment or a zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not {1}")]
pub struct BadTime(pub String, pub &'static str);

/// A calendar day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub Date);

impl Day {
    pub fn parse(text: &str) -> Result<Self, BadTime> {
        let day: Date = text.parse().map_err(|_| BadTime(text.into(), "a day (YYYY-MM-DD)"))?;
        if day.to_string() != text {
            return Err(BadTime(text.into(), "a day (YYYY-MM-DD)"));
        }
        Ok(Self(day))
    }
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1.day()))
    }
    pub fn previous(self) -> Self {
        Self(self.0.saturating_sub(1.day()))
    }
    pub fn month(self) -> Month {
        Month { year: self.0.year(), month: self.0.month() }
    }
    /// 1 is Monday, 7 is Sunday.
    pub fn weekday(self) -> i8 {
        self.0.weekday().to_monday_one_offset()
    }
}
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

/// A calendar month, or the name of an attendance month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    pub year: i16,
    pub month: i8,
}

impl Month {
    pub fn parse(text: &str) -> Result<Self, BadTime> {
        let bad = || BadTime(text.into(), "a month (YYYY-MM)");
        let first = Day::parse(&format!("{text}-01")).map_err(|_| bad())?;
        Ok(first.month())
    }
    pub fn first(self) -> Day {
        Day(Date::new(self.year, self.month, 1).expect("a month begins on its first"))
    }
    pub fn previous(self) -> Self {
        Day(self.first().0.saturating_sub(1.day())).month()
    }
    pub fn next(self) -> Self {
        self.day(31).next().month()
    }
    /// The day of this month with that number, or its last day when it is shorter.
    pub fn day(self, number: i8) -> Day {
        let first = self.first().0;
        Day(Date::new(self.year, self.month, number.clamp(1, first.days_in_month())).expect("within the month"))
    }
}
impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}
impl Serialize for Month {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

/// A time zone by its IANA name, with its rules at hand.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

impl Zone {
    pub fn parse(name: &str) -> Result<Self, BadTime> {
        let rules = TimeZone::get(name).map_err(|_| BadTime(name.into(), "a time zone (Area/City)"))?;
        Ok(Self { name: name.to_owned(), rules })
    }
    pub fn name(&self) -> &str {
        &self.name
    }
    fn civil(&self, at: Millis) -> jiff::Zoned {
        let bounded = at.0.clamp(Timestamp::MIN.as_millisecond(), Timestamp::MAX.as_millisecond());
        Timestamp::from_millisecond(bounded).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(self.rules.clone())
    }
    pub fn day(&self, at: Millis) -> Day {
        Day(self.civil(at).date())
    }
    /// The moment at which that day begins.
    pub fn begins(&self, day: Day) -> Millis {
        let first = day.0.to_zoned(self.rules.clone());
        Millis(first.map_or(i64::MIN, |first| first.timestamp().as_millisecond()))
    }
    /// Minutes after local midnight by the clock on the wall, with the fraction that seconds make.
    pub fn time_of_day_ms(&self, at: Millis) -> i64 {
        let time = self.civil(at).time();
        i64::from(time.hour()) * 3_600_000
            + i64::from(time.minute()) * 60_000
            + i64::from(time.second()) * 1_000
            + i64::from(time.millisecond())
    }
    /// RFC 3339 to the second, with the zone's offset at that moment.
    pub fn rfc3339(&self, at: Millis) -> String {
        self.civil(at).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }
    /// Minutes east of Greenwich at that moment.
    pub fn offset_minutes(&self, at: Millis) -> i16 {
        (self.civil(at).offset().seconds() / 60) as i16
    }
}
impl Serialize for Zone {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&self.name)
    }
}
impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

/// Reads an RFC 3339 moment.
pub fn parse_moment(text: &str) -> Result<Millis, BadTime> {
    let at: Timestamp = text.parse().map_err(|_| BadTime(text.into(), "a moment (RFC 3339)"))?;
    Ok(Millis(at.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_minutes_round_to_even_and_backwards_is_nothing() {
        let minutes = |ms| minutes_between(Millis(0), Millis(ms));
        assert_eq!(
            [0, 1, 2, 2, 0],
            [minutes(30_000), minutes(30_001), minutes(90_000), minutes(150_000), minutes(-60_000)]
        );
    }

    #[test]
    fn a_moment_is_shown_in_the_tenants_zone() {
        let zone = Zone::parse("Asia/Shanghai").unwrap();
        let at = parse_moment("2026-09-25T00:41:01+08:00").unwrap();
        assert_eq!(zone.rfc3339(at), "2026-09-25T00:41:01+08:00");
        assert_eq!(zone.day(at).to_string(), "2026-09-25");
        assert_eq!(zone.day(Millis(i64::MAX)).to_string().len(), 10);
    }

    #[test]
    fn a_day_has_one_spelling() {
        assert!(Day::parse("2026-10-01").is_ok());
        for bad in ["2026-10-1", "20261001", "2026-02-30", "+002026-10-01", ""] {
            assert!(Day::parse(bad).is_err(), "{bad}");
        }
    }
}
