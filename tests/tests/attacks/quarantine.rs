//! An honest phone whose owner tries what he may not: everything refused lies in its quarantine, to be listed and
//! carried out, also after the app was killed, and nothing else suffers.

use outpost_device::act::Act;
use outpost_device::store::outbox::StepKind;
use outpost_model::command::{Ask, RevokeReason};
use outpost_model::entry::Body;
use outpost_model::header::{Header, Subject};
use outpost_model::time::Month;
use outpost_tests::company::call::arrive;
use outpost_tests::company::{Company, device, tenant, user};
use serde_json::Value;

#[test]
fn what_was_refused_is_listed_and_exported_with_its_bytes() {
    let company = Company::open();
    let (mut zhao, mut wang) = (company.met("d-zhao"), company.met("d-wang"));
    let call = company.dispatched("WO-1", "steel", "wang");
    let theirs = company.dispatched("WO-2", "port", "zhao");
    zhao.sync();
    let month = Month::parse("2026-10").unwrap();
    let others = Header::new(tenant(), Subject::Attendance { person: user("wang"), month });
    let clock_in = Body::ClockIn { place: None };
    zhao.trespass(Act::asking(call.assign("zhao")));
    zhao.trespass(Act::logging(call.visit("V1"), arrive()));
    zhao.log(theirs.visit("V1"), [arrive()]);
    zhao.trespass(Act::logging(others, clock_in));
    zhao.trespass(Act::asking(Ask::SignOff { person: user("zhao"), month }));
    zhao.trespass(Act::asking(Ask::Revoke { device: device("d-wang"), reason: RevokeReason::Lost }));
    let report = zhao.sync();
    assert_eq!((report.tally.admitted, report.tally.refused), (1, 5));
    let codes = ["not_allowed", "not_assigned", "not_allowed", "not_allowed", "not_allowed"];
    assert_eq!(zhao.refused(), codes);

    zhao.phone.switch_off();
    assert_eq!(zhao.refused(), codes, "it is on disk");
    let held = zhao.device().quarantine().unwrap();
    let exported = String::from_utf8(zhao.device().export_quarantine().unwrap()).unwrap();
    let lines: Vec<Value> = exported.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), held.len());
    for (line, held) in lines.iter().zip(&held) {
        assert_eq!(line["code"], held.reason.code.as_str());
        assert_eq!(line["hash"], held.hash.to_string());
        assert_eq!(line["kind"], if held.kind == StepKind::Change { "change" } else { "command" });
        assert!(!held.content.is_empty());
        // Four characters stand for three bytes.
        assert_eq!(line["raw"].as_str().unwrap().len(), held.content.len().div_ceil(3) * 4);
    }
    // It weighs on nothing: the next syncs send none of it, and the relay keeps its own copy.
    let quiet = zhao.sync().tally;
    assert_eq!((quiet.sent, quiet.requests), (0, 1));
    assert!(wang.sync().is_settled(), "nobody revoked him");
    company.ends_well(&mut [&mut zhao, &mut wang]);
}
