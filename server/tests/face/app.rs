//! The field app, as the relay hands it out.

use super::house::{House, is};
use std::fs;

fn built() -> House {
    let folder = tempfile::tempdir().unwrap().keep();
    fs::create_dir(folder.join("assets")).unwrap();
    for (name, content) in [
        ("index.html", "plain"),
        ("index.html.br", "brotli"),
        ("index.html.gz", "gzip"),
        ("sw.js", "worker"),
        ("assets/core-1a2b.wasm", "core"),
        ("notes.txt", "not of the app"),
        (".hidden.html", "hidden"),
    ] {
        fs::write(folder.join(name), content).unwrap();
    }
    House::with(|settings| settings.app = Some(folder))
}

#[test]
fn the_app_goes_out_as_the_browser_reads_it_best() {
    let house = built();
    let got = |accepts: &str| {
        let answer = house.get("/app/", &[("accept-encoding", accepts)]);
        assert_eq!((answer.status, answer.header("vary")), (200, "accept-encoding"));
        (String::from_utf8(answer.bytes.clone()).unwrap(), answer.header("content-encoding").to_owned())
    };
    assert_eq!(got("gzip, deflate, br, zstd"), ("brotli".into(), "br".into()));
    assert_eq!(got("gzip, br;q=0"), ("gzip".into(), "gzip".into()));
    assert_eq!(got("identity"), ("plain".into(), String::new()));
    let bare = house.get("/app/sw.js", &[("accept-encoding", "br")]);
    assert_eq!((bare.bytes.as_slice(), bare.header("content-encoding")), (&b"worker"[..], ""));
}

#[test]
fn hashed_files_are_kept_for_good_and_the_rest_is_asked_for_anew() {
    let house = built();
    let core = house.get("/app/assets/core-1a2b.wasm", &[]);
    assert_eq!(core.header("content-type"), "application/wasm");
    assert!(core.header("cache-control").contains("immutable"));
    let page = house.get("/app/index.html", &[]);
    assert_eq!((page.status, page.header("cache-control")), (200, "no-cache"));
    let again = house.get("/app/index.html", &[("if-none-match", page.header("etag"))]);
    assert_eq!((again.status, again.bytes.len()), (304, 0));
    assert_eq!(house.get("/app/index.html", &[("if-none-match", "\"other\"")]).status, 200);
    assert_eq!(house.get("/app", &[]).header("location"), "/app/");
}

#[test]
fn the_app_may_talk_to_its_own_origin_only() {
    let house = built();
    let policy = house.get("/app/", &[]).header("content-security-policy").to_owned();
    for part in
        ["default-src 'none'", "script-src 'self' 'wasm-unsafe-eval';", "connect-src 'self'", "frame-ancestors 'none'"]
    {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("http"), "{policy}");
}

#[test]
fn only_the_apps_own_files_are_handed_out() {
    let house = built();
    for name in [
        "../keys/rows.key",
        "%2e%2e/outpost.db",
        "..%2foutpost.db",
        "assets/../../outpost.db",
        ".hidden.html",
        "notes.txt",
        "index.html.br",
        "assets",
        "assets/",
        "nothing.js",
        "%00.js",
    ] {
        assert_eq!(house.get(&format!("/app/{name}"), &[]).problem(), is(404, "not_found"), "{name}");
    }
}

#[test]
fn where_it_was_not_built_a_page_says_so_in_both_languages() {
    let house = House::new();
    let page = house.get("/app/", &[]);
    let text = String::from_utf8(page.bytes.clone()).unwrap();
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert_eq!(house.get("/app/sw.js", &[]).problem(), is(404, "not_found"));
    assert!(text.contains("还没有编译") && text.contains("isn't built") && text.contains("build.sh"));
}
