//! `outpost device`.

use super::site::Site;
use outpost_model::invitation::Invitation;

fn with_engineer() -> Site {
    let (site, _) = Site::founded();
    site.done(&["station", "add", "st-1", "--name", "济南驻点"]);
    site.done(&["user", "add", "u-1", "--name", "王工", "--role", "engineer", "--station", "st-1"]);
    site
}

fn invitation(printed: &str) -> Invitation {
    let text = printed.lines().find(|line| line.starts_with("OUTPOST1:")).unwrap_or_else(|| panic!("{printed}"));
    Invitation::parse(text).unwrap()
}

#[test]
fn an_invitation_reads_back_and_a_new_one_takes_its_place() {
    let site = with_engineer();
    let printed = site.done(&["device", "code", "--user", "u-1", "--server", "https://outpost.example/"]);
    let first = invitation(&printed);
    assert_eq!((first.server.as_str(), first.user.as_str()), ("https://outpost.example", "u-1"));
    assert!(first.device.as_str().starts_with("d-u-1-") && printed.contains("扫码"), "{printed}");
    let device = first.device.as_str();
    let again = invitation(&site.done(&["device", "code", "--user", "u-1", "--device", device]));
    assert_eq!(again.device, first.device);
    assert_ne!(again.code, first.code);
    let list = site.done(&["device", "list"]);
    assert!(list.lines().any(|line| line.contains(device) && line.contains("invited")), "{list}");
}

#[test]
fn what_cant_be_invited_or_revoked_says_why() {
    let site = with_engineer();
    let code = |more: &[&str]| site.refused(&[&["device", "code"], more].concat());
    assert!(code(&["--user", "u-9"]).contains("outpost user list"));
    assert!(code(&["--user", "u-1", "--server", "http://outpost.example"]).contains("https://"));
    site.done(&["device", "code", "--user", "u-1", "--device", "d-1"]);
    assert!(code(&["--user", "hq", "--device", "d-1"]).contains("belongs to u-1"));
    assert!(site.refused(&["device", "revoke", "d-9", "--reason", "lost"]).contains("outpost device list"));
    site.done(&["device", "revoke", "d-1", "--reason", "lost"]);
    assert!(site.done(&["device", "list"]).contains("lost since"));
    // Found again: enrolled anew.
    site.done(&["device", "code", "--user", "u-1", "--device", "d-1"]);
    assert!(site.done(&["device", "list"]).contains("invited"));
}
