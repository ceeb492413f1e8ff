//! The arrow, checked: crates and modules import only what ARCHITECTURE.md lets them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The fenced blocks of ARCHITECTURE.md whose info string begins with that word: the rest of it, and the lines.
fn blocks(kind: &str) -> Vec<(String, Vec<String>)> {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let mut found = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(rest) = line.strip_prefix("```").and_then(|info| info.strip_prefix(kind)) {
            let body = lines.by_ref().take_while(|line| *line != "```").map(str::to_owned).collect();
            found.push((rest.trim().to_owned(), body));
        }
    }
    found
}

/// Names of workspace crates that a manifest depends on, and its own name.
fn manifest(path: &Path) -> (String, BTreeSet<String>) {
    let text = fs::read_to_string(path).unwrap();
    let mut section = String::new();
    let (mut name, mut deps) = (String::new(), BTreeSet::new());
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line.to_owned();
        } else if section == "[package]" && line.starts_with("name") {
            name = line.split('"').nth(1).unwrap().to_owned();
        } else if section == "[dependencies]" && line.starts_with("outpost") {
            deps.insert(line.split(['.', ' ', '=']).next().unwrap().to_owned());
        }
    }
    (name, deps)
}

fn members() -> Vec<PathBuf> {
    let workspace = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let list = workspace.lines().find(|line| line.starts_with("members")).expect("members stand on one line");
    list.split('"').skip(1).step_by(2).map(|member| root().join(member)).collect()
}

#[test]
fn no_crate_depends_on_one_that_it_may_not_know() {
    let allowed: BTreeMap<String, BTreeSet<String>> = blocks("crates")
        .into_iter()
        .flat_map(|(_, lines)| lines)
        .map(|line| {
            let (name, deps) = line.split_once("->").expect("name -> dependencies");
            (name.trim().to_owned(), deps.split_whitespace().map(str::to_owned).collect())
        })
        .collect();
    for member in members() {
        let (name, deps) = manifest(&member.join("Cargo.toml"));
        let allowed = allowed.get(&name).unwrap_or_else(|| panic!("{name} is missing in ARCHITECTURE.md"));
        let upward: Vec<_> = deps.difference(allowed).collect();
        assert!(upward.is_empty(), "{name} may not depend on {upward:?}");
    }
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            found.push(path);
        }
    }
}

/// First segments of `crate::…` paths in the code proper: comments and the test module at a file's end don't count.
fn imports(source: &str) -> BTreeSet<String> {
    let code = source.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let mut names = BTreeSet::new();
    for line in code.lines().map(|line| line.split("//").next().unwrap_or_default()) {
        for rest in line.split("crate::").skip(1) {
            match rest.strip_prefix('{') {
                Some(group) => names.extend(group.split(['}', ',']).filter_map(|item| first_segment(item.trim()))),
                None => names.extend(first_segment(rest)),
            }
        }
    }
    names
}

fn first_segment(path: &str) -> Option<String> {
    let name: String = path.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

#[test]
fn no_module_imports_upward() {
    let layers = blocks("layers");
    assert!(!layers.is_empty());
    for (folder, order) in layers {
        let source = root().join(&folder);
        let mut files = Vec::new();
        rust_files(&source, &mut files);
        for file in files {
            let relative = file.strip_prefix(&source).unwrap();
            let module = relative.components().next().unwrap().as_os_str().to_string_lossy();
            let module = module.trim_end_matches(".rs");
            if matches!(module, "lib" | "main" | "bin") {
                continue;
            }
            let place = order.iter().position(|name| name == module);
            let place = place.unwrap_or_else(|| panic!("{folder}/{module} is missing in ARCHITECTURE.md"));
            for import in imports(&fs::read_to_string(&file).unwrap()) {
                // Items of the crate root (macros, re-exports) are nobody's module.
                if import == module || !order.contains(&import) && !source.join(format!("{import}.rs")).exists() {
                    continue;
                }
                let from = order.iter().position(|name| *name == import);
                assert!(
                    from.is_some_and(|from| from < place),
                    "{folder}/{}: {module} imports {import}",
                    relative.display()
                );
            }
        }
    }
}

#[test]
fn the_check_sees_an_upward_import() {
    let source = "use crate::fold::order;\nuse crate::{wire, table::Table};\n// crate::judge\n#[cfg(test)]\nmod tests { use crate::page; }";
    let found: Vec<String> = imports(source).into_iter().collect();
    assert_eq!(found, ["fold", "table", "wire"]);
}
