use super::shape::{Fields, Shape, Shapes, bare, camel, items, within};

pub fn shapes(text: &str) -> Shapes {
    let text = bare(text);
    let mut shapes = Shapes::new();
    let mut rest = text.as_str();
    while let Some(end) = rest.find('\n') {
        let line = &rest[..end];
        if let Some(name) = named(line, "data class ") {
            shapes.insert(name, Shape::Record(fields(within(rest, '(', ')'))));
        } else if let Some(name) = named(line, "enum class ") {
            let body = within(rest, '{', '}');
            let names = items(body.split(';').next().unwrap());
            shapes.insert(name, Shape::Choice(names.iter().map(|it| (camel(it), Fields::new())).collect()));
        } else if let Some(name) = named(line, "sealed class ") {
            let variants = variants(within(rest, '{', '}'));
            shapes.insert(name, Shape::Choice(variants));
        } else if let Some((name, of)) = line.strip_prefix("public typealias ").and_then(|it| it.split_once(" = ")) {
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

fn fields(body: &str) -> Fields {
    let fields = items(body);
    let field = |text: &String| {
        let (name, kind_of) = text.trim_start_matches("val ").trim_start_matches("var ").split_once(':')?;
        Some((camel(name.trim()), kind(kind_of)))
    };
    fields.iter().filter_map(field).collect()
}

fn variants(body: &str) -> Vec<(String, Fields)> {
    let mut found = Vec::new();
    let mut rest = body;
    while let Some(end) = rest.find('\n') {
        let line = rest[..end].trim();
        if let Some(name) = named(line, "data class ") {
            found.push((camel(&name), fields(within(rest, '(', ')'))));
        } else if let Some(name) = named(line, "object ") {
            found.push((camel(&name), Fields::new()));
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
    let list = text.strip_prefix("kotlin.collections.").unwrap_or(text);
    if let Some(of) = list.strip_prefix("List<").and_then(|rest| rest.strip_suffix('>')) {
        return format!("{}[]", kind(of));
    }
    let plain = text.rsplit('.').next().unwrap();
    match plain {
        "String" => "string",
        "Boolean" => "boolean",
        "Byte" | "UByte" | "Short" | "UShort" | "Int" | "UInt" | "Long" | "ULong" | "Float" | "Double" => "number",
        other => other,
    }
    .to_owned()
}
