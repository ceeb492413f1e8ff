//! Vectors of what is text: ids, headers, canonical JSON, entries, commands, times.

use crate::check_vectors;
use crate::samples::{self, NOW, entry_id};
use outpost_model::command::{Ask, Command};
use outpost_model::entry::{Body, Entry, Lang};
use outpost_model::envelope::{Admitted, ContactMark, Envelope};
use outpost_model::header::{Header, Kind};
use outpost_model::id::{Hash, PageId};
use outpost_model::signature;
use outpost_model::time::{Millis, minutes_between};
use serde_json::{Value, json};

#[test]
fn ids_follow_from_their_parts() {
    let v7: Vec<Value> = [(NOW as u64, [0; 10]), (NOW as u64, [0xff; 10]), (0, [0x5a; 10])]
        .map(|(millis, random)| {
            json!({ "millis": millis, "random": hex::encode(random), "id": PageId::v7(millis, random) })
        })
        .into();
    let lists: [&[&str]; 4] = [&["page", "{}"], &["records", "acme"], &["person", "acme", "u-e1"], &["pa", "ge{}"]];
    let derived: Vec<Value> =
        lists.iter().map(|parts| json!({ "parts": parts, "id": PageId::derived(parts) })).collect();
    let refused = ["01A0FFE4-8E00-7000-8000-000000000000", "01a0ffe48e0070008000000000000000", "{}", ""];
    assert!(refused.iter().all(|text| PageId::parse(text).is_err()));
    check_vectors("ids", &json!({ "v7": v7, "derived": derived, "refused": refused }));
}

#[test]
fn a_header_names_its_page() {
    let headers: Vec<Value> = Kind::ALL
        .into_iter()
        .map(|kind| {
            let header = samples::header(kind);
            let text = header.canonical();
            assert_eq!(Header::parse(&text).unwrap(), header);
            json!({ "kind": kind.name(), "header": text, "page": header.page() })
        })
        .collect();
    check_vectors("headers", &json!(headers));
}

#[test]
fn an_entry_of_each_type_is_spelled_one_way() {
    let samples = samples::entries();
    assert_eq!(samples.len(), samples::entry_types(&samples[0].1), "a sample for each type");
    let mut vectors: Vec<Value> = Vec::new();
    for (kind, body) in samples {
        let text = samples::entry(body.clone()).canonical().unwrap();
        assert_eq!(Entry::parse(kind, &text).unwrap().body, body);
        vectors.push(json!({ "kind": kind.name(), "name": body.name(), "text": text }));
    }
    let correction = Entry {
        replaces: Some(entry_id(1)),
        at: Some(Millis(NOW - 600_000)),
        ..samples::entry(Body::Task { minutes: 50, note: "\"引号\"\t\u{1}/\u{7f}".into() })
    };
    let text = correction.canonical().unwrap();
    vectors.push(json!({ "kind": "attendance", "name": "task", "text": text }));

    let good = samples::entry(Body::Depart {}).canonical().unwrap();
    let refused: Vec<Value> = [
        ("a space", good.replacen(':', ": ", 1)),
        (
            "keys out of order",
            good.replace(r#""do":{"type":"depart"},"#, "")
                .replace(r#""zone":480}"#, r#""zone":480},"do":{"type":"depart"}"#),
        ),
        ("an unknown key", good.replace(r#"{"type""#, r#"{"note":"","type""#)),
        ("a null", good.replace(r#""n":41,"#, r#""mono":null,"n":41,"#)),
        ("a float", good.replace(r#""n":41"#, r#""n":41.0"#)),
        ("beyond 2^53", good.replace(r#""n":41"#, r#""n":9007199254740992"#)),
        ("an unknown type", good.replace("depart", "teleport")),
        ("a moment of its own without replacing anything", good.replace(r#"{"do""#, r#"{"at":1,"do""#)),
        ("out of range", good.replace(r#""zone":480"#, r#""zone":1081"#)),
        ("escaped without need", good.replace("depart", "\\u0064epart")),
    ]
    .map(|(why, text)| {
        assert_ne!(text, good, "{why}");
        assert!(Entry::parse(Kind::Visit, &text).is_err(), "{why}");
        json!({ "kind": "visit", "why": why, "text": text })
    })
    .into();
    check_vectors("entries", &json!({ "good": vectors, "refused": refused }));
}

#[test]
fn a_command_of_each_sort_is_spelled_one_way() {
    let asks = samples::asks();
    assert_eq!(asks.len(), samples::ask_types(&asks[0]), "a sample for each sort");
    let vectors: Vec<Value> = asks
        .into_iter()
        .map(|ask: Ask| {
            let command = samples::command(ask.clone());
            let text = command.canonical().unwrap();
            assert_eq!(Command::parse(&text).unwrap(), command);
            let page = ask.place(&samples::tenant(), &samples::user("u-e1")).page(&samples::tenant());
            json!({
                "name": ask.name(),
                "text": text,
                "hash": Hash::of(text.as_bytes()),
                "question": command.question().to_string(),
                "page": page,
            })
        })
        .collect();
    check_vectors("commands", &json!({ "tenant": "acme", "user": "u-e1", "commands": vectors }));
}

/// The clocks at the contact that is named (server, device), floor, receipt, claim; all after [`NOW`].
type Moment = (Option<(i64, i64)>, Option<i64>, Option<i64>, i64);

#[test]
fn a_claimed_moment_is_corrected_by_the_contact_that_it_names() {
    let vectors: Vec<Value> = [
        // The device's clock is an hour fast; captured twenty minutes after the contact; received in time.
        (Some((0, 3_600_000)), None, Some(1_500_000), 4_800_000),
        // It claims to be three minutes older than the contact that it names.
        (Some((0, 3_600_000)), None, Some(1_500_000), 3_420_000),
        // Two minutes are within tolerance.
        (Some((0, 3_600_000)), None, Some(1_500_000), 3_480_000),
        // A later contact had already counted fewer captures: the floor is higher than the contact.
        (Some((0, 0)), Some(600_000), Some(1_500_000), 300_000),
        // Received before it was claimed to have happened.
        (Some((0, 0)), None, Some(1_000_000), 1_120_001),
        // Never a contact: taken as it stands.
        (None, None, Some(1_000_000), 900_000),
        // Still on the phone: nothing attests the end.
        (Some((0, 0)), None, None, 9_000_000),
    ]
    .map(|(contact, floor, received, clock): Moment| {
        let envelope = Envelope {
            device: samples::device("d-e1"),
            user: samples::user("u-e1"),
            contact: contact.map(|(server, device)| ContactMark {
                number: 3,
                server: Millis(NOW + server),
                device: Millis(NOW + device),
            }),
            floor: floor.map(|floor| Millis(NOW + floor)),
            admitted: received.map(|received| Admitted { seq: 9, received: Millis(NOW + received) }),
        };
        let evidence = outpost_model::entry::Evidence { clock: Millis(NOW + clock), ..samples::evidence(41) };
        let attested = envelope.attested();
        json!({
            "contact": envelope.contact.map(|mark| json!({ "server": mark.server, "device": mark.device })),
            "floor": envelope.floor,
            "received": envelope.admitted.map(|admitted| admitted.received),
            "clock": evidence.clock,
            "corrected": envelope.corrected(evidence.clock),
            "earliest": attested.earliest,
            "latest": attested.latest,
            "suspect": envelope.is_suspect(&evidence),
        })
    })
    .into();
    let minutes: Vec<Value> = [0, 29_999, 30_000, 30_001, 89_999, 90_000, 90_001, 150_000, -60_000]
        .map(|millis| json!({ "millis": millis, "minutes": minutes_between(Millis(0), Millis(millis)) }))
        .into();
    check_vectors("times", &json!({ "moments": vectors, "minutes": minutes }));
}

#[test]
fn a_signature_pins_a_list_in_a_language() {
    let covered = [(entry_id(1), r#"{"do":{"type":"depart"}}"#.to_owned()), (entry_id(2), "{}".to_owned())];
    let list: Vec<Value> = covered.iter().map(|(id, text)| json!([id, text])).collect();
    let digests: Vec<Value> = [("zh-CN", Lang::Zh), ("en", Lang::En)]
        .map(|(name, lang)| json!({ "lang": name, "digest": signature::digest(&covered, lang) }))
        .into();
    check_vectors("signatures", &json!({ "covered": list, "digests": digests }));
}
