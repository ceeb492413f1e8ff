//! What a person at the console sends: one act, and what his form showed as he made it. What a form doesn't say that
//! it showed, it didn't: so a form that leaves it out overturns and overwrites nothing.

use outpost_model::command::Ask;
use outpost_model::entry::Body;
use outpost_model::header::Header;
use outpost_model::id::{CommandId, EntryId, Hash};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConsoleAct {
    /// Made by the form; the same id again is the same act.
    pub id: CommandId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<Ask>,
    /// The last decision about the page that the form showed.
    #[serde(default, skip_serializing_if = "After::is_nothing")]
    pub after: After,
    /// The heads of the page that the form showed.
    #[serde(default, skip_serializing_if = "Heads::is_empty")]
    pub heads: Heads,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub write: Option<ConsoleWrite>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConsoleWrite {
    pub header: Header,
    /// Without an id the server makes one from the act's.
    pub entries: Vec<(Option<EntryId>, Body)>,
    /// The heads of the page that the form showed.
    #[serde(default, skip_serializing_if = "Heads::is_empty")]
    pub seen: Heads,
}

/// The last decision that a form showed: `"none"`, its id, or `"now"` for whatever stands as the act is taken. `"now"`
/// is for tools that look and act in one go; a page that a person has read says what he read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum After {
    #[default]
    Nothing,
    Decision(CommandId),
    Now,
}

/// The heads of a page that a form showed: a list, empty where there was nothing yet, or `"now"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heads {
    These(Vec<Hash>),
    Now,
}

const NOW: &str = "now";
const NONE: &str = "none";

impl After {
    fn is_nothing(&self) -> bool {
        *self == Self::Nothing
    }
}

impl Heads {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for Heads {
    fn default() -> Self {
        Self::These(Vec::new())
    }
}

impl Serialize for After {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nothing => out.serialize_str(NONE),
            Self::Decision(id) => id.serialize(out),
            Self::Now => out.serialize_str(NOW),
        }
    }
}

impl<'de> Deserialize<'de> for After {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match String::deserialize(from)?.as_str() {
            NONE => Ok(Self::Nothing),
            NOW => Ok(Self::Now),
            id => CommandId::parse(id).map(Self::Decision).map_err(serde::de::Error::custom),
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Spelled {
    Word(String),
    List(Vec<Hash>),
}

impl Serialize for Heads {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::These(heads) => heads.serialize(out),
            Self::Now => out.serialize_str(NOW),
        }
    }
}

impl<'de> Deserialize<'de> for Heads {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match Spelled::deserialize(from)? {
            Spelled::List(heads) => Ok(Self::These(heads)),
            Spelled::Word(word) if word == NOW => Ok(Self::Now),
            Spelled::Word(_) => Err(serde::de::Error::custom("heads are a list of hashes, or \"now\"")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(after: Value, heads: Value) -> Option<(After, Heads)> {
        let act = json!({ "id": "01a0ffeb-3600-7101-8101-010101010101", "after": after, "heads": heads });
        let act: ConsoleAct = serde_json::from_value(act).ok()?;
        let again = serde_json::from_value(serde_json::to_value(&act).unwrap()).unwrap();
        assert_eq!(act, again);
        Some((act.after, act.heads))
    }

    #[test]
    fn a_form_says_what_it_saw_and_what_it_leaves_out_it_did_not_see() {
        let silent: ConsoleAct =
            serde_json::from_value(json!({ "id": "01a0ffeb-3600-7101-8101-010101010101" })).unwrap();
        assert_eq!((silent.after, silent.heads), (After::Nothing, Heads::default()));
        assert_eq!(read(json!("none"), json!([])), Some((After::Nothing, Heads::default())));
        assert_eq!(read(json!("now"), json!("now")), Some((After::Now, Heads::Now)));
        let id = CommandId::parse("01a0ffeb-3600-7101-8101-0101010101ff").unwrap();
        let head = Hash([7; 32]);
        let named = read(json!(id), json!([head]));
        assert_eq!(named, Some((After::Decision(id), Heads::These(vec![head]))));
        for (after, heads) in [(json!("then"), json!([])), (json!("none"), json!("then")), (json!(1), json!([]))] {
            assert_eq!(read(after, heads), None);
        }
    }
}
