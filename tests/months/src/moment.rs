//! One moment as the log writes it: RFC 3339, to the second, with the offset that the writer's wall showed.
//!
//! Two moments with different offsets may be the same instant; everything but printing goes by the instant.

use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub instant: Timestamp,
    offset: Offset,
}

impl Moment {
    /// The instant as it reads on a wall clock of `zone`.
    pub fn in_zone(instant: Timestamp, zone: &TimeZone) -> Self {
        Self { instant, offset: zone.to_offset(instant) }
    }

    /// The same clock, moved.
    pub fn shifted(self, by: SignedDuration, zone: &TimeZone) -> Self {
        Self::in_zone(self.instant + by, zone)
    }

    pub fn parse(text: &str) -> Result<Self, jiff::Error> {
        let instant: Timestamp = text.parse()?;
        let pieces = DateTimeParser::new().parse_pieces(text)?;
        Ok(Self { instant, offset: pieces.to_numeric_offset().unwrap_or(Offset::UTC) })
    }
}

impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let zoned = self.instant.to_zoned(self.offset.to_time_zone());
        f.write_str(&zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Moment::parse(&String::deserialize(from)?).map_err(D::Error::custom)
    }
}
