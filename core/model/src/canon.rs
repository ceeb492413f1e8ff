//! Canonical JSON: the one spelling of an entry, a command or a header, so that a hash of it means its content.
//! Sorted ASCII keys, integers within ±(2⁵³−1), no floats, no white space, no nulls.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The largest integer that every reader of JSON keeps exactly.
pub const MAX_INTEGER: i64 = (1 << 53) - 1;
/// Deeper than any form nests, shallow enough for any stack.
const MAX_DEPTH: usize = 10;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotCanonical {
    #[error("not the JSON of this form: {0}")]
    Shape(String),
    #[error("a number that isn't an integer within ±(2⁵³−1)")]
    Number,
    #[error("a key that isn't ASCII")]
    Key,
    #[error("a null; leave the key out instead")]
    Null,
    #[error("nested deeper than {MAX_DEPTH}")]
    Depth,
    #[error("not spelled canonically: sorted keys, no white space, nothing unknown")]
    Spelling,
}

/// The canonical text of a value of ours. Our own forms hold nothing that has no canonical text.
pub fn to_canonical<T: Serialize>(value: &T) -> Result<String, NotCanonical> {
    let value = serde_json::to_value(value).map_err(|e| NotCanonical::Shape(e.to_string()))?;
    check(&value, 0)?;
    // serde_json's map is a BTreeMap here: keys come out in byte order.
    serde_json::to_string(&value).map_err(|e| NotCanonical::Shape(e.to_string()))
}

/// Reads a text from outside; whatever isn't the canonical spelling of exactly this form is refused.
pub fn parse_canonical<T: Serialize + DeserializeOwned>(text: &str) -> Result<T, NotCanonical> {
    let value: Value = serde_json::from_str(text).map_err(|e| NotCanonical::Shape(e.to_string()))?;
    check(&value, 0)?;
    let parsed: T = serde_json::from_value(value).map_err(|e| NotCanonical::Shape(e.to_string()))?;
    // Unknown keys, white space and other spellings all show as a difference here.
    if to_canonical(&parsed)? != text {
        return Err(NotCanonical::Spelling);
    }
    Ok(parsed)
}

fn check(value: &Value, depth: usize) -> Result<(), NotCanonical> {
    if depth > MAX_DEPTH {
        return Err(NotCanonical::Depth);
    }
    match value {
        Value::Null => Err(NotCanonical::Null),
        Value::Bool(_) | Value::String(_) => Ok(()),
        Value::Number(n) => match n.as_i64() {
            Some(i) if (-MAX_INTEGER..=MAX_INTEGER).contains(&i) => Ok(()),
            _ => Err(NotCanonical::Number),
        },
        Value::Array(items) => items.iter().try_for_each(|item| check(item, depth + 1)),
        Value::Object(map) => map
            .iter()
            .try_for_each(|(key, item)| if key.is_ascii() { check(item, depth + 1) } else { Err(NotCanonical::Key) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Form {
        b: i64,
        a: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        c: Option<bool>,
    }

    #[test]
    fn keys_are_sorted_and_absent_ones_left_out() {
        let form = Form { b: -3, a: "密封圈\n".into(), c: None };
        let text = to_canonical(&form).unwrap();
        assert_eq!(text, r#"{"a":"密封圈\n","b":-3}"#);
        assert_eq!(parse_canonical::<Form>(&text).unwrap(), form);
    }

    #[test]
    fn every_other_spelling_is_refused() {
        for bad in [
            r#"{"b":1,"a":""}"#,
            r#"{"a":"","b":1,"x":2}"#,
            r#"{"a":"", "b":1}"#,
            r#"{"a":"","b":1.0}"#,
            r#"{"a":"","b":1e3}"#,
            r#"{"a":"","b":9007199254740992}"#,
            r#"{"a":"","b":1,"c":null}"#,
            r#"{"a":"\u0041","b":1}"#,
            r#"{"a":"","b":1,"b":1}"#,
            r#"[[[[[[[[[[[[]]]]]]]]]]]]"#,
        ] {
            assert!(parse_canonical::<Form>(bad).is_err(), "{bad}");
        }
    }
}
