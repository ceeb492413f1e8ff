//! Views and commands have the same names and shapes in every language. Three files, made by two tools from one
//! definition, are read back here as text, as an app's developer would read them, and compared name by name and field
//! by field: what one has and another hasn't, or has otherwise, is drift.

mod kotlin;
mod shape;
mod swift;
mod typescript;

use shape::{Shape, Shapes};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The library whose metadata both generators read: built beside this test.
fn library() -> PathBuf {
    let deps = std::env::current_exe().unwrap().parent().unwrap().to_owned();
    let name = format!("{}outpost_ffi{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let beside = [deps.join(&name), deps.parent().unwrap().join(&name)];
    let newest =
        beside.into_iter().filter(|path| path.exists()).max_by_key(|path| path.metadata().unwrap().modified().unwrap());
    newest.expect("cargo builds the library with its tests")
}

/// All files of that language, as one text.
fn generated(language: &str, ending: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let made = Command::new(env!("CARGO_BIN_EXE_uniffi-bindgen"))
        .args(["generate", "--library", "--no-format", "--language", language, "--out-dir"])
        .arg(folder.path())
        .arg(library())
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let mut text = String::new();
    read_all(folder.path(), ending, &mut text);
    assert!(!text.is_empty(), "nothing was generated for {language}");
    text
}

fn read_all(folder: &Path, ending: &str, text: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, ending, text);
        } else if path.extension().is_some_and(|extension| extension == ending) {
            text.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}

fn differences(language: &str, wanted: &Shapes, had: &Shapes) -> Vec<String> {
    let mut said = Vec::new();
    for (name, shape) in wanted {
        match had.get(name) {
            None => said.push(format!("{language} has no {name}")),
            Some(other) if other != shape => said.push(format!("{name}\n  typescript: {shape}\n  {language}: {other}")),
            Some(_) => {}
        }
    }
    said
}

#[test]
fn views_and_commands_are_the_same_in_every_language() {
    let views = concat!(env!("CARGO_MANIFEST_DIR"), "/../mobile-bindings/web/app/src/core/views.ts");
    let typescript = typescript::shapes(&std::fs::read_to_string(views).unwrap());
    let kotlin = kotlin::shapes(&generated("kotlin", "kt"));
    let swift = swift::shapes(&generated("swift", "swift"));

    // The list: whoever adds a view or takes one away meets it here.
    assert!(typescript.len() > 80, "{}", typescript.len());
    for name in ["Today", "Order", "Visit", "AttendanceMonth", "SyncView", "Me", "DayReport", "Glass", "Proof"] {
        assert!(matches!(typescript.get(name), Some(Shape::Record(_))), "{name}");
    }
    assert!(matches!(typescript.get("Act"), Some(Shape::Choice(acts)) if acts.len() > 20));

    let mut drift = differences("kotlin", &typescript, &kotlin);
    drift.extend(differences("swift", &typescript, &swift));
    // And the other way: a view that native apps have and the field app hasn't.
    for name in kotlin.keys().filter(|name| !typescript.contains_key(*name)) {
        if !shape::is_native_only(name) {
            drift.push(format!("typescript has no {name}"));
        }
    }
    assert!(drift.is_empty(), "{}", drift.join("\n"));
}

#[test]
fn a_drift_is_seen() {
    let one = typescript::shapes("export interface A {\n  b: string | null;\n}\n");
    let same = kotlin::shapes("data class A (\n    val `b`: kotlin.String?\n){\n}\n");
    assert_eq!(differences("kotlin", &one, &same), Vec::<String>::new());
    let other = kotlin::shapes("data class A (\n    val `b`: kotlin.String\n){\n}\n");
    assert_eq!(differences("kotlin", &one, &other).len(), 1);
    assert_eq!(differences("kotlin", &one, &Shapes::new()).len(), 1);
}
