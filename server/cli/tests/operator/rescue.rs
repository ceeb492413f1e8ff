//! `outpost rescue` and `outpost review`: from a phone that was replaced to the log, by hand.

use super::site::{Serving, Site};
use outpost_device::act::Act;
use outpost_device::device::Device;
use outpost_device::host::files::{FileKeystore, FileOutside};
use outpost_device::host::{Clock, Host, Randomness};
use outpost_device::report::Outcome;
use outpost_device::transport::http::HttpTransport;
use outpost_model::entry::Body;
use outpost_model::invitation::Invitation;
use outpost_model::time::Millis;
use std::time::{SystemTime, UNIX_EPOCH};
use ureq::Agent;

struct Now;

impl Clock for Now {
    fn now(&self) -> Millis {
        Millis(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64)
    }
    fn zone_minutes(&self) -> i16 {
        480
    }
}

struct Any;

impl Randomness for Any {
    fn fill(&mut self, bytes: &mut [u8]) {
        rand::fill(bytes);
    }
}

/// A phone of u-1's that has synced once and holds one thing that it hasn't sent.
fn phone(site: &Site, relay: &Serving) -> Device {
    site.done(&["station", "add", "st-1", "--name", "济南驻点"]);
    site.done(&["user", "add", "u-1", "--name", "王工", "--role", "engineer", "--station", "st-1"]);
    let printed = site.done(&["device", "code", "--user", "u-1", "--device", "d-1"]);
    let text = printed.lines().find(|line| line.starts_with("OUTPOST1:")).unwrap();
    let host = Host {
        clock: Box::new(Now),
        keystore: Box::new(FileKeystore::open(&site.path("key"), &mut Any).unwrap()),
        outside: Box::new(FileOutside::new(site.path("sends"))),
        randomness: Box::new(Any),
        app: "test".into(),
    };
    let mut device = Device::open(site.path("phone"), host).unwrap();
    device.accept(&Invitation::parse(text).unwrap()).unwrap();
    log(&mut device, Body::ClockIn { place: None });
    let report = device.sync(&mut HttpTransport::new(&relay.address).unwrap()).unwrap();
    assert!(report.is_settled() && report.tally.admitted == 1, "{report:?}");
    log(&mut device, Body::Task { minutes: 95, note: "培训".into() });
    device
}

fn log(device: &mut Device, body: Body) {
    let header = device.attendance_header(Now.now()).unwrap();
    device.capture(Act::logging(header, body)).unwrap();
}

#[test]
fn what_a_replaced_phone_held_comes_into_the_log_by_a_sealed_file_and_headquarters_word() {
    let site = Site::empty();
    let relay = site.serve(&[]);
    let mut device = phone(&site, &relay);
    site.done(&["device", "revoke", "d-1", "--reason", "replaced"]);
    let report = device.sync(&mut HttpTransport::new(&relay.address).unwrap()).unwrap();
    assert_eq!(report.outcome, Outcome::Revoked);
    let file = site.path("u-1.rescue");
    let report = device.rescue(&mut std::fs::File::create(&file).unwrap()).unwrap();
    assert!(report.steps == 1 && report.signed, "{report:?}");
    let file = file.to_str().unwrap();

    let out = site.done(&["rescue", "open", file]);
    assert!(out.contains("d-1 of u-1: 1 steps") && !out.contains("NOT signed"), "{out}");
    let id = out.split_whitespace().last().unwrap().to_owned();
    assert!(site.done(&["rescue", "open", file]).contains("since an earlier time"));
    let list = site.done(&["review", "list"]);
    assert!(list.lines().any(|line| line.starts_with(&id) && line.contains("file") && line.contains("open")), "{list}");
    let shown = site.done(&["review", "show", &id[..6]]);
    assert!(shown.contains("admitted") && shown.contains("培训"), "{shown}");
    let before = site.done(&["verify"]);
    let taken = site.done(&["review", "accept", &id]);
    assert!(taken.contains("accepted by hq") && taken.contains("admitted"), "{taken}");
    let after = site.done(&["verify"]);
    assert!(after.contains("Sound") && before != after);
    // Final, and the same word again changes nothing.
    assert!(site.done(&["review", "accept", &id]).contains("accepted by hq"));
    assert!(site.refused(&["review", "reject", &id, "--reason", "x"]).len() > 20);
    assert_eq!(site.done(&["verify"]), after);
    relay.stop();
}

#[test]
fn a_file_that_isnt_for_this_company_or_was_altered_is_refused_by_name() {
    let site = Site::empty();
    let relay = site.serve(&[]);
    let mut device = phone(&site, &relay);
    let file = site.path("x.rescue");
    let mut bytes = Vec::new();
    device.rescue(&mut bytes).unwrap();
    let refused = |bytes: &[u8]| {
        std::fs::write(&file, bytes).unwrap();
        site.refused(&["rescue", "open", file.to_str().unwrap()])
    };
    let mut altered = bytes.clone();
    *altered.last_mut().unwrap() ^= 1;
    for bad in [&b"something else"[..], &altered, &bytes[..60]] {
        let said = refused(bad);
        assert!(said.contains("[rescue_sealed]"), "{said}");
    }
    // Another company's key doesn't open it.
    let key = site.data().join("keys/seal.key");
    let kept = std::fs::read(&key).unwrap();
    std::fs::write(&key, [1; 32]).unwrap();
    assert!(refused(&bytes).contains("keys/seal.key"));
    std::fs::write(&key, kept).unwrap();
    // The phone was reset and enrolled anew: the file is by the key that it had.
    site.done(&["device", "revoke", "d-1", "--reason", "replaced"]);
    site.done(&["device", "code", "--user", "u-1", "--device", "d-1"]);
    std::fs::write(&file, &bytes).unwrap();
    let out = site.done(&["rescue", "open", file.to_str().unwrap()]);
    assert!(out.contains("NOT signed by the key"), "{out}");
    let id = out.split_whitespace().last().unwrap();
    let rejected = site.done(&["review", "reject", id, "--reason", "来源不明"]);
    assert!(rejected.contains("rejected by hq") && rejected.contains("来源不明"), "{rejected}");
    assert!(site.refused(&["review", "show", "ffff"]).contains("outpost review list"));
    relay.stop();
}

#[test]
fn a_rescue_file_goes_in_through_the_console_too() {
    let site = Site::empty();
    let relay = site.serve(&[]);
    let password = relay.told("密码");
    let mut device = phone(&site, &relay);
    site.done(&["device", "revoke", "d-1", "--reason", "replaced"]);
    let mut file = Vec::new();
    device.rescue(&mut file).unwrap();

    let agent = Agent::new_with_config(Agent::config_builder().max_redirects(0).http_status_as_error(false).build());
    let at = |path: &str| format!("{}{path}", relay.address);
    let typed = format!("user=hq&password={password}&to=/");
    let form = "application/x-www-form-urlencoded";
    let signed_in = agent.post(at("/sign-in")).header("content-type", form).send(typed.as_bytes()).unwrap();
    let cookie = signed_in.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let get = |path: &str| {
        let mut answer = agent.get(at(path)).header("cookie", &cookie).call().unwrap();
        answer.body_mut().read_to_string().unwrap()
    };
    let csrf = get("/rescue").split("name=\"csrf\" value=\"").nth(1).unwrap()[..64].to_owned();
    let import = || {
        let head = format!(
            "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--b\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"u-1.rescue\"\r\n\r\n"
        );
        let body = [head.as_bytes(), &file, b"\r\n--b--\r\n"].concat();
        let request = agent.post(at("/rescue")).header("cookie", &cookie);
        let mut answer = request.header("content-type", "multipart/form-data; boundary=b").send(&body[..]).unwrap();
        answer.body_mut().read_to_string().unwrap()
    };
    let shown = import();
    let review = shown.split("href=\"/review/").nth(1).unwrap_or_else(|| panic!("{shown}")).split('"').next().unwrap();
    let page = get(&format!("/review/{review}"));
    assert!(page.contains("培训"), "{page}");
    assert!(import().contains("以前导入过"), "the same file again changes nothing");
    let accept = format!("csrf={csrf}&answer=accept");
    let path = format!("/review/{review}");
    let request = agent.post(at(&path)).header("cookie", &cookie).header("content-type", form);
    assert_eq!(request.send(accept.as_bytes()).unwrap().status().as_u16(), 303);
    assert!(site.done(&["review", "show", &review[..12]]).contains("accepted by hq"));
    assert!(site.done(&["verify"]).contains("Sound"));
    relay.stop();
}
