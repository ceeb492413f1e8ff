//! What is written down for strangers, against the code: the vectors in `docs/vectors/`, which a client in another
//! language is checked with, and the tables in `docs/`. Neither may say anything that the code doesn't do.
//!
//! After a change of a table or a new vector, look at the difference and write it with `OUTPOST_BLESS=1`. A vector of
//! a released version is never changed: another goes beside it.

mod bytes;
mod links;
mod samples;
mod tables;
mod texts;

use serde_json::Value;
use std::fs;
use std::path::PathBuf;

fn docs(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs")).join(name)
}

fn is_blessing() -> bool {
    std::env::var_os("OUTPOST_BLESS").is_some()
}

/// Compares a page with what the code says.
fn check_page(name: &str, said: &str) {
    let path = docs(name);
    if is_blessing() {
        fs::write(&path, said).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == said, "docs/{name} is out of date: see the head of this test");
}

/// Compares the part of a page between `<!-- table NAME -->` and `<!-- end -->`.
fn check_table(page: &str, name: &str, said: &str) {
    let path = docs(page);
    let whole = fs::read_to_string(&path).unwrap();
    let begin = format!("<!-- table {name} -->\n");
    let (head, rest) = whole.split_once(&begin).unwrap_or_else(|| panic!("docs/{page} has no table {name}"));
    let (committed, tail) = rest.split_once("<!-- end -->").expect("a table ends");
    if is_blessing() {
        fs::write(&path, format!("{head}{begin}{said}<!-- end -->{tail}")).unwrap();
    } else {
        assert!(committed == said, "table {name} of docs/{page} is out of date: see the head of this test");
    }
}

/// Compares a file of vectors with what the code makes of the same inputs.
fn check_vectors(name: &str, vectors: &Value) {
    let said = format!("{}\n", serde_json::to_string_pretty(vectors).unwrap());
    check_page(&format!("vectors/{name}.json"), &said);
}
