//! What couldn't be admitted, and what was handed in: who sees how much of it, and headquarters' word.

use super::desk::{Desk, user};
use axum::body::Body;
use axum::http::Request;
use outpost_model::command::{Ask, Command, RevokeReason};
use outpost_model::entry::Evidence;
use outpost_model::id::{CommandId, DeviceId, PageId, UserId};
use outpost_model::wire::{HandIn, Step, SyncRequest, VERSION, What, frame};
use outpost_server::clock::Clock;
use outpost_server::relay::Source;

fn phone() -> DeviceId {
    DeviceId::parse("d-1").unwrap()
}

impl Desk {
    /// A question of an engineer's, as his phone keeps it.
    fn question(&self, by: &str, n: u64, ask: Ask) -> String {
        let now = self.clock.now();
        let id = CommandId::v7(now.0 as u64 + n, [n as u8; 10]);
        let by = UserId::parse(by).unwrap();
        let evidence = Evidence { by, clock: now, zone: 480, contact: 0, epoch: 1, n, mono: None };
        Command { id, ask, evidence, heads: vec![], after: None }.canonical().unwrap()
    }

    /// A phone of u-e1's sends something that can't be admitted; its bytes.
    fn refuse(&self) -> String {
        self.decide("u-hq", Ask::Enrol { device: phone(), user: user("u-e1") });
        self.relay.certify(&phone(), [9; 32]).unwrap();
        let source = self.question("u-e1", 1, Ask::Cancel { order: PageId([7; 16]), reason: "客户取消了".into() });
        let request = SyncRequest {
            version: VERSION,
            clock: self.clock.now(),
            epoch: 1,
            captured: 1,
            sends: 1,
            cursor: None,
            pages: vec![],
            steps: vec![Step { no: 1, needs: vec![], what: What::Command(source.clone()) }],
            unsent: 0,
            app: "test".into(),
        };
        self.relay.sync(&phone(), request).unwrap();
        assert_eq!(self.texts("select code from refused"), ["order_unknown"]);
        source
    }

    /// The same phone was replaced, and hands in two questions, of which one may be taken.
    fn hand_in(&self) -> String {
        self.decide("u-hq", Ask::Revoke { device: phone(), reason: RevokeReason::Replaced });
        let lease = Ask::LeaseNumbers { series: outpost_model::command::Series::Receipt, count: 5 };
        let asks = [lease, Ask::Cancel { order: PageId([8; 16]), reason: "误报".into() }];
        let steps = asks.into_iter().zip(1..).map(|(ask, n)| Step {
            no: n,
            needs: vec![],
            what: What::Command(self.question("u-e1", u64::from(n) + 10, ask)),
        });
        let hand_in = HandIn {
            version: VERSION,
            clock: self.clock.now(),
            epoch: 1,
            captured: 12,
            pages: vec![],
            steps: steps.collect(),
            app: "test".into(),
        };
        self.relay.hand_in(&phone(), frame(&hand_in), Source::Phone).unwrap().id.to_string()
    }
}

#[test]
fn a_refusal_is_seen_by_whoever_sees_the_person_and_read_by_headquarters_alone() {
    let desk = Desk::open();
    let source = desk.refuse();
    let hq = desk.sign_in("u-hq");
    let list = hq.get("/refused").text;
    assert!(
        list.contains("姓名 u-e1") && list.contains("order_unknown") && list.contains("dispatch it to him"),
        "{list}"
    );
    let path = list.split("href=\"/refused/").nth(1).unwrap().split('"').next().unwrap();
    let path = format!("/refused/{path}");
    let one = hq.get(&path).text;
    assert!(one.contains("客户取消了") && one.contains("姓名 u-lead-1"), "what it says, and whom to call: {one}");
    assert_eq!(hq.get(&format!("{path}/bytes")).text, source, "byte for byte");
    assert_eq!(desk.texts("select act from audit where act = 'export'"), ["export"]);
    let lead = desk.sign_in("u-lead-1");
    let seen = lead.get("/refused").text;
    assert!(seen.contains("order_unknown") && !seen.contains("客户取消了") && !seen.contains(&path), "{seen}");
    assert!(!desk.sign_in("u-lead-2").get("/refused").text.contains("order_unknown"), "another station's");
    for id in ["u-lead-1", "u-lead-2", "u-clerk", "u-e1"] {
        let browser = desk.sign_in(id);
        assert_eq!((browser.get(&path).status, browser.get(&format!("{path}/bytes")).status), (404, 404), "{id}");
    }
    assert_eq!(desk.sign_in("u-auditor").get(&path).status, 200);
    for id in ["u-cashier", "u-e1"] {
        assert_eq!(desk.sign_in(id).get("/refused").status, 404, "{id}");
    }
    assert!(hq.get("/today").text.contains("<b class=\"badge\">1</b>"));
    desk.clock.advance(8 * outpost_model::time::Millis::hours(24));
    assert!(!desk.sign_in("u-hq").get("/today").text.contains("class=\"badge\""), "it stays, and is counted no more");
}

#[test]
fn what_was_handed_in_is_taken_once_and_the_other_hears_who_decided() {
    let desk = Desk::open();
    desk.refuse();
    let id = desk.hand_in();
    let (one, other) = (desk.sign_in("u-hq"), desk.sign_in("u-hq"));
    let path = format!("/review/{id}");
    assert!(one.get("/refused").text.contains(&path));
    let stale = other.get(&path).text;
    assert!(stale.contains("1 steps would enter the log and 1 couldn"), "{stale}");
    assert!(stale.contains("误报"), "{stale}");
    let unexplained = one.file(&path, &path, &[("answer", "decline"), ("reason", " ")]);
    assert!(unexplained.status == 422 && unexplained.text.contains("id=\"reason-problem\""), "{}", unexplained.text);
    let before = desk.count("select max(seq) from log");
    desk.after(3);
    assert_eq!(one.file(&path, &path, &[("answer", "accept")]).status, 303);
    assert_eq!(desk.count("select max(seq) from log"), before + 1);
    assert_eq!(
        desk.texts("select device from log order by seq desc limit 1"),
        ["d-1"],
        "under the phone that logged it"
    );
    let late = other.file_as(&stale, &path, &[("answer", "decline"), ("reason", "不信")]);
    assert!(late.status == 409 && late.text.contains("decided first, 09:03"), "{}", late.text);
    let done = one.get(&path).text;
    assert!(done.contains("Taken by 姓名 u-hq") && !done.contains("name=\"answer\""), "{done}");
    assert_eq!(other.file_as(&stale, &path, &[("answer", "accept")]).status, 303, "the same word again");
    assert_eq!(desk.count("select max(seq) from log"), before + 1);
    for id in ["u-auditor", "u-lead-1", "u-clerk"] {
        let browser = desk.sign_in(id);
        assert_eq!((browser.get(&path).status, browser.get("/rescue").status), (404, 404), "{id}");
    }
}

#[test]
fn a_file_that_is_no_rescue_is_named_and_kept_nowhere() {
    let desk = Desk::open();
    let hq = desk.sign_in("u-hq");
    let page = hq.get("/rescue").text;
    let csrf = page.split("name=\"csrf\" value=\"").nth(1).unwrap()[..64].to_owned();
    let send = |csrf: &str, file: &str| {
        let body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--b\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n{file}\r\n--b--\r\n"
        );
        let request = Request::post("/rescue").header("cookie", &hq.cookie);
        let request = request.header("content-type", "multipart/form-data; boundary=b");
        desk.send(request.body(Body::from(body)).unwrap())
    };
    let none = send(&csrf, "");
    assert!(none.status == 422 && none.text.contains("id=\"file-problem\""), "{}", none.text);
    let strange = send(&csrf, "something else");
    assert!(strange.status == 422 && strange.text.contains("rescue_sealed"), "{}", strange.text);
    assert_eq!(send("0", "something else").status, 403);
    assert_eq!(desk.count("select count(*) from review"), 0);
}
