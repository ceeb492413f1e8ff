//! One line of `log.jsonl`: when, by whom, what, and what is expected of it.

use super::action::Action;
use super::moment::{moment, optional_moment};
use outpost_model::id::{DeviceId, UserId};
use outpost_model::time::Millis;
use serde::{Deserialize, Deserializer};

/// Who acts: a phone, or somebody at the console.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    Device(DeviceId),
    Console(UserId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expect {
    /// Its author has no right to it.
    NoEffect,
    /// The device has been revoked.
    Refused,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Line {
    #[serde(deserialize_with = "moment")]
    pub at: Millis,
    #[serde(deserialize_with = "by")]
    pub by: By,
    /// What the device's own clock showed, where that isn't `at`.
    #[serde(default, deserialize_with = "optional_moment")]
    pub clock: Option<Millis>,
    pub expect: Option<Expect>,
    #[serde(flatten)]
    pub action: Action,
    /// Number of the line in its file, counted from 1.
    #[serde(skip)]
    pub number: usize,
}

fn by<'de, D: Deserializer<'de>>(from: D) -> Result<By, D::Error> {
    let text = String::deserialize(from)?;
    let by = match text.strip_prefix("console:") {
        Some(user) => UserId::parse(user).map(By::Console),
        None => DeviceId::parse(&text).map(By::Device),
    };
    by.map_err(|bad| serde::de::Error::custom(format!("`{text}`: {bad}")))
}
