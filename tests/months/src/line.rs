//! One line of the log: when it truly happened, who did it, what, and what that person's device believed the time was.
//!
//! Printed as the shared month prints it (`", "` and `": "`, the log's own key order), so that a month which is read
//! and written again is the same bytes.

use crate::{Action, Moment};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::io;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    pub at: Moment,
    pub by: Author,
    #[serde(flatten)]
    pub action: Action,
    /// What the device's own clock showed, where it didn't show `at`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub clock: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub expect: Option<Expect>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Author {
    Device(String),
    /// Somebody working online at the server.
    Console(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expect {
    NoEffect,
    Refused,
}

impl Line {
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    pub fn to_json(&self) -> String {
        let mut out = Vec::new();
        let mut writer = serde_json::Serializer::with_formatter(&mut out, Spaced);
        self.serialize(&mut writer).expect("a line has string keys and finite numbers");
        String::from_utf8(out).expect("JSON is UTF-8")
    }
}

/// One line with a space after each comma and colon.
struct Spaced;

impl serde_json::ser::Formatter for Spaced {
    fn begin_array_value<W: io::Write + ?Sized>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { to.write_all(b", ") }
    }

    fn begin_object_key<W: io::Write + ?Sized>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { to.write_all(b", ") }
    }

    fn begin_object_value<W: io::Write + ?Sized>(&mut self, to: &mut W) -> io::Result<()> {
        to.write_all(b": ")
    }
}

const CONSOLE: &str = "console:";

impl std::fmt::Display for Author {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Author::Device(device) => f.write_str(device),
            Author::Console(user) => write!(f, "{CONSOLE}{user}"),
        }
    }
}

impl Serialize for Author {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Author {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Ok(match text.strip_prefix(CONSOLE) {
            Some(user) => Author::Console(user.to_owned()),
            None => Author::Device(text),
        })
    }
}
