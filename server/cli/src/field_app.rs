//! Where the field app lies: in the folder that was named, beside the data, where it was installed with the program,
//! or where the source folder builds it.

use std::path::{Path, PathBuf};

/// The folder to serve it from. One that isn't built yet is named too: built later, it is there at once.
pub fn find(named: Option<PathBuf>, data: &Path) -> Option<PathBuf> {
    if named.is_some() {
        return named;
    }
    let program = std::env::current_exe().ok();
    let beside = |way: &str| program.as_deref().and_then(Path::parent).map(|folder| folder.join(way));
    let installed = [Some(data.join("app")), beside("app"), beside("../share/outpost/app")];
    let source = beside("../../mobile-bindings/web/app/dist").filter(|dist| {
        let app = dist.parent();
        app.is_some_and(|app| app.join("package.json").is_file())
    });
    installed.into_iter().flatten().find(|folder| is_built(folder)).or(source)
}

pub fn is_built(folder: &Path) -> bool {
    folder.join("index.html").is_file()
}

/// What the first lines of a serving relay say of it.
pub fn line(folder: Option<&Path>, relay: &str) -> String {
    match folder {
        Some(folder) if is_built(folder) => format!("Field app 手机应用: {relay}/app/"),
        Some(_) | None => format!("Field app 手机应用: not built 未编译 ({relay}/app/ says how)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_that_was_named_counts_and_else_the_one_beside_the_data() {
        let data = tempfile::tempdir().unwrap();
        let named = PathBuf::from("/named");
        assert_eq!(find(Some(named.clone()), data.path()), Some(named));
        let beside = data.path().join("app");
        std::fs::create_dir(&beside).unwrap();
        assert_ne!(find(None, data.path()), Some(beside.clone()));
        std::fs::write(beside.join("index.html"), "").unwrap();
        assert_eq!(find(None, data.path()), Some(beside.clone()));
        assert!(line(Some(&beside), "http://127.0.0.1:1").ends_with("http://127.0.0.1:1/app/"));
    }
}
