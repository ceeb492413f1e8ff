use super::shape::{Fields, Shape, Shapes, bare, camel};

pub fn shapes(text: &str) -> Shapes {
    let mut shapes = Shapes::new();
    for declaration in bare(text).split("export ").skip(1) {
        let declaration = declaration.trim();
        if let Some(rest) = declaration.strip_prefix("interface ") {
            let (name, body) = rest.split_once('{').unwrap();
            shapes.insert(name.trim().to_owned(), Shape::Record(fields(body.trim_end_matches('}'))));
        } else if let Some(rest) = declaration.strip_prefix("type ") {
            let (name, body) = rest.split_once('=').unwrap();
            shapes.insert(name.trim().to_owned(), choice(body.trim().trim_end_matches(';')));
        }
    }
    shapes
}

fn fields(body: &str) -> Fields {
    let parts = body.split(';').map(str::trim).filter(|part| !part.is_empty());
    let field = |part: &str| part.split_once(": ").map(|(name, kind)| (camel(name.trim_matches('"')), kind.to_owned()));
    parts.filter_map(field).collect()
}

fn choice(body: &str) -> Shape {
    if body == "string" || body == "number" {
        return Shape::Alias(body.to_owned());
    }
    if body.starts_with('"') {
        let names = body.split('|').map(|name| (camel(name.trim().trim_matches('"')), Fields::new()));
        return Shape::Choice(names.collect());
    }
    // Each variant's first field is its tag.
    let variants = body.split("\n").map(|line| line.trim().trim_start_matches('|').trim()).filter(|it| !it.is_empty());
    let variant = |text: &str| {
        let mut fields = fields(text.trim_start_matches('{').trim_end_matches('}'));
        let (_, tag) = fields.remove(0);
        (
            camel(tag.trim().trim_matches('"')),
            fields.into_iter().map(|(name, kind)| (name, kind.trim().to_owned())).collect(),
        )
    };
    Shape::Choice(variants.map(variant).collect())
}
