//! Pages lead where they say: each link to a file of the repository has that file, and where a link's text is the name
//! of a test, the file has that test. Source files that are only named are there, too.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn pages() -> Vec<PathBuf> {
    let mut pages = vec![root().join("README.md"), root().join("ARCHITECTURE.md")];
    for folder in ["docs", "docs/decisions"] {
        let entries = fs::read_dir(root().join(folder)).unwrap().flatten().map(|entry| entry.path());
        pages.extend(entries.filter(|path| path.extension().is_some_and(|ext| ext == "md")));
    }
    pages.retain(|page| page.exists());
    pages
}

/// Text and target of each link.
fn links(page: &str) -> Vec<(&str, &str)> {
    let ends = page.match_indices("](");
    ends.filter_map(|(at, _)| {
        let text = page[..at].rsplit('[').next()?;
        let target = page[at + 2..].split(')').next()?;
        Some((text, target))
    })
    .collect()
}

/// What is wrong with a link.
fn fault(page: &Path, text: &str, target: &str) -> Option<String> {
    if target.starts_with("http") || target.starts_with('#') {
        return None;
    }
    let file = page.parent().unwrap().join(target.split('#').next().unwrap_or_default());
    if !file.exists() {
        return Some(format!("{} is missing", file.display()));
    }
    let name = text.strip_prefix('`').and_then(|text| text.strip_suffix('`')).filter(|_| target.ends_with(".rs"))?;
    let source = fs::read_to_string(&file).unwrap();
    (!source.contains(&format!("fn {name}("))).then(|| format!("{} has no test {name}", file.display()))
}

#[test]
fn every_link_leads_somewhere() {
    let mut faults = Vec::new();
    for page in pages() {
        let source = fs::read_to_string(&page).unwrap();
        faults.extend(links(&source).into_iter().filter_map(|(text, target)| fault(&page, text, target)));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn sources(folder: &Path, found: &mut Vec<String>) {
    for path in fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && !matches!(name.as_str(), "target" | "node_modules" | ".git") {
            sources(&path, found);
        } else if path.is_file() {
            found.push(path.to_string_lossy().into_owned());
        }
    }
}

/// Words in backticks that name a source file, whole or by the end of its path.
fn named_files(page: &str) -> impl Iterator<Item = &str> {
    let words = page.split('`').skip(1).step_by(2);
    words.filter(|word| word.ends_with(".rs") && !word.contains(char::is_whitespace))
}

#[test]
fn every_file_that_is_named_is_there() {
    let mut files = Vec::new();
    sources(&root(), &mut files);
    let mut missing = Vec::new();
    for page in pages() {
        let source = fs::read_to_string(&page).unwrap();
        let lost = named_files(&source).filter(|name| !files.iter().any(|file| file.ends_with(&format!("/{name}"))));
        missing.extend(lost.map(|name| format!("{}: {name}", page.display())));
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}
