//! `outpost user`, `outpost station`, `outpost key`.

use super::site::{Site, outpost};
use serde_json::json;
use std::io::Write;
use std::process::Stdio;
use ureq::Agent;

fn sign_in(address: &str, user: &str, password: &str) -> u16 {
    let agent = Agent::new_with_config(Agent::config_builder().http_status_as_error(false).build());
    let body = json!({ "user": user, "password": password }).to_string();
    agent.post(format!("{address}/v1/session")).send(body.as_bytes()).unwrap().status().as_u16()
}

#[test]
fn people_are_added_to_stations_that_exist() {
    let (site, _) = Site::founded();
    let add = ["user", "add", "u-1", "--name", "王工", "--role", "engineer"];
    assert!(site.refused(&add).contains("--station"));
    let at = [&add[..], &["--station", "st-1"]].concat();
    assert!(site.refused(&at).contains("outpost station add st-1"), "{}", site.refused(&at));
    site.done(&["station", "add", "st-1", "--name", "济南驻点", "--lat", "36.65", "--lng", "117.12"]);
    site.done(&at);
    assert!(site.refused(&at).contains("on record already"));
    assert!(
        site.refused(&["user", "add", "u-2", "--name", "x", "--role", "hq", "--station", "st-1"]).contains("leave")
    );
    let list = site.done(&["user", "list"]);
    assert!(list.lines().any(|line| line.contains("u-1") && line.contains("王工") && line.contains("st-1")), "{list}");
    site.done(&["user", "deactivate", "u-1"]);
    assert!(site.done(&["user", "list"]).lines().any(|line| line.contains("u-1") && line.ends_with("no")));
    assert!(site.refused(&["user", "password", "u-1", "--generate"]).contains("no longer active"));
    assert!(site.refused(&["user", "password", "u-9", "--generate"]).contains("outpost user list"));
}

#[test]
fn a_new_password_counts_at_once_beside_a_running_relay() {
    let site = Site::empty();
    let relay = site.serve(&[]);
    let old = relay.told("密码");
    let printed = site.done(&["user", "password", "hq", "--generate"]);
    let new = printed.lines().next().unwrap().split_whitespace().last().unwrap();
    assert_eq!((sign_in(&relay.address, "hq", &old), sign_in(&relay.address, "hq", new)), (401, 200));

    let mut command = outpost(&["user", "password", "hq", "--stdin", "--data"]);
    let mut child = command.arg(site.data()).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all("一个很长很长的口令!\n".as_bytes()).unwrap();
    assert!(child.wait_with_output().unwrap().status.success());
    assert_eq!(sign_in(&relay.address, "hq", "一个很长很长的口令!"), 200);
    relay.stop();
}

#[test]
fn signing_keys_are_changed_and_listed() {
    let (site, _) = Site::founded();
    assert_eq!(site.done(&["key", "list"]).lines().count(), 2);
    site.done(&["key", "rotate"]);
    let list = site.done(&["key", "list"]);
    let states: Vec<&str> = list.lines().skip(1).filter_map(|line| line.split_whitespace().last()).collect();
    assert_eq!(states, ["verifies", "signs"], "{list}");
}

#[test]
fn a_folder_that_isnt_there_says_how_to_make_one() {
    let site = Site::empty();
    for words in [&["user", "list"][..], &["device", "list"], &["verify"], &["export", "orders"], &["key", "list"]] {
        assert!(site.refused(words).contains("outpost serve --data"), "{words:?}");
    }
    assert!(!site.data().exists());
}
