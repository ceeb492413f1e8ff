use super::shape::{Fields, Shape, Shapes, bare, camel, items, within};

pub fn shapes(text: &str) -> Shapes {
    let text = bare(text);
    let mut shapes = Shapes::new();
    let mut rest = text.as_str();
    while let Some(end) = rest.find('\n') {
        let line = rest[..end].trim_start_matches("public ").trim_start_matches("indirect ");
        if let Some(name) = named(line, "struct ") {
            shapes.insert(name, Shape::Record(fields(within(rest, '{', '}'))));
        } else if let Some(name) = named(line, "enum ") {
            shapes.insert(name, Shape::Choice(variants(within(rest, '{', '}'))));
        } else if let Some((name, of)) = line.strip_prefix("typealias ").and_then(|it| it.split_once(" = ")) {
            shapes.insert(name.to_owned(), Shape::Alias(kind(of)));
        }
        rest = &rest[end + 1..];
    }
    shapes
}

fn named(line: &str, what: &str) -> Option<String> {
    let rest = line.strip_prefix(what)?;
    let end = rest.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(rest.len());
    Some(rest[..end].to_owned())
}

fn field(text: &str) -> Option<(String, String)> {
    let (name, kind_of) = text.split_once(':')?;
    Some((camel(name.trim()), kind(kind_of)))
}

fn fields(body: &str) -> Fields {
    let lines = body.lines().map(str::trim);
    let declared =
        |line: &'_ str| line.strip_prefix("public let ").or(line.strip_prefix("public var ")).map(str::to_owned);
    lines.filter_map(declared).filter_map(|line| field(&line)).collect()
}

fn variants(body: &str) -> Vec<(String, Fields)> {
    let mut found = Vec::new();
    let mut rest = body;
    while let Some(end) = rest.find('\n') {
        if let Some(case) = rest[..end].trim().strip_prefix("case ") {
            let name = case.split('(').next().unwrap();
            let of = if case.contains('(') { items(within(rest, '(', ')')) } else { Vec::new() };
            found.push((camel(name.trim()), of.iter().filter_map(|text| field(text)).collect()));
        }
        // Methods come after the cases, and have cases of their own.
        if rest[..end].contains("func ") {
            break;
        }
        rest = &rest[end + 1..];
    }
    found
}

/// A type in TypeScript's words.
fn kind(text: &str) -> String {
    let text = text.trim();
    if let Some(inner) = text.strip_suffix('?') {
        return format!("{} | null", kind(inner));
    }
    if let Some(of) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return format!("{}[]", kind(of));
    }
    match text {
        "String" => "string",
        "Bool" => "boolean",
        "UInt8" | "Int8" | "UInt16" | "Int16" | "UInt32" | "Int32" | "UInt64" | "Int64" | "Float" | "Double" => {
            "number"
        }
        other => other,
    }
    .to_owned()
}
