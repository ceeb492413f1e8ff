//! What a declaration says, whatever the language: names in lower camel case, types in TypeScript's words.

use std::collections::BTreeMap;
use std::fmt;

pub type Shapes = BTreeMap<String, Shape>;
pub type Fields = Vec<(String, String)>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Another name for a text or a number.
    Alias(String),
    Record(Fields),
    Choice(Vec<(String, Fields)>),
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |fields: &Fields| -> String {
            let each: Vec<String> = fields.iter().map(|(name, kind)| format!("{name}: {kind}")).collect();
            each.join(", ")
        };
        match self {
            Shape::Alias(of) => write!(f, "= {of}"),
            Shape::Record(fields) => write!(f, "{{ {} }}", list(fields)),
            Shape::Choice(variants) => {
                let each: Vec<String> =
                    variants.iter().map(|(name, of)| format!("{name} {{ {} }}", list(of))).collect();
                write!(f, "{}", each.join(" | "))
            }
        }
    }
}

/// `lat_e7`, `LAT_E7`, `LatE7` → `latE7`. What JSON spells as the world does (BCP 47) has a plain name in code.
pub fn camel(name: &str) -> String {
    let name = name.trim_matches('`');
    if name == "zh-CN" {
        return "zh".to_owned();
    }
    let shouted = name.chars().all(|letter| !letter.is_lowercase());
    let parts = name.split('_').filter(|part| !part.is_empty());
    let mut camel = String::new();
    for part in parts {
        let part = if shouted { part.to_lowercase() } else { part.to_owned() };
        let (first, rest) = part.split_at(1);
        camel += &if camel.is_empty() { first.to_lowercase() } else { first.to_uppercase() };
        camel += rest;
    }
    camel
}

/// What native apps alone have: what a platform lends, and what comes back from a sync's step.
pub fn is_native_only(name: &str) -> bool {
    const ONLY: &[&str] = &[
        "Change",
        "ClockReading",
        "Host",
        "HttpAnswer",
        "HttpHeader",
        "HttpRequest",
        "PowerReading",
        "RescueReport",
        "SyncStep",
        "Told",
        "Series",
    ];
    // Errors are exceptions there, and names that no view uses are only names.
    ONLY.contains(&name) || name.ends_with("Id") || name.ends_with("Trouble") || name.starts_with("FfiConverter")
}

/// The text without its comments.
pub fn bare(text: &str) -> String {
    let mut bare = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("/**") {
        bare.push_str(&rest[..start]);
        rest = rest[start..].find("*/").map_or("", |end| &rest[start + end + 2..]);
    }
    bare.push_str(rest);
    let without = |line: &str| line.find("//").map_or(line, |at| &line[..at]).to_owned();
    bare.lines().map(without).collect::<Vec<_>>().join("\n")
}

/// The text between a bracket and the one that closes it.
pub fn within(text: &str, open: char, close: char) -> &str {
    let start = text.find(open).map_or(0, |at| at + 1);
    let mut depth = 1;
    for (at, letter) in text[start..].char_indices() {
        if letter == open {
            depth += 1;
        } else if letter == close {
            depth -= 1;
            if depth == 0 {
                return &text[start..start + at];
            }
        }
    }
    &text[start..]
}

/// Splits at commas and line ends that stand in no bracket.
pub fn items(text: &str) -> Vec<String> {
    let (mut items, mut depth, mut item) = (Vec::new(), 0, String::new());
    for letter in text.chars() {
        match letter {
            '<' | '(' | '[' | '{' => depth += 1,
            '>' | ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 && (letter == ',' || letter == '\n') {
            items.push(std::mem::take(&mut item).trim().to_owned());
        } else {
            item.push(letter);
        }
    }
    items.push(item.trim().to_owned());
    items.retain(|item| !item.is_empty());
    items
}
