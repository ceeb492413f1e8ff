//! Moments as the month's files write them: with their offset from UTC.

use outpost_model::time::{Millis, parse_moment};
use serde::{Deserialize, Deserializer};

pub(super) fn moment<'de, D: Deserializer<'de>>(from: D) -> Result<Millis, D::Error> {
    parse_moment(&String::deserialize(from)?).map_err(serde::de::Error::custom)
}

pub(super) fn optional_moment<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Millis>, D::Error> {
    moment(from).map(Some)
}
