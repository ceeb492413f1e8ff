//! `outpost serve`.

use super::site::{Site, outpost, run};
use outpost_model::time::Millis;
use outpost_server::auth::signing_key;
use serde_json::json;
use std::path::Path;
use ureq::Agent;
use ureq::tls::TlsConfig;

fn agent() -> Agent {
    let tls = TlsConfig::builder().disable_verification(true).build();
    Agent::new_with_config(Agent::config_builder().http_status_as_error(false).tls_config(tls).build())
}

fn sign_in(address: &str, user: &str, password: &str) -> u16 {
    let body = json!({ "user": user, "password": password }).to_string();
    agent().post(format!("{address}/v1/session")).send(body.as_bytes()).unwrap().status().as_u16()
}

#[test]
fn the_first_start_says_once_how_to_get_in() {
    let site = Site::empty();
    let relay = site.serve(&[]);
    let (user, password) = (relay.told("工号"), relay.told("密码"));
    assert_eq!(sign_in(&relay.address, &user, &password), 200);
    assert_eq!(sign_in(&relay.address, &user, "something else"), 401);
    let (code, log) = relay.stop();
    assert_eq!(code, 0);
    assert!(log.contains("\"stopped\"") && !log.contains(&password), "{log}");

    let again = site.serve(&[]);
    assert!(!again.welcome().contains("密码"), "{}", again.welcome());
    assert_eq!(sign_in(&again.address, &user, &password), 200);
    again.stop();
}

#[test]
#[cfg(unix)]
fn the_folder_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let (site, _) = Site::founded();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o077;
    assert_eq!(mode(&site.data()), 0);
    assert_eq!(mode(&site.data().join("outpost.db")), 0);
    for entry in std::fs::read_dir(site.data().join("keys")).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0);
    }
}

#[test]
fn another_address_without_protection_is_refused_before_anything_is_made() {
    let site = Site::empty();
    for listen in ["0.0.0.0:0", "[::]:0"] {
        let refusal = site.refused(&["serve", "--listen", listen]);
        assert!(refusal.contains("--tls-cert") && refusal.contains("--behind-proxy"), "{refusal}");
    }
    assert!(site.refused(&["serve", "--tls-cert", "x.pem"]).contains("--tls-key is missing"));
    assert!(site.refused(&["serve", "--tenant", "示例"]).contains("--tenant"));
    assert!(site.refused(&["serve", "--zone", "Mars/Base"]).contains("--zone"));
    assert!(!site.data().exists());
}

#[test]
fn two_relays_dont_share_a_folder_nor_an_address() {
    let site = Site::empty();
    let relay = site.serve(&[]);
    assert!(site.refused(&["serve", "--listen", "127.0.0.1:0"]).contains("One at a time"));
    let taken = relay.address.trim_start_matches("http://").to_owned();
    assert!(Site::empty().refused(&["serve", "--listen", &taken]).contains("--listen"));
    relay.stop();
}

#[test]
fn tls_is_spoken_where_a_certificate_is_given() {
    let site = Site::empty();
    let keys = site.path("tls");
    std::fs::create_dir(&keys).unwrap();
    // The certificate's key: 32 sevens. Nothing else uses it.
    let kid = signing_key::make(&keys, Millis(0), [7; 32]).unwrap();
    let key = keys.join(format!("token-{kid}.pem"));
    let cert = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/operator/loopback.pem");
    let relay = site.serve(&["--tls-cert", cert, "--tls-key", key.to_str().unwrap()]);
    assert!(relay.address.starts_with("https://"), "{}", relay.welcome());
    assert_eq!(agent().get(format!("{}/healthz", relay.address)).call().unwrap().status(), 200);
    let plain = relay.address.replace("https://", "http://");
    assert!(agent().get(format!("{plain}/healthz")).call().is_err());
    relay.stop();

    let wrong = site.refused(&["serve", "--listen", "127.0.0.1:0", "--tls-cert", cert, "--tls-key", cert]);
    assert!(wrong.contains("PEM"), "{wrong}");
}

#[test]
fn help_is_there_for_every_subcommand_and_a_wrong_line_ends_with_2() {
    for words in [&[][..], &["serve"], &["user", "add"], &["device", "code"], &["export"], &["verify"], &["key"]] {
        let ran = outpost(words).arg("--help").output().unwrap();
        assert!(ran.status.success() && ran.stdout.len() > 200, "{words:?}");
    }
    for wrong in
        [&["serve"][..], &["export", "everything", "--data", "x"], &["fly"], &["user", "add", "a b", "--data", "x"]]
    {
        assert_eq!(run(wrong).code, 2, "{wrong:?}");
    }
}
