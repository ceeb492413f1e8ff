//! A declaration as people would write it: a line for each field, a line for each variant.

/// `docs` above it; `declaration` as ts-rs spells it, on one line but for comments.
pub fn declaration(docs: Option<String>, declaration: &str) -> String {
    let docs = docs.map(|docs| format!("{}\n", comment(&docs))).unwrap_or_default();
    let body = declaration.trim().trim_end_matches(';');
    let (name, shape) = body.split_once('=').expect("a type is an equation");
    let (name, shape) = (name.trim().trim_start_matches("type ").trim(), shape.trim());
    let variants = split(shape, '|');
    let text = match variants.as_slice() {
        [only] if only.starts_with('{') => format!("export interface {name} {{\n{}}}", fields(only)),
        [only] => format!("export type {name} = {};", spelled(only)),
        [first, ..] if first.starts_with('"') => format!("export type {name} = {};", variants.join(" | ")),
        _ => {
            let lines: Vec<String> = variants.iter().map(|variant| format!("\n  | {}", inline(variant))).collect();
            format!("export type {name} ={};", lines.concat())
        }
    };
    format!("{docs}{text}\n")
}

fn fields(shape: &str) -> String {
    let line = |field: String| {
        let (docs, field) = apart(&field);
        let docs = docs.map(|docs| format!("  {}\n", comment(&docs))).unwrap_or_default();
        format!("{docs}  {};\n", spelled(&field))
    };
    inner(shape).into_iter().map(line).collect()
}

/// A variant, its comment before it and its fields beside each other.
fn inline(variant: &str) -> String {
    let (docs, variant) = apart(variant);
    let fields: Vec<String> = inner(&variant).iter().map(|field| spelled(&apart(field).1)).collect();
    let docs = docs.map(|docs| format!("{} ", comment(&docs))).unwrap_or_default();
    format!("{docs}{{ {} }}", fields.join("; "))
}

fn inner(shape: &str) -> Vec<String> {
    let inner = shape.trim().trim_start_matches('{').trim_end_matches('}');
    let mut parts = split(inner, ',');
    parts.retain(|part| !part.is_empty());
    parts
}

/// A comment, and what it is about.
fn apart(text: &str) -> (Option<String>, String) {
    match text.trim().strip_prefix("/**").and_then(|rest| rest.split_once("*/")) {
        Some((docs, rest)) => (Some(docs.to_owned()), rest.trim().to_owned()),
        None => (None, text.trim().to_owned()),
    }
}

/// Keys without needless quotes, lists as `T[]`.
fn spelled(field: &str) -> String {
    let (key, value) = match field.split_once(": ") {
        Some((key, value)) => {
            let bare = key.trim_matches('"');
            let is_plain = bare.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
            (format!("{}: ", if is_plain { bare } else { key }), value)
        }
        None => (String::new(), field),
    };
    let value = match value.strip_prefix("Array<").and_then(|rest| rest.strip_suffix('>')) {
        Some(of) => format!("{of}[]"),
        None => value.to_owned(),
    };
    format!("{key}{value}")
}

fn comment(docs: &str) -> String {
    let stripped = docs.trim().trim_start_matches("/**").trim_end_matches("*/");
    let lines = stripped.lines().map(|line| line.trim().trim_start_matches('*').trim());
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    format!("/** {} */", lines.join(" "))
}

/// Splits where no brace, bracket, string or comment is open.
fn split(text: &str, at: char) -> Vec<String> {
    let (mut parts, mut depth, mut quoted, mut part) = (Vec::new(), 0, false, String::new());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if !quoted && rest.starts_with("/*") {
            let end = rest.find("*/").map_or(rest.len(), |end| end + 2);
            part.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        match letter {
            '"' => quoted = !quoted,
            '{' | '<' | '[' | '(' if !quoted => depth += 1,
            '}' | '>' | ']' | ')' if !quoted => depth -= 1,
            _ => {}
        }
        if letter == at && depth == 0 && !quoted {
            parts.push(std::mem::take(&mut part).trim().to_owned());
        } else {
            part.push(letter);
        }
        rest = &rest[letter.len_utf8()..];
    }
    parts.push(part.trim().to_owned());
    parts
}
