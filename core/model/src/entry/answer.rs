//! The answers that entries are made of: places, choices, and what the customer signs.

use crate::id::Hash;
use serde::{Deserialize, Serialize};

/// A place as the phone knew it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Record, ts_rs::TS))]
pub struct Place {
    pub lat_e7: i32,
    pub lng_e7: i32,
    pub accuracy_m: u32,
    /// The platform said that the place was made up.
    pub mock: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Phone,
    Letter,
    Web,
    OnSite,
    Visit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Enum, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    Reached,
    NoAnswer,
    RemoteFixed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Enum, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum VisitResult {
    Fixed,
    FollowUp,
    TakenBack,
    NoFault,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Enum, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum PayMethod {
    Cash,
    Invoice,
}

/// What the customer signs: the content that the glass showed, pinned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    pub name: String,
    /// The strokes, a blob.
    pub strokes: Hash,
    /// 1 to 5.
    pub score: u8,
    pub comment: String,
    /// Heads of the order's page that the glass showed.
    pub order_heads: Vec<Hash>,
    /// Heads of the visit's page that the glass showed.
    pub visit_heads: Vec<Hash>,
    /// SHA-256 of the canonical list of what was shown; see `signature::digest`.
    pub digest: Hash,
    /// Language of the glass.
    pub lang: Lang,
    /// The name was typed instead of drawn, for this reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub typed: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(uniffi::Enum, ts_rs::TS))]
pub enum Lang {
    #[serde(rename = "zh-CN")]
    Zh,
    #[serde(rename = "en")]
    En,
}

/// An answer on a form: yes or no, a whole number (money too, in fen), or a text (a day or a choice too).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    YesNo(bool),
    Number(i64),
    Text(String),
}
